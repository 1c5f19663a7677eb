/** Declarations: what stands at file level, in interfaces and in libraries. */
import type { IToken, ParserMethod } from "chevrotain";
import type { Attribute, Declarator, Expr, Item, TypeSpec } from "../ast.ts";
import {
  attributesOnNothing,
  constantWithoutValue,
  declaratorMissing,
  strayClose,
} from "../catalogue/syntax.ts";
import { nearest } from "../attributes/suggest.ts";
import { BlockGrammar, STARTERS, type Head } from "./blocks.ts";
import * as T from "./tokens.ts";

type ConstDeclarator = Declarator & { readonly value: Expr };

export class Grammar extends BlockGrammar {
  constructor() {
    super();
    this.performSelfAnalysis();
  }

  readonly file: ParserMethod<[], Item[]> = this.rule("file", () =>
    this.SUBRULE(this.items, { ARGS: [true] }),
  );

  protected readonly items: ParserMethod<[isFile?: boolean], Item[]> = this.rule(
    "items",
    (isFile = false) => {
      return this.repeat(
        () => !isFile && this.at(T.CloseBrace),
        () => this.SUBRULE(this.item),
        () => this.skipItem(),
      );
    },
  );

  private readonly item: ParserMethod<[], Item | undefined> = this.rule("item", () => {
    const start = this.LA(1);
    return this.choose({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(T.Semicolon);
            return undefined;
          },
        },
        { ALT: () => this.SUBRULE(this.pragma) },
        { ALT: () => this.SUBRULE(this.stray) },
        { GATE: () => this.isNamespace(), ALT: () => this.SUBRULE(this.namespace) },
        { GATE: () => !this.isTypeName(), ALT: () => this.SUBRULE(this.importDecl) },
        { GATE: () => this.at(T.OpenParen, 2), ALT: () => this.SUBRULE(this.importLib) },
        { GATE: () => this.at(T.OpenParen, 2), ALT: () => this.SUBRULE(this.cppQuote) },
        {
          ALT: () => {
            const attributes = this.SUBRULE(this.attributes);
            this.checkCarrier(start);
            return this.SUBRULE(this.declaration, { ARGS: [start, attributes] });
          },
        },
      ],
      ERR_MSG: "a declaration",
    });
  });

  private readonly declaration: ParserMethod<Head, Item | undefined> = this.rule(
    "declaration",
    (start?: IToken, attributes?: readonly Attribute[]) => {
      const ARGS: Head = [start, attributes];
      return this.choose({
        DEF: [
          { GATE: () => this.isForward(), ALT: () => this.SUBRULE(this.forward, { ARGS }) },
          { GATE: () => this.isBlock(), ALT: () => this.SUBRULE(this.interfaceDecl, { ARGS }) },
          { GATE: () => this.isBlock(), ALT: () => this.SUBRULE(this.dispinterface, { ARGS }) },
          { GATE: () => this.isBlock(), ALT: () => this.SUBRULE(this.coclass, { ARGS }) },
          { GATE: () => this.isBlock(), ALT: () => this.SUBRULE(this.container, { ARGS }) },
          { ALT: () => this.SUBRULE(this.typedefDecl, { ARGS }) },
          { ALT: () => this.SUBRULE(this.typed, { ARGS }) },
        ],
        ERR_MSG: "a declaration",
      });
    },
  );

  // ---- lines ----

  private readonly pragma: ParserMethod<[], Item> = this.rule("pragma", () => {
    const token = this.CONSUME(T.Pragma);
    return { $type: "Pragma", span: this.spanOf(token), text: token.image };
  });

  private readonly importDecl: ParserMethod<[], Item> = this.rule("import", () => {
    const start = this.CONSUME(T.Import);
    const paths = [this.SUBRULE(this.string)];
    this.MANY(() => {
      this.CONSUME(T.Comma);
      paths.push(this.SUBRULE2(this.string));
    });
    this.SUBRULE(this.endOfMember, { ARGS: ["import"] });
    return { $type: "Import", span: this.spanFrom(start), paths };
  });

  private readonly importLib: ParserMethod<[], Item> = this.rule("importlib", () => {
    const start = this.CONSUME(T.ImportLib);
    this.CONSUME(T.OpenParen);
    const path = this.SUBRULE(this.string);
    this.CONSUME(T.CloseParen);
    this.SUBRULE(this.endOfMember, { ARGS: ["importlib"] });
    return { $type: "ImportLib", span: this.spanFrom(start), path };
  });

  private readonly cppQuote: ParserMethod<[], Item> = this.rule("cppQuote", () => {
    const start = this.CONSUME(T.CppQuote);
    this.CONSUME(T.OpenParen);
    const text = this.SUBRULE(this.string);
    this.CONSUME(T.CloseParen);
    const span = this.spanFrom(start);
    this.OPTION(() => this.CONSUME(T.Semicolon));
    return { $type: "CppQuote", span, text };
  });

  /** A bracket that closes nothing. */
  private readonly stray: ParserMethod<[], undefined> = this.rule("stray", () => {
    const token = this.choose([
      { ALT: () => this.CONSUME(T.CloseBrace) },
      { ALT: () => this.CONSUME(T.CloseBracket) },
      { ALT: () => this.CONSUME(T.CloseParen) },
    ]);
    if (!this.RECORDING_PHASE && !this.isQuietAt(token))
      this.report(strayClose, this.spanOf(token), { text: token.image });
    return undefined;
  });

  // ---- types, constants, operations ----

  private readonly typedefDecl: ParserMethod<Head, Item> = this.rule(
    "typedef",
    (start?: IToken, before: readonly Attribute[] = []) => {
      this.CONSUME(T.Typedef);
      const own = this.SUBRULE(this.attributes);
      const type = this.SUBRULE(this.typeSpec);
      const declarators = this.SUBRULE(this.declarators);
      if (!this.RECORDING_PHASE && declarators.length === 0 && this.at(T.Semicolon)) {
        this.report(declaratorMissing, this.spanOf(this.LA(0)), { what: "typedef" });
      }
      this.SUBRULE(this.endOfMember, { ARGS: [this.lastName(declarators)] });
      const attributes = this.ACTION(() => [...before, ...own]);
      const span = this.spanFrom(start ?? this.LA(0));
      return { $type: "Typedef", span, attributes, type, declarators };
    },
  );

  /** What starts with a type: a type alone, constants, or an operation. C's `extern` says nothing. */
  private readonly typed: ParserMethod<Head, Item | undefined> = this.rule(
    "typed",
    (start?: IToken, attributes: readonly Attribute[] = []) => {
      const type = this.SUBRULE(this.typeSpec);
      const isAlone = this.at(T.Semicolon) || this.at(T.CloseBrace) || this.endsType(type);
      if (!isAlone) this.checkName(start);
      const first = this.OPTION({
        GATE: () => !isAlone,
        DEF: () => this.SUBRULE(this.declarator),
      });
      const constants: ConstDeclarator[] = [];
      this.OPTION2(() => {
        this.CONSUME(T.Equals);
        const value = this.SUBRULE(this.expression);
        if (first !== undefined) constants.push({ ...first, value });
        this.MANY(() => {
          this.CONSUME(T.Comma);
          const declarator = this.SUBRULE2(this.declarator);
          this.CONSUME2(T.Equals);
          constants.push({ ...declarator, value: this.SUBRULE2(this.expression) });
        });
      });
      if (this.RECORDING_PHASE) {
        this.SUBRULE(this.endOfMember);
        return { $type: "TypeDecl", span: this.spanOf(this.LA(0)), attributes, type };
      }
      const [head, ...parts] = first?.parts ?? [];
      const isVariable =
        first !== undefined && constants.length === 0 && head?.$type !== "FunctionPart";
      if (isVariable) this.checkVariable(start, first);
      if (first === undefined) this.checkAlone(type);
      this.SUBRULE(this.endOfMember, { ARGS: [first?.name?.name] });
      const span = this.spanFrom(start ?? this.LA(0));
      if (isVariable) {
        return this.hasBody(type)
          ? { $type: "Typedef", span, attributes, type, declarators: [first] }
          : undefined;
      }
      if (constants.length > 0) {
        return { $type: "Const", span, attributes, type, declarators: constants };
      }
      if (first !== undefined && head?.$type === "FunctionPart") {
        const declarator = { ...first, parts };
        return { $type: "Operation", span, attributes, type, declarator, params: head.params };
      }
      return { $type: "TypeDecl", span, attributes, type };
    },
  );

  // ---- decisions and recovery ----

  /** A word of the language that stands where a type may: `import *f()`. */
  private isTypeName(): boolean {
    return this.at(T.Identifier, 2) || this.at(T.Star, 2);
  }

  /** A declaration has a name after its type. Without one, the type of a result is what is missing. */
  private checkName(start: IToken | undefined): void {
    if (this.RECORDING_PHASE || this.at(T.Star) || this.at(T.Identifier) || this.isGrouping())
      return;
    this.expected("a name", this.guessWord(start));
  }

  /**
   * IDL has no variables; C's `extern` ones say nothing. What looks like a structure variable is
   * taken for the typedef that it was meant to be.
   */
  private checkVariable(start: IToken | undefined, { name, span }: Declarator): void {
    if (name === undefined || !this.at(T.Semicolon)) {
      this.expected(name === undefined ? "a name" : "`(` or `=`", this.guessWord(start));
    }
    if (start?.image !== "extern") this.report(constantWithoutValue, span, { name: name.name });
  }

  /** Only structures, unions and enumerations are declared without a name after them. */
  private checkAlone(type: TypeSpec): void {
    if (type.$type === "NamedType" || type.$type === "BaseType") this.expected("a name");
  }

  private guessWord(start: IToken | undefined): string | undefined {
    const guess = start === undefined ? null : nearest(start.image, STARTERS);
    return guess === null || guess === start?.image ? undefined : `Did you mean \`${guess}\`?`;
  }

  /** Attributes need something to stand before. */
  private checkCarrier(start: IToken): void {
    if (this.RECORDING_PHASE || start === this.LA(1)) return;
    if (this.atEnd() || this.at(T.Semicolon) || this.at(T.CloseBrace) || this.at(T.Import)) {
      this.fail(attributesOnNothing, this.spanFrom(start));
    }
  }

  /** A structure with a body whose `;` is missing: the next line is not its declarator. */
  private endsType(type: TypeSpec): boolean {
    return (this.LA(1) as T.Token).isLineStart && this.hasBody(type);
  }

  private hasBody(type: TypeSpec): boolean {
    return (
      (type.$type === "Struct" && type.fields !== undefined) ||
      (type.$type === "Union" && type.arms !== undefined) ||
      (type.$type === "Enum" && type.members !== undefined)
    );
  }
}
