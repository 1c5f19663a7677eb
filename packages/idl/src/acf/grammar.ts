/** The grammar of attribute configuration files ([C706] 7). */
import type { ParserMethod } from "chevrotain";
import type { Attribute, Identifier } from "../ast.ts";
import * as T from "../parse/tokens.ts";
import { TypeGrammar } from "../parse/types.ts";
import type { AcfInterface, AcfItem, AcfOperation } from "./tree.ts";

export class AcfGrammar extends TypeGrammar {
  constructor() {
    super();
    this.performSelfAnalysis();
  }

  readonly file: ParserMethod<[], AcfInterface[]> = this.rule("acfFile", () => {
    return this.repeat(
      () => false,
      () => this.SUBRULE(this.interfaceDecl),
      () => this.skipDeclaration(),
    );
  });

  private readonly interfaceDecl: ParserMethod<[], AcfInterface> = this.rule("acfInterface", () => {
    const start = this.LA(1);
    const attributes = this.SUBRULE(this.attributes);
    this.CONSUME(T.Interface);
    const name = this.identifier(this.CONSUME(T.Identifier));
    const open = this.CONSUME(T.OpenBrace);
    const items = this.repeat(
      () => this.at(T.CloseBrace),
      () => this.SUBRULE(this.item),
      () => this.skipDeclaration(),
    );
    this.closeBlock(open, `interface \`${name.name}\``, () => this.CONSUME(T.CloseBrace));
    const span = this.spanFrom(start);
    this.OPTION(() => this.CONSUME(T.Semicolon));
    return { $type: "AcfInterface", span, attributes, name, items };
  });

  private readonly item: ParserMethod<[], AcfItem> = this.rule("acfItem", () =>
    this.choose<AcfItem>({
      DEF: [
        { GATE: () => this.at(T.StringText, 2), ALT: () => this.SUBRULE(this.include) },
        { ALT: () => this.SUBRULE(this.typedefDecl) },
        { ALT: () => this.SUBRULE(this.operation) },
      ],
      ERR_MSG: "include, typedef or an operation",
    }),
  );

  private readonly include: ParserMethod<[], AcfItem> = this.rule("acfInclude", () => {
    const start = this.CONSUME(T.Identifier);
    this.SUBRULE(this.string);
    this.MANY(() => {
      this.CONSUME(T.Comma);
      this.SUBRULE2(this.string);
    });
    this.SUBRULE(this.endOfMember, { ARGS: ["include"] });
    return { $type: "AcfInclude", span: this.spanFrom(start) };
  });

  private readonly typedefDecl: ParserMethod<[], AcfItem> = this.rule("acfTypedef", () => {
    const start = this.CONSUME(T.Typedef);
    const attributes = this.SUBRULE(this.attributes);
    const names: Identifier[] = [this.identifier(this.CONSUME(T.Identifier))];
    this.MANY(() => {
      this.CONSUME(T.Comma);
      names.push(this.identifier(this.CONSUME2(T.Identifier)));
    });
    this.SUBRULE(this.endOfMember, { ARGS: [this.ACTION(() => names.at(-1)?.name)] });
    return { $type: "AcfTypedef", span: this.spanFrom(start), attributes, names };
  });

  private readonly operation: ParserMethod<[], AcfItem> = this.rule("acfOperation", () => {
    const start = this.LA(1);
    const attributes = this.SUBRULE(this.attributes);
    const name = this.identifier(this.CONSUME(T.Identifier));
    const params: AcfOperation["params"][number][] = [];
    this.CONSUME(T.OpenParen);
    this.OPTION({
      GATE: () => !this.at(T.CloseParen),
      DEF: () => {
        params.push(this.SUBRULE(this.acfParam));
        this.MANY(() => {
          this.CONSUME(T.Comma);
          params.push(this.SUBRULE2(this.acfParam));
        });
      },
    });
    this.CONSUME(T.CloseParen);
    this.SUBRULE(this.endOfMember, { ARGS: [name.name] });
    return { $type: "AcfOperation", span: this.spanFrom(start), attributes, name, params };
  });

  private readonly acfParam: ParserMethod<
    [],
    { readonly attributes: readonly Attribute[]; readonly name: Identifier }
  > = this.rule("acfParam", () => {
    const attributes = this.SUBRULE(this.attributes);
    return { attributes, name: this.identifier(this.CONSUME(T.Identifier)) };
  });

  private skipDeclaration(): void {
    this.skipUntil(({ tokenType }) => tokenType === T.Semicolon);
    if (this.at(T.Semicolon)) this.SKIP_TOKEN();
  }
}
