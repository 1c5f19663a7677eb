/** DES as [MS-NLMP] 6 uses it: keys of 7 octets, one block. Only NTLM v1 needs it. */
import { createCipheriv } from "node:crypto";
import { concat } from "../bytes.ts";

/** DES(K, D): 7 octets of key, 8 of data. */
export function des(key: Uint8Array, block: Uint8Array): Uint8Array {
  const spread = spreadKey(key);
  // Single DES is not to be had from OpenSSL 3; with both halves the same, two-key triple DES is single DES.
  const cipher = createCipheriv("des-ede", concat(spread, spread), null);
  cipher.setAutoPadding(false);
  return concat(cipher.update(block), cipher.final());
}

/** DESL(K, D): the block under each third of a key of 16 octets, which is filled up with zeros. */
export function desl(key: Uint8Array, block: Uint8Array): Uint8Array {
  const long = new Uint8Array(21);
  long.set(key);
  return concat(...[0, 7, 14].map((from) => des(long.subarray(from, from + 7), block)));
}

/** Seven bits an octet, the lowest left for a parity that nobody checks. */
function spreadKey(key: Uint8Array): Uint8Array {
  let bits = 0n;
  for (const octet of key) bits = (bits << 8n) | BigInt(octet);
  return Uint8Array.from(
    { length: 8 },
    (_, at) => Number((bits >> BigInt(49 - 7 * at)) & 0x7fn) << 1,
  );
}
