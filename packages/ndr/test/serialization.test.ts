/** Type serialization, versions 1 and 2, and the published example of a PAC. */
import { readFileSync } from "node:fs";
import {
  deserializeV1,
  deserializeV2,
  NdrReader,
  type NdrWriter,
  serializePrimitiveV1,
  serializeV1,
  serializeV2,
} from "@msrpc/ndr";
import { expect, test } from "vitest";
import { octets } from "./support/formats.ts";
import {
  type KerbValidationInfo,
  readInfo,
  textOf,
  writeInfo,
} from "./support/kerb-validation-info.ts";

const example = octets(
  readFileSync(new URL("vectors/kerb-validation-info.hex", import.meta.url), "utf8"),
);

const readPointed = (r: NdrReader): KerbValidationInfo => {
  expect(r.pointer("info")).not.toBeNull();
  return readInfo(r);
};
const writePointed = (w: NdrWriter, info: KerbValidationInfo): void => {
  w.pointer(info, "info");
  writeInfo(w, info);
};

test("the logon information of [MS-PAC] 3.1 decodes to what the document says", () => {
  const types = deserializeV1(example);
  const info = types.next(readPointed);
  expect(types.hasMore).toBe(false);
  expect(info.strings.map(textOf)).toEqual(["lzhu", "Liqiang(Larry) Zhu", "ntds2.bat", "", "", ""]);
  expect([textOf(info.logonServer), textOf(info.logonDomainName)]).toEqual([
    "NTDEV-DC-05",
    "NTDEV",
  ]);
  expect([info.userId, info.primaryGroupId]).toEqual([2914711, 513]);
  expect(info.groupIds).toHaveLength(2 * 26);
  expect(info.logonDomainId?.subAuthority).toEqual([21, 397955417, 626881126, 188441444]);
  expect(info.extraSids).toHaveLength(13);
});

test("the logon information of [MS-PAC] 3.1 encodes to the same octets", () => {
  const info = deserializeV1(example).next(readPointed);
  expect(serializeV1([(w) => writePointed(w, info)])).toEqual(example);
});

test.each(["little", "big"] as const)(
  "types follow each other in %s-endian version 1",
  (byteOrder) => {
    const stream = serializeV1([(w) => w.u16(1, "a"), (w) => w.wstring("x", "b")], { byteOrder });
    expect(stream).toHaveLength(8 + 8 + 8 + 8 + 16);
    const types = deserializeV1(stream);
    expect(types.byteOrder).toBe(byteOrder);
    expect([types.next((r) => r.u16("a")), types.next((r) => r.wstring("b"))]).toEqual([1, "x"]);
    expect(types.hasMore).toBe(false);
  },
);

test("a primitive type of version 1 has no header of its own and fills 8 octets", () => {
  const stream = serializePrimitiveV1((w) => w.u32(7, "a"));
  expect(stream).toEqual(octets("01100800 cccccccc 07000000 00000000"));
  expect(deserializeV1(stream).primitive((r) => r.u32("a"))).toBe(7);
});

const scope = {
  interface: { uuid: "12345678-1234-abcd-ef00-01234567cffb", version: { major: 1, minor: 0 } },
};

test("version 2 names the transfer syntax and pads to 16", () => {
  const stream = serializeV2([(w) => w.pointer("x", "p")], { syntax: "ndr64", ...scope });
  expect(stream).toEqual(
    octets(`
      02104000 cccccccc cccccccc cccccccc cccccccc cccccccc
      33057171 babe 3749 8319 b5dbef9ccc36 0100 0000
      78563412 3412 cdab ef00 01234567cffb 0100 0000
      10000000 00000000 00000000 00000000
      0000020000000000 0000000000000000`),
  );
  const types = deserializeV2(stream);
  expect(types.syntax).toBe("ndr64");
  expect(types.next((r) => r.pointer("p"))).not.toBeNull();
  expect(types.hasMore).toBe(false);
});

test("version 2 carries NDR 2.0 too", () => {
  const types = deserializeV2(
    serializeV2([(w) => w.pointer("x", "p"), (w) => w.u8(3, "a")], scope),
  );
  expect(types.syntax).toBe("ndr");
  types.next((r) => r.pointer("p"));
  expect(types.next((r) => r.u8("a"))).toBe(3);
});

const wrong1: readonly [what: string, hex: string, problem: string][] = [
  ["is cut off in its header", "0110", "the header is cut off"],
  ["has another version", "02100800cccccccc", "version 2 is not 1"],
  ["has another byte order", "01200800cccccccc", "32 is neither 0x10 nor 0"],
  ["has a longer header", "01101000cccccccc", "16 is not 8"],
  ["is cut off in a private header", "01100800cccccccc 08000000", "private header is cut off"],
  ["is shorter than it says", "01100800cccccccc 0800000000000000 01", "says 8, 1 octets are left"],
];

test.each(wrong1)("a stream of version 1 that %s is refused", (_what, hex, problem) => {
  expect(() => deserializeV1(octets(hex)).next((r) => r.u64("a"))).toThrow(
    expect.objectContaining({
      code: "unsupported_representation",
      message: expect.stringContaining(problem),
    }),
  );
});

test("a type may not read beyond the length of its header", () => {
  const stream = serializeV1([(w) => w.u64(1n, "a"), (w) => w.u64(2n, "b")]);
  expect(() => deserializeV1(stream).next((r) => r.bytes(9, "a"))).toThrow(
    expect.objectContaining({ code: "end_of_data", operation: "type serialization" }),
  );
});

test.each([
  [0, 1, "version 1 is not 2"],
  [1, 0, "0 is not 0x10"],
  [2, 8, "8 is not 64"],
  [24, 0, "is neither NDR nor NDR64"],
  [40, 3, "version 3 is neither"],
])("octet %i of a version 2 header cannot be %i", (at, value, problem) => {
  const stream = serializeV2([(w) => w.u8(1, "a")], scope);
  stream[at] = value;
  expect(() => deserializeV2(stream)).toThrow(problem);
});

test("a version 2 header that is cut off is refused", () => {
  expect(() => deserializeV2(octets("0210"))).toThrow("the header is cut off");
});
