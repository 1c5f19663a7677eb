/** Type specifiers: base types, names, pipes, SAFEARRAY, and the constructed ones. */
import type { ParserMethod } from "chevrotain";
import type { DeclaratorPart, TypeSpec } from "../ast.ts";
import { malformedBaseType } from "../catalogue/syntax.ts";
import { baseTypeOf, continuesBaseType } from "./base-type.ts";
import { ConstructedTypeGrammar } from "./constructed-types.ts";
import * as T from "./tokens.ts";

export abstract class TypeGrammar extends ConstructedTypeGrammar {
  protected readonly typeSpec: ParserMethod<[], TypeSpec> = this.rule("typeSpec", () => {
    let isConst = false;
    const start = this.LA(1);
    this.MANY(() => {
      isConst = this.SUBRULE(this.qualifier) || isConst;
    });
    const type = this.choose<TypeSpec>({
      DEF: [
        { ALT: () => this.SUBRULE(this.baseType) },
        { ALT: () => this.SUBRULE(this.structType) },
        { ALT: () => this.SUBRULE(this.unionType) },
        { ALT: () => this.SUBRULE(this.enumType) },
        { GATE: () => this.startsType(2), ALT: () => this.SUBRULE(this.pipeType) },
        { GATE: () => this.at(T.OpenParen, 2), ALT: () => this.SUBRULE(this.safeArrayType) },
        { GATE: () => this.isInterfaceType(), ALT: () => this.SUBRULE(this.interfaceType) },
        {
          ALT: () => {
            const name = this.identifier(this.CONSUME(T.Identifier));
            return { $type: "NamedType", span: name.span, name, isConst: false };
          },
        },
      ],
      ERR_MSG: "a type",
    });
    this.MANY2(() => {
      isConst = this.SUBRULE2(this.qualifier) || isConst;
    });
    if (!isConst || (type.$type !== "BaseType" && type.$type !== "NamedType")) return type;
    return { ...type, span: this.spanFrom(start), isConst: true };
  });

  /** Whether it is `const`. */
  protected readonly qualifier: ParserMethod<[], boolean> = this.rule("qualifier", () =>
    this.choose([
      {
        ALT: () => {
          this.CONSUME(T.Const);
          return true;
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Qualifier);
          return false;
        },
      },
    ]),
  );

  private readonly baseType: ParserMethod<[], TypeSpec> = this.rule("baseType", () => {
    const start = this.LA(1);
    const words: string[] = [];
    let isConst = false;
    this.AT_LEAST_ONE({
      GATE: () => !this.at(T.Identifier) || continuesBaseType(words, this.LA(1).image),
      DEF: () => {
        this.choose([
          { ALT: () => words.push(this.CONSUME(T.BaseWord).image) },
          {
            ALT: () => {
              isConst = this.SUBRULE(this.qualifier) || isConst;
            },
          },
        ]);
      },
    });
    const name = baseTypeOf(words);
    const span = this.spanFrom(start);
    if (name === null && !this.RECORDING_PHASE) {
      this.report(malformedBaseType, span, { words: words.join(" ") });
    }
    return { $type: "BaseType", span, name: name ?? "int", isConst };
  });

  private readonly pipeType: ParserMethod<[], TypeSpec> = this.rule("pipeType", () =>
    this.nested(() => {
      const start = this.CONSUME(T.Pipe);
      const element = this.SUBRULE(this.typeSpec);
      return { $type: "Pipe", span: this.spanFrom(start), element };
    }),
  );

  private readonly safeArrayType: ParserMethod<[], TypeSpec> = this.rule("safeArrayType", () =>
    this.nested(() => {
      const start = this.CONSUME(T.SafeArray);
      this.CONSUME(T.OpenParen);
      const name = this.SUBRULE(this.typeName);
      this.CONSUME(T.CloseParen);
      const { type: element, parts } = name;
      return { $type: "SafeArray", span: this.spanFrom(start), element, parts };
    }),
  );

  private readonly interfaceType: ParserMethod<[], TypeSpec> = this.rule("interfaceType", () => {
    const start = this.LA(1);
    this.choose([
      { ALT: () => this.CONSUME(T.Interface) },
      { ALT: () => this.CONSUME(T.Dispinterface) },
      { ALT: () => this.CONSUME(T.Coclass) },
    ]);
    const name = this.identifier(this.CONSUME(T.Identifier));
    return { $type: "InterfaceType", span: this.spanFrom(start), name };
  });

  /** A type with a declarator that has no name, as in casts and sizeof. */
  protected readonly typeName: ParserMethod<
    [],
    { readonly type: TypeSpec; readonly parts: readonly DeclaratorPart[] }
  > = this.rule("typeName", () => {
    const type = this.SUBRULE(this.typeSpec);
    const { parts } = this.SUBRULE(this.declarator);
    return { type, parts };
  });

  // ---- decisions and recovery ----

  /** `interface IFoo` names a type where a name follows that is no name of a declarator. */
  private isInterfaceType(): boolean {
    return this.at(T.Identifier, 2);
  }

  protected startsType(ahead: number): boolean {
    return [T.BaseWord, T.Identifier, T.Struct, T.Union, T.Enum, T.Const].some((type) =>
      this.at(type, ahead),
    );
  }
}
