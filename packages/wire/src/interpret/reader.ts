/** Bytes being read: alignment, byte order, and the end of what was sent. */
import type { PrimitiveName } from "../plan.ts";
import { primitiveSize } from "../layout/primitive.ts";
import { alignUp, wordSize } from "../syntax.ts";
import { InterpretError } from "./fault.ts";
import type { Settings } from "./options.ts";

export class Reader {
  offset = 0;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #settings: Settings;

  constructor(bytes: Uint8Array, settings: Settings) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#settings = settings;
  }

  get remaining(): number {
    return this.#bytes.length - this.offset;
  }

  /** Passes over the gap in front of something aligned. What is in the gap doesn't matter. */
  align(to: number): void {
    this.offset = Math.min(alignUp(this.offset, to), this.#bytes.length);
  }

  /** `count` bytes, copied. */
  bytes(count: number, path: string): Uint8Array {
    const at = this.#take(count, path);
    return this.#bytes.slice(at, at + count);
  }

  /** A count, offset or referent id: 4 bytes, in NDR64 8. */
  word(path: string): bigint {
    const size = wordSize(this.#settings.syntax);
    this.align(size);
    const at = this.#take(size, path);
    const little = !this.#settings.bigEndian;
    return size === 8
      ? this.#view.getBigUint64(at, little)
      : BigInt(this.#view.getUint32(at, little));
  }

  unsigned(size: 1 | 2 | 4, path: string): number {
    this.align(size);
    const at = this.#take(size, path);
    const little = !this.#settings.bigEndian;
    if (size === 1) return this.#view.getUint8(at);
    return size === 2 ? this.#view.getUint16(at, little) : this.#view.getUint32(at, little);
  }

  primitive(name: PrimitiveName, path: string): number | bigint | boolean {
    const size = primitiveSize(name, this.#settings.syntax);
    this.align(size);
    const at = this.#take(size, path);
    const view = this.#view;
    const little = !this.#settings.bigEndian;
    switch (name) {
      case "u8":
      case "byte":
      case "char8":
        return view.getUint8(at);
      case "i8":
        return view.getInt8(at);
      case "boolean":
        return view.getUint8(at) !== 0;
      case "u16":
      case "wchar":
        return view.getUint16(at, little);
      case "i16":
        return view.getInt16(at, little);
      case "u32":
      case "error":
        return view.getUint32(at, little);
      case "i32":
        return view.getInt32(at, little);
      case "f32":
        return view.getFloat32(at, little);
      case "f64":
        return view.getFloat64(at, little);
      case "u64":
        return view.getBigUint64(at, little);
      case "i64":
        return view.getBigInt64(at, little);
      case "u3264":
        return size === 8 ? view.getBigUint64(at, little) : BigInt(view.getUint32(at, little));
      case "i3264":
        return size === 8 ? view.getBigInt64(at, little) : BigInt(view.getInt32(at, little));
    }
  }

  #take(count: number, path: string): number {
    const at = this.offset;
    if (count > this.remaining) {
      const message = `${count} bytes are wanted and ${this.remaining} are left`;
      throw new InterpretError("short", path, at, message);
    }
    this.offset += count;
    return at;
  }
}
