/** References to objects as octets, and back. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { DcomError, iidOf, readObjref, writeObjref, type Objref } from "../src/index.ts";

const uuid = fc.uuid();
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const u64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const number = fc.integer({ min: 1, max: 0xffff });
const text = fc
  .array(fc.integer({ min: 1, max: 0xffff }), { maxLength: 12 })
  .map((units) => String.fromCharCode(...units));
const std = fc.record({ flags: u32, publicRefs: u32, oxid: u64, oid: u64, ipid: uuid });
const bindings = fc.record({
  strings: fc.array(fc.record({ towerId: number, networkAddress: text }), { maxLength: 3 }),
  securities: fc.array(fc.record({ authenticationService: number, principalName: text }), {
    maxLength: 3,
  }),
});
const octets = (minLength: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength: 40 });
const objrefs: fc.Arbitrary<Objref> = fc.oneof(
  fc.record({ kind: fc.constant("standard" as const), iid: uuid, std, bindings }),
  fc.record({ kind: fc.constant("handler" as const), iid: uuid, std, clsid: uuid, bindings }),
  fc.record({ kind: fc.constant("custom" as const), iid: uuid, clsid: uuid, data: octets(0) }),
  fc.record({
    kind: fc.constant("extended" as const),
    iid: uuid,
    std,
    bindings,
    contextId: uuid,
    context: octets(1),
  }),
);

test("a reference of every kind comes back as it was written, wherever its octets lie", () => {
  fc.assert(
    fc.property(objrefs, (objref) => {
      const written = writeObjref(objref);
      const inside = new Uint8Array([9, ...written]).subarray(1);
      expect(readObjref(inside)).toEqual(objref);
      expect(iidOf(inside)).toBe(objref.iid);
    }),
  );
});

test("a reference that ends too early is refused where it ends", () => {
  fc.assert(
    fc.property(objrefs, fc.nat(), (objref, seed) => {
      fc.pre(objref.kind !== "custom");
      const written = writeObjref(objref);
      expect(() => readObjref(written.subarray(0, seed % written.length))).toThrow(DcomError);
    }),
  );
});

test("octets of anything give a reference or a DcomError", () => {
  fc.assert(
    fc.property(
      objrefs,
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1 }),
      (objref, changes) => {
        const damaged = writeObjref(objref);
        for (const [place, value] of changes) damaged[place % damaged.length] = value;
        try {
          readObjref(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(DcomError);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

const standard = writeObjref({
  iid: "00000131-0000-0000-c000-000000000046",
  kind: "standard",
  std: {
    flags: 0x1000,
    publicRefs: 5,
    oxid: 1n,
    oid: 2n,
    ipid: "00000000-0000-0000-0000-000000000003",
  },
  bindings: { strings: [], securities: [] },
});

test("the least bindings are four zeros, the security ones from the third", () => {
  expect(standard.slice(64)).toEqual(Uint8Array.of(4, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0));
});

function changed(place: number, ...values: readonly number[]): Uint8Array {
  const copy = standard.slice();
  copy.set(values, place);
  return copy;
}

test.each([
  [changed(0, 0), "the signature is 0x574f4500 and not 0x574f454d (offset 0)"],
  [changed(4, 3), "0x3 is no kind of reference (offset 4)"],
  [changed(64, 5), "bindings takes 10 octets, and 8 are left (offset 68)"],
  [changed(66, 5), "security bindings begin at unit 5 of 4 (offset 76)"],
  [changed(68, 7, 0, 65, 0), "bindings have no end (offset 72)"],
  [standard.subarray(0, 30), "the number of references takes 4 octets, and 2 are left (offset 28)"],
])("what is no reference is refused where it isn't one", (octets, message) => {
  expect(() => readObjref(octets)).toThrow(DcomError);
  expect(() => readObjref(octets)).toThrow(message);
});

test("octets behind a reference are left alone", () => {
  expect(readObjref(new Uint8Array([...standard, 1, 2, 3]))).toEqual(readObjref(standard));
});

test.each([
  [{ strings: [{ towerId: 0, networkAddress: "a" }], securities: [] }, "from 1 to 65535"],
  [{ strings: [{ towerId: 7, networkAddress: "a\0b" }], securities: [] }, "at its first zero"],
  [{ strings: [{ towerId: 7, networkAddress: "a".repeat(70_000) }], securities: [] }, "65535 fit"],
])("bindings that can't be sent are refused", (wrong, message) => {
  const objref = { ...(readObjref(standard) as Extract<Objref, { kind: "standard" }>) };
  expect(() => writeObjref({ ...objref, bindings: wrong })).toThrow(message);
});

test("the interface of a pointer needs a whole head", () => {
  expect(() => iidOf(standard.subarray(0, 23))).toThrow(DcomError);
});
