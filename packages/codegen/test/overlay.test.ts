import { readFileSync } from "node:fs";
import { memoryHost, positionAt } from "@msrpc/idl";
import { expect, test } from "vitest";
import { loadOverlay } from "@msrpc/codegen";
import { toJsonSchema } from "../src/json/shape.ts";
import { overlayShape } from "../src/overlay/overlay-shape.ts";
import { generate, sample } from "./support/generate.ts";

const idl = sample(`
  typedef [context_handle] void *HTHING;
  typedef struct { long a; } POINT;
  HTHING ApiOpenThing([in, string] wchar_t *name, [out] error_status_t *Status);
  error_status_t ApiCloseThing([in, out] HTHING *thing);
  error_status_t ApiMove([in] HTHING thing, [in] POINT *to, [in] unsigned long dwKind);
`);

/** Code, message and hint of what generating with the overlay says. */
function complaints(overlay: object, others: Readonly<Record<string, string>> = {}): string[] {
  const texts = { "sample.idl": idl, "sample.overlay.json": JSON.stringify(overlay), ...others };
  return generate(texts).diagnostics.map(({ code, message, hint }) =>
    [code, message, hint].filter(Boolean).join(" | "),
  );
}

test("the schema file is the shape that the loader checks", () => {
  const file = JSON.parse(
    readFileSync(new URL("../overlay.schema.json", import.meta.url), "utf8"),
  ) as object;
  const schema = "https://json-schema.org/draft/2020-12/schema";
  expect(file).toEqual({ $schema: schema, title: "msrpc overlay", ...toJsonSchema(overlayShape) });
});

test("text that is no JSON is a diagnostic at its place", () => {
  const text = '{\n  "document": MS-X\n}';
  const { diagnostics } = loadOverlay("a.overlay.json", memoryHost({ "a.overlay.json": text }));
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
    "GEN4002 A value is missing here",
  ]);
  expect(positionAt({ path: "", text }, diagnostics[0]?.span.start ?? 0)).toEqual({
    line: 2,
    column: 15,
  });
});

test.each([
  ['{ "a": 1, "a": 2 }', 'The key "a" stands twice'],
  ['{ "a": "x', "The string is not closed or has a wrong escape"],
  ['{ "a": 1 "b": 2 }', "`,` is missing here"],
  ["{} {}", "Text after the end of the value"],
  ["[".repeat(70), "Nested deeper than 64"],
])("%s: %s", (text, message) => {
  const { diagnostics } = loadOverlay("a.json", memoryHost({ "a.json": text }));
  expect(diagnostics.map((one) => one.message)).toEqual([message]);
});

test.each([
  [{ documnet: "MS-X" }, "GEN4004 | There is no key `documnet` here | Did you mean `document`?"],
  [{ document: 3 }, "GEN4003 | Expected text, found 3"],
  [{ interfaces: { sample: { strictness: 4 } } }, "GEN4003 | Expected 5 or 6, found 4"],
  [{ enums: { Kind: {} } }, "GEN4005 | The key `values` is missing"],
  [{ extends: ["other.json"] }, "GEN4001 | There is no file other.json"],
  [{ extends: ["sample.overlay.json"] }, "GEN4006 | sample.overlay.json extends itself"],
  [
    { interfaces: { smaple: {} } },
    "GEN4101 | The IDL has no interface smaple | Did you mean `sample`?",
  ],
  [
    { interfaces: { sample: { operations: { ApiOpenThings: {} } } } },
    "GEN4102 | Interface sample has no operation ApiOpenThings | Did you mean `ApiOpenThing`?",
  ],
  [
    { interfaces: { sample: { operations: { ApiMove: { params: { dwKin: {} } } } } } },
    "GEN4103 | ApiMove has no parameter dwKin | Did you mean `dwKind`?",
  ],
  [{ types: { POINTS: {} } }, "GEN4104 | The IDL has no type POINTS | Did you mean `POINT`?"],
  [{ types: { POINT: { fields: { b: {} } } } }, "GEN4105 | POINT has no field b"],
  [
    {
      interfaces: { sample: { operations: { ApiMove: { params: { dwKind: { enum: "Knd" } } } } } },
      enums: { Kind: { values: {} } },
    },
    "GEN4106 | There is no enumeration Knd | Did you mean `Kind`?",
  ],
  [
    { interfaces: { sample: { operations: { ApiMove: { errors: ["ERROR_X"] } } } } },
    "GEN4107 | No status table has ERROR_X | Add it to the file that `statusTable` names, or name one of `statusLibraries` that has it.",
  ],
  [
    { interfaces: { sample: { operations: { ApiMove: { status: ["Status"] } } } } },
    "GEN4108 | ApiMove has no [out] integer Status",
  ],
  [{ types: { POINT: { close: "ApiMove" } } }, "GEN4109 | POINT is no context handle"],
  [
    { naming: { members: { dwKnd: "kind" } } },
    "GEN4110 | No parameter or field is called dwKnd | Did you mean `dwKind`?",
  ],
  [
    {
      interfaces: {
        sample: {
          operations: {
            ApiMove: { params: { dwKind: { correct: { pointer: "unique", reason: "r" } } } },
          },
        },
      },
    },
    "GEN4111 | The correction of ApiMove, dwKind doesn't fit: it is no pointer",
  ],
  [
    { types: { POINT: { as: "uuid" } } },
    "GEN4112 | POINT is no structure of 16 bytes laid out like a UUID",
  ],
  [
    {
      interfaces: {
        sample: { operations: { ApiMove: { name: "go" }, ApiOpenThing: { name: "go" } } },
      },
    },
    "GEN4202 | ApiOpenThing and ApiMove both become go in TypeScript | Give one of them a `name` in the overlay.",
  ],
])("%j: %s", (overlay, expected) => {
  expect(complaints(overlay)).toEqual([expected]);
});

test("a status table takes numbers and hexadecimal text, and refuses the rest", () => {
  const table = { OK: 0, HIGH: "0x80070005", WIDE: "0x123456789", NONE: "none" };
  const texts = { "a.json": '{ "statusTable": "s.json" }', "s.json": JSON.stringify(table) };
  const { statuses, diagnostics } = loadOverlay("a.json", memoryHost(texts));
  expect(statuses).toEqual({ OK: 0, HIGH: 0x80070005 });
  expect(diagnostics.map(({ message }) => message)).toEqual([
    'WIDE has no 32-bit number: "0x123456789"',
    'NONE has no 32-bit number: "none"',
  ]);
});

test("an overlay adds to the one it extends and replaces what both say", () => {
  const texts = {
    "base.json": '{ "document": "MS-A", "types": { "T": { "name": "One", "section": "1" } } }',
    "a.json": '{ "extends": ["base.json"], "types": { "T": { "name": "Two" } } }',
  };
  const { overlay } = loadOverlay("a.json", memoryHost(texts));
  expect(overlay).toMatchObject({ document: "MS-A", types: { T: { name: "Two", section: "1" } } });
});

test("a name of a shared overlay has to match in one of the files that use it", () => {
  const shared = JSON.stringify({ types: { POINT: { summary: "A point" }, CIRCLE: {} } });
  const own = '{ "extends": ["shared.json"] }';
  const texts = {
    "sample.idl": idl,
    "other.idl": idl
      .replace("interface sample", "interface other")
      .replace("POINT", "SPOT")
      .replace("POINT", "SPOT"),
    "sample.overlay.json": own,
    "other.overlay.json": own,
    "shared.json": shared,
  };
  expect(generate(texts).diagnostics.map(({ message }) => message)).toEqual([
    "The IDL has no type CIRCLE",
  ]);
});

test("a file alone may leave names of the overlay it extends to others, not those of its own", () => {
  const shared = { "shared.json": '{ "types": { "ELSEWHERE": { "name": "Elsewhere" } } }' };
  expect(complaints({ extends: ["shared.json"] }, shared)).toEqual([]);
  const own = { extends: ["shared.json"], types: { NOWHERE: { name: "Nowhere" } } };
  expect(complaints(own, shared)).toEqual(["GEN4104 | The IDL has no type NOWHERE"]);
});

test.each([
  ["one that takes no handle", { types: { H: { close: "other" } } }, "other closes no H"],
  [
    "one that is never sent",
    {
      types: { H: { close: "close" } },
      interfaces: { sample: { operations: { close: { absent: true } } } },
    },
    "close closes no H",
  ],
  [
    "one that a pair names",
    {
      interfaces: {
        sample: { operations: { open: { opens: { handle: "return", close: "other" } } } },
      },
    },
    "other closes no return",
  ],
])("an operation that closes nothing can't be what closes a handle: %s", (_, overlay, message) => {
  const body = `typedef [context_handle] void *H; H open(); void other([in] long x);
    void close([in, out] H *h);`;
  const texts = { "sample.idl": sample(body), "sample.overlay.json": JSON.stringify(overlay) };
  expect(generate(texts).diagnostics).toMatchObject([{ code: "GEN4113", message }]);
});
