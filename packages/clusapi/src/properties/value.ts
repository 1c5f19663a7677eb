/** Values of properties as programs have them, and as octets ([MS-CMRP] 2.2.2.2, 2.2.3.10). */
import { fromUtf16, utf16 } from "../registry/utf16.ts";

/** CLUSTER_PROPERTY_FORMAT. */
export const formats = {
  Unknown: 0,
  Binary: 1,
  Dword: 2,
  Sz: 3,
  ExpandSz: 4,
  MultiSz: 5,
  UlargeInteger: 6,
  Long: 7,
  ExpandedSz: 8,
  SecurityDescriptor: 9,
  LargeInteger: 10,
  Word: 11,
  FileTime: 12,
} as const;
export type Format = keyof typeof formats;

/** 64-bit numbers and times are bigints; what is neither number nor text is octets. */
export type PropertyValue = number | bigint | string | readonly string[] | Uint8Array;

export function formatOfCode(code: number): Format {
  const found = Object.entries(formats).find(([, number]) => number === code);
  return found === undefined ? "Unknown" : (found[0] as Format);
}

/** The format of a property that nobody has set yet. */
export function formatFor(value: PropertyValue | null): Format {
  if (typeof value === "number") return "Dword";
  if (typeof value === "bigint") return "UlargeInteger";
  if (typeof value === "string" || value === null) return "Sz";
  return value instanceof Uint8Array ? "Binary" : "MultiSz";
}

interface Numbers {
  readonly size: number;
  readonly low: bigint;
  readonly high: bigint;
}

const numbers: Readonly<Partial<Record<Format, Numbers>>> = {
  Word: { size: 2, low: 0n, high: 0xffffn },
  Dword: { size: 4, low: 0n, high: 0xffff_ffffn },
  Long: { size: 4, low: -(2n ** 31n), high: 2n ** 31n - 1n },
  UlargeInteger: { size: 8, low: 0n, high: 2n ** 64n - 1n },
  LargeInteger: { size: 8, low: -(2n ** 63n), high: 2n ** 63n - 1n },
  FileTime: { size: 8, low: 0n, high: 2n ** 64n - 1n },
};

const texts: ReadonlySet<Format> = new Set(["Sz", "ExpandSz", "ExpandedSz"] as const);

/** @throws TypeError, RangeError for a value that the format doesn't hold */
export function encodeAs(format: Format, value: PropertyValue, name: string): Uint8Array {
  const kind = numbers[format];
  if (kind !== undefined && (typeof value === "number" || typeof value === "bigint")) {
    return numberOctets(kind, value, `${name} (${format})`);
  }
  if (texts.has(format) && typeof value === "string") return utf16(`${value}\0`);
  if (format === "MultiSz" && Array.isArray(value)) {
    return utf16(`${value.map((text) => `${String(text)}\0`).join("")}\0`);
  }
  const isOctets = kind === undefined && !texts.has(format) && format !== "MultiSz";
  if (isOctets && value instanceof Uint8Array) return value;
  throw new TypeError(
    `property ${name} is a ${format}, which this is no value of: ${typeof value}`,
  );
}

function numberOctets(
  { size, low, high }: Numbers,
  value: number | bigint,
  what: string,
): Uint8Array {
  if (typeof value === "number" && !Number.isInteger(value)) {
    throw new RangeError(`${what} is no whole number: ${value}`);
  }
  const number = BigInt(value);
  if (number < low || number > high) throw new RangeError(`${what} is from ${low} to ${high}`);
  const whole = new Uint8Array(8);
  new DataView(whole.buffer).setBigUint64(0, BigInt.asUintN(64, number), true);
  return whole.slice(0, size);
}

/** Octets that are not as the format wants them are given as they are. */
export function decodeAs(format: Format, data: Uint8Array): PropertyValue {
  const kind = numbers[format];
  if (kind !== undefined && data.length === kind.size) return numberIn(kind, data);
  const isText = data.length % 2 === 0;
  if (texts.has(format) && isText) return fromUtf16(data).replace(/\0.*$/s, "");
  if (format === "MultiSz" && isText) {
    const all = fromUtf16(data).split("\0");
    return all.slice(0, all.indexOf(""));
  }
  return data;
}

function numberIn({ size, low }: Numbers, data: Uint8Array): number | bigint {
  const whole = new Uint8Array(8);
  whole.set(data);
  const unsigned = new DataView(whole.buffer).getBigUint64(0, true);
  const number = low < 0n ? BigInt.asIntN(size * 8, unsigned) : unsigned;
  return size === 8 ? number : Number(number);
}
