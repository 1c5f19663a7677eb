import { memoryHost } from "@msrpc/idl";
import type { OperationPlan, WireType } from "@msrpc/wire";
import { expect, test } from "vitest";
import { correctPlan, loadOverlay } from "@msrpc/codegen";
import { generate, planText, sample } from "./support/generate.ts";

const idl = sample(`
  typedef struct { wchar_t *name; long n; } S;
  void put([in] wchar_t *name, [in] byte *data, [in] long size, [in] long *used, [in] S *s, [in] long extra);
`);

/** The operation with a correction of one parameter. */
function corrected(param: string, correction: object): OperationPlan {
  const overlay = {
    interfaces: {
      sample: { operations: { put: { params: { [param]: { correct: correction } } } } },
    },
  };
  return apply(overlay).interfaces[0]!.operations[0]!;
}

function apply(overlay: object): ReturnType<typeof correctPlan>["plan"] {
  const loaded = loadOverlay("a.json", memoryHost({ "a.json": JSON.stringify(overlay) }));
  const result = correctPlan(planText({ "sample.idl": idl }, "sample.idl"), loaded);
  expect([...loaded.diagnostics, ...result.diagnostics]).toEqual([]);
  return result.plan;
}

function typeOf(operation: OperationPlan, name: string): WireType | undefined {
  return operation.params.find((param) => param.name === name)?.type;
}

const reason = "The document's own section says so.";
const text = { kind: "string", char: "wchar", isConformant: true, bound: null, size: null };

test("a missing [string] is put in", () => {
  expect(typeOf(corrected("name", { string: true, reason }), "name")).toMatchObject({
    kind: "pointer",
    target: text,
  });
});

test("a correction of what is right already changes nothing", () => {
  const overlay = {
    interfaces: {
      sample: { operations: { put: { params: { name: { correct: { string: true, reason } } } } } },
    },
  };
  const loaded = loadOverlay("a.json", memoryHost({ "a.json": JSON.stringify(overlay) }));
  const once = correctPlan(planText({ "sample.idl": idl }, "sample.idl"), loaded).plan;
  expect(correctPlan(once, loaded)).toEqual({ plan: once, diagnostics: [] });
});

test("missing sizes and lengths are put in, through pointers where they are parameters of that kind", () => {
  const operation = corrected("data", { sizeIs: "size", lengthIs: "used", reason });
  expect(typeOf(operation, "data")).toMatchObject({
    kind: "pointer",
    target: {
      kind: "array",
      dimensions: [
        {
          size: { op: "field", path: ["size"] },
          isConformant: true,
          varying: { length: { op: "deref", of: { op: "field", path: ["used"] } }, first: null },
        },
      ],
    },
  });
});

test("a pointer's class, a type and a direction are replaced", () => {
  const pointer = typeOf(corrected("data", { pointer: "unique", reason }), "data");
  expect(pointer).toMatchObject({ class: "unique", id: "both" });
  expect(typeOf(corrected("extra", { type: "u64", reason }), "extra")).toEqual({
    kind: "primitive",
    name: "u64",
  });
  const used = corrected("used", { direction: "in, out", reason }).params.find(
    (param) => param.name === "used",
  );
  expect(used).toMatchObject({ isIn: true, isOut: true });
});

test("a parameter that is not on the wire is dropped", () => {
  expect(typeOf(corrected("extra", { drop: true, reason }), "extra")).toBeUndefined();
});

test("what a field points at can be corrected", () => {
  const { types } = apply({
    types: { S: { fields: { name: { correct: { string: true, reason } } } } },
  });
  expect(Object.values(types)[0]).toMatchObject({
    fields: [{ type: { kind: "pointer", target: text } }, {}],
  });
});

test.each([
  ["name", { type: "u33" }, "there is no primitive u33"],
  ["size", { pointer: "unique" }, "it is no pointer"],
  ["size", { string: true }, "it holds no characters"],
  ["size", { lengthIs: "used" }, "it is no array, so it has no length without a size"],
  ["data", { sizeIs: "nope" }, "there is no nope beside it"],
  ["data", { sizeIs: "size/0" }, "there is no size/0 beside it"],
  ["data", { sizeIs: "size", lengthIs: "name" }, "name is no integer"],
])("%s with %j: %s", (param, correction, problem) => {
  const params = { [param]: { correct: { ...correction, reason } } };
  const overlay = { interfaces: { sample: { operations: { put: { params } } } } };
  const { diagnostics } = generate({
    "sample.idl": idl,
    "sample.overlay.json": JSON.stringify(overlay),
  });
  expect(diagnostics.map(({ code }) => code)).toEqual(["GEN4111"]);
  expect(diagnostics[0]?.message).toContain(
    `The correction of put, ${param} doesn't fit: ${problem}`,
  );
});

test.each([
  ["nope", "there is no nope beside it"],
  ["name", "name is no integer"],
])("a field isn't counted by %s", (sizeIs, problem) => {
  const overlay = { types: { S: { fields: { name: { correct: { sizeIs, reason } } } } } };
  const { diagnostics } = generate({
    "sample.idl": idl,
    "sample.overlay.json": JSON.stringify(overlay),
  });
  expect(diagnostics[0]?.message).toBe(`The correction of S.name doesn't fit: ${problem}`);
});

test("a field in place can't be corrected, as the layout depends on it", () => {
  const overlay = { types: { S: { fields: { n: { correct: { type: "u64", reason } } } } } };
  const { diagnostics } = generate({
    "sample.idl": idl,
    "sample.overlay.json": JSON.stringify(overlay),
  });
  expect(diagnostics.map(({ code }) => code)).toEqual(["GEN4111"]);
});
