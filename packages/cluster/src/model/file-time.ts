/** FILETIME ([MS-DTYP] 2.3.3) of milliseconds since 1970: tenths of a microsecond since 1601. */
export function fileTimeTicks(milliseconds: number): bigint {
  return (BigInt(milliseconds) + 11_644_473_600_000n) * 10_000n;
}
