/**
 * From drafts to types: those that can't be sent taken out with all that hold them, the others put in order
 * of dependency and laid out.
 */
import { hasDeferred, structHoistedCounts } from "../layout/parts.ts";
import { structLayout, unionLayout } from "../layout/struct-layout.ts";
import { scalarLayout } from "../layout/type-layout.ts";
import type {
  InterfacePlan,
  OperationPlan,
  StructPlan,
  TypePlan,
  UnionPlan,
  WireType,
} from "../plan.ts";
import type { Draft, Lowering } from "./context.ts";

/** Names of the types that a type holds, in itself or behind pointers. */
function* namesIn(type: WireType): Iterable<string> {
  switch (type.kind) {
    case "named":
    case "union":
      yield type.name;
      return;
    case "pointer":
      yield* namesIn(type.target);
      return;
    case "array":
    case "pipe":
      yield* namesIn(type.element);
  }
}

/** Members of a draft, with the discriminant. */
function membersOf(draft: Draft): WireType[] {
  if (draft.kind === "struct") return draft.fields.map((field) => field.type);
  if (draft.kind !== "union") return [];
  return [draft.switchType, ...draft.arms.flatMap((arm) => (arm.field ? [arm.field.type] : []))];
}

/** The drafts that have a form on the wire: not those that failed, nor those that hold one that did. */
export function soundDrafts(lowering: Lowering): Map<string, Draft> {
  const sound = new Map<string, Draft>();
  for (const [name, draft] of lowering.drafts) if (draft) sound.set(name, draft);
  for (let before = -1; before !== sound.size;) {
    before = sound.size;
    for (const [name, draft] of sound) {
      if (!membersOf(draft).every((type) => isSound(type, sound))) sound.delete(name);
    }
  }
  return sound;
}

function isSound(type: WireType, sound: ReadonlyMap<string, Draft>): boolean {
  return [...namesIn(type)].every((name) => sound.has(name));
}

/** The interface with operations that use a type without a form on the wire made absent. */
export function withSoundOperations(
  plan: InterfacePlan,
  sound: ReadonlyMap<string, Draft>,
): InterfacePlan {
  const check = (operation: OperationPlan): OperationPlan => {
    const types = operation.params.map((param) => param.type);
    if (operation.result) types.push(operation.result);
    if (types.every((type) => isSound(type, sound))) return operation;
    return { ...operation, form: "absent", params: [], result: null };
  };
  return {
    ...plan,
    operations: plan.operations.map(check),
    callbacks: plan.callbacks.map(check),
  };
}

/** Lays out every draft, each after those that it holds by value. */
export function layOut(drafts: ReadonlyMap<string, Draft>): Record<string, TypePlan> {
  const types: Record<string, TypePlan> = {};
  const begun = new Set<string>();

  function visit(name: string): void {
    const draft = drafts.get(name);
    if (!draft || begun.has(name)) return;
    begun.add(name);
    for (const member of membersOf(draft)) for (const held of heldByValue(member)) visit(held);
    types[name] = finish(draft, types);
  }

  for (const name of drafts.keys()) visit(name);
  return types;
}

function heldByValue(type: WireType): string[] {
  if (type.kind === "named" || type.kind === "union") return [type.name];
  return type.kind === "array" ? heldByValue(type.element) : [];
}

function finish(draft: Draft, types: Readonly<Record<string, TypePlan>>): TypePlan {
  switch (draft.kind) {
    case "struct":
      return finishStruct(draft, types);
    case "union":
      return finishUnion(draft, types);
    case "enum":
      return {
        ...draft,
        layout: { ndr: scalarLayout(draft, "ndr"), ndr64: scalarLayout(draft, "ndr64") },
      };
    case "contextHandle":
      return {
        ...draft,
        layout: { ndr: scalarLayout(draft, "ndr"), ndr64: scalarLayout(draft, "ndr64") },
      };
  }
}

function finishStruct(
  draft: Extract<Draft, { kind: "struct" }>,
  types: Readonly<Record<string, TypePlan>>,
): StructPlan {
  const ndr = structLayout(draft.fields, types, "ndr");
  const ndr64 = structLayout(draft.fields, types, "ndr64");
  return {
    ...draft,
    hoisted: structHoistedCounts(draft.fields, types),
    hasDeferred: draft.fields.some((field) => hasDeferred(field.type, types)),
    layout: {
      ndr: { align: ndr.align, size: ndr.size },
      ndr64: { align: ndr64.align, size: ndr64.size },
    },
  };
}

function finishUnion(
  draft: Extract<Draft, { kind: "union" }>,
  types: Readonly<Record<string, TypePlan>>,
): UnionPlan {
  const { arms, switchType, isMsUnion } = draft;
  const union = { arms, switchType, isMsUnion, isEncapsulated: draft.encapsulated !== null };
  const ndr = unionLayout(union, types, "ndr");
  const ndr64 = unionLayout(union, types, "ndr64");
  return {
    ...draft,
    armAlign: { ndr: ndr.armAlign, ndr64: ndr64.armAlign ?? 1 },
    hasDeferred: arms.some((arm) => arm.field && hasDeferred(arm.field.type, types)),
    layout: {
      ndr: { align: ndr.align, size: ndr.size },
      ndr64: { align: ndr64.align, size: ndr64.size },
    },
  };
}
