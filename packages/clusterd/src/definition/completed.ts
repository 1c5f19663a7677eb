/** What a definition file leaves out is as in the default cluster. */
import { type ClusterDefinition, defaultDefinition, type HostingType } from "@msrpc/cluster";
import type { DefinitionFile } from "./schema.ts";

/** What the file says comes first, so that its places are those of the definition. */
export function completed(
  file: DefinitionFile,
  types: readonly HostingType[] = [],
): ClusterDefinition {
  const nodes = file.nodes ?? defaultDefinition.nodes;
  const [local = { name: "" }] = nodes;
  return {
    ...file,
    name: file.name ?? defaultDefinition.name,
    nodes,
    networks: file.networks ?? networksOf(local.name),
    resourceTypes: both(
      both(file.resourceTypes, defaultDefinition.resourceTypes),
      types.map(({ type: name }) => ({ name })),
    ),
    groups: both(file.groups, defaultDefinition.groups),
  };
}

/** The network that nobody wrote down: the local node is on it, whatever that is called. */
function networksOf(local: string): ClusterDefinition["networks"] {
  return defaultDefinition.networks.map((network) => ({
    ...network,
    interfaces: network.interfaces.map((one) => ({
      ...one,
      name: one.name.replace(one.node, local),
      node: local,
    })),
  }));
}

/** Those that a file has, and those that it doesn't have of its own. */
function both<T extends { readonly name: string }>(
  own: readonly T[] = [],
  others: readonly T[],
): readonly T[] {
  const names = new Set(own.map(({ name }) => name.toLowerCase()));
  return [...own, ...others.filter(({ name }) => !names.has(name.toLowerCase()))];
}
