/** [string]: three counts, text, terminator. */
import { NdrReader, NdrWriter } from "@msrpc/ndr";
import * as fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { formats, hexOf, octets, packed, readBack, written } from "./support/formats.ts";

test("a wide string is max count, offset, actual count, units and terminator", () => {
  const write = (w: NdrWriter): void => w.wstring("aé", "s");
  expect(hexOf(write)).toBe(packed("03000000 00000000 03000000 6100 e900 0000"));
  expect(hexOf(write, { byteOrder: "big" })).toBe(
    packed("00000003 00000000 00000003 0061 00e9 0000"),
  );
  expect(hexOf(write, { syntax: "ndr64" })).toBe(
    packed("0300000000000000 0000000000000000 0300000000000000 6100 e900 0000"),
  );
});

test("a narrow string has an octet for each character", () => {
  expect(hexOf((w) => w.string("aé", "s"))).toBe(packed("03000000 00000000 03000000 61 e9 00"));
});

test("size_is gives the max count, a bound or a hoisted count none", () => {
  expect(hexOf((w) => w.wstringOf("a", 9, "s"))).toBe(
    packed("09000000 00000000 02000000 6100 0000"),
  );
  expect(hexOf((w) => w.wstringIn("a", 9, "s"))).toBe(packed("00000000 02000000 6100 0000"));
  expect(hexOf((w) => w.stringOf("a", 9, "s"))).toBe(packed("09000000 00000000 02000000 61 00"));
  expect(hexOf((w) => w.stringIn("a", 9, "s"))).toBe(packed("00000000 02000000 61 00"));
});

/** Any code units but U+0000, so unpaired surrogates as well. */
const wide = fc
  .array(fc.integer({ min: 1, max: 0xffff }), { maxLength: 200 })
  .map((units) => String.fromCharCode(...units));
const narrow = fc
  .array(fc.integer({ min: 1, max: 0xff }), { maxLength: 200 })
  .map((units) => String.fromCharCode(...units));

test("any text comes back, unpaired surrogates and byte order marks unharmed", () => {
  fc.assert(
    fc.property(wide, narrow, fc.constantFrom(...formats), (text, latin, format) => {
      const bytes = written((w) => {
        w.wstring(text, "a");
        w.string(latin, "b");
        w.wstringOf(text, text.length + 9, "c");
        w.stringIn(latin, 300, "d");
      }, format);
      const back = readBack(
        bytes,
        (r) => [
          r.wstring("a"),
          r.string("b"),
          r.wstringOf(text.length + 9, "c"),
          r.stringIn(300, "d"),
        ],
        format,
      );
      expect(back).toEqual([text, latin, text, latin]);
    }),
  );
});

test.each([0, 1, 7, 8, 11, 12, 13, 47, 48, 95, 96, 97, 4095, 4096, 4097, 10_000])(
  "text of %i characters comes back in either byte order",
  (length) => {
    const text = "\ufeffé€x".repeat(length).slice(0, length);
    for (const format of formats) {
      const bytes = written((w) => w.wstring(text, "a"), format);
      expect(readBack(bytes, (r) => r.wstring("a"), format)).toBe(text);
    }
    const narrowText = "aé".repeat(length).slice(0, length);
    const bytes = written((w) => w.string(narrowText, "a"));
    expect(readBack(bytes, (r) => r.string("a"))).toBe(narrowText);
  },
);

test.each(["a\0b", "\0", "abc\0", "ab\0d", "abcdefgh\0", `${"x".repeat(200)}\0`])(
  "%o ends too early to be sent",
  (text) => {
    for (const format of formats) {
      expect(() => written((w) => w.wstring(text, "s"), format)).toThrow(
        expect.objectContaining({ code: "invalid_character", path: "s" }),
      );
    }
    expect(() => written((w) => w.string(text, "s"))).toThrow("U+0000");
  },
);

test("a character above U+00FF has no octet", () => {
  expect(() => written((w) => w.string("a€", "s"))).toThrow(
    expect.objectContaining({ code: "invalid_character", found: 0x20ac }),
  );
});

test("a string longer than its bound or size is refused", () => {
  for (const write of [
    (w: NdrWriter) => w.wstringIn("abc", 3, "s"),
    (w: NdrWriter) => w.wstringOf("abc", 3, "s"),
    (w: NdrWriter) => w.stringIn("abc", 3, "s"),
    (w: NdrWriter) => w.stringOf("abc", 3, "s"),
  ]) {
    expect(() => written(write)).toThrow(expect.objectContaining({ code: "length_exceeds_size" }));
  }
});

const malformed: readonly [what: string, hex: string, code: string][] = [
  ["has no terminator", "02000000 00000000 02000000 61006200", "unterminated_string"],
  ["is empty without a terminator", "00000000 00000000 00000000", "unterminated_string"],
  ["has an offset", "03000000 01000000 02000000 61000000", "first_mismatch"],
  ["is longer than its max count", "01000000 00000000 02000000 61000000", "length_exceeds_size"],
  ["ends before its text does", "09000000 00000000 09000000 61000000", "end_of_data"],
  ["has no actual count", "02000000 00000000", "end_of_data"],
  ["has more than 2^31-1 characters", "00000080 00000000 00000080", "count_too_large"],
];

test.each(malformed)("a wide string that %s is refused", (_what, hex, code) => {
  expect(() => new NdrReader(octets(hex)).wstring("s")).toThrow(
    expect.objectContaining({ code, path: "s" }),
  );
});

test("a narrow string without terminator is refused", () => {
  const bytes = octets("02000000 00000000 02000000 6162");
  expect(() => new NdrReader(bytes).string("s")).toThrow("no terminator");
});

test("a max count larger than the text is a buffer's size, and fine", () => {
  const bytes = octets("ff000000 00000000 02000000 61000000");
  expect(readBack(bytes, (r) => r.wstring("s"))).toBe("a");
  expect(readBack(bytes, (r) => r.wstringOf(255, "s"))).toBe("a");
  expect(() => new NdrReader(bytes).wstringOf(2, "s")).toThrow(
    expect.objectContaining({ code: "size_mismatch", expected: 2, found: 255 }),
  );
});

/** Strings with numbers between them: octets that are no text in the midst of a stub's text. */
const many = fc.array(fc.tuple(wide, fc.nat(0xffffffff)), { maxLength: 60 });

function writeMany(w: NdrWriter, all: readonly (readonly [string, number])[]): void {
  for (const [text, number] of all) {
    w.wstring(text, "text");
    w.u32(number, "number");
  }
}

function readMany(r: NdrReader, count: number): [string, number][] {
  return Array.from({ length: count }, () => [r.wstring("text"), r.u32("number")]);
}

test("many strings in one stub come back, wherever they begin and end", () => {
  fc.assert(
    fc.property(many, fc.constantFrom(...formats), (all, format) => {
      const bytes = written((w) => writeMany(w, all), format);
      expect(readBack(bytes, (r) => readMany(r, all.length), format)).toEqual(all);
    }),
  );
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

test("strings come back where there is no Buffer, as in a browser", async () => {
  vi.stubGlobal("Buffer", undefined);
  vi.resetModules();
  const { NdrReader: Reader, NdrWriter: Writer } = await import("@msrpc/ndr");
  expect(Reader).not.toBe(NdrReader);
  fc.assert(
    fc.property(many, (all) => {
      const bytes = written((w) => writeMany(w, all));
      const w = new Writer();
      writeMany(w, all);
      expect(w.finish()).toEqual(bytes);
      const r = new Reader(bytes);
      expect(all.map(() => [r.wstring("text"), r.u32("number")])).toEqual(all);
    }),
  );
});

test("wide characters that are no [string] keep zeros and unpaired surrogates, in either byte order", () => {
  const text = "a\0b\0\0\ud800";
  for (const byteOrder of ["little", "big"] as const) {
    const writer = new NdrWriter({ byteOrder });
    writer.u8(1, "before");
    writer.wchars(text, "text");
    const octets = writer.finish();
    expect(octets.length).toBe(14);
    const reader = new NdrReader(octets, { byteOrder });
    reader.u8("before");
    expect(reader.wchars(6, "text")).toBe(text);
  }
  expect(() => new NdrReader(new Uint8Array(4)).wchars(3, "text")).toThrow("needs 6 octets");
  expect(() => new NdrWriter().textLength(3 as never, "text")).toThrow("expected a string");
});
