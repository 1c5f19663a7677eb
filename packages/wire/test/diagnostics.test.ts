import { expect, test } from "vitest";
import { wireRules } from "@msrpc/wire";
import { complaints, lowerAnyway } from "./support/plan-of.ts";

test("every code is of one rule", () => {
  const codes = wireRules.map((rule) => rule.code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.every((code) => /^WIRE3\d{3}$/.test(code))).toBe(true);
});

// The checker refuses most of these too. A plan never guesses, whatever program it is given.
const refused: readonly (readonly [code: string, body: string])[] = [
  ["WIRE3001", "void f([in] void *p);"],
  ["WIRE3002", "typedef struct { handle_t h; } S; void f([in] S *s);"],
  ["WIRE3003", "typedef struct { long (*p)(long a); } S; void f([in] S *s);"],
  ["WIRE3004", "typedef struct { unsigned a : 3; } S; void f([in] S *s);"],
  ["WIRE3005", "void f([in] __int128 a);"],
  ["WIRE3006", "struct S; void f([in] struct S *s);"],
  ["WIRE3007", "typedef [switch_type(long)] union { [case(1)] long a; } U; void f([in] U *u);"],
  ["WIRE3008", "typedef union { [case(1)] long a; } U; void f([in, switch_is(3)] U *u);"],
  ["WIRE3010", "typedef struct { byte a; } S; void f([in, string] S *s);"],
  ["WIRE3011", "void f([in] long n, [in, size_is(n)] long a[4]);"],
  ["WIRE3012", "void f([in] long n, [in, length_is(n)] long *a);"],
  ["WIRE3013", "void f([in] long n, [in, size_is(n, n)] long *a);"],
  ["WIRE3014", "void f([in] SAFEARRAY(long) a);"],
  ["WIRE3015", "void f([in, string] char a[2][]);"],
  [
    "WIRE3015",
    `typedef struct { long n; [size_is(n)] byte b[]; } C;
      void f([in] long k, [in, size_is(k)] C *c);`,
  ],
  ["WIRE3016", "typedef pipe long P; typedef struct { P p; } S; void f([in] S *s);"],
  ["WIRE3018", "typedef union switch (double d) u { case 1: long a; } U; void f([in] U *u);"],
];

test.each(refused)("%s: %s", (code, body) => {
  expect(complaints(body)).toEqual([`${code} error`]);
});

test("an interface by value is refused", () => {
  expect(complaints("void f([in] IFoo a); } interface IFoo; interface two {")).toEqual([
    "WIRE3009 error",
  ]);
});

test("an interface with operations and no uuid is left out with a warning", () => {
  expect(complaints("} interface two { void g([in] long a);")).toEqual(["WIRE3017 warning"]);
});

test("a refused construct is named at its place, and what uses it is absent", () => {
  const { plan, diagnostics } = lowerAnyway(`typedef struct { long n; [size_is(n)] long a[4]; } S;
    void f([in] S *s); void g([in] long a);`);
  expect(diagnostics[0]).toMatchObject({
    message: "Field `a` of `S` has both a fixed bound and size_is or max_is.",
    hint: "Leave the bound out (`[]`) to send a count, or the attribute to send none.",
  });
  expect(plan.interfaces[0]?.operations.map(({ form }) => form)).toEqual(["absent", "call"]);
  expect(plan.types).toEqual({});
});
