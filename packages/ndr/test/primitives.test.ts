/** Leaves: widths, alignment, byte order, and values that don't fit. */
import { NdrError, NdrReader, NdrWriter } from "@msrpc/ndr";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formats, hexOf, octets, packed, readBack, written } from "./support/formats.ts";

test("each type aligns to its size with zeros in the gap", () => {
  const write = (w: NdrWriter): void => {
    w.u8(1, "a");
    w.u16(2, "b");
    w.u8(3, "c");
    w.u32(4, "d");
    w.u8(5, "e");
    w.u64(6n, "f");
  };
  expect(hexOf(write)).toBe(packed("01 00 0200 03 000000 04000000 05 000000 0600000000000000"));
});

test("big-endian turns every integer and float around", () => {
  const write = (w: NdrWriter): void => {
    w.u16(0x0102, "a");
    w.i32(-2, "b");
    w.f32(1, "c");
    w.f64(1, "d");
    w.uuid("00112233-4455-6677-8899-aabbccddeeff", "e");
  };
  expect(hexOf(write, { byteOrder: "big" })).toBe(
    packed(
      "0102 0000 fffffffe 3f800000 00000000 3ff0000000000000 00112233445566778899aabbccddeeff",
    ),
  );
});

test("__int3264 has 4 octets in NDR 2.0 and 8 in NDR64", () => {
  const write = (w: NdrWriter): void => {
    w.u3264(7n, "a");
    w.i3264(-1n, "b");
  };
  expect(hexOf(write)).toBe("07000000ffffffff");
  expect(hexOf(write, { syntax: "ndr64" })).toBe("0700000000000000ffffffffffffffff");
  for (const format of formats) {
    const back = readBack(written(write, format), (r) => [r.u3264("a"), r.i3264("b")], format);
    expect(back).toEqual([7n, -1n]);
  }
});

test("an enumeration has 2 octets in NDR 2.0, with v1_enum and in NDR64 4", () => {
  const write = (w: NdrWriter): void => {
    w.enum16(5, "a");
    w.enum32(-1, "b");
  };
  expect(hexOf(write)).toBe("05000000ffffffff");
  expect(hexOf(write, { syntax: "ndr64" })).toBe("05000000ffffffff");
  expect(hexOf((w) => w.enum16(5, "a"))).toBe("0500");
});

test("alignment and trailing gap follow the syntax", () => {
  const write = (w: NdrWriter): void => {
    w.u8(1, "a");
    w.align(4, 8);
    w.u32(2, "b");
    w.gap(8);
  };
  expect(hexOf(write)).toBe("0100000002000000");
  expect(hexOf(write, { syntax: "ndr64" })).toBe("01000000000000000200000000000000");
});

test("what gaps contain is ignored", () => {
  expect(readBack(octets("01ffffff02000000"), (r) => [r.u8("a"), r.u32("b")])).toEqual([1, 2]);
});

const leaves = fc.oneof(
  fc.record({ type: fc.constant("u8" as const), value: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ type: fc.constant("i8" as const), value: fc.integer({ min: -128, max: 127 }) }),
  fc.record({ type: fc.constant("u16" as const), value: fc.integer({ min: 0, max: 65535 }) }),
  fc.record({ type: fc.constant("i16" as const), value: fc.integer({ min: -32768, max: 32767 }) }),
  fc.record({ type: fc.constant("u32" as const), value: fc.nat(0xffffffff) }),
  fc.record({ type: fc.constant("i32" as const), value: fc.integer() }),
  fc.record({ type: fc.constant("enum16" as const), value: fc.nat(0x7fff) }),
  fc.record({ type: fc.constant("f64" as const), value: fc.double() }),
  fc.record({ type: fc.constant("f32" as const), value: fc.float() }),
  fc.record({ type: fc.constant("u64" as const), value: fc.bigInt(0n, 2n ** 64n - 1n) }),
  fc.record({ type: fc.constant("i64" as const), value: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n) }),
  fc.record({ type: fc.constant("boolean" as const), value: fc.boolean() }),
  fc.record({ type: fc.constant("uuid" as const), value: fc.uuid() }),
);
type Leaf = typeof leaves extends fc.Arbitrary<infer T> ? T : never;

function writeLeaf(w: NdrWriter, { type, value }: Leaf, name: string): void {
  (w[type] as (value: unknown, name: string) => void).call(w, value, name);
}

test("any sequence of leaves comes back in every format", () => {
  fc.assert(
    fc.property(fc.array(leaves, { maxLength: 40 }), fc.constantFrom(...formats), (all, format) => {
      const bytes = written((w) => all.forEach((leaf) => writeLeaf(w, leaf, "x")), format);
      const back = readBack(bytes, (r) => all.map(({ type }) => r[type]("x")), format);
      expect(back).toEqual(all.map(({ value }) => value));
    }),
  );
});

test("any stream that ends too early is an end_of_data that names the field", () => {
  fc.assert(
    fc.property(fc.array(leaves, { minLength: 1, maxLength: 10 }), fc.nat(), (all, cut) => {
      const bytes = written((w) => all.forEach((leaf) => writeLeaf(w, leaf, "x")));
      const r = new NdrReader(bytes.subarray(0, cut % bytes.length));
      expect(() => all.map(({ type }, i) => r[type](`field${i}`))).toThrow(
        expect.objectContaining({ code: "end_of_data", path: expect.stringMatching(/^field\d+$/) }),
      );
    }),
  );
});

const misfits: readonly (readonly [keyof NdrWriter, unknown])[] = [
  ...[256, -1, 1.5, "1", null, undefined, 1n, Number.NaN].map((v) => ["u8", v] as const),
  ...[128, -129, true].map((v) => ["i8", v] as const),
  ...[65536, -1].map((v) => ["u16", v] as const),
  ...[32768, -32769].map((v) => ["i16", v] as const),
  ...[2 ** 32, -1, 0.5, "7", {}, [], Infinity].map((v) => ["u32", v] as const),
  ...[2 ** 31, -(2 ** 31) - 1].map((v) => ["i32", v] as const),
  ...[2n ** 64n, -1n, 5].map((v) => ["u64", v] as const),
  ...[2n ** 63n, 5].map((v) => ["i64", v] as const),
  ...[2n ** 32n, -1n, 5].map((v) => ["u3264", v] as const),
  ...[2n ** 31n, 5].map((v) => ["i3264", v] as const),
  ...["1", 1n].map((v) => ["f64", v] as const),
  ["f32", "1"],
  ...[0x8000, -1].map((v) => ["enum16", v] as const),
  ["enum32", 2 ** 31],
  ...[1, "true", null].map((v) => ["boolean", v] as const),
  ...["x", 7, "00112233-4455-6677-8899-aabbccddeef"].map((v) => ["uuid", v] as const),
  ...["abc", [1], null].map((v) => ["bytes", v] as const),
  ...[7, null].map((v) => ["wstring", v] as const),
  ...[7, undefined].map((v) => ["string", v] as const),
  ...[[2 ** 32], [1, -1], "x", null].map((v) => ["u32s", v] as const),
  ...[[2n ** 64n], [1]].map((v) => ["u64s", v] as const),
  ...[{}, "x"].map((v) => ["contextHandle", v] as const),
  ["interfacePointer", "x"],
  ["pointer", undefined],
  ["fullPointer", undefined],
  ...[null, undefined].map((v) => ["ref", v] as const),
];

test.each(misfits)("%s refuses %o and says what it wants", (method, value) => {
  const w = new NdrWriter();
  w.operation = "Op request";
  w.enter("Outer");
  const write = w[method] as (value: unknown, name: string) => void;
  expect(() => write.call(w, value, "Inner")).toThrow(NdrError);
  w.reset();
  w.enter("Outer");
  expect(() => write.call(w, value, "Inner")).toThrow(
    expect.objectContaining({
      code: "invalid_value",
      operation: "Op request",
      path: expect.stringMatching(/^Outer\.Inner(\[\d\])?/),
    }),
  );
});

test("a writer is as good as new after finish, and after an error and reset", () => {
  const w = new NdrWriter();
  const write = (): Uint8Array => {
    w.pointer("x", "p");
    w.u8(1, "a");
    w.u32(2, "b");
    return w.finish();
  };
  const first = write();
  expect(first).toEqual(octets("00000200 01000000 02000000"));
  w.enter("x");
  w.bytes(new Uint8Array(5000).fill(0xff), "dirt");
  expect(() => w.u8(-1, "a")).toThrow("x.a");
  w.reset();
  expect(write()).toEqual(first);
});

test("streams larger than a buffer grow, and keep gaps zero", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(70_000), { maxLength: 6 }), (lengths) => {
      const w = new NdrWriter();
      const parts = lengths.map((length) => {
        w.u8(1, "a");
        w.u64(2n, "b");
        w.bytes(new Uint8Array(length).fill(7), "c");
        return [w.finish(), length] as const;
      });
      for (const [stream, length] of parts) {
        expect(stream.length).toBe(16 + length);
        expect(stream.subarray(0, 16)).toEqual(octets("01000000 00000000 02000000 00000000"));
        expect(stream.subarray(16).every((octet) => octet === 7)).toBe(true);
      }
    }),
    { numRuns: 30 },
  );
});

test("the place of a stream that was taken back is used again, with zeros in its gaps", () => {
  const w = new NdrWriter();
  const kept = writeWithGap(w, 1);
  for (const length of [3, 5000, 100_000, 3_000_000, 10]) {
    w.bytes(new Uint8Array(length).fill(0xff), "dirt");
    w.takeBack(w.finish());
  }
  const first = writeWithGap(w, 2);
  w.takeBack(first);
  const second = writeWithGap(w, 3);
  expect(second.buffer).toBe(first.buffer);
  expect(second.byteOffset).toBe(first.byteOffset);
  expect(second).toEqual(octets("03000000 00000000 02000000 00000000"));
  expect(kept).toEqual(octets("01000000 00000000 02000000 00000000"));
});

test("a stream that others follow stays when it is taken back", () => {
  const w = new NdrWriter();
  const first = writeWithGap(w, 1);
  const second = writeWithGap(w, 2);
  w.takeBack(first);
  expect(first[0]).toBe(1);
  w.u8(3, "a");
  w.takeBack(second);
  expect(w.finish()).toEqual(octets("03"));
  expect([first[0], second[0]]).toEqual([1, 2]);
});

test("a large stream's buffer is not kept once it is taken back", () => {
  const w = new NdrWriter();
  w.bytes(new Uint8Array(2_000_000), "a");
  const large = w.finish();
  w.takeBack(large);
  expect(writeWithGap(w, 1).buffer.byteLength).toBeLessThan(100_000);
});

function writeWithGap(w: NdrWriter, value: number): Uint8Array {
  w.u8(value, "a");
  w.u64(2n, "b");
  return w.finish();
}

test("a reader sees octets anywhere in a larger buffer", () => {
  const larger = octets("ffff 0100 ffff");
  expect(readBack(larger.subarray(2, 4), (r) => r.u16("a"))).toBe(1);
});

test("a stream of 2^30 octets is refused before memory is asked for", () => {
  const length = { value: 2 ** 30 };
  const w = new NdrWriter();
  expect(() => w.bytes(Object.defineProperty(new Uint8Array(), "length", length), "a")).toThrow(
    expect.objectContaining({ code: "too_large" }),
  );
});

test("a trailing gap that the stream leaves out does not count as octets", () => {
  const r = new NdrReader(octets("0100"), { syntax: "ndr64" });
  r.u16("a");
  r.gap(8);
  expect(r.remaining).toBe(0);
});
