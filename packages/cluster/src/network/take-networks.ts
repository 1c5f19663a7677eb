/** A cluster that is there finds itself on networks that it didn't know of. */
import { createNetInterface, createNetwork } from "../core/create.ts";
import type { Transaction } from "../core/transaction.ts";
import type { NetworkDefinition } from "../definition/definition.ts";

/**
 * Adds networks, and interfaces of the local node on them, that the cluster doesn't have. Nothing goes: what this machine no
 * longer has is seen to have failed.
 */
export function takeNetworks(tx: Transaction, found: readonly NetworkDefinition[]): void {
  const { networks, netInterfaces, localNode, nodes } = tx.state;
  const node = nodes.get(localNode);
  if (node === undefined) return;
  for (const { address, addressMask, ipv6Prefixes = [], interfaces } of found) {
    const network =
      [...networks].find((one) => one.address === address && one.addressMask === addressMask) ??
      createNetwork(tx, { name: freeName(networks, "Cluster Network"), address, addressMask });
    const prefixes = ipv6Prefixes.map((prefix) => prefix.split("/"));
    tx.configure("network", network, {
      ipv6Addresses: prefixes.map(([first = ""]) => first),
      ipv6PrefixLengths: prefixes.map(([, length = ""]) => length),
    });
    for (const { name, address: own, ipv6Addresses = [] } of interfaces) {
      const known = [...netInterfaces].find(
        (one) => one.node === node.id && one.network === network.id,
      );
      if (known === undefined) {
        const free = netInterfaces.find(name) === undefined ? name : freeName(netInterfaces, name);
        const has = { address: own, ipv6Addresses };
        createNetInterface(tx, { name: free, node: node.id, network: network.id, ...has });
      } else tx.configure("netInterface", known, { address: own, ipv6Addresses });
    }
  }
}

/** The name with the first number behind it that nothing is called. */
function freeName(objects: { find(name: string): unknown }, name: string): string {
  let number = 1;
  while (objects.find(`${name} ${number}`) !== undefined) number++;
  return `${name} ${number}`;
}
