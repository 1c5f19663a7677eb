/** Correlation expressions as text that says the same for the same expression, whatever the names. */
import type { Expr } from "../plan.ts";

/** What the name of a sibling stands for: its place among the siblings, so that renaming changes nothing. */
export type Positions = ReadonlyMap<string, number>;

export function positionsOf(members: readonly { readonly name: string }[]): Positions {
  return new Map(members.map(({ name }, at) => [name, at]));
}

export function expressionKey(expr: Expr | number | null, positions: Positions): string {
  if (expr === null) return "";
  if (typeof expr === "number") return String(expr);
  switch (expr.op) {
    case "const":
      return expr.value;
    case "field": {
      const [first = "", ...rest] = expr.path;
      return [`#${positions.get(first) ?? first}`, ...rest].join(".");
    }
    // A pointer is followed where there is one: `*n` of a parameter and `n` of a field are one value.
    case "deref":
      return expressionKey(expr.of, positions);
    case "unary":
      return `(${expr.operator}${expressionKey(expr.of, positions)})`;
    case "binary": {
      const left = expressionKey(expr.left, positions);
      return `(${left}${expr.operator}${expressionKey(expr.right, positions)})`;
    }
    case "conditional": {
      const parts = [expr.test, expr.then, expr.else].map((part) => expressionKey(part, positions));
      return `(${parts.join("?")})`;
    }
  }
}

/** An expression as it would be written. */
export function expressionText(expr: Expr | number | null): string {
  if (expr === null) return "nothing";
  if (typeof expr === "number") return String(expr);
  switch (expr.op) {
    case "const":
      return expr.value;
    case "field":
      return expr.path.join(".");
    case "deref":
      return `*${expressionText(expr.of)}`;
    case "unary":
      return `${expr.operator}${expressionText(expr.of)}`;
    case "binary":
      return `(${expressionText(expr.left)} ${expr.operator} ${expressionText(expr.right)})`;
    case "conditional": {
      const [test, yes, no] = [expr.test, expr.then, expr.else].map(expressionText);
      return `(${test} ? ${yes} : ${no})`;
    }
  }
}
