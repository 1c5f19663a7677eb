/** Internal networks in the order in which the nodes prefer them to talk to each other ([MS-CMRP] 3.1.4.1.87). */
import { Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { texts } from "../model/fields.ts";
import type { Network } from "../model/objects.ts";
import type { ClusterState } from "../model/state.ts";
import { fold, valueOf } from "../registry/key.ts";
import type { Transaction } from "./transaction.ts";

/** A value of the root key: IDs, the first one preferred. */
const priority = texts("NetworkPriority");

/** The best first; those that have no place yet come last. */
export function internalNetworks({ registry, networks }: ClusterState): Network[] {
  const order = priority.read(valueOf(registry, priority.value)).map((id) => fold(id));
  const place = ({ id }: Network): number => {
    const at = order.indexOf(fold(id));
    return at < 0 ? order.length : at;
  };
  return [...networks].filter(isInternal).toSorted((a, b) => place(a) - place(b));
}

/** Private and mixed ones carry what nodes tell each other. */
function isInternal({ role }: Network): boolean {
  return (role & 1) !== 0;
}

/** @throws RpcError ERROR_INVALID_PARAMETER for IDs that aren't those of all internal networks */
export function setNetworkPriority(tx: Transaction, ids: readonly (string | null)[]): void {
  const internal = internalNetworks(tx.state);
  const wanted = ids.map((id) => internal.find((one) => fold(one.id) === fold(id ?? "")));
  const ordered = wanted.filter((one) => one !== undefined);
  if (ids.length !== internal.length || new Set(ordered).size !== internal.length) {
    throw new RpcError(Status.ERROR_INVALID_PARAMETER);
  }
  const order = ordered.map(({ id }) => id);
  tx.setValue(tx.state.registry, priority.value, priority.write(order));
}
