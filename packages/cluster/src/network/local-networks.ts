/** The networks that this machine is on, as those of a cluster's local node. */
import { networkInterfaces } from "node:os";
import { prefixOf } from "./prefix.ts";
import type { ClusterDefinition } from "../definition/definition.ts";

type Networks = ClusterDefinition["networks"];
type Interfaces = ReturnType<typeof networkInterfaces>;

/**
 * A network for each IPv4 subnet that the system has an address in, with the node's interface there: loopback only where
 * there is nothing else. The IPv6 addresses of an adapter are beside those.
 *
 * @param found default: the system's
 */
export function localNetworks(node: string, found: Interfaces = networkInterfaces()): Networks {
  const all = Object.entries(found).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ family }) => family === "IPv4")
      .map(({ address, netmask, internal }) => ({ name, address, netmask, internal })),
  );
  const outside = all.filter(({ internal }) => !internal);
  const bySubnet = Map.groupBy(
    outside.length > 0 ? outside : all,
    ({ address, netmask }) => `${subnetOf(address, netmask)} ${netmask}`,
  );
  return Array.from(bySubnet.values(), (members, at) => {
    // A node has at most one interface on a network.
    const [{ name, address, netmask } = { name: "", address: "", netmask: "" }] = members;
    const six = (found[name] ?? []).filter(({ family }) => family === "IPv6");
    const prefixes = six.map((one) => {
      const length = one.cidr?.split("/")[1] ?? "128";
      return `${prefixOf(one.address, Number(length))}/${length}`;
    });
    return {
      name: `Cluster Network ${at + 1}`,
      address: subnetOf(address, netmask),
      addressMask: netmask,
      ipv6Prefixes: [...new Set(prefixes)],
      interfaces: [
        {
          name: `${node} - ${name}`,
          node,
          address,
          ipv6Addresses: six.map((one) => one.address),
        },
      ],
    };
  });
}

function subnetOf(address: string, netmask: string): string {
  const mask = netmask.split(".").map(Number);
  return address
    .split(".")
    .map((part, at) => Number(part) & (mask[at] ?? 0))
    .join(".");
}
