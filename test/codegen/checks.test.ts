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
  typedef [switch_type(long)] union { [case(1)] long l; [default] ; } U;
  void rows([in] long n, [in] long m, [in, size_is(n, m)] long a[][*]);
  void lengths([in] long n, [in] long m, [in, size_is(9, 9), length_is(n, m)] byte a[][*]);
  void unions([in] long k, [in, switch_is(k)] U u[2]);
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

test("an array of several dimensions without elements has the counts that are stated", () => {
  const rows = sample.operations["rows"]!;
  const none = asked(rows, { m: 5, a: [] });
  expect(none).toEqual(words(0, 5, 0, 5));
  expect(read(rows, none)).toEqual({ m: 5, a: [] });
  const empty = asked(rows, { m: 0, a: [[], []] });
  expect(empty).toEqual(words(2, 0, 2, 0));
  expect(read(rows, empty)).toEqual({ m: 0, a: [[], []] });
});

test("rows without elements are as many as there can be harm in", () => {
  const rows = sample.operations["rows"]!;
  expect(() => read(rows, words(1025, 0, 1025, 0))).toThrow("needs 1025 octets, 0 are left");
});

test("rows of different lengths are refused", () => {
  const [rows, lengths] = [sample.operations["rows"]!, sample.operations["lengths"]!];
  expect(() => asked(rows, { n: 2, m: 1, a: [[1], [1, 2]] })).toThrow("size_is says 1");
  const a = [new Uint8Array(2), new Uint8Array(1)];
  expect(() => asked(lengths, { n: 2, m: 2, a })).toThrow("length_is says 2");
});

test("every union of an array has the tag of its switch_is", () => {
  const unions = sample.operations["unions"]!;
  const u = [
    { type: 1, value: 5 },
    { type: "default", tag: 2 },
  ];
  expect(() => asked(unions, { k: 1, u })).toThrow("switch_is says 1");
  expect(() => read(unions, words(1, 1, 5, 2))).toThrow("switch_is says 1");
});
