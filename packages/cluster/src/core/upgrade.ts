/** A cluster that works at a version below that of its nodes, and is raised to it step by step ([MS-CMRP] 3.1.1.12, 3.1.4.3.7.18). */
import { dword } from "@msrpc/cluster-data";
import { NodeState } from "@msrpc/ms-cmrp";
import { functionalLevel, highestLevel, levelOf, versionAt } from "../model/cluster-version.ts";
import type { ClusterState } from "../model/state.ts";
import type { Happenings } from "./event.ts";
import type { Transaction } from "./transaction.ts";

const inProgress = "ClusterUpgradeInProgress";

/** Whether all nodes know the version after the one that the cluster works at. They all run the same software. */
export function isUpgradable(state: ClusterState): boolean {
  return levelOf(state) < highestLevel;
}

/** Has the cluster work at the next version, where there is one. Gives the major number that it works at then. */
export function upgradeCluster(tx: Transaction): number {
  if (!isUpgradable(tx.state)) return levelOf(tx.state);
  const { registry } = tx.state;
  const level = levelOf(tx.state) + 1;
  tx.setValue(registry, inProgress, dword(1));
  tellNodes(tx, "prepare");
  tellNodes(tx, "commit");
  tx.setValue(registry, functionalLevel.value, functionalLevel.write(level));
  tx.tellCluster("upgraded", versionAt(level));
  tellNodes(tx, "postCommit");
  endUpgrade(tx);
  return level;
}

/** Nothing of an upgrade goes on any more. */
export function endUpgrade(tx: Transaction): void {
  tx.setValue(tx.state.registry, inProgress, dword(0));
}

/** What happens at every node that takes part. */
function tellNodes(tx: Transaction, what: Happenings["upgrade"]): void {
  for (const { id, name, state } of tx.state.nodes) {
    if (state === NodeState.Down) continue;
    tx.emit({ kind: "upgrade", what, id, name, parent: "", type: "", sequence: 0 });
  }
}
