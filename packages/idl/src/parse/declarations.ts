/** Declarations: what stands at file level, in interfaces and in libraries. */
import type { IToken, ParserMethod } from "chevrotain";
import type {
  Attribute,
  CoclassDecl,
  Declarator,
  Expr,
  FieldDecl,
  Identifier,
  Item,
  OperationDecl,
  TypeSpec,
} from "../ast.ts";
import {
  constantWithoutValue,
  declaratorMissing,
  namespaceLeftOut,
  strayClose,
} from "../catalogue/syntax.ts";
import * as T from "./tokens.ts";
import { TypeGrammar } from "./types.ts";

type Head = [start?: IToken | undefined, attributes?: readonly Attribute[] | undefined];
type ConstDeclarator = Declarator & { readonly value: Expr };

/** Words that start a declaration wherever they begin a line. */
const STARTERS: ReadonlySet<string> = new Set([
  "typedef", "import", "importlib", "cpp_quote", "interface", "dispinterface", "coclass",
  "library", "module",
]); // prettier-ignore

export class Grammar extends TypeGrammar {
  constructor() {
    super();
    this.performSelfAnalysis();
  }

  readonly file: ParserMethod<[], Item[]> = this.rule("file", () =>
    this.SUBRULE(this.items, { ARGS: [true] }),
  );

  private readonly items: ParserMethod<[isFile?: boolean], Item[]> = this.rule(
    "items",
    (isFile = false) => {
      const items: Item[] = [];
      this.MANY({
        GATE: () => isFile || !this.at(T.CloseBrace),
        DEF: () => {
          const item = this.recoverable(
            () => this.SUBRULE(this.item),
            () => this.skipItem(),
          );
          if (item !== undefined) items.push(item);
        },
      });
      return items;
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
        { GATE: () => this.at(T.StringText, 2), ALT: () => this.SUBRULE(this.importDecl) },
        { GATE: () => this.at(T.OpenParen, 2), ALT: () => this.SUBRULE(this.importLib) },
        { GATE: () => this.at(T.OpenParen, 2), ALT: () => this.SUBRULE(this.cppQuote) },
        {
          ALT: () => {
            const attributes = this.SUBRULE(this.attributes);
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
    if (!this.RECORDING_PHASE) this.report(strayClose, this.spanOf(token), { text: token.image });
    return undefined;
  });

  // ---- blocks ----

  private readonly forward: ParserMethod<Head, Item> = this.rule("forward", (start?: IToken) => {
    const form = this.SUBRULE(this.blockWord).image as "interface";
    const name = this.identifier(this.CONSUME(T.Identifier));
    this.CONSUME(T.Semicolon);
    return { $type: "Forward", span: this.spanFrom(start ?? this.LA(0)), form, name };
  });

  private readonly blockWord: ParserMethod<[], IToken> = this.rule("blockWord", () =>
    this.choose([
      { ALT: () => this.CONSUME(T.Interface) },
      { ALT: () => this.CONSUME(T.Dispinterface) },
      { ALT: () => this.CONSUME(T.Coclass) },
      { ALT: () => this.CONSUME(T.Module) },
      { ALT: () => this.CONSUME(T.Library) },
    ]),
  );

  private readonly interfaceDecl: ParserMethod<Head, Item> = this.rule(
    "interface",
    (start?: IToken, attributes: readonly Attribute[] = []) => {
      this.CONSUME(T.Interface);
      const name = this.identifier(this.CONSUME(T.Identifier));
      const base = this.OPTION(() => {
        this.CONSUME(T.Colon);
        return this.identifier(this.CONSUME2(T.Identifier));
      });
      const items = this.SUBRULE(this.block, { ARGS: [`interface \`${name.name}\``] });
      const span = this.spanFrom(start ?? this.LA(0));
      return {
        $type: "Interface",
        span,
        attributes,
        name,
        ...(base === undefined ? {} : { base }),
        items,
      };
    },
  );

  /** A library or a module. */
  private readonly container: ParserMethod<Head, Item> = this.rule(
    "container",
    (start?: IToken, attributes: readonly Attribute[] = []) => {
      const word = this.choose([
        { ALT: () => this.CONSUME(T.Library) },
        { ALT: () => this.CONSUME(T.Module) },
      ]);
      const name = this.identifier(this.CONSUME(T.Identifier));
      const items = this.SUBRULE(this.block, { ARGS: [`${word.image} \`${name.name}\``] });
      const $type = word.tokenType === T.Library ? "Library" : "Module";
      return { $type, span: this.spanFrom(start ?? this.LA(0)), attributes, name, items };
    },
  );

  private readonly block: ParserMethod<[what?: string | undefined], Item[]> = this.rule(
    "block",
    (what?: string) => {
      const open = this.CONSUME(T.OpenBrace);
      const items = this.nested(() => this.SUBRULE(this.items));
      this.closeBlock(open, what ?? "", () => this.CONSUME(T.CloseBrace));
      return items;
    },
  );

  private readonly namespace: ParserMethod<[], Item> = this.rule("namespace", () => {
    const start = this.CONSUME(T.Namespace);
    const first = this.CONSUME(T.Identifier);
    const parts = [first.image];
    this.MANY(() => {
      this.CONSUME(T.Dot);
      parts.push(this.CONSUME2(T.Identifier).image);
    });
    const name = { name: parts.join("."), span: this.spanFrom(first) };
    const open = this.CONSUME(T.OpenBrace);
    this.ACTION(() => this.skipUntil(() => false, 0));
    this.closeBlock(open, `namespace \`${name.name}\``, () => this.CONSUME(T.CloseBrace));
    if (!this.RECORDING_PHASE) this.report(namespaceLeftOut, name.span, { name: name.name });
    return { $type: "Namespace", span: this.spanFrom(start), name };
  });

  private readonly dispinterface: ParserMethod<Head, Item> = this.rule(
    "dispinterface",
    (start?: IToken, attributes: readonly Attribute[] = []) => {
      this.CONSUME(T.Dispinterface);
      const name = this.identifier(this.CONSUME(T.Identifier));
      const open = this.CONSUME(T.OpenBrace);
      const properties: FieldDecl[] = [];
      const methods: OperationDecl[] = [];
      let of: Identifier | undefined;
      this.OPTION({
        GATE: () => this.at(T.Interface) && this.at(T.Identifier, 2),
        DEF: () => {
          this.CONSUME(T.Interface);
          of = this.identifier(this.CONSUME2(T.Identifier));
          this.CONSUME(T.Semicolon);
        },
      });
      this.OPTION2(() => {
        this.CONSUME(T.Properties);
        this.CONSUME(T.Colon);
        this.MANY({
          GATE: () => !this.at(T.CloseBrace) && !this.at(T.Methods),
          DEF: () => {
            const field = this.recoverable(
              () => this.SUBRULE(this.field),
              () => this.skipItem(),
            );
            if (field !== undefined) properties.push(field);
          },
        });
      });
      this.OPTION3(() => {
        this.CONSUME(T.Methods);
        this.CONSUME2(T.Colon);
        const items = this.SUBRULE(this.items);
        this.ACTION(() => {
          for (const item of items) if (item.$type === "Operation") methods.push(item);
        });
      });
      this.closeBlock(open, `dispinterface \`${name.name}\``, () => this.CONSUME(T.CloseBrace));
      const span = this.spanFrom(start ?? this.LA(0));
      return {
        $type: "Dispinterface",
        span,
        attributes,
        name,
        properties,
        methods,
        ...(of === undefined ? {} : { of }),
      };
    },
  );

  private readonly coclass: ParserMethod<Head, CoclassDecl> = this.rule(
    "coclass",
    (start?: IToken, attributes: readonly Attribute[] = []) => {
      this.CONSUME(T.Coclass);
      const name = this.identifier(this.CONSUME(T.Identifier));
      const open = this.CONSUME(T.OpenBrace);
      const interfaces: CoclassDecl["interfaces"][number][] = [];
      this.MANY({
        GATE: () => !this.at(T.CloseBrace),
        DEF: () => {
          const given = this.SUBRULE(this.attributes);
          const word = this.choose([
            { ALT: () => this.CONSUME(T.Interface) },
            { ALT: () => this.CONSUME(T.Dispinterface) },
          ]);
          const of = this.identifier(this.CONSUME2(T.Identifier));
          this.OPTION(() => this.CONSUME(T.Semicolon));
          interfaces.push({ attributes: given, form: word.image as "interface", name: of });
        },
      });
      this.closeBlock(open, `coclass \`${name.name}\``, () => this.CONSUME(T.CloseBrace));
      return {
        $type: "Coclass",
        span: this.spanFrom(start ?? this.LA(0)),
        attributes,
        name,
        interfaces,
      };
    },
  );

  // ---- types, constants, operations ----

  private readonly typedefDecl: ParserMethod<Head, Item> = this.rule(
    "typedef",
    (start?: IToken, before: readonly Attribute[] = []) => {
      this.CONSUME(T.Typedef);
      const own = this.SUBRULE(this.attributes);
      const type = this.SUBRULE(this.typeSpec);
      const declarators = this.SUBRULE(this.declarators);
      if (!this.RECORDING_PHASE && declarators.length === 0) {
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
      const first = this.OPTION({
        GATE: () => !this.at(T.Semicolon) && !this.at(T.CloseBrace) && !this.endsType(type),
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
      if (constants.length === 0 && first !== undefined && head?.$type !== "FunctionPart") {
        if (start?.image === "extern" && this.at(T.Semicolon)) {
          this.SKIP_TOKEN();
          return undefined;
        }
        if (this.at(T.Semicolon) && first.name !== undefined) {
          this.report(constantWithoutValue, first.span, { name: first.name.name });
        } else {
          this.expected(first.name === undefined ? "a name" : "`(` or `=`");
        }
      }
      this.SUBRULE(this.endOfMember, { ARGS: [first?.name?.name] });
      const span = this.spanFrom(start ?? this.LA(0));
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

  private isNamespace(): boolean {
    return this.at(T.Identifier, 2) && (this.at(T.OpenBrace, 3) || this.at(T.Dot, 3));
  }

  private isForward(): boolean {
    return this.at(T.Identifier, 2) && this.at(T.Semicolon, 3);
  }

  private isBlock(): boolean {
    return this.at(T.Identifier, 2) && (this.at(T.OpenBrace, 3) || this.at(T.Colon, 3));
  }

  /** A structure with a body whose `;` is missing: the next line is not its declarator. */
  private endsType(type: TypeSpec): boolean {
    if (type.$type !== "Struct" && type.$type !== "Union" && type.$type !== "Enum") return false;
    const hasBody =
      (type.$type === "Struct" && type.fields !== undefined) ||
      (type.$type === "Union" && type.arms !== undefined) ||
      (type.$type === "Enum" && type.members !== undefined);
    const next = this.LA(1) as T.Token;
    return hasBody && next.isLineStart;
  }

  /** To the end of a declaration, or to a line that clearly starts another one. */
  private skipItem(): void {
    const first = this.LA(1);
    this.skipUntil(
      (token) =>
        token.tokenType === T.Semicolon ||
        (token !== first && token.isLineStart && STARTERS.has(token.image)),
    );
    if (this.at(T.Semicolon)) this.SKIP_TOKEN();
  }
}
