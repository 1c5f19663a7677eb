/** Where a group is to run: the same answer for the same state ([MS-CMRP] 3.1.4.2.52, 3.1.4.2.55). */
import { NodeState, ResourceState } from "@msrpc/ms-cmrp";
import { bondsOf, breaks, type Place, planned, shareClass } from "../model/affinity.ts";
import { resourcesOf } from "../model/derived.ts";
import { homeOf, shareDomain, siteOf } from "../model/fault-domains.ts";
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
      other !== group && other.owner === id && shareClass(other, group) && runs(state, other),
  );
}

/** Whether a rule that doesn't give way keeps a group off a node, as others run and are about to. */
export function isKeptOffNode(state: ClusterState, group: Group, node: Node): boolean {
  return bondsOf(state, group, planned).some((bond) => !bond.isSoft && breaks(bond, node));
}

/** Those of some groups that rules let go to a node, when all of these go that may. */
export function mayGoTogether(
  state: ClusterState,
  groups: readonly Group[],
  node: Node,
): ReadonlySet<Group> {
  const going = new Set(groups);
  const placeOf: Place = (_, group) => (going.has(group) ? node.id : planned(state, group));
  for (let size = -1; size !== going.size;) {
    size = going.size;
    for (const group of groups) {
      const bonds = bondsOf(state, group, placeOf);
      if (bonds.some((bond) => !bond.isSoft && breaks(bond, node))) going.delete(group);
    }
  }
  return going;
}

/**
 * Whether a node stands where a group of the same availability set runs that is in another fault domain, or is one that runs a
 * group of another update domain.
 */
function isOtherDomain(state: ClusterState, others: readonly Group[], group: Group, node: Node) {
  return others.some((other) => {
    const owner = state.nodes.get(other.owner);
    if (owner === undefined) return false;
    const { faultDomain, updateDomain } = group;
    if (other.updateDomain !== updateDomain && owner === node) return true;
    return other.faultDomain !== faultDomain && shareDomain(owner, node);
  });
}

function runs(state: ClusterState, group: Group): boolean {
  return resourcesOf(state, group).some(({ state: now }) => now === ResourceState.Online);
}

/** The other groups of a group's availability set that run. */
function inSetWith(state: ClusterState, group: Group): Group[] {
  const set = state.groupSets.get(group.groupSet);
  if (set === undefined || set.isAvailabilitySet === 0) return [];
  return groupsIn(state, set).filter((other) => other !== group && runs(state, other));
}

/** The node that a group would be the last one of its availability set to take, where that leaves one free. */
function spareOf(state: ClusterState, group: Group, others: readonly Group[]): Node | null {
  if ((state.groupSets.get(group.groupSet)?.reservesSpare ?? 0) === 0) return null;
  const taken = new Set(others.map(({ owner }) => owner));
  const free = [...state.nodes].filter(
    ({ id, state: now }) => now === NodeState.Up && !taken.has(id),
  );
  return free.length === 1 ? (free[0] ?? null) : null;
}

/**
 * The nodes that are up and may run a group, best first: by what keeps it together with others and apart, by its preferences,
 * by its site, and then by how many groups each has and by ID. Those that run a group which is to keep away come last, and
 * before them those with groups of other domains. Nodes that a rule keeps it off which doesn't give way are none.
 *
 * @param ignoresRules no rule counts
 */
export function placements(state: ClusterState, group: Group, ignoresRules = false): Node[] {
  return placed(state, group, ignoresRules).map(({ node }) => node);
}

interface Placed {
  readonly node: Node;
  readonly rank: readonly number[];
}

/** How many of the first numbers of a rank say what it is better to keep away from. */
const avoided = 3;

function placed(state: ClusterState, group: Group, ignoresRules: boolean): Placed[] {
  const load = new Map<string, number>();
  for (const { owner } of state.groups) load.set(owner, (load.get(owner) ?? 0) + 1);
  const bonds = ignoresRules ? [] : bondsOf(state, group, planned);
  const others = inSetWith(state, group);
  const spare = spareOf(state, group, others);
  const home = homeOf(state, group);
  const rank = (node: Node): readonly number[] => {
    const preferred = group.preferredNodes.indexOf(node.id);
    return [
      bonds.filter((bond) => breaks(bond, node)).length + (isApart(state, group, node) ? 1 : 0),
      isOtherDomain(state, others, group, node) ? 1 : 0,
      node === spare ? 1 : 0,
      preferred === -1 ? group.preferredNodes.length : preferred,
      home === null || siteOf(node) === home ? 0 : 1,
      load.get(node.id) ?? 0,
      Number(node.id),
    ];
  };
  return [...state.nodes]
    .filter(
      (node) =>
        node.state === NodeState.Up &&
        mayHost(state, group, node) &&
        !bonds.some((bond) => !bond.isSoft && breaks(bond, node)),
    )
    .map((node) => ({ node, rank: rank(node) }))
    .toSorted((a, b) => compare(a.rank, b.rank));
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, index) => number !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** The best node other than the one that a group is on. */
export function nodeToMoveTo(
  state: ClusterState,
  group: Group,
  ignoresRules = false,
): Node | undefined {
  return placements(state, group, ignoresRules).find(({ id }) => id !== group.owner);
}

/**
 * Where a group goes that failed on its node: to the one after that in its preferences, or to the best one. It passes over
 * those that it is better to keep away from, as long as there are others.
 */
export function nodeAfter(state: ClusterState, group: Group): Node | undefined {
  const { preferredNodes, owner } = group;
  const may = placed(state, group, false).filter(({ node }) => node.id !== owner);
  const least = may[0]?.rank.slice(0, avoided);
  const best = may.filter(({ rank }) => compare(rank.slice(0, avoided), least ?? []) === 0);
  const at = preferredNodes.indexOf(owner);
  const next = [...preferredNodes.slice(at + 1), ...preferredNodes.slice(0, Math.max(at, 0))];
  const preferred = next.map((id) => best.find(({ node }) => node.id === id));
  return (preferred.find((one) => one !== undefined) ?? best[0])?.node;
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
