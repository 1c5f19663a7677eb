import { format } from "prettier";
import { expect, test } from "vitest";
import { emitted, generate, sample } from "./support/generate.ts";

const opening = `
  typedef [context_handle] void *HTHING;
  HTHING ApiOpenThing([in, string] wchar_t *lpszName, [out] error_status_t *Status);
  error_status_t ApiCloseThing([in, out] HTHING *Thing);
`;

const policy = {
  document: "MS-X",
  naming: { operationPrefixes: ["Api"] },
  types: { HTHING: { name: "ThingHandle", close: "ApiCloseThing" } },
  interfaces: {
    sample: {
      status: ["Status", "return"],
      operations: { ApiOpenThing: { section: "3.1.1", summary: "Opens a thing." } },
    },
  },
};

test("an operation that opens a handle reads like this", () => {
  expect(emitted(opening, "sample/open-thing.ts", policy))
    .toBe(`import type { Operation } from "@msrpc/rpc";
import type { ThingHandle } from "./types.ts";

export interface OpenThingRequest {
  name: string;
}

export interface OpenThingResponse {
  status: number;
  returnValue: ThingHandle | null;
}

/** Opens a thing (ApiOpenThing, opnum 0, [MS-X] 3.1.1). */
export const openThing: Operation<OpenThingRequest, OpenThingResponse, ThingHandle> = {
  name: "ApiOpenThing",
  opnum: 0,
  encodeRequest: (w, q) => w.wstring(q.name, "lpszName"),
  decodeRequest: (r) => ({ name: r.wstring("lpszName") }),
  encodeResponse(w, p) {
    w.u32(p.status, "Status");
    w.contextHandle(p.returnValue, "return value");
  },
  decodeResponse: (r) => ({
    status: r.u32("Status"),
    returnValue: r.contextHandle<ThingHandle>("return value"),
  }),
  empty: () => ({ status: 0, returnValue: null }),
  status: ["status"],
  opens: { handle: "returnValue", close: "closeThing" },
};
`);
});

test("the operation that closes a handle takes one that is there and leaves nothing", () => {
  const text = emitted(opening, "sample/close-thing.ts", policy);
  expect(text).toContain("Operation<CloseThingRequest, CloseThingResponse, void>");
  expect(text).toContain('closes: "thing"');
  expect(text).toContain(
    "  thing: ThingHandle;\n}\n\nexport interface CloseThingResponse {\n  thing: ThingHandle | null;",
  );
});

test("a count that an array decides is no member, and is checked on decoding", () => {
  const text = emitted("void put([in, size_is(cb)] byte *data, [in] long cb);", "sample/put.ts");
  expect(text).toContain("export interface PutRequest {\n  data: Uint8Array;\n}");
  expect(text).toContain('w.i32(w.size(q.data, "data"), "cb");');
  expect(text).toContain('r.sizeIs(data.length, r.i32("cb"), "data");');
});

test("a count stays a member where its array goes the other way, and sizes the answer", () => {
  const text = emitted(
    "void get([in] long cbData, [out, size_is(cbData)] byte *data);",
    "sample/get.ts",
  );
  expect(text).toContain("export interface GetRequest {\n  dataSize: number;\n}");
  expect(text).toContain('w.count(q.dataSize, "data");');
  expect(text).toContain("empty: (q) => ({ data: new Uint8Array(askedSize(q.dataSize)) })");
});

test("two counts of one array stay members", () => {
  const text = emitted(
    "typedef struct { long size; long used; [size_is(size), length_is(used)] byte *p; } S; void put([in] S *s);",
    "sample/types.ts",
  );
  expect(text).toContain(
    "export interface S {\n  size: number;\n  used: number;\n  p: Uint8Array | null;\n}",
  );
});

test.each([
  ["n", 'w.size(v.a, "a")'],
  ["n + 1", 'w.size(v.a, "a") - 1'],
  ["n - 1", 'w.size(v.a, "a") + 1'],
  ["n * 2", 'w.size(v.a, "a") / 2'],
  ["2 * n", 'w.size(v.a, "a") / 2'],
])("size_is(%s) is solved for n", (size, code) => {
  const text = emitted(
    `typedef struct { long n; [size_is(${size}), ref] long *a; } S; void put([in] S *s);`,
    "sample/types.ts",
  );
  expect(text).toContain("export interface S {\n  a: number[];\n}");
  expect(text).toContain(`w.i32(${code}, "n");`);
});

test.each(["(n + 1) & ~1", "n / 2", "n * m"])("size_is(%s) leaves n a member", (size) => {
  const text = emitted(
    `typedef struct { long n; long m; [size_is(${size})] long *a; } S; void put([in] S *s);`,
    "sample/types.ts",
  );
  expect(text).toContain("  n: number;\n");
});

test("arrays that share a count must have equal lengths", () => {
  const text = emitted(
    "void put([in] long n, [in, size_is(n)] long *a, [in, size_is(n)] long *b);",
    "sample/put.ts",
  );
  expect(text).toContain('w.sizeIs(w.size(q.b, "b"), q.a.length, "b");');
});

test("a union is told apart by its type, and its discriminant is no member", () => {
  const text = emitted(
    `typedef [switch_type(long)] union { [case(1, 2)] long l; [case(3)]; [default] hyper h; } U;
     typedef struct { long tag; [switch_is(tag)] U u; } S; void put([in] S *s);`,
    "sample/types.ts",
  );
  expect(text).toContain(
    '{ type: 1 | 2; value: number } | { type: 3 } | { type: "default"; tag: number; value: bigint };',
  );
  expect(text).toContain("export interface S {\n  u: U;\n}");
});

test("a union of nothing but a default arm refuses other types as well", () => {
  const text = emitted(
    `typedef [switch_type(long)] union { [default] long l; } U;
     void put([in] long t, [in, switch_is(t)] U *u);`,
    "sample/types.ts",
  );
  expect(text).toContain('throw w.noArm((v as { type: unknown }).type as number, "type");');
  expect(text).not.toContain("w.defaultTag(");
});

test("a discriminant that is corrected to another type has the union's tag as that type", () => {
  const body = `typedef [switch_type(long)] union { [case(1)] long l; [default] ; } U;
    void put([in] long k, [in, switch_is(k)] U *u);`;
  const correct = { type: "u64", reason: "Seen so." };
  const overlay = {
    interfaces: { sample: { operations: { put: { params: { k: { correct } } } } } },
  };
  const text = emitted(body, "sample/put.ts", overlay);
  expect(text).toContain('w.u64(BigInt(q.u.type === "default" ? q.u.tag : q.u.type), "k");');
  expect(text).toContain("r.switchIs(");
});

test("a union of one arm refuses other tags, whatever their type", () => {
  const text = emitted(
    `typedef [switch_type(hyper)] union { [case(1)] long l; } U;
     void put([in] hyper t, [in, switch_is(t)] U *u);`,
    "sample/types.ts",
  );
  expect(text).toContain('throw w.noArm((v as { type: bigint }).type, "type");');
});

test("pipes are left to the runtime, with a codec for an element", () => {
  const text = emitted("typedef pipe long LONGS; void put([in] LONGS numbers);", "sample/put.ts");
  expect(text).toContain("numbers: AsyncIterable<number>;");
  expect(text).toContain('member: "numbers",');
  expect(text).toContain("decodeRequest: () => ({}) as PutRequest,");
});

test("statuses that are no error are listed, and the first status stays in the result", () => {
  const { files } = generate({
    "sample.idl": sample("error_status_t go();"),
    "sample.overlay.json": JSON.stringify({
      statusTable: "status.json",
      interfaces: {
        sample: { operations: { go: { accepts: ["ERROR_IO_PENDING"], longWait: true } } },
      },
    }),
    "status.json": '{ "ERROR_IO_PENDING": 997 }',
  });
  const text = files.get("src/sample/go.ts");
  expect(text).toContain("Operation<object, GoResponse, GoResponse>");
  expect(text).toContain('status: ["returnValue"],\n  accepts: [997],\n  longWait: true,');
  expect(files.get("src/status.ts")).toContain("ERROR_IO_PENDING: 997,");
});

test("operations that may run more than once, or unheard, say so", () => {
  expect(emitted("[idempotent] long ask();", "sample/ask.ts")).toContain("idempotent: true,");
  const told = emitted("[maybe] void tell([in] long what);", "sample/tell.ts");
  expect(told).toContain("Operation<TellRequest, object, void>");
  expect(told).toContain("maybe: true,");
});

test("operations without a wire form are listed by opnum", () => {
  const body = "void Opnum0NotUsedOnWire(); void go(); void gone();";
  const overlay = { interfaces: { sample: { operations: { gone: { absent: true } } } } };
  expect(emitted(body, "sample/index.ts", overlay)).toContain("absent: [0, 2],");
  expect(emitted(body, "sample/operations.ts", overlay)).toContain('export * from "./go.ts";\n');
});

test("messages that operations have in common have one codec", () => {
  const body =
    "error_status_t a([in] long x); error_status_t b([in] long x); error_status_t c([in] hyper y);";
  expect(emitted(body, "sample/a.ts")).toBe(`import type { Operation } from "@msrpc/rpc";
import { type XRequest, xRequest } from "./requests.ts";
import { type StatusResponse, statusResponse } from "./responses.ts";

/** a, opnum 0. */
export const a: Operation<XRequest, StatusResponse, void> = {
  name: "a",
  opnum: 0,
  ...xRequest,
  ...statusResponse,
};
`);
});

test("two versions of an interface share types and messages, and the older takes them from the newer", () => {
  const idl = (version: string, more: string): string =>
    `[uuid(00000000-0000-0000-0000-000000000001), version(${version})] interface thing {
       typedef struct { long a; } POINT;
       error_status_t move([in] POINT *to${more});
     }`;
  const overlay = (name: string): string => JSON.stringify({ interfaces: { thing: { name } } });
  const { files, diagnostics } = generate({
    "thing1.idl": idl("1.0", ""),
    "thing2.idl": idl("2.0", ", [out] long *where"),
    "thing1.overlay.json": overlay("Thing1"),
    "thing2.overlay.json": overlay("Thing2"),
  });
  expect(diagnostics).toEqual([]);
  expect(files.get("src/types.ts")).toContain("export interface Point {");
  expect(files.get("src/thing1/move.ts")).toContain("encodeRequest: thing2.encodeRequest,");
});

test("an operation that takes its answer from a newer version names the members that empty makes", () => {
  const idl = (digit: number): string =>
    `[uuid(00000000-0000-0000-0000-00000000000${digit})] interface thing${digit} {
       void list([in] long n, [out, size_is(n)] long *all);
     }`;
  const { files, diagnostics } = generate({ "a.idl": idl(1), "b.idl": idl(2) });
  expect(diagnostics).toEqual([]);
  const older = files.get("src/thing1/list.ts");
  expect(older).toContain("empty: thing2.empty,");
  expect(older).toContain('members: ["all"],');
  expect(older).not.toContain("askedSize");
});

test("the root module of a package has everything of its one interface", () => {
  const body = "typedef enum { A } KIND; void go([in] KIND kind);";
  expect(emitted(body, "index.ts")).toContain('export * from "./sample/index.ts";\n');
});

test("the root module of several interfaces has their descriptors and what they share", () => {
  const idl = (name: string, digit: number): string =>
    `[uuid(00000000-0000-0000-0000-00000000000${digit})] interface ${name} {
       typedef struct { long a; } POINT; void go([in] POINT *p); }`;
  const { files } = generate({ "a.idl": idl("a", 1), "b.idl": idl("b", 2) });
  expect(files.get("src/index.ts")).toContain(
    'export * from "./types.ts";\nexport { a } from "./a/index.ts";\nexport { b } from "./b/index.ts";\n',
  );
});

test("inherited operations of one name are numbered", () => {
  const body = `[uuid(00000000-0000-0000-0000-000000000002)] interface base { void go(); }
    [uuid(00000000-0000-0000-0000-000000000003)] interface derived : base { void go([in] long x); }`;
  const { files } = generate({ "a.idl": body });
  expect(files.get("src/derived/operations.ts")).toContain(
    'export * from "./go.ts";\nexport * from "./go2.ts";',
  );
});

test("the same input gives the same text", () => {
  const texts = { "sample.idl": sample(opening), "sample.overlay.json": JSON.stringify(policy) };
  expect([...generate(texts).files]).toEqual([...generate(texts).files]);
});

test("prettier has nothing to change", async () => {
  const unions = `
    typedef [switch_type(long)] union { [case(1, 2)] long *l; [case(3)]; [default] struct { hyper h; } s; } U;
    typedef struct { long tag; [switch_is(tag)] U u; } S;
    void ApiPut([in] S *s, [in] long n, [in, size_is(n)] S a[], [out] S **o);`;
  const texts = {
    "sample.idl": sample(opening + unions),
    "sample.overlay.json": JSON.stringify(policy),
  };
  for (const [path, text] of generate(texts).files) {
    if (!path.endsWith(".ts")) continue;
    expect(await format(text, { parser: "typescript", printWidth: 100 })).toBe(text);
  }
});

test("a count in place that a pointer's target states is refused, not left unchecked", () => {
  const body = "void put([in, size_is(2)] struct { [size_is(3), ref] long *p; } *a); ";
  const rows = "void put([in, size_is(1, m)] long **rows, [in] long m);";
  const text =
    "typedef struct { long *n; long m; [size_is(*n), length_is(m)] long a[]; } S; void put([in] S *s);";
  for (const each of [body, rows]) {
    expect(generate({ "sample.idl": sample(each) }).diagnostics).toEqual([]);
  }
  const [problem] = generate({ "sample.idl": sample(text) }).diagnostics;
  expect(problem).toMatchObject({
    code: "GEN4201",
    message: "A count in place that a pointer's target states can't be generated yet: S, a",
  });
});

test.each([
  [
    "[callback] void back([in] long x); void go();",
    "GEN4203",
    "The callbacks of sample are left out",
  ],
])("%s is said to be left out", (body, code, message) => {
  expect(generate({ "sample.idl": sample(body) }).diagnostics).toMatchObject([
    { code, message, severity: "warning" },
  ]);
});

test("calls of an object interface begin with ORPCTHIS and ORPCTHAT, and pointers say to what", () => {
  const uuid = (digit: number): string => `uuid(00000000-0000-0000-0000-00000000000${digit})`;
  const idl = `[object, ${uuid(1)}] interface IThing { long go(); }
    [object, ${uuid(2)}] interface IBox {
      long get([in] const char iid[16], [out] IThing **thing, [out, iid_is(iid)] void **any);
    }`;
  const { files, diagnostics } = generate({ "sample.idl": idl });
  expect(diagnostics).toEqual([]);
  const go = files.get("src/i-thing/go.ts");
  expect(go).toContain("writeOrpcthis(w, q.orpcThis);");
  expect(go).toContain("const orpcThat = readOrpcthat(r);");
  const get = files.get("src/i-box/get.ts");
  expect(get).toContain('  thing: InterfacePointer<"IThing"> | null;');
  expect(get).toContain("  any: InterfacePointer | null;");
});

test("zero values of nested structures are made by functions, not spelled out again and again", () => {
  const doubled = Array.from(
    { length: 20 },
    (_, i) => `typedef struct { T${i} a; T${i} b; } T${i + 1};`,
  ).join(" ");
  const body = `typedef struct { long a; } T0; ${doubled} void get([out] T20 *t);`;
  const { files, diagnostics } = generate({ "sample.idl": sample(body) });
  expect(diagnostics).toEqual([]);
  expect([...files.values()].join("").length).toBeLessThan(20_000);
  expect(files.get("src/sample/get.ts")).toContain("empty: () => ({ t: emptyT20() })");
});

test("a structure without fields takes nothing from its parameters", () => {
  const text = emitted("typedef struct { } E; void put([in] E *e);", "sample/types.ts");
  expect(text).toContain("export function writeE(_w: NdrWriter, _v: E): void {}\n");
  expect(text).toContain("export function readE(_r: NdrReader): E {\n  return {};\n}");
});

test("a structure of thousands of counted arrays is generated in no time to speak of", () => {
  const fields = Array.from(
    { length: 3000 },
    (_, i) => `long n${i}; [size_is(n${i})] long *a${i};`,
  );
  const body = `typedef struct { ${fields.join(" ")} } S; void put([in] S *s);`;
  expect(generate({ "sample.idl": sample(body) }).diagnostics).toEqual([]);
});
