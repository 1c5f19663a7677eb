/** RC4: NTLM's stream cipher. OpenSSL 3 keeps it in a provider that Node does not load. */

/** A key stream that goes on from one message to the next. */
export class Rc4 {
  /** Octets; in 32 bits each they are read faster. */
  readonly #box = new Int32Array(256);
  #i = 0;
  #j = 0;

  /** @throws RangeError for a key of no octets or more than 256 */
  constructor(key: Uint8Array) {
    if (key.length === 0 || key.length > 256)
      throw new RangeError("an RC4 key has 1 to 256 octets");
    const box = this.#box;
    for (let i = 0; i < 256; i++) box[i] = i;
    for (let i = 0, j = 0; i < 256; i++) {
      const swapped = box[i]!;
      j = (j + swapped + key[i % key.length]!) & 0xff;
      box[i] = box[j]!;
      box[j] = swapped;
    }
  }

  /** Encrypts or decrypts in place. */
  apply(octets: Uint8Array): void {
    const box = this.#box;
    let i = this.#i;
    let j = this.#j;
    for (let at = 0; at < octets.length; at++) {
      i = (i + 1) & 0xff;
      const a = box[i]!;
      j = (j + a) & 0xff;
      const b = box[j]!;
      box[i] = b;
      box[j] = a;
      octets[at]! ^= box[(a + b) & 0xff]!;
    }
    this.#i = i;
    this.#j = j;
  }

  /** The same on a copy. */
  of(octets: Uint8Array): Uint8Array {
    const copy = Uint8Array.from(octets);
    this.apply(copy);
    return copy;
  }
}

/** RC4K of [MS-NLMP] 6: one message under a key of its own. */
export function rc4(key: Uint8Array, octets: Uint8Array): Uint8Array {
  return new Rc4(key).of(octets);
}
