/** What stands in correlation expressions, and where these stand. */
import type { Expr, WireType } from "./plan.ts";

/** The expressions of a type where it is used; named types have their own. */
export function expressionsIn(type: WireType): Expr[] {
  switch (type.kind) {
    case "union":
      return [type.switchIs];
    case "pointer":
      return expressionsIn(type.target);
    case "array": {
      const own = type.dimensions.flatMap(({ size, varying }) => [
        typeof size === "number" ? null : size,
        varying?.length ?? null,
        varying?.first ?? null,
      ]);
      return [...own.filter((expr) => expr !== null), ...expressionsIn(type.element)];
    }
    case "string":
      return type.size ? [type.size] : [];
    case "pipe":
      return expressionsIn(type.element);
    case "interfacePointer":
      return type.iidIs ? [type.iidIs] : [];
    case "primitive":
    case "named":
      return [];
  }
}

/** The fields that an expression speaks of. */
export function fieldPaths(expr: Expr): (readonly string[])[] {
  switch (expr.op) {
    case "const":
      return [];
    case "field":
      return [expr.path];
    case "deref":
    case "unary":
      return fieldPaths(expr.of);
    case "binary":
      return [...fieldPaths(expr.left), ...fieldPaths(expr.right)];
    case "conditional":
      return [...fieldPaths(expr.test), ...fieldPaths(expr.then), ...fieldPaths(expr.else)];
  }
}
