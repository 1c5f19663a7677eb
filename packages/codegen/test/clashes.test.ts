// Names that TypeScript, JavaScript objects or other declarations have already.
import { expect, test } from "vitest";
import { emitted, generate, sample } from "./support/generate.ts";

/** Names of the operations of an interface, in their order, by the files that hold them. */
function operationsOf(body: string, overlay?: object): Record<string, string> {
  const texts: Record<string, string> = { "sample.idl": sample(body) };
  if (overlay !== undefined) texts["sample.overlay.json"] = JSON.stringify(overlay);
  const { files, diagnostics } = generate(texts);
  expect(diagnostics).toEqual([]);
  const list = files.get("src/sample/operations.ts") ?? "";
  return Object.fromEntries(
    [...list.matchAll(/"\.\/(.+)"/g)].map(([, file = ""]) => {
      const text = files.get(`src/sample/${file}`) ?? "";
      return [file, /^export const (\w+): Operation/m.exec(text)?.[1] ?? ""];
    }),
  );
}

test.each([
  ["Class", "class_"],
  ["Await", "await_"],
  ["Default", "default_"],
  ["Then", "then_"],
  ["Constructor", "constructor_"],
  ["ToString", "toString_"],
  ["HasOwnProperty", "hasOwnProperty_"],
  ["Operations", "operations_"],
  ["__proto__", "proto"],
])("an operation %s is called %s", (name, ts) => {
  expect(Object.values(operationsOf(`void ${name}();`))).toEqual([ts]);
});

test("operations that would be equal are numbered in their order", () => {
  expect(operationsOf("void Go(); void GO(); void go();")).toEqual({
    "go.ts": "go",
    "go-2.ts": "go_",
    "go-2-2.ts": "go_2",
  });
});

test("a name that the overlay states is kept, and others give way to it", () => {
  const overlay = { interfaces: { sample: { operations: { Second: { name: "first" } } } } };
  expect(operationsOf("void First(); void Second();", overlay)).toEqual({
    "first-2.ts": "first_",
    "first.ts": "first",
  });
});

test("a reserved word from the overlay is no exception", () => {
  const overlay = { interfaces: { sample: { operations: { Go: { name: "delete" } } } } };
  expect(Object.values(operationsOf("void Go();", overlay))).toEqual(["delete_"]);
});

test.each([
  ["Index", "index-2.ts"],
  ["Types", "types-2.ts"],
  ["Requests", "requests-2.ts"],
  ["Con", "con-2.ts"],
])("the module of the operation %s is %s", (name, file) => {
  expect(Object.keys(operationsOf(`void ${name}();`))).toEqual([file]);
});

test("an operation gives way to its interface, to functions of types and to constants", () => {
  const body = `typedef struct { long a; } FILE; const long limit = 1;
    void Sample(); void ReadFile([in] FILE *f); void Limit();`;
  expect(Object.values(operationsOf(body))).toEqual(["sample_", "readFile_", "limit_"]);
});

test("a request gives way to a type of the IDL", () => {
  const body = "typedef struct { long a; } OPEN_REQUEST; void Open([in] OPEN_REQUEST *r);";
  expect(emitted(body, "sample/open.ts")).toContain(
    "export interface OpenRequest_ {\n  r: OpenRequest;",
  );
});

test("a shared message does not take the name of a type or operation", () => {
  const types = "typedef struct { long a; } X_REQUEST;";
  const body = `${types} void a([in] long x); void b([in] long x); void c([in] X_REQUEST *r);`;
  const { files, diagnostics } = generate({ "sample.idl": sample(body) });
  expect(diagnostics).toEqual([]);
  expect(files.get("src/sample/requests.ts")).toBeUndefined();
  expect(files.get("src/sample/a.ts")).toContain("export interface ARequest {");
});

test.each([
  ["class", "class_", "class"],
  ["operations", "operations_", "operations-2"],
  ["status_names", "statusNames_", "status-names"],
])("the descriptor of an interface %s is %s", (name, ts, folder) => {
  const idl = `[uuid(00000000-0000-0000-0000-000000000001)] interface ${name} { void go(); }`;
  const { files, diagnostics } = generate({ "a.idl": idl });
  expect(diagnostics).toEqual([]);
  expect(files.get(`src/${folder}/index.ts`)).toContain(`export const ${ts}: InterfaceDescriptor`);
});

test("interfaces that would be equal are numbered, with a folder each", () => {
  const idl = (name: string, digit: number): string =>
    `[uuid(00000000-0000-0000-0000-00000000000${digit})] interface ${name} { void go(); }`;
  const { files } = generate({ "a.idl": `${idl("my_thing", 1)} ${idl("MyThing", 2)}` });
  expect(files.get("src/my-thing/index.ts")).toContain("export const myThing:");
  expect(files.get("src/my-thing-2/index.ts")).toContain("export const myThing_:");
});

test.each([
  ["OPERATION", "Operation_"],
  ["NDR_READER", "NdrReader_"],
  ["STATUS", "Status_"],
  ["NUMBER", "Number_"],
])("a type %s is called %s", (name, ts) => {
  const body = `typedef struct { long a; } ${name}; void put([in] ${name} *x);`;
  expect(emitted(body, "sample/types.ts")).toContain(`export interface ${ts} {`);
});

test("types that would be equal are an error, because other packages import them by name", () => {
  const body = "typedef struct { long a; } POINT; typedef struct { long b; } Point;";
  expect(generate({ "sample.idl": sample(body) }).diagnostics).toMatchObject([{ code: "GEN4202" }]);
});

test("types that are called the same and are the same are one", () => {
  const body =
    "typedef struct { long a; char b[2]; } POINT; typedef struct _POINT { long a; byte b[2]; } Point;" +
    "void put([in] POINT *x, [in] struct _POINT *y);";
  const { files, diagnostics } = generate({ "sample.idl": sample(body) });
  expect(diagnostics).toEqual([]);
  const types = files.get("src/sample/types.ts") ?? "";
  expect(types.match(/export function writePoint\b/g)).toHaveLength(1);
});

test("types of one IDL name that differ are an error", () => {
  const body =
    "typedef struct _A { long a; } POINT; void put([in] POINT *x);" +
    "typedef struct { long b; } Point; void give([in] Point *x);";
  expect(generate({ "sample.idl": sample(body) }).diagnostics).toMatchObject([{ code: "GEN4202" }]);
});

test("a type is not called as the deferred part of another", () => {
  const body = "typedef struct { long *a; } FOO; typedef struct { long *b; } FOO_TARGETS;";
  expect(generate({ "sample.idl": sample(body) }).diagnostics).toMatchObject([
    { code: "GEN4202", message: "FOO and FOO_TARGETS both become FooTargets in TypeScript" },
  ]);
});

test("constants keep off reserved words and types", () => {
  const body = "typedef struct { long a; } Point; const long Point_ = 2; const long delete = 1;";
  const text = emitted(`${body} const long readPoint = 3;`, "sample/constants.ts");
  expect(text.trimStart()).toBe(
    "export const Point_ = 2;\nexport const delete_ = 1;\nexport const readPoint_ = 3;\n",
  );
});

test("an enumerator __proto__ is a value like any other", () => {
  const body = "typedef enum { class = 1, __proto__ = 2 } KIND; void put([in] KIND k);";
  const text = emitted(body, "sample/enums.ts");
  expect(text).toContain('  class: 1,\n  ["__proto__"]: 2,\n');
});

test("a parameter that is a reserved word is decoded into a variable of another name", () => {
  const text = emitted(
    "void put([in] long class, [in, size_is(class / 2)] byte *a);",
    "sample/put.ts",
  );
  expect(text).toContain("const class_ = r.i32(");
  expect(text).toContain("return { class: class_, a };");
});

test("a parameter is not called as the return value", () => {
  const text = emitted("long put([in, out] long *return_value);", "sample/put.ts");
  expect(text).toContain(
    "export interface PutRequest {\n  /** return_value */\n  returnValue_: number;\n}",
  );
  expect(text).toContain("  returnValue_: number;\n  returnValue: number;\n}");
});

test.each([
  [{ params: { a: { name: "b" } } }, "a and b both become b in TypeScript"],
  [{ params: { return: { name: "c" } } }, "c and return value both become c in TypeScript"],
])("members that the overlay calls alike are an error", (put, message) => {
  const overlay = { interfaces: { sample: { operations: { put } } } };
  const texts = {
    "sample.idl": sample("long put([in] long a, [in] long b, [out] long *c);"),
    "sample.overlay.json": JSON.stringify(overlay),
  };
  expect(generate(texts).diagnostics).toMatchObject([{ code: "GEN4202", message }]);
});

test("fields that the overlay calls alike are an error", () => {
  const texts = {
    "sample.idl": sample("typedef struct { long a; long b; } S; void put([in] S *s);"),
    "sample.overlay.json": '{ "types": { "S": { "fields": { "b": { "name": "a" } } } } }',
  };
  expect(generate(texts).diagnostics).toMatchObject([
    { code: "GEN4202", message: "a and b both become a in TypeScript" },
  ]);
});

test.each(["number", "string", "Operation", "NdrReader", "class"])(
  "a type that the overlay calls %s is no exception",
  (name) => {
    const overlay = { types: { S: { name } } };
    const body = "typedef struct { long a; } S; void put([in] S *s);";
    expect(emitted(body, "sample/types.ts", overlay)).toContain(`export interface ${name}_ {`);
  },
);

test.each([
  ["class", "GEN4114"],
  ["Uint8Array", "GEN4114"],
  ["a-b", "GEN4114"],
  ["S", "GEN4202"],
])("an enumeration of the overlay can't be called %s", (name, code) => {
  const texts = {
    "sample.idl": sample("typedef struct { long a; } S; void put([in] S *s);"),
    "sample.overlay.json": JSON.stringify({ enums: { [name]: { values: { A: 1 } } } }),
  };
  expect(generate(texts).diagnostics).toMatchObject([{ code }]);
});

test("values of an enumeration that are no identifiers are quoted", () => {
  const overlay = { enums: { Kind: { values: { "b-c": 1, "2d": 2 } } } };
  const text = emitted("void put([in] long k);", "sample/enums.ts", overlay);
  expect(text).toContain('  "b-c": 1,\n  "2d": 2,\n');
});

test("two files of one name, each with several interfaces, have a folder each", () => {
  const idl = (digit: number, type: string): string => `
    [uuid(00000000-0000-0000-0000-00000000000${digit})]
    interface i${digit} { typedef struct { ${type} a; } S; void put${digit}([in] S *s); }
    [uuid(00000000-0000-0000-0000-00000000001${digit})]
    interface j${digit} { void get${digit}([in] S *s); }`;
  const { files, diagnostics } = generate({
    "a/x.idl": idl(1, "long"),
    "b/x.idl": idl(2, "hyper"),
  });
  expect(diagnostics).toEqual([]);
  expect(files.get("src/x/types.ts")).toContain("a: number;");
  expect(files.get("src/x-2/types.ts")).toContain("a: bigint;");
  expect(files.get("src/j2/get2.ts")).toContain('from "../x-2/types.ts"');
});
