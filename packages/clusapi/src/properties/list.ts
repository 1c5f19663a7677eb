/**
 * Property lists ([MS-CMRP] 2.2.3.10): a count and, for each property, its name, its values and an end mark. Windows has four
 * octets of zero after the last one; they may be there or not.
 */
import {
  decodeAs,
  encodeAs,
  type Format,
  formatOfCode,
  formats,
  type PropertyValue,
} from "./value.ts";
import { fromUtf16, utf16 } from "../registry/utf16.ts";

export interface ListedProperty {
  readonly name: string;
  readonly format: Format;
  readonly value: PropertyValue;
}

/** What a server sent as a property list, and is none. */
export class PropertyListError extends Error {
  override readonly name = "PropertyListError";
}

const nameSyntax = 0x0004_0003;
const endmark = 0;
/** CLUSPROP_TYPE_LIST_VALUE, in the upper half of a syntax. */
const listValue = 0x0001_0000;

/** Null has the property go back to its default: it is a value without octets. */
export function writePropertyList(
  properties: readonly { name: string; format: Format; value: PropertyValue | null }[],
): Uint8Array {
  const parts = [dword(properties.length)];
  const value = (syntax: number, data: Uint8Array): void => {
    parts.push(dword(syntax), dword(data.length), data, new Uint8Array(-data.length & 3));
  };
  for (const { name, format, value: given } of properties) {
    value(nameSyntax, utf16(`${name}\0`));
    value(
      listValue | formats[format],
      given === null ? new Uint8Array(0) : encodeAs(format, given, name),
    );
    parts.push(dword(endmark));
  }
  parts.push(dword(endmark));
  const list = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of parts) {
    list.set(part, at);
    at += part.length;
  }
  return list;
}

/** @throws PropertyListError */
export function readPropertyList(octets: Uint8Array): ListedProperty[] {
  const reader = new Reader(octets);
  const properties: ListedProperty[] = [];
  for (let left = reader.dword(); left > 0; left--) {
    const name = reader.value();
    if (name?.syntax !== nameSyntax) throw new PropertyListError("a property has no name");
    const first = reader.value();
    if (first === null) throw new PropertyListError("a property has no value");
    // A text with variables is followed by what they stand for: the last value is what counts.
    let last = first;
    for (let next = reader.value(); next !== null; next = reader.value()) last = next;
    const format = formatOfCode(first.syntax & 0xffff);
    properties.push({
      name: fromUtf16(name.data).replace(/\0.*$/s, ""),
      format,
      value: decodeAs(formatOfCode(last.syntax & 0xffff), last.data),
    });
  }
  return properties;
}

class Reader {
  readonly #octets: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
    this.#view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  }

  dword(): number {
    if (this.#octets.length - this.#at < 4) throw new PropertyListError("the list ends too early");
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }

  /** Null for an end mark. */
  value(): { readonly syntax: number; readonly data: Uint8Array } | null {
    const syntax = this.dword();
    if (syntax === endmark) return null;
    const size = this.dword();
    const padded = size + (-size & 3);
    if (padded > this.#octets.length - this.#at) {
      throw new PropertyListError(`the list ends within a value of ${size} octets`);
    }
    const data = this.#octets.slice(this.#at, this.#at + size);
    this.#at += padded;
    return { syntax, data };
  }
}

function dword(number: number): Uint8Array {
  const data = new Uint8Array(4);
  new DataView(data.buffer).setUint32(0, number, true);
  return data;
}
