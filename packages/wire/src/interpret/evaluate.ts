/** The value of an expression over the fields or parameters beside the one that carries it. */
import type { Expr } from "../plan.ts";
import { InterpretError } from "./fault.ts";
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

/**
 * Nothing, where the expression has no result only because fields aren't known.
 *
 * @throws InterpretError where it divides by zero, and so states nothing
 */
export function refuseDivision(
  expr: Expr,
  { path, scope }: { readonly path: string; readonly scope: Scope },
  offset: number,
): void {
  if (!dividesByZero(expr, scope)) return;
  const message = "what states its count or discriminant divides by zero";
  throw new InterpretError("division", path, offset, message);
}

/** Whether an expression has no result because it divides by zero. Parts that are not evaluated don't count. */
export function dividesByZero(expr: Expr, scope: Scope): boolean {
  switch (expr.op) {
    case "const":
    case "field":
      return false;
    case "deref":
    case "unary":
      return dividesByZero(expr.of, scope);
    case "conditional": {
      if (dividesByZero(expr.test, scope)) return true;
      const test = evaluate(expr.test, scope);
      return test !== null && dividesByZero(test === 0n ? expr.else : expr.then, scope);
    }
    case "binary": {
      if (dividesByZero(expr.left, scope)) return true;
      const left = evaluate(expr.left, scope);
      if ((expr.operator === "&&" && left === 0n) || (expr.operator === "||" && left !== 0n)) {
        return false;
      }
      if (dividesByZero(expr.right, scope)) return true;
      const isDivision = expr.operator === "/" || expr.operator === "%";
      return isDivision && evaluate(expr.right, scope) === 0n;
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
