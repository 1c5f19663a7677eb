/** Counts, elements, and that nothing is allocated for elements that aren't there. */
import { NdrReader, type NdrWriter } from "@msrpc/ndr";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formats, hexOf, octets, packed, readBack, written } from "./support/formats.ts";

test("a conformant array is its max count and its elements", () => {
  const write = (w: NdrWriter): void => {
    w.count(2, "a");
    w.u16s([1, 2], "a");
  };
  expect(hexOf(write)).toBe(packed("02000000 0100 0200"));
  expect(hexOf(write, { syntax: "ndr64" })).toBe(packed("0200000000000000 0100 0200"));
});

test("a varying array has offset and actual count, in NDR64 of 8 octets", () => {
  const write = (w: NdrWriter): void => w.varyingFrom(9, 3, 2, "a");
  expect(hexOf(write)).toBe(packed("03000000 02000000"));
  expect(hexOf(write, { syntax: "ndr64", byteOrder: "big" })).toBe(
    packed("0000000000000003 0000000000000002"),
  );
});

const numbers = fc.record({
  bytes: fc.uint8Array({ maxLength: 40 }),
  u16s: fc.array(fc.nat(0xffff)),
  i16s: fc.array(fc.integer({ min: -0x8000, max: 0x7fff })),
  u32s: fc.array(fc.nat(0xffffffff)),
  i32s: fc.array(fc.integer()),
  u64s: fc.array(fc.bigInt(0n, 2n ** 64n - 1n)),
  i64s: fc.array(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)),
  f32s: fc.array(fc.float()),
  f64s: fc.array(fc.double()),
});
const kinds = ["bytes", "u16s", "i16s", "u32s", "i32s", "u64s", "i64s", "f32s", "f64s"] as const;

test("arrays of every number type come back in every format", () => {
  fc.assert(
    fc.property(numbers, fc.constantFrom(...formats), (all, format) => {
      const bytes = written((w) => {
        for (const kind of kinds) {
          w.count(w.size(all[kind], kind), kind);
          (w[kind] as (values: unknown, name: string) => void).call(w, all[kind], kind);
        }
      }, format);
      const back = readBack(
        bytes,
        (r) => kinds.map((kind) => r[kind](r.count(1, kind), kind)),
        format,
      );
      expect(back).toEqual(kinds.map((kind) => all[kind]));
    }),
  );
});

test("octets read are a copy of the stream's", () => {
  const stream = octets("0102");
  const value = new NdrReader(stream).bytes(2, "a");
  stream.fill(0);
  expect(value).toEqual(octets("0102"));
});

test.each([1, 64, 65, 100, 256, 257])("arrays of %i octets have nothing in common", (length) => {
  const stream = Uint8Array.from({ length: 40 * length }, (_, i) => i % 251);
  const r = new NdrReader(stream);
  const values = Array.from({ length: 40 }, () => r.bytes(length, "a"));
  const expected = stream.slice();
  stream.fill(0xee);
  expect(Buffer.concat(values).equals(expected)).toBe(true);
  for (const value of values) {
    const others = values.filter((other) => other !== value).map((other) => other.slice());
    value.fill(0xdd);
    expect(values.filter((other) => other !== value)).toEqual(others);
  }
});

test("a short array keeps no more than 1 KiB beside itself", () => {
  const stream = new Uint8Array(1000);
  for (let length = 0; length < 600; length += 7) {
    const { buffer } = new NdrReader(stream).bytes(length, "a");
    expect(buffer.byteLength).toBeLessThanOrEqual(length + 1024);
  }
});

test("octets read by a reader that owns the stream are a view where they are most of it, else a copy", () => {
  const stream = Uint8Array.from({ length: 100 }, (_, i) => i);
  const r = new NdrReader(stream, { ownsOctets: true });
  const few = r.bytes(49, "a");
  const most = r.bytes(51, "b");
  expect(few.buffer).not.toBe(stream.buffer);
  expect(most.buffer).toBe(stream.buffer);
  expect([...few, ...most]).toEqual([...stream]);
  const part = new NdrReader(stream.subarray(0, 40), { ownsOctets: true }).bytes(40, "a");
  expect(part.buffer).not.toBe(stream.buffer);
});

test("an element's error names its index", () => {
  const write = (w: NdrWriter): void => {
    w.enter("Entry");
    w.at(3);
    w.u16s([1, 2, -3], "Port");
  };
  expect(() => written(write)).toThrow(expect.objectContaining({ path: "Entry[3].Port[2]" }));
});

test("size takes arrays and octets and nothing else", () => {
  expect(() => written((w) => w.size("abc", "a"))).toThrow('expected an array, found "abc"');
  expect(() => written((w) => w.size({ length: 3 }, "a"))).toThrow("found Object");
});

const hugeCounts: readonly [what: string, hex: string, code: string][] = [
  ["claims more than is there", "ffffff7f 01000000", "end_of_data"],
  ["exceeds 2^31-1", "00000080 01000000", "count_too_large"],
];

test.each(hugeCounts)(
  "a count that %s is refused before anything is allocated",
  (_what, hex, code) => {
    const read: ((r: NdrReader) => unknown)[] = [
      (r) => r.count(4, "a"),
      (r) => r.list(r.maxCount("a"), 0, "a"),
      (r) => r.u32s(r.maxCount("a"), "a"),
      (r) => r.u64s(r.maxCount("a"), "a"),
      (r) => r.u16s(r.maxCount("a"), "a"),
      (r) => r.bytes(r.maxCount("a"), "a"),
      (r) => r.interfacePointer("a"),
      (r) => r.chunk(1, "a"),
      (r) => r.string("a"),
      (r) => r.wstring("a"),
    ];
    for (const one of read.slice(0, code === "end_of_data" ? 8 : 10)) {
      expect(() => one(new NdrReader(octets(hex)))).toThrow(expect.objectContaining({ code }));
    }
  },
);

test("an NDR64 count above 2^32 is refused", () => {
  const r = new NdrReader(octets("0100000001000000 00"), { syntax: "ndr64" });
  expect(() => r.count(1, "a")).toThrow(expect.objectContaining({ code: "count_too_large" }));
});

test("elements without octets of their own are bounded by what is left, or 1024", () => {
  const r = new NdrReader(octets("00040000 01040000 01020304"));
  expect(r.count(0, "a")).toBe(1024);
  expect(() => r.count(0, "a")).toThrow(expect.objectContaining({ code: "end_of_data" }));
});

test("offset and actual count together may not exceed the size", () => {
  const r = new NdrReader(octets("03000000 02000000 0000"));
  const first = r.first("a");
  expect(() => r.length(4, first, 1, "a")).toThrow(
    "a: 2 elements from index 3 exceed the size of 4 (offset 8)",
  );
  expect(() => written((w) => w.varying(1, 2, "a"))).toThrow("2 elements exceed the size of 1");
});

test("an array without first_is begins at 0", () => {
  const r = new NdrReader(octets("01000000 01000000 00"));
  expect(() => r.varying(4, 1, "a")).toThrow(expect.objectContaining({ code: "first_mismatch" }));
});

test("a chunk in NDR64 ends with its count negated", () => {
  const write = (w: NdrWriter): void => {
    w.chunk(2, "p");
    w.u16s([1, 2], "p");
    w.chunkEnd(2, "p");
  };
  expect(hexOf(write)).toBe(packed("02000000 0100 0200"));
  expect(hexOf(write, { syntax: "ndr64" })).toBe(
    packed("0200000000000000 0100 0200 00000000 feffffffffffffff"),
  );
  const r = new NdrReader(octets("0200000000000000"), { syntax: "ndr64" });
  expect(() => r.chunkEnd(2, "p")).toThrow(expect.objectContaining({ code: "malformed_pipe" }));
});

test("a marshalled interface pointer has its length twice, and they agree", () => {
  expect(hexOf((w) => w.interfacePointer(octets("0102"), "p"))).toBe("02000000020000000102");
  expect(readBack(octets("02000000 02000000 0102"), (r) => r.interfacePointer("p"))).toEqual(
    octets("0102"),
  );
  expect(() => new NdrReader(octets("02000000 03000000 010203")).interfacePointer("p")).toThrow(
    expect.objectContaining({ code: "size_mismatch" }),
  );
});

test("rows are let through for the octets of their elements, and 1024 of them without any", () => {
  const reader = new NdrReader(new Uint8Array(24));
  expect(() => reader.rows([2, 3], 4, "a")).not.toThrow();
  expect(() => reader.rows([2, 4], 4, "a")).toThrow("a: needs 32 octets, 24 are left");
  expect(() => reader.rows([1024, 0], 4, "a")).not.toThrow();
  expect(() => reader.rows([1025, 0], 4, "a")).toThrow("a: needs 1025 octets, 24 are left");
  expect(() => reader.rows([0, 0x7fff_ffff], 4, "a")).not.toThrow();
});
