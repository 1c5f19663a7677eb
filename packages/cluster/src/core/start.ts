/** How a cluster starts: everything is brought into its persistent state ([MS-CMRP] 3.1.1.1). */
import { NodeState } from "@msrpc/ms-cmrp";
import { placements } from "./placement.ts";
import { settle } from "./settle.ts";
import type { Transaction } from "./transaction.ts";

export function startCluster(tx: Transaction): void {
  for (const node of tx.state.nodes) {
    if (node.persistentState === 1) tx.enter("node", node, { state: NodeState.Paused });
  }
  for (const resource of tx.state.resources) {
    if (resource.persistentState === 1) tx.update("resource", resource, { isWanted: true });
  }
  for (const group of tx.state.groups) {
    const best = group.preferredNodes.length > 0 ? placements(tx.state, group)[0] : undefined;
    if (best !== undefined) tx.update("group", group, { owner: best.id });
    settle(tx, group);
  }
}
