/** What the parts of the checker share while a program takes shape. */
import type {
  Attribute,
  EnumSpec,
  OperationDecl,
  StructSpec,
  TypeSpec,
  UnionSpec,
} from "../ast.ts";
import type {
  Attributes,
  AttributeArgValue,
  ConstantSymbol,
  InterfaceSymbol,
  StructSymbol,
  TypeSymbol,
  UnionArmSymbol,
  UnionSymbol,
  EnumSymbol,
  Type,
} from "../program.ts";
import type { Span } from "../span.ts";
import type { Value } from "./evaluate.ts";
import type { Report } from "./report.ts";
import type { Entry, FileScope } from "./scope.ts";

/** A symbol while it is being filled in. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };

export interface Context {
  readonly report: Report;
  /** The source text of a span. */
  readonly textOf: (span: Span) => string;
  /** The attributes that follow a `*`. */
  readonly pointerAttributes: (place: Place, written: readonly Attribute[]) => Attributes;
  /** In order of declaration. */
  readonly types: TypeSymbol[];
  /** Those declared in root files. */
  readonly rootTypes: TypeSymbol[];
  readonly constants: ConstantSymbol[];
  readonly interfaces: InterfaceSymbol[];
  /** The symbol that a definition makes. */
  readonly definitions: Map<
    StructSpec | UnionSpec | EnumSpec,
    StructSymbol | UnionSymbol | EnumSymbol
  >;
  /** Interfaces whose base was complained of. */
  readonly brokenBases: WeakSet<InterfaceSymbol>;
  /** Arms with a label that has no value, which was complained of. */
  readonly brokenArms: WeakSet<UnionArmSymbol>;
  /** Where an operation stands in the order of declarations. */
  readonly orderOf: Map<OperationDecl, number>;
  /** Values of constants and enumerators; null where evaluation failed. */
  readonly values: Map<Entry, Value | null>;
  /** Work that fills a symbol in, taken away when it begins. In order of declaration. */
  readonly pending: Map<object, () => void>;
  /** Where the argument of an attribute was written. */
  readonly argumentSpans: WeakMap<AttributeArgValue, Span>;
  /** Names given to types, so that one made up is none of them. */
  readonly takenNames: Set<string>;
  /** The opnum after the last one of an interface. */
  readonly opnumsAfter: Map<InterfaceSymbol, number>;
  /** Symbols whose filling has begun and not ended. */
  readonly unfinished: Set<object>;
  /** Interfaces that are only announced, by name. */
  readonly announced: Map<string, InterfaceSymbol>;
  /** How many symbols are being filled in, one for the sake of another. */
  readonly depth: { now: number };
  /** By structure, the ways to what stands in its members without a name of their own. */
  readonly anonymousPaths: WeakMap<StructSymbol, ReadonlyMap<string, readonly string[]>>;
  /** Sizes in memory of structures and unions, where there is one. */
  readonly layouts: WeakMap<object, { readonly size: number; readonly align: number }>;
  /** How many more hints are looked for: each goes through all names. */
  readonly suggestions: { left: number };
  /** Names that were complained of, by file. */
  readonly reportedNames: Set<string>;
}

/** Where in the order of declarations a name is looked up. */
export interface Place {
  readonly scope: FileScope;
  readonly order: number;
}

/** Declarations that need later ones may do so this deep; more would need stack without bound. */
export const deepestForcing = 128;

/** Typedefs of typedefs, and structures within structures, go this deep: later stages may recurse. */
export const deepestNesting = 128;

/** Stands for a type that could not be resolved, so that it is complained of once. */
export const unknownType: Type = { kind: "base", name: "long" };

/** Stands for a type that a C header lacks, which is an error only where the type is sent. */
export const missingInHeader: Type = { kind: "base", name: "long" };

/** Whether a type stands for one that there is not. */
export function isUnknown(type: Type): boolean {
  return type === unknownType || type === missingInHeader;
}

export function createContext({
  report,
  textOf,
  pointerAttributes,
}: Pick<Context, "report" | "textOf" | "pointerAttributes">): Context {
  return {
    report,
    textOf,
    pointerAttributes,
    types: [],
    rootTypes: [],
    constants: [],
    interfaces: [],
    definitions: new Map(),
    brokenArms: new WeakSet(),
    brokenBases: new WeakSet(),
    orderOf: new Map(),
    values: new Map(),
    pending: new Map(),
    argumentSpans: new WeakMap(),
    takenNames: new Set(),
    opnumsAfter: new Map(),
    unfinished: new Set(),
    announced: new Map(),
    depth: { now: 0 },
    anonymousPaths: new WeakMap(),
    layouts: new WeakMap(),
    suggestions: { left: 100 },
    reportedNames: new Set(),
  };
}

export const noAttributes: Attributes = new Map();

/** Fills a symbol in now, if that has not begun. */
export function complete(context: Context, symbol: object): void {
  const work = context.pending.get(symbol);
  if (!work || context.depth.now >= deepestForcing) return;
  context.pending.delete(symbol);
  context.depth.now++;
  context.unfinished.add(symbol);
  work();
  context.unfinished.delete(symbol);
  context.depth.now--;
}

/** A type as written, for messages: `struct _FOO`, `unsigned long`. */
export function printSpec(spec: TypeSpec): string {
  switch (spec.$type) {
    case "BaseType":
      return spec.name;
    case "NamedType":
      return spec.name.name;
    case "Struct":
    case "Union":
    case "Enum":
      return `${spec.$type.toLowerCase()} ${spec.tag?.name ?? "{...}"}`;
    case "Pipe":
      return `pipe ${printSpec(spec.element)}`;
    case "SafeArray":
      return `SAFEARRAY(${printSpec(spec.element)})`;
    case "InterfaceType":
      return `interface ${spec.name.name}`;
  }
}
