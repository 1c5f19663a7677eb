/** Checks one declaration that is sent: its attributes against its type, and the type itself. */
import {
  handleForm,
  handleInside,
  notAnArray,
  notOnWire,
  pipeElement,
  pointerClass,
  rangeOrder,
  rangeType,
  refusedAttribute,
  sentUndefined,
  sizedTwice,
  stringElement,
  tooManyDimensions,
  unsizedArray,
} from "../../catalogue/semantics.ts";
import { findAttribute } from "../../attributes/table.ts";
import type { Type } from "../../program.ts";
import type { Span } from "../../span.ts";
import { isUnknown, missingInHeader } from "../context.ts";
import { baseTypes } from "../base-types.ts";
import { wrap } from "../integer.ts";
import { scalarFacts } from "../types.ts";
import { dimension, type Shape, shapeOf } from "./shape.ts";
import { checkSwitch } from "./switch.ts";
import { checkTargets } from "./targets.ts";
import { type Declaration, reach, type Walk } from "./walk-state.ts";

const countedBy = ["size_is", "max_is", "min_is", "length_is", "first_is", "last_is"];
const pointerClasses = ["ref", "unique", "ptr", "ignore"];

/** Checks it and puts the types below it on the queue. */
export function checkDeclaration(walk: Walk, declaration: Declaration): Shape {
  const { context } = walk;
  const shape = shapeOf(declaration.type, declaration.attributes);
  if (shape.attributes.has("context_handle")) checkContextHandle(walk, declaration, shape);
  else if (!shape.attributes.has("ignore")) checkBottom(walk, declaration, shape);
  checkRefused(walk, declaration, shape);
  checkCounts(walk, declaration, shape);
  checkString(walk, declaration, shape);
  checkRange(walk, declaration, shape);
  checkSwitch(walk, declaration, shape);
  checkTargets(walk, declaration, shape);
  const pointsSomewhere = shape.levels.length > 0 || shape.bottom.kind === "interface";
  for (const name of pointerClasses) {
    const attribute = declaration.attributes.get(name);
    if (!attribute || pointsSomewhere || isUnknown(shape.bottom)) continue;
    context.report(pointerClass, attribute.span, { attribute: name, name: declaration.name });
  }
  return shape;
}

function checkRefused(walk: Walk, declaration: Declaration, shape: Shape): void {
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

function checkContextHandle(walk: Walk, declaration: Declaration, shape: Shape): void {
  const { context } = walk;
  const { name, span, place } = declaration;
  const isKnown = !isUnknown(shape.bottom);
  if (shape.levels.length === 0 && isKnown) context.report(handleForm, span, { name });
  const isInside = place === "field" || place === "arm";
  if (isInside || shape.levels.some(({ kind }) => kind === "array")) {
    context.report(handleInside, span, { what: "a context handle", name });
  }
}

/** What stands at the bottom of the pointers and arrays. */
function checkBottom(walk: Walk, declaration: Declaration, shape: Shape): void {
  const { context } = walk;
  const { name, span, place } = declaration;
  const { bottom } = shape;
  const isParameter = place === "parameter";
  switch (bottom.kind) {
    case "base":
      if (bottom === missingInHeader) context.report(sentUndefined, span, { name });
      if (bottom.name === "void" && shape.attributes.has("iid_is")) return;
      if (bottom.name === "void" || bottom.name === "__int128") {
        context.report(notOnWire, span, { what: bottom.name, name });
      } else if (bottom.name === "handle_t") {
        context.report(handleInside, span, { what: "a binding handle", name });
      }
      return;
    case "interface":
      if (shape.levels.length > 0) return;
      context.report(notOnWire, span, { what: "an interface, not a pointer to one", name });
      return;
    case "function":
      context.report(notOnWire, span, { what: "a function", name });
      return;
    case "struct":
    case "union":
    case "enum":
      if (bottom.symbol.isComplete) return reach(walk, bottom.symbol);
      context.report(notOnWire, span, {
        what: `the undefined ${bottom.kind} ${bottom.symbol.name}`,
        name,
      });
      return;
    case "pipe":
      if (!isParameter) context.report(handleInside, span, { what: "a pipe", name });
      return checkPipe(walk, declaration, bottom.element);
    default:
  }
}

function checkPipe(walk: Walk, declaration: Declaration, element: Type): void {
  const shape = shapeOf(element, new Map());
  const { bottom } = shape;
  const isOpen = shape.levels.some(
    ({ kind, bound }) => kind === "pointer" || bound?.kind === "open",
  );
  const isAggregate = bottom.kind === "struct" || bottom.kind === "union";
  const facts = isAggregate ? walk.facts.get(bottom.symbol) : undefined;
  if (isOpen || facts?.isConformant || facts?.hasPointer || bottom.kind === "pipe") {
    walk.context.report(pipeElement, declaration.span, { name: declaration.name });
  }
  if (isAggregate || bottom.kind === "enum") reach(walk, bottom.symbol);
}

// ---- attributes --------------------------------------------------------------------------------

function checkCounts(walk: Walk, declaration: Declaration, shape: Shape): void {
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

function checkString(walk: Walk, declaration: Declaration, shape: Shape): void {
  const attribute = declaration.attributes.get("string") ?? shape.attributes.get("string");
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
  const own = declaration.attributes.has("string");
  const span = own ? attribute.span : declaration.span;
  walk.context.report(stringElement, span, { name: declaration.name });
}

function isStringElement(name: keyof typeof baseTypes): boolean {
  const facts = baseTypes[name];
  return facts.kind === "character" || facts.kind === "byte" || name === "unsigned short";
}

function checkRange(walk: Walk, declaration: Declaration, shape: Shape): void {
  const attribute = shape.attributes.get("range");
  const [low, high] = attribute?.args ?? [];
  if (!attribute || low?.kind !== "expr" || high?.kind !== "expr") return;
  if (low.expr.op !== "const" || high.expr.op !== "const" || isUnknown(shape.bottom)) return;
  const span = declaration.attributes.has("range") ? attribute.span : declaration.span;
  const { bottom } = shape;
  const facts = scalarFacts(walk.context, bottom);
  const isInteger = facts && facts.kind !== "float" && facts.kind !== "none";
  if (isCounted(shape)) return checkOrder(walk, span, low.expr.value, high.expr.value);
  if (!isInteger) {
    walk.context.report(rangeType, span, { name: declaration.name });
    return;
  }
  const bits = facts.bits || 64;
  const [from, to] = [low.expr.value, high.expr.value].map((v) => wrap(v, bits, facts.unsigned));
  checkOrder(walk, span, from!, to!);
}

/** On strings and counted arrays a range bounds the number of elements. */
function isCounted(shape: Shape): boolean {
  if (shape.levels.length === 0) return false;
  return ["string", "size_is", "max_is"].some((name) => shape.attributes.has(name));
}

function checkOrder(walk: Walk, span: Span, low: bigint, high: bigint): void {
  if (low <= high) return;
  walk.context.report(rangeOrder, span, { low: String(low), high: String(high) });
}
