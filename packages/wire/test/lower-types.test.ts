import { compile, memoryHost } from "@msrpc/idl";
import { plan } from "@msrpc/wire";
import { expect, test } from "vitest";
import { lower, lowerFiles, operation, paramType, planOf, typeNamed } from "./support/plan-of.ts";

test("binding handles are left out of an operation", () => {
  const made = planOf("void f([in] handle_t h, [in] long a);");
  expect(operation(made, "f").params.map((param) => param.name)).toEqual(["a"]);
});

test("a context handle is a named type, by value, behind a pointer and as a result", () => {
  const made = planOf(`typedef [context_handle] void *H;
    H f([in] H a, [in, out] H *b);`);
  expect(paramType(made, "a")).toEqual({ kind: "named", name: "H" });
  expect(paramType(made, "b")).toMatchObject({
    kind: "pointer",
    id: "none",
    target: { kind: "named", name: "H" },
  });
  expect(operation(made, "f").result).toEqual({ kind: "named", name: "H" });
  expect(typeNamed(made, "H")).toMatchObject({
    kind: "contextHandle",
    layout: { ndr: { align: 4, size: 20 }, ndr64: { align: 4, size: 20 } },
  });
});

test("[context_handle] on a parameter makes a handle of its void pointer", () => {
  const made = planOf("void f([in, context_handle] void *a, [out, context_handle] void **b);");
  expect(paramType(made, "a")).toEqual({ kind: "named", name: "context_handle" });
  expect(paramType(made, "b")).toMatchObject({ class: "ref", target: { name: "context_handle" } });
});

test("[context_handle] over a typedef of a pointer is one handle", () => {
  const made = planOf("typedef void *HANDLE; typedef [context_handle] HANDLE H; void f([in] H a);");
  expect(paramType(made, "a")).toEqual({ kind: "named", name: "H" });
});

test("an enumeration has 2 bytes, 4 with [v1_enum], and 4 in NDR64", () => {
  const made = planOf(`typedef enum { A, B } E; typedef [v1_enum] enum { C } V;
    void f([in] E a, [in] V b);`);
  expect(typeNamed(made, "E").layout).toEqual({
    ndr: { align: 2, size: 2 },
    ndr64: { align: 4, size: 4 },
  });
  expect(typeNamed(made, "V").layout.ndr).toEqual({ align: 4, size: 4 });
});

test("a union takes the type of its discriminant from what switch_is names", () => {
  const made = planOf(`typedef struct { short t; [switch_is(t)] union {
    [case(1)] long a; [default] ; } u; } S; void f([in] S *a);`);
  expect(Object.values(made.types).find((type) => type.kind === "union")).toMatchObject({
    switchType: { name: "i16" },
    arms: [{ labels: ["1"] }, { isDefault: true, field: null }],
  });
});

test("the values and the labels of an enumeration are signed, however they are written", () => {
  const made = planOf(`typedef [v1_enum] enum { LOW, TOP = 0xffffffff } E;
    typedef [switch_type(E)] union { [case(0xffffffff)] long a; [case(LOW)]; } U;
    void f([in] E e, [in, switch_is(e)] U *u);`);
  expect(typeNamed(made, "E")).toMatchObject({ members: [{ value: 0 }, { value: -1 }] });
  expect(typeNamed(made, "U")).toMatchObject({ arms: [{ labels: ["-1"] }, { labels: ["0"] }] });
});

test("[range] on a pipe bounds its chunks, that of the parameter before that of the typedef", () => {
  const made = planOf(`typedef [range(1, 10)] pipe long P;
    void f([in] P p, [in, range(2, 3)] P few);`);
  const element = { kind: "primitive", name: "i32" };
  expect(paramType(made, "p")).toEqual({ kind: "pipe", element, range: { low: "1", high: "10" } });
  expect(paramType(made, "few")).toEqual({ kind: "pipe", element, range: { low: "2", high: "3" } });
});

test("an encapsulated union keeps the names of its parts", () => {
  const made = planOf(`typedef union switch (long t) u { case 1: short a; } U;
    void f([in] U *a);`);
  expect(typeNamed(made, "U")).toMatchObject({
    encapsulated: { discriminant: "t", union: "u" },
    layout: { ndr: { align: 4, size: 6 } },
  });
});

test("ms_union is of the union it stands on, and not of an encapsulated one", () => {
  const made = planOf(`typedef [ms_union, switch_type(short)] union { [case(1)] hyper a; } M;
    typedef [ms_union] union switch (short t) u { case 1: hyper a; } N;
    void f([in] short t, [in, switch_is(t)] M *a, [in] N *b);`);
  expect(typeNamed(made, "M")).toMatchObject({ isMsUnion: true, armAlign: { ndr: 8, ndr64: 8 } });
  expect(typeNamed(made, "N")).toMatchObject({
    isMsUnion: false,
    armAlign: { ndr: null, ndr64: 8 },
  });
});

test("a pointer to an interface is an interface pointer, by iid_is where it is void", () => {
  const made = lowerFiles({
    "test.idl": `[object, uuid(12345678-1234-abcd-ef00-0123456789ac)] interface IFoo {}
      typedef struct { long a; short b; short c; byte d[8]; } IID;
      [uuid(12345678-1234-abcd-ef00-0123456789ab)] interface test {
        void f([in] IFoo *a, [in] IID *iid, [out, iid_is(iid)] void **b); }`,
  }).plan;
  expect(paramType(made, "a")).toMatchObject({
    class: "unique",
    target: { kind: "interfacePointer", interface: "IFoo", iidIs: null },
  });
  expect(paramType(made, "b")).toMatchObject({
    class: "ref",
    target: { class: "unique", target: { interface: null, iidIs: { path: ["iid"] } } },
  });
});

test("transmit_as and its likes put the type that is sent in place, and name what it presents", () => {
  const made = planOf(`typedef struct { long n; [size_is(n)] wchar_t c[]; } WIRE;
    typedef [unique] WIRE *PWIRE;
    typedef [wire_marshal(PWIRE)] wchar_t *BSTR2;
    typedef [transmit_as(long)] double SHORTENED;
    typedef [represent_as(char)] struct { long a; } NAMED;
    void f([in] BSTR2 a, [in] SHORTENED b, [in] NAMED c, [in] NAMED *d);`);
  expect(paramType(made, "a")).toMatchObject({ class: "unique", target: { name: "WIRE" } });
  expect(paramType(made, "a")).toMatchObject({ presents: "BSTR2" });
  expect(paramType(made, "b")).toEqual({ kind: "primitive", name: "i32", presents: "SHORTENED" });
  expect(paramType(made, "c")).toMatchObject({ kind: "named", presents: "NAMED" });
  expect(paramType(made, "d")).toMatchObject({ kind: "pointer", target: { presents: "NAMED" } });
});

test("an [ignore]d pointer keeps its id and loses its target", () => {
  const made = planOf("typedef struct { [ignore] void *p; long a; } S; void f([in] S *a);");
  expect(typeNamed(made, "S")).toMatchObject({
    fields: [{ type: { kind: "pointer", isIgnored: true } }, {}],
    hasDeferred: false,
    layout: { ndr: { size: 8 }, ndr64: { size: 16 } },
  });
});

test("placeholders hold their opnum and are absent", () => {
  const made = planOf(`void a(void); void Opnum1NotUsedOnWire(void); long Opnum2Reserved(void);
    void Lsar_Opnum3NotUsedOnWire(void); void b(void);`);
  const [test] = made.interfaces;
  expect(test?.operations.map(({ opnum, form }) => `${opnum} ${form}`)).toEqual([
    "0 call",
    "1 absent",
    "2 absent",
    "3 absent",
    "4 call",
  ]);
});

test("callbacks are numbered by themselves", () => {
  const made = planOf("void a(void); [callback] void b(void); void c(void);");
  const [test] = made.interfaces;
  expect(test?.operations.map(({ name, opnum }) => `${name} ${opnum}`)).toEqual(["a 0", "c 1"]);
  expect(test?.callbacks.map(({ name, opnum }) => `${name} ${opnum}`)).toEqual(["b 0"]);
});

test("operations of an object interface come behind those of its base", () => {
  const { plan: made } = lowerFiles({
    "test.idl": `[object, uuid(00000000-0000-0000-c000-000000000046)] interface IUnknown {
        long QueryInterface(void); long AddRef(void); long Release(void); }
      [object, uuid(12345678-1234-abcd-ef00-0123456789ac)] interface IFoo : IUnknown {
        [local] long g([in] void *p); long f([in] long a); }`,
  });
  const foo = made.interfaces.find((each) => each.name === "IFoo");
  expect(foo?.operations.map(({ name, opnum, form }) => `${opnum} ${name} ${form}`)).toEqual([
    "0 QueryInterface absent",
    "1 AddRef absent",
    "2 Release absent",
    "3 g absent",
    "4 f call",
  ]);
});

test("a call_as operation takes the place of its local one", () => {
  const { plan: made } = lowerFiles({
    "test.idl": `[object, uuid(12345678-1234-abcd-ef00-0123456789ac)] interface IFoo {
        [local] long g([in] void *p); long h(void);
        [call_as(g)] long RemoteG([in] long a); }`,
  });
  expect(made.interfaces[0]?.operations.map(({ name, opnum }) => `${opnum} ${name}`)).toEqual([
    "0 RemoteG",
    "1 h",
  ]);
});

test("types are in order of dependency, each with its other names", () => {
  const made = planOf(`typedef struct _A { long a; } A, *PA; typedef A A2;
    typedef struct _B { A a; struct _C *c; } B; typedef struct _C { B b; } C;
    void f([in] C *c);`);
  expect(Object.keys(made.types)).toEqual(["_A", "_B", "_C"]);
  expect(typeNamed(made, "_A").aliases).toEqual(["A", "A2"]);
});

test("a plan is JSON", () => {
  const made = planOf("const long N = 3; typedef struct { hyper h[N]; } S; void f([in] S *a);");
  expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  expect(made.constants).toMatchObject([{ name: "N", value: { integer: "3" } }]);
});

test("places are lines and columns of the file", () => {
  const made = planOf("void f(\n  [in] long a);");
  expect(operation(made, "f").params[0]?.place).toEqual({ file: "test.idl", line: 3, column: 13 });
});

test("what no operation uses and can't be sent is no error", () => {
  const { plan: made, diagnostics } = lower("typedef struct { void *p; } S; void f([in] long a);");
  expect(diagnostics.map(({ code, severity }) => `${code} ${severity}`)).toEqual(["WIRE3001 info"]);
  expect(Object.keys(made.types)).toEqual([]);
});

test("types of one name in two files are two types", () => {
  const part = (uuid: string, name: string): string =>
    `[uuid(12345678-1234-abcd-ef00-0123456789${uuid})] interface ${name} {
      typedef struct _S { long a; } S; void f([in] S *s); }`;
  const host = memoryHost({ "a.idl": part("a1", "a"), "b.idl": part("b1", "b") });
  const { plan: made } = plan(compile(["a.idl", "b.idl"], host).program);
  expect(Object.keys(made.types)).toEqual(["_S", "_S_2"]);
  expect(made.interfaces[1]?.operations[0]?.params[0]?.type).toMatchObject({
    target: { name: "_S_2" },
  });
});

test("types of imported files are marked as such", () => {
  const { plan: made } = lowerFiles({
    "base.idl": "typedef struct _A { long a; } A;",
    "test.idl": `import "base.idl"; [uuid(12345678-1234-abcd-ef00-0123456789ab)] interface test {
      typedef struct _B { A a; } B; void f([in] B *b); }`,
  });
  expect(typeNamed(made, "A").isImported).toBe(true);
  expect(typeNamed(made, "B").isImported).toBe(false);
});

test("ms_union on an interface is of all its unions", () => {
  const made = planOf(
    `typedef [switch_type(short)] union { [case(1)] hyper a; } U;
      void f([in] short t, [in, switch_is(t)] U *u);`,
    ", ms_union",
  );
  expect(typeNamed(made, "U")).toMatchObject({ isMsUnion: true });
});

test("a SAFEARRAY is what wirePSAFEARRAY says is sent", () => {
  const made = planOf(`typedef struct { long n; [size_is(n)] byte b[]; } wireSAFEARRAY;
    typedef [unique] wireSAFEARRAY *wirePSAFEARRAY; void f([in] SAFEARRAY(long) a);`);
  expect(paramType(made, "a")).toMatchObject({
    class: "unique",
    target: { name: "wireSAFEARRAY" },
  });
});

test("what is wrong with a base's operation is said once, for all interfaces that have it", () => {
  const { program } = compile(
    ["test.idl"],
    memoryHost({
      "test.idl": `[object, uuid(12345678-1234-abcd-ef00-0123456789a1)] interface IA {
          long f([in] void *p); }
        [object, uuid(12345678-1234-abcd-ef00-0123456789a2)] interface IB : IA { long g(void); }`,
    }),
  );
  const { plan: made, diagnostics } = plan(program);
  expect(diagnostics.map(({ code }) => code)).toEqual(["WIRE3001"]);
  expect(made.interfaces.map((each) => each.operations[0]?.form)).toEqual(["absent", "absent"]);
});
