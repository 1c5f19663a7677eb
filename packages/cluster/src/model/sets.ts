/** What group sets hold and need ([MS-CMRP] 3.1.1.1.5). */
import { GroupState } from "@msrpc/ms-cmrp";
import { resourcesOf } from "./derived.ts";
import type { Group, GroupSet } from "./objects.ts";
import type { ClusterState } from "./state.ts";

/** The groups in a group set, in the order in which they came. */
export function groupsIn({ groups }: ClusterState, groupSet: GroupSet): Group[] {
  return groupSet.groups.flatMap((id) => groups.get(id) ?? []);
}

/**
 * The state of a group set. The document has events of it and no word on what it is: here it follows from those of its groups as a
 * group's does from those of its resources.
 */
export function setState(state: ClusterState, groupSet: GroupSet): number {
  const { Failed, Pending, Online, Offline, PartialOnline } = GroupState;
  const states = new Set(groupsIn(state, groupSet).map((group) => group.state));
  if (states.has(Failed)) return Failed;
  if (states.has(Pending)) return Pending;
  if (states.size === 0 || (states.size === 1 && states.has(Offline))) return Offline;
  return states.size === 1 && states.has(Online) ? Online : PartialOnline;
}

/** The group sets that a group set names as what starts before it. */
export function providerSetsOf({ groupSets }: ClusterState, { providers }: GroupSet): GroupSet[] {
  return providers.flatMap((id) => groupSets.get(id) ?? []);
}

/** The groups that a group names as what starts before it. */
export function providerGroupsOf({ groups }: ClusterState, { providerGroups }: Group): Group[] {
  return providerGroups.flatMap((id) => groups.get(id) ?? []);
}

/** The group sets and groups that name a group set as what starts before them. */
export function dependentsOfSet(
  { groupSets, groups }: ClusterState,
  { id }: GroupSet,
): (GroupSet | Group)[] {
  return [
    ...[...groupSets].filter(({ providers }) => providers.includes(id)),
    ...[...groups].filter(({ providerSet }) => providerSet === id),
  ];
}

/** What a group set needs, as clients write it ([MS-CMRP] 3.1.4.2.159): `[id] and [id]`. */
export function setExpression({ providers }: GroupSet): string {
  return providers.map((id) => `[${id}]`).join(" and ");
}

/** The group sets that all others wait for, named or not. */
export function globalSets({ groupSets }: ClusterState): GroupSet[] {
  return [...groupSets].filter(({ isGlobal }) => isGlobal !== 0);
}

/** What the cluster itself needs waits for no group set that it isn't in. */
export function waitsForGlobal(state: ClusterState, group: Group): boolean {
  if (group.groupSet !== "") return false;
  return resourcesOf(state, group).every(({ isCore }) => isCore === 0);
}
