/** NTLMv2_CLIENT_CHALLENGE ([MS-NLMP] 2.2.2.7): what an NTLMv2 response is proof of. */
import { concat, copyOf } from "../bytes.ts";
import { type AvPairs, readAvPairs, writeAvPairs } from "./av-pairs.ts";
import { malformed } from "./message-reader.ts";

export interface ClientChallenge {
  /** FILETIME, eight octets. */
  readonly time: Uint8Array;
  /** Eight octets. */
  readonly challenge: Uint8Array;
  readonly pairs: AvPairs;
}

const headerLength = 28;

/** @throws SecurityError bad_token */
export function readClientChallenge(octets: Uint8Array): ClientChallenge {
  if (octets.length < headerLength) {
    throw malformed(`client challenge has ${octets.length} octets; it needs ${headerLength}`);
  }
  if (octets[0] !== 1 || octets[1] !== 1) throw malformed("client challenge is of another version");
  return {
    time: copyOf(octets, 8, 16),
    challenge: copyOf(octets, 16, 24),
    pairs: readAvPairs(octets.subarray(headerLength)),
  };
}

export function writeClientChallenge({ time, challenge, pairs }: ClientChallenge): Uint8Array {
  const zeros = (length: number): Uint8Array => new Uint8Array(length);
  return concat(
    Uint8Array.of(1, 1),
    zeros(6),
    time,
    challenge,
    zeros(4),
    writeAvPairs(pairs),
    zeros(4),
  );
}
