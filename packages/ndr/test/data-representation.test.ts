/** The label at the head of a PDU. */
import { formatDataRepresentation, parseDataRepresentation } from "@msrpc/ndr";
import { expect, test } from "vitest";
import { octets } from "./support/formats.ts";

test("0x10 is little-endian, 0 big-endian, the rest ASCII and IEEE", () => {
  for (const order of ["little", "big"] as const) {
    expect(parseDataRepresentation(formatDataRepresentation(order))).toBe(order);
  }
  expect(formatDataRepresentation("little")).toEqual(octets("10000000"));
});

test.each([
  ["11000000", "characters are in EBCDIC"],
  ["12000000", "characters are in format 2"],
  ["10010000", "floats are in VAX"],
  ["10020000", "floats are in Cray"],
  ["10030000", "floats are in IBM"],
  ["10040000", "floats are in format 4"],
  ["20000000", "integer format 2 is not defined"],
  ["1000", "a label has 4 octets, not 2"],
])("%s is refused: %s", (hex, problem) => {
  expect(() => parseDataRepresentation(octets(hex))).toThrow(
    expect.objectContaining({
      code: "unsupported_representation",
      message: expect.stringContaining(problem),
    }),
  );
});
