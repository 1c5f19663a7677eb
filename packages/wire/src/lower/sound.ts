/** Which drafts can be sent: those that failed are taken out, with all that rests on them. */
import * as rules from "../catalogue/rules.ts";
import type { InterfacePlan, OperationPlan, WireType } from "../plan.ts";
import { type Draft, type Lowering, refuse } from "./context.ts";

/** Structures within structures go this deep: whoever reads a plan may recurse. */
const deepestNesting = 128;

/** What of a lowering has a form on the wire. */
export interface Sound {
  readonly drafts: ReadonlyMap<string, Draft>;
  /** Arrays of what varies in size, which has its max counts in front of the whole array, once. */
  readonly badArrays: ReadonlySet<WireType>;
}

/** Members of a draft, with the discriminant. */
export function membersOf(draft: Draft): WireType[] {
  if (draft.kind === "struct") return draft.fields.map((field) => field.type);
  if (draft.kind !== "union") return [];
  return [draft.switchType, ...draft.arms.flatMap((arm) => (arm.field ? [arm.field.type] : []))];
}

/** Names of the types that one holds by value. */
export function heldByValue(type: WireType): string[] {
  if (type.kind === "named" || type.kind === "union") return [type.name];
  return type.kind === "array" ? heldByValue(type.element) : [];
}

/** The drafts that can be sent: not those that failed, nor those that hold one that did. */
export function findSound(lowering: Lowering): Sound {
  const endless = refuseEndless(lowering);
  const badArrays = refuseArrays(lowering);
  const usedBy = new Map<string, string[]>();
  const bad = new Set<string>();
  for (const [name, draft] of lowering.drafts) {
    if (!draft || endless.has(name)) bad.add(name);
    for (const member of draft ? membersOf(draft) : []) {
      const found = bottomOf(member, badArrays);
      if (found.isBad) bad.add(name);
      if (found.name === null) continue;
      const users = usedBy.get(found.name);
      if (users) users.push(name);
      else usedBy.set(found.name, [name]);
    }
  }
  const queue = [...bad];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const user of usedBy.get(next) ?? []) {
      if (bad.has(user)) continue;
      bad.add(user);
      queue.push(user);
    }
  }
  const drafts = new Map<string, Draft>();
  for (const [name, draft] of lowering.drafts) if (draft && !bad.has(name)) drafts.set(name, draft);
  return { drafts, badArrays };
}

/** The named type below pointers and arrays, and whether one of the arrays is bad. */
function bottomOf(
  type: WireType,
  badArrays: ReadonlySet<WireType>,
): { readonly name: string | null; readonly isBad: boolean } {
  let isBad = false;
  for (let at = type; ;) {
    isBad ||= badArrays.has(at);
    if (at.kind === "pointer") at = at.target;
    else if (at.kind === "array" || at.kind === "pipe") at = at.element;
    else return { name: at.kind === "named" || at.kind === "union" ? at.name : null, isBad };
  }
}

/** Refuses what holds itself by value, or nests too deep. The checker says so too, and goes on. */
function refuseEndless(lowering: Lowering): Set<string> {
  const { drafts } = lowering;
  const depths = new Map<string, number>();
  const open = new Set<string>();
  const bad = new Set<string>();
  for (const start of drafts.keys()) {
    const stack = [start];
    for (let name = stack.at(-1); name !== undefined; name = stack.at(-1)) {
      const draft = depths.has(name) ? null : drafts.get(name);
      const held = draft ? membersOf(draft).flatMap(heldByValue) : [];
      const missing = open.has(name) ? [] : held.filter((each) => !depths.has(each));
      open.add(name);
      const next = missing.filter((each) => !open.has(each));
      if (next.length < missing.length) bad.add(name);
      if (next.length > 0) {
        for (const each of next) stack.push(each);
        continue;
      }
      stack.pop();
      open.delete(name);
      if (depths.has(name)) continue;
      const depth = held.reduce((most, each) => Math.max(most, 1 + (depths.get(each) ?? 0)), 1);
      depths.set(name, depth);
      if (depth === deepestNesting + 1) bad.add(name);
    }
  }
  lowering.severity = "error";
  for (const name of bad) {
    const span = lowering.spans.get(name);
    if (span) refuse(lowering, rules.endlessType, span, { name, limit: deepestNesting });
  }
  return bad;
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

/** Whether a structure ends in a conformant array. */
function isConformant(lowering: Lowering, type: WireType, depth: number): boolean {
  if (type.kind === "array") return type.dimensions.some((dimension) => dimension.isConformant);
  if (type.kind === "string") return type.isConformant;
  const draft = type.kind === "named" ? lowering.drafts.get(type.name) : null;
  const last = draft?.kind === "struct" ? draft.fields.at(-1) : null;
  return last !== null && last !== undefined && depth < deepestNesting
    ? isConformant(lowering, last.type, depth + 1)
    : false;
}

/** The interface with operations that use a type without a form on the wire made absent. */
export function withSoundOperations(plan: InterfacePlan, sound: Sound): InterfacePlan {
  const isSound = (type: WireType): boolean => {
    const { name, isBad } = bottomOf(type, sound.badArrays);
    return !isBad && (name === null || sound.drafts.has(name));
  };
  const check = (operation: OperationPlan): OperationPlan => {
    const types = operation.params.map((param) => param.type);
    if (operation.result) types.push(operation.result);
    if (types.every(isSound)) return operation;
    return { ...operation, form: "absent", params: [], result: null };
  };
  return {
    ...plan,
    operations: plan.operations.map(check),
    callbacks: plan.callbacks.map(check),
  };
}
