/** Declarators and parameters. */
import type { ParserMethod } from "chevrotain";
import type {
  ArrayPart,
  Attribute,
  Declarator,
  DeclaratorPart,
  ParamDecl,
  PointerPart,
} from "../ast.ts";
import { missingSemicolon } from "../catalogue/syntax.ts";
import { AttributeGrammar } from "./attributes.ts";
import * as T from "./tokens.ts";

export abstract class DeclaratorGrammar extends AttributeGrammar {
  protected abstract readonly qualifier: ParserMethod<[], boolean>;

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
      () => this.atAny(T.CloseParen, T.Semicolon, T.OpenBrace, T.CloseBrace),
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
