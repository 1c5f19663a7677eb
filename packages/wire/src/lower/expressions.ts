/** Correlations of the program as expressions of the plan. */
import type { AttributeArgValue, Attributes, Correlation } from "@msrpc/idl";
import type { Expr, Range } from "../plan.ts";

export function toExpr(correlation: Correlation): Expr {
  switch (correlation.op) {
    case "const":
      return { op: "const", value: String(correlation.value) };
    case "field":
      return { op: "field", path: [...correlation.path] };
    case "deref":
      return { op: "deref", of: toExpr(correlation.of) };
    case "unary":
      return { op: "unary", operator: correlation.operator, of: toExpr(correlation.of) };
    case "binary":
      return {
        op: "binary",
        operator: correlation.operator,
        left: toExpr(correlation.left),
        right: toExpr(correlation.right),
      };
    case "conditional":
      return {
        op: "conditional",
        test: toExpr(correlation.test),
        then: toExpr(correlation.then),
        else: toExpr(correlation.else),
      };
  }
}

/** `left + right`, worked out where both are constant. */
export function plus(left: Expr, right: number): Expr {
  if (left.op === "const")
    return { op: "const", value: String(BigInt(left.value) + BigInt(right)) };
  if (right === 0) return left;
  return { op: "binary", operator: "+", left, right: { op: "const", value: String(right) } };
}

/** `left - right`, worked out where both are constant. */
export function minus(left: Expr, right: Expr): Expr {
  if (right.op === "const") {
    if (right.value === "0") return left;
    if (left.op === "const") {
      return { op: "const", value: String(BigInt(left.value) - BigInt(right.value)) };
    }
  }
  return { op: "binary", operator: "-", left, right };
}

/** The expression of an attribute with one: switch_is, iid_is. */
export function expressionOf(attributes: Attributes, name: string): Expr | null {
  const arg = attributes.get(name)?.args[0];
  return arg?.kind === "expr" ? toExpr(arg.expr) : null;
}

/** `range(low, high)` of a declaration. */
export function rangeOf(attributes: Attributes): Range | null {
  const [low, high] = attributes.get("range")?.args ?? [];
  if (low === undefined || high === undefined) return null;
  const lowest = constant(low);
  const highest = constant(high);
  return lowest === null || highest === null ? null : { low: lowest, high: highest };
}

function constant(arg: AttributeArgValue): string | null {
  return arg.kind === "expr" && arg.expr.op === "const" ? String(arg.expr.value) : null;
}
