/** What both versions of type serialization share: a header, then types each behind its own header. */
import { NdrError } from "../error.ts";
import type { ByteOrder, NdrLimits, Strictness } from "../options.ts";
import { NdrReader } from "../reader.ts";
import { NdrWriter } from "../writer.ts";

/** Writes one top-level type, its deferred part included. */
export type WriteType = (w: NdrWriter) => void;

/** Reads one top-level type, its deferred part included. */
export type ReadType<T> = (r: NdrReader) => T;

export interface DeserializeOptions {
  /** Default: 6. */
  readonly strictness?: Strictness;
  readonly limits?: Partial<NdrLimits>;
}

/** What a common type header says about the types behind it. */
export interface Layout {
  readonly syntax: "ndr" | "ndr64";
  readonly byteOrder: ByteOrder;
  /** Octets of the common header. */
  readonly headerLength: number;
  /** Alignment of private headers, and their length; types are padded to it. */
  readonly unit: number;
}

export function malformed(problem: string, path: string, offset: number): NdrError {
  const operation = "type serialization";
  return new NdrError({ code: "unsupported_representation", problem, operation, path, offset });
}

const alignTo = (length: number, unit: number): number => (length + unit - 1) & -unit;

/** The common header, then each type behind a private header, padded. */
export function join(header: Uint8Array, types: readonly WriteType[], layout: Layout): Uint8Array {
  const { unit, byteOrder } = layout;
  const w = new NdrWriter(layout);
  w.operation = "type serialization";
  const parts = types.map((write) => {
    write(w);
    return w.finish();
  });
  const lengths = parts.map((part) => unit + alignTo(part.length, unit));
  const stream = new Uint8Array(lengths.reduce((sum, length) => sum + length, header.length));
  const view = new DataView(stream.buffer);
  stream.set(header);
  let at = header.length;
  for (const [i, part] of parts.entries()) {
    view.setUint32(at, alignTo(part.length, unit), byteOrder === "little");
    stream.set(part, at + unit);
    at += lengths[i] ?? 0;
  }
  return stream;
}

/** The types of a stream one after the other, each by its own function. */
export class SerializedTypes {
  readonly #stream: Uint8Array;
  readonly #layout: Layout;
  readonly #options: DeserializeOptions;
  #at: number;

  constructor(stream: Uint8Array, layout: Layout, options: DeserializeOptions) {
    this.#stream = stream;
    this.#layout = layout;
    this.#options = options;
    this.#at = layout.headerLength;
  }

  get syntax(): "ndr" | "ndr64" {
    return this.#layout.syntax;
  }

  get byteOrder(): ByteOrder {
    return this.#layout.byteOrder;
  }

  /** Whether another type follows. */
  get hasMore(): boolean {
    return this.#at < this.#stream.length;
  }

  /**
   * Reads the next type, which is a constructed one in version 1.
   *
   * @throws NdrError where the stream ends too early or the type takes more than its header says
   */
  next<T>(read: ReadType<T>): T {
    const { unit, byteOrder } = this.#layout;
    const start = this.#at + unit;
    if (start > this.#stream.length) {
      throw malformed("the private header is cut off", "ObjectBufferLength", this.#at);
    }
    const view = new DataView(this.#stream.buffer, this.#stream.byteOffset + this.#at, 4);
    const length = view.getUint32(0, byteOrder === "little");
    if (length > this.#stream.length - start) {
      const problem = `says ${length}, ${this.#stream.length - start} octets are left`;
      throw malformed(problem, "ObjectBufferLength", this.#at);
    }
    const value = this.#read(start, start + length, read);
    this.#at = alignTo(start + length, unit);
    return value;
  }

  /** Reads the next type, a primitive one of version 1: it has no header and fills 8 octets. */
  protected nextPrimitive<T>(read: ReadType<T>): T {
    const start = this.#at;
    const value = this.#read(start, Math.min(start + 8, this.#stream.length), read);
    this.#at = start + 8;
    return value;
  }

  #read<T>(start: number, end: number, read: ReadType<T>): T {
    const { syntax, byteOrder } = this.#layout;
    const r = new NdrReader(this.#stream.subarray(start, end), {
      ...this.#options,
      syntax,
      byteOrder,
    });
    r.operation = "type serialization";
    return read(r);
  }
}
