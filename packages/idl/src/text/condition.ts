/** Evaluates the expressions of #if and #elif: 64-bit integers, `defined`, unknown names are zero. */
import { badCondition } from "../catalogue/syntax.ts";
import { join, type Span } from "../span.ts";
import { expandAll } from "./expand.ts";
import { characterValue, numberValue } from "./literal.ts";
import type { Preprocessor } from "./state.ts";
import { report } from "./session.ts";
import { spanOf, withOrigin, type TextToken } from "./token.ts";

const MAX_DEPTH = 100;

const PRECEDENCE: Readonly<Record<string, number>> = {
  "||": 1, "&&": 2, "|": 3, "^": 4, "&": 5, "==": 6, "!=": 6,
  "<": 7, "<=": 7, ">": 7, ">=": 7, "<<": 8, ">>": 8, "+": 9, "-": 9, "*": 10, "/": 10, "%": 10,
}; // prettier-ignore

/** Why a condition has no value. */
class ConditionProblem extends Error {}

interface Reader {
  readonly tokens: readonly TextToken[];
  at: number;
  depth: number;
}

/** Whether the condition holds. One that is malformed is reported and doesn't. */
export function evaluateCondition(
  state: Preprocessor,
  line: readonly TextToken[],
  directive: Span,
): boolean {
  try {
    const tokens = expandAll(state, resolveDefined(state, line));
    const reader: Reader = { tokens, at: 0, depth: 0 };
    const value = conditional(reader, true);
    const rest = tokens[reader.at];
    if (rest !== undefined) throw new ConditionProblem(`\`${rest.text}\` is not expected`);
    return value !== 0n;
  } catch (problem) {
    if (!(problem instanceof ConditionProblem)) throw problem;
    const first = line[0];
    const last = line.at(-1);
    const span =
      first === undefined || last === undefined ? directive : join(spanOf(first), spanOf(last));
    report(state.session, badCondition, span, { problem: problem.message });
    return false;
  }
}

/** `defined X` and `defined(X)` become 1 or 0 before macros are expanded. */
function resolveDefined(state: Preprocessor, line: readonly TextToken[]): TextToken[] {
  const output: TextToken[] = [];
  for (let at = 0; at < line.length; at++) {
    const token = line[at];
    if (token === undefined) break;
    if (token.text !== "defined" || token.kind !== "identifier") {
      output.push(token);
      continue;
    }
    const isParenthesised = line[at + 1]?.text === "(";
    const name = line[at + (isParenthesised ? 2 : 1)];
    const isClosed = !isParenthesised || line[at + 3]?.text === ")";
    if (name?.kind !== "identifier" || !isClosed) {
      throw new ConditionProblem("`defined` needs the name of a macro");
    }
    const text = state.macros.has(name.text) ? "1" : "0";
    output.push({ ...withOrigin(token, token.via, true, true), kind: "number", text });
    at += isParenthesised ? 3 : 1;
  }
  return output;
}

function conditional(reader: Reader, isNeeded: boolean): bigint {
  const test = binary(reader, 1, isNeeded);
  if (!take(reader, "?")) return test;
  const then = nested(reader, () => conditional(reader, isNeeded && test !== 0n));
  expect(reader, ":");
  const otherwise = nested(reader, () => conditional(reader, isNeeded && test === 0n));
  return test === 0n ? otherwise : then;
}

/** Precedence climbing. What `&&`, `||` and `?` leave out may divide by zero. */
function binary(reader: Reader, least: number, isNeeded: boolean): bigint {
  let left = unary(reader, isNeeded);
  for (;;) {
    const operator = reader.tokens[reader.at]?.text ?? "";
    const precedence = Object.hasOwn(PRECEDENCE, operator) ? (PRECEDENCE[operator] ?? 0) : 0;
    if (precedence < least || precedence === 0) return left;
    reader.at++;
    const isShort = (operator === "&&" && left === 0n) || (operator === "||" && left !== 0n);
    const isRightNeeded = isNeeded && !isShort;
    const right = nested(reader, () => binary(reader, precedence + 1, isRightNeeded));
    left = apply(operator, left, right, isRightNeeded);
  }
}

function truth(value: boolean): bigint {
  return value ? 1n : 0n;
}

function wrap(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

function apply(operator: string, left: bigint, right: bigint, isNeeded: boolean): bigint {
  switch (operator) {
    case "||": return truth(left !== 0n || right !== 0n);
    case "&&": return truth(left !== 0n && right !== 0n);
    case "|": return left | right;
    case "^": return left ^ right;
    case "&": return left & right;
    case "==": return truth(left === right);
    case "!=": return truth(left !== right);
    case "<": return truth(left < right);
    case "<=": return truth(left <= right);
    case ">": return truth(left > right);
    case ">=": return truth(left >= right);
    case "<<": return wrap(left << BigInt.asUintN(6, right));
    case ">>": return left >> BigInt.asUintN(6, right);
    case "+": return wrap(left + right);
    case "-": return wrap(left - right);
    case "*": return wrap(left * right);
  } // prettier-ignore
  if (right === 0n) {
    if (isNeeded) throw new ConditionProblem("it divides by zero");
    return 0n;
  }
  return wrap(operator === "/" ? left / right : left % right);
}

function unary(reader: Reader, isNeeded: boolean): bigint {
  const token = reader.tokens[reader.at];
  if (token === undefined) throw new ConditionProblem("it ends too early");
  reader.at++;
  switch (token.text) {
    case "!": return nested(reader, () => (unary(reader, isNeeded) === 0n ? 1n : 0n));
    case "-": return BigInt.asIntN(64, -nested(reader, () => unary(reader, isNeeded)));
    case "+": return nested(reader, () => unary(reader, isNeeded));
    case "~": return ~nested(reader, () => unary(reader, isNeeded));
    case "(": {
      const value = nested(reader, () => conditional(reader, isNeeded));
      expect(reader, ")");
      return value;
    }
  } // prettier-ignore
  if (token.kind === "identifier") return 0n;
  if (token.kind === "char") return BigInt(characterValue(token.text)?.value ?? 0);
  const value = token.kind === "number" ? numberValue(token.text) : null;
  if (value?.kind === "integer") return BigInt.asIntN(64, value.value);
  throw new ConditionProblem(`\`${token.text}\` is no integer`);
}

function nested(reader: Reader, read: () => bigint): bigint {
  if (++reader.depth > MAX_DEPTH) throw new ConditionProblem("it nests too deeply");
  const value = read();
  reader.depth--;
  return value;
}

function take(reader: Reader, text: string): boolean {
  if (reader.tokens[reader.at]?.text !== text) return false;
  reader.at++;
  return true;
}

function expect(reader: Reader, text: string): void {
  if (!take(reader, text)) throw new ConditionProblem(`\`${text}\` is missing`);
}
