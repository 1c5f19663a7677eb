/** The examples of [MS-RPCE] 4.6 to 4.8, with codecs in the shape of generated code. */
import type { NdrReader, NdrWriter } from "@msrpc/ndr";
import { expect, test } from "vitest";
import { hexOf, octets, packed, readBack, written } from "./support/formats.ts";

// 4.6: void CorrelatedMethod([in] long Size, [in, size_is(Size)] short *pArray)
function writeCorrelated(w: NdrWriter, array: number[]): void {
  w.i32(w.size(array, "pArray"), "Size");
  w.count(array.length, "pArray");
  w.i16s(array, "pArray");
}
function readCorrelated(r: NdrReader): number[] {
  const size = r.i32("Size");
  const count = r.maxCount("pArray");
  r.sizeIs(count, size, "pArray");
  return r.i16s(count, "pArray");
}

test("4.6: the value of Size, the max count, the elements", () => {
  const hex = packed("03000000 03000000 0100 feff 0300");
  expect(hexOf((w) => writeCorrelated(w, [1, -2, 3]))).toBe(hex);
  expect(readBack(octets(hex), readCorrelated)).toEqual([1, -2, 3]);
  expect(() => readBack(octets(hex.replace("03", "04")), readCorrelated)).toThrow(
    "pArray: the size is 3, size_is says 4",
  );
});

// 4.7: UNICODE_STRING, whose size_is and length_is are expressions
interface UnicodeString {
  length: number;
  maximumLength: number;
  string: number[] | null;
}
function writeUnicodeString(w: NdrWriter, v: UnicodeString): void {
  w.align(4, 8);
  w.u16(v.length, "Length");
  w.u16(v.maximumLength, "MaximumLength");
  w.pointer(v.string, "pString");
}
function writeUnicodeStringTargets(w: NdrWriter, v: UnicodeString): void {
  if (v.string === null) return;
  const size = Math.trunc(v.maximumLength / 2);
  w.count(size, "pString");
  w.lengthIs(w.size(v.string, "pString"), Math.trunc(v.length / 2), "pString");
  w.varying(size, v.string.length, "pString");
  w.u16s(v.string, "pString");
}
function readUnicodeString(r: NdrReader): UnicodeString {
  r.align(4, 8);
  const length = r.u16("Length");
  const maximumLength = r.u16("MaximumLength");
  const string = r.pointer<number[]>("pString");
  return { length, maximumLength, string };
}
function readUnicodeStringTargets(r: NdrReader, v: UnicodeString): void {
  if (v.string === null) return;
  const size = r.maxCount("pString");
  r.sizeIs(size, Math.trunc(v.maximumLength / 2), "pString");
  const length = r.varying(size, 2, "pString");
  r.lengthIs(length, Math.trunc(v.length / 2), "pString");
  v.string = r.u16s(length, "pString");
}
const write = (w: NdrWriter, v: UnicodeString): void => {
  writeUnicodeString(w, v);
  writeUnicodeStringTargets(w, v);
};
const read = (r: NdrReader): UnicodeString => {
  const v = readUnicodeString(r);
  readUnicodeStringTargets(r, v);
  return v;
};

test("4.7: max count MaximumLength/2, offset 0, actual count Length/2", () => {
  const value = { length: 4, maximumLength: 7, string: [0x61, 0x62] };
  const ndr = "0400 0700 00000200 03000000 00000000 02000000 6100 6200";
  const ndr64 =
    "0400 0700 00000000 0000020000000000 0300000000000000 0000000000000000 0200000000000000 6100 6200";
  expect(hexOf((w) => write(w, value))).toBe(packed(ndr));
  expect(hexOf((w) => write(w, value), { syntax: "ndr64" })).toBe(packed(ndr64));
  expect(readBack(octets(ndr), read)).toEqual(value);
  expect(readBack(octets(ndr64), read, { syntax: "ndr64" })).toEqual(value);
});

test("4.7: counts that the expressions contradict are refused", () => {
  const change = (from: string, to: string): Uint8Array =>
    octets("0400 0700 00000200 03000000 00000000 02000000 6100 6200".replace(from, to));
  expect(() => readBack(change("0700", "0800"), read)).toThrow("size_is says 4");
  expect(() => readBack(change("0400", "0200"), read)).toThrow("length_is says 1");
  expect(() => written((w) => write(w, { length: 2, maximumLength: 7, string: [1, 2] }))).toThrow(
    "pString: the length is 2, length_is says 1",
  );
});

// 4.8: StructWithPad { long l; short s; }
function writePadded(w: NdrWriter, v: { l: number; s: number }): void {
  w.align(4, 4);
  w.i32(v.l, "l");
  w.i16(v.s, "s");
  w.gap(4);
}

test("4.8: in NDR64 the structure has a trailing gap of 2 octets", () => {
  expect(hexOf((w) => writePadded(w, { l: 1, s: 2 }))).toBe(packed("01000000 0200"));
  expect(hexOf((w) => writePadded(w, { l: 1, s: 2 }), { syntax: "ndr64" })).toBe(
    packed("01000000 0200 0000"),
  );
});
