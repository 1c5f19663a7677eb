/** Correlation expressions as TypeScript, and solved for the field that an array decides. */
import { isWrapped } from "../print/doc.ts";
import { evaluate, type Expr, fieldPaths } from "@msrpc/wire";

/** The code of a field's value as a `number`; null where the field can't be had here. */
export type FieldCode = (path: readonly string[]) => string | null;

/** The code of a quotient or remainder whose divisor may be 0. */
export type Divide = (operator: "/" | "%", left: string, right: string) => string;

/** The expression as code that gives a `number`; null where a field of it can't be had. */
export function printExpr(expr: Expr, field: FieldCode, divide: Divide): string | null {
  const again = (part: Expr): string | null => printExpr(part, field, divide);
  if (fieldPaths(expr).length === 0) return String(evaluate(expr, () => undefined) ?? 0);
  switch (expr.op) {
    case "const":
      return expr.value;
    case "field":
      return field(expr.path);
    case "deref":
      return again(expr.of);
    case "unary": {
      const of = again(expr.of);
      return of === null ? null : printUnary(expr.operator, atom(of));
    }
    case "binary": {
      const left = again(expr.left);
      const right = again(expr.right);
      return left === null || right === null
        ? null
        : printBinary(expr.operator, atom(left), atom(right), divide);
    }
    case "conditional": {
      const test = again(expr.test);
      const then = again(expr.then);
      const otherwise = again(expr.else);
      if (test === null || then === null || otherwise === null) return null;
      return `(${atom(test)} !== 0 ? ${then} : ${otherwise})`;
    }
  }
}

function printUnary(operator: "+" | "-" | "~" | "!", of: string): string {
  switch (operator) {
    case "!":
      return `(${of} === 0 ? 1 : 0)`;
    case "~":
      return `(-${of} - 1)`;
    default:
      return `${operator}${of}`;
  }
}

/** JavaScript's own operators on bits have 32 of them, so bits are those of a `bigint`. */
function printBinary(operator: string, left: string, right: string, divide: Divide): string {
  switch (operator) {
    case "/":
      return isSafeDivisor(right) ? `Math.trunc(${left} / ${right})` : divide("/", left, right);
    case "%":
      return isSafeDivisor(right) ? `${left} % ${right}` : divide("%", left, right);
    case "&":
    case "|":
    case "^":
      return `Number(${asBig(left)} ${operator} ${asBig(right)})`;
    case "<<":
      return `${left} * ${powerOf2(right)}`;
    case ">>":
      return `Math.floor(${left} / ${powerOf2(right)})`;
    case "<":
    case ">":
    case "<=":
    case ">=":
      return `(${left} ${operator} ${right} ? 1 : 0)`;
    case "==":
    case "!=":
      return `(${left} ${operator}= ${right} ? 1 : 0)`;
    case "&&":
    case "||":
      return `(${left} !== 0 ${operator} ${right} !== 0 ? 1 : 0)`;
    default:
      return `${left} ${operator} ${right}`;
  }
}

function isSafeDivisor(code: string): boolean {
  return /^-?[1-9]\d*$/.test(code);
}

function powerOf2(code: string): string {
  return /^\d+$/.test(code) ? String(2 ** Number(code)) : `2 ** ${code}`;
}

/** As `printExpr`, but code that gives a `bigint`: exact for 64-bit fields of any value. */
export function printBig(expr: Expr, field: FieldCode, divide: Divide): string | null {
  const again = (part: Expr): string | null => printBig(part, field, divide);
  switch (expr.op) {
    case "const":
      return `${expr.value}n`;
    case "deref":
      return again(expr.of);
    case "unary": {
      const of = again(expr.of);
      if (of === null || expr.operator === "+") return of;
      return expr.operator === "!"
        ? `(${atom(of)} === 0n ? 1n : 0n)`
        : `${expr.operator}${atom(of)}`;
    }
    case "binary": {
      const [left, right] = [again(expr.left), again(expr.right)];
      if (left === null || right === null) return null;
      const isExact =
        ["+", "-", "*", "&", "|", "^"].includes(expr.operator) ||
        (["/", "%"].includes(expr.operator) && /^-?[1-9]\d*n$/.test(right));
      if (isExact) return `${atom(left)} ${expr.operator} ${atom(right)}`;
      break;
    }
    case "conditional": {
      const test = printExpr(expr.test, field, divide);
      const [then, otherwise] = [again(expr.then), again(expr.else)];
      if (test === null || then === null || otherwise === null) return null;
      return `(${atom(test)} !== 0 ? ${then} : ${otherwise})`;
    }
    default:
  }
  const code = printExpr(expr, field, divide);
  return code === null ? null : asBig(code);
}

/** A `number` as a `bigint`; what was one before it was made a number is taken as it was. */
function asBig(code: string): string {
  if (/^-?\d+$/.test(code)) return `${code}n`;
  const bare = isWrapped(code) ? code.slice(1, -1) : code;
  const [, inner] = /^Number(\(.*\))$/.exec(bare) ?? [];
  return inner !== undefined && isWrapped(inner) ? `BigInt${inner}` : `BigInt(${bare})`;
}

function atom(code: string): string {
  return /^(?:-\d+n?|[\w.$?]+(?:\([^()]*\))?)$/.test(code)
    ? code
    : isWrapped(code)
      ? code
      : `(${code})`;
}

/** How a field follows from the value of an expression that it stands in. */
export interface Inversion {
  /** The field's value from the code of the expression's. */
  readonly code: (value: string) => string;
  readonly solve: (value: number) => number;
}

const identity: Inversion = { code: (value) => value, solve: (value) => value };

/**
 * Solves `expr = value` for the field `name`, for n, *n, n+k, n-k, n*k and n<<k; else null. What divides has no
 * one answer: 2 and 3 halve to the same.
 */
export function invert(expr: Expr, name: string): Inversion | null {
  switch (expr.op) {
    case "field":
      return expr.path.length === 1 && expr.path[0] === name ? identity : null;
    case "deref":
      return invert(expr.of, name);
    case "unary":
      return expr.operator === "+" ? invert(expr.of, name) : null;
    case "binary":
      return invertBinary(expr, name);
    default:
      return null;
  }
}

interface Undo {
  readonly code: (value: string, by: string) => string;
  readonly solve: (value: number, by: number) => number;
}

const undo: Readonly<Record<string, Undo>> = {
  "+": { code: (value, by) => `${atom(value)} - ${by}`, solve: (value, by) => value - by },
  "-": { code: (value, by) => `${atom(value)} + ${by}`, solve: (value, by) => value + by },
  "*": { code: (value, by) => `${atom(value)} / ${by}`, solve: (value, by) => value / by },
  "<<": {
    code: (value, by) => `${atom(value)} / ${2 ** Number(by)}`,
    solve: (value, by) => value / 2 ** by,
  },
};

function invertBinary(expr: Extract<Expr, { op: "binary" }>, name: string): Inversion | null {
  const swapped = expr.left.op === "const" && (expr.operator === "+" || expr.operator === "*");
  const [side, other] = swapped ? [expr.right, expr.left] : [expr.left, expr.right];
  const back = undo[expr.operator];
  if (back === undefined || other.op !== "const" || Number(other.value) === 0) return null;
  const inner = invert(side, name);
  if (inner === null) return null;
  return {
    code: (value) => inner.code(back.code(value, other.value)),
    solve: (value) => inner.solve(back.solve(value, Number(other.value))),
  };
}
