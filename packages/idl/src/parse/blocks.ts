/** Interfaces, libraries and the other blocks of declarations. */
import type { IToken, ParserMethod } from "chevrotain";
import type { Attribute, CoclassDecl, FieldDecl, Identifier, Item, OperationDecl } from "../ast.ts";
import { namespaceLeftOut } from "../catalogue/syntax.ts";
import * as T from "./tokens.ts";
import { TypeGrammar } from "./types.ts";

/** What was read before a rule was chosen: the first token and the attributes. */
export type Head = [start?: IToken | undefined, attributes?: readonly Attribute[] | undefined];

/** Words that start a declaration wherever they begin a line outside brackets. */
export const STARTERS: ReadonlySet<string> = new Set([
  "typedef", "import", "importlib", "cpp_quote", "interface", "dispinterface", "coclass",
  "library", "module", "struct", "union", "enum", "const",
]); // prettier-ignore

export abstract class BlockGrammar extends TypeGrammar {
  protected abstract readonly items: ParserMethod<[isFile?: boolean], Item[]>;

  protected readonly forward: ParserMethod<Head, Item> = this.rule("forward", (start?: IToken) => {
    const form = this.SUBRULE(this.blockWord).image as "interface";
    const name = this.identifier(this.CONSUME(T.Identifier));
    this.CONSUME(T.Semicolon);
    return { $type: "Forward", span: this.spanFrom(start ?? this.LA(0)), form, name };
  });

  protected readonly blockWord: ParserMethod<[], IToken> = this.rule("blockWord", () =>
    this.choose([
      { ALT: () => this.CONSUME(T.Interface) },
      { ALT: () => this.CONSUME(T.Dispinterface) },
      { ALT: () => this.CONSUME(T.Coclass) },
      { ALT: () => this.CONSUME(T.Module) },
      { ALT: () => this.CONSUME(T.Library) },
    ]),
  );

  protected readonly interfaceDecl: ParserMethod<Head, Item> = this.rule(
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
  protected readonly container: ParserMethod<Head, Item> = this.rule(
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

  protected readonly block: ParserMethod<[what?: string | undefined], Item[]> = this.rule(
    "block",
    (what?: string) => {
      const open = this.CONSUME(T.OpenBrace);
      const items = this.nested(() => this.SUBRULE(this.items));
      this.closeBlock(open, what ?? "", () => this.CONSUME(T.CloseBrace));
      return items;
    },
  );

  protected readonly namespace: ParserMethod<[], Item> = this.rule("namespace", () => {
    const start = this.CONSUME(T.Namespace);
    const first = this.CONSUME(T.Identifier);
    const parts = [first.image];
    this.MANY(() => {
      this.CONSUME(T.Dot);
      parts.push(this.CONSUME2(T.Identifier).image);
    });
    const name = { name: parts.join("."), span: this.spanFrom(first) };
    const open = this.CONSUME(T.OpenBrace);
    this.ACTION(() => this.skipUntil(() => false, [], []));
    this.closeBlock(open, `namespace \`${name.name}\``, () => this.CONSUME(T.CloseBrace));
    if (!this.RECORDING_PHASE) this.report(namespaceLeftOut, name.span, { name: name.name });
    return { $type: "Namespace", span: this.spanFrom(start), name };
  });

  protected readonly dispinterface: ParserMethod<Head, Item> = this.rule(
    "dispinterface",
    (start?: IToken, attributes: readonly Attribute[] = []) => {
      this.CONSUME(T.Dispinterface);
      const name = this.identifier(this.CONSUME(T.Identifier));
      const open = this.CONSUME(T.OpenBrace);
      let properties: FieldDecl[] = [];
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
        properties = this.repeat(
          () => this.at(T.CloseBrace) || (this.at(T.Methods) && this.at(T.Colon, 2)),
          () => this.SUBRULE(this.field),
          () => this.skipItem(),
        );
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

  protected readonly coclass: ParserMethod<Head, CoclassDecl> = this.rule(
    "coclass",
    (start?: IToken, attributes: readonly Attribute[] = []) => {
      this.CONSUME(T.Coclass);
      const name = this.identifier(this.CONSUME(T.Identifier));
      const open = this.CONSUME(T.OpenBrace);
      const interfaces = this.repeat(
        () => this.at(T.CloseBrace),
        () => this.SUBRULE(this.coclassMember),
        () => this.skipItem(),
      );
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

  private readonly coclassMember: ParserMethod<[], CoclassDecl["interfaces"][number]> = this.rule(
    "coclassMember",
    () => {
      const attributes = this.SUBRULE(this.attributes);
      const word = this.choose({
        DEF: [
          { ALT: () => this.CONSUME(T.Interface) },
          { ALT: () => this.CONSUME(T.Dispinterface) },
        ],
        ERR_MSG: "interface or dispinterface",
      });
      const name = this.identifier(this.CONSUME(T.Identifier));
      this.OPTION(() => this.CONSUME(T.Semicolon));
      return { attributes, form: word.image as "interface", name };
    },
  );

  // ---- decisions and recovery ----

  protected isNamespace(): boolean {
    return this.at(T.Identifier, 2) && (this.at(T.OpenBrace, 3) || this.at(T.Dot, 3));
  }

  protected isForward(): boolean {
    return this.at(T.Identifier, 2) && this.at(T.Semicolon, 3);
  }

  protected isBlock(): boolean {
    return this.at(T.Identifier, 2) && (this.at(T.OpenBrace, 3) || this.at(T.Colon, 3));
  }

  /** To the end of a declaration, or to a line that clearly starts another one. */
  protected skipItem(): void {
    const first = this.LA(1);
    this.skipUntil(
      (token) =>
        token.tokenType === T.Semicolon ||
        (token !== first && token.isLineStart && this.startsItem(token)),
    );
    if (this.at(T.Semicolon)) this.SKIP_TOKEN();
  }

  /** Names are left out: a line of prose starts with one, too. */
  protected startsItem({ image, tokenType }: T.Token): boolean {
    const isType = tokenType.CATEGORIES?.includes(T.BaseWord) === true;
    return isType || STARTERS.has(image) || tokenType === T.OpenBracket;
  }
}
