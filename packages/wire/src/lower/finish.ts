/** From sound drafts to types: put in order of dependency and laid out. */
import { hasDeferred, structHoistedCounts } from "../layout/parts.ts";
import { structLayout, unionLayout } from "../layout/struct-layout.ts";
import { scalarLayout } from "../layout/type-layout.ts";
import type { StructPlan, TypePlan, UnionPlan } from "../plan.ts";
import type { Draft } from "./context.ts";
import { heldByValue, membersOf } from "./sound.ts";

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
