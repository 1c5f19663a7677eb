/**
 * The syntax tree of an IDL file: what was written, nothing resolved.
 *
 * Every node has a `$type` to switch on and the `span` it was read from. Attributes stay as
 * written, on the node they precede; the checker gives them meaning.
 */
import type { Span } from "./span.ts";

interface Node<T extends string> {
  readonly $type: T;
  readonly span: Span;
}

/** A name as written. */
export interface Identifier {
  readonly name: string;
  readonly span: Span;
}

/** One source file after preprocessing, with the text of its includes in place. */
export interface IdlFile extends Node<"File"> {
  readonly path: string;
  readonly items: readonly Item[];
}

/** Anything that may stand at file level, in a library, or in an interface. */
export type Item =
  | ImportDecl
  | ImportLibDecl
  | CppQuoteDecl
  | PragmaDecl
  | InterfaceDecl
  | DispinterfaceDecl
  | CoclassDecl
  | LibraryDecl
  | ModuleDecl
  | NamespaceDecl
  | ForwardDecl
  | TypedefDecl
  | TypeDecl
  | ConstDecl
  | OperationDecl;

/** `import "a.idl", "b.idl";` */
export interface ImportDecl extends Node<"Import"> {
  readonly paths: readonly StringLiteral[];
}
/** `importlib("stdole2.tlb");` */
export interface ImportLibDecl extends Node<"ImportLib"> {
  readonly path: StringLiteral;
}
/** `cpp_quote("...")` */
export interface CppQuoteDecl extends Node<"CppQuote"> {
  readonly text: StringLiteral;
}
/** `midl_pragma warning(disable: 2368)` and `#pragma` lines, kept as text. */
export interface PragmaDecl extends Node<"Pragma"> {
  readonly text: string;
}

/** `[attributes] interface Name : Base { items }` */
export interface InterfaceDecl extends Node<"Interface"> {
  readonly attributes: readonly Attribute[];
  readonly name: Identifier;
  readonly base?: Identifier;
  readonly items: readonly Item[];
}
/** `dispinterface Name { properties: ... methods: ... };` or `dispinterface Name { interface I; };` */
export interface DispinterfaceDecl extends Node<"Dispinterface"> {
  readonly attributes: readonly Attribute[];
  readonly name: Identifier;
  readonly properties: readonly FieldDecl[];
  readonly methods: readonly OperationDecl[];
  readonly of?: Identifier;
}
/** `coclass Name { [default] interface I; };` */
export interface CoclassDecl extends Node<"Coclass"> {
  readonly attributes: readonly Attribute[];
  readonly name: Identifier;
  readonly interfaces: readonly {
    readonly attributes: readonly Attribute[];
    readonly form: "interface" | "dispinterface";
    readonly name: Identifier;
  }[];
}
/** `library Name { items };` */
export interface LibraryDecl extends Node<"Library"> {
  readonly attributes: readonly Attribute[];
  readonly name: Identifier;
  readonly items: readonly Item[];
}
/** `module Name { items };` */
export interface ModuleDecl extends Node<"Module"> {
  readonly attributes: readonly Attribute[];
  readonly name: Identifier;
  readonly items: readonly Item[];
}
/**
 * `namespace Name.Inner { ... }` of the Windows Runtime. What is in it has no DCE/RPC form, so its
 * text is passed over.
 */
export interface NamespaceDecl extends Node<"Namespace"> {
  readonly name: Identifier;
}

/** `interface Name;`, `coclass Name;`, `dispinterface Name;` */
export interface ForwardDecl extends Node<"Forward"> {
  readonly form: "interface" | "dispinterface" | "coclass" | "module" | "library";
  readonly name: Identifier;
}

/** `typedef [attributes] type declarator, declarator;` */
export interface TypedefDecl extends Node<"Typedef"> {
  readonly attributes: readonly Attribute[];
  readonly type: TypeSpec;
  readonly declarators: readonly Declarator[];
}
/** `struct Tag { ... };` and its likes standing alone. */
export interface TypeDecl extends Node<"TypeDecl"> {
  readonly attributes: readonly Attribute[];
  readonly type: TypeSpec;
}
/** `const type name = expression, ...;` */
export interface ConstDecl extends Node<"Const"> {
  readonly attributes: readonly Attribute[];
  readonly type: TypeSpec;
  readonly declarators: readonly (Declarator & { readonly value: Expr })[];
}
/** `[attributes] type name(params);` The declarator's parts are those of the result (`T *f()`). */
export interface OperationDecl extends Node<"Operation"> {
  readonly attributes: readonly Attribute[];
  readonly type: TypeSpec;
  readonly declarator: Declarator;
  readonly params: readonly ParamDecl[];
}
/** One parameter. `(void)` is no parameter. The declarator may lack a name. */
export interface ParamDecl extends Node<"Param"> {
  readonly attributes: readonly Attribute[];
  readonly type: TypeSpec;
  readonly declarator: Declarator;
}

/**
 * A declarator, outermost part first as C reads it from the name: `*a[3]` is an array of pointers,
 * `parts: [array 3, pointer]`; `(*a)[3]` is `[pointer, array 3]`.
 */
export interface Declarator extends Node<"Declarator"> {
  readonly name?: Identifier;
  readonly parts: readonly DeclaratorPart[];
  /** The width of a bit field: `unsigned a : 3`. */
  readonly bits?: Expr;
}
export type DeclaratorPart = PointerPart | ArrayPart | FunctionPart;
/** `*`. Attributes may follow it in some dialects (`* [unique]`). */
export interface PointerPart extends Node<"PointerPart"> {
  readonly attributes: readonly Attribute[];
  readonly isConst: boolean;
}
/** `[8]`, `[]`, `[*]`, `[low..high]` */
export interface ArrayPart extends Node<"ArrayPart"> {
  /** Absent for `[]` and `[*]`. With `low`, the upper bound, inclusive; alone, the element count. */
  readonly bound?: Expr;
  readonly low?: Expr;
}
/** `(*name)(params)` */
export interface FunctionPart extends Node<"FunctionPart"> {
  readonly params: readonly ParamDecl[];
}

// ---- types -----------------------------------------------------------------------------------

export type TypeSpec =
  | BaseTypeSpec
  | NamedTypeSpec
  | StructSpec
  | UnionSpec
  | EnumSpec
  | PipeSpec
  | SafeArraySpec
  | InterfaceTypeSpec;

/** The base types after their spellings are normalised (`unsigned hyper int` -> `unsigned hyper`). */
export type BaseTypeName =
  | "byte"
  | "boolean"
  | "char"
  | "signed char"
  | "unsigned char"
  | "wchar_t"
  | "small"
  | "unsigned small"
  | "short"
  | "unsigned short"
  | "long"
  | "unsigned long"
  | "int"
  | "unsigned int"
  | "hyper"
  | "unsigned hyper"
  | "__int3264"
  | "unsigned __int3264"
  | "__int128"
  | "float"
  | "double"
  | "void"
  | "handle_t"
  | "error_status_t"
  | "ISO_LATIN_1"
  | "ISO_MULTI_LINGUAL"
  | "ISO_UCS";

export interface BaseTypeSpec extends Node<"BaseType"> {
  readonly name: BaseTypeName;
  readonly isConst: boolean;
}
export interface NamedTypeSpec extends Node<"NamedType"> {
  readonly name: Identifier;
  readonly isConst: boolean;
}
/** `struct Tag { fields }`, `struct { fields }`, or, without `fields`, a reference to `struct Tag`. */
export interface StructSpec extends Node<"Struct"> {
  readonly attributes: readonly Attribute[];
  readonly tag?: Identifier;
  readonly fields?: readonly FieldDecl[];
}
/** Both kinds of union. `discriminant` makes it an encapsulated one: `union switch (long t) u {...}`. */
export interface UnionSpec extends Node<"Union"> {
  readonly attributes: readonly Attribute[];
  readonly tag?: Identifier;
  readonly discriminant?: {
    readonly type: TypeSpec;
    readonly name: Identifier;
    /** The name given to the union part: `u` above. */
    readonly unionName?: Identifier;
  };
  readonly arms?: readonly UnionArm[];
}
/** One arm: `case 1: case 2: [default] long a;` or `[case(1,2)] long a;`. No field for an empty arm. */
export interface UnionArm extends Node<"UnionArm"> {
  readonly labels: readonly Expr[];
  readonly isDefault: boolean;
  readonly field?: FieldDecl;
}
export interface EnumSpec extends Node<"Enum"> {
  readonly attributes: readonly Attribute[];
  readonly tag?: Identifier;
  readonly members?: readonly {
    readonly name: Identifier;
    readonly value?: Expr;
    readonly attributes: readonly Attribute[];
    readonly span: Span;
  }[];
}
/** `pipe T` in a typedef. */
export interface PipeSpec extends Node<"Pipe"> {
  readonly element: TypeSpec;
}
/** `SAFEARRAY(T)` */
export interface SafeArraySpec extends Node<"SafeArray"> {
  readonly element: TypeSpec;
  readonly parts: readonly DeclaratorPart[];
}
/** `interface IFoo` or `coclass Foo` used as a type. */
export interface InterfaceTypeSpec extends Node<"InterfaceType"> {
  readonly name: Identifier;
}
/** A structure's or union arm's member; a member without a declarator is an anonymous struct or union. */
export interface FieldDecl extends Node<"Field"> {
  readonly attributes: readonly Attribute[];
  readonly type: TypeSpec;
  readonly declarators: readonly Declarator[];
}

// ---- attributes and expressions --------------------------------------------------------------

/** `name` or `name(args)` inside brackets. */
export interface Attribute extends Node<"Attribute"> {
  readonly name: Identifier;
  /** Absent without parentheses. `size_is(,*n)` has an `Omitted` first. */
  readonly args?: readonly AttributeArg[];
}
export type AttributeArg = Expr | OmittedArg | RawArg | TypeArg;
/** Nothing between two commas. */
export interface OmittedArg extends Node<"Omitted"> {}
/** Text that is no expression: the UUID of `uuid(...)`, the `1.0` of `version(1.0)`. */
export interface RawArg extends Node<"Raw"> {
  readonly text: string;
}
/** A type where one is wanted: `switch_type(unsigned long)`, `transmit_as(T)`. */
export interface TypeArg extends Node<"TypeArg"> {
  readonly type: TypeSpec;
  readonly declarator: Declarator;
}

export type Expr =
  | IntegerLiteral
  | FloatLiteral
  | CharLiteral
  | StringLiteral
  | NameExpr
  | UnaryExpr
  | BinaryExpr
  | ConditionalExpr
  | CastExpr
  | SizeofExpr
  | MemberExpr;

export interface IntegerLiteral extends Node<"Integer"> {
  readonly value: bigint;
  /** `u`, `l`, `ul`... in lower case. */
  readonly suffix: string;
}
export interface FloatLiteral extends Node<"Float"> {
  readonly value: number;
}
export interface CharLiteral extends Node<"Char"> {
  readonly value: number;
  readonly wide: boolean;
}
/** Adjacent literals are joined. `value` has its escapes resolved. */
export interface StringLiteral extends Node<"String"> {
  readonly value: string;
  readonly wide: boolean;
}
/** A constant, enumerator, parameter or field; also `TRUE`, `FALSE` and `NULL`. */
export interface NameExpr extends Node<"Name"> {
  readonly name: string;
}
export type UnaryOp = "+" | "-" | "~" | "!" | "*" | "&";
export interface UnaryExpr extends Node<"Unary"> {
  readonly op: UnaryOp;
  readonly operand: Expr;
}
export type BinaryOp =
  | "*" | "/" | "%" | "+" | "-" | "<<" | ">>" | "<" | "<=" | ">" | ">="
  | "==" | "!=" | "&" | "^" | "|" | "&&" | "||"; // prettier-ignore
export interface BinaryExpr extends Node<"Binary"> {
  readonly op: BinaryOp;
  readonly left: Expr;
  readonly right: Expr;
}
export interface ConditionalExpr extends Node<"Conditional"> {
  readonly test: Expr;
  readonly then: Expr;
  readonly else: Expr;
}
export interface CastExpr extends Node<"Cast"> {
  readonly type: TypeSpec;
  readonly parts: readonly DeclaratorPart[];
  readonly operand: Expr;
}
export interface SizeofExpr extends Node<"Sizeof"> {
  readonly type: TypeSpec;
  readonly parts: readonly DeclaratorPart[];
}
/** `a.b`, `a->b` */
export interface MemberExpr extends Node<"Member"> {
  readonly object: Expr;
  readonly arrow: boolean;
  readonly member: Identifier;
}
