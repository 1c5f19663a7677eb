/** KXKEY, SIGNKEY and SEALKEY ([MS-NLMP] 3.4.5). */
import { concat } from "../bytes.ts";
import { des } from "../crypto/des.ts";
import { hmacMd5, md5 } from "../crypto/hash.ts";
import { flags, has } from "./flags.ts";
import type { Responses } from "./responses.ts";

/** Whose messages a key is for. */
export type Side = "client" | "server";

/** KXKEY of NTLM v1; that of v2 is the session base key itself. */
export function keyExchangeKeyV1(
  negotiated: number,
  { sessionBaseKey, lm }: Pick<Responses, "sessionBaseKey" | "lm">,
  serverChallenge: Uint8Array,
  lmHash: Uint8Array | null,
): Uint8Array {
  const first = lm.subarray(0, 8);
  if (has(negotiated, flags.extendedSecurity)) {
    return hmacMd5(sessionBaseKey, serverChallenge, first);
  }
  if (lmHash !== null && has(negotiated, flags.lmKey)) {
    const rest = new Uint8Array(7).fill(0xbd);
    rest[0] = lmHash[7] ?? 0;
    return concat(des(lmHash.subarray(0, 7), first), des(rest, first));
  }
  if (lmHash !== null && has(negotiated, flags.nonNtSessionKey)) {
    return concat(lmHash.subarray(0, 8), new Uint8Array(8));
  }
  return sessionBaseKey;
}

function constant(side: Side, use: "signing" | "sealing"): Uint8Array {
  const way = side === "client" ? "client-to-server" : "server-to-client";
  return Buffer.from(`session key to ${way} ${use} key magic constant\0`, "latin1");
}

/** With extended session security; there is no signing key without. */
export function signKey(sessionKey: Uint8Array, side: Side): Uint8Array {
  return md5(sessionKey, constant(side, "signing"));
}

/** As long as was negotiated: 128, 56 or 40 bits. Without extended session security one for both sides. */
export function sealKey(negotiated: number, sessionKey: Uint8Array, side: Side): Uint8Array {
  if (has(negotiated, flags.extendedSecurity)) {
    let length = 5;
    if (has(negotiated, flags.key128)) length = 16;
    else if (has(negotiated, flags.key56)) length = 7;
    return md5(sessionKey.subarray(0, length), constant(side, "sealing"));
  }
  if (!has(negotiated, flags.lmKey)) return sessionKey;
  return has(negotiated, flags.key56)
    ? concat(sessionKey.subarray(0, 7), Uint8Array.of(0xa0))
    : concat(sessionKey.subarray(0, 5), Uint8Array.of(0xe5, 0x38, 0xb0));
}
