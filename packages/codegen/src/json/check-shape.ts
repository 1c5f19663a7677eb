/** Holds a JSON value against a shape. Every deviation is a diagnostic at its place. */
import { diagnose, nearest, type Diagnostic } from "@msrpc/idl";
import { missingKey, unknownKey, wrongShape } from "../catalogue/rules.ts";
import type { JsonNode } from "./parse-json.ts";
import type { Shape } from "./shape.ts";

export function checkShape(node: JsonNode, shape: Shape): Diagnostic[] {
  const wrong = (): Diagnostic[] => [
    diagnose(wrongShape, node.span, { expected: expectation(shape), found: describe(node) }),
  ];
  switch (shape.is) {
    case "text": {
      const fits = node.kind === "scalar" && typeof node.value === "string";
      return fits && new RegExp(shape.pattern ?? "").test(node.value) ? [] : wrong();
    }
    case "flag":
      return node.kind === "scalar" && typeof node.value === "boolean" ? [] : wrong();
    case "integer":
      return node.kind === "scalar" && Number.isSafeInteger(node.value) ? [] : wrong();
    case "literal":
      return node.kind === "scalar" && shape.values.some((value) => value === node.value)
        ? []
        : wrong();
    case "list":
      return node.kind === "array"
        ? node.items.flatMap((item) => checkShape(item, shape.of))
        : wrong();
    case "map":
      return node.kind === "object"
        ? node.entries.flatMap((entry) => checkShape(entry.value, shape.of))
        : wrong();
    case "either": {
      const results = shape.of.map((of) => checkShape(node, of));
      if (results.some((result) => result.length === 0)) return [];
      const sameKind = shape.of.findIndex((of) => of.is === "object" && node.kind === "object");
      return results[sameKind] ?? wrong();
    }
    case "object":
      return node.kind === "object" ? checkObject(node, shape) : wrong();
  }
}

function checkObject(
  node: Extract<JsonNode, { kind: "object" }>,
  shape: Extract<Shape, { is: "object" }>,
): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const entry of node.entries) {
    const of = Object.hasOwn(shape.keys, entry.key) ? shape.keys[entry.key] : undefined;
    if (of === undefined) {
      const near = nearest(entry.key, Object.keys(shape.keys));
      const hint =
        near === null ? `Keys: ${Object.keys(shape.keys).join(", ")}` : `Did you mean \`${near}\`?`;
      found.push(diagnose(unknownKey, entry.keySpan, { key: entry.key }, { hint }));
    } else {
      found.push(...checkShape(entry.value, of));
    }
  }
  const keys = new Set(node.entries.map((entry) => entry.key));
  for (const key of shape.required) {
    if (!keys.has(key)) found.push(diagnose(missingKey, node.span, { key }));
  }
  return found;
}

function expectation(shape: Shape): string {
  switch (shape.is) {
    case "text":
      return shape.pattern === undefined ? "text" : `text like ${shape.pattern}`;
    case "flag":
      return "true or false";
    case "integer":
      return "an integer";
    case "literal":
      return shape.values.map((value) => JSON.stringify(value)).join(" or ");
    case "list":
      return "a list";
    case "map":
    case "object":
      return "an object";
    case "either":
      return shape.of.map(expectation).join(" or ");
  }
}

function describe(node: JsonNode): string {
  if (node.kind === "array") return "a list";
  if (node.kind === "object") return "an object";
  return JSON.stringify(node.value);
}
