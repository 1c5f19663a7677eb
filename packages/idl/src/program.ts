/**
 * A checked program: names resolved, constants evaluated, attributes given meaning.
 *
 * Symbols are objects with identity (a structure may reach itself through a pointer), so a program
 * is not JSON. The wire plan, made from it, is.
 */
import type { BaseTypeName, BinaryOp } from "./ast.ts";
import type { Span, SourceText } from "./span.ts";

export interface Program {
  /** The files given to the compiler, in order; not those they import. */
  readonly roots: readonly string[];
  /** Every file read, for rendering spans. */
  readonly sources: ReadonlyMap<string, SourceText>;
  readonly interfaces: readonly InterfaceSymbol[];
  /** Named types in order of declaration, those of imported files included. */
  readonly types: readonly TypeSymbol[];
  readonly constants: readonly ConstantSymbol[];
}

/** An attribute after its arguments were checked against the attribute table. */
export interface AttributeValue {
  readonly name: string;
  readonly span: Span;
  readonly args: readonly AttributeArgValue[];
}
export type AttributeArgValue =
  | { readonly kind: "expr"; readonly expr: Correlation }
  | { readonly kind: "omitted" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "type"; readonly type: Type };

/** Attributes by name. A name stands once; an attribute without arguments has an empty list. */
export type Attributes = ReadonlyMap<string, AttributeValue>;

interface SymbolBase {
  readonly name: string;
  readonly span: Span;
  readonly attributes: Attributes;
}

export interface InterfaceSymbol extends SymbolBase {
  readonly kind: "interface";
  readonly form: "rpc" | "object" | "dispinterface";
  /** Lower case, without braces; null for an interface without one (`local`, header-only). */
  readonly uuid: string | null;
  readonly version: { readonly major: number; readonly minor: number };
  readonly base: InterfaceSymbol | null;
  /** What an unattributed embedded pointer is. */
  readonly pointerDefault: "ref" | "unique" | "ptr";
  /** In order of declaration, without the base's. Local and call_as operations are marked by attribute. */
  readonly operations: readonly OperationSymbol[];
  /** Declared in a file given to the compiler, not in an imported one. */
  readonly isRoot: boolean;
}

export interface OperationSymbol extends SymbolBase {
  readonly kind: "operation";
  /**
   * Counts a base's operations; callbacks are counted apart. Null for a local operation that holds
   * no opnum: one outside of COM, or one whose opnum a call_as operation takes. The other local
   * operations of a COM interface hold theirs, since an opnum there is a place in the vtable.
   */
  readonly opnum: number | null;
  readonly params: readonly ParamSymbol[];
  readonly result: Type;
}

export interface ParamSymbol extends SymbolBase {
  readonly kind: "param";
  readonly isIn: boolean;
  readonly isOut: boolean;
  readonly type: Type;
}

export type TypeSymbol = TypedefSymbol | StructSymbol | UnionSymbol | EnumSymbol;

/** `typedef [attributes] type name`. Each declarator of a typedef makes one. */
export interface TypedefSymbol extends SymbolBase {
  readonly kind: "typedef";
  readonly type: Type;
}

/** `name` is the tag, or the first plain typedef name of a tagless one, or one made from its place. */
export interface StructSymbol extends SymbolBase {
  readonly kind: "struct";
  /** Tagless and never named: its name was made up. */
  readonly isAnonymous: boolean;
  /** False for `struct Tag;` that no file defines. */
  readonly isComplete: boolean;
  readonly fields: readonly FieldSymbol[];
}

export interface FieldSymbol extends SymbolBase {
  readonly kind: "field";
  readonly type: Type;
  readonly bits?: number;
}

export interface UnionSymbol extends SymbolBase {
  readonly kind: "union";
  readonly isAnonymous: boolean;
  readonly isComplete: boolean;
  /** Encapsulated: the discriminant is part of it. */
  readonly discriminant: {
    readonly name: string;
    readonly unionName: string;
    readonly type: Type;
  } | null;
  /** Non-encapsulated: the type of its discriminant, from switch_type or the switch_is target. */
  readonly switchType: Type | null;
  readonly arms: readonly UnionArmSymbol[];
}

export interface UnionArmSymbol {
  readonly labels: readonly bigint[];
  readonly isDefault: boolean;
  /** Null for an empty arm. */
  readonly field: FieldSymbol | null;
  readonly span: Span;
}

export interface EnumSymbol extends SymbolBase {
  readonly kind: "enum";
  readonly isAnonymous: boolean;
  readonly isComplete: boolean;
  /** Values are those of a signed 32-bit integer: 0x80000000 is -2147483648. */
  readonly members: readonly {
    readonly name: string;
    readonly value: number;
    readonly span: Span;
  }[];
}

export interface ConstantSymbol extends SymbolBase {
  readonly kind: "constant";
  readonly type: Type;
  readonly value: bigint | number | string | null;
}

export type Type =
  | { readonly kind: "base"; readonly name: BaseTypeName }
  | { readonly kind: "typedef"; readonly symbol: TypedefSymbol }
  | { readonly kind: "struct"; readonly symbol: StructSymbol }
  | { readonly kind: "union"; readonly symbol: UnionSymbol }
  | { readonly kind: "enum"; readonly symbol: EnumSymbol }
  | { readonly kind: "pointer"; readonly target: Type; readonly attributes?: Attributes }
  | { readonly kind: "array"; readonly element: Type; readonly bound: ArrayBound }
  | { readonly kind: "function" }
  | { readonly kind: "pipe"; readonly element: Type }
  | { readonly kind: "safearray"; readonly element: Type }
  | { readonly kind: "interface"; readonly symbol: InterfaceSymbol };

/** `count` is the number of elements; `open` is `[]` or `[*]`. */
export type ArrayBound =
  | { readonly kind: "fixed"; readonly count: number; readonly low?: number }
  | { readonly kind: "open" };

/**
 * An expression over constants and over the fields or parameters beside the one that carries it.
 * `field` follows a path of names from the enclosing structure or operation.
 */
export type Correlation =
  | { readonly op: "const"; readonly value: bigint }
  | { readonly op: "field"; readonly path: readonly string[] }
  | { readonly op: "deref"; readonly of: Correlation }
  | { readonly op: "unary"; readonly operator: "+" | "-" | "~" | "!"; readonly of: Correlation }
  | {
      readonly op: "binary";
      readonly operator: BinaryOp;
      readonly left: Correlation;
      readonly right: Correlation;
    }
  | {
      readonly op: "conditional";
      readonly test: Correlation;
      readonly then: Correlation;
      readonly else: Correlation;
    };
