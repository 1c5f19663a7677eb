/**
 * The wire plan: what every operation and type of a program looks like in NDR 2.0 and NDR64.
 *
 * Plain data, JSON-serialisable, with the place in the IDL each part came from. Every back end reads
 * it and nothing else: the TypeScript codecs, the interpreter behind `msrpc decode`, the layout
 * explainer. A construct that it can't express is a diagnostic, never a guess.
 */

export interface WirePlan {
  /** Raised when a reader of the previous form would misread this one. */
  readonly format: 1;
  readonly interfaces: readonly InterfacePlan[];
  /** Named types that an interface here uses, directly or not, by name; dependencies first. */
  readonly types: Readonly<Record<string, TypePlan>>;
  readonly constants: readonly ConstantPlan[];
}

/** A place in an IDL file; `line` and `column` start at 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface ConstantPlan {
  readonly name: string;
  /** Integers as decimal text, since JSON has no 64-bit numbers. */
  readonly value: { readonly integer: string } | { readonly float: number } | { readonly text: string } | null;
  readonly place: Place;
}

export interface InterfacePlan {
  readonly name: string;
  readonly form: "rpc" | "object";
  /** Lower case, without braces. */
  readonly uuid: string;
  readonly version: { readonly major: number; readonly minor: number };
  /** The base interface of an object interface, by name; its operations come first in `operations`. */
  readonly base: string | null;
  /** As written: `ncacn_ip_tcp:[135]`. */
  readonly endpoints: readonly string[];
  /** In order of opnum, each opnum once, without holes. */
  readonly operations: readonly OperationPlan[];
  readonly place: Place;
}

export interface OperationPlan {
  readonly name: string;
  readonly opnum: number;
  /**
   * `call`: has a wire form. `absent`: its opnum is taken and nothing can be sent (a name that says
   * "not used on wire" or "reserved"; a call_as pair without a remote form).
   */
  readonly form: "call" | "absent";
  /** In order of declaration; binding handles, which are not on the wire, left out. */
  readonly params: readonly ParamPlan[];
  /** Last on the wire of the response; null for void. */
  readonly result: WireType | null;
  readonly semantics: {
    readonly idempotent: boolean;
    readonly broadcast: boolean;
    readonly maybe: boolean;
    readonly message: boolean;
    /** Runs from server to client. */
    readonly callback: boolean;
    /** Answered when the server sees fit; others pass it. Same bytes. */
    readonly async: boolean;
  };
  readonly place: Place;
}

export interface ParamPlan {
  readonly name: string;
  readonly isIn: boolean;
  readonly isOut: boolean;
  /** A by-value type, or, for `[in] T *p` and `[out] T *p`, a `ref` pointer, which has no bytes. */
  readonly type: WireType;
  readonly place: Place;
}

// ---- types in use ----------------------------------------------------------------------------

export type WireType =
  | PrimitiveType
  | NamedType
  | UnionUse
  | PointerType
  | ArrayType
  | StringType
  | PipeType
  | InterfacePointerType;

/**
 * Width and alignment are in the name. `u3264`/`i3264` are 4 bytes in NDR 2.0 and 8 in NDR64.
 * `boolean` and `byte` are one byte; `char8` and `wchar` are characters outside a string;
 * `error` is error_status_t, a u32 that is a status.
 */
export type PrimitiveName =
  | "u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "u64" | "i64" | "u3264" | "i3264"
  | "f32" | "f64" | "boolean" | "byte" | "char8" | "wchar" | "error"; // prettier-ignore

export interface PrimitiveType {
  readonly kind: "primitive";
  readonly name: PrimitiveName;
  /** `range(low, high)`, both inclusive, as decimal text. */
  readonly range?: { readonly low: string; readonly high: string };
  /** The typedef it was written as (`DWORD`), when there is one. */
  readonly alias?: string;
}

/** A structure, encapsulated union, enumeration, context handle or alias of `WirePlan.types`. */
export interface NamedType {
  readonly kind: "named";
  readonly name: string;
  /** Of an enumeration. */
  readonly range?: { readonly low: string; readonly high: string };
}

/** A non-encapsulated union together with what selects its arm. */
export interface UnionUse {
  readonly kind: "union";
  readonly name: string;
  readonly switchIs: Expr;
}

/**
 * A pointer. On the wire: a `ref` parameter and the target of a `ref` parameter's pointer have no
 * representation of their own; every embedded pointer has a referent id of 4 (NDR64: 8) bytes in place and
 * its target is deferred to the end of the outermost constructed type, or follows at once where
 * the pointer is not in one.
 */
export interface PointerType {
  readonly kind: "pointer";
  readonly class: "ref" | "unique" | "full";
  readonly target: WireType;
  /** [ignore]: a referent id in place, never a target. */
  readonly isIgnored?: boolean;
}

/** An array of one or more dimensions, outermost first. Elements stand in row-major order. */
export interface ArrayType {
  readonly kind: "array";
  readonly element: WireType;
  readonly dimensions: readonly Dimension[];
}

/**
 * `size` is a number for a fixed dimension, else the expression of the conformance (max_is(m) is
 * planned as m + 1), or null where the IDL states none and only the wire knows (`[*]` of a [string]).
 * `length` and `first` are there where the dimension is varying.
 */
export interface Dimension {
  readonly size: number | Expr | null;
  readonly isConformant: boolean;
  readonly varying: { readonly length: Expr | null; readonly first: Expr | null } | null;
}

/** [string]: a varying array of characters up to a terminator, conformant unless its bound is fixed. */
export interface StringType {
  readonly kind: "string";
  /** `byte` for [string] on bytes and on structures of bytes is refused elsewhere. */
  readonly char: "char8" | "wchar";
  readonly isConformant: boolean;
  /** The fixed bound in characters, terminator included; null when conformant. */
  readonly bound: number | null;
  /** size_is beside [string]: the max count. Null: it is the length of the string. */
  readonly size: Expr | null;
}

/** Chunks of a u32 (NDR64: u64) count and that many elements, ended by an empty chunk. */
export interface PipeType {
  readonly kind: "pipe";
  readonly element: WireType;
}

/** A marshalled interface pointer: what an embedded pointer to an object interface points to. */
export interface InterfacePointerType {
  readonly kind: "interfacePointer";
  /** The interface, by name; null for `void *` with iid_is. */
  readonly interface: string | null;
  readonly iidIs: Expr | null;
}

// ---- named types -----------------------------------------------------------------------------

export type TypePlan = StructPlan | UnionPlan | EnumPlan | AliasPlan | ContextHandlePlan;

/** Alignment and size in bytes; no size for what varies. */
export interface Layout {
  readonly align: number;
  readonly size: number | null;
}

interface TypePlanBase {
  readonly name: string;
  /** The file it is declared in is imported, so another package may hold its code. */
  readonly file: string;
  readonly place: Place;
  /** Other names given to it by plain typedefs: `ENUM_LIST` for `struct _ENUM_LIST`. */
  readonly aliases: readonly string[];
  readonly layout: { readonly ndr: Layout; readonly ndr64: Layout };
}

export interface StructPlan extends TypePlanBase {
  readonly kind: "struct";
  readonly fields: readonly FieldPlan[];
  /**
   * The number of conformant dimensions whose max counts stand before the structure, because its last field
   * is (or ends in) a conformant array; 0 for most.
   */
  readonly hoisted: number;
}

export interface FieldPlan {
  readonly name: string;
  readonly type: WireType;
  readonly place: Place;
}

export interface UnionPlan extends TypePlanBase {
  readonly kind: "union";
  /** Encapsulated: names of the discriminant and of the union part. */
  readonly encapsulated: { readonly discriminant: string; readonly union: string } | null;
  /** The type of the discriminant on the wire. It stands before the arm in both kinds of union. */
  readonly switchType: PrimitiveType | NamedType;
  readonly arms: readonly ArmPlan[];
  /** [ms_union]: in NDR 2.0 the arm aligns as the union's largest, not as itself. */
  readonly isMsUnion: boolean;
}

export interface ArmPlan {
  /** Decimal text. Empty for a pure default arm. */
  readonly labels: readonly string[];
  readonly isDefault: boolean;
  /** Null for an empty arm. */
  readonly field: FieldPlan | null;
}

export interface EnumPlan extends TypePlanBase {
  readonly kind: "enum";
  /** [v1_enum]: 4 bytes in both syntaxes. Else 2 in NDR 2.0 and 4 in NDR64. */
  readonly isV1: boolean;
  readonly members: readonly { readonly name: string; readonly value: number }[];
}

/** A typedef that adds something to its target: a pointer, an array, a string, a range. */
export interface AliasPlan extends TypePlanBase {
  readonly kind: "alias";
  readonly type: WireType;
}

/** 20 bytes: a u32 of attributes and a UUID. */
export interface ContextHandlePlan extends TypePlanBase {
  readonly kind: "contextHandle";
  readonly isStrict: boolean;
  readonly serialize: "serialize" | "noserialize" | null;
}

// ---- expressions -----------------------------------------------------------------------------

/** Over the fields of the enclosing structure, or the parameters of the operation, by wire name. */
export type Expr =
  | { readonly op: "const"; readonly value: string }
  | { readonly op: "field"; readonly path: readonly string[] }
  | { readonly op: "deref"; readonly of: Expr }
  | { readonly op: "unary"; readonly operator: "+" | "-" | "~" | "!"; readonly of: Expr }
  | { readonly op: "binary"; readonly operator: string; readonly left: Expr; readonly right: Expr }
  | { readonly op: "conditional"; readonly test: Expr; readonly then: Expr; readonly else: Expr };
