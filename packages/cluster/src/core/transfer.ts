/** The steps of a group's way from one node to another, which `settle` takes when their time has come. */
import { dword } from "@msrpc/cluster-data";
import { NodeState, ResourceState } from "@msrpc/ms-cmrp";
import { isLocked } from "../model/derived.ts";
import {
  DrainStatus,
  type Group,
  type GroupMove,
  type Node,
  type QueuedMove,
  type Resource,
} from "../model/objects.ts";
import type { ClusterState } from "../model/state.ts";
import { isKeptOffNode, mayHost, nodeToMoveTo, placements, refuge } from "./placement.ts";
import type { Transaction } from "./transaction.ts";

/** Has the resources stop, so that the group can go. */
export function beginMove(tx: Transaction, group: Group, move: GroupMove): void {
  const { ignoresRules = false } = move;
  tx.update("group", group, { move, queued: null, returnTo: null, ignoresRules });
}

/** All have stopped: the group is handed over, and what failed has another chance. Says that there is more to settle. */
export function arrive(
  tx: Transaction,
  group: Group,
  { from, to, returnsOnError }: GroupMove,
  resources: readonly Resource[],
): true {
  const target = tx.state.nodes.get(to);
  const isUsable = target?.state === NodeState.Up || target?.state === NodeState.Paused;
  const owner = isUsable ? to : (refuge(tx.state, group)?.id ?? group.owner);
  tx.enter("group", group, {
    owner,
    defaultOwner: Number(owner),
    move: null,
    returnTo: returnsOnError && owner !== from ? from : null,
  });
  for (const resource of resources) {
    if (resource.state === ResourceState.Failed && resource.isWanted) {
      tx.enter("resource", resource, { state: ResourceState.Offline });
    }
    tx.update("resource", resource, { restarts: [], retryAt: null });
  }
  return true;
}

/** Has a group that others keep off its node go to one where it may start, where there is one. */
export function evade(tx: Transaction, group: Group): void {
  if (group.move !== null || group.queued !== null || group.isDeleting) return;
  const [best] = placements(tx.state, group);
  if (best === undefined || best.id === group.owner) return;
  const parameters = new Uint8Array();
  beginMove(tx, group, { from: group.owner, to: best.id, returnsOnError: false, parameters });
}

/** Begins a move that waited, where it can be made now. Says whether there is more to settle. */
export function setOut(tx: Transaction, group: Group, queued: QueuedMove): boolean {
  const { to, ...request } = queued;
  const { ignoresRules = false } = request;
  const node = to === null ? nodeToMoveTo(tx.state, group, ignoresRules) : tx.state.nodes.get(to);
  if (to !== null && (node === undefined || node.id === group.owner)) {
    tx.update("group", group, { queued: null });
    return true;
  }
  if (isLocked(tx.state, group)) return false;
  if (node?.state !== NodeState.Up || !mayHost(tx.state, group, node)) return false;
  if (!ignoresRules && isKeptOffNode(tx.state, group, node)) return false;
  beginMove(tx, group, { ...request, from: group.owner, to: node.id });
  return true;
}

/** A node has drained when no group that it has is on its way: well where it has none any more. */
export function tellDrained(tx: Transaction): void {
  for (const node of tx.state.nodes) {
    if (node.drainStatus !== DrainStatus.InProgress || isLeaving(tx.state, node)) continue;
    const isEmpty = ![...tx.state.groups].some(({ owner }) => owner === node.id);
    setDrain(tx, node, isEmpty ? DrainStatus.Completed : DrainStatus.Failed);
  }
}

/** Has a node be so far with its drain, of which who watches the node hears as of a property. */
export function setDrain(tx: Transaction, node: Node, drainStatus: number): void {
  if (node.drainStatus === drainStatus) return;
  tx.update("node", node, { drainStatus });
  const properties = [{ name: "NodeDrainStatus", ...dword(drainStatus) }];
  tx.tell("node", "property", node, { properties });
}

/** Whether a group moves, or is to. */
export function isOnItsWay({ move, queued }: Group): boolean {
  return move !== null || queued !== null;
}

/** Whether a node has groups that are on their way. */
function isLeaving(state: ClusterState, { id }: Node): boolean {
  for (const group of state.groups) if (group.owner === id && isOnItsWay(group)) return true;
  return false;
}
