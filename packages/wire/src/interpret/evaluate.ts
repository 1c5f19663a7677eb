/** The value of an expression over the fields or parameters beside the one that carries it. */
import type { Expr } from "../plan.ts";
import type { Value } from "./value.ts";

/** The value of a field or parameter; undefined where it isn't known. */
export type Scope = (name: string) => Value | undefined;

export const emptyScope: Scope = () => undefined;

/** Null where a part isn't known, is no number, or has no result (division by zero). */
export function evaluate(expr: Expr, scope: Scope): bigint | null {
  switch (expr.op) {
    case "const":
      return BigInt(expr.value);
    case "field":
      return toInteger(follow(expr.path, scope));
    case "deref":
      return evaluate(expr.of, scope);
    case "unary": {
      const of = evaluate(expr.of, scope);
      return of === null ? null : unary(expr.operator, of);
    }
    case "binary":
      return binary(expr.operator, expr.left, expr.right, scope);
    case "conditional": {
      const test = evaluate(expr.test, scope);
      return test === null ? null : evaluate(test === 0n ? expr.else : expr.then, scope);
    }
  }
}

function follow(path: readonly string[], scope: Scope): Value | undefined {
  const [first = "", ...rest] = path;
  let at = scope(first);
  for (const name of rest) {
    if (at === null) return null;
    if (typeof at !== "object" || at instanceof Uint8Array || Array.isArray(at)) return undefined;
    const members = at as Readonly<Record<string, Value>>;
    at = members["arm"] === name ? members["value"] : members[name];
  }
  return at;
}

/** A null pointer counts as 0. */
function toInteger(value: Value | undefined): bigint | null {
  if (value === null) return 0n;
  if (typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1n : 0n;
  return typeof value === "number" && Number.isInteger(value) ? BigInt(value) : null;
}

function unary(operator: "+" | "-" | "~" | "!", of: bigint): bigint {
  switch (operator) {
    case "+":
      return of;
    case "-":
      return -of;
    case "~":
      return ~of;
    case "!":
      return of === 0n ? 1n : 0n;
  }
}

function binary(operator: string, left: Expr, right: Expr, scope: Scope): bigint | null {
  const a = evaluate(left, scope);
  if (a === null) return null;
  if (operator === "&&" && a === 0n) return 0n;
  if (operator === "||" && a !== 0n) return 1n;
  const b = evaluate(right, scope);
  if (b === null) return null;
  if ((operator === "/" || operator === "%") && b === 0n) return null;
  if ((operator === "<<" || operator === ">>") && (b < 0n || b > 63n)) return null;
  const operate = operators[operator];
  if (!operate) return null;
  const result = operate(a, b);
  return typeof result === "boolean" ? (result ? 1n : 0n) : result;
}

const operators: Readonly<Record<string, (a: bigint, b: bigint) => bigint | boolean>> = {
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "<<": (a, b) => a << b,
  ">>": (a, b) => a >> b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "&": (a, b) => a & b,
  "^": (a, b) => a ^ b,
  "|": (a, b) => a | b,
  "&&": (a, b) => a !== 0n && b !== 0n,
  "||": (a, b) => a !== 0n || b !== 0n,
};
