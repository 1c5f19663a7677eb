/** Digests from node:crypto, by the names that [MS-NLMP] 6 gives them. */
import { createHash, createHmac } from "node:crypto";
import { crc32 as zlibCrc32 } from "node:zlib";

export function md5(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash("md5");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export function hmacMd5(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const hmac = createHmac("md5", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

/** Four octets, little-endian. */
export function crc32(message: Uint8Array): Uint8Array {
  const value = new Uint8Array(4);
  new DataView(value.buffer).setUint32(0, zlibCrc32(message), true);
  return value;
}
