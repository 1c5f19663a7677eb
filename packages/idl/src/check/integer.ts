/** Integers as C has them: a value with a width and a sign, and the arithmetic between them. */
import type { BinaryOp } from "../ast.ts";

/** `int` and `long` are 32 bits wide, as in the data models of Windows. */
export interface Integer {
  readonly kind: "integer";
  readonly value: bigint;
  readonly bits: 32 | 64;
  readonly unsigned: boolean;
}

/** Why an operation has no value. */
export type Trouble = "divisionByZero" | "overflow" | "shiftCount";

export function integer(value: bigint, bits: 32 | 64 = 32, unsigned = false): Integer {
  return { kind: "integer", value, bits, unsigned };
}

/** The value of the low `bits` of `value`. */
export function wrap(value: bigint, bits: number, unsigned: boolean): bigint {
  return unsigned ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value);
}

/** Whether `value` fits: in its own sign, or, as C compilers allow, in the bits of the other one. */
export function fits(value: bigint, bits: number): boolean {
  return value >= -(1n << BigInt(bits - 1)) && value < 1n << BigInt(bits);
}

/** The type of a literal: the first of int, unsigned int, 64 bits, unsigned 64 bits that holds it. */
export function literal(value: bigint, suffix: string): Integer | Trouble {
  const wide = suffix.includes("ll") || suffix.includes("64");
  const unsigned = suffix.includes("u");
  if (!wide && !unsigned && value < 1n << 31n) return integer(value);
  if (!wide && value < 1n << 32n) return integer(value, 32, true);
  if (!unsigned && value < 1n << 63n) return integer(value, 64);
  return value < 1n << 64n ? integer(value, 64, true) : "overflow";
}

/** `a op b` after the usual arithmetic conversions. `&&` and `||` are not among them. */
export function binary(op: BinaryOp, a: Integer, b: Integer): Integer | Trouble {
  if (op === "<<" || op === ">>") return shift(op, a, b);
  const bits = Math.max(a.bits, b.bits) as 32 | 64;
  const unsigned = (a.unsigned && a.bits === bits) || (b.unsigned && b.bits === bits);
  const x = wrap(a.value, bits, unsigned);
  const y = wrap(b.value, bits, unsigned);
  const settle = (value: bigint): Integer | Trouble => {
    if (!unsigned && wrap(value, bits, false) !== value) return "overflow";
    return integer(wrap(value, bits, unsigned), bits, unsigned);
  };
  switch (op) {
    case "+":
      return settle(x + y);
    case "-":
      return settle(x - y);
    case "*":
      return settle(x * y);
    case "/":
      return y === 0n ? "divisionByZero" : settle(x / y);
    case "%":
      return y === 0n ? "divisionByZero" : settle(x % y);
    case "&":
      return settle(x & y);
    case "^":
      return settle(x ^ y);
    case "|":
      return settle(x | y);
    case "<":
      return truth(x < y);
    case "<=":
      return truth(x <= y);
    case ">":
      return truth(x > y);
    case ">=":
      return truth(x >= y);
    case "==":
      return truth(x === y);
    case "!=":
      return truth(x !== y);
    case "&&":
      return truth(x !== 0n && y !== 0n);
    case "||":
      return truth(x !== 0n || y !== 0n);
  }
}

function truth(value: boolean): Integer {
  return integer(value ? 1n : 0n);
}

/** The result has the type of the left side. `1 << 31` is taken as compilers do: the sign bit. */
function shift(op: "<<" | ">>", a: Integer, b: Integer): Integer | Trouble {
  if (b.value < 0n || b.value >= BigInt(a.bits)) return "shiftCount";
  const shifted = op === "<<" ? a.value << b.value : a.value >> b.value;
  if (op === "<<" && !a.unsigned && !fits(shifted, a.bits)) return "overflow";
  return { ...a, value: wrap(shifted, a.bits, a.unsigned) };
}

/** `+a`, `-a`, `~a`, `!a`. */
export function unary(op: "+" | "-" | "~" | "!", a: Integer): Integer | Trouble {
  switch (op) {
    case "+":
      return a;
    case "-": {
      const value = wrap(-a.value, a.bits, a.unsigned);
      return !a.unsigned && value !== -a.value ? "overflow" : { ...a, value };
    }
    case "~":
      return { ...a, value: wrap(~a.value, a.bits, a.unsigned) };
    case "!":
      return integer(a.value === 0n ? 1n : 0n);
  }
}
