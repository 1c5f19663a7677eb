/** Extended error information of a fault ([MS-RPCE] 2.2.2.8), whose records are for others to read. */
import { faultHeaderLength, type FaultPdu } from "../pdu/index.ts";

/** A copy, as long as alloc_hint says; null where there is none. */
export function extendedErrorOf(
  { extended, allocHint }: FaultPdu,
  body: Uint8Array,
): Uint8Array | null {
  const length = Math.min(allocHint - faultHeaderLength, body.length);
  return extended && length > 0 ? body.slice(0, length) : null;
}
