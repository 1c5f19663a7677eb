/** Texts and numbers as values of the registry, and as octets. */
import {
  dword,
  fromUtf16,
  multiSz,
  numberOf,
  sameValue,
  sz,
  textOf,
  textsOf,
  utf16,
} from "@msrpc/cluster-data";
import { RegistryType } from "@msrpc/ms-cmrp";
import { expect, test } from "vitest";

test.each([
  ["a byte order mark at the beginning", "\ufeffa"],
  ["a mark of the other byte order", "\ufffe"],
  ["a high surrogate alone", "a\ud83d"],
  ["a low surrogate alone", "\ude00b"],
  ["a pair", "\u{1f600}"],
  ["nulls", "a\0\0b"],
])("%s is the same text after it was octets", (_, text) => {
  expect(utf16(text)).toHaveLength(text.length * 2);
  expect(fromUtf16(utf16(text))).toBe(text);
});

test("the lower octet of a unit comes first, and an odd one at the end is left out", () => {
  expect(utf16("\u1234")).toEqual(new Uint8Array([0x34, 0x12]));
  expect(fromUtf16(new Uint8Array([0x34, 0x12, 0x61]))).toBe("\u1234");
});

test("values are octets of their type, and read back as that type alone", () => {
  expect(textOf(sz("a"))).toBe("a");
  expect(textsOf(multiSz(["a", "b"]))).toEqual(["a", "b"]);
  expect(numberOf(dword(0xffff_ffff))).toBe(0xffff_ffff);
  for (const read of [textsOf, numberOf]) expect(read(sz("a"))).toBeNull();
  expect(textOf(dword(1))).toBeNull();
});

test("a text ends with its first null, or with its octets", () => {
  const text = (all: string): unknown => textOf({ type: RegistryType.Sz, data: utf16(all) });
  expect(text("a\0b")).toBe("a");
  expect(text("a")).toBe("a");
});

test("texts end with an empty one, or with their octets", () => {
  const texts = (all: string): unknown => textsOf({ type: RegistryType.MultiSz, data: utf16(all) });
  expect(texts("a\0b\0\0c\0")).toEqual(["a", "b"]);
  expect(texts("a\0b")).toEqual(["a", "b"]);
  expect(texts("")).toEqual([]);
});

test("values are the same by type and octets", () => {
  expect(sameValue(sz("a"), sz("a"))).toBe(true);
  expect(sameValue(sz("a"), sz("b"))).toBe(false);
  expect(sameValue(sz("a"), sz("aa"))).toBe(false);
  expect(sameValue(sz("a"), { ...sz("a"), type: RegistryType.ExpandSz })).toBe(false);
});
