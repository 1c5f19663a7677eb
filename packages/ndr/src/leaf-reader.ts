/** Reads the leaves of NDR: primitive types, counts and gaps. */
import { newArray } from "./array.ts";
import { Cursor, maxElements } from "./cursor.ts";
import type { NdrReaderOptions, Strictness } from "./options.ts";
import { formatUuid } from "./uuid.ts";

/** How many elements or rows that take no octets an array may have in any case. */
const mostEmpty = 1024;

export abstract class LeafReader extends Cursor {
  readonly strictness: Strictness;
  protected readonly octets: Uint8Array;
  /** Arrays of so many octets are given away as views. */
  protected readonly viewed: number;
  protected readonly view: DataView;
  /** The number of octets, and how many are read. */
  protected readonly limit: number;
  /** `limit` where counts and referent ids have 4 octets, as in NDR 2.0, otherwise 0. */
  protected readonly plainLimit: number;
  protected position = 0;

  protected constructor(bytes: Uint8Array, options: NdrReaderOptions) {
    super(options);
    this.strictness = options.strictness ?? 6;
    this.octets = bytes;
    // A view must not keep a buffer alive that is much larger.
    this.viewed = options.ownsOctets === true ? bytes.buffer.byteLength / 2 : Infinity;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.limit = bytes.byteLength;
    this.plainLimit = this.is64 ? 0 : this.limit;
  }

  get offset(): number {
    return this.position;
  }

  /** Octets not read yet: after the last parameter, how many are trailing. */
  get remaining(): number {
    return Math.max(0, this.limit - this.position);
  }

  /** Refuses octets after the last parameter. */
  end(): void {
    if (this.remaining > 0) {
      const problem = `${this.remaining} octets are left over`;
      throw this.error("trailing_data", "", problem, 0, this.remaining);
    }
  }

  protected short(need: number, name: string): never {
    const left = Math.max(0, this.limit - this.position);
    throw this.error("end_of_data", name, `needs ${need} octets, ${left} are left`, need, left);
  }

  // ---- alignment -------------------------------------------------------------------------------

  /** Alignment of a structure or union, a power of two, in each syntax. Gaps are ignored. */
  align(ndr: number, ndr64: number): void {
    const mask = (this.is64 ? ndr64 : ndr) - 1;
    this.position = (this.position + mask) & ~mask;
  }

  /** The trailing gap of a structure in NDR64 ([MS-RPCE] 2.2.5.3.4.1). Nothing in NDR 2.0. */
  gap(ndr64: number): void {
    if (this.is64) this.align(ndr64, ndr64);
  }

  // ---- primitive types -------------------------------------------------------------------------

  u8(name: string): number {
    const at = this.position;
    if (at + 1 > this.limit) this.short(1, name);
    this.position = at + 1;
    return this.view.getUint8(at);
  }

  i8(name: string): number {
    const at = this.position;
    if (at + 1 > this.limit) this.short(1, name);
    this.position = at + 1;
    return this.view.getInt8(at);
  }

  /** Anything but 0 is true. */
  boolean(name: string): boolean {
    return this.u8(name) !== 0;
  }

  u16(name: string): number {
    const at = (this.position + 1) & ~1;
    if (at + 2 > this.limit) this.short(2, name);
    this.position = at + 2;
    return this.view.getUint16(at, this.little);
  }

  i16(name: string): number {
    const at = (this.position + 1) & ~1;
    if (at + 2 > this.limit) this.short(2, name);
    this.position = at + 2;
    return this.view.getInt16(at, this.little);
  }

  u32(name: string): number {
    const at = (this.position + 3) & ~3;
    if (at + 4 > this.limit) this.short(4, name);
    this.position = at + 4;
    return this.view.getUint32(at, this.little);
  }

  i32(name: string): number {
    const at = (this.position + 3) & ~3;
    if (at + 4 > this.limit) this.short(4, name);
    this.position = at + 4;
    return this.view.getInt32(at, this.little);
  }

  u64(name: string): bigint {
    const at = (this.position + 7) & ~7;
    if (at + 8 > this.limit) this.short(8, name);
    this.position = at + 8;
    return this.view.getBigUint64(at, this.little);
  }

  i64(name: string): bigint {
    const at = (this.position + 7) & ~7;
    if (at + 8 > this.limit) this.short(8, name);
    this.position = at + 8;
    return this.view.getBigInt64(at, this.little);
  }

  /** `unsigned __int3264`: 4 octets in NDR 2.0, 8 in NDR64 ([MS-RPCE] 2.2.4.1.2). */
  u3264(name: string): bigint {
    return this.is64 ? this.u64(name) : BigInt(this.u32(name));
  }

  /** `__int3264`: 4 octets in NDR 2.0, 8 in NDR64 ([MS-RPCE] 2.2.4.1.2). */
  i3264(name: string): bigint {
    return this.is64 ? this.i64(name) : BigInt(this.i32(name));
  }

  f32(name: string): number {
    const at = (this.position + 3) & ~3;
    if (at + 4 > this.limit) this.short(4, name);
    this.position = at + 4;
    return this.view.getFloat32(at, this.little);
  }

  f64(name: string): number {
    const at = (this.position + 7) & ~7;
    if (at + 8 > this.limit) this.short(8, name);
    this.position = at + 8;
    return this.view.getFloat64(at, this.little);
  }

  /** An enumeration without v1_enum: 2 octets in NDR 2.0, 4 in NDR64; 0 to 32767 in both. */
  enum16(name: string): number {
    return this.range(this.is64 ? this.i32(name) : this.u16(name), 0, 0x7fff, name);
  }

  /** An enumeration with v1_enum: a signed integer of 4 octets in both syntaxes. */
  enum32(name: string): number {
    return this.i32(name);
  }

  /** A UUID of 16 octets, as text in lower case. */
  uuid(name: string): string {
    const at = (this.position + 3) & ~3;
    if (at + 16 > this.limit) this.short(16, name);
    this.position = at + 16;
    return formatUuid(this.view, at, this.little);
  }

  // ---- counts ----------------------------------------------------------------------------------

  /** A max count, offset or actual count: at most 2^31-1. Says nothing about octets being there. */
  maxCount(name: string): number {
    const count = this.long(name);
    return count <= maxElements ? count : this.element(count, name);
  }

  /** The max count of a conformant array whose elements follow, each of `atLeast` octets. */
  count(atLeast: number, name: string): number {
    return this.room(this.maxCount(name), atLeast, name);
  }

  /**
   * Makes sure, before anything is allocated, that `count` elements can be there at all. Of those that take no octets
   * (`atLeast` is 0) there may be as many as octets are left, or 1024.
   */
  room(count: number, atLeast: number, name: string): number {
    if (atLeast === 0 && count <= mostEmpty) return count;
    const need = count * (atLeast > 0 ? atLeast : 1);
    if (need > this.limit - this.position) this.short(need, name);
    return count;
  }

  /**
   * Room for the elements of an array of several dimensions. Rows without elements take no octets, so there may
   * be no more of them than octets are left, or 1024.
   */
  rows(counts: readonly number[], atLeast: number, name: string): void {
    let total = 1;
    let rows = 0;
    for (const count of counts) {
      total *= count;
      rows = Math.max(rows, total);
    }
    if (total > 0) this.room(total, atLeast, name);
    else this.room(rows, 0, name);
  }

  /** An array of `count` elements to fill, after `room`. */
  list<T>(count: number, atLeast: number, name: string): T[] {
    return newArray<T>(this.room(count, atLeast, name));
  }

  /** Offset, which must be 0, and actual count of a varying array with room for `size` elements. */
  varying(size: number, atLeast: number, name: string): number {
    this.firstIs(this.first(name), 0, name);
    return this.length(size, 0, atLeast, name);
  }

  /** The offset of a varying array with first_is or min_is. `firstIs` checks it, `length` follows. */
  first(name: string): number {
    return this.maxCount(name);
  }

  /**
   * The actual count of a varying array that begins with the element at index `first`; with `atLeast` 0, that of
   * one dimension of several, whose `rows` follow.
   */
  length(size: number, first: number, atLeast: number, name: string): number {
    const length = this.maxCount(name);
    if (first + length > size) throw this.exceeds(size, first, length, name);
    return atLeast === 0 ? length : this.room(length, atLeast, name);
  }

  /** [range] of a max count or of a string's length with terminator: checked at level 6.0. */
  countRange(count: number, low: number, high: number, name: string): void {
    if (this.strictness >= 6) this.range(count, low, high, name);
  }

  /** `sizeIs` of the array behind a pointer; for a NULL one, `nullCount`. */
  sizeOf(target: { readonly length: number } | null, expected: number, name: string): void {
    if (target === null) this.nullCount(expected, name);
    else this.sizeIs(target.length, expected, name);
  }

  /** A NULL pointer to an array whose count is `expected`: at level 6.0 that must be 0. */
  nullCount(expected: number, name: string): void {
    if (this.strictness >= 6 && expected !== 0) {
      const problem = `the pointer is NULL and its count is ${expected}`;
      throw this.error("null_with_count", name, problem, 0, expected);
    }
  }

  /** A count or referent id: 4 octets in NDR 2.0, 8 in NDR64. Exact to 2^53, above only not 0. */
  protected long(name: string): number {
    const at = (this.position + 3) & ~3;
    if (at + 4 > this.plainLimit) return this.anyLong(name);
    this.position = at + 4;
    return this.view.getUint32(at, this.little);
  }

  private anyLong(name: string): number {
    if (!this.is64) return this.u32(name);
    const at = (this.position + 7) & ~7;
    if (at + 8 > this.limit) this.short(8, name);
    this.position = at + 8;
    const low = this.view.getUint32(this.little ? at : at + 4, this.little);
    const high = this.view.getUint32(this.little ? at + 4 : at, this.little);
    return high === 0 ? low : high * 0x1_0000_0000 + low;
  }
}
