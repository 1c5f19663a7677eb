/** Structures, unions and enumerations. */
import type { IToken, ParserMethod } from "chevrotain";
import type {
  Attribute,
  EnumSpec,
  Expr,
  FieldDecl,
  StructSpec,
  UnionArm,
  UnionSpec,
} from "../ast.ts";
import type { Span } from "../span.ts";
import { labelMissing, unclosedBlock, unexpectedToken } from "../catalogue/syntax.ts";
import { DeclaratorGrammar } from "./declarators.ts";
import * as T from "./tokens.ts";
import { describeToken } from "./vector.ts";

type EnumMember = NonNullable<EnumSpec["members"]>[number];
type Discriminant = NonNullable<UnionSpec["discriminant"]>;

/** Samba's dialect has `bitmap` for an enumeration of bits. */
function bits(span: Span): Attribute {
  return { $type: "Attribute", span, name: { name: "bitmap", span } };
}

export abstract class ConstructedTypeGrammar extends DeclaratorGrammar {
  // ---- structures ----

  protected readonly structType: ParserMethod<[], StructSpec> = this.rule("structType", () =>
    this.nested(() => {
      const start = this.CONSUME(T.Struct);
      const attributes = this.SUBRULE(this.attributes);
      const tag = this.OPTION(() => this.identifier(this.CONSUME(T.Identifier)));
      const fields = this.OPTION2({
        GATE: () => this.at(T.OpenBrace) || this.isBraceMissing(),
        DEF: () => {
          const open = this.SUBRULE(this.openBrace);
          const read = this.repeat(
            () => this.endsMembers(),
            () => this.SUBRULE(this.field),
            () => this.skipMember(),
          );
          this.closeBlock(open, "the structure", () => this.CONSUME(T.CloseBrace));
          return read;
        },
      });
      if (tag === undefined && fields === undefined) this.expectedIn("a name or `{`");
      return {
        $type: "Struct",
        span: this.spanFrom(start),
        attributes,
        ...(tag === undefined ? {} : { tag }),
        ...(fields === undefined ? {} : { fields }),
      };
    }),
  );

  protected readonly field: ParserMethod<[], FieldDecl | undefined> = this.rule("field", () => {
    const start = this.LA(1);
    const attributes = this.SUBRULE(this.attributes);
    return this.choose({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(T.Semicolon);
            return undefined;
          },
        },
        { ALT: () => this.SUBRULE(this.fieldBody, { ARGS: [start, attributes] }) },
      ],
      ERR_MSG: "a member",
    });
  });

  private readonly fieldBody: ParserMethod<
    [start?: IToken | undefined, attributes?: readonly Attribute[] | undefined],
    FieldDecl
  > = this.rule("fieldBody", (start?: IToken, attributes?: readonly Attribute[]) => {
    const type = this.SUBRULE(this.typeSpec);
    const declarators = this.SUBRULE(this.declarators);
    this.SUBRULE(this.endOfMember, { ARGS: [this.lastName(declarators)] });
    const span = this.spanFrom(start ?? this.LA(0));
    return { $type: "Field", span, attributes: attributes ?? [], type, declarators };
  });

  // ---- unions ----

  protected readonly unionType: ParserMethod<[], UnionSpec> = this.rule("unionType", () =>
    this.nested(() => {
      const start = this.CONSUME(T.Union);
      const attributes = this.SUBRULE(this.attributes);
      const tag = this.OPTION({
        GATE: () => !this.isSwitch(),
        DEF: () => this.identifier(this.CONSUME(T.Identifier)),
      });
      const discriminant = this.OPTION2({
        GATE: () => this.isSwitch(),
        DEF: () => this.SUBRULE(this.discriminant),
      });
      const arms = this.OPTION3({
        GATE: () => this.at(T.OpenBrace) || this.isBraceMissing(),
        DEF: () => {
          const open = this.SUBRULE(this.openBrace);
          const read = this.repeat(
            () => this.endsMembers(),
            () => this.SUBRULE(this.arm),
            () => this.skipMember(),
          );
          this.closeBlock(open, "the union", () => this.CONSUME(T.CloseBrace));
          return read;
        },
      });
      if (tag === undefined && arms === undefined) this.expectedIn("a name or `{`");
      return {
        $type: "Union",
        span: this.spanFrom(start),
        attributes,
        ...(tag === undefined ? {} : { tag }),
        ...(discriminant === undefined ? {} : { discriminant }),
        ...(arms === undefined ? {} : { arms }),
      };
    }),
  );

  /** `switch (type name) union_name` */
  private readonly discriminant: ParserMethod<[], Discriminant> = this.rule("discriminant", () => {
    this.CONSUME(T.Switch);
    this.CONSUME(T.OpenParen);
    const type = this.SUBRULE(this.typeSpec);
    const name = this.identifier(this.CONSUME(T.Identifier));
    this.CONSUME(T.CloseParen);
    const unionName = this.OPTION(() => this.identifier(this.CONSUME2(T.Identifier)));
    return { type, name, ...(unionName === undefined ? {} : { unionName }) };
  });

  /** Labels in either form, `case 1:` or `[case(1)]`, then a member or nothing. */
  private readonly arm: ParserMethod<[], UnionArm> = this.rule("arm", () => {
    const start = this.LA(1);
    const labels: Expr[] = [];
    let isDefault = false;
    this.MANY({
      GATE: () => this.isLabel(),
      DEF: () => {
        this.choose([
          {
            ALT: () => {
              this.CONSUME(T.Case);
              labels.push(this.SUBRULE(this.expression));
            },
          },
          {
            ALT: () => {
              this.CONSUME(T.Default);
              isDefault = true;
            },
          },
        ]);
        this.CONSUME(T.Colon);
      },
    });
    const written = this.SUBRULE(this.attributes);
    const attributes = this.ACTION(() =>
      written.filter(({ name, args = [] }) => {
        if (name.name === "default" && args.length === 0) isDefault = true;
        else if (name.name !== "case") return true;
        for (const arg of args) {
          if (arg.$type === "Omitted" || arg.$type === "Raw" || arg.$type === "TypeArg") {
            this.report(labelMissing, arg.span);
          } else {
            labels.push(arg);
          }
        }
        return false;
      }),
    );
    const field = this.choose2<FieldDecl | undefined>({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(T.Semicolon);
            return undefined;
          },
        },
        {
          GATE: () => !this.at(T.CloseBrace),
          ALT: () => this.SUBRULE(this.fieldBody, { ARGS: [start, attributes] }),
        },
      ],
      ERR_MSG: "a member or `;`",
    });
    const span = this.spanFrom(start);
    return {
      $type: "UnionArm",
      span,
      labels,
      isDefault,
      ...(field === undefined ? {} : { field }),
    };
  });

  // ---- enumerations ----

  protected readonly enumType: ParserMethod<[], EnumSpec> = this.rule("enumType", () => {
    const start = this.CONSUME(T.Enum);
    const written = this.SUBRULE(this.attributes);
    const attributes = this.ACTION(() =>
      start.image === "bitmap" ? [...written, bits(this.spanOf(start))] : written,
    );
    const tag = this.OPTION(() => this.identifier(this.CONSUME(T.Identifier)));
    const members = this.OPTION2(() => {
      const open = this.CONSUME(T.OpenBrace);
      const read = this.repeat(
        () => this.endsMembers() || this.at(T.Semicolon),
        () => this.SUBRULE(this.enumMember),
        () => this.skipEnumMember(),
      );
      this.closeBlock(open, "the enumeration", () => this.CONSUME(T.CloseBrace));
      return read;
    });
    if (tag === undefined && members === undefined) this.expectedIn("a name or `{`");
    return {
      $type: "Enum",
      span: this.spanFrom(start),
      attributes,
      ...(tag === undefined ? {} : { tag }),
      ...(members === undefined ? {} : { members }),
    };
  });

  private readonly enumMember: ParserMethod<[], EnumMember> = this.rule("enumMember", () => {
    const start = this.LA(1);
    const attributes = this.SUBRULE(this.attributes);
    const name = this.identifier(this.CONSUME(T.Identifier));
    const value = this.OPTION(() => {
      this.CONSUME(T.Equals);
      return this.SUBRULE(this.expression);
    });
    const span = this.spanFrom(start);
    this.OPTION2(() => this.CONSUME(T.Comma));
    if (!this.RECORDING_PHASE && this.LA(0).tokenType !== T.Comma && !this.at(T.CloseBrace)) {
      this.expected("`,` or `}`");
    }
    return { name, ...(value === undefined ? {} : { value }), attributes, span };
  });

  // ---- decisions and recovery ----

  private isSwitch(): boolean {
    return this.at(T.Switch) && this.at(T.OpenParen, 2);
  }

  private expectedIn(wanted: string): void {
    if (!this.RECORDING_PHASE) this.expected(wanted);
  }

  /** `case` and `default` may be names of types, though not where these could stand. */
  private isLabel(): boolean {
    if (this.at(T.Case)) return !this.at(T.Star, 2);
    return this.at(T.Default) && (this.at(T.Colon, 2) || this.at(T.Semicolon, 2));
  }

  /** The `{` before members. Where it is missing, its place is that of the first member. */
  private readonly openBrace: ParserMethod<[], IToken> = this.rule("openBrace", () => {
    const next = this.LA(1);
    const open = this.OPTION(() => this.CONSUME(T.OpenBrace));
    if (open === undefined && !this.RECORDING_PHASE) {
      const params = { wanted: "`{`", found: describeToken(next) };
      this.report(unexpectedToken, this.spanOf(next), params);
    }
    return open ?? next;
  });

  /** A new line that can only be a first member: it starts with attributes, a label or a type. */
  private isBraceMissing(): boolean {
    if (!(this.LA(1) as T.Token).isLineStart) return false;
    if (this.atAny(T.OpenBracket, T.Case, T.Struct, T.Union, T.Enum)) return true;
    if (this.at(T.BaseWord)) return true;
    return this.at(T.Identifier) && (this.at(T.Identifier, 2) || this.at(T.Star, 2));
  }

  /** The end of a list of members: its `}`, or what can only stand outside. */
  private endsMembers(): boolean {
    if (this.at(T.CloseBrace) || this.at(T.Typedef)) return true;
    return this.at(T.Import) && this.at(T.StringText, 2);
  }

  /** The `}` of a block. Where something else ends it, its `{` is what is wrong. */
  protected closeBlock(open: IToken, what: string, close: () => IToken): void {
    if (!this.RECORDING_PHASE && !this.at(T.CloseBrace)) {
      this.fail(unclosedBlock, this.spanOf(open), { what });
    }
    close();
  }

  private skipMember(): void {
    this.skipUntil(({ tokenType }) => tokenType === T.Semicolon);
    if (this.at(T.Semicolon)) this.SKIP_TOKEN();
    else if (this.at(T.CloseParen) || this.at(T.CloseBracket)) this.SKIP_TOKEN();
  }

  private skipEnumMember(): void {
    this.skipUntil(({ tokenType: type }) => type === T.Comma || type === T.Semicolon);
    if (this.at(T.Comma)) this.SKIP_TOKEN();
  }
}
