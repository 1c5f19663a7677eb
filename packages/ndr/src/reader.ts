/** Reads NDR 2.0 and NDR64 in either byte order. Generated decoders are calls into it. */
import { newArray } from "./array.ts";
import { ContextHandle } from "./context-handle.ts";
import { Cursor } from "./cursor.ts";
import type { NdrReaderOptions, Strictness } from "./options.ts";
import { Referent } from "./referents.ts";
import { readNarrow, readWide } from "./text.ts";
import { formatUuid, nilUuid } from "./uuid.ts";

/** Stands for a target that is still to be read. Never reaches a caller. */
const pending: object = Object.freeze({});

/**
 * An octet stream being read. Every method aligns by itself and takes the name of the field last,
 * for errors; all throw `NdrError` where the stream is not what the type demands.
 *
 * Nothing is allocated for a count before the octets that it promises are known to be there.
 */
export class NdrReader extends Cursor {
  readonly strictness: Strictness;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  #at = 0;
  #referents: Map<number, Referent> | undefined;

  constructor(bytes: Uint8Array, options: NdrReaderOptions = {}) {
    super(options);
    this.strictness = options.strictness ?? 6;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.byteLength;
  }

  get offset(): number {
    return this.#at;
  }

  /** Octets not read yet: after the last parameter, how many are trailing. */
  get remaining(): number {
    return this.#end - this.#at;
  }

  /** Refuses octets after the last parameter. */
  end(): void {
    if (this.remaining > 0) {
      const problem = `${this.remaining} octets are left over`;
      throw this.error("trailing_data", "", problem, 0, this.remaining);
    }
  }

  #short(need: number, name: string): never {
    const left = Math.max(0, this.#end - this.#at);
    throw this.error("end_of_data", name, `needs ${need} octets, ${left} are left`, need, left);
  }

  // ---- alignment -------------------------------------------------------------------------------

  /** Alignment of a structure or union, a power of two, in each syntax. Gaps are ignored. */
  align(ndr: number, ndr64: number): void {
    const mask = (this.is64 ? ndr64 : ndr) - 1;
    this.#at = (this.#at + mask) & ~mask;
  }

  /** The trailing gap of a structure in NDR64 ([MS-RPCE] 2.2.5.3.4.1). Nothing in NDR 2.0. */
  gap(ndr64: number): void {
    if (this.is64) this.align(ndr64, ndr64);
  }

  // ---- primitive types -------------------------------------------------------------------------

  u8(name: string): number {
    const at = this.#at;
    if (at + 1 > this.#end) this.#short(1, name);
    this.#at = at + 1;
    return this.#view.getUint8(at);
  }

  i8(name: string): number {
    const at = this.#at;
    if (at + 1 > this.#end) this.#short(1, name);
    this.#at = at + 1;
    return this.#view.getInt8(at);
  }

  /** Anything but 0 is true. */
  boolean(name: string): boolean {
    return this.u8(name) !== 0;
  }

  u16(name: string): number {
    const at = (this.#at + 1) & ~1;
    if (at + 2 > this.#end) this.#short(2, name);
    this.#at = at + 2;
    return this.#view.getUint16(at, this.little);
  }

  i16(name: string): number {
    const at = (this.#at + 1) & ~1;
    if (at + 2 > this.#end) this.#short(2, name);
    this.#at = at + 2;
    return this.#view.getInt16(at, this.little);
  }

  u32(name: string): number {
    const at = (this.#at + 3) & ~3;
    if (at + 4 > this.#end) this.#short(4, name);
    this.#at = at + 4;
    return this.#view.getUint32(at, this.little);
  }

  i32(name: string): number {
    const at = (this.#at + 3) & ~3;
    if (at + 4 > this.#end) this.#short(4, name);
    this.#at = at + 4;
    return this.#view.getInt32(at, this.little);
  }

  u64(name: string): bigint {
    const at = (this.#at + 7) & ~7;
    if (at + 8 > this.#end) this.#short(8, name);
    this.#at = at + 8;
    return this.#view.getBigUint64(at, this.little);
  }

  i64(name: string): bigint {
    const at = (this.#at + 7) & ~7;
    if (at + 8 > this.#end) this.#short(8, name);
    this.#at = at + 8;
    return this.#view.getBigInt64(at, this.little);
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
    const at = (this.#at + 3) & ~3;
    if (at + 4 > this.#end) this.#short(4, name);
    this.#at = at + 4;
    return this.#view.getFloat32(at, this.little);
  }

  f64(name: string): number {
    const at = (this.#at + 7) & ~7;
    if (at + 8 > this.#end) this.#short(8, name);
    this.#at = at + 8;
    return this.#view.getFloat64(at, this.little);
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
    const at = (this.#at + 3) & ~3;
    if (at + 16 > this.#end) this.#short(16, name);
    this.#at = at + 16;
    return formatUuid(this.#view, at, this.little);
  }

  // ---- counts ----------------------------------------------------------------------------------

  /** A max count, offset or actual count: at most 2^31-1. Says nothing about octets being there. */
  maxCount(name: string): number {
    if (!this.is64) return this.element(this.u32(name), name);
    const count = this.u64(name);
    return this.element(Number(count), name);
  }

  /** The max count of a conformant array whose elements follow, each of `atLeast` octets. */
  count(atLeast: number, name: string): number {
    return this.room(this.maxCount(name), atLeast, name);
  }

  /** Makes sure, before anything is allocated, that `count` elements can be there at all. */
  room(count: number, atLeast: number, name: string): number {
    const need = count * (atLeast > 0 ? atLeast : 1);
    if (need > this.#end - this.#at) this.#short(need, name);
    return count;
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

  /** The actual count of a varying array that begins with the element at index `first`. */
  length(size: number, first: number, atLeast: number, name: string): number {
    const length = this.maxCount(name);
    if (first + length > size) throw this.exceeds(size, first, length, name);
    return this.room(length, atLeast, name);
  }

  /** [range] of a max count or of a string's length with terminator: checked at level 6.0. */
  countRange(count: number, low: number, high: number, name: string): void {
    if (this.strictness >= 6) this.range(count, low, high, name);
  }

  /** A NULL pointer to an array whose count is `expected`: at level 6.0 that must be 0. */
  nullCount(expected: number, name: string): void {
    if (this.strictness >= 6 && expected !== 0) {
      const problem = `the pointer is NULL and its count is ${expected}`;
      throw this.error("null_with_count", name, problem, 0, expected);
    }
  }

  // ---- pointers --------------------------------------------------------------------------------

  #referent(name: string): number {
    if (!this.is64) return this.u32(name);
    const at = (this.#at + 7) & ~7;
    if (at + 8 > this.#end) this.#short(8, name);
    this.#at = at + 8;
    const low = this.#view.getUint32(at + (this.little ? 0 : 4), this.little);
    const high = this.#view.getUint32(at + (this.little ? 4 : 0), this.little);
    return high * 0x1_0000_0000 + low;
  }

  /** A unique pointer, in place: `null`, or a stand-in that the decoder replaces by the target. */
  pointer<T>(name: string): T | null {
    return this.#referent(name) === 0 ? null : (pending as T);
  }

  /**
   * A pointer to an array, or the stand-in that brings the count its target will be checked against:
   * `countOf` takes it out again. A NULL pointer goes through `nullCount`.
   */
  counted<T>(standIn: T | null, count: number, name: string): T | null {
    if (standIn !== null) return count as T;
    if (count !== 0) this.nullCount(count, name);
    return null;
  }

  /** As `counted`, for [disable_consistency_check]. */
  countedOrNull<T>(standIn: T | null, count: number): T | null {
    return standIn === null ? null : (count as T);
  }

  /** The count that `counted` was given. */
  countOf(standIn: unknown): number {
    return standIn as number;
  }

  /**
   * An embedded reference pointer, in place. Its octets mean nothing in NDR 2.0 ([C706] 14.3.11.2)
   * and must not be 0 in NDR64 ([MS-RPCE] 2.2.5.3.5.1).
   */
  ref<T>(name: string): T {
    if (this.#referent(name) === 0 && this.is64) {
      throw this.error("null_reference", name, "the reference pointer is NULL");
    }
    return pending as T;
  }

  /** An element in an array of reference pointers: as `ref` in NDR64, no octets in NDR 2.0. */
  refElement<T>(name: string): T {
    return this.is64 ? this.ref<T>(name) : (pending as T);
  }

  /** A full pointer, in place: `null`, or a stand-in to hand to `target`. */
  fullPointer<T>(name: string): T | null {
    const id = this.#referent(name);
    if (id === 0) return null;
    this.#referents ??= new Map();
    let referent = this.#referents.get(id);
    if (referent === undefined) this.#referents.set(id, (referent = new Referent()));
    return referent as T;
  }

  /**
   * The target of a full pointer: read here at its first pointer, the same object after that, in the
   * middle of its own targets too. `type` names the type that the pointer has in the IDL.
   */
  target<T>(
    standIn: T,
    type: string,
    read: (r: NdrReader) => T,
    readTargets?: (r: NdrReader, target: T) => void,
  ): T {
    const referent = standIn as unknown as Referent;
    if (referent.type !== "" && referent.type !== type) {
      const problem = `a pointer to ${type} has the referent id of a ${referent.type}`;
      throw this.error("referent_type_mismatch", "", problem, type, referent.type);
    }
    if (referent.isRead) return referent.value as T;
    referent.type = type;
    const value = read(this);
    referent.value = value;
    referent.isRead = true;
    readTargets?.(this, value);
    return value;
  }

  // ---- strings ---------------------------------------------------------------------------------

  /** A conformant varying string of UTF-16 code units, without its terminator. */
  wstring(name: string): string {
    return this.wstringIn(this.maxCount(name), name);
  }

  /** As `wstring`; its max count must be `size` ([MS-RPCE] 3.1.1.5.3.2.1.10). */
  wstringOf(size: number, name: string): string {
    const count = this.maxCount(name);
    this.sizeIs(count, size, name);
    return this.wstringIn(count, name);
  }

  /** The varying part alone: a string with a fixed bound, or whose max count was hoisted. */
  wstringIn(size: number, name: string): string {
    const length = this.varying(size, 2, name);
    const at = this.#at;
    if (length === 0 || this.#view.getUint16(at + 2 * length - 2) !== 0) {
      this.#unterminated(length, name);
    }
    this.#at = at + 2 * length;
    return readWide(this.#view, at, length - 1, this.little);
  }

  /** A conformant varying string of octets, each one character, without its terminator. */
  string(name: string): string {
    return this.stringIn(this.maxCount(name), name);
  }

  /** As `string`; its max count must be `size` ([MS-RPCE] 3.1.1.5.3.2.1.10). */
  stringOf(size: number, name: string): string {
    const count = this.maxCount(name);
    this.sizeIs(count, size, name);
    return this.stringIn(count, name);
  }

  /** The varying part alone: a string with a fixed bound, or whose max count was hoisted. */
  stringIn(size: number, name: string): string {
    const length = this.varying(size, 1, name);
    const at = this.#at;
    if (length === 0 || this.#bytes[at + length - 1] !== 0) this.#unterminated(length, name);
    this.#at = at + length;
    return readNarrow(this.#bytes, at, length - 1);
  }

  #unterminated(length: number, name: string): never {
    const problem = `the last of ${length} characters is no terminator`;
    throw this.error("unterminated_string", name, problem);
  }

  // ---- elements of arrays ----------------------------------------------------------------------

  /** Octets as they are: a copy, so that the result lives longer than the buffer it came in. */
  bytes(count: number, name: string): Uint8Array {
    const at = this.#at;
    if (at + count > this.#end) this.#short(count, name);
    this.#at = at + count;
    return this.#bytes.slice(at, at + count);
  }

  u16s(count: number, name: string): number[] {
    return this.#each(count, 2, name, this.u16);
  }

  i16s(count: number, name: string): number[] {
    return this.#each(count, 2, name, this.i16);
  }

  u32s(count: number, name: string): number[] {
    this.room(count, 4, name);
    if (count === 0) return [];
    let at = (this.#at + 3) & ~3;
    if (at + 4 * count > this.#end) this.#short(4 * count, name);
    const values = newArray<number>(count);
    const view = this.#view;
    const little = this.little;
    for (let i = 0; i < count; i++, at += 4) values[i] = view.getUint32(at, little);
    this.#at = at;
    return values;
  }

  i32s(count: number, name: string): number[] {
    return this.#each(count, 4, name, this.i32);
  }

  u64s(count: number, name: string): bigint[] {
    return this.#each(count, 8, name, this.u64);
  }

  i64s(count: number, name: string): bigint[] {
    return this.#each(count, 8, name, this.i64);
  }

  f32s(count: number, name: string): number[] {
    return this.#each(count, 4, name, this.f32);
  }

  f64s(count: number, name: string): number[] {
    return this.#each(count, 8, name, this.f64);
  }

  #each<T>(count: number, size: number, name: string, read: (name: string) => T): T[] {
    this.room(count, size, name);
    const values = newArray<T>(count);
    this.enter(name);
    for (let i = 0; i < count; i++) {
      this.at(i);
      values[i] = read.call(this, "");
    }
    this.leave();
    return values;
  }

  // ---- handles, interface pointers, pipes ------------------------------------------------------

  /** A context handle; `null` for 20 octets of zero. */
  contextHandle<T extends ContextHandle = ContextHandle>(name: string): T | null {
    const at = (this.#at + 3) & ~3;
    if (at + 20 > this.#end) this.#short(20, name);
    this.#at = at + 20;
    const attributes = this.#view.getUint32(at, this.little);
    const uuid = formatUuid(this.#view, at + 4, this.little);
    return attributes === 0 && uuid === nilUuid ? null : (new ContextHandle(uuid, attributes) as T);
  }

  /** A context handle that must be there, as an [in] parameter. */
  openHandle<T extends ContextHandle = ContextHandle>(name: string): T {
    const handle = this.contextHandle<T>(name);
    if (handle === null) throw this.error("null_reference", name, "the handle is NULL");
    return handle;
  }

  /** The target of a pointer to an interface: MInterfacePointer ([MS-DCOM] 2.2.14). */
  interfacePointer(name: string): Uint8Array {
    const count = this.count(1, name);
    this.sizeIs(count, this.u32(name), name);
    return this.bytes(count, name);
  }

  /** The number of elements in the next chunk of a pipe; 0 ends it. `chunkEnd` follows them. */
  chunk(atLeast: number, name: string): number {
    return this.count(atLeast, name);
  }

  /** NDR64 repeats the count, negated, after the elements ([MS-RPCE] 2.2.5.3.4.5). */
  chunkEnd(count: number, name: string): void {
    if (!this.is64) return;
    const end = this.i64(name);
    if (end !== BigInt(-count)) {
      const problem = `a chunk of ${count} ends with ${end}`;
      throw this.error("malformed_pipe", name, problem, BigInt(-count), end);
    }
  }
}
