/** Writes NDR 2.0 and NDR64 in either byte order. Generated encoders are calls into it. */
import { ContextHandle } from "./context-handle.ts";
import { LeafWriter } from "./leaf-writer.ts";
import { nativeWrite } from "./native-text.ts";
import type { NdrOptions } from "./options.ts";
import { Conversions, type Presentation } from "./presentation/presentation.ts";
import { WrittenReferents } from "./referents.ts";
import { putUuid } from "./uuid.ts";

/** From so many units on, a call into native code is faster than a loop. */
const longText = 96;

/**
 * A growing octet stream. Every method aligns by itself, checks its value and takes the name of the
 * field last, for errors; all throw `NdrError` for a value that has no representation.
 *
 * A writer may be used again after `finish` or `reset`.
 */
export class NdrWriter extends LeafWriter {
  readonly #firstReferent: number;
  #nextReferent: number;
  #referents: WrittenReferents | undefined;
  #conversions: Conversions | undefined;

  constructor(options: NdrOptions = {}) {
    super(options);
    this.#firstReferent = options.firstReferent ?? 0x2_0000;
    this.#nextReferent = this.#firstReferent;
  }

  protected override restart(): void {
    super.restart();
    this.#nextReferent = this.#firstReferent;
    this.#referents = undefined;
    this.#conversions = undefined;
  }

  // ---- pointers, in place ----------------------------------------------------------------------

  /** A unique pointer: a new referent id, or 0 for `null`. */
  pointer(target: unknown, name: string): void {
    let id = 0;
    if (target !== null) {
      if (target === undefined) this.refuse(target, "a value or null", name);
      id = this.#nextReferent;
      this.#nextReferent = id + 4;
    }
    this.long(id);
  }

  /** An embedded reference pointer: a referent id that means nothing but is not 0. */
  ref(target: unknown, name: string): void {
    if (target === null || target === undefined) this.refuse(target, "a value", name);
    this.long(this.#nextReferent);
    this.#nextReferent += 4;
  }

  /** An element in an array of reference pointers: as `ref` in NDR64, no octets in NDR 2.0. */
  refElement(target: unknown, name: string): void {
    if (this.is64) this.ref(target, name);
    else if (target === null || target === undefined) this.refuse(target, "a value", name);
  }

  /** A full pointer: the same object has the same referent id every time ([C706] 14.3.10). */
  fullPointer(target: unknown, name: string): void {
    if (target === null) return this.long(0);
    if (target === undefined) this.refuse(target, "a value or null", name);
    this.#referents ??= new WrittenReferents();
    const known = this.#referents.idOf(target);
    if (known !== undefined) return this.long(known);
    this.#referents.add(target, this.#nextReferent);
    this.long(this.#nextReferent);
    this.#nextReferent += 4;
  }

  /** Whether the target of a full pointer stands here: it does so once, at its first pointer. */
  isFirst(target: unknown): boolean {
    return this.#referents?.isFirst(target) ?? true;
  }

  // ---- presentations ---------------------------------------------------------------------------

  /** The value to send for one that a program sees otherwise. */
  toWire<Wire, Shown>(
    presentation: Presentation<Wire, Shown>,
    value: NoInfer<Shown>,
    name: string,
  ): Wire {
    try {
      return presentation.toWire(value);
    } catch (thrown) {
      throw this.unpresentable(thrown, name);
    }
  }

  /** As `toWire`, where one value is needed at several places of a message: it is converted once. */
  wireOf<Wire, Shown>(
    presentation: Presentation<Wire, Shown>,
    value: NoInfer<Shown>,
    name: string,
  ): Wire {
    this.#conversions ??= new Conversions();
    try {
      return this.#conversions.of(presentation, value);
    } catch (thrown) {
      throw this.unpresentable(thrown, name);
    }
  }

  // ---- strings ---------------------------------------------------------------------------------

  /** A conformant varying string of UTF-16 code units: three counts, text, terminator. */
  wstring(text: string, name: string): void {
    if (typeof text !== "string") this.refuse(text, "a string", name);
    const units = text.length + 1;
    const unit = this.is64 ? 8 : 4;
    const at = (this.position + unit - 1) & -unit;
    const start = at + 3 * unit;
    const end = start + 2 * units;
    if (end > this.nativeCapacity || units > longText) {
      this.long(units);
      return this.wide(text, name);
    }
    this.position = end;
    const { words } = this;
    words[at >> 2] = units;
    words[(at + 2 * unit) >> 2] = units;
    this.text(text, start >> 2, name);
  }

  /** As `wstring`, with a max count that size_is gives. */
  wstringOf(text: string, size: number, name: string): void {
    this.count(size, name);
    this.wstringIn(text, size, name);
  }

  /** The varying part alone: a string with a fixed bound, or whose max count was hoisted. */
  wstringIn(text: string, size: number, name: string): void {
    if (typeof text !== "string") this.refuse(text, "a string", name);
    if (text.length + 1 > size) throw this.exceeds(size, 0, text.length + 1, name);
    this.wide(text, name);
  }

  /** Offset 0, actual count, text and terminator. */
  private wide(text: string, name: string): void {
    const { is64, little } = this;
    const units = text.length + 1;
    const header = is64 ? 16 : 8;
    let at = is64 ? (this.position + 7) & ~7 : (this.position + 3) & ~3;
    if (at + header + 2 * units > this.capacity) at = this.grow(at, header + 2 * units);
    this.view.setUint32(is64 ? (little ? at + 8 : at + 12) : at + 4, units, little);
    at += header;
    this.position = at + 2 * units;
    if (!this.isNative) return this.#swapped(text, at, name);
    if (units > longText && nativeWrite !== undefined) {
      if (text.includes("\0")) this.#embeddedNul(text, name);
      nativeWrite.call(this.slab, text, at, 2 * text.length);
      return;
    }
    this.text(text, at >> 2, name);
  }

  /** The units of a text at a multiple of 4: two of them a step, and the odd one. */
  private text(text: string, word: number, name: string): void {
    const { words } = this;
    const { length } = text;
    const even = length & ~1;
    for (let i = 0; i < even; i += 2, word++) {
      const first = text.charCodeAt(i);
      const second = text.charCodeAt(i + 1);
      if (first === 0 || second === 0) this.#embeddedNul(text, name);
      words[word] = first | (second << 16);
    }
    if (even < length) {
      const last = text.charCodeAt(even);
      if (last === 0) this.#embeddedNul(text, name);
      this.units[2 * word] = last;
    }
  }

  #swapped(text: string, at: number, name: string): void {
    const { view, little } = this;
    for (let i = 0; i < text.length; i++, at += 2) {
      const unit = text.charCodeAt(i);
      if (unit === 0) this.#embeddedNul(text, name);
      view.setUint16(at, unit, little);
    }
  }

  /** A conformant varying string of octets: each character is U+0001 to U+00FF. */
  string(text: string, name: string): void {
    if (typeof text !== "string") this.refuse(text, "a string", name);
    this.long(text.length + 1);
    this.#narrow(text, name);
  }

  /** As `string`, with a max count that size_is gives. */
  stringOf(text: string, size: number, name: string): void {
    this.count(size, name);
    this.stringIn(text, size, name);
  }

  /** The varying part alone: a string with a fixed bound, or whose max count was hoisted. */
  stringIn(text: string, size: number, name: string): void {
    if (typeof text !== "string") this.refuse(text, "a string", name);
    if (text.length + 1 > size) throw this.exceeds(size, 0, text.length + 1, name);
    this.#narrow(text, name);
  }

  #narrow(text: string, name: string): void {
    const length = text.length;
    this.long(0);
    this.long(length + 1);
    let at = this.position;
    if (at + length + 1 > this.capacity) at = this.grow(at, length + 1);
    this.position = at + length + 1;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit === 0) this.#embeddedNul(text, name);
      if (unit > 0xff) {
        const problem = `the character at ${i} is above U+00FF and the field has octets`;
        throw this.error("invalid_character", name, problem, 0xff, unit);
      }
      this.slab[at + i] = unit;
    }
  }

  #embeddedNul(text: string, name: string): never {
    const problem = `the character at ${text.indexOf("\0")} is U+0000, which ends a string`;
    throw this.error("invalid_character", name, problem);
  }

  // ---- elements of arrays ----------------------------------------------------------------------

  /** The number of elements, from which a max count and counting members are derived. */
  size(values: ArrayLike<unknown>, name: string): number {
    if (!Array.isArray(values) && !(values instanceof Uint8Array)) {
      this.refuse(values, "an array", name);
    }
    return values.length;
  }

  /** As `size`, of text: the number of UTF-16 code units. */
  textLength(text: string, name: string): number {
    if (typeof text !== "string") this.refuse(text, "a string", name);
    return text.length;
  }

  /** UTF-16 code units of an array that is no [string]: any units, no terminator. */
  wchars(text: string, name: string): void {
    if (typeof text !== "string") this.refuse(text, "a string", name);
    if (text.length === 0) return;
    let at = (this.position + 1) & ~1;
    if (at + 2 * text.length > this.capacity) at = this.grow(at, 2 * text.length);
    const { view, little } = this;
    for (let i = 0; i < text.length; i++) view.setUint16(at + 2 * i, text.charCodeAt(i), little);
    this.position = at + 2 * text.length;
  }

  /** Octets as they are, without count. */
  bytes(values: Uint8Array, name: string): void {
    if (!(values instanceof Uint8Array)) this.refuse(values, "a Uint8Array", name);
    let at = this.position;
    if (at + values.length > this.capacity) at = this.grow(at, values.length);
    this.slab.set(values, at);
    this.position = at + values.length;
  }

  u16s(values: readonly number[], name: string): void {
    this.#each(values, name, (value) => this.u16(value, ""));
  }

  i16s(values: readonly number[], name: string): void {
    this.#each(values, name, (value) => this.i16(value, ""));
  }

  u32s(values: readonly number[], name: string): void {
    const count = this.size(values, name);
    if (count === 0) return;
    if (!this.isNative) return this.#each(values, name, (value) => this.u32(value, ""));
    let at = (this.position + 3) & ~3;
    if (at + 4 * count > this.capacity) at = this.grow(at, 4 * count);
    this.position = at + 4 * count;
    const target = this.words;
    at >>= 2;
    for (let i = 0; i < count; i++) {
      const value = values[i] as number;
      const word = typeof value === "number" ? value >>> 0 : -1;
      if (word !== value) this.refuse(value, "an integer of 0 to 4294967295", `${name}[${i}]`);
      target[at + i] = word;
    }
  }

  i32s(values: readonly number[], name: string): void {
    this.#each(values, name, (value) => this.i32(value, ""));
  }

  u64s(values: readonly bigint[], name: string): void {
    this.#each(values, name, (value) => this.u64(value, ""));
  }

  i64s(values: readonly bigint[], name: string): void {
    this.#each(values, name, (value) => this.i64(value, ""));
  }

  f32s(values: readonly number[], name: string): void {
    this.#each(values, name, (value) => this.f32(value, ""));
  }

  f64s(values: readonly number[], name: string): void {
    this.#each(values, name, (value) => this.f64(value, ""));
  }

  #each<T>(values: readonly T[], name: string, write: (value: T) => void): void {
    const count = this.size(values, name);
    this.enter(name);
    for (let i = 0; i < count; i++) {
      this.at(i);
      write(values[i] as T);
    }
    this.leave();
  }

  // ---- handles, interface pointers, pipes ------------------------------------------------------

  /** A context handle, 20 octets; zeros for `null`. */
  contextHandle(handle: ContextHandle | null, name: string): void {
    let at = (this.position + 3) & ~3;
    if (at + 20 > this.capacity) at = this.grow(at, 20);
    this.position = at + 20;
    if (handle === null) return;
    if (!(handle instanceof ContextHandle)) this.refuse(handle, "a context handle", name);
    this.view.setUint32(at, handle.attributes, this.little);
    putUuid(this.view, at + 4, this.little, handle.uuid);
  }

  /** A context handle that must be there, as an [in] parameter. */
  openHandle(handle: ContextHandle, name: string): void {
    if (handle === null) throw this.error("null_reference", name, "the handle must not be null");
    this.contextHandle(handle, name);
  }

  /** The target of a pointer to an interface: MInterfacePointer ([MS-DCOM] 2.2.14). */
  interfacePointer(objref: Uint8Array, name: string): void {
    if (!(objref instanceof Uint8Array)) this.refuse(objref, "a Uint8Array", name);
    this.count(objref.length, name);
    this.u32(objref.length, name);
    this.bytes(objref, name);
    this.gap(4);
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
