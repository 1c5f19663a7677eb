/** Reads NDR 2.0 and NDR64 in either byte order. Generated decoders are calls into it. */
/* oxlint-disable typescript/no-unnecessary-type-parameters -- only the caller knows what a stand-in is to become */
import { newArray } from "./array.ts";
import { maxElements } from "./cursor.ts";
import { ContextHandle } from "./context-handle.ts";
import { LeafReader } from "./leaf-reader.ts";
import type { NdrReaderOptions } from "./options.ts";
import type { Presentation } from "./presentation/presentation.ts";
import { Referent } from "./referents.ts";
import { copyOctets } from "./short-copies.ts";
import { readNarrow } from "./text.ts";
import { formatUuid, nilUuid } from "./uuid.ts";
import { WideText } from "./wide-text.ts";

/** Stands for a target that is still to be read. Never reaches a caller. */
const pending: object = Object.freeze({});

/**
 * An octet stream being read. Every method aligns by itself and takes the name of the field last,
 * for errors; all throw `NdrError` where the stream is not what the type demands.
 *
 * Nothing is allocated for a count before the octets that it promises are known to be there.
 */
export class NdrReader extends LeafReader {
  #referents: Map<number, Referent> | undefined;
  #text: WideText | undefined;

  constructor(bytes: Uint8Array, options: NdrReaderOptions = {}) {
    super(bytes, options);
  }

  // ---- pointers --------------------------------------------------------------------------------

  /** A unique pointer, in place: `null`, or a stand-in that the decoder replaces by the target. */
  pointer<T>(name: string): T | null {
    return this.long(name) === 0 ? null : (pending as T);
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
    if (this.long(name) === 0 && this.is64) {
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
    const id = this.long(name);
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

  // ---- presentations ---------------------------------------------------------------------------

  /** What a program sees of a value that was sent. */
  fromWire<Wire, Shown>(
    presentation: Presentation<Wire, Shown>,
    wire: NoInfer<Wire>,
    name: string,
  ): Shown {
    try {
      return presentation.fromWire(wire);
    } catch (thrown) {
      throw this.unpresentable(thrown, name);
    }
  }

  /** A value whose targets are still to be read, in the place of what a program will see of it. */
  unread<Shown>(wire: unknown): Shown {
    return wire as Shown;
  }

  /** What `unread` was given. */
  wireOf<Wire>(standIn: unknown): Wire {
    return standIn as Wire;
  }

  // ---- strings ---------------------------------------------------------------------------------

  /** A conformant varying string of UTF-16 code units, without its terminator. */
  wstring(name: string): string {
    const unit = this.is64 ? 8 : 4;
    const at = (this.position + unit - 1) & -unit;
    const start = at + 3 * unit;
    if (start + 2 <= this.limit) {
      const { view, little } = this;
      const size = view.getUint32(at, little);
      const length = view.getUint32(at + 2 * unit, little);
      const end = start + 2 * length;
      // Where all is as it must be, one look at the counts is enough; the checks below say what is not.
      if (
        length <= size &&
        length > 0 &&
        size <= maxElements &&
        end <= this.limit &&
        view.getUint32(at + unit) === 0 &&
        view.getUint16(end - 2) === 0 &&
        (unit === 4 || this.#areShort(at))
      ) {
        this.position = end;
        return this.wide(start, length - 1);
      }
    }
    return this.wstringIn(this.maxCount(name), name);
  }

  /** Whether the upper halves of the three counts at `at` in NDR64 are 0. */
  #areShort(at: number): boolean {
    const { view } = this;
    const upper = view.getUint32(at + 4) | view.getUint32(at + 12) | view.getUint32(at + 20);
    return this.little && upper === 0;
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
    const at = this.position;
    if (length === 0 || this.view.getUint16(at + 2 * length - 2) !== 0) {
      this.#unterminated(length, name);
    }
    this.position = at + 2 * length;
    return this.wide(at, length - 1);
  }

  private wide(at: number, length: number): string {
    this.#text ??= new WideText(this.octets, this.view, this.little);
    return this.#text.read(at, length);
  }

  /** UTF-16 code units of an array that is no [string]: any units, no terminator. */
  wchars(count: number, name: string): string {
    this.room(count, 2, name);
    if (count === 0) return "";
    const at = (this.position + 1) & ~1;
    if (at + 2 * count > this.limit) this.short(2 * count, name);
    this.position = at + 2 * count;
    return this.wide(at, count);
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
    const at = this.position;
    if (length === 0 || this.octets[at + length - 1] !== 0) this.#unterminated(length, name);
    this.position = at + length;
    return readNarrow(this.octets, at, length - 1);
  }

  #unterminated(length: number, name: string): never {
    const problem = `the last of ${length} characters is no terminator`;
    throw this.error("unterminated_string", name, problem);
  }

  // ---- elements of arrays ----------------------------------------------------------------------

  /**
   * Octets as they are: a copy, unless the buffer they came in is theirs, so that the result may live longer. What else
   * there is in the buffer around them is not theirs to look at or to transfer.
   */
  bytes(count: number, name: string): Uint8Array {
    const at = this.position;
    if (at + count > this.limit) this.short(count, name);
    this.position = at + count;
    const end = at + count;
    return count < this.viewed ? copyOctets(this.octets, at, end) : this.octets.subarray(at, end);
  }

  u16s(count: number, name: string): number[] {
    return this.#each(count, 2, name, () => this.u16(""));
  }

  i16s(count: number, name: string): number[] {
    return this.#each(count, 2, name, () => this.i16(""));
  }

  u32s(count: number, name: string): number[] {
    this.room(count, 4, name);
    if (count === 0) return [];
    let at = (this.position + 3) & ~3;
    if (at + 4 * count > this.limit) this.short(4 * count, name);
    // An array of its own kind, numbers: those of `newArray` hold anything.
    // oxlint-disable-next-line unicorn/no-new-array
    const values = new Array<number>(count);
    const view = this.view;
    const little = this.little;
    for (let i = 0; i < count; i++, at += 4) values[i] = view.getUint32(at, little);
    this.position = at;
    return values;
  }

  i32s(count: number, name: string): number[] {
    return this.#each(count, 4, name, () => this.i32(""));
  }

  u64s(count: number, name: string): bigint[] {
    return this.#each(count, 8, name, () => this.u64(""));
  }

  i64s(count: number, name: string): bigint[] {
    return this.#each(count, 8, name, () => this.i64(""));
  }

  f32s(count: number, name: string): number[] {
    return this.#each(count, 4, name, () => this.f32(""));
  }

  f64s(count: number, name: string): number[] {
    return this.#each(count, 8, name, () => this.f64(""));
  }

  #each<T>(count: number, size: number, name: string, read: () => T): T[] {
    this.room(count, size, name);
    const values = newArray<T>(count);
    this.enter(name);
    for (let i = 0; i < count; i++) {
      this.at(i);
      values[i] = read();
    }
    this.leave();
    return values;
  }

  // ---- handles, interface pointers, pipes ------------------------------------------------------

  /** A context handle; `null` for 20 octets of zero. */
  contextHandle<T extends ContextHandle = ContextHandle>(name: string): T | null {
    const at = (this.position + 3) & ~3;
    if (at + 20 > this.limit) this.short(20, name);
    this.position = at + 20;
    const attributes = this.view.getUint32(at, this.little);
    const uuid = formatUuid(this.view, at + 4, this.little);
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
    const objref = this.bytes(count, name);
    this.gap(4);
    return objref;
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
