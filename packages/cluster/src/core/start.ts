/** How a cluster starts: everything is brought into its persistent state ([MS-CMRP] 3.1.1.1). */
import { NodeState } from "@msrpc/ms-cmrp";
import type { Group, Node } from "../model/objects.ts";
import type { ClusterState } from "../model/state.ts";
import { mayHost, placements } from "./placement.ts";
import { settle } from "./settle.ts";
import type { Transaction } from "./transaction.ts";

/** The node that a group was on last, where it may still run; undefined for one that was never moved. */
function lastNodeOf(state: ClusterState, group: Group): Node | undefined {
  const node = state.nodes.get(String(group.defaultOwner));
  return node?.state === NodeState.Up && mayHost(state, group, node) ? node : undefined;
}

/**
 * Brings nodes and resources into their persistent states. A group starts on the node that it was on last, which its property
 * DefaultOwner says; one that was never moved on the one that it prefers.
 */
export function startCluster(tx: Transaction): void {
  for (const node of tx.state.nodes) {
    if (node.persistentState === 1) tx.enter("node", node, { state: NodeState.Paused });
  }
  for (const resource of tx.state.resources) {
    if (resource.persistentState === 1) tx.update("resource", resource, { isWanted: true });
  }
  // Where all others are is known before the first group looks for a place among them.
  const groups = Array.from(tx.state.groups, (group) => {
    const last = lastNodeOf(tx.state, group);
    if (last !== undefined) tx.update("group", group, { owner: last.id });
    return { group, isPlaced: last !== undefined || group.preferredNodes.length === 0 };
  });
  for (const { group, isPlaced } of groups) {
    const best = isPlaced ? undefined : placements(tx.state, group)[0];
    if (best !== undefined) tx.update("group", group, { owner: best.id });
    settle(tx, group);
  }
}
