/** Checks one declaration that is sent: its attributes against its type, and the type itself. */
import {
  handleForm,
  handleInside,
  notOnWire,
  pipeElement,
  sentUndefined,
} from "../../catalogue/semantics.ts";
import type { Type, TypedefSymbol } from "../../program.ts";
import { isUnknown, missingInHeader } from "../context.ts";
import {
  carrierOf,
  checkCounts,
  checkPointerClass,
  checkRange,
  checkRefused,
  checkString,
} from "./declared-attributes.ts";
import { type Shape, shapeOf } from "./shape.ts";
import { checkSwitch } from "./switch.ts";
import { checkTargets } from "./targets.ts";
import { type Declaration, reach, type Walk } from "./walk-state.ts";

/** Checks it and puts the types below it on the queue. */
export function checkDeclaration(walk: Walk, declaration: Declaration): Shape {
  const shape = shapeOf(declaration.type, declaration.attributes);
  if (shape.attributes.has("context_handle")) checkContextHandle(walk, declaration, shape);
  else if (!shape.attributes.has("ignore")) checkBottom(walk, declaration, shape);
  checkRefused(walk, declaration, shape);
  checkCounts(walk, declaration, shape);
  checkString(walk, declaration, shape);
  checkRange(walk, declaration, shape);
  checkSwitch(walk, declaration, shape);
  checkTargets(walk, declaration, shape);
  checkPointerClass(walk, declaration, shape);
  return shape;
}

/** What the attributes of a typedef say of its own type, whether anything is made of it or not. */
export function checkTypedef(walk: Walk, symbol: TypedefSymbol): void {
  const { name, span, type, attributes } = symbol;
  const shape = shapeOf(type, attributes);
  const declaration: Declaration = {
    name,
    span,
    type,
    attributes,
    place: "parameter",
    neighbours: new Map(),
  };
  if (attributes.has("context_handle")) checkContextHandle(walk, declaration, shape);
  if (shape.bottom.kind === "pipe") checkPipe(walk, declaration, shape, shape.bottom.element);
  checkString(walk, declaration, shape);
  checkRange(walk, declaration, shape);
  checkPointerClass(walk, declaration, shape);
}

function checkContextHandle(walk: Walk, declaration: Declaration, shape: Shape): void {
  const { context } = walk;
  const { name, span, place } = declaration;
  if (shape.levels.length === 0 && !isUnknown(shape.bottom)) {
    const carrier = carrierOf(shape, declaration, "context_handle");
    context.report(handleForm, carrier.span, { name: carrier.name });
  }
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
      return checkPipe(walk, declaration, shape, bottom.element);
    default:
  }
}

function checkPipe(walk: Walk, declaration: Declaration, pipe: Shape, element: Type): void {
  const shape = shapeOf(element, new Map());
  const { bottom } = shape;
  const isOpen = shape.levels.some(
    ({ kind, bound }) => kind === "pointer" || bound?.kind === "open",
  );
  const isAggregate = bottom.kind === "struct" || bottom.kind === "union";
  const facts = isAggregate ? walk.facts.get(bottom.symbol) : undefined;
  if (isOpen || facts?.isConformant || facts?.hasPointer || bottom.kind === "pipe") {
    const { name, span } = pipe.typedefs.at(-1) ?? declaration;
    walk.context.report(pipeElement, span, { name });
  }
  if (isAggregate || bottom.kind === "enum") reach(walk, bottom.symbol);
}
