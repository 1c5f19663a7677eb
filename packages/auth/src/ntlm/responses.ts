/** Hashes of passwords, and responses to a challenge ([MS-NLMP] 3.3). */
import { concat, toUtf16, upcase } from "../bytes.ts";
import { desl, des } from "../crypto/des.ts";
import { hmacMd5, md5 } from "../crypto/hash.ts";
import { md4 } from "../crypto/md4.ts";

/** What a response gives: two fields of the message, and a key that the peer can compute as well. */
export interface Responses {
  readonly nt: Uint8Array;
  readonly lm: Uint8Array;
  readonly sessionBaseKey: Uint8Array;
}

/** NTOWFv1: the NT hash of a password. It is as good as the password itself. */
export function ntHashOf(password: string): Uint8Array {
  return md4(toUtf16(password));
}

/** LMOWFv1; null for a password that has none: longer than 14 characters, or outside of ASCII. */
export function lmHashOf(password: string): Uint8Array | null {
  if (password.length > 14 || /[^\x20-\x7e]/.test(password)) return null;
  const key = new Uint8Array(14);
  key.set(Buffer.from(password.toUpperCase(), "latin1"));
  const constant = Buffer.from("KGS!@#$%", "latin1");
  return concat(des(key.subarray(0, 7), constant), des(key.subarray(7), constant));
}

/** NTOWFv2, and LMOWFv2, which is the same. */
export function responseKeyV2(ntHash: Uint8Array, user: string, domain: string): Uint8Array {
  return hmacMd5(ntHash, toUtf16(upcase(user) + domain));
}

/** NTProofStr over a client challenge. */
export function proofV2(
  responseKey: Uint8Array,
  serverChallenge: Uint8Array,
  clientChallenge: Uint8Array,
): Uint8Array {
  return hmacMd5(responseKey, serverChallenge, clientChallenge);
}

/** LMv2 response. */
function lmV2(
  responseKey: Uint8Array,
  serverChallenge: Uint8Array,
  challenge: Uint8Array,
): Uint8Array {
  return concat(hmacMd5(responseKey, serverChallenge, challenge), challenge);
}

/** NTLMv2: `temp` is the client challenge as it stands on the wire, `challenge` its nonce. */
export function respondV2(
  responseKey: Uint8Array,
  serverChallenge: Uint8Array,
  challenge: Uint8Array,
  temp: Uint8Array,
): Responses {
  const proof = proofV2(responseKey, serverChallenge, temp);
  return {
    nt: concat(proof, temp),
    lm: lmV2(responseKey, serverChallenge, challenge),
    sessionBaseKey: hmacMd5(responseKey, proof),
  };
}

/** NTLM v1. Without an LM hash the NT response stands in both places (NoLMResponseNTLMv1). */
export function respondV1(
  ntHash: Uint8Array,
  lmHash: Uint8Array | null,
  serverChallenge: Uint8Array,
): Responses {
  const nt = desl(ntHash, serverChallenge);
  const lm = lmHash === null ? nt : desl(lmHash, serverChallenge);
  return { nt, lm, sessionBaseKey: md4(ntHash) };
}

/** NTLM v1 with a challenge of the client, which goes with extended session security. */
export function respondV1Extended(
  ntHash: Uint8Array,
  serverChallenge: Uint8Array,
  challenge: Uint8Array,
): Responses {
  const both = md5(serverChallenge, challenge).subarray(0, 8);
  return {
    nt: desl(ntHash, both),
    lm: concat(challenge, new Uint8Array(16)),
    sessionBaseKey: md4(ntHash),
  };
}
