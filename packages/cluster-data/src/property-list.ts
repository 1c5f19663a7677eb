/**
 * Property lists ([MS-CMRP] 2.2.3.10): a count and, for each property, its name, its values and an end mark. Windows has
 * four octets of zero after the last one, which the document doesn't know of: they are written, and read where they are.
 */
import { type ListedValue, ListReader, PropertyListError } from "./list-reader.ts";
import { ListWriter } from "./list-writer.ts";
import { Syntax } from "./syntax.ts";
import { listedValues, type PropertyValue, typedValue } from "./typed-value.ts";
import { fromUtf16 } from "./utf16.ts";

export interface Property {
  readonly name: string;
  /** Null for one without octets: a client that sets it has the property go back to its default. */
  readonly value: PropertyValue | null;
}

/** A property with its values as they stand in the list: an EXPAND_SZ has two of them. */
export interface ListedProperty {
  readonly name: string;
  readonly values: readonly ListedValue[];
}

export function writePropertyList(properties: readonly Property[]): Uint8Array {
  return writeListedProperties(
    properties.map(({ name, value }) => ({
      name,
      values:
        value === null ? [{ syntax: Syntax.Sz, data: new Uint8Array(0) }] : listedValues(value),
    })),
  );
}

/** As `writePropertyList`, for properties whose values are more than one, or none that a type stands for. */
export function writeListedProperties(properties: readonly ListedProperty[]): Uint8Array {
  const writer = new ListWriter();
  writer.dword(properties.length);
  for (const { name, values } of properties) {
    writer.name(name);
    for (const value of values) writer.value(value);
    writer.dword(Syntax.Endmark);
  }
  writer.dword(Syntax.Endmark);
  return writer.octets;
}

/** @throws PropertyListError */
export function readPropertyList(octets: Uint8Array): Property[] {
  return readListedProperties(octets).map(({ name, values }) => ({
    name,
    value: typedValue(values),
  }));
}

/** @throws PropertyListError */
export function readListedProperties(octets: Uint8Array): ListedProperty[] {
  const reader = new ListReader(octets);
  const properties: ListedProperty[] = [];
  for (let left = reader.dword("a count"); left > 0; left--) properties.push(readProperty(reader));
  const size = reader.left;
  const isEnded = size === 4 && reader.dword("the end") === Syntax.Endmark;
  if (!isEnded && size !== 0) throw reader.error("goes on after its last property");
  return properties;
}

function readProperty(reader: ListReader): ListedProperty {
  const first = reader.value();
  if (first?.syntax !== Syntax.Name) throw reader.error("has no name where a property begins");
  const name = nameIn(first.data);
  const values: ListedValue[] = [];
  for (let value = reader.value(); value !== null; value = reader.value()) {
    if (value.syntax === Syntax.Name) throw reader.error(`has a second name for ${name}`);
    values.push(value);
  }
  if (values.length === 0) throw reader.error(`has no value for ${name}`);
  return { name, values };
}

function nameIn(data: Uint8Array): string {
  const name = fromUtf16(data);
  if (data.length % 2 !== 0 || name.indexOf("\0") !== name.length - 1 || name.length < 2) {
    throw new PropertyListError("a name isn't a text that ends with its only null");
  }
  return name.slice(0, -1);
}
