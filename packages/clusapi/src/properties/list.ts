/** Property lists with values as programs have them. */
import {
  Format as formats,
  type ListedProperty as Carried,
  listedValues,
  type ListedValue,
  listValueOf,
  PropertyListError,
  readListedProperties,
  Syntax,
  typedValue,
  writeListedProperties,
  writeValueList,
} from "@msrpc/cluster-data";
import { type Format, plain, type PropertyValue, typedAs } from "./value.ts";

export interface ListedProperty {
  readonly name: string;
  readonly format: Format;
  readonly value: PropertyValue;
}

/**
 * Null has the property go back to its default: it is a value without octets.
 *
 * @throws TypeError, RangeError for a value that its format doesn't hold
 */
export function writeProperties(
  properties: readonly { name: string; format: Format; value: PropertyValue | null }[],
): Uint8Array {
  return writeListedProperties(
    properties.map(({ name, format, value }): Carried => {
      if (value !== null) return { name, values: listedValues(typedAs(format, value, name)) };
      const syntax = format === "Unknown" ? Syntax.Sz : listValueOf(formats[format]);
      return { name, values: [{ syntax, data: new Uint8Array(0) }] };
    }),
  );
}

/** @throws PropertyListError */
export function readProperties(octets: Uint8Array): ListedProperty[] {
  return readListedProperties(octets).map(({ name, values }) => {
    const format = formatOf(values);
    return { name, format, value: valueOf(format, values) };
  });
}

const names: ReadonlyMap<number, Format> = new Map(
  Object.entries(formats).map(([name, code]) => [code, name as Format]),
);

function formatOf([first]: readonly ListedValue[]): Format {
  return names.get((first?.syntax ?? 0) & 0xffff) ?? "Unknown";
}

const empty: Readonly<Partial<Record<Format, PropertyValue>>> = {
  Sz: "",
  ExpandSz: "",
  MultiSz: [],
};

/** Octets that are not as their format wants them are given as they are, several values as the octets of a value list. */
function valueOf(format: Format, values: readonly ListedValue[]): PropertyValue {
  try {
    const value = typedValue(values);
    return value === null ? (empty[format] ?? new Uint8Array(0)) : plain(value);
  } catch (error) {
    if (!(error instanceof PropertyListError)) throw error;
  }
  const [only, ...more] = values;
  return only === undefined || more.length > 0 ? writeValueList(values) : only.data;
}
