/** Structures in C as octets: pointers and size_t have 8 octets, in the machine's byte order. */
import type { Ffi } from "./ffi.ts";

/** Octets that native code reads and writes. They stay where they are as long as this object is referenced. */
export class NativeMemory {
  readonly octets: Uint8Array;
  readonly #address: bigint;
  readonly #words: BigUint64Array;
  readonly #halves: Uint32Array;

  constructor(ffi: Ffi, size: number) {
    const buffer = new ArrayBuffer((size + 7) & ~7);
    this.octets = new Uint8Array(buffer);
    this.#words = new BigUint64Array(buffer);
    this.#halves = new Uint32Array(buffer);
    this.#address = ffi.address(buffer);
  }

  /** The address of an offset. */
  at(offset: number): bigint {
    return this.#address + BigInt(offset);
  }

  /** A pointer or size_t at a multiple of 8. */
  word(offset: number): bigint {
    return this.#words[offset >>> 3] ?? 0n;
  }

  setWord(offset: number, value: bigint): void {
    this.#words[offset >>> 3] = value;
  }

  /** An OM_uint32 at a multiple of 4. */
  u32(offset: number): number {
    return this.#halves[offset >>> 2] ?? 0;
  }

  setU32(offset: number, value: number): void {
    this.#halves[offset >>> 2] = value;
  }

  /** Copies octets to an offset, and gives their address. */
  put(offset: number, octets: Uint8Array): bigint {
    this.octets.set(octets, offset);
    return this.at(offset);
  }

  /** A gss_buffer_desc: length and address. */
  setBuffer(offset: number, address: bigint, length: number): void {
    this.setWord(offset, BigInt(length));
    this.setWord(offset + 8, address);
  }
}
