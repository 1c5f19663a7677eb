/** GUIDs as text and in the octets of a packet ([MS-DTYP] 2.3.4). */
import { copyOf, fromHex, toHex, viewOf } from "../bytes.ts";
import { DescriptorError } from "./error.ts";

/** Sixteen octets. @throws DescriptorError */
export function writeGuid(text: string): Uint8Array {
  const octets = isGuid(text) ? fromHex(text.replaceAll("-", "")) : null;
  if (octets === null) throw new DescriptorError(`${JSON.stringify(text)} is no GUID`);
  swapHead(octets);
  return octets;
}

/** In lower case. */
export function readGuid(octets: Uint8Array, at: number): string {
  const copy = copyOf(octets, at, at + 16);
  swapHead(copy);
  const digits = toHex(copy);
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([from, to]) => digits.slice(from, to))
    .join("-");
}

export function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** The first three numbers are little-endian. */
function swapHead(octets: Uint8Array): void {
  const view = viewOf(octets);
  view.setUint32(0, view.getUint32(0), true);
  view.setUint16(4, view.getUint16(4), true);
  view.setUint16(6, view.getUint16(6), true);
}
