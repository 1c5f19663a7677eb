/** Writes the leaves of NDR: primitive types, counts and gaps, into a growing octet stream. */
import { Cursor } from "./cursor.ts";
import type { NdrOptions } from "./options.ts";
import { isUuid, putUuid } from "./uuid.ts";

/** Streams are carved out of buffers of this size, so that none has to be copied when it is done. */
const slabSize = 65536;

/** The first one is small: many writers write little. */
const firstSlabSize = 2048;

/** A slab that a large stream has made is not kept for small ones. */
const largestKept = 0x10_0000;

/** Places in a stream are worked out with 32-bit integers. */
const largest = 0x3fff_ffff;

/** Streams start at multiples of this, so that a place in the slab is aligned as in the stream. */
const streamAlign = 16;

export abstract class LeafWriter extends Cursor {
  /** Octets from `position` on are zero, so that alignment gaps need no writing. */
  protected slab: Uint8Array = new Uint8Array(firstSlabSize);
  protected view: DataView = new DataView(this.slab.buffer);
  /** The slab again, for arrays in the byte order of the machine: much faster than the view. */
  protected units: Uint16Array = new Uint16Array(this.slab.buffer);
  protected words: Uint32Array = new Uint32Array(this.slab.buffer);
  protected capacity: number = firstSlabSize;
  /** The capacity where the slab may be written through `units` and `words`, otherwise 0. */
  protected nativeCapacity: number;
  /** The same for counts and referent ids, which have 4 octets only in NDR 2.0. */
  protected plainCapacity: number;
  /** Where the next octet goes, and where the stream began, in the slab. */
  protected position = 0;
  protected start = 0;

  protected constructor(options: NdrOptions) {
    super(options);
    this.nativeCapacity = this.isNative ? firstSlabSize : 0;
    this.plainCapacity = this.is64 ? 0 : this.nativeCapacity;
  }

  get offset(): number {
    return this.position - this.start;
  }

  /**
   * The octets written, and a writer as good as new. They share a buffer with other streams: copy
   * them before handing that buffer over to somebody else.
   */
  finish(): Uint8Array {
    const { slab, start, position } = this;
    this.start = this.position = (position + streamAlign - 1) & -streamAlign;
    this.restart();
    return slab.subarray(start, position);
  }

  /**
   * Takes back what `finish` gave, which nobody may look at any more. Its place is used again, unless another stream has
   * been written since.
   */
  takeBack(octets: Uint8Array): void {
    const begin = octets.byteOffset;
    const end = (begin + octets.length + streamAlign - 1) & -streamAlign;
    const isLast = octets.buffer === this.slab.buffer && end === this.start;
    if (!isLast || this.position > this.start) return;
    if (this.slab.length > largestKept) return this.renew(firstSlabSize);
    octets.fill(0);
    this.start = this.position = begin;
  }

  /** Drops what was written, as after an error. */
  reset(): void {
    this.slab.fill(0, this.start, this.position);
    this.position = this.start;
    this.restart();
  }

  /** Makes room for `need` octets at `at`, in another slab; gives where `at` is there. */
  protected grow(at: number, need: number): number {
    const { slab, start, position } = this;
    const total = at + need - start;
    if (total > largest) {
      throw this.error("too_large", "", `the stream exceeds ${largest} octets`, largest, total);
    }
    this.renew(total > slabSize / 4 ? (total * 2 + 7) & ~7 : slabSize);
    this.slab.set(slab.subarray(start, position));
    this.position = position - start;
    return at - start;
  }

  /** Starts in a new slab. */
  private renew(size: number): void {
    this.slab = new Uint8Array(size);
    this.view = new DataView(this.slab.buffer);
    this.units = new Uint16Array(this.slab.buffer);
    this.words = new Uint32Array(this.slab.buffer);
    this.capacity = size;
    this.nativeCapacity = this.isNative ? size : 0;
    this.plainCapacity = this.is64 ? 0 : this.nativeCapacity;
    this.start = this.position = 0;
  }

  protected refuse(value: unknown, expected: string, name: string): never {
    throw this.invalid(value, expected, name);
  }

  // ---- alignment -------------------------------------------------------------------------------

  /** Alignment of a structure or union, a power of two, in each syntax. */
  align(ndr: number, ndr64: number): void {
    const mask = (this.is64 ? ndr64 : ndr) - 1;
    let at = (this.position + mask) & ~mask;
    if (at > this.capacity) at = this.grow(at, 0);
    this.position = at;
  }

  /** The trailing gap of a structure in NDR64 ([MS-RPCE] 2.2.5.3.4.1). Nothing in NDR 2.0. */
  gap(ndr64: number): void {
    if (this.is64) this.align(ndr64, ndr64);
  }

  /** The tag of a union's default arm: none of `labels`, which are those of the other arms. */
  defaultTag<T extends number | bigint | boolean>(
    tag: T,
    name: string,
    ...labels: readonly T[]
  ): void {
    if (labels.includes(tag)) {
      const problem = `the tag ${tag} is of another arm than the default`;
      throw this.error("tag_mismatch", name, problem, undefined, String(tag));
    }
  }

  // ---- primitive types -------------------------------------------------------------------------

  u8(value: number, name: string): void {
    let at = this.position;
    if (at + 1 > this.capacity) at = this.grow(at, 1);
    if (typeof value !== "number" || (value & 0xff) !== value)
      this.refuse(value, "an integer of 0 to 255", name);
    this.slab[at] = value;
    this.position = at + 1;
  }

  i8(value: number, name: string): void {
    let at = this.position;
    if (at + 1 > this.capacity) at = this.grow(at, 1);
    if (typeof value !== "number" || (value << 24) >> 24 !== value)
      this.refuse(value, "an integer of -128 to 127", name);
    this.slab[at] = value;
    this.position = at + 1;
  }

  boolean(value: boolean, name: string): void {
    let at = this.position;
    if (at + 1 > this.capacity) at = this.grow(at, 1);
    if (typeof value !== "boolean") this.refuse(value, "true or false", name);
    this.slab[at] = value ? 1 : 0;
    this.position = at + 1;
  }

  u16(value: number, name: string): void {
    let at = (this.position + 1) & ~1;
    if (at + 2 > this.capacity) at = this.grow(at, 2);
    if (typeof value !== "number" || (value & 0xffff) !== value)
      this.refuse(value, "an integer of 0 to 65535", name);
    this.view.setUint16(at, value, this.little);
    this.position = at + 2;
  }

  i16(value: number, name: string): void {
    let at = (this.position + 1) & ~1;
    if (at + 2 > this.capacity) at = this.grow(at, 2);
    if (typeof value !== "number" || (value << 16) >> 16 !== value)
      this.refuse(value, "an integer of -32768 to 32767", name);
    this.view.setInt16(at, value, this.little);
    this.position = at + 2;
  }

  u32(value: number, name: string): void {
    const at = (this.position + 3) & ~3;
    if (typeof value === "number" && value >>> 0 === value && at + 4 <= this.nativeCapacity) {
      this.words[at >> 2] = value;
      this.position = at + 4;
    } else this.anyU32(value, name);
  }

  private anyU32(value: number, name: string): void {
    let at = (this.position + 3) & ~3;
    if (at + 4 > this.capacity) at = this.grow(at, 4);
    if (typeof value !== "number" || value >>> 0 !== value)
      this.refuse(value, "an integer of 0 to 4294967295", name);
    this.view.setUint32(at, value, this.little);
    this.position = at + 4;
  }

  i32(value: number, name: string): void {
    let at = (this.position + 3) & ~3;
    if (at + 4 > this.capacity) at = this.grow(at, 4);
    if (typeof value !== "number" || (value | 0) !== value) {
      this.refuse(value, "an integer of -2147483648 to 2147483647", name);
    }
    this.view.setInt32(at, value, this.little);
    this.position = at + 4;
  }

  u64(value: bigint, name: string): void {
    let at = (this.position + 7) & ~7;
    if (at + 8 > this.capacity) at = this.grow(at, 8);
    if (typeof value !== "bigint" || BigInt.asUintN(64, value) !== value) {
      this.refuse(value, "a bigint of 0 to 2^64-1", name);
    }
    this.view.setBigUint64(at, value, this.little);
    this.position = at + 8;
  }

  i64(value: bigint, name: string): void {
    let at = (this.position + 7) & ~7;
    if (at + 8 > this.capacity) at = this.grow(at, 8);
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) {
      this.refuse(value, "a bigint of -2^63 to 2^63-1", name);
    }
    this.view.setBigInt64(at, value, this.little);
    this.position = at + 8;
  }

  /** `unsigned __int3264`: 4 octets in NDR 2.0, 8 in NDR64 ([MS-RPCE] 2.2.4.1.2). */
  u3264(value: bigint, name: string): void {
    if (this.is64) return this.u64(value, name);
    if (typeof value !== "bigint" || BigInt.asUintN(32, value) !== value) {
      this.refuse(value, "a bigint of 0 to 2^32-1, as NDR 2.0 carries 32 bits", name);
    }
    this.u32(Number(value), name);
  }

  /** `__int3264`: 4 octets in NDR 2.0, 8 in NDR64 ([MS-RPCE] 2.2.4.1.2). */
  i3264(value: bigint, name: string): void {
    if (this.is64) return this.i64(value, name);
    if (typeof value !== "bigint" || BigInt.asIntN(32, value) !== value) {
      this.refuse(value, "a bigint of -2^31 to 2^31-1, as NDR 2.0 carries 32 bits", name);
    }
    this.i32(Number(value), name);
  }

  f32(value: number, name: string): void {
    let at = (this.position + 3) & ~3;
    if (at + 4 > this.capacity) at = this.grow(at, 4);
    if (typeof value !== "number") this.refuse(value, "a number", name);
    this.view.setFloat32(at, value, this.little);
    this.position = at + 4;
  }

  f64(value: number, name: string): void {
    let at = (this.position + 7) & ~7;
    if (at + 8 > this.capacity) at = this.grow(at, 8);
    if (typeof value !== "number") this.refuse(value, "a number", name);
    this.view.setFloat64(at, value, this.little);
    this.position = at + 8;
  }

  /** An enumeration without v1_enum: 2 octets in NDR 2.0, 4 in NDR64; 0 to 32767 in both. */
  enum16(value: number, name: string): void {
    if (typeof value !== "number" || (value & 0x7fff) !== value)
      this.refuse(value, "an integer of 0 to 32767", name);
    if (this.is64) this.u32(value, name);
    else this.u16(value, name);
  }

  /** An enumeration with v1_enum: a signed integer of 4 octets in both syntaxes. */
  enum32(value: number, name: string): void {
    this.i32(value, name);
  }

  /** A UUID of 16 octets, from text. */
  uuid(value: string, name: string): void {
    let at = (this.position + 3) & ~3;
    if (at + 16 > this.capacity) at = this.grow(at, 16);
    if (!isUuid(value)) this.refuse(value, "a UUID", name);
    putUuid(this.view, at, this.little, value);
    this.position = at + 16;
  }

  // ---- counts ----------------------------------------------------------------------------------

  /** A max count, offset or actual count: 4 octets in NDR 2.0, 8 in NDR64. */
  count(value: number, name: string): void {
    this.long(this.element(value, name));
  }

  /** Offset 0 and actual count of a varying array with room for `size` elements. */
  varying(size: number, length: number, name: string): void {
    this.varyingFrom(size, 0, length, name);
  }

  /** Offset and actual count of a varying array with first_is or min_is. */
  varyingFrom(size: number, first: number, length: number, name: string): void {
    if (first + length > size) throw this.exceeds(size, first, length, name);
    this.count(first, name);
    this.count(length, name);
  }

  /** A count or referent id, 32 bits of it used: 4 octets in NDR 2.0, 8 in NDR64. */
  protected long(value: number): void {
    const at = (this.position + 3) & ~3;
    if (at + 4 <= this.plainCapacity) {
      this.words[at >> 2] = value;
      this.position = at + 4;
    } else this.anyLong(value);
  }

  private anyLong(value: number): void {
    if (!this.is64) return this.u32(value, "");
    let at = (this.position + 7) & ~7;
    if (at + 8 > this.capacity) at = this.grow(at, 8);
    this.view.setUint32(this.little ? at : at + 4, value, this.little);
    this.position = at + 8;
  }
}
