/** Characters of strings, one code unit each: nothing is normalised, replaced or validated. */
import { newArray } from "./array.ts";
import { nativeNarrowSlice } from "./native-text.ts";

/** What browsers and Node have; the standard library's types leave it out. */
declare class TextDecoder {
  constructor(label: string, options: { fatal: boolean; ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}

const decoder: TextDecoder = new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true });
const make: typeof String.fromCharCode = String.fromCharCode;

/** From here on a decoder's fixed cost is worth paying. */
const long = 48;

/** From so many octets on, a call into native code is faster. */
const longNarrow = 16;

/** As many arguments as one call takes on every platform. */
const chunk = 4096;

/** UTF-16 code units, unpaired surrogates included. */
export function readWide(view: DataView, offset: number, count: number, little: boolean): string {
  if (count <= 12) return readShort(view, offset, count, little);
  if (count >= long && little) {
    try {
      return decoder.decode(new Uint8Array(view.buffer, view.byteOffset + offset, 2 * count));
    } catch {
      // Unpaired surrogates. They go through below.
    }
  }
  if (count <= chunk) return readChunk(view, offset, count, little);
  let text = "";
  for (let start = 0; start < count; start += chunk) {
    text += readChunk(view, offset + 2 * start, Math.min(chunk, count - start), little);
  }
  return text;
}

/** Up to 12 units: fewest calls, and short enough for the parts to be joined at once. */
function readShort(view: DataView, offset: number, count: number, little: boolean): string {
  const unit = (index: number): number => view.getUint16(offset + 2 * index, little);
  let text = "";
  let i = 0;
  if (count >= 8) {
    text = make(unit(0), unit(1), unit(2), unit(3), unit(4), unit(5), unit(6), unit(7));
    i = 8;
  }
  if (count - i >= 4) {
    text += make(unit(i), unit(i + 1), unit(i + 2), unit(i + 3));
    i += 4;
  }
  switch (count - i) {
    case 1:
      return text + make(unit(i));
    case 2:
      return text + make(unit(i), unit(i + 1));
    case 3:
      return text + make(unit(i), unit(i + 1), unit(i + 2));
    default:
      return text;
  }
}

function readChunk(view: DataView, offset: number, count: number, little: boolean): string {
  const units = newArray<number>(count);
  for (let i = 0; i < count; i++) units[i] = view.getUint16(offset + 2 * i, little);
  return make.apply(null, units);
}

/** Octets as U+0000 to U+00FF: what code page they are in, only the protocol knows. */
export function readNarrow(bytes: Uint8Array, offset: number, count: number): string {
  if (count >= longNarrow && nativeNarrowSlice !== undefined) {
    return nativeNarrowSlice.call(bytes, offset, offset + count);
  }
  let text = "";
  for (let start = offset; start < offset + count; start += chunk) {
    const octets = newArray<number>(Math.min(chunk, offset + count - start));
    for (let i = 0; i < octets.length; i++) octets[i] = bytes[start + i] as number;
    text += make.apply(null, octets);
  }
  return text;
}
