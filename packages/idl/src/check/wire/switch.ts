/** Checks what selects the arm of a union, and settles the type of its discriminant. */
import {
  missingSwitchIs,
  switchConflict,
  switchIsEncapsulated,
  switchIsNoUnion,
} from "../../catalogue/semantics.ts";
import type { Correlation, Type, UnionSymbol } from "../../program.ts";
import { type Draft, isUnknown } from "../context.ts";
import { isSameType } from "../same-type.ts";
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

/** A union as in C, with no case at all: there is no way to send it. */
export function isPlainUnion(union: UnionSymbol): boolean {
  if (union.discriminant || union.switchType) return false;
  return union.arms.every(({ labels, isDefault }) => labels.length === 0 && !isDefault);
}
