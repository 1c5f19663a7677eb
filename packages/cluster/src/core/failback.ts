/**
 * How groups return to a node that is back ([MS-CMRP] 3.1.4.2.127). By their own policy they wait for the hours that
 * FailbackWindowStart and FailbackWindowEnd say, by the local time of the cluster.
 */
import { NodeState } from "@msrpc/ms-cmrp";
import { isPending, resourcesOf } from "../model/derived.ts";
import { never } from "../model/kinds.ts";
import type { Group, Node } from "../model/objects.ts";
import type { ClusterState } from "../model/state.ts";
import { mayHost } from "./placement.ts";
import { settle } from "./settle.ts";
import type { Transaction } from "./transaction.ts";
import { beginMove } from "./transfer.ts";

/** Which groups come back to a node with it. */
export type Failback = "none" | "all" | "byPolicy";

/** How long one that is busy when its time has come waits until it is looked at again, in milliseconds. */
const again = 60_000;

/** Moves groups home: those drained from the node, and those that prefer it; by policy, only where they allow it. */
export function failBack(tx: Transaction, node: Node, which: Failback): void {
  if (which === "none") return;
  for (const group of tx.state.groups) {
    if (group.owner === node.id) continue;
    const isStranded = tx.state.nodes.get(group.owner)?.state === NodeState.Paused;
    const isAllowed = which === "all" ? isHome(group, node) : isStranded || wantsHome(group, node);
    if (!isAllowed || !isFree(tx.state, group) || !mayHost(tx.state, group, node)) continue;
    const isOwnWill = which === "byPolicy" && !isStranded;
    const opens = isOwnWill ? opensAt(group, tx.now) : tx.now;
    if (opens <= tx.now) goHome(tx, group, node);
    else tx.update("group", group, { failback: { to: node.id, at: opens } });
  }
}

/** Moves groups whose hour has come, where they still would. */
export function failBackDue(tx: Transaction): void {
  for (const group of tx.state.groups) {
    if (group.failback === null || group.failback.at > tx.now) continue;
    const node = tx.state.nodes.get(group.failback.to);
    const isPossible =
      node?.state === NodeState.Up &&
      group.owner !== node.id &&
      wantsHome(group, node) &&
      mayHost(tx.state, group, node);
    if (!isPossible) tx.update("group", group, { failback: null });
    else if (isFree(tx.state, group) && opensAt(group, tx.now) <= tx.now) goHome(tx, group, node);
    else {
      const at = Math.max(opensAt(group, tx.now), tx.now + again);
      tx.update("group", group, { failback: { to: node.id, at } });
    }
  }
}

/** When groups return by themselves. */
export function failbackTimes({ groups }: ClusterState): number[] {
  return [...groups].flatMap(({ failback }) => failback?.at ?? []);
}

function goHome(tx: Transaction, group: Group, { id: to }: Node): void {
  const parameters = new Uint8Array();
  tx.update("group", group, { drainedFrom: null, failback: null });
  beginMove(tx, group, { from: group.owner, to, returnsOnError: false, parameters });
  settle(tx, group);
}

function isHome({ drainedFrom, preferredNodes }: Group, { id }: Node): boolean {
  return drainedFrom === id || preferredNodes[0] === id;
}

function wantsHome(group: Group, node: Node): boolean {
  return group.autoFailback === 1 && isHome(group, node);
}

function isFree(state: ClusterState, group: Group): boolean {
  return group.move === null && !resourcesOf(state, group).some(isPending);
}

/** When a group may next return by itself: now, or at the hour at which its window opens. Equal hours are no window. */
function opensAt({ failbackStart: start, failbackEnd: end }: Group, now: number): number {
  if (start === never || end === never || start === end) return now;
  const time = new Date(now);
  const hour = time.getHours();
  const isOpen = start < end ? hour >= start && hour < end : hour >= start || hour < end;
  if (isOpen) return now;
  if (hour >= start) time.setDate(time.getDate() + 1);
  return time.setHours(start, 0, 0, 0);
}
