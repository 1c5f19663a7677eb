/** Resource types that code has brought along, in the cluster. */
import { createResourceType } from "../core/create.ts";
import type { Transaction } from "../core/transaction.ts";
import type { HostingType } from "./plugin.ts";

/** Makes the resource types that a cluster doesn't have yet. */
export function createMissingTypes(tx: Transaction, types: readonly HostingType[]): void {
  for (const { type: name } of types) {
    if (tx.state.resourceTypes.find(name) === undefined) createResourceType(tx, { name });
  }
}
