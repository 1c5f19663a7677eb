/** Counted strings as text: RPC_UNICODE_STRING and structures of its form ([MS-DTYP] 2.3.10). */
import type { Presentation } from "./presentation.ts";

/** Lengths in octets. */
export interface CountedStringWire {
  length: number;
  maximumLength: number;
  buffer: string | null;
}

/** The most octets that 16 bits count, and a string can have. */
const mostOctets = 0xfffe;

function wireOf(text: string, buffer: string | null): CountedStringWire {
  if (typeof text !== "string") throw new TypeError("a counted string is made of text");
  const octets = 2 * (buffer?.length ?? 0);
  if (octets <= mostOctets) return { length: octets, maximumLength: octets, buffer };
  throw new RangeError(`a counted string of ${octets} octets is longer than ${mostOctets}`);
}

function textOf({ length, buffer }: CountedStringWire): string {
  if (length % 2 === 0) return buffer ?? "";
  throw new RangeError(`a counted string can't have ${length} octets, which is odd`);
}

/**
 * Just the units that are counted: no terminator is added and none is taken away ([MS-DTYP] 2.3.10). Empty text is a
 * NULL buffer with lengths of 0, and either is read as empty text.
 *
 * Encoding throws for text above 32767 units, decoding for an odd length.
 */
export const asCountedString: Presentation<CountedStringWire, string> = {
  toWire: (text) => wireOf(text, text === "" ? null : text),
  fromWire: textOf,
};

/**
 * A counted string whose terminator is counted, as the registry's are ([MS-RRP] 2.2.4): it is added on encoding, and
 * taken away on decoding where it is there.
 */
export const asTerminatedString: Presentation<CountedStringWire, string> = {
  toWire: (text) => wireOf(text, `${text}\0`),
  fromWire: (value) => textOf(value).replace(/\0$/, ""),
};
