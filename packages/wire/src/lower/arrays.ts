/** Arrays and strings: which bounds are sent and which are known. */
import type { Type } from "@msrpc/idl";
import * as rules from "../catalogue/rules.ts";
import type { ArrayType, Dimension, Range, StringType, WireType } from "../plan.ts";
import { type Lowering, type Site, type Where, refuse } from "./context.ts";
import { type DimensionAttributes, noDimension } from "./dimensions.ts";
import { type Pending, enterTarget } from "./pending.ts";
import { characterOf } from "./primitives.ts";

export function lowerArray(
  lowering: Lowering,
  site: Site,
  type: Type & { readonly kind: "array" },
  pending: Pending,
  where: Where,
): WireType | null {
  const here = pending.dimensions[0] ?? noDimension;
  const bound = type.bound.kind === "fixed" ? type.bound.count : null;
  if (bound !== null && here.size !== null) {
    return refuse(lowering, rules.countOfFixed, site.span, { owner: site.owner });
  }
  const character = characterOf(type.element);
  let array: WireType | null;
  if (pending.isString && character) {
    array = stringOf(character, here, bound, pending.range);
  } else {
    const isCounted = bound === null;
    // An array parameter is a pointer itself. Elsewhere the pointers that an attribute speaks of are the elements.
    const pointerClass = where === "parameter" ? null : pending.pointerClass;
    const left = { ...enterTarget(pending), pointerClass, range: isCounted ? null : pending.range };
    const element = lowering.use(site, type.element, left, "element");
    array =
      element && arrayOf(lowering, site, element, here, bound, isCounted ? pending.range : null);
  }
  // An array parameter is a pointer to its first element; by default a ref pointer, which is not sent.
  if (!array || where !== "parameter" || (pending.pointerClass ?? "ref") === "ref") return array;
  return { kind: "pointer", class: pending.pointerClass ?? "ref", id: "both", target: array };
}

/** An array with one more bound outside of `element`; bounds of nested arrays become one list. */
export function arrayOf(
  lowering: Lowering,
  site: Site,
  element: WireType,
  here: DimensionAttributes,
  bound: number | null,
  range: Range | null,
): ArrayType | null {
  const isVarying = here.length !== null || here.first !== null;
  const outer: Dimension = {
    size: bound ?? here.size,
    isConformant: bound === null,
    varying: isVarying ? { length: here.length, first: here.first } : null,
    ...(range ? { range } : {}),
  };
  if (element.kind === "string" && element.isConformant) {
    return refuse(lowering, rules.innerConformance, site.span, { owner: site.owner });
  }
  const array: ArrayType =
    element.kind === "array"
      ? {
          kind: "array",
          element: element.element,
          dimensions: allVarying([outer, ...element.dimensions]),
        }
      : { kind: "array", element, dimensions: [outer] };
  lowering.arrays.set(array, { site, severity: lowering.severity });
  return array;
}

/** Where one dimension has offset and actual count, all have. */
function allVarying(dimensions: readonly Dimension[]): readonly Dimension[] {
  if (dimensions.every((dimension) => dimension.varying === null)) return dimensions;
  const whole = { length: null, first: null };
  return dimensions.map((dimension) => ({ ...dimension, varying: dimension.varying ?? whole }));
}

/** A string of characters; with neither bound nor size its length is its max count. */
export function stringOf(
  char: StringType["char"],
  here: DimensionAttributes,
  bound: number | null,
  range: Range | null,
): StringType {
  return {
    kind: "string",
    char,
    isConformant: bound === null,
    bound,
    size: here.size,
    ...(range ? { range } : {}),
  };
}
