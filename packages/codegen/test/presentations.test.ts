// What a program sees of types that an overlay presents, and what is said where that doesn't fit.
import { expect, test } from "vitest";
import { emitted, generate, sample } from "./support/generate.ts";

const text = `typedef struct { unsigned short Length; unsigned short MaximumLength;
  [size_is(MaximumLength / 2), length_is(Length / 2)] wchar_t *Buffer; } TEXT;`;
const sid = `typedef struct { byte Value[6]; } AUTHORITY;
  typedef struct { unsigned char Revision; unsigned char SubAuthorityCount;
    AUTHORITY IdentifierAuthority; [size_is(SubAuthorityCount)] unsigned long SubAuthority[]; } SID;`;
const money = { module: "../money.ts", name: "money" };

/** Codes and messages of what generating says. */
function complaints(body: string, overlay: object): string[] {
  const texts = {
    "sample.idl": sample(body),
    "sample.overlay.json": JSON.stringify(overlay),
  };
  return generate(texts).diagnostics.map(({ code, message }) => `${code} ${message}`);
}

test("a presented structure is converted before it is written and after all of it was read", () => {
  const overlay = { types: { TEXT: { as: "countedString" } } };
  expect(emitted(`${text} void put([in] TEXT *Name);`, "sample/put.ts", overlay)).toContain(
    `export interface PutRequest {
  name: string;
}

/** put, opnum 0. */
export const put: Operation<PutRequest, object, void> = {
  name: "put",
  opnum: 0,
  encodeRequest(w, q) {
    const wire = w.toWire(asCountedString, q.name, "Name");
    w.enter("Name");
    writeText(w, wire);
    writeTextTargets(w, wire);
    w.leave();
  },
  decodeRequest(r) {
    r.enter("Name");
    const nameWire = readText(r);
    r.leave();
    r.enter("Name");
    readTextTargets(r, nameWire);
    r.leave();
    const name = r.fromWire(asCountedString, nameWire, "Name");
    return { name };
  },
`,
  );
});

test("an own presentation is imported from the root of the modules, under a name of no variable", () => {
  const overlay = { types: { PRICE: { as: money } } };
  const body = "typedef struct { long Amount; } PRICE; void put([in] PRICE *money, [in] PRICE *p);";
  const made = emitted(body, "sample/put.ts", overlay);
  expect(made).toContain('import { money as asMoney } from "../../money.ts";');
  expect(made).toContain("  money: Presented<typeof asMoney>;");
  expect(made).toContain('writePrice(w, w.toWire(asMoney, q.money, ""));');
});

test("a package that a presentation comes from is a dependency", () => {
  const overlay = { types: { PRICE: { as: { module: "@x/money/ndr", name: "asMoney" } } } };
  const { files } = generate({
    "sample.idl": sample("typedef struct { long a; } PRICE; void put([in] PRICE *p);"),
    "sample.overlay.json": JSON.stringify(overlay),
  });
  expect(files.get("src/sample/put.ts")).toContain('import { asMoney } from "@x/money/ndr";');
  const { dependencies } = JSON.parse(files.get("package.json") ?? "") as { dependencies: object };
  expect(dependencies).toMatchObject({ "@x/money": "*", "@msrpc/rpc": "workspace:^" });
});

test("a typedef with transmit_as and its likes is presented under its own name", () => {
  const body = `typedef [transmit_as(long)] double PRICE; typedef [represent_as(X)] long COUNT;
    void put([in] PRICE a, [in] COUNT b, [in] long c);`;
  const overlay = { types: { PRICE: { as: money }, COUNT: { as: { ...money, name: "count" } } } };
  const made = emitted(body, "sample/put.ts", overlay);
  expect(made).toContain(
    "  a: Presented<typeof asMoney>;\n  b: Presented<typeof asCount>;\n  c: number;",
  );
  expect(made).toContain('w.i32(w.toWire(asMoney, q.a, "a"), "a");');
  expect(made).toContain('a: r.fromWire(asMoney, r.i32("a"), "a"),');
});

test("a member's presentation is of octets as a whole, and of other elements one by one", () => {
  const body = `typedef struct { long n; [size_is(n)] byte *Blob; [size_is(n)] long *List; } BOX;
    void put([in] BOX *box);`;
  const overlay = { types: { BOX: { fields: { Blob: { as: money }, List: { as: money } } } } };
  const made = emitted(body, "sample/types.ts", overlay);
  expect(made).toContain("  blob: Presented<typeof asMoney> | null;");
  expect(made).toContain("  list: Presented<typeof asMoney>[] | null;");
});

test("a count that a presented array decides is still no member", () => {
  const body = "void put([in] long cb, [in, size_is(cb)] byte *Data);";
  const overlay = {
    interfaces: { sample: { operations: { put: { params: { Data: { as: money } } } } } },
  };
  const made = emitted(body, "sample/put.ts", overlay);
  expect(made).toContain("export interface PutRequest {\n  data: Presented<typeof asMoney>;\n}");
  expect(made).toContain('w.i32(w.size(w.wireOf(asMoney, q.data, "Data"), "Data"), "cb");');
});

test("a member may be what is sent, in spite of what its type is seen as", () => {
  const overlay = {
    types: { SID: { as: "sid" } },
    interfaces: { sample: { operations: { put: { params: { b: { as: "wire" } } } } } },
  };
  const made = emitted(`${sid} void put([in] SID *a, [in] SID *b);`, "sample/put.ts", overlay);
  expect(made).toContain("  a: string;\n  b: Sid;");
});

test.each([
  ["sid", "typedef struct { long a; } X;"],
  ["countedString", "typedef struct { long a; } X;"],
  ["terminatedString", "typedef struct { short Length; short MaximumLength; long *Buffer; } X;"],
  ["countedString", "typedef enum { one } X;"],
])("`%s` is refused for %s", (as, idl) => {
  const said = complaints(`${idl} void put([in] X *x);`, { types: { X: { as } } });
  expect(said).toEqual([`GEN4115 X can't be seen as \`${as}\``]);
});

test("a structure of the right form under other names is refused until they are stated", () => {
  const body = `typedef struct { unsigned short a; unsigned short b;
    [size_is(b / 2), length_is(a / 2)] wchar_t *c; } X; void put([in] X *x);`;
  expect(complaints(body, { types: { X: { as: "countedString" } } })).toEqual([
    "GEN4115 X can't be seen as `countedString`",
  ]);
  const fields = { a: { name: "length" }, b: { name: "maximumLength" }, c: { name: "buffer" } };
  expect(complaints(body, { types: { X: { as: "countedString", fields } } })).toEqual([]);
});

test("what a count or a tag is taken from can't be presented", () => {
  const body = `${text} typedef [transmit_as(long)] double COUNT;
    void put([in] COUNT n, [in, size_is(n)] long *list);
    void set([in] TEXT *t, [in, size_is(t->Length)] long *list);`;
  const types = { COUNT: { as: money }, TEXT: { as: "countedString" } };
  expect(complaints(body, { types })).toEqual([
    "GEN4116 n of put is a count or tag of list, and can't be seen in another form",
    "GEN4116 t.Length of set is a count or tag of list, and can't be seen in another form",
  ]);
});

test("a presentation of a name that no type has is an error", () => {
  expect(
    complaints("typedef [transmit_as(long)] double PRICE; void put([in] PRICE a);", {
      types: { PRIZE: { as: money } },
    }),
  ).toEqual(["GEN4104 The IDL has no type PRIZE"]);
});
