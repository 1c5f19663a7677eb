/** Many strings of one stub at once, where the platform has a native way (Node's Buffer). */
import { nativeSlice } from "./native-text.ts";
import { readWide } from "./text.ts";

/** Octets in a window. A string of it may keep the whole window in memory, so it is small. */
const windowSize = 1024;

/** Up to so many units, our own way is faster than a call into native code. */
const short = 12;

/** Longer strings, in units, go by themselves. */
const longest = 128;

/**
 * The UTF-16 strings of a stub. Little-endian text is turned into one string a window, from which the
 * strings are sliced: a call into native code costs more than a short string does.
 */
export class WideText {
  readonly #octets: Uint8Array;
  readonly #view: DataView;
  readonly #little: boolean;
  #isFirst = true;
  #window = "";
  #start = 0;
  #end = 0;

  constructor(octets: Uint8Array, view: DataView, little: boolean) {
    this.#octets = octets;
    this.#view = view;
    this.#little = little;
  }

  /** `count` units at `offset`; offsets are even, and the octets are known to be there. */
  read(offset: number, count: number): string {
    const end = offset + 2 * count;
    if (offset >= this.#start && end <= this.#end) {
      const from = (offset - this.#start) >> 1;
      return this.#window.slice(from, from + count);
    }
    if (nativeSlice === undefined || !this.#little) {
      return readWide(this.#view, offset, count, this.#little);
    }
    if (this.#isFirst || count > longest) {
      this.#isFirst = false;
      if (count <= short) return readWide(this.#view, offset, count, true);
      return nativeSlice.call(this.#octets, offset, end);
    }
    this.#start = offset;
    this.#end = Math.min(offset + windowSize, this.#octets.byteLength);
    this.#window = nativeSlice.call(this.#octets, offset, this.#end);
    return this.#window.slice(0, count);
  }
}
