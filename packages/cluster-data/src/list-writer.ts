/** Puts the parts of value lists and property lists one after the other, into one buffer that grows. */
import type { ListedValue } from "./list-reader.ts";
import { Syntax } from "./syntax.ts";
import { utf16Into } from "./utf16.ts";

export class ListWriter {
  #octets = new Uint8Array(1024);
  #view = new DataView(this.#octets.buffer);
  #at = 0;

  dword(number: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#at, number, true);
    this.#at += 4;
  }

  /** With as much padding as it takes to the next multiple of four. */
  value({ syntax, data }: ListedValue): void {
    this.#begin(syntax, data.length);
    this.#octets.set(data, this.#at);
    this.#end(data.length);
  }

  /** The name of a property, with its null. */
  name(name: string): void {
    const size = (name.length + 1) * 2;
    this.#begin(Syntax.Name, size);
    utf16Into(this.#view, this.#at, name);
    this.#end(size);
  }

  get octets(): Uint8Array {
    return this.#octets.slice(0, this.#at);
  }

  #begin(syntax: number, size: number): void {
    this.#reserve(8 + size + 3);
    this.dword(syntax);
    this.dword(size);
  }

  /** What follows the octets in use is always zero. */
  #end(size: number): void {
    this.#at += size + (-size & 3);
  }

  #reserve(size: number): void {
    const needed = this.#at + size;
    if (needed <= this.#octets.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#octets.length * 2));
    grown.set(this.#octets);
    this.#octets = grown;
    this.#view = new DataView(grown.buffer);
  }
}
