// What generated code refuses, and which counts and tags it holds against each other.
import { beforeAll, expect, test } from "vitest";
import { asked, compiled, read, type Compiled } from "../support/compiled.ts";

const idl = `
  typedef struct { long size; long used; } COUNTS;
  typedef struct { COUNTS c; [size_is(c.size), length_is(c.used)] long *a; } NESTED;
  typedef struct { long n; [size_is(n), string] char *s; } SIZED;
  typedef struct { long *n; [size_is(*n)] long *a; } DEREF;
  void aliases([in, ptr] long *a, [in, ptr] hyper *b);
  void counted([in] long n, [in] long m, [in, ptr, size_is(n)] long *a, [in, ptr, size_is(m)] long *b);
  void sized([in] SIZED *s);
  void deref([in] DEREF *d);
  void nested([in] NESTED *n);
  void member([in] COUNTS *c, [in, size_is(c->size)] long *a);
  void perhaps([in] long n, [in, unique, size_is(n)] long *a);
`;
let sample: Compiled;

beforeAll(async () => {
  sample = await compiled("checks", idl);
});

const words = (...values: number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);

test("full pointers of two types with one referent id are refused", () => {
  expect(() => read(sample.operations["aliases"]!, words(1, 7, 1))).toThrow(
    expect.objectContaining({ code: "referent_type_mismatch" }) as Error,
  );
});

test("the target of two full pointers has the count of each", () => {
  const counted = sample.operations["counted"]!;
  const a = [5, 6];
  const octets = asked(counted, { n: 2, m: 2, a, b: a });
  expect(read(counted, octets)).toEqual({ n: 2, m: 2, a, b: a });
  expect(() => asked(counted, { n: 2, m: 3, a, b: a })).toThrow("the size is 2, size_is says 3");
  octets[4] = 3;
  expect(() => read(counted, octets)).toThrow("b: the size is 2, size_is says 3");
});

test("a counted string that is null beside its count is refused both ways", () => {
  const sized = sample.operations["sized"]!;
  expect(asked(sized, { s: { n: 0, s: null } })).toEqual(words(0, 0));
  expect(() => asked(sized, { s: { n: 3, s: null } })).toThrow("size_is says 3");
  expect(() => read(sized, words(3, 0))).toThrow("the pointer is NULL and its count is 3");
});

test("an array that a pointer counts has to have so many elements", () => {
  const deref = sample.operations["deref"]!;
  const d = { n: 2, a: [8, 9] };
  const octets = asked(deref, { d });
  expect(octets).toEqual(words(0x20000, 0x20004, 2, 2, 8, 9));
  expect(read(deref, octets)).toEqual({ d });
  expect(() => read(deref, words(1, 2, 3, 2, 8, 9))).toThrow("d.a: the size is 2, size_is says 3");
  expect(() => read(deref, words(0, 2, 2, 8, 9))).toThrow("d.a: the size is 2, size_is says 0");
  expect(() => read(deref, words(1, 0, 2))).toThrow("the pointer is NULL and its count is 2");
});

test("counts inside of a nested structure are held against the array", () => {
  const nested = sample.operations["nested"]!;
  const n = { c: { size: 3, used: 2 }, a: [8, 9] };
  const octets = asked(nested, { n });
  expect(octets).toEqual(words(3, 2, 0x20000, 3, 0, 2, 8, 9));
  expect(read(nested, octets)).toEqual({ n });
  expect(() => read(nested, words(3, 1, 1, 3, 0, 2, 8, 9))).toThrow("length_is says 1");
  expect(() => read(nested, words(4, 2, 1, 3, 0, 2, 8, 9))).toThrow("size_is says 4");
});

test("a count may be a field of another parameter", () => {
  const member = sample.operations["member"]!;
  const request = { c: { size: 1, used: 0 }, a: [8] };
  expect(read(member, asked(member, request))).toEqual(request);
  expect(() => read(member, words(2, 0, 1, 8))).toThrow("a: the size is 1, size_is says 2");
});

test("an array that is null has no count", () => {
  const perhaps = sample.operations["perhaps"]!;
  expect(read(perhaps, words(0, 0))).toEqual({ a: null });
  expect(() => read(perhaps, words(5, 0))).toThrow("the pointer is NULL and its count is 5");
});
