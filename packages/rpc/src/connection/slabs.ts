/** Buffers that PDUs are gathered in. They are used over and over: a new one has to be zeroed, and collected. */

/** Room for a few short PDUs. */
const small = 0x1000;
/** For any single PDU, and for a message of 64 KiB. */
const large = 0x2_0000;

/** How many of each size are kept while nobody uses them. */
const kept = 16;

const freeSmall: Uint8Array[] = [];
const freeLarge: Uint8Array[] = [];

/** A buffer of so many octets at least, up to 128 KiB. What others have left in it is still there. */
export function takeSlab(length: number): Uint8Array {
  if (length <= small) return freeSmall.pop() ?? new Uint8Array(small);
  return freeLarge.pop() ?? new Uint8Array(large);
}

/** Gives one back that nobody looks at any more. */
export function giveSlab(slab: Uint8Array): void {
  const free = slab.length === small ? freeSmall : freeLarge;
  if (free.length < kept) free.push(slab);
}
