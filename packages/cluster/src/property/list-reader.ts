/** Reads the parts of value lists and property lists, never past the end of what was given. */
import { isSyntax, Syntax } from "./syntax.ts";

/** A value in a list: what it is, and its octets without padding. */
export interface ListedValue {
  readonly syntax: Syntax;
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
    if (!isSyntax(syntax)) throw this.error(`has no syntax 0x${syntax.toString(16)}`);
    const size = this.dword("a size");
    const padded = size + (-size & 3);
    if (padded > this.left) throw this.error(`ends within a value of ${size} octets`);
    const data = this.#octets.slice(this.#at, this.#at + size);
    this.#at += padded;
    return { syntax, data };
  }

  error(what: string): PropertyListError {
    return new PropertyListError(`the list ${what}, at octet ${this.#at}`);
  }
}
