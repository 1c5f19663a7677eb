/** A cluster as a store has kept it, or as somebody defines it where the store is empty. */
import { emptyState, readState } from "../model/state.ts";
import { Cluster, type ClusterOptions, type StateStore } from "./cluster.ts";
import { addSchemas } from "./host.ts";
import { type Surroundings, Transaction } from "./transaction.ts";

export interface OpenClusterOptions extends ClusterOptions {
  readonly store: StateStore;
  readonly surroundings: Surroundings;
  /** Makes what is in a cluster whose store is empty; all of it is kept, or none. */
  readonly define: (tx: Transaction) => void;
}

/** @throws what the store and `define` throw */
export function openCluster({ define, ...options }: OpenClusterOptions): Cluster {
  const { store, surroundings } = options;
  const registry = store.load();
  if (registry !== null) return new Cluster(readState(registry), options);
  const state = emptyState(surroundings.now());
  if (options.host !== undefined) addSchemas(state, options.host);
  const tx = new Transaction(state, surroundings);
  define(tx);
  store.commit(tx.changes, tx.now);
  return new Cluster(state, options);
}
