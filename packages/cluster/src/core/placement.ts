/** Where a group is to run: the same answer for the same state ([MS-CMRP] 3.1.4.2.52, 3.1.4.2.55). */
import { NodeState, ResourceState } from "@msrpc/ms-cmrp";
import { resourcesOf } from "../model/derived.ts";
import type { Group, Node } from "../model/objects.ts";
import { groupsIn } from "../model/sets.ts";
import type { ClusterState } from "../model/state.ts";

/** Whether all of a group's resources may run on a node. */
export function mayHost(state: ClusterState, group: Group, { id }: Node): boolean {
  return resourcesOf(state, group).every(({ possibleOwners }) => possibleOwners.includes(id));
}

/** Whether a node runs something of another group that is to keep away from this one. */
export function isApart(state: ClusterState, group: Group, { id }: Node): boolean {
  if (group.antiAffinity.length === 0) return false;
  return [...state.groups].some(
    (other) =>
      other !== group &&
      other.owner === id &&
      other.antiAffinity.some((name) => group.antiAffinity.includes(name)) &&
      runs(state, other),
  );
}

/** Whether a node runs a group of the same availability set that is in another fault domain, or in another update domain. */
function isOtherDomain(state: ClusterState, group: Group, { id }: Node): boolean {
  const set = state.groupSets.get(group.groupSet);
  if (set === undefined || set.isAvailabilitySet === 0) return false;
  return groupsIn(state, set).some(
    (other) =>
      other !== group &&
      other.owner === id &&
      (other.faultDomain !== group.faultDomain || other.updateDomain !== group.updateDomain) &&
      runs(state, other),
  );
}

function runs(state: ClusterState, group: Group): boolean {
  return resourcesOf(state, group).some(({ state: now }) => now === ResourceState.Online);
}

/**
 * The nodes that are up and may run a group, best first: by its preferences, and then by how many groups each has and
 * by ID. Those that run a group which is to keep away come last, and before them those with groups of other domains.
 */
export function placements(state: ClusterState, group: Group): Node[] {
  const load = new Map<string, number>();
  for (const { owner } of state.groups) load.set(owner, (load.get(owner) ?? 0) + 1);
  const rank = (node: Node): readonly number[] => {
    const preferred = group.preferredNodes.indexOf(node.id);
    return [
      isApart(state, group, node) ? 1 : 0,
      isOtherDomain(state, group, node) ? 1 : 0,
      preferred === -1 ? group.preferredNodes.length : preferred,
      load.get(node.id) ?? 0,
      Number(node.id),
    ];
  };
  return [...state.nodes]
    .filter((node) => node.state === NodeState.Up && mayHost(state, group, node))
    .map((node) => ({ node, rank: rank(node) }))
    .toSorted((a, b) => compare(a.rank, b.rank))
    .map(({ node }) => node);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, index) => number !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** The best node other than the one that a group is on. */
export function nodeToMoveTo(state: ClusterState, group: Group): Node | undefined {
  return placements(state, group).find(({ id }) => id !== group.owner);
}

/** Where a group goes that failed on its node: to the one after that in its preferences, or to the best one. */
export function nodeAfter(state: ClusterState, group: Group): Node | undefined {
  const may = placements(state, group);
  const { preferredNodes, owner } = group;
  const at = preferredNodes.indexOf(owner);
  const next = [...preferredNodes.slice(at + 1), ...preferredNodes.slice(0, Math.max(at, 0))];
  const preferred = next.map((id) => may.find((node) => node.id === id));
  return preferred.find((node) => node !== undefined) ?? nodeToMoveTo(state, group);
}

/** Where a group goes that can't stay: where it may run, or else to any node that is up, or else to a paused one. */
export function refuge(state: ClusterState, group: Group): Node | undefined {
  const others = [...state.nodes].filter(({ id }) => id !== group.owner);
  return (
    nodeToMoveTo(state, group) ??
    others.find((node) => node.state === NodeState.Up) ??
    others.find((node) => node.state === NodeState.Paused)
  );
}
