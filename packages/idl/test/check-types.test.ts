import { describe, expect, it } from "vitest";
import { checkBody, checkFiles, checkText, operationOf, typeOf } from "./support/check-text.ts";

it("a structure may point to itself, by tag and by a typedef", () => {
  const checked = checkBody(
    "typedef struct _N { long v; struct _N *a; } N, *PN; void f([in] PN p);",
  );
  expect(checked.codes).toEqual([]);
  const node = typeOf(checked, "struct", "_N");
  expect(node.fields[1]?.type).toEqual({
    kind: "pointer",
    target: { kind: "struct", symbol: node },
  });
});

it("a tagless structure has the name of its first plain typedef", () => {
  const checked = checkBody("typedef struct { long a; } *PA, A; typedef struct { long b; } *PB;");
  expect(typeOf(checked, "struct", "A").isAnonymous).toBe(false);
  expect(typeOf(checked, "struct", "PB_target").isAnonymous).toBe(true);
});

it("nested tagless types have names of their place", () => {
  const checked = checkBody(`
    typedef struct _S { long tag; [switch_is(tag)] union { [case(1)] struct { long a; } x; [default]; } u; } S;
  `);
  expect(checked.program.types.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    "struct _S_u_x",
    "union _S_u",
    "struct _S",
    "typedef S",
  ]);
});

describe("declarators", () => {
  it("are read from the name outwards", () => {
    const checked = checkBody("typedef long *A[3]; typedef long (*B)[3]; typedef long C[2][5];");
    const long = { kind: "base", name: "long" };
    const three = { kind: "fixed", count: 3 };
    expect(typeOf(checked, "typedef", "A").type).toEqual({
      kind: "array",
      element: { kind: "pointer", target: long },
      bound: three,
    });
    expect(typeOf(checked, "typedef", "B").type).toEqual({
      kind: "pointer",
      target: { kind: "array", element: long, bound: three },
    });
    expect(typeOf(checked, "typedef", "C").type).toEqual({
      kind: "array",
      element: { kind: "array", element: long, bound: { kind: "fixed", count: 5 } },
      bound: { kind: "fixed", count: 2 },
    });
  });

  it("may say of each pointer what it is", () => {
    const checked = checkBody("void f([in] long * [unique] * [ref] p);");
    expect(checked.codes).toEqual([]);
    const type = operationOf(checked, "f").params[0]?.type;
    const attributesOf = (each: unknown): unknown =>
      [...((each as { attributes?: Map<string, unknown> }).attributes ?? [])].map(([name]) => name);
    expect(type?.kind).toBe("pointer");
    expect(attributesOf(type)).toEqual(["ref"]);
    expect(attributesOf(type?.kind === "pointer" ? type.target : null)).toEqual(["unique"]);
  });

  it("may have bounds computed from constants", () => {
    const checked = checkBody("const long N = 4; typedef char A[N * sizeof(long)];");
    expect(typeOf(checked, "typedef", "A").type).toMatchObject({ bound: { count: 16 } });
  });
});

it("a union takes the type of its discriminant from what switches it", () => {
  const checked = checkBody(`
    typedef enum { Red, Green } COLOR;
    typedef union _U { [case(Red)] long a; [case(Green)] short b; } U;
    void f([in] COLOR color, [in, switch_is(color)] U *u);
  `);
  expect(checked.codes).toEqual([]);
  expect(typeOf(checked, "union", "_U").switchType).toEqual({
    kind: "typedef",
    symbol: typeOf(checked, "typedef", "COLOR"),
  });
});

it("an encapsulated union has its discriminant and labels", () => {
  const checked = checkBody(`
    typedef union switch (short tag) u { case 1: case 2: long a; case 3: ; default: char b; } E;
  `);
  const union = typeOf(checked, "union", "E");
  expect(union.discriminant).toEqual({
    name: "tag",
    unionName: "u",
    type: { kind: "base", name: "short" },
  });
  expect(
    union.arms.map(({ labels, isDefault, field }) => [labels, isDefault, field?.name]),
  ).toEqual([
    [[1n, 2n], false, "a"],
    [[3n], false, undefined],
    [[], true, "b"],
  ]);
});

it("v1_enum and switch_type of a typedef belong to the type that it defines", () => {
  const checked = checkBody(`
    typedef [v1_enum] enum { A } E;
    typedef [switch_type(short)] union { [case(1)] long a; } U;
  `);
  expect(typeOf(checked, "enum", "E").attributes.has("v1_enum")).toBe(true);
  expect(typeOf(checked, "union", "U").switchType).toEqual({ kind: "base", name: "short" });
});

it("a size may name a member of anonymous structures in one another", () => {
  const checked = checkBody(`typedef struct { struct { struct { long n; } in; struct { long m; }; };
    [size_is(m)] long *a; [size_is(in.n)] long *b; } S; void f([in] S *s);`);
  expect(checked.codes).toEqual([]);
  const sizes = typeOf(checked, "struct", "S").fields.map(
    ({ attributes }) => attributes.get("size_is")?.args[0],
  );
  expect(sizes.slice(1)).toMatchObject([
    { expr: { op: "field", path: ["anonymous0", "anonymous1", "m"] } },
    { expr: { op: "field", path: ["anonymous0", "in", "n"] } },
  ]);
});

it("a size may name a member of an anonymous structure beside it", () => {
  const checked = checkBody(`
    typedef struct { struct { long tag; long n; }; [size_is(n)] long *values; } S;
    void f([in] S *s);
  `);
  expect(checked.codes).toEqual([]);
  const values = typeOf(checked, "struct", "S").fields[1];
  expect(values?.attributes.get("size_is")?.args).toEqual([
    { kind: "expr", expr: { op: "field", path: ["anonymous0", "n"] } },
  ]);
});

it("a type may be sent as another one", () => {
  const checked = checkBody(`
    typedef struct { long flat; } WIRE;
    typedef [transmit_as(WIRE)] void *TREE;
    void f([in] TREE tree);
  `);
  expect(checked.codes).toEqual([]);
  const argument = operationOf(checked, "f").params[0]?.type;
  expect(argument).toMatchObject({ kind: "typedef", symbol: { name: "TREE" } });
});

it("a header sees the names of the file that includes it before others", () => {
  const checked = checkFiles({
    "a.idl": 'import "b.idl"; import "c.idl"; void f([in] C c);',
    "b.idl": "typedef long B;",
    "c.idl": "typedef B C;",
  });
  expect(checked.codes).toEqual([]);
});

it("names that JavaScript gives every object are names like others", () => {
  const checked = checkBody(`
    typedef long toString;
    const long constructor = 3;
    void valueOf([in] toString hasOwnProperty, [in, size_is(hasOwnProperty)] long *__proto__);
  `);
  expect(checked.codes).toEqual([]);
  expect(typeOf(checked, "typedef", "toString").type).toEqual({ kind: "base", name: "long" });
  expect(checkBody("const long A = toString; [valueOf] void f();").codes).toEqual([
    "IDL2002",
    "IDL2101",
  ]);
});

describe("nothing is too long or too deep", () => {
  const many = 5000;
  const lines = (line: (i: number) => string): string =>
    Array.from({ length: many }, (_, i) => line(i)).join("\n");

  it("chains of typedefs, which are refused from a length on", () => {
    const chain = lines((i) => `typedef T${i} T${i + 1};`);
    const checked = checkBody(`typedef long T0;\n${chain}\nvoid f([in] T${many} t);`);
    expect(checked.codes).toEqual(["IDL2602"]);
  });

  it("chains of structures through pointers", () => {
    const chain = lines((i) => `struct S${i} { struct S${i + 1} *next; };`);
    const checked = checkBody(`${chain}\nstruct S${many} { long a; };\nvoid f([in] struct S0 *s);`);
    expect(checked.codes).toEqual([]);
  });

  it("structures within structures, which are refused from a depth on", () => {
    const chain = lines((i) => `struct S${i} { struct S${i + 1} next; };`);
    const checked = checkBody(`${chain}\nstruct S${many} { long a; };\nvoid f([in] struct S0 *s);`);
    expect(checked.codes).toEqual(["IDL2602"]);
  });

  it("structures of very many fields", () => {
    const fields = Array.from({ length: 150_000 }, (_, i) => `I f${i};`).join("");
    const checked = checkBody(`typedef struct { long a; } I; typedef struct {${fields}} S;`);
    expect(checked.codes).toEqual([]);
  });

  it("lists of undefined names", () => {
    const fields = lines((i) => `Undefined${i} field${i};`);
    const known = lines((i) => `typedef long Defined${i};`);
    const checked = checkBody(`${known}\ntypedef struct {\n${fields}\n} S;`);
    expect(checked.diagnostics).toHaveLength(1001);
    expect(checked.diagnostics.filter(({ hint }) => hint?.startsWith("Did"))).toHaveLength(100);
  });

  it("chains of base interfaces, which are refused from a length on", () => {
    const id = (i: number): string =>
      `uuid(${i.toString(16).padStart(8, "0")}-1234-abcd-ef00-0123456789ab)`;
    const chain = Array.from(
      { length: 2000 },
      (_, i) => `[${id(i + 1)}] interface I${i + 1} : I${i} { void f(); }`,
    );
    const checked = checkText(`[${id(0)}] interface I0 { void f(); }\n${chain.join("\n")}`);
    expect(checked.codes).toEqual(["IDL2602"]);
    expect(operationOf(checked, "f", "I2000").opnum).toBe(2000);
  });
});
