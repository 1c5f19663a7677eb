/**
 * size_is and its likes, taken apart by dimension.
 *
 * Each argument belongs to one pointer or array bound of the declarator, outermost first; an argument
 * that is left out says nothing about its own.
 */
import type { Attributes } from "@msrpc/idl";
import type { Expr } from "../plan.ts";
import { minus, plus, toExpr } from "./expressions.ts";

/** What attributes say of one pointer or array bound. */
export interface DimensionAttributes {
  /** From size_is, or from max_is and min_is. */
  readonly size: Expr | null;
  /** From length_is, or from last_is. */
  readonly length: Expr | null;
  /** From first_is, counted from min_is. */
  readonly first: Expr | null;
}

export const noDimension: DimensionAttributes = { size: null, length: null, first: null };

const names = ["size_is", "max_is", "min_is", "length_is", "last_is", "first_is"] as const;

/** What the attributes of a declaration say, by dimension; empty where they say nothing. */
export function dimensionsOf(attributes: Attributes): readonly DimensionAttributes[] {
  const count = Math.max(...names.map((name) => attributes.get(name)?.args.length ?? 0));
  return Array.from({ length: count }, (_, at) => dimensionAt(attributes, at));
}

function dimensionAt(attributes: Attributes, at: number): DimensionAttributes {
  const [size, max, min, length, last, first] = names.map((name) => {
    const arg = attributes.get(name)?.args[at];
    return arg?.kind === "expr" ? toExpr(arg.expr) : null;
  });
  const lowest: Expr = min ?? { op: "const", value: "0" };
  return {
    size: size ?? (max ? plus(minus(max, lowest), 1) : null),
    length: length ?? (last ? plus(minus(last, first ?? lowest), 1) : null),
    first: first ? minus(first, lowest) : null,
  };
}

/** Whether the attributes say something of this bound. */
export function saysSomething(dimension: DimensionAttributes): boolean {
  return dimension.size !== null || dimension.length !== null || dimension.first !== null;
}
