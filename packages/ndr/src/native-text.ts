/** How Node moves UTF-16LE octets into and out of strings; nothing in a browser. */

/** The octets from `start` to `end`. Unlike a TextDecoder it leaves unpaired surrogates as they are. */
type Slice = (this: Uint8Array, start: number, end: number) => string;

/** The units of `text` from `offset` on, as many of them as fit into `length` octets. */
type Write = (this: Uint8Array, text: string, offset: number, length: number) => number;

/** Both work on any Uint8Array, so that nobody needs a Buffer. */
const methods = (globalThis as { Buffer?: { prototype: { ucs2Slice?: Slice; ucs2Write?: Write } } })
  .Buffer?.prototype;

export const nativeSlice: Slice | undefined = methods?.ucs2Slice;
export const nativeWrite: Write | undefined = methods?.ucs2Write;
