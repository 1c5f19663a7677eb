/**
 * Attributes on their way from a declaration to the part of its type that they speak of.
 *
 * A declaration says `[unique, string, size_is(, n)] T **p`; the type below it is a chain of pointers,
 * arrays and typedefs, which may bring attributes of their own. Each part takes what is meant for it.
 */
import type { Attributes, Span, TypedefSymbol } from "@msrpc/idl";
import type { Expr, PointerType, Range } from "../plan.ts";
import { type DimensionAttributes, dimensionsOf } from "./dimensions.ts";
import { expressionOf, rangeOf } from "./expressions.ts";

/** A context handle in the making: what names it, and what its attributes say. */
export interface PendingHandle {
  /** Two uses with the same key are the same type of handle. */
  readonly key: unknown;
  readonly name: string;
  readonly span: Span;
  readonly attributes: Attributes;
}

export interface Pending {
  /** For the first pointer. */
  readonly pointerClass: PointerType["class"] | null;
  /** For the pointers and array bounds to come, outermost first. */
  readonly dimensions: readonly DimensionAttributes[];
  /** For the innermost pointer or array, the one of characters. */
  readonly isString: boolean;
  /** For the first count, or else for the value at the end. */
  readonly range: Range | null;
  readonly switchIs: Expr | null;
  readonly iidIs: Expr | null;
  readonly handle: PendingHandle | null;
  readonly isIgnored: boolean;
  readonly mayBeNullWithCount: boolean;
  /** The outermost typedef that is nothing but a name for what comes. */
  readonly alias: string | null;
}

/** What the attributes of a parameter, field, arm, operation or typedef leave to its type. */
export function pendingOf(attributes: Attributes): Pending {
  return {
    pointerClass: pointerClassOf(attributes),
    dimensions: dimensionsOf(attributes),
    isString: attributes.has("string"),
    range: rangeOf(attributes),
    switchIs: expressionOf(attributes, "switch_is"),
    iidIs: expressionOf(attributes, "iid_is"),
    handle: null,
    isIgnored: attributes.has("ignore"),
    mayBeNullWithCount: attributes.has("disable_consistency_check"),
    alias: null,
  };
}

export const nothingPending: Pending = pendingOf(new Map());

/** What is left for the type under a typedef. What the use says goes before what the typedef says. */
export function enterTypedef(pending: Pending, typedef: TypedefSymbol): Pending {
  const own = pendingOf(typedef.attributes);
  const isHandle = isContextHandle(typedef.attributes);
  return {
    pointerClass: pending.pointerClass ?? own.pointerClass,
    dimensions: pending.dimensions.length > 0 ? pending.dimensions : own.dimensions,
    isString: pending.isString || own.isString,
    range: pending.range ?? own.range,
    switchIs: pending.switchIs ?? own.switchIs,
    iidIs: pending.iidIs ?? own.iidIs,
    handle: isHandle
      ? { key: typedef, name: typedef.name, span: typedef.span, attributes: typedef.attributes }
      : pending.handle,
    isIgnored: pending.isIgnored,
    mayBeNullWithCount: pending.mayBeNullWithCount || own.mayBeNullWithCount,
    alias: pending.alias ?? typedef.name,
  };
}

/** What is left for the target of a pointer or the element of an array. */
export function enterTarget(pending: Pending): Pending {
  return {
    ...pending,
    pointerClass: null,
    dimensions: pending.dimensions.slice(1),
    isIgnored: false,
    mayBeNullWithCount: false,
    alias: null,
  };
}

/** A class of pointer as attributes name it. */
export const pointerClasses = { ref: "ref", unique: "unique", ptr: "full" } as const;

/** Whether attributes make a context handle of what they stand on. */
export function isContextHandle(attributes: Attributes): boolean {
  return (
    attributes.has("context_handle") ||
    attributes.has("context_handle_serialize") ||
    attributes.has("context_handle_noserialize")
  );
}

/** The class of pointer that attributes name; null where they name none. */
export function pointerClassOf(attributes: Attributes | undefined): PointerType["class"] | null {
  for (const name of ["ref", "unique", "ptr"] as const) {
    if (attributes?.has(name)) return pointerClasses[name];
  }
  return null;
}
