import { expect, test } from "vitest";
import {
  decode,
  encode,
  encodeNamed,
  hex,
  lowerFiles,
  operation,
  planOf,
} from "./support/plan-of.ts";
import { type Value, decodeStub, encodeStub } from "@msrpc/wire";

const ndr64 = { syntax: "ndr64" } as const;

test("a count and its array, as in [MS-RPCE] 4.6", () => {
  const made = planOf("void f([in] long Size, [in, size_is(Size)] short *pArray);");
  const value = { Size: 3, pArray: [1, 2, 3] };
  expect(encode(made, "in", value)).toBe("03000000 03000000 01000200 0300");
  expect(encode(made, "in", value, ndr64)).toBe(
    "03000000 00000000 03000000 00000000 01000200 0300",
  );
});

test("expressions in size_is and length_is, as in [MS-RPCE] 4.7", () => {
  const made = planOf(`typedef struct _UNICODE_STRING { unsigned short Length;
    unsigned short MaximumLength;
    [size_is(MaximumLength/2), length_is(Length/2)] unsigned short *pString; } UNICODE_STRING;
    void f([in] UNICODE_STRING *s);`);
  const value = { Length: 4, MaximumLength: 6, pString: [0x61, 0x62] };
  expect(encodeNamed(made, "UNICODE_STRING", value)).toBe(
    "04000600 00000200 03000000 00000000 02000000 61006200",
  );
  expect(encodeNamed(made, "UNICODE_STRING", value, ndr64)).toBe(
    "04000600 00000000 00000200 00000000 03000000 00000000 00000000 00000000 " +
      "02000000 00000000 61006200",
  );
});

test("a structure's gap at its end is sent in NDR64 alone, as in [MS-RPCE] 4.8", () => {
  const made = planOf(`typedef struct _StructWithPad { long l; short s; } StructWithPad;
    void f([in] StructWithPad *a);`);
  const value = { l: 1, s: 2 };
  expect(encodeNamed(made, "StructWithPad", value)).toBe("01000000 0200");
  expect(encodeNamed(made, "StructWithPad", value, ndr64)).toBe("01000000 02000000");
});

test("big-endian integers", () => {
  const made = planOf("void f([in] short a, [in] long b, [in] hyper c);");
  const value = { a: 1, b: 2, c: 3n };
  expect(encode(made, "in", value, { bigEndian: true })).toBe(
    "00010000 00000002 00000000 00000003",
  );
});

test("an array of reference pointers in a structure has no ids in NDR 2.0", () => {
  const made = planOf("typedef struct { [ref] short *c[2]; long l; } S; void f([in] S *a);");
  const value = { c: [1, 2], l: 3 };
  expect(encodeNamed(made, "S", value)).toBe("03000000 01000200");
  expect(encodeNamed(made, "S", value, { bigEndian: true })).toBe("00000003 00010002");
  expect(encodeNamed(made, "S", value, ndr64)).toBe(
    "00000200 00000000 04000200 00000000 03000000 00000000 01000200",
  );
});

test("__int3264 has 4 bytes in NDR 2.0 and 8 in NDR64", () => {
  const made = planOf("void f([in] __int3264 a, [in] unsigned __int3264 b);");
  const value = { a: -2n, b: 5n };
  expect(encode(made, "in", value)).toBe("feffffff 05000000");
  expect(encode(made, "in", value, ndr64)).toBe("feffffff ffffffff 05000000 00000000");
});

test("max counts stand in front of the outermost structure that a conformant array ends", () => {
  const made = planOf(`typedef struct { short n; [size_is(n)] byte b[]; } INNER;
    typedef struct { long a; INNER i; } OUTER; void f([in] OUTER *o);`);
  const value = { a: 7, i: { n: 3, b: Uint8Array.of(1, 2, 3) } };
  expect(encodeNamed(made, "OUTER", value)).toBe("03000000 07000000 03000102 03");
  expect(encodeNamed(made, "OUTER", value, ndr64)).toBe(
    "03000000 00000000 07000000 03000102 03000000",
  );
});

test("offset and count of a conformant varying array stay in place", () => {
  const made = planOf(`typedef struct { short n; short m;
    [size_is(n), length_is(m)] short a[]; } S; void f([in] S *s);`);
  expect(encodeNamed(made, "S", { n: 3, m: 1, a: [9] })).toBe(
    "03000000 03000100 00000000 01000000 0900",
  );
});

test("first_is is the offset", () => {
  const made = planOf(`void f([in] long n, [in] long m, [in] long k,
    [in, size_is(n), first_is(k), length_is(m)] byte *a);`);
  expect(encode(made, "in", { n: 4, m: 2, k: 1, a: Uint8Array.of(5, 6) })).toBe(
    "04000000 02000000 01000000 04000000 01000000 02000000 0506",
  );
});

test("a conformant array of two dimensions has its max counts, then offsets and counts in pairs", () => {
  const made = planOf(`void f([in] long n, [in] long m,
    [in, size_is(n, m), length_is(n, m)] byte a[][]);`);
  const value = { n: 2, m: 3, a: [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6)] };
  expect(encode(made, "in", value)).toBe(
    "02000000 03000000 02000000 03000000 00000000 02000000 00000000 03000000 01020304 0506",
  );
});

test("targets of embedded pointers are deferred behind the outermost structure, in order", () => {
  const made = planOf(`typedef struct { [string] char *s; long *n; } IN;
    typedef struct { IN in; short last; } OUT; void f([in] OUT *o);`);
  const value = { in: { s: "a", n: 5 }, last: 7 };
  expect(encodeNamed(made, "OUT", value)).toBe(
    "00000200 04000200 07000000 02000000 00000000 02000000 61000000 05000000",
  );
});

test("a deferred target is followed by its own deferred part before the next sibling's", () => {
  const made = planOf(`typedef struct _N { long v; struct _N *left; struct _N *right; } N;
    void f([in, unique] N *n);`);
  const leaf = (v: number): object => ({ v, left: null, right: null });
  const value = { n: { v: 1, left: { v: 2, left: leaf(3), right: null }, right: leaf(4) } };
  expect(encode(made, "in", value as never)).toBe(
    "00000200 01000000 04000200 08000200 " +
      "02000000 0c000200 00000000 03000000 00000000 00000000 04000000 00000000 00000000",
  );
});

test("structures in an array in a structure defer behind the outermost one", () => {
  const made = planOf(`typedef struct { long *p; } E; typedef struct { E e[2]; long z; } S;
    void f([in] S *s);`);
  const value = { e: [{ p: 1 }, { p: 2 }], z: 3 };
  expect(encodeNamed(made, "S", value)).toBe("00000200 04000200 03000000 01000000 02000000");
});

test("ids of an array of pointers stand together, their targets behind", () => {
  const made = planOf("void f([in] long n, [in, size_is(n), string] char **a);");
  expect(encode(made, "in", { n: 2, a: ["x", null] })).toBe(
    "02000000 02000000 00000200 00000000 02000000 00000000 02000000 7800",
  );
});

test("elements of an array of ref pointers have an id in NDR64 alone", () => {
  const made = planOf("void f([in] long *a[2]);", ", pointer_default(ref)");
  const value = { a: [1, 2] };
  expect(encode(made, "in", value)).toBe("01000000 02000000");
  expect(encode(made, "in", value, ndr64)).toBe(
    "00000200 00000000 04000200 00000000 01000000 02000000",
  );
});

test("a pointer behind a pointer outside of structures is followed by its target at once", () => {
  const made = planOf("void f([in, unique] long **a, [in] long b);");
  expect(encode(made, "in", { a: 9, b: 1 })).toBe("00000200 04000200 09000000 01000000");
});

test("an array of strings in a structure is one string behind the other", () => {
  const made = planOf(`typedef struct { [string] char names[2][4]; } S; void f([in] S *s);`);
  expect(encodeNamed(made, "S", { names: ["a", "bc"] })).toBe(
    "00000000 02000000 61000000 00000000 03000000 626300",
  );
});

test("a conformant string at the end of a structure has its max count in front", () => {
  const made = planOf("typedef struct { short a; [string] wchar_t s[]; } S; void f([in] S *s);");
  expect(encodeNamed(made, "S", { a: 1, s: "x" })).toBe(
    "02000000 01000000 00000000 02000000 78000000",
  );
});

test("dimensions without elements have the counts that are stated", () => {
  const made = planOf(
    "void f([in] long n, [in] long m, [in, size_is(n, m), length_is(n, m)] long a[][*]);",
  );
  const none = "00000000 05000000 00000000 05000000 00000000 00000000 00000000 05000000";
  expect(encode(made, "in", { n: 0, m: 5, a: [] })).toBe(none);
  const rows = { n: 2, m: 0, a: [[], []] };
  const empty = encode(made, "in", rows);
  expect(empty).toBe("02000000 00000000 02000000 00000000 00000000 02000000 00000000 00000000");
  expect(decode(made, "in", empty)).toMatchObject({ fault: null, value: rows });
});

test("the max count of a string with size_is is the size", () => {
  const made = planOf("void f([in] long n, [in, string, size_is(n)] wchar_t *s);");
  expect(encode(made, "in", { n: 10, s: "x" })).toBe(
    "0a000000 0a000000 00000000 02000000 78000000",
  );
});

test("in NDR 2.0 a union's arm aligns as itself, in NDR64 as the largest arm", () => {
  const made =
    planOf(`typedef [switch_type(short)] union { [case(1)] short a; [case(2)] hyper b; } U;
    void f([in] short t, [in, switch_is(t)] U *u);`);
  const value = { t: 1, u: { tag: 1, arm: "a", value: 9 } };
  expect(encode(made, "in", value)).toBe("01000100 0900");
  expect(encode(made, "in", value, ndr64)).toBe("01000000 00000000 01000000 00000000 0900");
});

test("with ms_union the arm aligns as the largest in NDR 2.0 too, and so do elements", () => {
  const made = planOf(`typedef [ms_union] union switch (short t) u { case 1: short a; } PLAIN;
    typedef [ms_union, switch_type(short)] union { [case(1)] short a; [case(2)] hyper b; } U;
    void f([in] short t, [in, switch_is(t)] U u[2]);`);
  const one = { tag: 1, arm: "a", value: 9 };
  expect(encode(made, "in", { t: 1, u: [one, one] })).toBe(
    "01000000 00000000 01000000 00000000 09000000 00000000 01000000 00000000 0900",
  );
});

test("a structure aligns as the largest arm of a union in it", () => {
  const made = planOf(`typedef struct { short t; [switch_is(t)] union {
    [case(1)] short a; [case(2)] hyper b; } u; } S; void f([in] short x, [in] S s);`);
  expect(encode(made, "in", { x: 1, s: { t: 1, u: { tag: 1, arm: "a", value: 3 } } })).toBe(
    "01000000 00000000 01000100 0300",
  );
});

test("an arm is refused under a tag that selects another", () => {
  const made =
    planOf(`typedef union switch (long t) u { case 1: ; case 2: long a; default: hyper b; } U;
    void f([in] U *u);`);
  const put = (tag: number, arm: string | null, value: Value): string =>
    encode(made, "in", { u: { tag, arm, value } });
  expect(() => put(2, "b", 0x1_0000_0005n)).toThrow("u: the tag 2 selects a, not b");
  expect(() => put(1, "b", 5n)).toThrow("u: the tag 1 selects the empty arm, not b");
  expect(() => put(3, null, null)).toThrow("u: the tag 3 selects b, not the empty arm");
  expect(put(3, "b", 5n)).toBe("03000000 00000000 05000000 00000000");
});

test("an empty arm is its discriminant alone", () => {
  const made = planOf(`typedef union switch (long t) u { case 1: short a; default: ; } U;
    void f([in] U *u);`);
  expect(encode(made, "in", { u: { tag: 5, arm: null, value: null } })).toBe("05000000");
});

test("a pipe stands behind other parameters of a request and in front of those of a response", () => {
  const made = planOf(`typedef pipe byte P;
    void f([in] P *a, [in] long n, [out] P *b, [out] long *m);`);
  const chunks = [Uint8Array.of(1, 2), Uint8Array.of(3)];
  expect(encode(made, "in", { a: chunks, n: 9 })).toBe(
    "09000000 02000000 01020000 01000000 03000000 00000000",
  );
  expect(encode(made, "out", { b: chunks, m: 9 }, ndr64)).toBe(
    "02000000 00000000 01020000 00000000 feffffff ffffffff " +
      "01000000 00000000 03000000 00000000 ffffffff ffffffff " +
      "00000000 00000000 00000000 00000000 09000000",
  );
});

test("context handles are 20 bytes, all zero for null", () => {
  const made = planOf("typedef [context_handle] void *H; H f([in] H a);");
  const uuid = "00112233-4455-6677-8899-aabbccddeeff";
  expect(encode(made, "in", { a: { attributes: 1, uuid } })).toBe(
    "01000000 33221100 55447766 8899aabb ccddeeff",
  );
  expect(encode(made, "out", { return: null })).toBe("00000000 ".repeat(5).trim());
});

test("an interface pointer is a conformant structure of bytes", () => {
  const { plan: made } = lowerFiles({
    "test.idl": `[object, uuid(12345678-1234-abcd-ef00-0123456789ac)] interface IFoo {}
      [uuid(12345678-1234-abcd-ef00-0123456789ab)] interface test { void f([in] IFoo *p); }`,
  });
  expect(encode(made, "in", { p: Uint8Array.of(0x4d, 0x45, 0x4f) })).toBe(
    "00000200 03000000 03000000 4d454f",
  );
});

test("two full pointers to one object have one id and one target, also in a cycle", () => {
  const made = planOf(`typedef struct _N { long v; [ptr] struct _N *next; } N;
    void f([in, ptr] N *a, [in, ptr] N *b);`);
  const node: { v: number; next: unknown } = { v: 5, next: null };
  node.next = node;
  const text = encode(made, "in", { a: node, b: node } as never);
  expect(text).toBe("00000200 05000000 00000200 00000200");
  const { value, fault } = decode(made, "in", text);
  expect(fault).toBeNull();
  expect(value["a"]).toBe(value["b"]);
  expect((value["a"] as { next: unknown }).next).toBe(value["a"]);
});

test("a size that is a parameter of the request is looked up there for the response", () => {
  const made = planOf(
    `void f([in] long cb, [out, size_is(cb), length_is(*n)] byte *p, [out] long *n);`,
  );
  const f = operation(made, "f");
  const value = { p: Uint8Array.of(1, 2), n: 2 };
  const bytes = encodeStub(made, f, "out", value, { request: { cb: 4 } });
  expect(hex(bytes)).toBe("04000000 00000000 02000000 01020000 02000000");
  expect(decodeStub(made, f, "out", bytes, { request: { cb: 4 } }).fault).toBeNull();
  expect(decodeStub(made, f, "out", bytes, { request: { cb: 5 } }).fault?.code).toBe("correlation");
  expect(decodeStub(made, f, "out", bytes).fault).toBeNull();
});

test.each([
  ["a value that is missing", {}, "n: a value is missing (offset 0)"],
  ["a number too large", { n: 300, a: [] }, "n: 300 does not fit into u8 (offset 0)"],
  [
    "an array of another length",
    { n: 2, a: [1] },
    "a: 1 elements where 2 of 2 are stated (offset 8)",
  ],
  ["a value of another kind", { n: 1, a: "x" }, "a: an array is wanted (offset 1)"],
])("encoding refuses %s", (_, value, message) => {
  const made = planOf("void f([in] unsigned small n, [in, size_is(n)] long *a);");
  expect(() => encode(made, "in", value as never)).toThrow(message);
});

test.each([{}, { bigEndian: true }, ndr64])(
  "a count that divides by zero is a fault: %o",
  (form) => {
    const made = planOf("void f([in] long z, [in, size_is(8 / z)] byte *a);");
    const octets = new Uint8Array(4);
    const put = (z: number): string => encode(made, "in", { z, a: octets }, form);
    expect(() => put(0)).toThrow(expect.objectContaining({ code: "division", path: "a" }) as Error);
    const zeroed = put(2).replace(/^0000 ?0002|^02000000/, "00000000");
    expect(decode(made, "in", zeroed, form).fault).toMatchObject({ code: "division", path: "a" });
  },
);

test.each([{}, { bigEndian: true }, ndr64])(
  "full pointers to full pointers come back, and tell an alias from a pointer to it: %o",
  (form) => {
    const made = planOf(`typedef struct { long v; } T; typedef [ptr] T *PT; typedef [ptr] PT *PPT;
      typedef struct { PPT a; PT b; PPT c; } S; void f([in] S *s, [in, ptr] long **n);`);
    const t = { v: 4 };
    const value = { s: { a: t, b: t, c: t }, n: 5 };
    const octets = encode(made, "in", value, form);
    const decoded = decode(made, "in", octets, form);
    expect(decoded).toMatchObject({ fault: null, trailing: 0, value });
    const { a, b, c } = decoded.value["s"] as Record<string, object>;
    expect(a).toBe(b);
    expect(c).toBe(b);
    expect(encode(made, "in", decoded.value, form)).toBe(octets);
  },
);

test.each([{}, { bigEndian: true }, ndr64])("arrays of empty structures come back: %o", (form) => {
  const made = planOf(
    "typedef struct { } NONE; void f([in] long n, [in, size_is(n)] NONE a[], [in] NONE b[2]);",
  );
  const value = { n: 3, a: [{}, {}, {}], b: [{}, {}] };
  const octets = encode(made, "in", value, form);
  expect(decode(made, "in", octets, form)).toMatchObject({ fault: null, trailing: 0, value });
  const many = encode(
    made,
    "in",
    { ...value, n: 2000, a: Array.from({ length: 2000 }, () => ({})) },
    form,
  );
  expect(decode(made, "in", many, form).fault).toMatchObject({ code: "count", path: "a" });
});
