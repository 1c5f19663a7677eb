/** Checks what selects the arm of a union, and settles the type of its discriminant. */
import {
  missingSwitchIs,
  switchConflict,
  switchIsEncapsulated,
  switchIsNoUnion,
  switchMismatch,
  unreachableCase,
} from "../../catalogue/semantics.ts";
import type { Correlation, Type, UnionSymbol } from "../../program.ts";
import type { BaseTypeFacts } from "../base-types.ts";
import { type Draft, isUnknown } from "../context.ts";
import { wrap } from "../integer.ts";
import { isSameType } from "../same-type.ts";
import { scalarFacts, withoutTypedefs } from "../types.ts";
import { describe, type Shape } from "./shape.ts";
import { typeOfTarget } from "./targets.ts";
import type { Declaration, Walk } from "./walk-state.ts";

export function checkSwitch(walk: Walk, declaration: Declaration, shape: Shape): void {
  const { context } = walk;
  const { name } = declaration;
  const { bottom } = shape;
  const attribute = shape.attributes.get("switch_is");
  if (bottom.kind !== "union") {
    if (attribute && !isUnknown(bottom)) {
      context.report(switchIsNoUnion, attribute.span, { name });
    }
    return;
  }
  if (shape.attributes.has("ignore")) return;
  const union = bottom.symbol;
  if (union.discriminant) {
    if (attribute)
      context.report(switchIsEncapsulated, attribute.span, { name, union: union.name });
    return;
  }
  const argument = attribute?.args[0];
  if (argument?.kind === "expr") return settleType(walk, declaration, union, argument.expr);
  if (isPlainUnion(union)) return;
  const related = [{ message: "the union is declared here", span: union.span }];
  context.report(missingSwitchIs, declaration.span, { name, union: union.name }, { related });
}

/** A union without switch_type takes the type of what switches it; all uses must agree. */
function settleType(
  walk: Walk,
  declaration: Declaration,
  union: Draft<UnionSymbol>,
  expr: Correlation,
): void {
  const given = declaration.attributes.get("switch_type")?.args[0];
  const found: Type | null =
    given?.kind === "type" ? given.type : typeOfTarget(walk, declaration.neighbours, expr);
  if (!found) return;
  const own = union.attributes.get("switch_type");
  if (union.switchType && own && (expr.op === "field" || expr.op === "deref")) {
    compareWithOwn(walk, declaration, union, union.switchType, found);
  }
  if (!union.switchType) {
    union.switchType = found;
    walk.switchedBy.set(union, { name: declaration.name, span: declaration.span });
    return;
  }
  const first = walk.switchedBy.get(union);
  if (!first || isSameType(walk.context, union.switchType, found)) return;
  const names = { union: union.name, first: describe(union.switchType), second: describe(found) };
  const related = [{ message: "first switched here", span: first.span }];
  walk.context.report(switchConflict, declaration.span, names, { related });
}

/** What switches a union is sent once more as its discriminant: a value must fit into both. */
function compareWithOwn(
  walk: Walk,
  { name, span }: Declaration,
  union: UnionSymbol,
  own: Type,
  found: Type,
): void {
  const { context } = walk;
  const [wanted, given] = [scalarFacts(context, own), scalarFacts(context, found)];
  if (!wanted || !given || isUnknown(own) || isUnknown(found)) return;
  const isWide = [wanted, given].some(({ bits }) => bits === 0 || bits === 64);
  if (isWide && wanted.bits !== given.bits) {
    const names = { name, union: union.name, found: describe(found), wanted: describe(own) };
    context.report(switchMismatch, span, names);
    return;
  }
  if (withoutTypedefs(context, found).kind !== "base" || given.bits === 0) return;
  const labels = union.arms.flatMap((arm) => arm.labels);
  const fitsInto = (label: bigint, { bits, unsigned }: BaseTypeFacts): boolean =>
    label === wrap(label, bits || 64, unsigned);
  const beyond = labels.find((label) => fitsInto(label, wanted) && !fitsInto(label, given));
  if (beyond === undefined) return;
  const names = { name, union: union.name, value: String(beyond), found: describe(found) };
  context.report(unreachableCase, span, names);
}

/** A union as in C, with no case at all: there is no way to send it. */
export function isPlainUnion(union: UnionSymbol): boolean {
  if (union.discriminant || union.switchType) return false;
  return union.arms.every(({ labels, isDefault }) => labels.length === 0 && !isDefault);
}
