/** Commands on nodes ([MS-CMRP] 3.1.4.2.70 to 3.1.4.2.72, 3.1.4.2.125 to 3.1.4.2.127), and what befalls them. */
import { NodeState, ResourceState, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { isLocked, isPending, resourcesOf } from "../model/derived.ts";
import { DrainStatus, type Group, type Node } from "../model/objects.ts";
import type { ClusterState } from "../model/state.ts";
import { type Failback, failBack } from "./failback.ts";
import { followNode, removeInterfaces } from "./networks.ts";
import { isKeptOffNode, mayHost, nodeToMoveTo, refuge } from "./placement.ts";
import { settle } from "./settle.ts";
import type { Transaction } from "./transaction.ts";
import { beginMove, setDrain, tellDrained } from "./transfer.ts";

const parameters: Uint8Array = new Uint8Array();

/** Has a node take no groups and bring nothing online. @throws RpcError ERROR_CLUSTER_NODE_DOWN */
export function pauseNode(tx: Transaction, node: Node): void {
  if (node.state === NodeState.Paused) return;
  if (node.state !== NodeState.Up) throw new RpcError(Status.ERROR_CLUSTER_NODE_DOWN);
  tx.enter("node", node, { state: NodeState.Paused, persistentState: 1 });
  for (const group of groupsOn(tx.state, node)) settle(tx, group);
}

export interface Drain {
  /** Null for the node that suits each group best. */
  readonly to: Node | null;
  /** Groups that may not run elsewhere stay; otherwise they go all the same. */
  readonly mayRemain: boolean;
}

/**
 * Pauses a node and moves its groups away.
 *
 * @throws RpcError ERROR_CLUSTER_NODE_DOWN, also where no other one is up; ERROR_CLUSTER_NODE_EVACUATION_IN_PROGRESS;
 *   ERROR_INVALID_TARGET_HANDLE, ERROR_HOST_NODE_NOT_AVAILABLE
 */
export function drainNode(tx: Transaction, node: Node, { to, mayRemain }: Drain): void {
  if (to === node) throw new RpcError(Status.ERROR_INVALID_TARGET_HANDLE);
  if (to !== null && to.state !== NodeState.Up) {
    throw new RpcError(Status.ERROR_HOST_NODE_NOT_AVAILABLE);
  }
  if (node.drainStatus === DrainStatus.InProgress)
    throw new RpcError(Status.ERROR_CLUSTER_NODE_EVACUATION_IN_PROGRESS);
  if (![...tx.state.nodes].some((other) => other !== node && other.state === NodeState.Up)) {
    throw new RpcError(Status.ERROR_CLUSTER_NODE_DOWN);
  }
  pauseNode(tx, node);
  tx.update("node", node, { drainTarget: to?.id ?? "" });
  setDrain(tx, node, DrainStatus.InProgress);
  for (const group of groupsOn(tx.state, node)) drainGroup(tx, group, to, mayRemain);
  for (const group of groupsOn(tx.state, node)) settle(tx, group);
  tellDrained(tx);
}

function drainGroup(tx: Transaction, group: Group, to: Node | null, mayRemain: boolean): void {
  const fits = to === null ? nodeToMoveTo(tx.state, group) : to;
  const isFit =
    fits !== undefined &&
    mayHost(tx.state, group, fits) &&
    !isKeptOffNode(tx.state, group, fits) &&
    !isLocked(tx.state, group);
  if (group.isDeleting || group.move !== null || (mayRemain && !isFit)) return;
  tx.update("group", group, { drainedFrom: group.owner });
  const target = isFit || to !== null ? fits : refuge(tx.state, group);
  if (target === undefined) return;
  if (mayRemain && resourcesOf(tx.state, group).some(isPending)) {
    tx.update("group", group, { queued: { to: target.id, returnsOnError: false, parameters } });
  } else {
    beginMove(tx, group, { from: group.owner, to: target.id, returnsOnError: false, parameters });
  }
}

/**
 * Ends the pause of a node. What waited on it comes online.
 *
 * @throws RpcError ERROR_CLUSTER_NODE_DOWN, ERROR_CLUSTER_NODE_NOT_PAUSED
 */
export function resumeNode(tx: Transaction, node: Node, failback: Failback = "none"): void {
  if (node.state === NodeState.Down) throw new RpcError(Status.ERROR_CLUSTER_NODE_DOWN);
  if (node.state !== NodeState.Paused) throw new RpcError(Status.ERROR_CLUSTER_NODE_NOT_PAUSED);
  for (const group of groupsOn(tx.state, node)) {
    if (group.drainedFrom === node.id && group.queued !== null) {
      tx.update("group", group, { queued: null, drainedFrom: null });
    }
  }
  tx.enter("node", node, { state: NodeState.Up, persistentState: 0 });
  endDrain(tx, node);
  failBack(tx, node, failback);
  for (const group of tx.state.groups) {
    if (group.owner === node.id || group.queued !== null) settle(tx, group);
  }
}

function endDrain(tx: Transaction, node: Node): void {
  tx.update("node", node, { drainTarget: "" });
  setDrain(tx, node, DrainStatus.None);
}

/** A node is gone: its groups go elsewhere, and nothing that it ran is left. */
export function nodeWentDown(tx: Transaction, node: Node): void {
  if (node.state === NodeState.Down) return;
  tx.enter("node", node, { state: NodeState.Down });
  endDrain(tx, node);
  followNode(tx, node);
  for (const group of tx.state.groups) {
    if (group.owner !== node.id && group.returnTo === node.id) {
      tx.update("group", group, { returnTo: null });
    }
  }
  // None goes on before it is known of all what is left of them: groups start after others.
  const abandoned = groupsOn(tx.state, node);
  for (const group of abandoned) abandon(tx, group);
  for (const group of abandoned) settle(tx, group);
  tellDrained(tx);
}

/** A node is back. Groups that prefer it and allow so come home. */
export function nodeCameUp(tx: Transaction, node: Node): void {
  if (node.state !== NodeState.Down && node.state !== NodeState.Joining) return;
  const state = node.persistentState === 1 ? NodeState.Paused : NodeState.Up;
  tx.enter("node", node, { state });
  followNode(tx, node);
  if (state === NodeState.Up) failBack(tx, node, "byPolicy");
  for (const group of tx.state.groups) settle(tx, group);
}

/** Takes a group from a node that can no longer stop its resources. */
function abandon(tx: Transaction, group: Group): void {
  for (const resource of resourcesOf(tx.state, group)) {
    const attempt = resource.attempt + 1;
    if (resource.hosting !== "none") {
      tx.effects.push({ type: "terminate", resource: resource.id, attempt, parameters });
    }
    tx.update("resource", resource, { hosting: "none", attempt, isLocked: false });
    const isDown = resource.state === ResourceState.Offline;
    if (!isDown && (isPending(resource) || resource.state === ResourceState.Online)) {
      tx.enter("resource", resource, { state: ResourceState.Offline });
    }
  }
  const to = refuge(tx.state, group)?.id;
  if (to !== undefined && !group.isDeleting) {
    beginMove(tx, group, { from: group.owner, to, returnsOnError: false, parameters });
  }
}

/**
 * Takes a node out of the cluster: what it hosts goes elsewhere, and nothing refers to it any more.
 *
 * @throws RpcError ERROR_CANT_EVICT_ACTIVE_NODE for the node that this is
 */
export function evictNode(tx: Transaction, node: Node): void {
  const { state } = tx;
  if (node.id === state.localNode) throw new RpcError(Status.ERROR_CANT_EVICT_ACTIVE_NODE);
  nodeWentDown(tx, node);
  const isOther = (id: string): boolean => id !== node.id;
  for (const group of state.groups) {
    if (group.owner === node.id) tx.enter("group", group, { owner: state.localNode, move: null });
    if (group.drainedFrom === node.id) tx.update("group", group, { drainedFrom: null });
    if (group.defaultOwner === Number(node.id)) {
      tx.update("group", group, { defaultOwner: Number(state.localNode) });
    }
    if (group.queued?.to === node.id) tx.update("group", group, { queued: null });
    if (!group.preferredNodes.includes(node.id)) continue;
    tx.configure("group", group, { preferredNodes: group.preferredNodes.filter(isOther) });
  }
  for (const resource of state.resources) {
    const { possibleOwners } = resource;
    if (!possibleOwners.includes(node.id)) continue;
    tx.configure("resource", resource, { possibleOwners: possibleOwners.filter(isOther) });
  }
  for (const other of state.nodes) {
    if (other.drainTarget === node.id) tx.update("node", other, { drainTarget: "" });
  }
  removeInterfaces(tx, node);
  tx.remove("node", node);
  for (const group of state.groups) settle(tx, group);
}

function groupsOn(state: ClusterState, { id }: Node): Group[] {
  return [...state.groups].filter(({ owner }) => owner === id);
}
