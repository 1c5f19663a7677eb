/** Writes NDR 2.0 and NDR64 in either byte order. Generated encoders are calls into it. */
import { ContextHandle } from "./context-handle.ts";
import { Cursor } from "./cursor.ts";
import type { NdrOptions } from "./options.ts";
import { WrittenReferents } from "./referents.ts";
import { isUuid, putUuid } from "./uuid.ts";

/** What Windows and Samba start with. */
const firstReferent = 0x20000;

/**
 * A growing octet stream. Every method aligns by itself, checks its value and takes the name of the
 * field last, for errors; all throw `NdrError` for a value that has no representation.
 *
 * A writer may be used again after `finish`.
 */
export class NdrWriter extends Cursor {
  #bytes: Uint8Array = new Uint8Array(1024);
  #view: DataView = new DataView(this.#bytes.buffer);
  #room = 1024;
  /** Octets behind `#at` are zero, so that alignment gaps need no writing. */
  #at = 0;
  #nextReferent: number = firstReferent;
  #referents: WrittenReferents | undefined;

  constructor(options: NdrOptions = {}) {
    super(options);
  }

  get offset(): number {
    return this.#at;
  }

  /** The octets written, as a copy, and a writer as good as new. */
  finish(): Uint8Array {
    const result = this.#bytes.slice(0, this.#at);
    this.reset();
    return result;
  }

  /** Drops what was written, also after an error. */
  reset(): void {
    this.#bytes.fill(0, 0, this.#at);
    this.#at = 0;
    this.#nextReferent = firstReferent;
    this.#referents = undefined;
    this.restart();
  }

  #grow(end: number): void {
    const bytes = new Uint8Array(Math.max(end, this.#room * 2));
    bytes.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
    this.#room = bytes.length;
  }

  #refuse(value: unknown, expected: string, name: string): never {
    throw this.invalid(value, expected, name);
  }

  // ---- alignment -------------------------------------------------------------------------------

  /** Alignment of a structure or union, a power of two, in each syntax. */
  align(ndr: number, ndr64: number): void {
    const mask = (this.is64 ? ndr64 : ndr) - 1;
    const at = (this.#at + mask) & ~mask;
    if (at > this.#room) this.#grow(at);
    this.#at = at;
  }

  /** The trailing gap of a structure in NDR64 ([MS-RPCE] 2.2.5.3.4.1). Nothing in NDR 2.0. */
  gap(ndr64: number): void {
    if (this.is64) this.align(ndr64, ndr64);
  }

  // ---- primitive types -------------------------------------------------------------------------

  u8(value: number, name: string): void {
    const at = this.#at;
    if (at + 1 > this.#room) this.#grow(at + 1);
    if ((value & 0xff) !== value) this.#refuse(value, "an integer of 0 to 255", name);
    this.#bytes[at] = value;
    this.#at = at + 1;
  }

  i8(value: number, name: string): void {
    const at = this.#at;
    if (at + 1 > this.#room) this.#grow(at + 1);
    if ((value << 24) >> 24 !== value) this.#refuse(value, "an integer of -128 to 127", name);
    this.#bytes[at] = value;
    this.#at = at + 1;
  }

  boolean(value: boolean, name: string): void {
    const at = this.#at;
    if (at + 1 > this.#room) this.#grow(at + 1);
    if (typeof value !== "boolean") this.#refuse(value, "true or false", name);
    this.#bytes[at] = value ? 1 : 0;
    this.#at = at + 1;
  }

  u16(value: number, name: string): void {
    const at = (this.#at + 1) & ~1;
    if (at + 2 > this.#room) this.#grow(at + 2);
    if ((value & 0xffff) !== value) this.#refuse(value, "an integer of 0 to 65535", name);
    this.#view.setUint16(at, value, this.little);
    this.#at = at + 2;
  }

  i16(value: number, name: string): void {
    const at = (this.#at + 1) & ~1;
    if (at + 2 > this.#room) this.#grow(at + 2);
    if ((value << 16) >> 16 !== value) this.#refuse(value, "an integer of -32768 to 32767", name);
    this.#view.setInt16(at, value, this.little);
    this.#at = at + 2;
  }

  u32(value: number, name: string): void {
    const at = (this.#at + 3) & ~3;
    if (at + 4 > this.#room) this.#grow(at + 4);
    if (value >>> 0 !== value) this.#refuse(value, "an integer of 0 to 4294967295", name);
    this.#view.setUint32(at, value, this.little);
    this.#at = at + 4;
  }

  i32(value: number, name: string): void {
    const at = (this.#at + 3) & ~3;
    if (at + 4 > this.#room) this.#grow(at + 4);
    if ((value | 0) !== value) {
      this.#refuse(value, "an integer of -2147483648 to 2147483647", name);
    }
    this.#view.setInt32(at, value, this.little);
    this.#at = at + 4;
  }

  u64(value: bigint, name: string): void {
    const at = (this.#at + 7) & ~7;
    if (at + 8 > this.#room) this.#grow(at + 8);
    if (typeof value !== "bigint" || BigInt.asUintN(64, value) !== value) {
      this.#refuse(value, "a bigint of 0 to 2^64-1", name);
    }
    this.#view.setBigUint64(at, value, this.little);
    this.#at = at + 8;
  }

  i64(value: bigint, name: string): void {
    const at = (this.#at + 7) & ~7;
    if (at + 8 > this.#room) this.#grow(at + 8);
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) {
      this.#refuse(value, "a bigint of -2^63 to 2^63-1", name);
    }
    this.#view.setBigInt64(at, value, this.little);
    this.#at = at + 8;
  }

  /** `unsigned __int3264`: 4 octets in NDR 2.0, 8 in NDR64 ([MS-RPCE] 2.2.4.1.2). */
  u3264(value: bigint, name: string): void {
    if (this.is64) return this.u64(value, name);
    if (typeof value !== "bigint" || BigInt.asUintN(32, value) !== value) {
      this.#refuse(value, "a bigint of 0 to 2^32-1, as NDR 2.0 carries 32 bits", name);
    }
    this.u32(Number(value), name);
  }

  /** `__int3264`: 4 octets in NDR 2.0, 8 in NDR64 ([MS-RPCE] 2.2.4.1.2). */
  i3264(value: bigint, name: string): void {
    if (this.is64) return this.i64(value, name);
    if (typeof value !== "bigint" || BigInt.asIntN(32, value) !== value) {
      this.#refuse(value, "a bigint of -2^31 to 2^31-1, as NDR 2.0 carries 32 bits", name);
    }
    this.i32(Number(value), name);
  }

  f32(value: number, name: string): void {
    const at = (this.#at + 3) & ~3;
    if (at + 4 > this.#room) this.#grow(at + 4);
    if (typeof value !== "number") this.#refuse(value, "a number", name);
    this.#view.setFloat32(at, value, this.little);
    this.#at = at + 4;
  }

  f64(value: number, name: string): void {
    const at = (this.#at + 7) & ~7;
    if (at + 8 > this.#room) this.#grow(at + 8);
    if (typeof value !== "number") this.#refuse(value, "a number", name);
    this.#view.setFloat64(at, value, this.little);
    this.#at = at + 8;
  }

  /** An enumeration without v1_enum: 2 octets in NDR 2.0, 4 in NDR64; 0 to 32767 in both. */
  enum16(value: number, name: string): void {
    if ((value & 0x7fff) !== value) this.#refuse(value, "an integer of 0 to 32767", name);
    if (this.is64) this.u32(value, name);
    else this.u16(value, name);
  }

  /** An enumeration with v1_enum: a signed integer of 4 octets in both syntaxes. */
  enum32(value: number, name: string): void {
    this.i32(value, name);
  }

  /** A UUID of 16 octets, from text. */
  uuid(value: string, name: string): void {
    const at = (this.#at + 3) & ~3;
    if (at + 16 > this.#room) this.#grow(at + 16);
    if (!isUuid(value)) this.#refuse(value, "a UUID", name);
    putUuid(this.#view, at, this.little, value);
    this.#at = at + 16;
  }

  // ---- counts ----------------------------------------------------------------------------------

  /** A max count, offset or actual count: 4 octets in NDR 2.0, 8 in NDR64. */
  count(value: number, name: string): void {
    this.element(value, name);
    const wide = this.is64;
    const at = wide ? (this.#at + 7) & ~7 : (this.#at + 3) & ~3;
    if (at + 8 > this.#room) this.#grow(at + 8);
    this.#view.setUint32(wide && !this.little ? at + 4 : at, value, this.little);
    this.#at = wide ? at + 8 : at + 4;
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

  // ---- pointers, in place ----------------------------------------------------------------------

  #referent(value: number): void {
    const wide = this.is64;
    const at = wide ? (this.#at + 7) & ~7 : (this.#at + 3) & ~3;
    if (at + 8 > this.#room) this.#grow(at + 8);
    this.#view.setUint32(wide && !this.little ? at + 4 : at, value, this.little);
    this.#at = wide ? at + 8 : at + 4;
  }

  /** A unique pointer: a new referent id, or 0 for `null`. */
  pointer(target: unknown, name: string): void {
    if (target === null) return this.#referent(0);
    if (target === undefined) this.#refuse(target, "a value or null", name);
    this.#referent(this.#nextReferent);
    this.#nextReferent += 4;
  }

  /** An embedded reference pointer: a referent id that means nothing but is not 0. */
  ref(target: unknown, name: string): void {
    if (target === null || target === undefined) this.#refuse(target, "a value", name);
    this.#referent(this.#nextReferent);
    this.#nextReferent += 4;
  }

  /** An element in an array of reference pointers: as `ref` in NDR64, no octets in NDR 2.0. */
  refElement(target: unknown, name: string): void {
    if (this.is64) this.ref(target, name);
    else if (target === null || target === undefined) this.#refuse(target, "a value", name);
  }

  /** A full pointer: the same object has the same referent id every time ([C706] 14.3.10). */
  fullPointer(target: unknown, name: string): void {
    if (target === null) return this.#referent(0);
    if (target === undefined) this.#refuse(target, "a value or null", name);
    this.#referents ??= new WrittenReferents();
    const known = this.#referents.idOf(target);
    if (known !== undefined) return this.#referent(known);
    this.#referents.add(target, this.#nextReferent);
    this.#referent(this.#nextReferent);
    this.#nextReferent += 4;
  }

  /** Whether the target of a full pointer stands here: it does so once, at its first pointer. */
  isFirst(target: unknown): boolean {
    return this.#referents?.isFirst(target) ?? true;
  }

  // ---- strings ---------------------------------------------------------------------------------

  /** A conformant varying string of UTF-16 code units: three counts, text, terminator. */
  wstring(text: string, name: string): void {
    if (typeof text !== "string") this.#refuse(text, "a string", name);
    this.count(text.length + 1, name);
    this.#wide(text, name);
  }

  /** As `wstring`, with a max count that size_is gives. */
  wstringOf(text: string, size: number, name: string): void {
    this.count(size, name);
    this.wstringIn(text, size, name);
  }

  /** The varying part alone: a string with a fixed bound, or whose max count was hoisted. */
  wstringIn(text: string, size: number, name: string): void {
    if (typeof text !== "string") this.#refuse(text, "a string", name);
    if (text.length + 1 > size) throw this.exceeds(size, 0, text.length + 1, name);
    this.#wide(text, name);
  }

  #wide(text: string, name: string): void {
    const length = text.length;
    this.count(0, name);
    this.count(length + 1, name);
    const start = this.#at;
    const end = start + 2 * length + 2;
    if (end > this.#room) this.#grow(end);
    const view = this.#view;
    const little = this.little;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit === 0) this.#embeddedNul(i, name);
      view.setUint16(start + 2 * i, unit, little);
    }
    this.#at = end;
  }

  /** A conformant varying string of octets: each character is U+0001 to U+00FF. */
  string(text: string, name: string): void {
    if (typeof text !== "string") this.#refuse(text, "a string", name);
    this.count(text.length + 1, name);
    this.#narrow(text, name);
  }

  /** As `string`, with a max count that size_is gives. */
  stringOf(text: string, size: number, name: string): void {
    this.count(size, name);
    this.stringIn(text, size, name);
  }

  /** The varying part alone: a string with a fixed bound, or whose max count was hoisted. */
  stringIn(text: string, size: number, name: string): void {
    if (typeof text !== "string") this.#refuse(text, "a string", name);
    if (text.length + 1 > size) throw this.exceeds(size, 0, text.length + 1, name);
    this.#narrow(text, name);
  }

  #narrow(text: string, name: string): void {
    const length = text.length;
    this.count(0, name);
    this.count(length + 1, name);
    const start = this.#at;
    const end = start + length + 1;
    if (end > this.#room) this.#grow(end);
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit === 0) this.#embeddedNul(i, name);
      if (unit > 0xff) {
        const problem = `the character at ${i} is above U+00FF and the field has octets`;
        throw this.error("invalid_character", name, problem, 0xff, unit);
      }
      this.#bytes[start + i] = unit;
    }
    this.#at = end;
  }

  #embeddedNul(index: number, name: string): never {
    const problem = `the character at ${index} is U+0000, which ends a string`;
    throw this.error("invalid_character", name, problem);
  }

  // ---- elements of arrays ----------------------------------------------------------------------

  /** The number of elements, from which a max count and counting members are derived. */
  size(values: ArrayLike<unknown>, name: string): number {
    if (!Array.isArray(values) && !(values instanceof Uint8Array)) {
      this.#refuse(values, "an array", name);
    }
    return values.length;
  }

  /** Octets as they are, without count. */
  bytes(values: Uint8Array, name: string): void {
    if (!(values instanceof Uint8Array)) this.#refuse(values, "a Uint8Array", name);
    const end = this.#at + values.length;
    if (end > this.#room) this.#grow(end);
    this.#bytes.set(values, this.#at);
    this.#at = end;
  }

  u16s(values: readonly number[], name: string): void {
    this.#each(values, name, this.u16);
  }

  i16s(values: readonly number[], name: string): void {
    this.#each(values, name, this.i16);
  }

  u32s(values: readonly number[], name: string): void {
    const count = this.size(values, name);
    if (count === 0) return;
    let at = (this.#at + 3) & ~3;
    if (at + 4 * count > this.#room) this.#grow(at + 4 * count);
    const view = this.#view;
    const little = this.little;
    for (let i = 0; i < count; i++) {
      const value = values[i] as number;
      if (value >>> 0 !== value) {
        this.#refuse(value, "an integer of 0 to 4294967295", `${name}[${i}]`);
      }
      view.setUint32(at, value, little);
      at += 4;
    }
    this.#at = at;
  }

  i32s(values: readonly number[], name: string): void {
    this.#each(values, name, this.i32);
  }

  u64s(values: readonly bigint[], name: string): void {
    this.#each(values, name, this.u64);
  }

  i64s(values: readonly bigint[], name: string): void {
    this.#each(values, name, this.i64);
  }

  f32s(values: readonly number[], name: string): void {
    this.#each(values, name, this.f32);
  }

  f64s(values: readonly number[], name: string): void {
    this.#each(values, name, this.f64);
  }

  #each<T>(values: readonly T[], name: string, write: (value: T, name: string) => void): void {
    const count = this.size(values, name);
    this.enter(name);
    for (let i = 0; i < count; i++) {
      this.at(i);
      write.call(this, values[i] as T, "");
    }
    this.leave();
  }

  // ---- handles, interface pointers, pipes ------------------------------------------------------

  /** A context handle, 20 octets; zeros for `null`. */
  contextHandle(handle: ContextHandle | null, name: string): void {
    const at = (this.#at + 3) & ~3;
    if (at + 20 > this.#room) this.#grow(at + 20);
    this.#at = at + 20;
    if (handle === null) return;
    if (!(handle instanceof ContextHandle)) this.#refuse(handle, "a context handle", name);
    this.#view.setUint32(at, handle.attributes, this.little);
    putUuid(this.#view, at + 4, this.little, handle.uuid);
  }

  /** A context handle that must be there, as an [in] parameter. */
  openHandle(handle: ContextHandle, name: string): void {
    if (handle === null) throw this.error("null_reference", name, "the handle must not be null");
    this.contextHandle(handle, name);
  }

  /** The target of a pointer to an interface: MInterfacePointer ([MS-DCOM] 2.2.14). */
  interfacePointer(objref: Uint8Array, name: string): void {
    if (!(objref instanceof Uint8Array)) this.#refuse(objref, "a Uint8Array", name);
    this.count(objref.length, name);
    this.u32(objref.length, name);
    this.bytes(objref, name);
  }

  /** Starts a chunk of a pipe, or with 0 ends the pipe. `chunkEnd` follows the elements. */
  chunk(count: number, name: string): void {
    this.count(count, name);
  }

  /** NDR64 repeats the count, negated, after the elements ([MS-RPCE] 2.2.5.3.4.5). */
  chunkEnd(count: number, name: string): void {
    if (this.is64) this.i64(BigInt(-count), name);
  }
}
