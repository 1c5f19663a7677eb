/** The four ways a stub can be written, and short ways to write and read one. */
import { NdrReader, type NdrReaderOptions, NdrWriter } from "@msrpc/ndr";

export const formats = [
  { syntax: "ndr", byteOrder: "little" },
  { syntax: "ndr", byteOrder: "big" },
  { syntax: "ndr64", byteOrder: "little" },
  { syntax: "ndr64", byteOrder: "big" },
] as const;

export function written(write: (w: NdrWriter) => void, options: NdrReaderOptions = {}): Uint8Array {
  const w = new NdrWriter(options);
  write(w);
  return w.finish();
}

export function hexOf(write: (w: NdrWriter) => void, options: NdrReaderOptions = {}): string {
  return [...written(write, options)].map((octet) => octet.toString(16).padStart(2, "0")).join("");
}

/** Octets from hexadecimal digits; spaces are for people. */
export function octets(hex: string): Uint8Array {
  const digits = hex.replaceAll(/\s/g, "");
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
}

/** `hexOf` without the spaces of what is expected. */
export function packed(hex: string): string {
  return hex.replaceAll(/\s/g, "");
}

/** Reads everything: octets left over are an error. */
export function readBack<T>(
  bytes: Uint8Array,
  read: (r: NdrReader) => T,
  options: NdrReaderOptions = {},
): T {
  const r = new NdrReader(bytes, options);
  const value = read(r);
  r.end();
  return value;
}
