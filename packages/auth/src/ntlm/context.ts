/** What both sides of an NTLM exchange have in common, and how its session protects PDUs. */
import type { Principal, ProtectedPdu } from "@msrpc/rpc";
import { MechanismContext } from "../mechanism-context.ts";
import type { Mechanism } from "../mechanism.ts";
import { flags, has } from "./flags.ts";
import { LegacySession } from "./legacy-session.ts";
import {
  ExtendedSession,
  type NtlmSession,
  type Range,
  UnprotectedSession,
  signatureLength,
} from "./session.ts";
import type { Side } from "./session-keys.ts";

/** NTLMSSP's object identifier. */
export const ntlmOid = "1.3.6.1.4.1.311.2.2.10";

/** NTLM v2, and what is only to be had by name: a v1 or LM response, sessions without extended security. */
export type NtlmVersion = "v2" | "v1" | "lm";

/** Octets of the longest token: what Windows allows for. */
const longestToken = 2888;

export abstract class NtlmContext extends MechanismContext<NtlmSession> implements Mechanism {
  readonly #side: Side;

  constructor(side: Side) {
    super("NTLM", longestToken);
    this.#side = side;
  }

  signatureLength(): number {
    return signatureLength;
  }

  sign(pdu: ProtectedPdu): Uint8Array {
    return this.use().sign(pdu.octets, bodyOf(pdu));
  }

  seal(pdu: ProtectedPdu): Uint8Array {
    return this.use().seal(pdu.octets, bodyOf(pdu));
  }

  verify(pdu: ProtectedPdu, token: Uint8Array): void {
    this.guard((session) => session.verify(pdu.octets, bodyOf(pdu), token));
  }

  unseal(pdu: ProtectedPdu, token: Uint8Array): void {
    this.guard((session) => session.unseal(pdu.octets, bodyOf(pdu), token));
  }

  /** [MS-SPNG] 3.2.5.1: the cipher is then as if there had been no signature; sequence numbers go on. */
  getMic(message: Uint8Array): Uint8Array {
    const session = this.use();
    const mic = session.sign(message, { start: 0, end: message.length });
    session.resetCipher();
    return mic;
  }

  verifyMic(message: Uint8Array, mic: Uint8Array): void {
    this.guard((session) => session.verify(message, { start: 0, end: message.length }, mic));
    this.use().resetCipher();
  }

  /** Begins the session: the exchange is complete. */
  protected establish(
    negotiated: number,
    sessionKey: Uint8Array,
    peer: Principal | null,
    hasMic: boolean,
  ): void {
    const isProtected = has(negotiated, flags.sign) || has(negotiated, flags.seal);
    const session = isProtected
      ? protectedBy(negotiated, sessionKey, this.#side)
      : new UnprotectedSession();
    this.begin(session, {
      sessionKey: Uint8Array.from(sessionKey),
      peer,
      hasIntegrity: isProtected,
      wantsMechListMic: isProtected && hasMic,
    });
  }
}

/** What protects the messages of a session. */
export function protectedBy(negotiated: number, sessionKey: Uint8Array, side: Side): NtlmSession {
  return has(negotiated, flags.extendedSecurity)
    ? new ExtendedSession(negotiated, sessionKey, side)
    : new LegacySession(negotiated, sessionKey);
}

/** The body of a PDU within what is signed of it. */
export function bodyOf({ bodyStart, bodyEnd }: ProtectedPdu): Range {
  return { start: bodyStart, end: bodyEnd };
}
