/** Attributes, declarators and parameters. */
import { EOF, type ParserMethod, type TokenType } from "chevrotain";
import type {
  ArrayPart,
  Attribute,
  AttributeArg,
  Declarator,
  DeclaratorPart,
  ParamDecl,
  PointerPart,
  TypeSpec,
} from "../ast.ts";
import { missingSemicolon, strayComma, unexpectedToken } from "../catalogue/syntax.ts";
import { ExpressionGrammar } from "./expressions.ts";
import * as T from "./tokens.ts";
import { describeToken } from "./vector.ts";

/** How far a missing bracket is looked for. */
const MAX_LOOK = 100;

/** Attributes whose argument is a type, or a type and a name. */
const TYPE_ATTRIBUTES: ReadonlySet<string> = new Set([
  "switch_type", "transmit_as", "wire_marshal", "user_marshal", "represent_as", "implicit_handle",
  "cs_char", "handle_type", "xmit_as",
]); // prettier-ignore

export abstract class DeclaratorGrammar extends ExpressionGrammar {
  protected abstract readonly typeSpec: ParserMethod<[], TypeSpec>;
  protected abstract readonly qualifier: ParserMethod<[], boolean>;

  // ---- attributes ----

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
  private readonly attributeGroup: ParserMethod<[all?: Attribute[]], void> = this.rule(
    "attributeGroup",
    (all: Attribute[] = []) => {
      this.CONSUME(T.OpenBracket);
      let isUnclosed = false;
      const read = this.repeat(
        () => isUnclosed || this.at(T.CloseBracket),
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

  /** A comma, which something should follow before `close`. */
  private readonly separator: ParserMethod<[close?: TokenType], void> = this.rule(
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
    const wanted = isMissing ? "`]`" : "`,` or `]`";
    const found = describeToken(this.LA(1));
    this.report(unexpectedToken, this.spanOf(this.LA(1)), { wanted, found });
    return isMissing;
  }

  /** A `]` follows that closes a list opened before, in this declaration. */
  private closesAhead(): boolean {
    let depth = 0;
    for (let ahead = 1; ahead <= MAX_LOOK; ahead++) {
      const type = this.LA(ahead).tokenType;
      if (type === T.OpenParen || type === T.OpenBracket) depth++;
      else if (type === T.CloseBracket && depth === 0) return true;
      else if (type === T.CloseParen || type === T.CloseBracket) depth--;
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
      const wantsType = TYPE_ATTRIBUTES.has(name ?? "");
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

  // ---- declarators ----

  /** Declarators between commas; none for an anonymous member. */
  protected readonly declarators: ParserMethod<[], Declarator[]> = this.rule("declarators", () => {
    const all: Declarator[] = [];
    this.OPTION({
      GATE: () => this.startsDeclarator(),
      DEF: () => {
        all.push(this.SUBRULE(this.declarator));
        this.MANY(() => {
          this.CONSUME(T.Comma);
          all.push(this.SUBRULE2(this.declarator));
        });
      },
    });
    return all;
  });

  protected readonly declarator: ParserMethod<[], Declarator> = this.rule("declarator", () =>
    this.nested(() => {
      const start = this.LA(1);
      const pointers: PointerPart[] = [];
      this.MANY(() => pointers.push(this.SUBRULE(this.pointer)));
      let inner: Declarator | undefined;
      const name = this.choose({
        DEF: [
          { ALT: () => this.identifier(this.CONSUME(T.Identifier)) },
          {
            GATE: () => this.isGrouping(),
            ALT: () => {
              this.CONSUME(T.OpenParen);
              inner = this.SUBRULE(this.declarator);
              this.CONSUME(T.CloseParen);
              return inner.name;
            },
          },
          { ALT: () => undefined },
        ],
      });
      const suffixes: DeclaratorPart[] = [];
      this.MANY2(() => {
        this.choose2([
          { ALT: () => suffixes.push(this.SUBRULE(this.array)) },
          {
            ALT: () => {
              const open = this.LA(1);
              const params = this.SUBRULE(this.params);
              suffixes.push({ $type: "FunctionPart", span: this.spanFrom(open), params });
            },
          },
        ]);
      });
      const bits = this.OPTION(() => {
        this.CONSUME(T.Colon);
        return this.SUBRULE(this.expression);
      });
      const parts = this.ACTION(() => [
        ...(inner?.parts ?? []),
        ...suffixes,
        ...pointers.toReversed(),
      ]);
      const isEmpty = this.LA(1) === start;
      return {
        $type: "Declarator",
        span: isEmpty ? this.placeBefore(start) : this.spanFrom(start),
        ...(name === undefined ? {} : { name }),
        parts,
        ...(bits === undefined ? {} : { bits }),
      };
    }),
  );

  private readonly pointer: ParserMethod<[], PointerPart> = this.rule("pointer", () => {
    const star = this.CONSUME(T.Star);
    let isConst = false;
    const attributes: Attribute[] = [];
    this.MANY(() => {
      this.choose([
        {
          ALT: () => {
            isConst = this.SUBRULE(this.qualifier) || isConst;
          },
        },
        {
          GATE: () => this.isPointerAttribute(),
          ALT: () => this.SUBRULE(this.attributeGroup, { ARGS: [attributes] }),
        },
      ]);
    });
    return { $type: "PointerPart", span: this.spanFrom(star), attributes, isConst };
  });

  private readonly array: ParserMethod<[], ArrayPart> = this.rule("array", () => {
    const open = this.CONSUME(T.OpenBracket);
    const bounds = this.choose({
      DEF: [
        {
          GATE: () => this.at(T.CloseBracket, 2),
          ALT: () => {
            this.CONSUME(T.Star);
            return {};
          },
        },
        {
          GATE: () => !this.at(T.CloseBracket),
          ALT: () => {
            const first = this.SUBRULE(this.expression);
            const second = this.OPTION(() => {
              this.CONSUME(T.Range);
              return this.choose2([
                {
                  GATE: () => this.at(T.CloseBracket, 2),
                  ALT: () => {
                    this.CONSUME2(T.Star);
                    return undefined;
                  },
                },
                { ALT: () => this.SUBRULE2(this.expression) },
              ]);
            });
            if (this.LA(0).tokenType === T.Star) return { low: first };
            return second === undefined ? { bound: first } : { low: first, bound: second };
          },
        },
        { ALT: () => ({}) },
      ],
      ERR_MSG: "an array bound",
    });
    this.CONSUME(T.CloseBracket);
    return { $type: "ArrayPart", span: this.spanFrom(open), ...bounds };
  });

  // ---- parameters ----

  protected readonly params: ParserMethod<[], ParamDecl[]> = this.rule("params", () => {
    this.CONSUME(T.OpenParen);
    const all = this.repeat(
      () => [T.CloseParen, T.Semicolon, T.OpenBrace, T.CloseBrace].some((type) => this.at(type)),
      () => this.SUBRULE(this.param),
      () => this.skipToComma(),
    );
    this.CONSUME(T.CloseParen);
    return this.ACTION(() => (all.length === 1 && isVoid(all[0]) ? [] : all));
  });

  private readonly param: ParserMethod<[], ParamDecl | undefined> = this.rule("param", () => {
    const start = this.LA(1);
    const param = this.choose<ParamDecl | undefined>({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(T.Ellipsis);
            return undefined;
          },
        },
        {
          ALT: () => {
            const attributes = this.SUBRULE(this.attributes);
            const type = this.SUBRULE(this.typeSpec);
            const declarator = this.SUBRULE(this.declarator);
            return { $type: "Param", span: this.spanFrom(start), attributes, type, declarator };
          },
        },
      ],
      ERR_MSG: "a parameter",
    });
    this.OPTION(() => this.SUBRULE(this.separator, { ARGS: [T.CloseParen] }));
    if (!this.RECORDING_PHASE && this.LA(0).tokenType !== T.Comma && !this.at(T.CloseParen)) {
      this.expected("`,` or `)`");
    }
    return param;
  });

  // ---- ends, decisions and recovery ----

  /**
   * The `;` of a member or declaration. Where the next one starts on a new line, or the block ends,
   * only the `;` is missing and reading goes on.
   */
  protected readonly endOfMember: ParserMethod<[name?: string | undefined], void> = this.rule(
    "endOfMember",
    (name?: string) => {
      const semicolon = this.OPTION(() => this.CONSUME(T.Semicolon));
      if (semicolon !== undefined || this.RECORDING_PHASE) return;
      const next = this.LA(1) as T.Token;
      if (!this.at(T.CloseBrace) && !next.isLineStart) this.expected("`;`");
      const after = name === undefined ? "this" : `\`${name}\``;
      this.report(missingSemicolon, this.spanOf(this.LA(0)), { after });
    },
  );

  /** What an end without `;` stands after. */
  protected lastName(declarators: readonly Declarator[]): string | undefined {
    return this.RECORDING_PHASE ? undefined : declarators.at(-1)?.name?.name;
  }

  private startsDeclarator(): boolean {
    return [T.Star, T.Identifier, T.OpenParen, T.Colon, T.OpenBracket].some((type) =>
      this.at(type),
    );
  }

  /** `(*f)(...)` and `(f)(...)` group; `(long a)` are the parameters of an unnamed function. */
  protected isGrouping(): boolean {
    if (!this.at(T.OpenParen)) return false;
    if (this.at(T.Star, 2) || this.at(T.OpenParen, 2)) return true;
    return this.at(T.Identifier, 2) && this.at(T.CloseParen, 3) && this.at(T.OpenParen, 4);
  }

  /** `* [unique] p`, unlike the `* [3]` of an array without a name. */
  private isPointerAttribute(): boolean {
    if (!this.at(T.OpenBracket) || !this.at(T.Word, 2)) return false;
    return this.at(T.Comma, 3) || this.at(T.OpenParen, 3) || this.isNameAfterBracket();
  }

  private isNameAfterBracket(): boolean {
    return this.at(T.CloseBracket, 3) && (this.at(T.Identifier, 4) || this.at(T.Star, 4));
  }

  private skipToComma(): void {
    this.skipUntil(({ tokenType: type }) => type === T.Comma || type === T.Semicolon);
    if (this.at(T.Comma)) this.SKIP_TOKEN();
  }
}

/** `(void)` */
function isVoid(param: ParamDecl | undefined): boolean {
  return (
    param?.type.$type === "BaseType" &&
    param.type.name === "void" &&
    param.declarator.name === undefined &&
    param.declarator.parts.length === 0
  );
}
