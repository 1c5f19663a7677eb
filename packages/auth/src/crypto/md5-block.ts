/**
 * MD5's compression function (RFC 1321, 3.4). Node has MD5, but not one that goes on from a state: it takes
 * longer to be called than a small message takes to be hashed.
 */

/** The state that MD5 begins with. */
export const md5Start: readonly number[] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];

const sines: Int32Array = Int32Array.from({ length: 64 }, (_, step) =>
  Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32),
);
const shifts: Int32Array = Int32Array.of(7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21);

/** Takes a block of 64 octets, as 16 little-endian words, into a state of four. */
export function md5Block(state: Int32Array, words: Int32Array): void {
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  for (let step = 0; step < 64; step++) {
    let mixed: number;
    let word: number;
    if (step < 16) {
      mixed = d ^ (b & (c ^ d));
      word = step;
    } else if (step < 32) {
      mixed = c ^ (d & (b ^ c));
      word = (5 * step + 1) & 15;
    } else if (step < 48) {
      mixed = b ^ c ^ d;
      word = (3 * step + 5) & 15;
    } else {
      mixed = c ^ (b | ~d);
      word = (7 * step) & 15;
    }
    const sum = (a + mixed + words[word]! + sines[step]!) | 0;
    const shift = shifts[((step >> 4) << 2) | (step & 3)]!;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
  }
  state[0] = (state[0]! + a) | 0;
  state[1] = (state[1]! + b) | 0;
  state[2] = (state[2]! + c) | 0;
  state[3] = (state[3]! + d) | 0;
}
