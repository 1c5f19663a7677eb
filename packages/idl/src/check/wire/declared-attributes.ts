/** Checks the attributes of a declaration against its type. */
import { findAttribute } from "../../attributes/table.ts";
import {
  notAnArray,
  pointerClass,
  rangeBeyond,
  rangeOrder,
  rangeType,
  refusedAttribute,
  sizedTwice,
  stringElement,
  tooManyDimensions,
  unsizedArray,
} from "../../catalogue/semantics.ts";
import type { Span } from "../../span.ts";
import { baseTypes } from "../base-types.ts";
import { isUnknown } from "../context.ts";
import { fits, wrap } from "../integer.ts";
import { scalarFacts } from "../types.ts";
import { describe, dimension, type Shape } from "./shape.ts";
import type { Declaration, Walk } from "./walk-state.ts";

const countedBy = ["size_is", "max_is", "min_is", "length_is", "first_is", "last_is"];
const pointerClasses = ["ref", "unique", "ptr", "ignore"];

/** The declaration or typedef that an attribute stands on. */
export function carrierOf(
  shape: Shape,
  declaration: Declaration,
  attribute: string,
): Pick<Declaration, "name" | "span"> {
  if (declaration.attributes.has(attribute)) return declaration;
  return shape.typedefs.find(({ attributes }) => attributes.has(attribute)) ?? declaration;
}

export function checkPointerClass(walk: Walk, declaration: Declaration, shape: Shape): void {
  if (shape.levels.length > 0 || shape.bottom.kind === "interface") return;
  for (const name of isUnknown(shape.bottom) ? [] : pointerClasses) {
    const attribute = declaration.attributes.get(name);
    if (!attribute) continue;
    walk.context.report(pointerClass, attribute.span, { attribute: name, name: declaration.name });
  }
}

export function checkRefused(walk: Walk, declaration: Declaration, shape: Shape): void {
  for (const [name, attribute] of shape.attributes) {
    if (findAttribute(name)?.effect !== "refused") continue;
    const own = declaration.attributes.has(name);
    const related = own ? [] : [{ message: `[${name}] is here`, span: attribute.span }];
    walk.context.report(
      refusedAttribute,
      own ? attribute.span : declaration.span,
      { name },
      { related },
    );
  }
}

export function checkCounts(walk: Walk, declaration: Declaration, shape: Shape): void {
  const { context } = walk;
  const { name, span } = declaration;
  const has = shape.levels.length;
  for (const attribute of isUnknown(shape.bottom) ? [] : countedBy) {
    const value = declaration.attributes.get(attribute);
    if (!value) continue;
    if (has === 0) context.report(notAnArray, value.span, { attribute, name });
    else if (value.args.length > has) {
      const given = value.args.length;
      context.report(tooManyDimensions, value.span, { attribute, given, has, name });
    }
  }
  const isString = shape.attributes.has("string");
  for (const [level, { kind, bound }] of shape.levels.entries()) {
    const size = dimension(shape, "size_is", level) ?? dimension(shape, "max_is", level);
    const isVarying = ["length_is", "last_is", "first_is"].some((a) => dimension(shape, a, level));
    if (size && bound?.kind === "fixed") {
      const sized = declaration.attributes.get("size_is") ?? declaration.attributes.get("max_is");
      context.report(sizedTwice, sized?.span ?? span, { name });
    }
    if (size || bound?.kind === "fixed" || (kind === "pointer" && !isVarying)) continue;
    if (!isString || level < has - 1) context.report(unsizedArray, span, { name });
  }
}

export function checkString(walk: Walk, declaration: Declaration, shape: Shape): void {
  const attribute = shape.attributes.get("string");
  if (!attribute || isUnknown(shape.bottom)) return;
  const { bottom } = shape;
  const isCharacter = bottom.kind === "base" && isStringElement(bottom.name);
  const isBytes =
    bottom.kind === "struct" &&
    bottom.symbol.fields.every(({ type }) => {
      const facts = scalarFacts(walk.context, type);
      return facts?.bits === 8;
    });
  if ((isCharacter || isBytes) && shape.levels.length > 0) return;
  const { name } = carrierOf(shape, declaration, "string");
  walk.context.report(stringElement, attribute.span, { name });
}

function isStringElement(name: keyof typeof baseTypes): boolean {
  const facts = baseTypes[name];
  return facts.kind === "character" || facts.kind === "byte" || name === "unsigned short";
}

export function checkRange(walk: Walk, declaration: Declaration, shape: Shape): void {
  const attribute = shape.attributes.get("range");
  const [low, high] = attribute?.args ?? [];
  if (!attribute || low?.kind !== "expr" || high?.kind !== "expr") return;
  if (low.expr.op !== "const" || high.expr.op !== "const" || isUnknown(shape.bottom)) return;
  const { span } = attribute;
  const { bottom } = shape;
  const facts = scalarFacts(walk.context, bottom);
  const isInteger = facts && facts.kind !== "float" && facts.kind !== "none";
  if (isCounted(shape) || bottom.kind === "pipe")
    return checkOrder(walk, span, low.expr.value, high.expr.value);
  if (!isInteger) {
    walk.context.report(rangeType, span, { name: carrierOf(shape, declaration, "range").name });
    return;
  }
  const bits = facts.bits || 64;
  const bounds = [low.expr.value, high.expr.value];
  const beyond = bounds.find((value) => !fits(value, bits));
  if (beyond !== undefined) {
    const names = { value: String(beyond), type: describe(declaration.type) };
    walk.context.report(rangeBeyond, span, names);
    return checkOrder(walk, span, low.expr.value, high.expr.value);
  }
  const [from, to] = bounds.map((value) => wrap(value, bits, facts.unsigned));
  checkOrder(walk, span, from!, to!);
}

/** On strings and counted arrays a range bounds the number of elements, as it does on a chunk of a pipe. */
function isCounted(shape: Shape): boolean {
  if (shape.levels.length === 0) return false;
  return ["string", "size_is", "max_is"].some((name) => shape.attributes.has(name));
}

function checkOrder(walk: Walk, span: Span, low: bigint, high: bigint): void {
  if (low <= high) return;
  walk.context.report(rangeOrder, span, { low: String(low), high: String(high) });
}
