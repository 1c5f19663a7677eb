/** Evaluates constant expressions, with what C says of widths and signs. */
import type { BinaryExpr, DeclaratorPart, Expr, NameExpr, TypeSpec } from "../ast.ts";
import {
  constantOverflow,
  constantType,
  divisionByZero,
  notConstant,
  shiftCount,
} from "../catalogue/semantics.ts";
import type { Span } from "../span.ts";
import type { BaseTypeFacts } from "./base-types.ts";
import { binary, type Integer, integer, literal, type Trouble, unary, wrap } from "./integer.ts";
import type { Report } from "./report.ts";

export type Value =
  | Integer
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "null" };

/** What an expression needs of its surroundings. Each says what is wrong and returns null then. */
export interface ConstantNames {
  readonly report: Report;
  readonly valueOf: (name: NameExpr) => Value | null;
  readonly sizeOf: (type: TypeSpec, parts: readonly DeclaratorPart[], span: Span) => bigint | null;
  readonly isType: (name: string) => boolean;
  /** The integer type that a cast goes to; undefined for pointers and the like. */
  readonly castTo: (type: TypeSpec, parts: readonly DeclaratorPart[]) => BaseTypeFacts | undefined;
}

/** The expressions directly inside one. */
export function operands(expr: Expr): readonly Expr[] {
  switch (expr.$type) {
    case "Unary":
    case "Cast":
      return [expr.operand];
    case "Binary":
      return [expr.left, expr.right];
    case "Conditional":
      return [expr.test, expr.then, expr.else];
    case "Member":
      return [expr.object];
    default:
      return [];
  }
}

/** The value of an expression, or null after saying why there is none. */
export function evaluate(expr: Expr, names: ConstantNames): Value | null {
  switch (expr.$type) {
    case "Integer":
      return settle(literal(expr.value, expr.suffix), expr, "64 bits", names);
    case "Float":
      return { kind: "float", value: expr.value };
    case "Char":
      return integer(BigInt(expr.value));
    case "String":
      return { kind: "string", value: expr.value };
    case "Name":
      return names.valueOf(expr);
    case "Sizeof": {
      const size = names.sizeOf(expr.type, expr.parts, expr.span);
      return size === null ? null : integer(size, 32, true);
    }
    case "Cast":
      return cast(evaluate(expr.operand, names), names.castTo(expr.type, expr.parts));
    case "Unary": {
      const operand = evaluate(expr.operand, names);
      return operand && applyUnary(expr.op, operand, expr, names);
    }
    case "Binary":
      return applyBinary(expr, names);
    case "Conditional": {
      const test = truth(evaluate(expr.test, names), expr.test, names);
      return test === null ? null : evaluate(test ? expr.then : expr.else, names);
    }
    case "Member":
      names.report(notConstant, expr.span);
      return null;
  }
}

function cast(value: Value | null, type: BaseTypeFacts | undefined): Value | null {
  if (value?.kind !== "integer" || !type || type.bits === 0) return value;
  if (type.kind === "float") return { kind: "float", value: Number(value.value) };
  return integer(
    wrap(value.value, type.bits, type.unsigned),
    type.bits === 64 ? 64 : 32,
    type.unsigned && type.bits >= 32,
  );
}

function applyUnary(op: string, operand: Value, expr: Expr, names: ConstantNames): Value | null {
  if (op === "*" || op === "&") {
    names.report(notConstant, expr.span);
    return null;
  }
  if (operand.kind === "float" && (op === "-" || op === "+")) {
    return { kind: "float", value: op === "-" ? -operand.value : operand.value };
  }
  if (operand.kind !== "integer") return wrongType(operand, expr, names);
  return settle(unary(op as "+" | "-" | "~" | "!", operand), expr, widthName(operand), names);
}

function applyBinary(expr: BinaryExpr, names: ConstantNames): Value | null {
  const reread = asCast(expr, names);
  if (reread) return evaluate(reread, names);
  const left = evaluate(expr.left, names);
  if (expr.op === "&&" || expr.op === "||") {
    const first = truth(left, expr.left, names);
    if (first === null) return null;
    if (first === (expr.op === "||")) return integer(first ? 1n : 0n);
    const second = truth(evaluate(expr.right, names), expr.right, names);
    return second === null ? null : integer(second ? 1n : 0n);
  }
  const right = evaluate(expr.right, names);
  if (!left || !right) return null;
  if (isNumber(left) && isNumber(right) && (left.kind === "float" || right.kind === "float")) {
    const value = floating(expr.op, Number(left.value), Number(right.value));
    if (value !== null) return { kind: "float", value };
    return wrongType(left.kind === "float" ? left : right, expr, names);
  }
  if (left.kind !== "integer") return wrongType(left, expr.left, names);
  if (right.kind !== "integer") return wrongType(right, expr.right, names);
  const wider = left.bits >= right.bits ? left : right;
  return settle(binary(expr.op, left, right), expr, widthName(wider), names);
}

/** `(T) - 1` is a subtraction for who does not know that `T` is a type. */
export function asCast(expr: BinaryExpr, names: Pick<ConstantNames, "isType">): Expr | null {
  const { op, left, right, span } = expr;
  if (op !== "-" && op !== "+" && op !== "*" && op !== "&") return null;
  if (left.$type !== "Name" || !names.isType(left.name)) return null;
  const name = { name: left.name, span: left.span };
  const type: TypeSpec = { $type: "NamedType", span: left.span, name, isConst: false };
  return {
    $type: "Cast",
    span,
    type,
    parts: [],
    operand: { $type: "Unary", span, op, operand: right },
  };
}

function isNumber(value: Value): value is Value & { kind: "integer" | "float" } {
  return value.kind === "integer" || value.kind === "float";
}

function floating(op: string, a: number, b: number): number | null {
  if (op === "+") return a + b;
  if (op === "-") return a - b;
  if (op === "*") return a * b;
  return op === "/" ? a / b : null;
}

function truth(value: Value | null, expr: Expr, names: ConstantNames): boolean | null {
  if (!value) return null;
  if (value.kind === "integer") return value.value !== 0n;
  wrongType(value, expr, names);
  return null;
}

function settle(
  outcome: Integer | Trouble,
  expr: Expr,
  type: string,
  { report }: ConstantNames,
): Integer | null {
  if (typeof outcome === "object") return outcome;
  if (outcome === "divisionByZero") report(divisionByZero, expr.span);
  else if (outcome === "overflow") report(constantOverflow, expr.span, { type });
  else report(shiftCount, expr.span);
  return null;
}

function wrongType(found: Value, expr: Expr, { report }: ConstantNames): null {
  report(constantType, expr.span, { found: describe(found), wanted: "an integer" });
  return null;
}

/** "a string": what a value is, for messages. */
export function describe(value: Value): string {
  if (value.kind === "integer") return "an integer";
  if (value.kind === "float") return "a floating-point number";
  return value.kind === "string" ? "a string" : "NULL";
}

function widthName(value: Integer): string {
  return `${value.bits} bits${value.unsigned ? ", unsigned" : ""}`;
}
