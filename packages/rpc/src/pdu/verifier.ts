/** The sec_trailer and its token at the end of a PDU ([MS-RPCE] 2.2.2.11). */
import { PduError } from "./error.ts";
import { headerLength, type PduHeader, trailerLength } from "./header.ts";
import { get32, put32 } from "./octets.ts";

/** Octets before the stub data of a request without object UUID. */
const requestHeadLength = 24;

export interface Verifier {
  /** auth_type */
  readonly type: number;
  /** auth_level */
  readonly level: number;
  /** auth_pad_length: padding octets at the end of the body before it. */
  readonly padLength: number;
  /** auth_context_id */
  readonly contextId: number;
  /**
   * Never empty in what was received: a PDU without a token has no verifier. What is sent may have a
   * sec_trailer alone.
   */
  readonly token: Uint8Array;
}

/** @throws PduError bad_verifier where auth_length is more than there can be */
export function checkAuthLength({ fragLength, authLength }: PduHeader): void {
  if (authLength > 0 && authLength + trailerLength > fragLength - headerLength) {
    throw new PduError("bad_verifier", `auth_length ${authLength} of frag_length ${fragLength}`);
  }
}

/** Where the verifier starts, or the end of the PDU where there is none. */
export function verifierOffset({ fragLength, authLength }: PduHeader): number {
  return authLength === 0 ? fragLength : fragLength - authLength - trailerLength;
}

/**
 * The verifier of a PDU, whose body starts at `bodyStart`.
 *
 * @throws PduError bad_verifier, misaligned, bad_padding
 */
export function readVerifier(
  octets: Uint8Array,
  header: PduHeader,
  bodyStart: number,
): Verifier | null {
  if (header.authLength === 0) return null;
  const at = verifierOffset(header);
  if (at < bodyStart) throw new PduError("bad_verifier", `a verifier at ${at} of ${bodyStart}`);
  if ((at & 3) !== 0) throw new PduError("misaligned", `a sec_trailer at ${at}`);
  const padLength = readPadLength(octets, header, at, bodyStart);
  return {
    type: octets[at] as number,
    level: octets[at + 1] as number,
    padLength,
    contextId: get32(octets, at + 4, header.littleEndian),
    token: octets.subarray(at + trailerLength, header.fragLength),
  };
}

/**
 * Only a body is padded. In PDUs that build a context the number means nothing: old servers send any, and
 * Windows' servers hold it to the octets behind 24, as if it were a request's.
 */
function readPadLength(
  octets: Uint8Array,
  { type }: PduHeader,
  at: number,
  bodyStart: number,
): number {
  const padLength = octets[at + 2] as number;
  if (type === "bind_ack" || type === "alter_context_resp") return 0;
  const hasBody = type === "request" || type === "response" || type === "fault";
  const room = Math.max(0, at - (hasBody ? bodyStart : requestHeadLength));
  if (padLength > room)
    throw new PduError("bad_padding", `${padLength} octets of padding in ${room}`);
  return hasBody ? padLength : 0;
}

/** Puts a sec_trailer without its token at `at`. */
export function putTrailer(
  octets: Uint8Array,
  at: number,
  trailer: Omit<Verifier, "token">,
  little: boolean,
): void {
  octets[at] = trailer.type;
  octets[at + 1] = trailer.level;
  octets[at + 2] = trailer.padLength;
  octets[at + 3] = 0;
  put32(octets, at + 4, trailer.contextId, little);
}
