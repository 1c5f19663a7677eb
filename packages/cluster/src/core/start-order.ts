/**
 * What groups wait for before they start: other groups, and group sets, of which those that are global come before all
 * others ([MS-CMRP] 3.1.1.1.5). Nothing may wait for itself, by whatever way.
 */
import { Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import type { Group, GroupSet } from "../model/objects.ts";
import {
  globalSets,
  groupsIn,
  providerGroupsOf,
  providerSetsOf,
  waitsForGlobal,
} from "../model/sets.ts";
import type { ClusterState } from "../model/state.ts";

/** How long a chain of dependencies may be, as one of resources. */
const deepest = 100;

/** A group that starts, a group set whose groups may begin to, and one that has started. */
type Step =
  | { readonly what: "group"; readonly group: Group }
  | { readonly what: "begins"; readonly set: GroupSet }
  | { readonly what: "started"; readonly set: GroupSet };

/** What comes before a step, and how much longer the chain is with it. */
type Before = readonly [step: Step, length: 0 | 1];

/** @throws RpcError `circular` where something waits for itself, ERROR_DEPENDENCY_TREE_TOO_COMPLEX for too long a chain */
export function demandOrder(state: ClusterState, circular: number): void {
  const lengths = new Map<string, number | null>();
  const globals = globalSets(state);
  const lengthOf = (step: Step): number => {
    const key = keyOf(step);
    const known = lengths.get(key);
    if (known === null) throw new RpcError(circular);
    if (known !== undefined) return known;
    lengths.set(key, null);
    let longest = 0;
    for (const [before, length] of stepsBefore(state, step, globals)) {
      longest = Math.max(longest, lengthOf(before) + length);
    }
    if (longest > deepest) throw new RpcError(Status.ERROR_DEPENDENCY_TREE_TOO_COMPLEX);
    lengths.set(key, longest);
    return longest;
  };
  for (const set of state.groupSets) lengthOf({ what: "started", set });
  for (const group of state.groups) lengthOf({ what: "group", group });
}

function keyOf(step: Step): string {
  return step.what === "group" ? step.group.id : `${step.what} ${step.set.id}`;
}

function stepsBefore(state: ClusterState, step: Step, globals: readonly GroupSet[]): Before[] {
  const started = (sets: readonly GroupSet[], length: 0 | 1): Before[] =>
    sets.map((set) => [{ what: "started", set }, length]);
  if (step.what === "started") {
    const { set } = step;
    const members = groupsIn(state, set).map((group): Before => [{ what: "group", group }, 0]);
    return [[{ what: "begins", set }, 0], ...members];
  }
  if (step.what === "begins") {
    const { set } = step;
    const named = started(providerSetsOf(state, set), 1);
    return set.isGlobal === 0 ? [...named, ...started(globals, 0)] : named;
  }
  const { group } = step;
  const inside = state.groupSets.get(group.groupSet);
  const provider = state.groupSets.get(group.providerSet);
  return [
    ...providerGroupsOf(state, group).map((one): Before => [{ what: "group", group: one }, 1]),
    ...(provider === undefined ? [] : started([provider], 1)),
    ...(inside === undefined ? [] : ([[{ what: "begins", set: inside }, 0]] satisfies Before[])),
    ...(waitsForGlobal(state, group) ? started(globals, 0) : []),
  ];
}

/** Groups that start before one, by whatever way. */
export function groupsBefore(state: ClusterState, group: Group): Group[] {
  const globals = globalSets(state);
  const steps = new Map<string, Step>([[group.id, { what: "group", group }]]);
  for (const step of steps.values()) {
    for (const [before] of stepsBefore(state, step, globals)) steps.set(keyOf(before), before);
  }
  return Array.from(steps.values()).flatMap((step) =>
    step.what === "group" && step.group !== group ? step.group : [],
  );
}
