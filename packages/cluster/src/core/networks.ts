/** States of network interfaces, and of the networks that follow from them ([MS-CMRP] 3.1.4.2.83, 3.1.4.2.94). */
import { NetInterfaceState, NodeState } from "@msrpc/ms-cmrp";
import { networkState } from "../model/derived.ts";
import type { NetInterface, Node } from "../model/objects.ts";
import type { Transaction } from "./transaction.ts";

/** Has the interfaces of a node follow it: they are unavailable while it isn't active, and otherwise as they are found. */
export function followNode(tx: Transaction, node: Node): void {
  const { Unavailable, Up } = NetInterfaceState;
  const isActive = node.state === NodeState.Up || node.state === NodeState.Paused;
  const isStale = ({ node: id, state }: NetInterface): boolean =>
    id === node.id && isActive === (state === Unavailable);
  changeInterfaces(tx, () => {
    for (const one of tx.state.netInterfaces) {
      if (isStale(one)) tx.enter("netInterface", one, { state: isActive ? Up : Unavailable });
    }
  });
}

/** Has an interface be as it was found. That of a node which isn't active stays unavailable. */
export function foundInterface(tx: Transaction, one: NetInterface, state: FoundState): void {
  const isGone = !tx.state.netInterfaces.has(one);
  if (isGone || one.state === state || one.state === NetInterfaceState.Unavailable) return;
  changeInterfaces(tx, () => tx.enter("netInterface", one, { state }));
}

/** Of `NetInterfaceState`: `Failed` where its node's machine doesn't have it, `Unreachable` where it doesn't answer. */
export type FoundState =
  | typeof NetInterfaceState.Up
  | typeof NetInterfaceState.Failed
  | typeof NetInterfaceState.Unreachable;

/** Takes the interfaces of a node out. */
export function removeInterfaces(tx: Transaction, node: Node): void {
  changeInterfaces(tx, () => {
    for (const one of Array.from(tx.state.netInterfaces)) {
      if (one.node === node.id) tx.remove("netInterface", one);
    }
  });
}

/** Runs what changes interfaces, and tells of the networks whose states are others then. */
function changeInterfaces(tx: Transaction, change: () => void): void {
  const before = Array.from(
    tx.state.networks,
    (network) => [network, networkState(tx.state, network)] as const,
  );
  change();
  for (const [network, state] of before) {
    if (networkState(tx.state, network) !== state) tx.enter("network", network, {});
  }
}
