/** Characters of strings, one code unit each: nothing is normalised, replaced or validated. */

import { newArray } from "./array.ts";

/** Longer strings go through one call of `fromCharCode` for so many units. */
const chunk = 4096;

/** UTF-16 code units, unpaired surrogates included. */
export function readWide(view: DataView, offset: number, count: number, little: boolean): string {
  if (count <= 24) {
    let text = "";
    for (let i = 0; i < count; i++) {
      text += String.fromCharCode(view.getUint16(offset + 2 * i, little));
    }
    return text;
  }
  let text = "";
  for (let start = 0; start < count; start += chunk) {
    const units = newArray<number>(Math.min(chunk, count - start));
    for (let i = 0; i < units.length; i++) {
      units[i] = view.getUint16(offset + 2 * (start + i), little);
    }
    text += String.fromCharCode.apply(null, units);
  }
  return text;
}

/** Octets as U+0000 to U+00FF: what code page they are in, only the protocol knows. */
export function readNarrow(bytes: Uint8Array, offset: number, count: number): string {
  let text = "";
  for (let start = offset; start < offset + count; start += chunk) {
    const end = Math.min(start + chunk, offset + count);
    text += String.fromCharCode.apply(null, bytes.subarray(start, end) as unknown as number[]);
  }
  return text;
}
