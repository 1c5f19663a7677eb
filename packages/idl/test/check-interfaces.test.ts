import { describe, expect, it } from "vitest";
import {
  type Checked,
  checkBody,
  checkFiles,
  checkText,
  interfaceOf,
  operationOf,
} from "./support/check-text.ts";

const uuid = "uuid(12345678-1234-abcd-ef00-0123456789ab)";

function opnums(checked: Checked, name = "test"): Record<string, number | null> {
  const { operations } = interfaceOf(checked, name);
  return Object.fromEntries(operations.map((operation) => [operation.name, operation.opnum]));
}

it("an interface has its uuid in lower case, its version and its pointer default", () => {
  const checked = checkText(
    "[uuid(12345678-1234-ABCD-EF00-0123456789AB), version(3.7), pointer_default(ptr)] interface test {}",
  );
  expect(interfaceOf(checked)).toMatchObject({
    form: "rpc",
    uuid: "12345678-1234-abcd-ef00-0123456789ab",
    version: { major: 3, minor: 7 },
    pointerDefault: "ptr",
    isRoot: true,
  });
});

describe("opnums", () => {
  it("count from 0 in order of declaration", () => {
    expect(opnums(checkBody("void A(); void B(); void C();"))).toEqual({ A: 0, B: 1, C: 2 });
  });

  it("of an inherited interface go on after those of its base", () => {
    const checked = checkText(`
      [${uuid}] interface base { void A(); void B(); }
      [uuid(22345678-1234-abcd-ef00-0123456789ab)] interface test : base { void C(); }
    `);
    expect(opnums(checked)).toEqual({ C: 2 });
  });

  it("of a COM interface begin with 3 after those of IUnknown", () => {
    const checked = checkText(
      `import "unknwn.idl"; [object, ${uuid}] interface test : IUnknown { HRESULT A(); }`,
    );
    expect(checked.codes).toEqual([]);
    expect(opnums(checked)).toEqual({ A: 3 });
  });

  it("of a local operation go to the call_as operation that stands for it", () => {
    const body = "[local] long L(void *p); void B(); [call_as(L)] long R([in] long a); void D();";
    expect(opnums(checkText(`[object, ${uuid}] interface test { ${body} }`))).toEqual({
      L: null,
      B: 1,
      R: 0,
      D: 2,
    });
  });

  it("are taken by a local operation of a COM interface, and not by one of another", () => {
    const body = "void A(); [local] void L(); void C();";
    expect(opnums(checkText(`[object, ${uuid}] interface test { ${body} }`))).toEqual({
      A: 0,
      L: 1,
      C: 2,
    });
    expect(opnums(checkBody(body))).toEqual({ A: 0, L: null, C: 1 });
  });

  it("of callbacks are counted apart", () => {
    const body = "void A(); [callback] void K(); void B(); [callback] void M();";
    expect(opnums(checkBody(body))).toEqual({ A: 0, K: 0, B: 1, M: 1 });
  });
});

it("accessors of one property are operations of their own", () => {
  const checked = checkText(`import "unknwn.idl"; [object, ${uuid}] interface test : IUnknown {
    [propget] long Size([out, retval] long *size);
    [propput] long Size([in] long size);
  }`);
  expect(checked.codes).toEqual([]);
  expect(opnums(checked)).toEqual({ get_Size: 3, put_Size: 4 });
});

it("parameters have their directions; without one they are [in]", () => {
  const { params } = operationOf(
    checkBody("void f([in] long a, [out] long *b, [in, out] long *c, long d);"),
    "f",
  );
  expect(params.map(({ name, isIn, isOut }) => [name, isIn, isOut])).toEqual([
    ["a", true, false],
    ["b", false, true],
    ["c", true, true],
    ["d", true, false],
  ]);
});

describe("sizes become expressions over the parameters beside them", () => {
  function sizeOf(attribute: string): unknown {
    const checked = checkBody(`
      const long Extra = 4;
      typedef struct { long n; } COUNT;
      void f([in] long n, [in] long *p, [in] COUNT *c, [in, ${attribute}] long **values);
    `);
    expect(checked.codes).toEqual([]);
    return operationOf(checked, "f").params[3]?.attributes.get("size_is")?.args;
  }
  const n = { op: "field", path: ["n"] };

  it("names", () => {
    expect(sizeOf("size_is(n)")).toEqual([{ kind: "expr", expr: n }]);
  });

  it("pointers", () => {
    expect(sizeOf("size_is(, *p)")).toEqual([
      { kind: "omitted" },
      { kind: "expr", expr: { op: "deref", of: { op: "field", path: ["p"] } } },
    ]);
  });

  it("members of structures", () => {
    const expr = { op: "field", path: ["c", "n"] };
    expect(sizeOf("size_is(c->n)")).toEqual([{ kind: "expr", expr }]);
  });

  it("arithmetic, with constants evaluated", () => {
    const right = { op: "const", value: 9n };
    const expr = { op: "binary", operator: "+", left: n, right };
    expect(sizeOf("size_is(n + (Extra * 2 + 1))")).toEqual([{ kind: "expr", expr }]);
  });

  it("conditions", () => {
    const one = { op: "const", value: 1n };
    const test = { op: "binary", operator: ">", left: n, right: one };
    const expr = { op: "conditional", test, then: n, else: one };
    expect(sizeOf("size_is(n > 1 ? n : 1)")).toEqual([{ kind: "expr", expr }]);
  });

  it("constants alone", () => {
    expect(sizeOf("size_is(Extra)")).toEqual([{ kind: "expr", expr: { op: "const", value: 4n } }]);
  });
});

it("a size that asks first whether a pointer is NULL is what it points to", () => {
  const checked = checkBody(
    "void f([in, unique] long *n, [in, size_is(n ? *n : 0)] long *values);",
  );
  expect(checked.codes).toEqual([]);
  expect(operationOf(checked, "f").params[1]?.attributes.get("size_is")?.args).toEqual([
    { kind: "expr", expr: { op: "deref", of: { op: "field", path: ["n"] } } },
  ]);
});

it("a size that names a pointer means what it points to", () => {
  const checked = checkBody("void f([in] long *n, [in, size_is(n)] long *values);");
  expect(checked.codes).toEqual(["IDL2313"]);
  expect(operationOf(checked, "f").params[1]?.attributes.get("size_is")?.args).toEqual([
    { kind: "expr", expr: { op: "deref", of: { op: "field", path: ["n"] } } },
  ]);
});

it("files that import each other see each other", () => {
  const checked = checkFiles({
    "a.idl": `import "b.idl"; typedef long A; [${uuid}] interface test { void f([in] B b); }`,
    "b.idl": 'import "a.idl"; typedef A B;',
  });
  expect(checked.codes).toEqual([]);
  expect(interfaceOf(checked).operations).toHaveLength(1);
});

it("two roots don't see each other's names", () => {
  const file = (type: string): string =>
    `[${uuid}] interface test { typedef ${type} VALUE; void f([in] VALUE value); }`;
  const files = { "a.idl": file("long"), "b.idl": file("short") };
  const checked = checkFiles(files, ["a.idl", "b.idl"]);
  expect(checked.codes).toEqual(["IDL2511"]);
  expect(checked.program.types.map(({ name }) => name)).toEqual(["VALUE", "VALUE"]);
});

it("a built-in definition gives way to one of the file", () => {
  const checked = checkText('import "ms-dtyp.idl"; typedef struct { short x; } GUID;');
  expect(checked.codes).toEqual([]);
});

it("what only local operations use need have no wire form", () => {
  const checked = checkBody(`
    typedef struct { void *anything; unsigned bits : 3; } PRIVATE;
    [local] void f(PRIVATE *p, void (*callback)(void));
  `);
  expect(checked.codes.filter((code) => code.startsWith("IDL26"))).toEqual([]);
});

it.each([
  "typedef J J;",
  "typedef interface J J;",
  "typedef J J, *PJ;",
  "typedef J J; typedef J J;",
])("an announced interface may be called by its own name, as in C: %s", (typedefs) => {
  const checked = checkText(`import "unknwn.idl"; interface J; ${typedefs}
      [object, uuid(12345678-1234-abcd-ef00-0123456789ab)] interface J : IUnknown { HRESULT f(); }
      [object, uuid(22345678-1234-abcd-ef00-0123456789ab)] interface K : IUnknown { HRESULT g([in] J *j); }`);
  expect(checked.codes).toEqual([]);
});

it("a name that nothing has can't be called by itself", () => {
  expect(checkBody("typedef J J; void f([in] J j);").codes).toEqual(["IDL2010"]);
});
