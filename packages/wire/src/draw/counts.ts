/**
 * Counts and discriminants that fit together.
 *
 * They are chosen first, by trying: whatever they come to, the arrays, strings and unions that depend on
 * them are drawn to match.
 */
import { type Scope, dividesByZero, evaluate } from "../interpret/evaluate.ts";
import type { Expr, UnionPlan, WirePlan, WireType } from "../plan.ts";

/** A parameter or field. */
export interface Member {
  readonly name: string;
  readonly type: WireType;
}

export interface Fit {
  readonly plan: Pick<WirePlan, "types">;
  readonly scope: Scope;
  /** The most elements that an array has whose count is not a constant. */
  readonly mostElements: bigint;
  /** Pointers that may be null are to be. */
  readonly isDeepest: boolean;
}

/** The length and size of each dimension, as the scope states them; null where that can't be. */
export function extents(
  fit: Pick<Fit, "scope" | "mostElements">,
  type: WireType & { readonly kind: "array" },
): { readonly length: bigint; readonly isFree: boolean }[] | null {
  const found: { length: bigint; isFree: boolean }[] = [];
  for (const { size, varying } of type.dimensions) {
    const first = varying?.first ? (evaluate(varying.first, fit.scope) ?? 0n) : 0n;
    const max = typeof size === "number" ? BigInt(size) : size && evaluate(size, fit.scope);
    if (typeof size === "object" && size && dividesByZero(size, fit.scope)) return null;
    const stated = varying?.length ? evaluate(varying.length, fit.scope) : null;
    const length = stated ?? (max === null ? 0n : max - first);
    if (first < 0n || length < 0n || (max !== null && first + length > max)) return null;
    const isConstant = typeof size === "number" || size?.op === "const";
    if (!isConstant && length > fit.mostElements) return null;
    found.push({ length, isFree: stated === null && max === null });
  }
  return found;
}

/** Whether a value of this type can be drawn that agrees with the counts in scope. */
export function fits(fit: Fit, type: WireType, isNullable = false): boolean {
  switch (type.kind) {
    case "pointer": {
      if (type.isIgnored) return true;
      const canBeNull = type.class !== "ref";
      if (canBeNull && fit.isDeepest) return mayBeNull(fit, type.target);
      return fits(fit, type.target, canBeNull);
    }
    case "array": {
      const lengths = extents(fit, type);
      if (!lengths) return false;
      return lengths.some(({ length }) => length === 0n) || fits(fit, type.element);
    }
    case "string": {
      const max = type.size && evaluate(type.size, fit.scope);
      if (max === null) return true;
      return max >= (isNullable ? 0n : 1n) && max <= fit.mostElements;
    }
    case "union": {
      const tag = evaluate(type.switchIs, fit.scope);
      const union = fit.plan.types[type.name];
      return tag === null || (union?.kind === "union" && hasArm(union, String(tag)));
    }
    default:
      return true;
  }
}

/** A null pointer must not stand beside a count other than 0. */
export function mayBeNull(fit: Pick<Fit, "scope">, target: WireType): boolean {
  const counts =
    target.kind === "array"
      ? target.dimensions.map((dimension) => dimension.size)
      : target.kind === "string"
        ? [target.size]
        : [];
  return counts.every((count) => {
    const value = count === null || typeof count === "number" ? null : evaluate(count, fit.scope);
    return value === null || value === 0n;
  });
}

function hasArm(union: UnionPlan, label: string): boolean {
  return union.arms.some((arm) => arm.isDefault || arm.labels.includes(label));
}

export interface ExpressionUse {
  readonly expr: Expr;
  /** The union that a switch_is selects the arm of. */
  readonly union: string | null;
}

function plain(expr: Expr | number | null): ExpressionUse[] {
  return expr === null || typeof expr === "number" ? [] : [{ expr, union: null }];
}

/** Every expression that a member's type holds about its siblings. */
export function* expressionsIn(type: WireType): Iterable<ExpressionUse> {
  switch (type.kind) {
    case "pointer":
      yield* expressionsIn(type.target);
      return;
    case "array":
      for (const { size, varying } of type.dimensions) {
        yield* plain(size);
        yield* plain(varying?.length ?? null);
        yield* plain(varying?.first ?? null);
      }
      yield* expressionsIn(type.element);
      return;
    case "string":
      yield* plain(type.size);
      return;
    case "union":
      yield { expr: type.switchIs, union: type.name };
      return;
    default:
  }
}

/** Names of the siblings that an expression depends on. */
export function namesIn(expr: Expr): string[] {
  switch (expr.op) {
    case "const":
      return [];
    case "field":
      return expr.path.slice(0, 1);
    case "deref":
    case "unary":
      return namesIn(expr.of);
    case "binary":
      return [...namesIn(expr.left), ...namesIn(expr.right)];
    case "conditional":
      return [...namesIn(expr.test), ...namesIn(expr.then), ...namesIn(expr.else)];
  }
}
