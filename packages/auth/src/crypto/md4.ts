/** MD4 (RFC 1320): NTLM's hash of a password. OpenSSL 3 keeps it in a provider that Node does not load. */
import { viewOf } from "../bytes.ts";

/** One step of a round: the word it takes and by how much it rotates. */
type Round = readonly [constant: number, order: readonly number[], shifts: readonly number[]];

const rounds: readonly Round[] = [
  [0, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], [3, 7, 11, 19]],
  [0x5a827999, [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15], [3, 5, 9, 13]],
  [0x6ed9eba1, [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15], [3, 9, 11, 15]],
];

/** The 16 octets of the digest. */
export function md4(message: Uint8Array): Uint8Array {
  const padded = pad(message);
  const view = viewOf(padded);
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let block = 0; block < padded.length; block += 64) mix(state, view, block);
  const digest = new Uint8Array(16);
  state.forEach((word, at) => viewOf(digest).setUint32(at * 4, word, true));
  return digest;
}

/** A 1 bit, zeros, and the length in bits, up to a multiple of 64 octets. */
function pad(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  viewOf(padded).setBigUint64(padded.length - 8, BigInt(message.length) * 8n, true);
  return padded;
}

function mix(state: Uint32Array, view: DataView, block: number): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  rounds.forEach(([constant, order, shifts], round) => {
    order.forEach((word, step) => {
      const sum = a + select(round, b, c, d) + view.getUint32(block + word * 4, true) + constant;
      const shift = shifts[step % 4] ?? 0;
      const turned = (sum << shift) | ((sum >>> 0) >>> (32 - shift));
      [a, b, c, d] = [d, turned, b, c];
    });
  });
  for (const [at, word] of [a, b, c, d].entries()) state[at] = (state[at] ?? 0) + word;
}

function select(round: number, x: number, y: number, z: number): number {
  if (round === 0) return (x & y) | (~x & z);
  if (round === 1) return (x & y) | (x & z) | (y & z);
  return x ^ y ^ z;
}
