// Samba's dialect of IDL, as far as it maps to the wire plan.
import { readFileSync } from "node:fs";
import { compile, memoryHost } from "@msrpc/idl";
import { compareWire, type InterfacePlan, plan, type WirePlan, type WireType } from "@msrpc/wire";
import { expect, test } from "vitest";

/** The plan of a file, and what was said of it by code. */
function pidl(text: string): { plan: WirePlan; said: string[] } {
  const host = memoryHost({ "test.idl": text });
  const { program, diagnostics } = compile(["test.idl"], host, { dialect: "pidl" });
  const made = plan(program);
  const all = [...diagnostics, ...made.diagnostics];
  return { plan: made.plan, said: all.map(({ code, message }) => `${code} ${message}`) };
}

function sample(body: string): string {
  return `[uuid("12345678-1234-abcd-ef00-0123456789ab"), version(1.0), pointer_default(unique)]
    interface test { ${body} }`;
}

/** The type of the only parameter of the only operation. */
function sent(body: string): WireType {
  const { plan: made, said } = pidl(sample(body));
  expect(said).toEqual([]);
  const [found] = made.interfaces[0]!.operations;
  return found!.params.at(-1)!.type;
}

function only({ interfaces }: WirePlan): InterfacePlan {
  expect(interfaces).toHaveLength(1);
  return interfaces[0]!;
}

test("rpcecho in either dialect is the same on the wire", () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
  const { plan: theirs, said } = pidl(read("pidl/echo.idl"));
  expect(said).toEqual([]);
  const host = memoryHost({ "test.idl": read("../../../idl/rpcecho/rpcecho.idl") });
  const ours = plan(compile(["test.idl"], host).program).plan;
  expect(only(theirs).operations.map(({ opnum, name }) => `${opnum} ${name}`)).toEqual(
    only(ours).operations.map(({ opnum, name }) => `${opnum} ${name}`),
  );
  const { items } = compareWire(ours, theirs);
  const operations = items.filter(({ kind }) => kind === "operation");
  expect(operations).toHaveLength(10);
  const same = { ndr: "same", ndr64: "same" };
  expect(operations.map(({ verdicts }) => verdicts)).toEqual(operations.map(() => same));
});

test.each([
  ["uint8", "u8"],
  ["int16", "i16"],
  ["hyper", "i64"],
  ["NTSTATUS", "i32"],
  ["WERROR", "u32"],
  ["NTTIME_hyper", "u64"],
  ["uint3264", "u3264"],
])("%s is %s", (name, primitive) => {
  expect(sent(`void f([in] ${name} a);`)).toMatchObject({ kind: "primitive", name: primitive });
});

test("times are two halves, which align at 4 octets", () => {
  const { plan: made } = pidl(sample("void f([in] NTTIME t);"));
  expect(Object.values(made.types)).toMatchObject([{ layout: { ndr: { align: 4, size: 8 } } }]);
});

test.each([
  ["typedef [enum8bit] enum { A, B = 7, C } E;", "u8"],
  ["typedef [enum16bit] enum { A } E;", "u16"],
  ["typedef bitmap { A = 1, B = 0x80000000 } E;", "u32"],
  ["typedef [bitmap8bit] bitmap { A = 1 } E;", "u8"],
  ["typedef [public,bitmap16bit] bitmap { A = 1 } E;", "u16"],
  ["typedef [bitmap64bit] bitmap { A = 1 } E; declare bitmap F;", "u64"],
])("%s is sent as %s", (declared, primitive) => {
  expect(sent(`${declared} void f([in] E a);`)).toMatchObject({
    kind: "primitive",
    name: primitive,
  });
});

test("members of an enumeration of 8 bits are constants, and label arms", () => {
  const { plan: made, said } = pidl(
    sample(`typedef [enum8bit] enum { A, B = 7, C } E;
      typedef [switch_type(uint8)] union { [case(C)] uint32 c; [default]; } U;
      void f([in] E e, [in,switch_is(e)] U u);`),
  );
  expect(said).toEqual([]);
  expect(made.constants).toMatchObject([
    { name: "A", value: { integer: "0" } },
    { name: "B", value: { integer: "7" } },
    { name: "C", value: { integer: "8" } },
  ]);
  expect(made.types["U"]).toMatchObject({ arms: [{ labels: ["8"] }, { isDefault: true }] });
});

test("a union without switch_type has a discriminant of 32 bits, and arms may share a name", () => {
  const { plan: made } = pidl(
    sample(`typedef union { [case(1)] uint8 x; [case(2)] uint16 x; } U;
      void f([in] uint32 level, [in,switch_is(level)] U u);`),
  );
  expect(made.types["U"]).toMatchObject({
    switchType: { name: "u32" },
    arms: [{ field: { name: "x" } }, { field: { name: "x_2" } }],
  });
});

test("charset makes text of strings and of counted arrays", () => {
  expect(sent("void f([in,string,charset(UTF16)] uint16 *s);")).toMatchObject({
    target: { kind: "string", char: "wchar" },
  });
  expect(sent("void f([in,string,charset(DOS)] uint8 *s);")).toMatchObject({
    target: { kind: "string", char: "char8" },
  });
  expect(sent("void f([in] uint32 n, [in,charset(UTF16),size_is(n)] uint16 *s);")).toMatchObject({
    target: { kind: "array", element: { name: "wchar" } },
  });
});

test("a SID is a conformant structure", () => {
  const { plan: made } = pidl(sample("void f([in,ref] dom_sid2 *sid);"));
  expect(made.types["dom_sid2"]).toMatchObject({ kind: "struct", hoisted: 1 });
});

test("constants of text are left out, and those that come again", () => {
  const { plan: made, said } = pidl(
    sample(`const string NAME = "x"; const int A = 1; typedef bitmap { A = 1, B = 2 } BITS;
      void f([in] BITS b);`),
  );
  expect(said).toEqual([]);
  expect(made.constants.map(({ name }) => name)).toEqual(["A", "B"]);
});

test.each([
  ["[relative] uint8 *a", "[relative]"],
  ["[subcontext(4)] P a", "[subcontext]"],
  ["[flag(NDR_NOALIGN|NDR_REMAINING)] DATA_BLOB a", "[flag]"],
  ["string a", "`string`"],
  ["uint8 a[n]", "an array without a count of its own"],
  ["[switch_is(level_of(n))] U a", "a function in [switch_is]"],
  ["[unheard_of(1)] uint8 a", "[unheard_of]"],
])("%s has no form, and takes along what sends it", (field, what) => {
  const { plan: made, said } = pidl(
    sample(`typedef struct { uint8 x; } P;
      typedef union { [case(1)] uint8 x; } U;
      typedef struct { uint32 n; ${field}; } S;
      typedef struct { S *s; } HOLDER;
      void before([in] uint32 a); void of([in] HOLDER *h); void after([in] uint32 a);`),
  );
  expect(said[0]).toBe(`IDL1501 The wire plan has no form for ${what}.`);
  expect(said.at(-1)).toBe(
    `IDL1502 \`of\` is left out: the wire plan has no form for ${what}, which it sends.`,
  );
  expect(only(made).operations.map(({ opnum, form }) => `${opnum} ${form}`)).toEqual([
    "0 call",
    "1 absent",
    "2 call",
  ]);
  expect(Object.keys(made.types)).not.toContain("S");
});

test.each(["[nopush] struct { uint8 a; }", "[nodiscriminant] union { [case(1)] uint8 a; }"])(
  "typedef %s has no form",
  (declared) => {
    const { said } = pidl(sample(`typedef ${declared} T; void f([in,ref] T *t);`));
    expect(said.map((one) => one.slice(0, 7))).toEqual(["IDL1501", "IDL1502"]);
  },
);

test("fields that are skipped, and flags that only print, are nothing on the wire", () => {
  const { plan: made, said } = pidl(
    sample(`typedef [public] struct { [skip] uint32 hidden; [flag(NDR_PAHEX)] uint8 a[4]; } S;
      void f([in,ref] S *s);`),
  );
  expect(said).toEqual([]);
  expect(made.types["S"]).toMatchObject({ fields: [{ name: "a" }], layout: { ndr: { size: 4 } } });
});

test("what only gathers types may have the name of one of them, and no UUID", () => {
  const { said } = pidl(`[uuid("12345678-0000-0000-0000-00000000")] interface server_id {
    typedef [public] struct { hyper pid; } server_id; }`);
  expect(said).toEqual([]);
});

test("the same text means what it says in Microsoft's dialect", () => {
  const { diagnostics } = compile(
    ["a.idl"],
    memoryHost({ "a.idl": sample("void f([in] uint8 a);") }),
  );
  expect(diagnostics.map(({ code }) => code)).toEqual(["IDL2001"]);
});
