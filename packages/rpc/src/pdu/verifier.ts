/** The sec_trailer and its token at the end of a PDU ([MS-RPCE] 2.2.2.11). */
import { PduError } from "./error.ts";
import { type PduHeader, trailerLength } from "./header.ts";
import { get32, put32 } from "./octets.ts";

export interface Verifier {
  /** auth_type */
  readonly type: number;
  /** auth_level */
  readonly level: number;
  /** auth_pad_length: padding octets at the end of the body before it. */
  readonly padLength: number;
  /** auth_context_id */
  readonly contextId: number;
  /** Never empty: a PDU without a token has no verifier. */
  readonly token: Uint8Array;
}

/** Where the verifier starts, or the end of the PDU where there is none. */
export function verifierOffset({ fragLength, authLength }: PduHeader): number {
  return authLength === 0 ? fragLength : fragLength - authLength - trailerLength;
}

/**
 * The verifier of a PDU, whose body starts at `bodyStart`.
 *
 * @throws PduError bad_verifier where it overlaps what stands before the body, or is padded beyond it
 */
export function readVerifier(
  octets: Uint8Array,
  header: PduHeader,
  bodyStart: number,
): Verifier | null {
  if (header.authLength === 0) return null;
  const at = verifierOffset(header);
  const padLength = octets[at + 2] as number;
  if (at - bodyStart < padLength) {
    throw new PduError("bad_verifier", `${padLength} octets of padding in ${at - bodyStart}`);
  }
  return {
    type: octets[at] as number,
    level: octets[at + 1] as number,
    padLength,
    contextId: get32(octets, at + 4, header.littleEndian),
    token: octets.subarray(at + trailerLength, header.fragLength),
  };
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
