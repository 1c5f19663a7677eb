/** CRC-32 (IEEE 802.3), which signs messages without extended session security. */
import { viewOf } from "../bytes.ts";

const table: Uint32Array = Uint32Array.from({ length: 256 }, (_, octet) => {
  let value = octet;
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ ((value & 1) === 0 ? 0 : 0xedb88320);
  return value >>> 0;
});

/** Four octets, little-endian. */
export function crc32(message: Uint8Array): Uint8Array {
  let value = 0xffffffff;
  for (const octet of message) value = (value >>> 8) ^ (table[(value ^ octet) & 0xff] ?? 0);
  const octets = new Uint8Array(4);
  viewOf(octets).setUint32(0, ~value, true);
  return octets;
}
