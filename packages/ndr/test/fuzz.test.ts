/** Bad input into decoders, and the harness that makes it. */
import { NdrError, type NdrReader } from "@msrpc/ndr";
import { fuzzDecoder, FuzzFailure, randomSource } from "@msrpc/ndr/testing";
import { expect, test } from "vitest";
import { formats, written } from "./support/formats.ts";
import { type KerbValidationInfo, readInfo, writeInfo } from "./support/kerb-validation-info.ts";

const text = (value: string): KerbValidationInfo["logonServer"] => ({
  length: 2 * value.length,
  maximumLength: 2 * value.length + 2,
  buffer: Array.from({ length: value.length }, (_, i) => value.charCodeAt(i)),
});
const sid = { revision: 1, authority: new Uint8Array(6), subAuthority: [21, 1, 2, 3] };
const info: KerbValidationInfo = {
  times: Array.from({ length: 12 }, (_, i) => i),
  strings: ["a", "bc", "", "def", "g", ""].map(text),
  counts: [1, 2],
  userId: 3,
  primaryGroupId: 4,
  groupIds: [5, 6, 7, 8],
  userFlags: 9,
  sessionKey: new Uint8Array(16),
  logonServer: text("SERVER"),
  logonDomainName: text("DOMAIN"),
  logonDomainId: sid,
  middle: Array.from({ length: 10 }, () => 0),
  extraSids: [
    { sid, attributes: 7 },
    { sid: null, attributes: 0 },
  ],
  resourceGroupDomainSid: null,
  resourceGroupIds: null,
};

for (const format of formats) {
  test(`damaged stubs in ${format.syntax}, ${format.byteOrder}-endian, end in errors that say where`, () => {
    const sample = written((w) => writeInfo(w, info), format);
    const report = fuzzDecoder(readInfo, [sample], { ...format, cases: 2000, operation: "Op" });
    expect(report.cases).toBe(2000);
    const refused = Object.values(report.refused).reduce((sum, count) => sum + count, 0);
    expect(report.accepted + refused).toBe(2000);
    expect(Object.keys(report.refused)).toEqual(
      expect.arrayContaining(["end_of_data", "size_mismatch", "null_with_count"]),
    );
  });
}

test("the harness shows what made a decoder throw something else", () => {
  const broken = (r: NdrReader): void => {
    if (r.u8("a") === 7) throw new RangeError("bug");
  };
  let failure: unknown;
  try {
    fuzzDecoder(broken, [Uint8Array.of(7)], { cases: 1000, seed: 3 });
  } catch (error) {
    failure = error;
  }
  expect(failure).toBeInstanceOf(FuzzFailure);
  expect((failure as FuzzFailure).message).toMatch(/^a decoder threw RangeError: bug on 07/);
});

test("an error without the operation it was made in is a failure", () => {
  const nameless = (): never => {
    throw new NdrError({ code: "out_of_range", problem: "", operation: "", path: "", offset: 0 });
  };
  expect(() => fuzzDecoder(nameless, [], { cases: 1, operation: "Op" })).toThrow(FuzzFailure);
});

test("cases are the same for a seed", () => {
  const seen = (seed: number): unknown[] => {
    const all: unknown[] = [];
    fuzzDecoder((r) => all.push(r.bytes(r.remaining, "all")), [Uint8Array.of(1, 2, 3, 4, 5)], {
      cases: 50,
      seed,
    });
    return all;
  };
  expect(seen(1)).toEqual(seen(1));
  expect(seen(2)).not.toEqual(seen(1));
  const numbers = randomSource(0);
  expect(Array.from({ length: 100 }, () => numbers(3)).every((n) => n >= 0 && n < 3)).toBe(true);
});
