/** FILETIME ([MS-DTYP] 2.3.3): tenths of a microsecond since 1601. */
import { viewOf } from "./bytes.ts";

const unixEpoch = 11_644_473_600_000n;

/** Eight octets of a time in milliseconds since 1970. */
export function toFileTime(milliseconds: number): Uint8Array {
  const octets = new Uint8Array(8);
  const ticks = (BigInt(Math.floor(milliseconds)) + unixEpoch) * 10_000n;
  viewOf(octets).setBigUint64(0, ticks, true);
  return octets;
}

/** Milliseconds since 1970. */
export function fromFileTime(octets: Uint8Array): number {
  return Number(viewOf(octets).getBigUint64(0, true) / 10_000n - unixEpoch);
}
