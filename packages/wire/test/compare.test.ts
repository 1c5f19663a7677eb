import { expect, test } from "vitest";
import { compareWire, type ComparedItem, isChanged } from "@msrpc/wire";
import { planOf } from "./support/plan-of.ts";

/** Items that changed, as `operation f: breaking/same`, the verdicts for NDR 2.0 and NDR64. */
function changes(before: string, after: string): string[] {
  const { items } = compareWire(planOf(before), planOf(after));
  return items.filter(isChanged).map(show);
}

function show({ kind, name, verdicts }: ComparedItem): string {
  return `${kind} ${name.replace("test.", "")}: ${verdicts.ndr}/${verdicts.ndr64}`;
}

function reasons(before: string, after: string): string[] {
  const { items } = compareWire(planOf(before), planOf(after));
  return items.flatMap((item) => item.changes.map(({ path, reason }) => `${path}: ${reason}`));
}

const handle = "typedef [context_handle] void *H;";

test.each([
  ["names", "void f([in] long a);", "void g([in] long b);"],
  [
    "the name of a count",
    "void f([in] long n, [in, size_is(n)] long a[]);",
    "void f([in] long m, [in, size_is(m)] long a[]);",
  ],
  [
    "the name of a count that only the request has",
    "void f([in] long n, [out, size_is(n)] long a[]);",
    "void f([in] long m, [out, size_is(m)] long a[]);",
  ],
  ["a sign", "void f([in] long a);", "void f([in] unsigned long a);"],
  [
    "an enumeration of 32 bits in the place of a number",
    "void f([in] long a);",
    "typedef [v1_enum] enum { A } E; void f([in] E a);",
  ],
  ["strictness of handles", `${handle} void f([in] H h);`, `${handle} void f([in] H g);`],
  [
    "a type that leads to itself",
    "typedef struct N { [unique] struct N *next; } N; void f([in] N *n);",
    "typedef struct M { [unique] struct M *next; } M; void f([in] M *n);",
  ],
])("%s: nothing changed on the wire", (_, before, after) => {
  expect(changes(before, after)).toEqual([]);
});

const switched = (arms: string): string =>
  `typedef [switch_type(long)] union { [case(1)] long a; ${arms} } U;`;
const asked = "void f([in] long k, [out, switch_is(k)] U *u);";
const given = "void f([in] long k, [in, switch_is(k)] U *u);";
const told = "void f([out] long *k, [out, switch_is(*k)] U *u);";

test.each([
  [
    "a 16-bit enumeration made one of 32 breaks NDR 2.0 alone",
    "typedef enum { A } E; void f([in] E e);",
    "typedef [v1_enum] enum { A } E; void f([in] E e);",
    ["operation f: breaking/same", "type E: breaking/same"],
  ],
  [
    "__int3264 made a 32-bit number breaks NDR64 alone",
    "void f([in] __int3264 a);",
    "void f([in] long a);",
    ["operation f: same/breaking"],
  ],
  [
    "an arm that aligns wider breaks NDR64, whose arms align alike",
    `${switched("")} ${given}`,
    `${switched("[case(2)] hyper b;")} ${given}`,
    ["operation f: breaking/breaking", "type U: breaking/breaking"],
  ],
  [
    "an arm that clients may send is compatible",
    `${switched("")} ${given}`,
    `${switched("[case(2)] long b;")} ${given}`,
    ["operation f: compatible/compatible", "type U: compatible/compatible"],
  ],
  [
    "an arm that servers may answer with unasked breaks their clients",
    `${switched("")} ${told}`,
    `${switched("[case(2)] long b;")} ${told}`,
    ["operation f: breaking/breaking", "type U: breaking/breaking"],
  ],
  [
    "an arm that clients ask for is compatible",
    `${switched("")} ${asked}`,
    `${switched("[case(2)] long b;")} ${asked}`,
    ["operation f: compatible/compatible", "type U: compatible/compatible"],
  ],
  [
    "an arm that clients can no longer ask for breaks them",
    `${switched("[case(2)] long b;")} ${asked}`,
    `${switched("")} ${asked}`,
    ["operation f: breaking/breaking", "type U: breaking/breaking"],
  ],
  [
    "a wider range of what is sent is compatible",
    "void f([in, range(0, 5)] long a);",
    "void f([in, range(0, 9)] long a);",
    ["operation f: compatible/compatible"],
  ],
  [
    "a narrower range of what is sent is breaking",
    "void f([in] long a);",
    "void f([in, range(0, 9)] long a);",
    ["operation f: breaking/breaking"],
  ],
  [
    "a wider range of what is answered is breaking",
    "void f([out, range(0, 5)] long *a);",
    "void f([out, range(0, 9)] long *a);",
    ["operation f: breaking/breaking"],
  ],
  [
    "a pointer that may be null now in a request is compatible",
    "typedef struct { [ref] long *p; } S; void f([in] S *s);",
    "typedef struct { [unique] long *p; } S; void f([in] S *s);",
    ["operation f: compatible/compatible", "type S: compatible/compatible"],
  ],
  [
    "a parameter by reference made one that may be null is other octets",
    "void f([in, ref] long *p);",
    "void f([in, unique] long *p);",
    ["operation f: breaking/breaking"],
  ],
  [
    "a field more is breaking, and so is what uses its structure",
    "typedef struct { long a; } S; typedef struct { S s; } T; void f([in] T *t); void g([in] long x);",
    "typedef struct { long a; long b; } S; typedef struct { S s; } T; void f([in] T *t); void g([in] long x);",
    ["operation f: breaking/breaking", "type S: breaking/breaking", "type T: breaking/breaking"],
  ],
  [
    "a parameter less is breaking",
    "void f([in] long a, [in] long b);",
    "void f([in] long a);",
    ["operation f: breaking/breaking"],
  ],
  [
    "an operation at the end is compatible",
    "void f([in] long a);",
    "void f([in] long a); void g();",
    ["operation g: compatible/compatible"],
  ],
  [
    "an operation that went is breaking",
    "void f([in] long a); void g();",
    "void f([in] long a); void Opnum1NotUsedOnWire();",
    ["operation g: breaking/breaking"],
  ],
  [
    "an operation in front of others changes what their opnums mean",
    "void f([in] long a);",
    "void g([in] hyper b); void f([in] long a);",
    ["operation f: breaking/breaking", "operation f: compatible/compatible"],
  ],
  [
    "a size that is stated otherwise is breaking",
    "void f([in] long n, [in, size_is(n)] byte a[]);",
    "void f([in] long n, [in, size_is(n * 2)] byte a[]);",
    ["operation f: breaking/breaking"],
  ],
  [
    "a value more of an enumeration is compatible",
    "typedef enum { A = 1 } E; void f([out] E *e);",
    "typedef enum { A = 1, B = 2 } E; void f([out] E *e);",
    ["operation f: compatible/compatible", "type E: compatible/compatible"],
  ],
  [
    "a value that means another name is breaking",
    "typedef enum { A = 1, B = 2 } E; void f([out] E *e);",
    "typedef enum { A = 2, B = 1 } E; void f([out] E *e);",
    ["operation f: breaking/breaking", "type E: breaking/breaking"],
  ],
  [
    "a string of other characters is breaking",
    "void f([in, string] char *s);",
    "void f([in, string] wchar_t *s);",
    ["operation f: breaking/breaking"],
  ],
  [
    "an array that has its count on the wire now is breaking",
    "typedef struct { long n; byte d[8]; } S; void f([in] S *s);",
    "typedef struct { long n; [size_is(n)] byte d[]; } S; void f([in] S *s);",
    ["operation f: breaking/breaking", "type S: breaking/breaking"],
  ],
  [
    "what is answered by nobody any more is breaking",
    "void f([in] long a);",
    "[maybe] void f([in] long a);",
    ["operation f: breaking/breaking"],
  ],
])("%s", (_, before, after, expected) => {
  expect(changes(before, after)).toEqual(expected);
});

test("a change names what it was and is, and where in both files", () => {
  const { items } = compareWire(
    planOf("void f([in] long a,\n  [in] short count);"),
    planOf("void f([in] long a, [in] long count);"),
  );
  const [change] = items.flatMap((item) => item.changes);
  expect(change).toEqual({
    path: "request.count",
    verdicts: { ndr: "breaking", ndr64: "breaking" },
    reason: "was i16 of 2 octets, is i32 of 4 octets",
    before: { file: "test.idl", line: 3, column: 14, endColumn: 19 },
    after: { file: "test.idl", line: 2, column: 31, endColumn: 36 },
  });
});

test("a parameter that came has no place in the old file", () => {
  const { items } = compareWire(planOf("void f();"), planOf("void f([in] long a);"));
  expect(items.flatMap((item) => item.changes)).toMatchObject([
    { path: "request.a", reason: "a parameter came", before: null, after: { line: 2 } },
  ]);
});

test("an operation names the types that are the reason for its verdict", () => {
  const before = "typedef struct { long a; } S; typedef struct { S s; } T; void f([in] T *t);";
  const after = "typedef struct { hyper a; } S; typedef struct { S s; } T; void f([in] T *t);";
  const { items } = compareWire(planOf(before), planOf(after));
  expect(items.find(({ kind }) => kind === "operation")?.because).toEqual(["S"]);
  expect(items.find(({ name }) => name === "T")?.because).toEqual(["S"]);
});

test.each([
  [", version(1.0)", ", version(1.1)", "compatible"],
  [", version(1.1)", ", version(1.0)", "breaking"],
  [", version(1.0)", ", version(2.0)", "breaking"],
])("an interface of %s that is %s now is %s", (before, after, verdict) => {
  const was = planOf("void f();");
  const versionOf = (text: string): { major: number; minor: number } => {
    const [, major = "", minor = ""] = /(\d)\.(\d)/.exec(text) ?? [];
    return { major: Number(major), minor: Number(minor) };
  };
  const as = (text: string): typeof was => ({
    ...was,
    interfaces: was.interfaces.map((each) => ({ ...each, version: versionOf(text) })),
  });
  expect(compareWire(as(before), as(after)).verdicts).toEqual({ ndr: verdict, ndr64: verdict });
});

test("other reasons say what was and is", () => {
  expect(reasons("void f([in, ref] long *p);", "void f([in, unique] long *p);")).toEqual([
    "request.p: was a ref pointer, is a unique pointer",
  ]);
  expect(
    reasons(
      "void f([in] long n, [in, size_is(n)] byte a[]);",
      "void f([in] long n, [in, size_is(n * 2)] byte a[]);",
    ),
  ).toEqual(["request.a: the size was n, is (n * 2)"]);
});

test("a thousand operations that use a chain of thousands of types are compared", () => {
  const length = 3000;
  const chain = (last: string): string =>
    Array.from({ length }, (_, at) =>
      at === 0
        ? `typedef struct T0 { ${last} v; } T0;`
        : `typedef struct T${at} { [unique] T${at - 1} *p; } T${at};`,
    ).join("\n");
  const calls = Array.from(
    { length: 1000 },
    (_, at) => `void f${at}([in] T${length - 1} *t);`,
  ).join("\n");
  const before = planOf(`${chain("long")}\n${calls}`);
  const after = planOf(`${chain("hyper")}\n${calls}`);
  const { items } = compareWire(before, after);
  const operations = items.filter(({ kind }) => kind === "operation");
  expect(operations).toHaveLength(1000);
  for (const { verdicts, because } of operations) {
    expect(verdicts).toEqual({ ndr: "breaking", ndr64: "breaking" });
    expect(because).toEqual(["T0"]);
  }
  expect(JSON.stringify(items).length).toBeLessThan(4_000_000);
});
