/**
 * When groups may start that start after others ([MS-CMRP] 3.1.1.1.5). A group set has started when as many of its groups
 * have as its properties say, by time or by their state; groups that nobody wants online count for nothing. The document
 * leaves all of this to the server: the properties are those of Windows.
 */
import { ResourceState } from "@msrpc/ms-cmrp";
import { resourcesOf } from "./derived.ts";
import { never } from "./kinds.ts";
import type { Group, GroupSet } from "./objects.ts";
import { globalSets, groupsIn, providerGroupsOf, providerSetsOf, waitsForGlobal } from "./sets.ts";
import type { ClusterState } from "./state.ts";

/** What is there already, and what time alone doesn't bring. */
const already = Number.NEGATIVE_INFINITY;
const notByTime = Number.POSITIVE_INFINITY;

/** StartupSetting: a group counts some time after it began to start; by all others when it is online. */
const byDelay = 1;

/** When what a group starts after has started, as it is now: milliseconds of the steady clock, or an infinity. */
export function startsAt(state: ClusterState, group: Group): number {
  const { providerGroups, providerSet, groupSet } = group;
  if (state.groupSets.size === 0 && providerGroups.length === 0) return already;
  const inside = state.groupSets.get(groupSet);
  const provider = state.groupSets.get(providerSet);
  return Math.max(
    already,
    ...providerGroupsOf(state, group).map((one) => (isHere(state, one) ? already : notByTime)),
    provider === undefined ? already : startedAt(state, provider),
    inside === undefined ? already : beginsAt(state, inside),
    ...(waitsForGlobal(state, group) ? globalSets(state) : []).map((set) => startedAt(state, set)),
  );
}

/** Whether a group waits for others to start. */
export function isWaiting({ held }: ClusterState, { id }: Group): boolean {
  return Number.isFinite(held.get(id) ?? Infinity);
}

/** Names of the group sets and groups that have not started yet by the steady clock, of those that a group starts after. */
export function waitsFor(state: ClusterState, group: Group, steady: number): string[] {
  const inside = state.groupSets.get(group.groupSet);
  const sets = [
    ...[state.groupSets.get(group.providerSet) ?? []].flat(),
    ...(inside === undefined ? [] : providerSetsOf(state, inside)),
    ...(waitsForGlobal(state, group) ? globalSets(state) : []),
  ];
  const groups = providerGroupsOf(state, group).filter((one) => !isHere(state, one));
  const late = sets.filter((set) => startedAt(state, set) > steady);
  return [...new Set([...late, ...groups].map(({ name }) => name))];
}

/** Whether a group waits until others have left its node, or come to it. */
export function waitsForRoom({ held }: ClusterState, { id }: Group): boolean {
  return held.get(id) === Infinity;
}

/** When the groups in a group set may start. */
function beginsAt(state: ClusterState, set: GroupSet): number {
  const before = [...providerSetsOf(state, set), ...(set.isGlobal === 0 ? globalSets(state) : [])];
  return Math.max(already, ...before.map((one) => startedAt(state, one)));
}

/** When a group set has started. One without groups that anybody wants has when it could. */
function startedAt(state: ClusterState, set: GroupSet): number {
  const groups = groupsIn(state, set);
  const wanted = groups.filter((group) => isWanted(state, group));
  if (wanted.length === 0) return beginsAt(state, set);
  const times = wanted.map((group) => countsAt(state, set, group)).toSorted((a, b) => a - b);
  const needed = Math.min(countOf(set, groups.length), wanted.length);
  return times[needed - 1] ?? already;
}

/** How many groups of a set have to count: all, most, or a number of them. */
function countOf({ startupCount }: GroupSet, size: number): number {
  if (startupCount === never) return size;
  return startupCount === 0 ? Math.floor(size / 2) + 1 : startupCount;
}

function countsAt(state: ClusterState, set: GroupSet, group: Group): number {
  if (set.startupSetting !== byDelay) return isHere(state, group) ? already : notByTime;
  return group.beganAt === null ? notByTime : group.beganAt + set.startupDelay * 1000;
}

function isWanted(state: ClusterState, group: Group): boolean {
  return resourcesOf(state, group).some((resource) => resource.isWanted);
}

/** Whether all of a group is online that is to be. */
function isHere(state: ClusterState, group: Group): boolean {
  return resourcesOf(state, group).every(
    (resource) => !resource.isWanted || resource.state === ResourceState.Online,
  );
}
