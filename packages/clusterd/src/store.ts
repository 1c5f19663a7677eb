/** The store that the command line names. */
import { memoryStore, openSqliteStore, type StateStore } from "@msrpc/cluster";

/** Stands for one that is forgotten at the end. */
export const inMemory = "memory:";

/** @throws StoreError */
export function openStore(file: string): StateStore & Disposable {
  return file === inMemory ? memoryStore() : openSqliteStore(file);
}
