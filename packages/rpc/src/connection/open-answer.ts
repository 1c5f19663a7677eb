/** Holds what a server answers to the security context of the call. */
import { type FaultPdu, type ResponsePdu, type Verifier, verifierOffset } from "../pdu/index.ts";
import { TransportError } from "../transport-error.ts";
import type { Frame } from "./frames.ts";
import type { SecuritySession } from "./security-session.ts";

export type AnswerPdu = ResponsePdu | FaultPdu;

/**
 * Checks the signature of an answer and gives its body in the clear: also where nobody waits for it any more
 * (`call` is undefined), because signatures are counted.
 *
 * A fault may come without one: Windows and Samba send all of them so. What it says is then only as good as
 * the network.
 *
 * @throws TransportError security
 */
export function openAnswer(
  { type, body, verifier }: AnswerPdu,
  { header, octets }: Frame,
  sessions: { session(verifier: Verifier): SecuritySession | null },
  call: { readonly session: SecuritySession | null } | undefined,
): Uint8Array {
  if (verifier === null) {
    if (type === "fault" || call?.session?.protects !== true) return body;
    throw new TransportError("security", "a response without a signature");
  }
  const session = sessions.session(verifier);
  if (session === null) {
    throw new TransportError("security", `a ${type} of an unknown security context`);
  }
  if (call !== undefined && call.session !== session) {
    throw new TransportError("security", `a ${type} of another security context than its call`);
  }
  if (session.protects) {
    try {
      const bodyStart = verifierOffset(header) - body.length;
      session.unprotect(octets, header, bodyStart, verifier.token);
    } catch (cause) {
      throw new TransportError("security", `a ${type} was refused`, { cause });
    }
  }
  return body.subarray(0, body.length - verifier.padLength);
}
