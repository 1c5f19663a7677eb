/** How Node moves octets into and out of strings; nothing in a browser. */

/** The octets from `start` to `end`. Unlike a TextDecoder it leaves unpaired surrogates as they are. */
type Slice = (this: Uint8Array, start: number, end: number) => string;

/** The units of `text` from `offset` on, as many of them as fit into `length` octets. */
type Write = (this: Uint8Array, text: string, offset: number, length: number) => number;

interface Methods {
  readonly ucs2Slice?: Slice;
  readonly latin1Slice?: Slice;
  readonly ucs2Write?: Write;
}

/** All work on any Uint8Array, so that nobody needs a Buffer. */
const methods: Methods | undefined = (globalThis as { Buffer?: { prototype: Methods } }).Buffer
  ?.prototype;

/** UTF-16LE code units. */
export const nativeSlice: Slice | undefined = methods?.ucs2Slice;
export const nativeWrite: Write | undefined = methods?.ucs2Write;

/** Each octet a character, U+0000 to U+00FF. */
export const nativeNarrowSlice: Slice | undefined = methods?.latin1Slice;
