/** Bytes being written: alignment, byte order, growth. */
import { primitiveSize } from "../layout/primitive.ts";
import type { PrimitiveName } from "../plan.ts";
import { alignUp, wordSize } from "../syntax.ts";
import type { Settings } from "./options.ts";

export class Writer {
  offset = 0;
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Everything written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.offset);
  }

  /** Zeros up to a multiple of `to`. */
  align(to: number): void {
    this.#take(alignUp(this.offset, to) - this.offset);
  }

  bytes(bytes: Uint8Array): void {
    const at = this.#take(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** A count, offset or referent id: 4 bytes, in NDR64 8. */
  word(value: bigint): void {
    const size = wordSize(this.#settings.syntax);
    this.align(size);
    const at = this.#take(size);
    const little = !this.#settings.bigEndian;
    if (size === 8) this.#view.setBigUint64(at, value, little);
    else this.#view.setUint32(at, Number(BigInt.asUintN(32, value)), little);
  }

  unsigned(size: 1 | 2 | 4, value: number): void {
    this.align(size);
    const at = this.#take(size);
    const little = !this.#settings.bigEndian;
    if (size === 1) this.#view.setUint8(at, value);
    else if (size === 2) this.#view.setUint16(at, value, little);
    else this.#view.setUint32(at, value, little);
  }

  /** The value is of the primitive: who calls has seen to that. */
  primitive(name: PrimitiveName, value: number | bigint | boolean): void {
    const size = primitiveSize(name, this.#settings.syntax);
    const little = !this.#settings.bigEndian;
    if (name === "f32" || name === "f64") {
      this.align(size);
      const at = this.#take(size);
      if (name === "f32") this.#view.setFloat32(at, Number(value), little);
      else this.#view.setFloat64(at, Number(value), little);
    } else if (size === 8) {
      this.align(8);
      const at = this.#take(8);
      this.#view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), little);
    } else {
      this.unsigned(size, Number(BigInt.asUintN(size * 8, BigInt(value))));
    }
  }

  #take(count: number): number {
    const at = this.offset;
    this.offset += count;
    if (this.offset > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.offset, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return at;
  }
}
