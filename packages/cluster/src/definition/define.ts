/** A cluster as somebody writes it down, and the state that it makes. */
import { sz } from "@msrpc/cluster-data";
import {
  createGroup,
  createNetInterface,
  createNetwork,
  createNode,
  createResource,
  createResourceType,
} from "../core/create.ts";
import { type Surroundings, Transaction } from "../core/transaction.ts";
import { clusterName, emptyState, type ClusterState } from "../model/state.ts";

export interface ClusterDefinition {
  readonly name: string;
  /** The first one is the node that this is. */
  readonly nodes: readonly { readonly name: string }[];
  readonly networks: readonly {
    readonly name: string;
    readonly address: string;
    readonly addressMask: string;
    readonly interfaces: readonly {
      readonly name: string;
      /** Name of its node. */
      readonly node: string;
      readonly address: string;
    }[];
  }[];
  readonly resourceTypes: readonly { readonly name: string; readonly dllName?: string }[];
  readonly groups: readonly {
    readonly name: string;
    /** CLUSTER_GROUP_TYPE. */
    readonly type?: number;
    readonly resources: readonly {
      readonly name: string;
      readonly type: string;
      readonly online?: boolean;
      readonly core?: boolean;
      /** Names of the resources of its group that it needs. */
      readonly dependsOn?: readonly string[];
    }[];
  }[];
}

/** The state that a definition makes, kept nowhere. @throws TypeError for names that nothing has */
export function defineCluster(
  definition: ClusterDefinition,
  surroundings: Surroundings,
): ClusterState {
  const state = emptyState(surroundings.now());
  define(new Transaction(state, surroundings), definition);
  return state;
}

/** Makes all of a definition in an empty cluster. @throws TypeError for names that nothing has */
export function define(tx: Transaction, definition: ClusterDefinition): void {
  const { state } = tx;
  tx.assign({ name: definition.name });
  tx.setValue(state.registry, clusterName.value, clusterName.write(definition.name));
  tx.setValue(state.registry, "ClusterInstanceID", sz(tx.newId()));
  for (const { name } of definition.nodes) createNode(tx, { name });
  for (const { name, address, addressMask, interfaces } of definition.networks) {
    const network = createNetwork(tx, { name, address, addressMask });
    for (const one of interfaces) {
      const node = known(state.nodes.find(one.node), `node ${one.node}`).id;
      createNetInterface(tx, { ...one, node, network: network.id });
    }
  }
  for (const type of definition.resourceTypes) createResourceType(tx, type);
  for (const group of definition.groups) defineGroup(tx, group);
}

function defineGroup(tx: Transaction, definition: ClusterDefinition["groups"][number]): void {
  const { name, type, resources } = definition;
  const isOnline = resources.some(({ online }) => online);
  const persistentState = isOnline ? 1 : 0;
  const group = createGroup(tx, { name, persistentState, ...(type !== undefined && { type }) });
  for (const { name, type, online = false, core = false, dependsOn = [] } of resources) {
    known(tx.state.resourceTypes.find(type), `resource type ${type}`);
    const dependencies = dependsOn.map(
      (on) => known(tx.state.resources.find(on), `resource ${on}`).id,
    );
    createResource(tx, group, {
      name,
      type,
      dependencies,
      isCore: core ? 1 : 0,
      persistentState: online ? 1 : 0,
    });
  }
}

function known<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new TypeError(`the definition has no ${what}`);
  return found;
}
