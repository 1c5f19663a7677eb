/** The state that a definition makes. */
import { isIPv6 } from "node:net";
import { sz } from "@msrpc/cluster-data";
import {
  createGroup,
  createNetInterface,
  createNetwork,
  createNode,
  createResource,
  createResourceType,
} from "../core/create.ts";
import { setDependencyExpression } from "../core/dependencies.ts";
import { addSchemas, type Host, softwareHost } from "../core/host.ts";
import { aName, isName } from "../core/resources.ts";
import { type Surroundings, Transaction } from "../core/transaction.ts";
import type { Group, Network } from "../model/objects.ts";
import { functionalLevel, highestLevel, lowestLevel } from "../model/cluster-version.ts";
import { clusterName, emptyState, type ClusterState } from "../model/state.ts";
import { defineAffinityRules } from "./affinity-rules.ts";
import {
  type ClusterDefinition,
  DefinitionError,
  type DefinitionPath,
  type GroupDefinition,
  type NetworkDefinition,
  type ResourceDefinition,
} from "./definition.ts";
import { defineGroupOrder } from "./group-order.ts";
import { demandNew, ids, known } from "./names.ts";
import { defineQuorum } from "./quorum.ts";
import { defineRegistry } from "./registry.ts";
import { defineProperties, refusing } from "./values.ts";

/**
 * The state that a definition makes, kept nowhere.
 *
 * @param host whose types have properties of their own. Default: there is none
 * @throws DefinitionError
 */
export function defineCluster(
  definition: ClusterDefinition,
  surroundings: Surroundings,
  host: Host = softwareHost,
): ClusterState {
  const state = emptyState(surroundings.now());
  addSchemas(state, host);
  define(new Transaction(state, surroundings), definition);
  return state;
}

/** Makes all of a definition in an empty cluster. @throws DefinitionError */
export function define(tx: Transaction, definition: ClusterDefinition): void {
  const { state } = tx;
  const { name, nodes, networks, resourceTypes, groups } = definition;
  if (!isName(name)) throw new DefinitionError(["name"], `a cluster needs ${aName}`);
  if (nodes.length === 0) throw new DefinitionError(["nodes"], "a cluster needs a node");
  tx.assign({ name });
  tx.setValue(state.registry, clusterName.value, clusterName.write(name));
  defineLevel(tx, definition.functionalLevel ?? highestLevel);
  tx.setValue(state.registry, "ClusterInstanceID", sz(tx.newId()));
  for (const [at, one] of nodes.entries()) {
    const path = ["nodes", at];
    demandNew(state.nodes, one.name, path);
    const node = createNode(tx, { name: one.name, persistentState: one.paused === true ? 1 : 0 });
    defineProperties(tx, { kind: "node", object: node }, one, path);
  }
  for (const [at, one] of networks.entries()) defineNetwork(tx, one, ["networks", at]);
  for (const [at, one] of resourceTypes.entries()) {
    const path = ["resourceTypes", at];
    demandNew(state.resourceTypes, one.name, path);
    const { dllName = "" } = one;
    const type = createResourceType(tx, { name: one.name, dllName });
    defineProperties(tx, { kind: "resourceType", object: type }, one, path);
  }
  for (const [at, one] of groups.entries()) defineGroup(tx, one, ["groups", at]);
  defineGroupOrder(tx, definition);
  if (definition.quorum !== undefined) defineQuorum(tx, definition.quorum);
  defineAffinityRules(tx, definition.affinityRules ?? []);
  defineRegistry(tx, definition.registry ?? {}, ["registry"]);
  defineProperties(tx, { kind: "cluster", object: state }, definition, []);
}

function defineLevel(tx: Transaction, level: number): void {
  if (!Number.isInteger(level) || level < lowestLevel || level > highestLevel) {
    const problem = `a number from ${lowestLevel} to ${highestLevel} is needed`;
    throw new DefinitionError(["functionalLevel"], problem);
  }
  tx.setValue(tx.state.registry, functionalLevel.value, functionalLevel.write(level));
}

function defineNetwork(tx: Transaction, definition: NetworkDefinition, path: DefinitionPath): void {
  const { name, address, addressMask, interfaces } = definition;
  const { state } = tx;
  demandNew(state.networks, name, path);
  const network = createNetwork(tx, {
    name,
    address,
    addressMask,
    ...ipv6Subnets(definition.ipv6Prefixes ?? [], path),
  });
  defineProperties(tx, { kind: "network", object: network }, definition, path);
  for (const [at, one] of interfaces.entries()) {
    const below = [...path, "interfaces", at];
    demandNew(state.netInterfaces, one.name, below);
    const object = createNetInterface(tx, {
      name: one.name,
      address: one.address,
      ipv6Addresses: ipv6(one.ipv6Addresses ?? [], [...below, "ipv6Addresses"]),
      node: known(state.nodes, one.node, [...below, "node"]).id,
      network: network.id,
    });
    defineProperties(tx, { kind: "netInterface", object }, one, below);
  }
}

/** @throws DefinitionError for what is no IPv6 address */
function ipv6(addresses: readonly string[], path: DefinitionPath): readonly string[] {
  const at = addresses.findIndex((one) => !isIPv6(one));
  if (at === -1) return addresses;
  throw new DefinitionError([...path, at], "an IPv6 address is needed");
}

function ipv6Subnets(
  prefixes: readonly string[],
  path: DefinitionPath,
): Pick<Network, "ipv6Addresses" | "ipv6PrefixLengths"> {
  const parts = prefixes.map((prefix, at) => {
    const [address = "", length = "", ...more] = prefix.split("/");
    if (isIPv6(address) && /^\d{1,3}$/.test(length) && Number(length) <= 128 && more.length === 0) {
      return [address, length] as const;
    }
    throw new DefinitionError(
      [...path, "ipv6Prefixes", at],
      "2001:db8::/64 is a prefix, and not this",
    );
  });
  return {
    ipv6Addresses: parts.map(([address]) => address),
    ipv6PrefixLengths: parts.map(([, length]) => length),
  };
}

function defineGroup(tx: Transaction, definition: GroupDefinition, path: DefinitionPath): void {
  const { name, type, online = false, preferredOwners = [], resources } = definition;
  const { state } = tx;
  demandNew(state.groups, name, path);
  const group = createGroup(tx, {
    name,
    persistentState: online || resources.some((one) => one.online) ? 1 : 0,
    preferredNodes: ids(state.nodes, preferredOwners, [...path, "preferredOwners"]),
    ...(type !== undefined && { type }),
  });
  defineProperties(tx, { kind: "group", object: group }, definition, path);
  const pathOf = (at: number): DefinitionPath => [...path, "resources", at];
  for (const [at, one] of resources.entries()) {
    defineResource(tx, group, { ...one, online: one.online ?? online }, pathOf(at));
  }
  for (const [at, { name: dependent, dependsOn }] of resources.entries()) {
    if (dependsOn !== undefined) defineDependencies(tx, dependent, dependsOn, pathOf(at));
  }
}

function defineResource(
  tx: Transaction,
  group: Group,
  definition: ResourceDefinition,
  path: DefinitionPath,
): void {
  const { name, type, online = false, core = false, possibleOwners } = definition;
  const { state } = tx;
  demandNew(state.resources, name, path);
  const owners = [...path, "possibleOwners"];
  const object = createResource(tx, group, {
    name,
    type: known(state.resourceTypes, type, [...path, "type"]).name,
    isCore: core ? 1 : 0,
    persistentState: online ? 1 : 0,
    ...(possibleOwners && { possibleOwners: ids(state.nodes, possibleOwners, owners) }),
  });
  defineProperties(tx, { kind: "resource", object }, definition, path);
}

/** When all resources of the group are there. */
function defineDependencies(
  tx: Transaction,
  name: string,
  dependsOn: string | readonly string[],
  path: DefinitionPath,
): void {
  const { resources } = tx.state;
  const below = [...path, "dependsOn"];
  const expression =
    typeof dependsOn === "string"
      ? dependsOn
      : ids(resources, dependsOn, below)
          .map((id) => `[${id}]`)
          .join(" and ");
  const resource = known(resources, name, path);
  refusing(below, () => setDependencyExpression(tx, resource, expression));
}
