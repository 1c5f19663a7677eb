// Values that a program sees in another form than they are sent in.
import {
  asCountedString,
  asSid,
  asTerminatedString,
  NdrReader,
  NdrWriter,
  type Presentation,
} from "@msrpc/ndr";
import { expect, test } from "vitest";

const octets = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

test.each([
  ["S-1-5-32-544", octets(0, 0, 0, 0, 0, 5), [32, 544]],
  ["S-1-0x123456789abc-4294967295", octets(0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc), [0xffffffff]],
  ["S-1-5", octets(0, 0, 0, 0, 0, 5), []],
])("%s is a SID, there and back", (text, value, subAuthority) => {
  const wire = asSid.toWire(text);
  expect(wire).toEqual({ revision: 1, identifierAuthority: { value }, subAuthority });
  expect(asSid.fromWire(wire)).toBe(text);
});

test.each(["S-1", "S-2-5-32", "S-1-05", "S-1-5-4294967296", `S-1-5${"-1".repeat(16)}`, "alice"])(
  "%s is no SID",
  (text) => expect(() => asSid.toWire(text)).toThrow("is no SID"),
);

test("a SID of zeros is empty text, as in an answer that is only a status", () => {
  const zeros = {
    revision: 0,
    identifierAuthority: { value: new Uint8Array(6) },
    subAuthority: [],
  };
  expect(asSid.toWire("")).toEqual(zeros);
  expect(asSid.fromWire(zeros)).toBe("");
});

test("a SID of another revision, or of too many parts, is refused", () => {
  const identifierAuthority = { value: octets(0, 0, 0, 0, 0, 5) };
  const of = (revision: number, count: number): string =>
    asSid.fromWire({ revision, identifierAuthority, subAuthority: Array(count).fill(1) });
  expect(() => of(2, 1)).toThrow("revision 2");
  expect(() => of(1, 16)).toThrow("16 sub-authorities");
  expect(of(1, 15)).toBe(`S-1-5${"-1".repeat(15)}`);
});

test("a counted string has no terminator, and none is taken away", () => {
  expect(asCountedString.toWire("ab")).toEqual({ length: 4, maximumLength: 4, buffer: "ab" });
  expect(asCountedString.toWire("a\0")).toEqual({ length: 4, maximumLength: 4, buffer: "a\0" });
  expect(asCountedString.fromWire({ length: 4, maximumLength: 4, buffer: "a\0" })).toBe("a\0");
});

test("a counted string without characters is a NULL buffer, and any empty one is read as such", () => {
  const none = { length: 0, maximumLength: 0, buffer: null };
  expect(asCountedString.toWire("")).toEqual(none);
  expect(asCountedString.fromWire(none)).toBe("");
  expect(asCountedString.fromWire({ length: 0, maximumLength: 2, buffer: "" })).toBe("");
});

test("a terminated string counts its terminator, which is taken away where it is there", () => {
  expect(asTerminatedString.toWire("ab")).toEqual({ length: 6, maximumLength: 6, buffer: "ab\0" });
  expect(asTerminatedString.toWire("")).toEqual({ length: 2, maximumLength: 2, buffer: "\0" });
  for (const buffer of ["ab\0", "ab"])
    expect(asTerminatedString.fromWire({ length: 6, maximumLength: 6, buffer })).toBe("ab");
  expect(asTerminatedString.fromWire({ length: 0, maximumLength: 0, buffer: null })).toBe("");
});

test("a counted string has 65534 octets at most, and an even number of them", () => {
  expect(asCountedString.toWire("x".repeat(0x7fff)).length).toBe(0xfffe);
  expect(() => asCountedString.toWire("x".repeat(0x8000))).toThrow("65536 octets is longer");
  expect(() => asTerminatedString.toWire("x".repeat(0x7fff))).toThrow("65536 octets is longer");
  expect(() => asCountedString.toWire(7 as never)).toThrow("made of text");
  expect(() => asCountedString.fromWire({ length: 3, maximumLength: 4, buffer: "a" })).toThrow(
    "3 octets",
  );
});

const failing: Presentation<number, string> = {
  toWire(text) {
    throw new RangeError(`not ${text}`);
  },
  fromWire(value) {
    throw new RangeError(`not ${value}`);
  },
};

test.each(["toWire", "wireOf"] as const)(
  "what %s of a presentation throws is an error of the writer, with operation and path",
  (method) => {
    const w = new NdrWriter();
    w.operation = "Put request";
    w.u32(0, "first");
    w.enter("Entry");
    w.at(3);
    expect(() => w[method](failing, "this", "Price")).toThrow(
      expect.objectContaining({
        code: "presentation",
        message: "Put request, Entry[3].Price: not this (offset 4)",
        cause: expect.any(RangeError) as Error,
      }) as Error,
    );
  },
);

test("what fromWire of a presentation throws is an error of the reader", () => {
  const r = new NdrReader(new Uint8Array(4));
  r.operation = "Get response";
  expect(() => r.fromWire(failing, r.u32("Price"), "Price")).toThrow(
    expect.objectContaining({ code: "presentation", path: "Price", offset: 4 }) as Error,
  );
});

test("a value is converted once for the places of a message that need it, and anew in the next", () => {
  let calls = 0;
  const counting: Presentation<object, string> = {
    toWire: (text) => ({ text, call: ++calls }),
    fromWire: () => "",
  };
  const w = new NdrWriter();
  const first = w.wireOf(counting, "a", "");
  expect(w.wireOf(counting, "a", "")).toBe(first);
  expect(w.wireOf(counting, "b", "")).not.toBe(first);
  w.finish();
  expect(w.wireOf(counting, "a", "")).toEqual({ text: "a", call: 3 });
});
