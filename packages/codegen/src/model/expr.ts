/** Correlation expressions as TypeScript, and solved for the field that an array decides. */
import { isWrapped } from "../print/doc.ts";
import { evaluate, type Expr, fieldPaths } from "@msrpc/wire";

/** The code of a field's value as a `number`; null where the field can't be had here. */
export type FieldCode = (path: readonly string[]) => string | null;

/** The expression as code that gives a `number`; null where a field of it can't be had. */
export function printExpr(expr: Expr, field: FieldCode): string | null {
  if (fieldPaths(expr).length === 0) return String(evaluate(expr, () => undefined) ?? 0);
  switch (expr.op) {
    case "const":
      return expr.value;
    case "field":
      return field(expr.path);
    case "deref":
      return printExpr(expr.of, field);
    case "unary": {
      const of = printExpr(expr.of, field);
      if (of === null) return null;
      return expr.operator === "!" ? `(${atom(of)} === 0 ? 1 : 0)` : `${expr.operator}${atom(of)}`;
    }
    case "binary": {
      const left = printExpr(expr.left, field);
      const right = printExpr(expr.right, field);
      return left === null || right === null
        ? null
        : printBinary(expr.operator, atom(left), atom(right));
    }
    case "conditional": {
      const test = printExpr(expr.test, field);
      const then = printExpr(expr.then, field);
      const otherwise = printExpr(expr.else, field);
      if (test === null || then === null || otherwise === null) return null;
      return `(${atom(test)} !== 0 ? ${then} : ${otherwise})`;
    }
  }
}

function printBinary(operator: string, left: string, right: string): string {
  switch (operator) {
    case "/":
      return `Math.trunc(${left} / ${right})`;
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

function atom(code: string): string {
  return /^(?:-\d+|[\w.$?]+(?:\([^()]*\))?)$/.test(code)
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
