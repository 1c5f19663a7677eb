/** A first overlay for an interface that has none: what follows from its plan, and what its document says in tables. */
import {
  anyHandle,
  type InterfacePlan,
  type OperationPlan,
  type TypePlan,
  type WirePlan,
  type WireType,
} from "@msrpc/wire";
import { throughSilent } from "../model/wire-types.ts";
import { asType } from "../names/bindings.ts";
import { own, typeName } from "../names/names.ts";
import { splitWords } from "../names/words.ts";
import { isLikeUuid } from "./match-overlay.ts";
import type { InterfaceOverlay, OperationOverlay, Overlay, TypeOverlay } from "./overlay.ts";

/** What a document says by the names of its operations and types. */
export interface DocumentFacts {
  /** As people cite it: `MS-SAMR`. */
  readonly document?: string;
  /** How strictly to decode; 6 is what goes without saying. */
  readonly strictness?: 5 | 6;
  /** Sections of operations and types, by IDL name; of methods of an object, also `IVdsAsync::Wait`. */
  readonly sections: Readonly<Record<string, string>>;
  /** Names of the statuses that an operation lists. */
  readonly errors: Readonly<Record<string, readonly string[]>>;
}

export interface DraftedOverlay {
  readonly overlay: Overlay;
  /** What a person has to decide or look up, one sentence each. */
  readonly remarks: readonly string[];
}

/** Whether the answer holds what was asked for, or a list ends: as the documents of enumerations use these. */
function isHarmless(operation: string, status: string): boolean {
  if (status === "ERROR_MORE_DATA") return operation.includes("Enum");
  return /^STATUS_(?:MORE_ENTRIES|NO_MORE_ENTRIES|SOME_NOT_MAPPED)$/.test(status);
}

/** `elsewhere`: IDL files of other packages, whose overlays speak of the types in them. */
export function draftOverlay(
  plan: WirePlan,
  facts: DocumentFacts,
  elsewhere: ReadonlySet<string> = new Set(),
): DraftedOverlay {
  const remarks: string[] = [];
  const types = draftTypes(plan, facts, elsewhere, remarks);
  const called = plan.interfaces.flatMap(callsOf);
  const prefix = commonPrefix(called.map(({ name }) => name));
  const interfaces = plan.interfaces.map(
    (each) => [each.name, draftInterface(plan, each, facts, remarks)] as const,
  );
  const overlay: Overlay = {
    ...(facts.document === undefined ? {} : { document: facts.document }),
    ...(prefix === null ? {} : { naming: { operationPrefixes: [prefix] } }),
    ...(Object.keys(types).length === 0 ? {} : { types }),
    interfaces: Object.fromEntries(interfaces),
  };
  return { overlay, remarks };
}

function callsOf({ operations }: InterfacePlan): OperationPlan[] {
  return operations.filter(({ form }) => form === "call");
}

// ---- interfaces ------------------------------------------------------------------------------

function draftInterface(
  program: WirePlan,
  plan: InterfacePlan,
  facts: DocumentFacts,
  remarks: string[],
): InterfaceOverlay {
  const called = callsOf(plan);
  const returning = called.filter(({ result }) => result !== null && isStatusLike(result));
  const hasStatus = returning.length * 2 > called.length;
  if (hasStatus) {
    remarks.push(
      `${plan.name}: a return value that is not 0 is taken for an error; say \`"status": []\` of operations that return ` +
        `something else`,
    );
  }
  const drafted = called.flatMap((operation): [string, OperationOverlay][] => {
    const section = ofOperation(facts.sections, plan, operation);
    const errors = ofOperation(facts.errors, plan, operation) ?? [];
    const accepts = errors.filter((name) => isHarmless(operation.name, name));
    const failing = errors.filter((name) => !isHarmless(operation.name, name));
    const closes = deletedBy(program, operation);
    const entry: OperationOverlay = {
      ...(section === undefined ? {} : { section }),
      ...(closes === null ? {} : { closes }),
      ...(accepts.length === 0 ? {} : { accepts }),
      ...(failing.length === 0 ? {} : { errors: failing }),
    };
    return Object.keys(entry).length === 0 ? [] : [[operation.name, entry]];
  });
  const without = called.filter((each) => ofOperation(facts.sections, plan, each) === undefined);
  if (facts.document !== undefined && without.length > 0) {
    const names = without.map(({ name }) => name).join(", ");
    remarks.push(`${plan.name}: the document has no section for ${names}`);
  }
  return {
    ...(facts.strictness === 5 ? { strictness: 5 } : {}),
    ...(hasStatus ? { status: ["return"] } : {}),
    ...(drafted.length === 0 ? {} : { operations: Object.fromEntries(drafted) }),
  };
}

/** What is said by the operation's name, or by that of a method of its interface: `IVdsAsync::Wait`. */
function ofOperation<T>(
  said: Readonly<Record<string, T>>,
  { name }: InterfacePlan,
  operation: OperationPlan,
): T | undefined {
  return own(said, `${name}::${operation.name}`) ?? own(said, operation.name);
}

/** The handle that an operation gives back as it deletes what it is of. */
function deletedBy({ types }: WirePlan, { name, params }: OperationPlan): string | null {
  if (!/Delete/.test(name)) return null;
  const handle = params.find(({ isIn, isOut, type }) => {
    const shown = throughSilent(type);
    return isIn && isOut && shown.kind === "named" && types[shown.name]?.kind === "contextHandle";
  });
  return handle?.name ?? null;
}

/** What statuses are: 32 bits. `error_status_t` says it by itself. */
function isStatusLike(type: WireType): boolean {
  const shown = throughSilent(type);
  return shown.kind === "primitive" && (shown.name === "i32" || shown.name === "u32");
}

// ---- types -----------------------------------------------------------------------------------

function draftTypes(
  plan: WirePlan,
  facts: DocumentFacts,
  elsewhere: ReadonlySet<string>,
  remarks: string[],
): Record<string, TypeOverlay> {
  const drafted: Record<string, TypeOverlay> = {};
  const taken = new Set<string>();
  for (const type of Object.values(plan.types)) {
    const key = type.aliases[0] ?? type.name;
    const isText = isNamedUuid(type) && !elsewhere.has(type.place.file);
    if (isText && type.isImported) drafted[key] = { as: "uuid" };
    if (type.isImported || type.name === anyHandle) continue;
    const name = freeTypeName(type, taken);
    if (name !== null)
      remarks.push(`${key} is called ${name}, because ${asTypeName(type)} is taken`);
    const close = type.kind === "contextHandle" ? closerOf(plan, type, remarks) : null;
    const section = [type.name, ...type.aliases]
      .map((each) => own(facts.sections, each))
      .find((each) => each !== undefined);
    const entry: TypeOverlay = {
      ...(name === null ? {} : { name }),
      ...(close === null ? {} : { close }),
      ...(isText ? { as: "uuid" as const } : {}),
      ...(section === undefined ? {} : { section }),
    };
    if (Object.keys(entry).length > 0) drafted[key] = entry;
  }
  return drafted;
}

/** A structure with the fields of a UUID that is called one: others of these fields may be no UUIDs. */
function isNamedUuid(type: TypePlan): boolean {
  return isLikeUuid(type) && [type.name, ...type.aliases].some((name) => /^_?[GU]UID$/.test(name));
}

function asTypeName(type: TypePlan): string {
  return asType(typeName(type.name, type.aliases, {}));
}

/** A name for a type whose own by rule another has; null where it is free. */
function freeTypeName(type: TypePlan, taken: Set<string>): string | null {
  const wanted = asTypeName(type);
  let name = wanted;
  for (let i = 2; taken.has(name); i++) name = `${wanted}${i}`;
  taken.add(name);
  return name === wanted ? null : name;
}

/** The operation that takes a handle in both directions and whose name says that it ends there. */
function closerOf(plan: WirePlan, handle: TypePlan, remarks: string[]): string | null {
  const holds = (type: WireType): boolean => {
    const shown = throughSilent(type);
    return shown.kind === "named" && (shown.name === handle.name || shown.name === anyHandle);
  };
  const ending = plan.interfaces
    .flatMap(callsOf)
    .filter(({ params }) => params.some(({ isIn, isOut, type }) => isIn && isOut && holds(type)));
  const [first, ...others] = ["Close", "Unbind", "End", "Free", "Unlock", ""].flatMap((word) =>
    ending.filter(({ name }) => name.includes(word)),
  );
  if (first === undefined) {
    remarks.push(`${handle.name}: no operation gives the handle back, so none closes it`);
    return null;
  }
  const names = [...new Set(others.map(({ name }) => name))].filter(
    (name) => name !== first.name && !/Delete/.test(name),
  );
  if (names.length > 0) {
    remarks.push(`${handle.name}: ${first.name} is taken to close it, and not ${names.join(", ")}`);
  }
  return first.name;
}

// ---- names -----------------------------------------------------------------------------------

/** The longest beginning of whole words that two thirds of the names have; null where there is none. */
function commonPrefix(names: readonly string[]): string | null {
  if (names.length < 3) return null;
  const counts = new Map<string, number>();
  for (const name of names) {
    for (const prefix of beginnings(name)) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  const common = [...counts].filter(([, count]) => count * 3 >= names.length * 2);
  const longest = common.toSorted(([a], [b]) => b.length - a.length)[0];
  return longest?.[0] ?? null;
}

/** `Evt` and `EvtRpc` of `EvtRpcClose`: what is left has a word that begins with a capital letter. */
function beginnings(name: string): string[] {
  const found: string[] = [];
  let end = 0;
  for (const word of splitWords(name)) {
    const start = name.indexOf(word, end);
    if (end > 0 && /[A-Z]/.test(name.charAt(start))) found.push(name.slice(0, start));
    end = start + word.length;
  }
  return found;
}
