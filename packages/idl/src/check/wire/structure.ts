/** Checks a structure that is sent: order and form of its fields. */
import {
  bitField,
  conformantInside,
  conformantNotLast,
  emptyAggregate,
} from "../../catalogue/semantics.ts";
import type { StructSymbol } from "../../program.ts";
import { isConformantField } from "./by-value.ts";
import { checkDeclaration } from "./declaration.ts";
import type { Shape } from "./shape.ts";
import type { Declaration, Walk } from "./walk-state.ts";

export function checkStruct(walk: Walk, symbol: StructSymbol): void {
  const { context, facts } = walk;
  const neighbours = new Map(symbol.fields.map((field) => [field.name, field]));
  if (symbol.fields.length === 0)
    context.report(emptyAggregate, symbol.span, { name: symbol.name });
  for (const [i, field] of symbol.fields.entries()) {
    const { name, span } = field;
    if (field.bits !== undefined) {
      context.report(bitField, span, { name });
      continue;
    }
    const shape = checkDeclaration(walk, { ...field, place: "field", neighbours });
    if (isConformantField(field, facts) && i < symbol.fields.length - 1) {
      context.report(conformantNotLast, span, { name, owner: symbol.name });
    }
    checkElement(walk, field, shape);
  }
}

/** The elements of an array must have one size. */
export function checkElement(
  walk: Walk,
  { name, span }: Pick<Declaration, "name" | "span">,
  { levels, bottom }: Shape,
): void {
  if (levels.at(-1)?.kind !== "array" || bottom.kind !== "struct") return;
  if (!walk.facts.get(bottom.symbol)?.isConformant) return;
  walk.context.report(conformantInside, span, { name, what: "an array" });
}
