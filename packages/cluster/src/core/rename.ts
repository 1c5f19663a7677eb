/** The cluster's own name ([MS-CMRP] 3.1.4.1.3, 3.1.4.2.3). */
import { clusterName, type ClusterState } from "../model/state.ts";
import type { Resource } from "../model/objects.ts";
import { fold } from "../registry/key.ts";
import type { Transaction } from "./transaction.ts";

/** A label of DNS names. */
const label = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/;

export function isLabel(name: string): boolean {
  return label.test(name);
}

/** The resource that stands for the name on networks: the core one of type Network Name. */
export function nameResource({ resources }: ClusterState): Resource | undefined {
  return [...resources].find(
    ({ type, isCore }) => isCore !== 0 && fold(type) === fold("Network Name"),
  );
}

export function renameCluster(tx: Transaction, name: string): void {
  tx.assign({ name });
  tx.setValue(tx.state.registry, clusterName.value, clusterName.write(name));
}
