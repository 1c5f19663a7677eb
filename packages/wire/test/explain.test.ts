import { expect, test } from "vitest";
import { explain, explainable } from "@msrpc/wire";
import { planOf } from "./support/plan-of.ts";

const made = planOf(`typedef [context_handle] void *H;
  typedef enum { RED = 1, GREEN = 2 } COLOUR;
  typedef struct _ENTRY { unsigned long Type; [string] wchar_t *Name; } ENTRY;
  typedef struct _LIST { unsigned long Count; [size_is(Count)] ENTRY Entry[]; } LIST, *PLIST;
  typedef union switch (short t) u { case 1: hyper a; case 2: ; } U;
  long f([in] H h, [in] COLOUR c, [in] U *u, [out] PLIST *list);
  void Opnum1NotUsedOnWire(void);`);

test("a structure shows hoisted counts, offsets in both syntaxes, and what is deferred", () => {
  expect(explain(made, "LIST")).toBe(
    `Structure _LIST (LIST)
NDR 2.0: varying, aligned to 4. NDR64: varying, aligned to 8.

                                       | NDR 2.0           | NDR64
                                       | offset align size | offset align size
_LIST         _LIST                    |                   |
  max count   hoisted                  |      0     4    4 |      0     8    8
  Count       u32                      |      4     4    4 |      8     4    4
  Entry       array [Count] of _ENTRY  |                   |
    elements  of _ENTRY                |      8     4   .. |     16     8   ..
  padding     to a multiple of 8       |      -     -    - |     ..     1   ..
Deferred, behind _LIST, each with its own deferred part:
  Entry[i].Name -> string of wchar`,
  );
});

test("a union shows where each arm begins", () => {
  expect(explain(made, "U")).toBe(
    `Union U
NDR 2.0: varying, aligned to 8. NDR64: varying, aligned to 8.

                   | NDR 2.0           | NDR64
                   | offset align size | offset align size
U             U    |                   |
  tag         i16  |      0     2    2 |      0     2    2
  1: a        i64  |      8     8    8 |      8     8    8
  2: nothing       |                   |`,
  );
});

test("an operation shows request and response in the order of the wire", () => {
  const text = explain(made, "test.f") ?? "";
  const names = text.split("\n").map((line) => line.split("|")[0]?.trim().split(/ {2,}/)[0]);
  expect(names.filter((name) => name !== "").join("\n")).toBe(
    `Operation f, opnum 0 of test
Request
h\nc\nu\ntag\n1: a\n2: nothing
Response
list\n*list\nmax count\nCount\nEntry\nelements\npadding\nreturn
Deferred, behind list, each with its own deferred part:
*list.Entry[i].Name -> string of wchar`,
  );
});

test("a pipe stands under its name, with a chunk and the count 0 that ends it", () => {
  const piped = planOf("typedef pipe hyper P; void f([in] long n, [in] P data);");
  expect(explain(piped, "f")).toContain(
    `
                                     | NDR 2.0           | NDR64
                                     | offset align size | offset align size
n                i32                 |      0     4    4 |      0     4    4
data             pipe of i64         |                   |
  count          of a chunk          |      4     4    4 |      8     8    8
  elements       of i64              |      8     8   .. |     16     8   ..
  count negated  of a chunk          |      -     -    - |     ..     8    8
  count          = 0, ends the pipe  |     ..     4    4 |     ..     8    8
  count negated  = 0                 |      -     -    - |     ..     8    8
`,
  );
});

test("what a union by itself defers goes by the union's name", () => {
  const bare = planOf(`typedef [switch_type(long)] union _U { [case(1)] long *p; } U;
    void f([in] long t, [in, switch_is(t)] U *u);`);
  expect(explain(bare, "U")).toContain(`
Deferred, behind _U, each with its own deferred part:
  _U -> what the arm of _U points to`);
});

test("an enumeration lists its members", () => {
  expect(explain(made, "COLOUR")).toContain("RED = 1\n  GREEN = 2\nNDR 2.0: 2 bytes");
});

test("an absent operation says so", () => {
  expect(explain(made, "Opnum1NotUsedOnWire")).toBe(
    "Operation Opnum1NotUsedOnWire, opnum 1 of test\nHolds its opnum and is never sent.",
  );
});

test("names that nothing has are not explained", () => {
  expect(explain(made, "NOPE")).toBeNull();
  expect(explainable(made)).toEqual(expect.arrayContaining(["LIST", "_LIST", "f"]));
});
