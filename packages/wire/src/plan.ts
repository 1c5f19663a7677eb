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
  readonly value:
    { readonly integer: string } | { readonly float: number } | { readonly text: string } | null;
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
  /**
   * In order of opnum, each opnum once, without holes. Those of an object interface begin with the parameters
   * `orpcThis` and `orpcThat`, which the IDL leaves unsaid ([MS-DCOM] 2.2.13).
   */
  readonly operations: readonly OperationPlan[];
  /** [callback] operations, which run from server to client and are numbered by themselves. */
  readonly callbacks: readonly OperationPlan[];
  /** Context handles of this interface are not valid for another. */
  readonly isStrict: boolean;
  /** Context handles are not valid as another type of handle. */
  readonly isTypeStrict: boolean;
  readonly place: Place;
}

export interface OperationPlan {
  readonly name: string;
  readonly opnum: number;
  /**
   * `call`: has a wire form. `absent`: its opnum is taken and nothing can be sent: the name is of the
   * form `Opnum12NotUsedOnWire`, `Opnum12Reserved` or the like, or a local operation holds its place.
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
    /** Answered when the server sees fit; others pass it. Same bytes. */
    readonly async: boolean;
  };
  readonly place: Place;
}

export interface ParamPlan {
  readonly name: string;
  readonly isIn: boolean;
  readonly isOut: boolean;
  /** Not in the IDL: it comes with the kind of interface. */
  readonly isImplicit?: true;
  /** A by-value type, or, for `[in] T *p` and `[out] T *p`, a `ref` pointer, which has no bytes. */
  readonly type: WireType;
  readonly place: Place;
}

/** `range(low, high)`, both inclusive, as decimal text. */
export interface Range {
  readonly low: string;
  readonly high: string;
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

/** What every type in use may have. */
interface WireTypeBase {
  /**
   * The typedef of a type that a program sees in its place ([transmit_as], [wire_marshal], [represent_as],
   * [user_marshal]). What is sent depends on nothing but the type here.
   */
  readonly presents?: string;
}

/**
 * Width and alignment are in the name. `u3264`/`i3264` are 4 bytes in NDR 2.0 and 8 in NDR64.
 * `boolean` and `byte` are one byte; `char8` and `wchar` are characters outside a string;
 * `error` is error_status_t, a u32 that is a status.
 */
export type PrimitiveName =
  | "u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "u64" | "i64" | "u3264" | "i3264"
  | "f32" | "f64" | "boolean" | "byte" | "char8" | "wchar" | "error"; // prettier-ignore

export interface PrimitiveType extends WireTypeBase {
  readonly kind: "primitive";
  readonly name: PrimitiveName;
  readonly range?: Range;
  /** The typedef it was written as (`DWORD`), when there is one. */
  readonly alias?: string;
}

/**
 * A structure, encapsulated union, enumeration or context handle of `WirePlan.types`. Other typedefs
 * are not named: a use has what they stand for in place, since a pointer's class depends on where it is.
 */
export interface NamedType extends WireTypeBase {
  readonly kind: "named";
  readonly name: string;
  /** Of an enumeration. */
  readonly range?: Range;
}

/** A non-encapsulated union together with what selects its arm. */
export interface UnionUse extends WireTypeBase {
  readonly kind: "union";
  readonly name: string;
  readonly switchIs: Expr;
}

/**
 * A pointer: a referent id of 4 (NDR64: 8) bytes in place, and its target. The target is deferred to
 * the end of the outermost structure, union or array that the pointer is in, or follows at once where it is
 * in none. Whoever is deferred together comes in the order of the ids, each with its own deferred part
 * right behind it.
 */
export interface PointerType extends WireTypeBase {
  readonly kind: "pointer";
  readonly class: "ref" | "unique" | "full";
  /**
   * Where the id is sent. `none`: a ref pointer outside of structures, unions and arrays. `ndr64`: a ref
   * pointer that is the element of an array, which has no place in NDR 2.0 ([MS-RPCE] 2.2.5.3.5.1).
   */
  readonly id: "both" | "ndr64" | "none";
  readonly target: WireType;
  /** [ignore]: a referent id in place, never a target. */
  readonly isIgnored?: true;
  /** [disable_consistency_check]: may be null beside a count that is not 0, at level 6.0 too. */
  readonly mayBeNullWithCount?: true;
}

/** An array of one or more dimensions, outermost first. Elements stand in row-major order. */
export interface ArrayType extends WireTypeBase {
  readonly kind: "array";
  readonly element: WireType;
  readonly dimensions: readonly Dimension[];
}

/**
 * `size` is a number for a fixed dimension, else the expression of the conformance (max_is(m) is
 * planned as m + 1, max_is(m) with min_is(n) as m - n + 1), or null where the IDL states none and only
 * the wire knows. A conformant dimension may have a constant size: `size_is(16)`.
 *
 * `varying` is there for all dimensions of an array or for none: its header has an offset and an
 * actual count for each. `length` null is all from `first` on (last_is(l) is planned as l - first + 1);
 * `first` null is 0.
 */
export interface Dimension {
  readonly size: number | Expr | null;
  readonly isConformant: boolean;
  readonly varying: { readonly length: Expr | null; readonly first: Expr | null } | null;
  /** Of the max count, checked at level 6.0. */
  readonly range?: Range;
}

/** [string]: a varying array of characters up to a terminator, conformant unless its bound is fixed. */
export interface StringType extends WireTypeBase {
  readonly kind: "string";
  readonly char: "char8" | "wchar";
  readonly isConformant: boolean;
  /** The fixed bound in characters, terminator included; null when conformant. */
  readonly bound: number | null;
  /** size_is beside [string]: the max count. Null: it is the length of the string. */
  readonly size: Expr | null;
  /** Of the length, terminator included; with `size`, of the max count. Checked at level 6.0. */
  readonly range?: Range;
}

/**
 * Chunks of a u32 count and that many elements, ended by a count of 0. In NDR64 the count is a u64, and
 * stands behind each chunk once more, negated; so the end is two zeros. A pipe has no part among the
 * parameters: in a request pipes stand behind all other parameters, in a response before them.
 */
export interface PipeType extends WireTypeBase {
  readonly kind: "pipe";
  readonly element: WireType;
  /** Of the number of elements in a chunk. */
  readonly range?: Range;
}

/**
 * A marshalled interface pointer ([MS-DCOM] 2.2.14): the target of a unique pointer. On the wire a
 * max count, a u32 with the same number, and so many bytes of an OBJREF.
 */
export interface InterfacePointerType extends WireTypeBase {
  readonly kind: "interfacePointer";
  /** The interface, by name; null for `void *` with iid_is. */
  readonly interface: string | null;
  readonly iidIs: Expr | null;
}

// ---- named types -----------------------------------------------------------------------------

export type TypePlan = StructPlan | UnionPlan | EnumPlan | ContextHandlePlan;

/** Alignment and size in bytes; no size for what varies. */
export interface Layout {
  readonly align: number;
  readonly size: number | null;
}

interface TypePlanBase {
  readonly name: string;
  /** Its file is among those that a file imports, so another package may hold its code. */
  readonly isImported: boolean;
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
  /** Holds embedded pointers, so it has a deferred part. */
  readonly hasDeferred: boolean;
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
  /** Where the arm begins is a multiple of these; null: of the alignment of the arm chosen. */
  readonly armAlign: { readonly ndr: number | null; readonly ndr64: number };
  /** An arm holds embedded pointers, so it has a deferred part. */
  readonly hasDeferred: boolean;
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

/** The type of handles that are declared without one, `[context_handle] void *`: it takes a handle of any type. */
export const anyHandle = "context_handle";

/** 20 bytes: a u32 of attributes and a UUID. All zeros is the null handle. */
export interface ContextHandlePlan extends TypePlanBase {
  readonly kind: "contextHandle";
  readonly isStrict: boolean;
  readonly isTypeStrict: boolean;
  readonly serialize: "serialize" | "noserialize" | null;
}

// ---- expressions -----------------------------------------------------------------------------

/**
 * Over the fields of the enclosing structure, or the parameters of the operation, by IDL name.
 * Arithmetic is that of C integers wide enough not to overflow; `deref` of a null pointer is 0.
 */
export type Expr =
  | { readonly op: "const"; readonly value: string }
  | { readonly op: "field"; readonly path: readonly string[] }
  | { readonly op: "deref"; readonly of: Expr }
  | { readonly op: "unary"; readonly operator: "+" | "-" | "~" | "!"; readonly of: Expr }
  | { readonly op: "binary"; readonly operator: string; readonly left: Expr; readonly right: Expr }
  | { readonly op: "conditional"; readonly test: Expr; readonly then: Expr; readonly else: Expr };
