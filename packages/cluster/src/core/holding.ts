/**
 * Groups that wait for others before they start. They wait for GroupDependencyTimeout at most; what is there or on its
 * way already never waits.
 */
import { numberOf } from "@msrpc/cluster-data";
import type { Group, Resource } from "../model/objects.ts";
import type { ClusterState } from "../model/state.ts";
import { startsAt } from "../model/waiting.ts";
import { valueOf } from "../registry/key.ts";
import type { Transaction } from "./transaction.ts";

/** Seconds, where nobody has set the property of the cluster. */
const usualTimeout = 600;

/** Says whether a group has to wait now, and keeps that in mind. */
export function holdBack(tx: Transaction, group: Group, resources: readonly Resource[]): boolean {
  const { held } = tx.state;
  const isAtRest = resources.every(({ hosting }) => hosting === "none");
  const mayWait = isAtRest && resources.some(({ isWanted }) => isWanted);
  if (!mayWait || startsAt(tx.state, group) <= tx.now) {
    tx.hold(group, undefined);
    return false;
  }
  if (!held.has(group.id)) tx.hold(group, tx.now + timeoutOf(tx.state) * 1000);
  const until = held.get(group.id);
  return typeof until === "number";
}

function timeoutOf({ registry }: ClusterState): number {
  const value = valueOf(registry, "GroupDependencyTimeout");
  return (value === undefined ? null : numberOf(value)) ?? usualTimeout;
}

/** Groups that have waited, and needn't any more. */
export function groupsToRelease({ state, now }: Transaction): Group[] {
  return [...state.held.keys()].flatMap((id) => {
    const group = state.groups.get(id);
    return group !== undefined && startsAt(state, group) <= now ? group : [];
  });
}

/** Groups that have waited as long as they may: they start without what they wait for. */
export function overdueGroups(tx: Transaction): Group[] {
  return [...tx.state.held].flatMap(([id, until]) => {
    const group = tx.state.groups.get(id);
    if (group === undefined || until === null || until > tx.now) return [];
    tx.hold(group, null);
    return group;
  });
}

/** When time alone has groups start that wait. */
export function releaseTimes(state: ClusterState): number[] {
  return [...state.held].flatMap(([id, until]) => {
    const group = state.groups.get(id);
    const times = [...(group === undefined ? [] : [startsAt(state, group)]), until ?? Infinity];
    return times.filter(Number.isFinite);
  });
}
