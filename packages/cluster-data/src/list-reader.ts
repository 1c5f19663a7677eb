/** Reads the parts of value lists and property lists, never past the end of what was given. */
import { Syntax } from "./syntax.ts";

/** A value in a list: what it is, and its octets without padding. */
export interface ListedValue {
  /** Of `Syntax`, or one that isn't known here: its size says where it ends all the same. */
  readonly syntax: number;
  readonly data: Uint8Array;
}

/** Octets that are no property list or value list, or values that aren't what their syntax says. */
export class PropertyListError extends Error {
  override readonly name = "PropertyListError";
}

export class ListReader {
  readonly #octets: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
    this.#view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  }

  get left(): number {
    return this.#octets.length - this.#at;
  }

  dword(what: string): number {
    if (this.left < 4) throw this.error(`ends before ${what}`);
    const number = this.#view.getUint32(this.#at, true);
    this.#at += 4;
    return number;
  }

  /** The next value with its padding; null for an end mark. */
  value(): ListedValue | null {
    const syntax = this.dword("a syntax");
    if (syntax === Syntax.Endmark) return null;
    const size = this.dword("a size");
    const padded = size + (-size & 3);
    if (padded > this.left) throw this.error(`ends within a value of ${size} octets`);
    // A copy, also of a Buffer, whose own slice() is none.
    const data = new Uint8Array(this.#octets.subarray(this.#at, this.#at + size));
    this.#at += padded;
    return { syntax, data };
  }

  error(what: string): PropertyListError {
    return new PropertyListError(`the list ${what}, at octet ${this.#at}`);
  }
}
