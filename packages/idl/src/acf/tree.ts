/**
 * The syntax tree of an attribute configuration file (ACF): attributes for what an IDL file
 * declares, kept apart from it because they are about one program and not about the wire.
 */
import type { Attribute, Identifier } from "../ast.ts";
import type { Span } from "../span.ts";

export interface AcfFile {
  readonly $type: "AcfFile";
  readonly path: string;
  readonly span: Span;
  readonly interfaces: readonly AcfInterface[];
}

/** `[auto_handle] interface Name { items }` */
export interface AcfInterface {
  readonly $type: "AcfInterface";
  readonly span: Span;
  readonly attributes: readonly Attribute[];
  readonly name: Identifier;
  readonly items: readonly AcfItem[];
}

export type AcfItem = AcfInclude | AcfTypedef | AcfOperation;

/** `include "a", "b";`: headers for generated C, which mean nothing here. */
interface AcfInclude {
  readonly $type: "AcfInclude";
  readonly span: Span;
}

/** `typedef [represent_as(T)] A, B;` */
export interface AcfTypedef {
  readonly $type: "AcfTypedef";
  readonly span: Span;
  readonly attributes: readonly Attribute[];
  readonly names: readonly Identifier[];
}

/** `[comm_status] Name([attributes] param, ...);` Parameters without attributes may be left out. */
export interface AcfOperation {
  readonly $type: "AcfOperation";
  readonly span: Span;
  readonly attributes: readonly Attribute[];
  readonly name: Identifier;
  readonly params: readonly {
    readonly attributes: readonly Attribute[];
    readonly name: Identifier;
  }[];
}
