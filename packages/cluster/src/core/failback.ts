/**
 * How groups return to a node that is back ([MS-CMRP] 3.1.4.2.127). By their own policy they wait for the hours that
 * FailbackWindowStart and FailbackWindowEnd say, by the local time of the cluster.
 */
import { NodeState } from "@msrpc/ms-cmrp";
import { isPending, resourcesOf } from "../model/derived.ts";
import { never } from "../model/kinds.ts";
import type { Group, Node } from "../model/objects.ts";
import type { ClusterState } from "../model/state.ts";
import { mayGoTogether, mayHost } from "./placement.ts";
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
  const going: Group[] = [];
  for (const group of tx.state.groups) {
    if (group.owner === node.id) continue;
    const isStranded = tx.state.nodes.get(group.owner)?.state === NodeState.Paused;
    const isAllowed = which === "all" ? isHome(group, node) : isStranded || wantsHome(group, node);
    if (!isAllowed || !isFree(tx.state, group) || !mayHost(tx.state, group, node)) continue;
    const isOwnWill = which === "byPolicy" && !isStranded;
    const opens = isOwnWill ? opensAt(group, tx.now) : tx.now;
    if (opens <= tx.now) going.push(group);
    else tx.update("group", group, { failback: { to: node.id, at: opens } });
  }
  goHome(tx, going, node);
}

/** Moves groups whose hour has come, where they still would. */
export function failBackDue(tx: Transaction): void {
  const going = new Map<Node, Group[]>();
  for (const group of tx.state.groups) {
    if (group.failback === null || group.failback.at > tx.now) continue;
    const node = tx.state.nodes.get(group.failback.to);
    const isPossible =
      node?.state === NodeState.Up &&
      group.owner !== node.id &&
      wantsHome(group, node) &&
      mayHost(tx.state, group, node);
    if (!isPossible) tx.update("group", group, { failback: null });
    else if (isFree(tx.state, group) && opensAt(group, tx.now) <= tx.now) {
      going.set(node, [...(going.get(node) ?? []), group]);
    } else waitLonger(tx, group, node);
  }
  for (const [node, groups] of going) goHome(tx, groups, node);
}

function waitLonger(tx: Transaction, group: Group, node: Node): void {
  const at = Math.max(opensAt(group, tx.now), tx.now + again);
  tx.update("group", group, { failback: { to: node.id, at } });
}

/** When groups return by themselves. */
export function failbackTimes({ groups }: ClusterState): number[] {
  return [...groups].flatMap(({ failback }) => failback?.at ?? []);
}

/** Those that others keep off the node by a rule try again, where they return by themselves. */
function goHome(tx: Transaction, groups: readonly Group[], node: Node): void {
  const parameters = new Uint8Array();
  const going = mayGoTogether(tx.state, groups, node);
  for (const group of groups) {
    if (going.has(group)) {
      const move = { from: group.owner, to: node.id, returnsOnError: false, parameters };
      tx.update("group", group, { drainedFrom: null, failback: null });
      beginMove(tx, group, move);
    } else if (group.failback !== null) waitLonger(tx, group, node);
  }
  for (const group of going) settle(tx, group);
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
