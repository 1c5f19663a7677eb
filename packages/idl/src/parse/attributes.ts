/** Attributes: bracket groups before what they are about. */
import { EOF, type ParserMethod, type TokenType } from "chevrotain";
import type { Attribute, AttributeArg, Declarator, TypeSpec } from "../ast.ts";
import { findAttribute } from "../attributes/table.ts";
import { strayComma, unexpectedToken } from "../catalogue/syntax.ts";
import { ExpressionGrammar } from "./expressions.ts";
import * as T from "./tokens.ts";
import { describeToken } from "./vector.ts";

/** How far a missing bracket is looked for. */
const MAX_LOOK = 100;

export abstract class AttributeGrammar extends ExpressionGrammar {
  protected abstract readonly typeSpec: ParserMethod<[], TypeSpec>;
  protected abstract readonly declarator: ParserMethod<[], Declarator>;

  /** Any number of bracket groups. */
  protected readonly attributes: ParserMethod<[], readonly Attribute[]> = this.rule(
    "attributes",
    () => {
      const all: Attribute[] = [];
      this.MANY(() => this.SUBRULE(this.attributeGroup, { ARGS: [all] }));
      return all;
    },
  );

  /** `[in, string]`, read into `all`. */
  protected readonly attributeGroup: ParserMethod<[all?: Attribute[]], void> = this.rule(
    "attributeGroup",
    (all: Attribute[] = []) => {
      this.CONSUME(T.OpenBracket);
      let isUnclosed = false;
      const read = this.repeat(
        () => isUnclosed || this.atAny(T.CloseBracket, T.Semicolon, T.OpenBrace, T.CloseBrace),
        () => {
          const attribute = this.SUBRULE(this.attributeOrComma);
          isUnclosed = this.isBracketMissing();
          return attribute;
        },
        () => this.skipToComma(),
      );
      for (const attribute of read) all.push(attribute);
      if (!isUnclosed) this.CONSUME(T.CloseBracket);
    },
  );

  private readonly attributeOrComma: ParserMethod<[], Attribute | undefined> = this.rule(
    "attributeOrComma",
    () =>
      this.choose<Attribute | undefined>({
        DEF: [
          {
            ALT: () => {
              const comma = this.CONSUME(T.Comma);
              this.report(strayComma, this.spanOf(comma));
              return undefined;
            },
          },
          { ALT: () => this.SUBRULE(this.attribute) },
        ],
        ERR_MSG: "an attribute",
      }),
  );

  private readonly attribute: ParserMethod<[], Attribute> = this.rule("attribute", () => {
    const start = this.LA(1);
    const name = this.identifier(this.CONSUME(T.Word));
    const args = this.OPTION(() => this.SUBRULE(this.attributeArgs, { ARGS: [name.name] }));
    const span = this.spanFrom(start);
    this.OPTION2(() => this.SUBRULE(this.separator, { ARGS: [T.CloseBracket] }));
    return { $type: "Attribute", span, name, ...(args === undefined ? {} : { args }) };
  });

  /** A parenthesis before this is one too many within an attribute list. */
  private followsList(ahead: number): boolean {
    return this.at(T.CloseBracket, ahead) || this.at(T.Comma, ahead);
  }

  /** A comma, which something should follow before `close`. */
  protected readonly separator: ParserMethod<[close?: TokenType], void> = this.rule(
    "separator",
    (close: TokenType = T.CloseParen) => {
      const comma = this.CONSUME(T.Comma);
      if (this.at(close)) this.report(strayComma, this.spanOf(comma));
    },
  );

  /**
   * After an attribute without a comma that is not the last: says what is missing, the comma or,
   * where no `]` follows before the text must go on without, the bracket.
   */
  private isBracketMissing(): boolean {
    const last = this.LA(0).tokenType;
    if (this.RECORDING_PHASE || last === T.Comma || this.at(T.CloseBracket)) return false;
    const isMissing = !this.closesAhead();
    if (!isMissing) this.expected("`,` or `]`");
    this.report(unexpectedToken, this.spanOf(this.LA(1)), {
      wanted: "`]`",
      found: describeToken(this.LA(1)),
    });
    return true;
  }

  /** A `]` follows that closes a list opened before, in this declaration. */
  private closesAhead(): boolean {
    let depth = 0;
    for (let ahead = 1; ahead <= MAX_LOOK; ahead++) {
      const type = this.LA(ahead).tokenType;
      const isSurplus = type === T.CloseParen && depth === 0 && this.followsList(ahead + 1);
      if (type === T.OpenParen || type === T.OpenBracket) depth++;
      else if (type === T.CloseBracket && depth === 0) return true;
      else if ((type === T.CloseParen || type === T.CloseBracket) && !isSurplus) depth--;
      const isOutside = depth < 0 || type === T.Semicolon || type === T.OpenBrace;
      if (isOutside || type === T.CloseBrace || type === EOF) return false;
    }
    return false;
  }

  private readonly attributeArgs: ParserMethod<[name?: string | undefined], AttributeArg[]> =
    this.rule("attributeArgs", (name?: string) => {
      const args: AttributeArg[] = [];
      this.CONSUME(T.OpenParen);
      args.push(this.SUBRULE(this.attributeArg, { ARGS: [name] }));
      this.MANY(() => {
        this.CONSUME(T.Comma);
        args.push(this.SUBRULE2(this.attributeArg, { ARGS: [name] }));
      });
      this.CONSUME(T.CloseParen);
      return args.length === 1 && args[0]?.$type === "Omitted" ? [] : args;
    });

  private readonly attributeArg: ParserMethod<[name?: string | undefined], AttributeArg> =
    this.rule("attributeArg", (name?: string) => {
      const start = this.LA(1);
      const wantsType = name !== undefined && findAttribute(name)?.form === "type";
      return this.choose<AttributeArg>({
        DEF: [
          {
            ALT: () => {
              const token = this.CONSUME(T.RawText);
              return { $type: "Raw", span: this.spanOf(token), text: token.image };
            },
          },
          {
            GATE: () => this.startsTypeArg(wantsType),
            ALT: () => {
              const type = this.SUBRULE(this.typeSpec);
              const declarator = this.SUBRULE(this.declarator);
              return { $type: "TypeArg", span: this.spanFrom(start), type, declarator };
            },
          },
          {
            GATE: () => !this.at(T.Comma) && !this.at(T.CloseParen),
            ALT: () => this.SUBRULE(this.expression),
          },
          { ALT: () => ({ $type: "Omitted", span: this.placeBefore(this.LA(1)) }) },
        ],
        ERR_MSG: "an argument",
      });
    });

  private startsTypeArg(wantsType: boolean): boolean {
    if ([T.Struct, T.Union, T.Enum, T.Const].some((type) => this.at(type))) return true;
    if (this.at(T.BaseWord)) return wantsType || !this.at(T.Identifier);
    return wantsType && this.at(T.Identifier);
  }

  protected skipToComma(): void {
    const closers = [T.CloseParen, T.CloseBracket];
    if (this.at(T.OpenBracket)) this.SKIP_TOKEN();
    else this.skipUntil(({ tokenType: type }) => type === T.Comma || type === T.Semicolon, closers);
    if (this.at(T.Comma)) this.SKIP_TOKEN();
  }
}
