/** Values of properties as programs have them: a number, a text, texts or octets. */
import { Format as formats, type PropertyValue as TypedValue } from "@msrpc/cluster-data";

/** A name of CLUSTER_PROPERTY_FORMAT ([MS-CMRP] 2.2.2.2). */
export type Format = keyof typeof formats;

/** 64-bit numbers and times are bigints; what is neither number nor text is octets. */
export type PropertyValue = number | bigint | string | readonly string[] | Uint8Array;

/** The format of a property that nobody has set yet. */
export function formatFor(value: PropertyValue | null): Format {
  if (typeof value === "number") return "Dword";
  if (typeof value === "bigint") return "UlargeInteger";
  if (typeof value === "string" || value === null) return "Sz";
  return value instanceof Uint8Array ? "Binary" : "MultiSz";
}

const ranges = {
  Word: [0n, 0xffffn],
  Dword: [0n, 0xffff_ffffn],
  Long: [-(2n ** 31n), 2n ** 31n - 1n],
  UlargeInteger: [0n, 2n ** 64n - 1n],
  LargeInteger: [-(2n ** 63n), 2n ** 63n - 1n],
  FileTime: [0n, 2n ** 64n - 1n],
} as const satisfies Partial<Record<Format, readonly [low: bigint, high: bigint]>>;

/** @throws TypeError, RangeError for a value that the format doesn't hold */
export function typedAs(format: Format, value: PropertyValue, name: string): TypedValue {
  const isNumber = typeof value === "number" || typeof value === "bigint";
  switch (format) {
    case "Word":
    case "Dword":
    case "Long":
      if (!isNumber) break;
      return { format: formats[format], number: Number(inRange(format, value, name)) };
    case "UlargeInteger":
    case "LargeInteger":
    case "FileTime":
      if (!isNumber) break;
      return { format: formats[format], number: inRange(format, value, name) };
    case "Sz":
    case "ExpandSz":
      if (typeof value !== "string") break;
      return { format: formats[format], text: value };
    case "MultiSz":
      if (!Array.isArray(value)) break;
      return { format: formats[format], texts: value.map(String) };
    case "Binary":
    case "SecurityDescriptor":
      if (!(value instanceof Uint8Array)) break;
      return { format: formats[format], data: value };
    case "Unknown":
    case "ExpandedSz":
      break;
  }
  throw new TypeError(
    `property ${name} has the format ${format}, which this is no value of: ${typeof value}`,
  );
}

function inRange(format: keyof typeof ranges, value: number | bigint, name: string): bigint {
  const what = `${name} (${format})`;
  if (typeof value === "number" && !Number.isInteger(value)) {
    throw new RangeError(`${what} is no whole number: ${value}`);
  }
  const [low, high] = ranges[format];
  const number = BigInt(value);
  if (number < low || number > high) throw new RangeError(`${what} is from ${low} to ${high}`);
  return number;
}

/** A text with variables is what they stand for. */
export function plain(value: TypedValue): PropertyValue {
  if ("number" in value) return value.number;
  if ("texts" in value) return value.texts;
  if ("data" in value) return value.data;
  return value.format === formats.ExpandSz ? (value.expanded ?? value.text) : value.text;
}
