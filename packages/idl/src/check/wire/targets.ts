/** Checks the parameters and fields that attributes name: their types, and that they are sent in time. */
import {
  interfaceIdTarget,
  missingDereference,
  targetDirection,
  targetType,
  unknownTarget,
} from "../../catalogue/semantics.ts";
import type {
  AttributeArgValue,
  Correlation,
  FieldSymbol,
  ParamSymbol,
  Type,
} from "../../program.ts";
import type { Span } from "../../span.ts";
import { type Draft, isUnknown, unknownType } from "../context.ts";
import { scalarFacts, withoutTypedefs } from "../types.ts";
import { membersOf } from "./by-value.ts";
import { type Shape, shapeOf } from "./shape.ts";
import type { Declaration, Walk } from "./walk-state.ts";

type Neighbours = ReadonlyMap<string, ParamSymbol | FieldSymbol>;

const numbers = ["size_is", "max_is", "min_is", "length_is", "first_is", "last_is", "switch_is"];
const counts: ReadonlySet<string> = new Set(["size_is", "max_is", "min_is"]);

export function checkTargets(walk: Walk, declaration: Declaration, shape: Shape): void {
  for (const attribute of numbers) {
    for (const [level, argument] of (declaration.attributes.get(attribute)?.args ?? []).entries()) {
      if (argument.kind !== "expr") continue;
      const span = walk.context.argumentSpans.get(argument) ?? declaration.span;
      checkNumber(walk, declaration, attribute, argument, span);
      checkDirection(walk, declaration, attribute, level, argument.expr, span);
    }
  }
  checkInterfaceId(walk, declaration, shape);
}

/** Every field that an expression reads must be a number, followed through as many pointers as it has. */
function checkNumber(
  walk: Walk,
  declaration: Declaration,
  attribute: string,
  argument: Draft<AttributeArgValue & { readonly kind: "expr" }>,
  span: Span,
): void {
  const { context } = walk;
  argument.expr = withoutNullTest(argument.expr);
  for (const { path, dereferences } of fieldsOf(argument.expr)) {
    const name = path.join(".");
    const type = typeOfPath(declaration.neighbours, path);
    if (type === null) {
      const owner = path.slice(0, -1).join(".");
      context.report(unknownTarget, span, { name: path.at(-1)!, owner, kind: "member" });
      continue;
    }
    if (isUnknown(type)) continue;
    const { levels, bottom } = shapeOf(type, new Map());
    const facts = scalarFacts(context, bottom);
    const isNumber = facts && facts.kind !== "float" && facts.kind !== "none";
    if (!isNumber || dereferences > levels.length || levels.some(({ kind }) => kind === "array")) {
      context.report(targetType, span, { attribute, name, wanted: "an integer" });
    } else if (dereferences < levels.length) {
      const stars = "*".repeat(levels.length);
      context.report(missingDereference, span, { attribute, name, stars });
      argument.expr = followPointer(argument.expr, path, levels.length - dereferences);
    }
  }
}

/** `*p` for `p ? *p : 0`, which is the same: what a NULL pointer points to counts as 0. */
function withoutNullTest(expr: Correlation): Correlation {
  if (expr.op !== "conditional") return expr;
  const { test, then, else: otherwise } = expr;
  const isTested =
    test.op === "field" &&
    then.op === "deref" &&
    then.of.op === "field" &&
    String(then.of.path) === String(test.path);
  return isTested && otherwise.op === "const" && otherwise.value === 0n ? then : expr;
}

/** The expression with what a field points to in place of the field. */
function followPointer(expr: Correlation, path: readonly string[], times: number): Correlation {
  const again = (part: Correlation): Correlation => followPointer(part, path, times);
  switch (expr.op) {
    case "const":
      return expr;
    case "field": {
      let followed: Correlation = expr;
      if (String(expr.path) !== String(path)) return expr;
      for (let i = 0; i < times; i++) followed = { op: "deref", of: followed };
      return followed;
    }
    case "deref":
    case "unary":
      return { ...expr, of: again(expr.of) };
    case "binary":
      return { ...expr, left: again(expr.left), right: again(expr.right) };
    case "conditional":
      return { ...expr, test: again(expr.test), then: again(expr.then), else: again(expr.else) };
  }
}

/** A count read from the request must be in the request. */
function checkDirection(
  walk: Walk,
  declaration: Declaration,
  attribute: string,
  level: number,
  expr: Correlation,
  span: Span,
): void {
  if (declaration.place !== "parameter") return;
  const self = declaration.neighbours.get(declaration.name);
  if (self?.kind !== "param") return;
  const outermost = level === 0 && counts.has(attribute);
  if (!self.isIn && !outermost) return;
  for (const { path } of fieldsOf(expr)) {
    const target = declaration.neighbours.get(path[0]!);
    if (target?.kind !== "param" || target.isIn) continue;
    const names = { attribute, name: target.name, array: declaration.name };
    const related = [{ message: "it is declared here", span: target.span }];
    walk.context.report(targetDirection, span, names, { related });
  }
}

function checkInterfaceId(walk: Walk, declaration: Declaration, shape: Shape): void {
  const argument = declaration.attributes.get("iid_is")?.args[0];
  if (argument?.kind !== "expr") return;
  const { context } = walk;
  const span = context.argumentSpans.get(argument) ?? declaration.span;
  const { bottom } = shape;
  const isVoid = bottom.kind === "base" && bottom.name === "void" && shape.levels.length > 0;
  if (bottom.kind !== "interface" && !isVoid && !isUnknown(bottom)) {
    context.report(interfaceIdTarget, span, { name: declaration.name });
  }
  for (const { path } of fieldsOf(argument.expr)) {
    const type = typeOfPath(declaration.neighbours, path);
    if (!type || isUnknown(type)) continue;
    if (shapeOf(type, new Map()).bottom.kind === "struct") continue;
    context.report(targetType, span, {
      attribute: "iid_is",
      name: path.join("."),
      wanted: "a UUID",
    });
  }
}

// ---- expressions -------------------------------------------------------------------------------

interface FieldUse {
  readonly path: readonly string[];
  /** How many times `*` stands before it. */
  readonly dereferences: number;
}

function fieldsOf(expr: Correlation, dereferences = 0): FieldUse[] {
  switch (expr.op) {
    case "const":
      return [];
    case "field":
      return [{ path: expr.path, dereferences }];
    case "deref":
      return fieldsOf(expr.of, dereferences + 1);
    case "unary":
      return fieldsOf(expr.of);
    case "binary":
      return [...fieldsOf(expr.left), ...fieldsOf(expr.right)];
    case "conditional":
      return [...fieldsOf(expr.test), ...fieldsOf(expr.then), ...fieldsOf(expr.else)];
  }
}

/** The type that a path of names ends at, or null where a member does not exist. */
function typeOfPath(neighbours: Neighbours, path: readonly string[]): Type | null {
  let type: Type = neighbours.get(path[0]!)?.type ?? unknownType;
  for (const name of path.slice(1)) {
    const { bottom } = shapeOf(type, new Map());
    if (bottom.kind !== "struct" && bottom.kind !== "union") return null;
    const member = membersOf(bottom.symbol).find((field) => field.name === name);
    if (!member) return null;
    type = member.type;
  }
  return type;
}

/** The type of what an expression names alone; `long` for one that computes. */
export function typeOfTarget(walk: Walk, neighbours: Neighbours, expr: Correlation): Type | null {
  if (expr.op === "deref") return typeOfTarget(walk, neighbours, expr.of);
  if (expr.op !== "field") return expr.op === "const" ? null : { kind: "base", name: "long" };
  const type = typeOfPath(neighbours, expr.path);
  let bare = type;
  while (bare && bare.kind !== "base" && bare.kind !== "enum") {
    const inner = withoutTypedefs(walk.context, bare);
    if (inner.kind !== "pointer") return bare;
    bare = inner.target;
  }
  return bare;
}
