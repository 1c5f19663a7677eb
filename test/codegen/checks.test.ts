// What generated code refuses, and which counts and tags it holds against each other.
import { NdrWriter } from "@msrpc/ndr";
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
  void later([in, size_is(1, n), length_is(, m)] long **a, [in, size_is(2), switch_is(k)] U u[], [in] long n, [in] long m, [in] long k);
  void full([in, ptr, size_is(n), length_is(m)] long *a, [in] long n, [in] long m);
  typedef [switch_type(hyper)] union { [case(9007199254740993)] long l; [case(9007199254740992)] short s; [default] ; } BIG;
  void big([in] hyper k, [in] long d, [in, switch_is(k + d)] BIG *u, [in, size_is(2), switch_is(k)] BIG v[]);
  void divided([in] long z, [in, size_is(8 / z)] byte *a, [out, size_is(8 % z)] byte *b);
  typedef struct { [size_is(8 / z)] byte *a; long z; } PART;
  void part([in] PART *p);
  void shifted([in] unsigned long flags, [in, size_is(flags >> 24)] byte *a);
  typedef struct { } NONE;
  void none([in] long n, [in, size_is(n)] NONE a[], [in] NONE b[2]);
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

test("counts and tags of elements are held against what comes behind the array", () => {
  const later = sample.operations["later"]!;
  const u = [
    { type: 1, value: 5 },
    { type: 1, value: 6 },
  ];
  const request = { a: [[8, 9]], u, n: 3, m: 2, k: 1 };
  const octets = asked(later, request);
  expect(octets).toEqual(words(1, 0x20000, 3, 0, 2, 8, 9, 2, 1, 5, 1, 6, 3, 2, 1));
  expect(read(later, octets)).toEqual(request);
  const wrong = (n: number, m: number, k: number) => (): unknown =>
    read(later, words(1, 0x20000, 3, 0, 2, 8, 9, 2, 1, 5, 1, 6, n, m, k));
  expect(wrong(4, 2, 1)).toThrow("a: the size is 3, size_is says 4");
  expect(wrong(3, 3, 1)).toThrow("a: the length is 2, length_is says 3");
  expect(wrong(3, 2, 2)).toThrow("u: the tag is 1, switch_is says 2");
  expect(() => read(later, words(1, 0, 2, 1, 5, 1, 6, 3, 2, 1))).toThrow(
    "a: the pointer is NULL and its count is 3",
  );
});

test("the counts of a full pointer's target are held against what comes behind it", () => {
  const full = sample.operations["full"]!;
  const request = { a: [8, 9], n: 3, m: 2 };
  const octets = asked(full, request);
  expect(octets).toEqual(words(0x20000, 3, 0, 2, 8, 9, 3, 2));
  expect(read(full, octets)).toEqual(request);
  expect(() => read(full, words(1, 3, 0, 2, 8, 9, 4, 2))).toThrow("the size is 3, size_is says 4");
  expect(() => read(full, words(1, 3, 0, 2, 8, 9, 3, 1))).toThrow("length_is says 1");
});

test("discriminants of 64 bits are told apart above 2^53", () => {
  const big = sample.operations["big"]!;
  const k = 2n ** 53n;
  const short = { type: k, value: 7 };
  const request = { k, d: 1, u: { type: k + 1n, value: 5 }, v: [short, short] };
  const octets = asked(big, request);
  expect(read(big, octets)).toEqual(request);
  expect(() => asked(big, { ...request, d: 2 })).toThrow(`switch_is says ${k + 2n}`);
  expect(() => asked(big, { ...request, k: k + 1n, d: 0 })).toThrow(`switch_is says ${k + 1n}`);
  const wrong = octets.slice();
  wrong[8] = 0;
  expect(() => read(big, wrong)).toThrow(`u: the tag is ${k + 1n}, switch_is says ${k}`);
  const other = octets.slice();
  [other[0], other[8]] = [1, 0];
  expect(() => read(big, other)).toThrow(`v[0]: the tag is ${k}, switch_is says ${k + 1n}`);
});

test("a count that divides by zero is refused both ways", () => {
  const code = (run: () => unknown): unknown => {
    try {
      return run();
    } catch (error) {
      const { code: found, path } = error as { code: string; path: string };
      return `${found} ${path}`;
    }
  };
  const divided = sample.operations["divided"]!;
  const a = new Uint8Array(4);
  expect(read(divided, asked(divided, { z: 2, a }))).toEqual({ z: 2, a });
  expect(code(() => asked(divided, { z: 0, a }))).toBe("division_by_zero a");
  expect(code(() => read(divided, words(0, 4, 0)))).toBe("division_by_zero a");
  const writer = new NdrWriter();
  expect(divided.empty({ z: 0, a })).toEqual({ b: new Uint8Array(0) });
  const answer = { b: new Uint8Array(0) };
  expect(code(() => divided.encodeResponse(writer, answer, { z: 0, a }))).toBe(
    "division_by_zero b",
  );
  const part = sample.operations["part"]!;
  expect(read(part, asked(part, { p: { a, z: 2 } }))).toEqual({ p: { a, z: 2 } });
  expect(code(() => asked(part, { p: { a, z: 0 } }))).toBe("division_by_zero p.a");
  expect(code(() => read(part, words(1, 0, 4, 0)))).toBe("division_by_zero p.a");
});

test("bits are those of unsigned numbers", () => {
  const shifted = sample.operations["shifted"]!;
  const request = { flags: 0x83000000, a: new Uint8Array(0x83) };
  expect(read(shifted, asked(shifted, request))).toEqual(request);
});

test("empty structures in an array take no octets, and there may be 1024 of them", () => {
  const none = sample.operations["none"]!;
  const request = { a: [{}, {}, {}], b: [{}, {}] };
  for (const form of [{}, { byteOrder: "big" }, { syntax: "ndr64" }] as const) {
    const octets = asked(none, request, form);
    expect(octets).toHaveLength("syntax" in form ? 16 : 8);
    expect(read(none, octets, form)).toEqual(request);
  }
  expect(read(none, words(1024, 1024))).toMatchObject({ b: [{}, {}] });
  expect(() => read(none, words(1025, 1025))).toThrow("a: needs 1025 octets, 0 are left");
});
