/** Expressions: C's, without assignment and calls. */
import type { IToken, ParserMethod } from "chevrotain";
import type { BinaryOp, DeclaratorPart, Expr, TypeSpec, UnaryOp } from "../ast.ts";
import { expressionTooLong, malformedCharacter, malformedNumber } from "../catalogue/syntax.ts";
import { join } from "../span.ts";
import { characterValue, numberValue, stringValue } from "../text/literal.ts";
import { BaseGrammar } from "./base-grammar.ts";
import * as T from "./tokens.ts";
import { shorten } from "./vector.ts";

const MAX_OPERATORS = 500;

const PRECEDENCE: Readonly<Record<string, number>> = {
  "||": 1, "&&": 2, "|": 3, "^": 4, "&": 5, "==": 6, "!=": 6,
  "<": 7, "<=": 7, ">": 7, ">=": 7, "<<": 8, ">>": 8, "+": 9, "-": 9, "*": 10, "/": 10, "%": 10,
}; // prettier-ignore

/** `(type)` of a cast, or what sizeof measures. */
interface TypeName {
  readonly type: TypeSpec;
  readonly parts: readonly DeclaratorPart[];
}

export abstract class ExpressionGrammar extends BaseGrammar {
  /** A type with a declarator without a name. */
  protected abstract readonly typeName: ParserMethod<[], TypeName>;

  protected readonly expression: ParserMethod<[], Expr> = this.rule("expression", () =>
    this.nested(() => {
      const test = this.SUBRULE(this.binary);
      const branches = this.OPTION(() => {
        this.CONSUME(T.Question);
        const then = this.SUBRULE(this.expression);
        this.CONSUME(T.Colon);
        return { then, else: this.SUBRULE2(this.expression) };
      });
      if (branches === undefined || this.RECORDING_PHASE) return test;
      const span = join(test.span, branches.else.span);
      return { $type: "Conditional", span, test, then: branches.then, else: branches.else };
    }),
  );

  /** Operands and operators one after another; precedence makes a tree of them. */
  private readonly binary: ParserMethod<[], Expr> = this.rule("binary", () => {
    const operands: Expr[] = [this.SUBRULE(this.unary)];
    const operators: IToken[] = [];
    this.MANY(() => {
      operators.push(this.CONSUME(T.BinaryOperator));
      operands.push(this.SUBRULE2(this.unary));
      if (operators.length > MAX_OPERATORS) {
        const span = this.spanOf(this.LA(0));
        this.fail(expressionTooLong, span, { limit: MAX_OPERATORS });
      }
    });
    const first = operands[0] as Expr;
    return operators.length === 0 || this.RECORDING_PHASE ? first : climb(operands, operators);
  });

  private readonly unary: ParserMethod<[], Expr> = this.rule("unary", () => {
    const operators: IToken[] = [];
    this.MANY(() => operators.push(this.CONSUME(T.UnaryOperator)));
    let operand = this.choose({
      DEF: [
        { GATE: () => this.isCast(), ALT: () => this.SUBRULE(this.cast) },
        { ALT: () => this.SUBRULE(this.sizeof) },
        { ALT: () => this.SUBRULE(this.postfix) },
      ],
      ERR_MSG: "an expression",
    });
    if (operators.length > MAX_OPERATORS) {
      this.fail(expressionTooLong, this.spanOf(this.LA(0)), { limit: MAX_OPERATORS });
    }
    if (this.RECORDING_PHASE) return operand;
    for (const operator of operators.toReversed()) {
      const span = join(this.spanOf(operator), operand.span);
      operand = { $type: "Unary", span, op: operator.image as UnaryOp, operand };
    }
    return operand;
  });

  private readonly cast: ParserMethod<[], Expr> = this.rule("cast", () =>
    this.nested(() => {
      const open = this.CONSUME(T.OpenParen);
      const name = this.SUBRULE(this.typeName);
      this.CONSUME(T.CloseParen);
      const operand = this.SUBRULE(this.unary);
      return { $type: "Cast", span: this.spanFrom(open), ...name, operand };
    }),
  );

  private readonly sizeof: ParserMethod<[], Expr> = this.rule("sizeof", () => {
    const start = this.CONSUME(T.Sizeof);
    this.CONSUME(T.OpenParen);
    const name = this.SUBRULE(this.typeName);
    this.CONSUME(T.CloseParen);
    return { $type: "Sizeof", span: this.spanFrom(start), ...name };
  });

  private readonly postfix: ParserMethod<[], Expr> = this.rule("postfix", () => {
    const start = this.LA(1);
    let object = this.SUBRULE(this.primary);
    let length = 0;
    this.MANY(() => {
      const mark = this.choose([
        { ALT: () => this.CONSUME(T.Dot) },
        { ALT: () => this.CONSUME(T.Arrow) },
      ]);
      const member = this.identifier(this.CONSUME(T.Identifier));
      const span = this.spanFrom(start);
      if (++length > MAX_OPERATORS) this.fail(expressionTooLong, span, { limit: MAX_OPERATORS });
      object = { $type: "Member", span, object, arrow: mark.tokenType === T.Arrow, member };
    });
    return object;
  });

  private readonly primary: ParserMethod<[], Expr> = this.rule("primary", () =>
    this.choose({
      DEF: [
        { ALT: () => this.number(this.CONSUME(T.Integer)) },
        { ALT: () => this.character(this.CONSUME(T.Character)) },
        { ALT: () => this.SUBRULE(this.string) },
        {
          ALT: () => {
            const token = this.CONSUME(T.Identifier);
            return { $type: "Name", span: this.spanOf(token), name: token.image };
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.OpenParen);
            const inner = this.SUBRULE(this.expression);
            this.CONSUME(T.CloseParen);
            return inner;
          },
        },
      ],
      ERR_MSG: "an expression",
    }),
  );

  /** Adjacent literals are one string. */
  protected readonly string: ParserMethod<[], Expr & { $type: "String" }> = this.rule(
    "string",
    () => {
      const start = this.LA(1);
      const parts: string[] = [];
      let wide = false;
      this.AT_LEAST_ONE({
        DEF: () => {
          const part = stringValue(this.CONSUME(T.StringText).image);
          parts.push(part.value);
          wide ||= part.wide;
        },
        ERR_MSG: "a string in quotes",
      });
      return { $type: "String", span: this.spanFrom(start), value: parts.join(""), wide };
    },
  );

  /**
   * `(` starts a cast where a type is certain (`(long)`, `(T *)`), and for `(name)` where what follows
   * can only be an operand.
   */
  private isCast(): boolean {
    if (!this.at(T.OpenParen)) return false;
    if (this.at(T.BaseWord, 2) && !this.at(T.Identifier, 2)) return true;
    if ([T.Const, T.Struct, T.Union, T.Enum].some((type) => this.at(type, 2))) return true;
    if (!this.at(T.Identifier, 2)) return false;
    let ahead = 3;
    while (this.at(T.Star, ahead)) ahead++;
    if (!this.at(T.CloseParen, ahead)) return false;
    if (ahead > 3 && this.at(T.UnaryOperator, ahead + 1)) return true;
    return [T.Identifier, T.Integer, T.Character, T.OpenParen, T.Sizeof].some((type) =>
      this.at(type, ahead + 1),
    );
  }

  private number(token: IToken): Expr {
    const span = this.spanOf(token);
    const literal = this.RECORDING_PHASE ? null : numberValue(token.image);
    if (literal === null) {
      if (!this.RECORDING_PHASE) this.report(malformedNumber, span, { text: shorten(token.image) });
      return { $type: "Integer", span, value: 0n, suffix: "" };
    }
    return literal.kind === "float"
      ? { $type: "Float", span, value: literal.value }
      : { $type: "Integer", span, value: literal.value, suffix: literal.suffix };
  }

  private character(token: IToken): Expr {
    const span = this.spanOf(token);
    const literal = this.RECORDING_PHASE ? { value: 0, wide: false } : characterValue(token.image);
    if (literal === null) this.report(malformedCharacter, span, { text: shorten(token.image) });
    return { $type: "Char", span, ...(literal ?? { value: 0, wide: false }) };
  }
}

function precedence(operator: IToken | undefined): number {
  return PRECEDENCE[operator?.image ?? ""] ?? 0;
}

/** Makes a tree of `a op b op c` by precedence, equal ones from the left. */
function climb(operands: readonly Expr[], operators: readonly IToken[]): Expr {
  const values: Expr[] = [];
  const pending: IToken[] = [];
  const reduce = (): void => {
    const operator = pending.pop();
    const right = values.pop();
    const left = values.pop();
    if (operator === undefined || left === undefined || right === undefined) return;
    const span = join(left.span, right.span);
    values.push({ $type: "Binary", span, op: operator.image as BinaryOp, left, right });
  };
  operands.forEach((operand, index) => {
    values.push(operand);
    const next = operators[index];
    while (pending.length > 0 && precedence(pending.at(-1)) >= precedence(next)) reduce();
    if (next !== undefined) pending.push(next);
  });
  return values[0] as Expr;
}
