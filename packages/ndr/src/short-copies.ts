/**
 * Copies of short arrays of octets.
 *
 * V8 keeps arrays of up to 64 octets among its other objects. One that is longer has memory of its own, which takes
 * it longer to get and to collect than everything else that is done for a short call. So those that are not much longer are
 * carved out of a buffer that they share, as Node's Buffers are; it is small, so that one that is kept keeps little else.
 */

const among = 64;
const longest = 256;
const slabSize = 1024;

let slab = new Uint8Array(slabSize);
/** Octets of it that were given away. No place is given twice. */
let used = 0;

/** A copy of the octets from one place to another. The buffer around it may have others'. */
export function copyOctets(octets: Uint8Array, from: number, to: number): Uint8Array {
  const count = to - from;
  if (count <= among || count > longest) return octets.slice(from, to);
  if (used + count > slabSize) {
    slab = new Uint8Array(slabSize);
    used = 0;
  }
  const copy = slab.subarray(used, used + count);
  used = (used + count + 7) & ~7;
  copy.set(octets.subarray(from, to));
  return copy;
}
