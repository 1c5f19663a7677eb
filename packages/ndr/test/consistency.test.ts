/** The consistency checks of [MS-RPCE] 3.1.1.5.3, each by the section that demands it. */
import { NdrReader, type NdrReaderOptions, type Strictness } from "@msrpc/ndr";
import { expect, test } from "vitest";
import { octets } from "./support/formats.ts";

const reader = (strictness: Strictness, hex = "", options: NdrReaderOptions = {}): NdrReader =>
  new NdrReader(octets(hex), { strictness, ...options });

/** The code of the error, or "passes", at each target level. */
function outcomes(check: (r: NdrReader) => unknown, hex = ""): string[] {
  return ([5, 6] as const).map((strictness) => {
    try {
      check(reader(strictness, hex));
      return "passes";
    } catch (error) {
      return (error as { code: string }).code;
    }
  });
}

const both = (code: string): string[] => [code, code];

test("3.1.1.5.3.2.1.1: the max count is what size_is says", () => {
  expect(outcomes((r) => r.sizeIs(3, 4, "a"))).toEqual(both("size_mismatch"));
  expect(outcomes((r) => r.sizeIs(4, 4, "a"))).toEqual(both("passes"));
  expect(() => reader(5).sizeIs(3, 4, "Entry")).toThrow("Entry: the size is 3, size_is says 4");
});

test("3.1.1.5.3.2.1.5: the offset is what first_is says", () => {
  expect(outcomes((r) => r.firstIs(1, 2, "a"))).toEqual(both("first_mismatch"));
});

test("3.1.1.5.3.2.1.7: without first_is the offset is 0", () => {
  expect(outcomes((r) => r.varying(9, 1, "a"), "0100000001000000ff")).toEqual(
    both("first_mismatch"),
  );
});

test("3.1.1.5.3.2.1.8: the actual count is what length_is says", () => {
  expect(outcomes((r) => r.lengthIs(3, 4, "a"))).toEqual(both("length_mismatch"));
});

test("3.1.1.5.3.2.1.10: a string's max count is what size_is says", () => {
  const hex = "03000000 00000000 01000000 0000";
  expect(outcomes((r) => r.wstringOf(4, "a"), hex)).toEqual(both("size_mismatch"));
});

test("3.1.1.5.3.2.1.11: a union's tag is what switch_is says", () => {
  expect(outcomes((r) => r.switchIs(1, 2, "a"))).toEqual(both("tag_mismatch"));
  expect(outcomes((r) => r.switchIs(2n, 2n, "a"))).toEqual(both("passes"));
  expect(reader(5).noArm(7, "u").message).toBe("u: no arm has the tag 7 (offset 0)");
});

test("3.1.1.5.3.2.1.12: the max count is no less than offset and actual count", () => {
  const hex = "02000000 02000000 ffffffff";
  expect(outcomes((r) => r.length(3, r.first("a"), 1, "a"), hex)).toEqual(
    both("length_exceeds_size"),
  );
});

test("3.1.1.5.3.2.2.1: a dimension has 2^31-1 elements at most", () => {
  expect(outcomes((r) => r.maxCount("a"), "00000080")).toEqual(both("count_too_large"));
  expect(outcomes((r) => r.maxCount("a"), "ffffff7f")).toEqual(both("passes"));
});

test("3.1.1.5.3.2.2.3: a stream has enough octets for all parameters", () => {
  expect(outcomes((r) => r.u32("a"), "000000")).toEqual(both("end_of_data"));
  expect(() => reader(5, "000000").u32("a")).toThrow("a: needs 4 octets, 3 are left (offset 0)");
});

test("3.1.1.5.3.2.2.4: an integer is within its range, both ends included", () => {
  expect(outcomes((r) => r.range(5, 1, 5, "a"))).toEqual(both("passes"));
  expect(outcomes((r) => r.range(0, 1, 5, "a"))).toEqual(both("out_of_range"));
  expect(outcomes((r) => r.range(6n, 1n, 5n, "a"))).toEqual(both("out_of_range"));
  expect(reader(5).range(3, 1, 5, "a")).toBe(3);
});

test("3.1.1.5.3.3.1.2: at level 6.0 a NULL pointer has no count", () => {
  expect(outcomes((r) => r.nullCount(3, "a"))).toEqual(["passes", "null_with_count"]);
  expect(outcomes((r) => r.nullCount(0, "a"))).toEqual(both("passes"));
  expect(outcomes((r) => r.counted(null, 3, "a"))).toEqual(["passes", "null_with_count"]);
  expect(outcomes((r) => r.countedOrNull(null, 3))).toEqual(both("passes"));
});

test("3.1.1.5.3.3.1.3: at level 6.0 a max count is within its range", () => {
  expect(outcomes((r) => r.countRange(6, 1, 5, "a"))).toEqual(["passes", "out_of_range"]);
});

test("2.2.4.11: an enumeration without v1_enum is 0 to 32767", () => {
  expect(outcomes((r) => r.enum16("a"), "0080")).toEqual(both("out_of_range"));
  const r = reader(5, "ffffffff", { syntax: "ndr64" });
  expect(() => r.enum16("a")).toThrow("-1 is outside the range 0 to 32767");
});

test("octets left over are counted, and refused where that is asked for", () => {
  const r = reader(6, "0102");
  r.u8("a");
  expect(r.remaining).toBe(1);
  expect(() => r.end()).toThrow(
    expect.objectContaining({
      code: "trailing_data",
      message: "1 octets are left over (offset 1)",
    }),
  );
});

test("an error names operation, path and offset, and has them as members", () => {
  const r = reader(6, "00000000");
  r.operation = "ApiGetNodeState response";
  r.u32("State");
  r.enter("List");
  r.enter("Entry");
  r.at(3);
  expect(() => r.wstring("Name")).toThrow(
    expect.objectContaining({
      name: "NdrError",
      message:
        "ApiGetNodeState response, List.Entry[3].Name: needs 4 octets, 0 are left (offset 4)",
      operation: "ApiGetNodeState response",
      path: "List.Entry[3].Name",
      offset: 4,
      expected: 4,
      found: 0,
    }),
  );
});
