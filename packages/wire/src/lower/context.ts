/** What the steps of lowering share. */
import {
  type Diagnostic,
  type DiagnosticRule,
  type InterfaceSymbol,
  type Program,
  type Span,
  type Type,
  diagnose,
} from "@msrpc/idl";
import type {
  ContextHandlePlan,
  EnumPlan,
  Place,
  PointerType,
  StructPlan,
  UnionPlan,
  WireType,
} from "../plan.ts";
import { type TagSymbol, type TypeNames, typeNames } from "./names.ts";
import { type Pending, pointerClasses } from "./pending.ts";
import { placer } from "./places.ts";

/** A type before its layout is known, which takes the layout of what it holds. */
export type Draft =
  | Omit<StructPlan, "layout" | "hoisted" | "hasDeferred">
  | Omit<UnionPlan, "layout" | "armAlign" | "hasDeferred">
  | Omit<EnumPlan, "layout">
  | Omit<ContextHandlePlan, "layout">;

/**
 * Where a type stands. `parameter`: a parameter itself. `result`: what an operation returns. `member`: in a
 * structure or union. `element`: in an array. `target`: at the end of a pointer.
 */
export type Where = "parameter" | "result" | "member" | "element" | "target";

/** The declaration that a use belongs to. */
export interface Site {
  /** For messages: `Parameter lpName of ApiOpenGroup`. */
  readonly owner: string;
  readonly span: Span;
  /** The class of a pointer that says nothing itself. */
  readonly pointerDefault: PointerType["class"];
  /** The parameters or fields beside it, which its attributes may name. */
  readonly siblings: readonly { readonly name: string; readonly type: Type }[];
}

export interface Lowering {
  /** The type on the wire of a type in use; null, with a diagnostic, where there is none. */
  readonly use: (site: Site, type: Type, pending: Pending, where: Where) => WireType | null;
  readonly program: Program;
  readonly names: TypeNames;
  readonly place: (span: Span) => Place;
  readonly diagnostics: Diagnostic[];
  /** What was said already: operations of a base are planned once for each interface that has it. */
  readonly said: Set<string>;
  /** By name, in order of first use; null for a type that has no form on the wire. */
  readonly drafts: Map<string, Draft | null>;
  /** Where each array was declared, and how bad it is that it can't be planned. */
  readonly arrays: Map<WireType, Pick<Lowering, "severity"> & { readonly site: Site }>;
  /** Names of context handles, by what makes them one. */
  readonly contextHandles: Map<unknown, string>;
  /** Where types of the program are declared, by their names in the plan. */
  readonly spans: Map<string, Span>;
  /** How many types are being drafted, one for the sake of another. */
  depth: number;
  /** Types to be drafted when that would otherwise go too deep. */
  readonly postponed: (() => void)[];
  /** How bad it is that a type can't be planned: not at all, as long as no operation uses it. */
  severity: "error" | "info";
}

export function startLowering(
  program: Program,
  use: (lowering: Lowering, ...use: Parameters<Lowering["use"]>) => WireType | null,
): Lowering {
  const lowering: Lowering = {
    use: (...args) => use(lowering, ...args),
    program,
    names: typeNames(program),
    place: placer(program.sources),
    diagnostics: [],
    said: new Set(),
    drafts: new Map(),
    arrays: new Map(),
    contextHandles: new Map(),
    spans: new Map(),
    depth: 0,
    postponed: [],
    severity: "error",
  };
  return lowering;
}

/** Reports that something can't be planned. */
export function refuse<P extends string>(
  lowering: Lowering,
  rule: DiagnosticRule<P>,
  span: Span,
  params: Readonly<Record<P, string | number>>,
): null {
  const found = diagnose<string>(rule, span, params);
  const occurrence = `${found.code} ${span.file} ${span.start} ${found.message}`;
  if (lowering.said.has(occurrence)) return null;
  lowering.said.add(occurrence);
  const severity = found.severity === "error" ? lowering.severity : found.severity;
  lowering.diagnostics.push({ ...found, severity });
  return null;
}

/** What an unattributed pointer of an interface is. */
export function pointerDefault(symbol: InterfaceSymbol): PointerType["class"] {
  return pointerClasses[symbol.pointerDefault];
}

/**
 * The interface that a type is declared in: the last one to begin before it in its file. Types in front of all
 * interfaces of a file are of none.
 */
export function interfaceOf(lowering: Lowering, symbol: TagSymbol): InterfaceSymbol | null {
  let found: InterfaceSymbol | null = null;
  for (const candidate of lowering.program.interfaces) {
    const { file, start } = candidate.span;
    if (file !== symbol.span.file || start > symbol.span.start) continue;
    if (!found || start > found.span.start) found = candidate;
  }
  return found;
}
