/**
 * From drafts to types: those that can't be sent taken out with all that hold them, the others put in order
 * of dependency and laid out.
 */
import * as rules from "../catalogue/rules.ts";
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
import { type Draft, type Lowering, refuse } from "./context.ts";

/** Members of a draft, with the discriminant. */
function membersOf(draft: Draft): WireType[] {
  if (draft.kind === "struct") return draft.fields.map((field) => field.type);
  if (draft.kind !== "union") return [];
  return [draft.switchType, ...draft.arms.flatMap((arm) => (arm.field ? [arm.field.type] : []))];
}

/** What of a lowering has a form on the wire. */
export interface Sound {
  readonly drafts: ReadonlyMap<string, Draft>;
  /** Arrays of what varies in size, which has its max counts in front of the whole array, once. */
  readonly badArrays: ReadonlySet<WireType>;
}

/** The drafts that can be sent: not those that failed, nor those that hold one that did. */
export function findSound(lowering: Lowering): Sound {
  const badArrays = refuseArrays(lowering);
  const sound = new Map<string, Draft>();
  for (const [name, draft] of lowering.drafts) if (draft) sound.set(name, draft);
  for (let before = -1; before !== sound.size;) {
    before = sound.size;
    for (const [name, draft] of sound) {
      const members = membersOf(draft);
      const found = { drafts: sound, badArrays };
      if (!members.every((type) => isSound(type, found))) sound.delete(name);
    }
  }
  return { drafts: sound, badArrays };
}

function isSound(type: WireType, sound: Sound): boolean {
  switch (type.kind) {
    case "named":
    case "union":
      return sound.drafts.has(type.name);
    case "pointer":
      return isSound(type.target, sound);
    case "array":
      return !sound.badArrays.has(type) && isSound(type.element, sound);
    case "pipe":
      return isSound(type.element, sound);
    default:
      return true;
  }
}

/** Refuses arrays of conformant structures. */
function refuseArrays(lowering: Lowering): Set<WireType> {
  const bad = new Set<WireType>();
  for (const [array, { site, severity }] of lowering.arrays) {
    if (array.kind !== "array" || !isConformant(lowering, array.element, 0)) continue;
    bad.add(array);
    lowering.severity = severity;
    refuse(lowering, rules.innerConformance, site.span, { owner: site.owner });
  }
  return bad;
}

/** Whether a structure ends in a conformant array. Nothing holds itself by value, but in a wrong program. */
function isConformant(lowering: Lowering, type: WireType, depth: number): boolean {
  if (type.kind === "array") return type.dimensions.some((dimension) => dimension.isConformant);
  if (type.kind === "string") return type.isConformant;
  const draft = type.kind === "named" ? lowering.drafts.get(type.name) : null;
  const last = draft?.kind === "struct" ? draft.fields.at(-1) : null;
  return last !== null && last !== undefined && depth < 64
    ? isConformant(lowering, last.type, depth + 1)
    : false;
}

/** The interface with operations that use a type without a form on the wire made absent. */
export function withSoundOperations(plan: InterfacePlan, sound: Sound): InterfacePlan {
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
