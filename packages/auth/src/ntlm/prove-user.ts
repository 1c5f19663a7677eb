/** Whether a response proves what it claims ([MS-NLMP] 3.2.5.1.2). */
import { randomBytes } from "node:crypto";
import { type Principal, SecurityError } from "@msrpc/rpc";
import { fromUtf16, isSame, isZero, upcase } from "../bytes.ts";
import type { Account, AccountStore } from "../credentials/account.ts";
import { hmacMd5 } from "../crypto/hash.ts";
import { Secret } from "../secret.ts";
import { fromFileTime } from "../time.ts";
import type { AuthenticateMessage } from "./authenticate-message.ts";
import { type AvPairs, avFlags, avFlagsOf, avIds } from "./av-pairs.ts";
import { type ClientChallenge, readClientChallenge } from "./client-challenge.ts";
import type { NtlmVersion } from "./context.ts";
import { flags, has } from "./flags.ts";
import { channelBindingHash } from "./policy.ts";
import { ntHashOf, proofV2, respondV1, respondV1Extended, responseKeyV2 } from "./responses.ts";
import { keyExchangeKeyV1 } from "./session-keys.ts";

/** Who it is, and the key that both know. */
export interface Proof {
  readonly peer: Principal;
  readonly keyExchangeKey: Uint8Array;
  /** The message has a MIC that is to be checked. */
  readonly hasMic: boolean;
}

export interface Proving {
  readonly negotiated: number;
  readonly serverChallenge: Uint8Array;
  /** FILETIME of the server's challenge. */
  readonly serverTime: Uint8Array;
  readonly accounts: AccountStore;
  readonly versions: readonly NtlmVersion[];
  readonly allowEmptyPasswords: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly maxLifetime: number;
  readonly channelBindings: Uint8Array | null;
  /** Null where any will do. */
  readonly targetNames: readonly string[] | null;
}

/** NTLMv1 and LM responses have this length, NTLMv2 ones are longer. */
export const responseLengthV1 = 24;

/** Stands for whoever is unknown. Made once, as that takes longer than to look up an account. */
const stranger: Account = { user: "", domain: "", ntHash: new Secret(randomBytes(16)) };

const emptyHash: Uint8Array = ntHashOf("");

/** Unknown user and wrong password look the same, but for the cause, which is for the server's log. */
export function denied(reason: string): SecurityError {
  return new SecurityError("logon_denied", "NTLM logon denied", { cause: new Error(reason) });
}

/** @throws SecurityError logon_denied; bad_token for a response that can't be read */
export async function proveUser(message: AuthenticateMessage, how: Proving): Promise<Proof> {
  const found = await how.accounts.lookUp(message.user, message.domain);
  // For nobody as much is computed as for somebody.
  const account = found ?? stranger;
  const isV2 = message.ntResponse.length > responseLengthV1;
  const proof = isV2 ? proveV2(account, message, how) : proveV1(account, message, how);
  const isEmpty = isSame(account.ntHash.reveal(), emptyHash);
  if (found === null) throw denied("there is no such user, or it is disabled");
  if (proof === null)
    throw denied("the password is wrong, or the response is of a version that is not taken");
  if (isEmpty && !how.allowEmptyPasswords) throw denied("the password is empty");
  return proof;
}

function proveV2(account: Account, message: AuthenticateMessage, how: Proving): Proof | null {
  const client = readClientChallenge(message.ntResponse.subarray(16));
  if (!how.versions.includes("v2")) return null;
  const keyExchangeKey = keyByV2(account.ntHash.reveal(), message, how.serverChallenge);
  if (keyExchangeKey === null) return null;
  checkTime(client, how);
  checkBindings(client.pairs, how);
  checkTarget(client.pairs, how);
  const hasMic = (avFlagsOf(client.pairs) & avFlags.mic) !== 0;
  if (!hasMic) checkServerTime(client.pairs, how);
  return { peer: principalOf(account), keyExchangeKey, hasMic };
}

/** KeyExchangeKey of an NTLMv2 response; null where it is not of this hash. */
export function keyByV2(
  ntHash: Uint8Array,
  { user, domain, ntResponse }: AuthenticateMessage,
  serverChallenge: Uint8Array,
): Uint8Array | null {
  // Some clients leave the domain out of their key.
  for (const claimed of new Set([domain, ""])) {
    const key = responseKeyV2(ntHash, user, claimed);
    const proof = proofV2(key, serverChallenge, ntResponse.subarray(16));
    if (isSame(proof, ntResponse.subarray(0, 16))) return hmacMd5(key, proof);
  }
  return null;
}

function proveV1(account: Account, message: AuthenticateMessage, how: Proving): Proof | null {
  const takes = (version: NtlmVersion): boolean => how.versions.includes(version);
  // These responses are bound to nothing.
  if (how.channelBindings !== null || how.targetNames !== null) return null;
  if (!takes("v1") && !takes("lm")) return null;
  const lmHash = takes("lm") ? (account.lmHash?.reveal() ?? null) : null;
  const { negotiated, serverChallenge } = how;
  const hashes = { ntHash: account.ntHash.reveal(), lmHash };
  const keyExchangeKey = keyByV1(hashes, message, negotiated, serverChallenge);
  return keyExchangeKey && { peer: principalOf(account), keyExchangeKey, hasMic: false };
}

/** KeyExchangeKey of an NTLMv1 or LM response; null where it is not of these hashes. */
export function keyByV1(
  { ntHash, lmHash }: { readonly ntHash: Uint8Array; readonly lmHash: Uint8Array | null },
  { ntResponse, lmResponse }: AuthenticateMessage,
  negotiated: number,
  serverChallenge: Uint8Array,
): Uint8Array | null {
  const expected = has(negotiated, flags.extendedSecurity)
    ? respondV1Extended(ntHash, serverChallenge, lmResponse.subarray(0, 8))
    : respondV1(ntHash, lmHash, serverChallenge);
  const isLm = ntResponse.length === 0 && lmHash !== null && isSame(lmResponse, expected.lm);
  if (!isLm && !isSame(ntResponse, expected.nt)) return null;
  const responses = { sessionBaseKey: expected.sessionBaseKey, lm: lmResponse };
  return keyExchangeKeyV1(negotiated, responses, serverChallenge, lmHash);
}

function checkTime({ time }: ClientChallenge, { now, maxLifetime }: Proving): void {
  if (Math.abs(fromFileTime(time) - now) <= maxLifetime) return;
  throw new SecurityError("logon_denied", "NTLM response is too old, or a clock is wrong");
}

/**
 * A client that was told the server's time says so in what it proves, and adds a MIC if it can. Without either, somebody
 * has taken the time out of the challenge so that there be no MIC.
 */
function checkServerTime(pairs: AvPairs, { serverTime }: Proving): void {
  if (isSame(pairs.get(avIds.timestamp) ?? new Uint8Array(0), serverTime)) return;
  throw new SecurityError("logon_denied", "NTLM response has neither a MIC nor the server's time");
}

function checkBindings(pairs: AvPairs, { channelBindings }: Proving): void {
  if (channelBindings === null) return;
  const claimed = pairs.get(avIds.channelBindings) ?? new Uint8Array(16);
  if (!isZero(claimed) && isSame(claimed, channelBindingHash(channelBindings))) return;
  throw new SecurityError("logon_denied", "NTLM response is bound to another channel");
}

function checkTarget(pairs: AvPairs, { targetNames }: Proving): void {
  if (targetNames === null) return;
  const isTrusted = (avFlagsOf(pairs) & avFlags.untrustedTarget) === 0;
  const meant = upcase(fromUtf16(pairs.get(avIds.targetName) ?? new Uint8Array(0)));
  if (isTrusted && targetNames.some((name) => upcase(name) === meant)) return;
  throw new SecurityError("logon_denied", "NTLM response was made for another server");
}

function principalOf({ user, domain, sid, groups }: Account): Principal {
  return {
    name: domain === "" ? user : `${domain}\\${user}`,
    anonymous: false,
    mechanism: "ntlm",
    ...(sid === undefined ? {} : { sid }),
    ...(groups === undefined ? {} : { groups }),
  };
}
