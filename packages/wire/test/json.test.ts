import { expect, test } from "vitest";
import { type Json, JsonValueError, type StructValue, stubFromJson, stubToJson } from "@msrpc/wire";
import { decode, encode, operation, planOf } from "./support/plan-of.ts";

/** A request from JSON, sent and read, and as JSON again. */
function around(body: string, json: Json): Json {
  const made = planOf(body);
  const value = stubFromJson(made, operation(made, "f"), "in", json);
  const stub = encode(made, "in", value);
  const read = decode(made, "in", stub.replaceAll(" ", ""));
  expect(read.fault).toBeNull();
  return stubToJson(made, operation(made, "f"), "in", read.value);
}

function problem(body: string, json: Json): string {
  try {
    const made = planOf(body);
    stubFromJson(made, operation(made, "f"), "in", json);
  } catch (error) {
    if (error instanceof JsonValueError) return error.message;
    throw error;
  }
  return "none";
}

test("a count that follows from an array may be left out", () => {
  const body = "void f([in] long n, [in, size_is(n)] long a[]);";
  expect(around(body, { a: [7, 8, 9] })).toEqual({ n: 3, a: [7, 8, 9] });
});

test("counts in octets of a counted string may be left out", () => {
  const body = `typedef struct { unsigned short Length; unsigned short Max;
    [size_is(Max/2), length_is(Length/2)] wchar_t *Buffer; } US; void f([in] US *s);`;
  expect(around(body, { s: { Buffer: "abc" } })).toEqual({
    s: { Length: 6, Max: 6, Buffer: "abc" },
  });
});

test("a size that has something added may be left out", () => {
  const body = "typedef struct { long n; [size_is(n + 1)] byte *d; } S; void f([in] S *s);";
  expect(around(body, { s: { d: "0a0b0c" } })).toEqual({ s: { n: 2, d: "0a0b0c" } });
});

test("a discriminant follows from the arm that is named", () => {
  const body = `typedef [switch_type(long)] union { [case(1)] long a; [case(2)] short b; } U;
    void f([in] long kind, [in, switch_is(kind)] U *u);`;
  expect(around(body, { u: { arm: "b", value: 5 } })).toEqual({
    kind: 2,
    u: { tag: 2, arm: "b", value: 5 },
  });
});

test("a pointer that may be null is null where it is left out", () => {
  const body = "void f([in, unique, string] wchar_t *a, [in] long b);";
  expect(around(body, { b: 1 })).toEqual({ a: null, b: 1 });
});

test("a size beside a null pointer is 0", () => {
  const body = "void f([in] long n, [in, unique, size_is(n)] long *a);";
  expect(around(body, { a: null })).toEqual({ n: 0, a: null });
});

test("enumerations go by name, and by number where a number has none", () => {
  const body =
    "typedef [v1_enum] enum { RED = 1, BLUE = 2 } C; void f([in] C a, [in] C b, [in] C c);";
  expect(around(body, { a: "BLUE", b: 1, c: 9 })).toEqual({ a: "BLUE", b: "RED", c: 9 });
});

test("64-bit numbers that JSON can't hold are decimal text", () => {
  const body = "void f([in] hyper a, [in] hyper b, [in] unsigned hyper c);";
  const json = { a: "-9223372036854775808", b: 5, c: "0xffffffffffffffff" };
  expect(around(body, json)).toEqual({ ...json, c: "18446744073709551615" });
});

test("UUIDs and context handles are text", () => {
  const body = `typedef struct { unsigned long a; unsigned short b; unsigned short c; byte d[8]; } GUID;
    typedef [context_handle] void *H; void f([in] GUID *g, [in] H h, [in, unique] GUID *none);`;
  const uuid = "01234567-89ab-cdef-0123-456789abcdef";
  expect(around(body, { g: uuid, h: uuid })).toEqual({ g: uuid, h: uuid, none: null });
});

test("numbers that are none in JSON go by their names", () => {
  const body = "void f([in] double a, [in] float b);";
  expect(around(body, { a: "NaN", b: "-Infinity" })).toEqual({ a: "NaN", b: "-Infinity" });
});

test("rows of an array are lists, and rows of bytes are text", () => {
  const body = "void f([in] long a[2][2], [in] byte b[2][3]);";
  const json = { a: [[1, 2], [3, 4]], b: ["010203", "040506"] }; // prettier-ignore
  expect(around(body, json)).toEqual(json);
});

test("statuses go by name, by their type or because they are said to be ones", () => {
  const made = planOf("error_status_t f([out] long *status, [out] long *other);");
  const statuses = { numbers: { GOOD: 0, BAD: 5, WORSE: 0xc0000022 }, members: ["status"] };
  const value: StructValue = { status: -1073741790, other: 5, return: 5 };
  const json = stubToJson(made, operation(made, "f"), "out", value, statuses);
  expect(json).toEqual({ status: "WORSE", other: 5, return: "BAD" });
  const back = stubFromJson(made, operation(made, "f"), "out", json, statuses);
  expect(back).toEqual({ status: 0xc0000022 | 0, other: 5, return: 5 });
});

test("full pointers that go in a circle are shown once", () => {
  const made = planOf(
    "typedef struct N { [ptr] struct N *next; long v; } N; void f([in, ptr] N *n);",
  );
  const first: StructValue = { v: 1 };
  first["next"] = first;
  const json = stubToJson(made, operation(made, "f"), "in", { n: first });
  expect(json).toEqual({ n: { next: { sameAs: "n" }, v: 1 } });
});

test("what full pointers lead to over and over is shown once, however often they do", () => {
  const made = planOf(`typedef struct N { [ptr] struct N *a; [ptr] struct N *b; } N;
    void f([in, ptr] N *n);`);
  let node: StructValue = { a: null, b: null };
  for (let depth = 0; depth < 100; depth++) node = { a: node, b: node };
  const json = stubToJson(made, operation(made, "f"), "in", { n: node });
  expect(JSON.stringify(json).length).toBeLessThan(100_000);
});

test.each([
  ["void f([in] long count);", { coun: 1 }, "coun: nothing has this name; did you mean count?"],
  ["void f([in] long a);", {}, "a: is missing: an integer"],
  ["void f([in] long a);", { a: 1.5 }, "a: an integer is wanted"],
  ["void f([in] long a);", { a: "x" }, "a: an integer is wanted"],
  ["void f([in] boolean a);", { a: 1 }, "a: true or false is wanted"],
  ["void f([in] long a[2]);", { a: [1, "b"] }, "a[1]: an integer is wanted"],
  ["void f([in] byte a[2]);", { a: "0x01" }, "a: a text of hexadecimal digits is wanted"],
  ["void f([in, string] wchar_t *a);", { a: null }, "a: a text is wanted"],
  ["void f([in] long a);", [], "an object is wanted"],
  [
    "typedef [context_handle] void *H; void f([in] H a);",
    { a: "open" },
    "a: a context handle as its UUID, { attributes, uuid } or null is wanted",
  ],
  [
    "typedef enum { RED, GREEN } C; void f([in] C a);",
    { a: "REED" },
    "a: one of RED, GREEN is wanted; did you mean RED?",
  ],
  [
    "typedef struct { long x; } S; void f([in] S *s);",
    { s: { x: 1, y: 2 } },
    "s.y: nothing has this name; there is x",
  ],
] as [string, Json, string][])("%s refuses %j", (body, json, message) => {
  expect(problem(body, json)).toBe(message);
});
