/** The four ways a stub can be written, and short ways to write and read one. */
import { NdrReader, type NdrReaderOptions, NdrWriter } from "@msrpc/ndr";
import { hex } from "../../../../test/support/hex.ts";

export { octets } from "../../../../test/support/hex.ts";

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
  return hex(written(write, options));
}

/** `hexOf` without the spaces of what is expected. */
export function packed(digits: string): string {
  return digits.replaceAll(/\s/g, "");
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
