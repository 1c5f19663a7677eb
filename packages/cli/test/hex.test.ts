import { expect, test } from "vitest";
import { parseHex } from "../src/hex.ts";

test("hex digits may have white space, commas, colons and 0x between them", () => {
  expect([...parseHex("0a 0B,0x0c:0d\n0e", "f")]).toEqual([10, 11, 12, 13, 14]);
});

test("the columns of a hex dump are left out", () => {
  const dump = "0000: 01 02 03 04  |....|\n00000010  05 06              |..|\n";
  expect([...parseHex(dump, "f")]).toEqual([1, 2, 3, 4, 5, 6]);
});

test("a line of plain digits keeps its first eight", () => {
  expect([...parseHex("0a0b0c0d0e0f", "f")]).toEqual([10, 11, 12, 13, 14, 15]);
});

test("what is no hex is named with its file", () => {
  expect(() => parseHex("0a zz", "request.hex")).toThrow('request.hex is not hex: it has "z"');
  expect(() => parseHex("0a0", "request.hex")).toThrow(
    "request.hex has an odd number of hex digits",
  );
});
