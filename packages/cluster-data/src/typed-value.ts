/** The values of properties as numbers and texts, and as the octets of a list ([MS-CMRP] 2.2.2.2). */
import { type ListedValue, PropertyListError } from "./list-reader.ts";
import { Format, formatOf, isListValue, listValueOf, Syntax } from "./syntax.ts";
import { fromUtf16, utf16 } from "./utf16.ts";

export type PropertyValue =
  | {
      readonly format: typeof Format.Dword | typeof Format.Long | typeof Format.Word;
      readonly number: number;
    }
  | {
      readonly format:
        typeof Format.UlargeInteger | typeof Format.LargeInteger | typeof Format.FileTime;
      readonly number: bigint;
    }
  | { readonly format: typeof Format.Sz; readonly text: string }
  | {
      readonly format: typeof Format.ExpandSz;
      readonly text: string;
      /** The text with the values of variables: servers say it, clients must not. */
      readonly expanded?: string;
    }
  | { readonly format: typeof Format.MultiSz; readonly texts: readonly string[] }
  | {
      readonly format: typeof Format.Binary | typeof Format.SecurityDescriptor;
      readonly data: Uint8Array;
    };

/** The values that stand for one in a list: two for an EXPAND_SZ with variables that have values. */
export function listedValues(value: PropertyValue): ListedValue[] {
  const first = { syntax: listValueOf(value.format), data: octetsOf(value) };
  if (value.format !== Format.ExpandSz || value.expanded === undefined) return [first];
  return [first, { syntax: Syntax.ExpandedSz, data: utf16(`${value.expanded}\0`) }];
}

export function octetsOf(value: PropertyValue): Uint8Array {
  switch (value.format) {
    case Format.Word:
      return numberOctets(2, (view) => view.setUint16(0, value.number, true));
    case Format.Dword:
    case Format.Long:
      return numberOctets(4, (view) => view.setUint32(0, value.number, true));
    case Format.UlargeInteger:
    case Format.LargeInteger:
    case Format.FileTime:
      return numberOctets(8, (view) => view.setBigUint64(0, value.number, true));
    case Format.Sz:
    case Format.ExpandSz:
      return utf16(`${value.text}\0`);
    case Format.MultiSz:
      return utf16(`${value.texts.map((text) => `${text}\0`).join("")}\0`);
    case Format.Binary:
    case Format.SecurityDescriptor:
      return value.data;
  }
}

function numberOctets(size: number, set: (view: DataView) => void): Uint8Array {
  const octets = new Uint8Array(size);
  set(new DataView(octets.buffer));
  return octets;
}

/** What the values of one property mean; null for one without octets. @throws PropertyListError */
export function typedValue(values: readonly ListedValue[]): PropertyValue | null {
  const [first, second, ...more] = values;
  if (first === undefined || more.length > 0) {
    throw new PropertyListError("a property has another number of values than one or two");
  }
  if (first.data.length === 0) return null;
  const value = readValue(first);
  if (second === undefined) return value;
  if (value.format !== Format.ExpandSz || second.syntax !== Syntax.ExpandedSz) {
    throw new PropertyListError("a property has a second value that its first one can't have");
  }
  return { ...value, expanded: textIn(second.data) };
}

function readValue({ syntax, data }: ListedValue): PropertyValue {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const format = isListValue(syntax) ? formatOf(syntax) : Format.Unknown;
  if (format === Format.Unknown || format === Format.ExpandedSz) {
    throw new PropertyListError(`syntax 0x${syntax.toString(16)} isn't that of a property's value`);
  }
  switch (format) {
    case Format.Word:
      checkSize(data, 2);
      return { format, number: view.getUint16(0, true) };
    case Format.Dword:
      checkSize(data, 4);
      return { format, number: view.getUint32(0, true) };
    case Format.Long:
      checkSize(data, 4);
      return { format, number: view.getInt32(0, true) };
    case Format.LargeInteger:
      checkSize(data, 8);
      return { format, number: view.getBigInt64(0, true) };
    case Format.UlargeInteger:
    case Format.FileTime:
      checkSize(data, 8);
      return { format, number: view.getBigUint64(0, true) };
    case Format.Sz:
    case Format.ExpandSz:
      return { format, text: textIn(data) };
    case Format.MultiSz:
      return { format, texts: textsIn(data) };
    case Format.Binary:
    case Format.SecurityDescriptor:
      return { format, data };
  }
}

function checkSize({ length }: Uint8Array, size: number): void {
  if (length === size) return;
  throw new PropertyListError(`a number has ${length} octets instead of ${size}`);
}

/** A text up to its null. Some count padding in the size: more nulls may follow. @throws PropertyListError */
export function textIn(data: Uint8Array): string {
  const all = fromUtf16(data);
  const text = withoutNulls(all);
  if (data.length % 2 !== 0 || text.length === all.length || text.includes("\0")) {
    throw new PropertyListError("a text doesn't end with its only null");
  }
  return text;
}

/** Texts one after the other up to an empty one at the end, which may be missing. @throws PropertyListError */
function textsIn(data: Uint8Array): string[] {
  const all = fromUtf16(data);
  const ended = withoutNulls(all);
  if (data.length % 2 !== 0 || ended.length === all.length) {
    throw new PropertyListError("texts don't end with a null");
  }
  const texts = ended === "" ? [] : ended.split("\0");
  if (texts.includes("")) throw new PropertyListError("texts go on after an empty one");
  return texts;
}

/** The expression begins at the first of a row of nulls alone: from each of them it would look at all that follow. */
function withoutNulls(text: string): string {
  return text.replace(/(?<!\0)\0+$/, "");
}
