/**
 * Groups that wait before they start: for others that start before them, for GroupDependencyTimeout at most; and as long as
 * others keep them off their node. What is there or on its way already never waits.
 */
import { numberOf } from "@msrpc/cluster-data";
import { isKeptOff } from "../model/affinity.ts";
import type { Group, Resource } from "../model/objects.ts";
import type { ClusterState } from "../model/state.ts";
import { isWaiting, startsAt, waitsForRoom } from "../model/waiting.ts";
import { valueOf } from "../registry/key.ts";
import type { Transaction } from "./transaction.ts";

/** Seconds, where nobody has set the property of the cluster. */
const usualTimeout = 600;

/** Says whether a group has to wait now, and keeps that in mind. */
export function holdBack(tx: Transaction, group: Group, resources: readonly Resource[]): boolean {
  const isAtRest = resources.every(({ hosting }) => hosting === "none");
  const mayWait = isAtRest && resources.some(({ isWanted }) => isWanted);
  if (mayWait && isKeptOff(tx.state, group)) {
    tx.hold(group, Infinity);
    return true;
  }
  if (!mayWait || startsAt(tx.state, group) <= tx.steady) {
    tx.hold(group, undefined);
    return false;
  }
  const until = tx.state.held.get(group.id);
  if (until === null) return false;
  if (!isWaiting(tx.state, group)) tx.hold(group, tx.steady + timeoutOf(tx.state) * 1000);
  return true;
}

function timeoutOf({ registry }: ClusterState): number {
  const value = valueOf(registry, "GroupDependencyTimeout");
  return (value === undefined ? null : numberOf(value)) ?? usualTimeout;
}

/** Groups that have waited, and needn't any more, or for something else. */
export function groupsToRelease({ state, steady }: Transaction): Group[] {
  return [...state.held.keys()].flatMap((id) => {
    const group = state.groups.get(id);
    if (group === undefined) return [];
    const isFree = waitsForRoom(state, group)
      ? !isKeptOff(state, group)
      : startsAt(state, group) <= steady;
    return isFree ? group : [];
  });
}

/** Groups that have waited as long as they may: they start without what they wait for. */
export function overdueGroups(tx: Transaction): Group[] {
  return [...tx.state.held].flatMap(([id, until]) => {
    const group = tx.state.groups.get(id);
    if (group === undefined || until === null || until > tx.steady) return [];
    tx.hold(group, null);
    return group;
  });
}

/** When time alone has groups start that wait. */
export function releaseTimes(state: ClusterState): number[] {
  return [...state.held].flatMap(([id, until]) => {
    const group = state.groups.get(id);
    if (until === Infinity) return [];
    const times = [...(group === undefined ? [] : [startsAt(state, group)]), until ?? Infinity];
    return times.filter(Number.isFinite);
  });
}
