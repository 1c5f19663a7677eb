/** All that a cluster is: the registry, which lasts, and its objects, which are read from it. */
import { findKey, newKey, type RegistryKey, valueOf } from "../registry/key.ts";
import type { Schema } from "../property/schema.ts";
import { Collection, type Identified } from "./collection.ts";
import { type Field, text } from "./fields.ts";
import * as kinds from "./kinds.ts";
import type {
  Group,
  GroupSet,
  NetInterface,
  Network,
  Node,
  Resource,
  ResourceType,
} from "./objects.ts";

export interface ClusterState {
  readonly registry: RegistryKey;
  name: string;
  /** ID of the node that this is. */
  readonly localNode: string;
  readonly nodes: Collection<Node>;
  readonly groups: Collection<Group>;
  readonly groupSets: Collection<GroupSet>;
  readonly resources: Collection<Resource>;
  readonly resourceTypes: Collection<ResourceType>;
  readonly networks: Collection<Network>;
  readonly netInterfaces: Collection<NetInterface>;
  /**
   * IDs of groups that don't start before others, with how long they wait at most: milliseconds of the steady clock, Infinity for one
   * that others keep off its node, or null for one that has waited long enough.
   */
  readonly held: Map<string, number | null>;
  /** Resources that time alone changes, sooner or later. */
  readonly timed: Set<Resource>;
  /** Affinity rules by what they call their groups, folded; null until somebody asks. */
  rulesByGroup: ReadonlyMap<string, readonly RegistryKey[]> | null;
  /** Private properties of resource types that code has brought along, by the folded name. */
  readonly schemas: Map<string, Schema>;
}

/** The first node of a definition is the one that this is. */
const localNode = "1";

export const clusterName: Field<string> = text("ClusterName");

/** The objects that a registry describes, as they are when the node starts. */
export function readState(registry: RegistryKey): ClusterState {
  const state: ClusterState = {
    registry,
    name: clusterName.read(valueOf(registry, clusterName.value)),
    localNode,
    nodes: readObjects(registry, kinds.nodes),
    groups: readObjects(registry, kinds.groups),
    groupSets: readObjects(registry, kinds.groupSets),
    resources: readObjects(registry, kinds.resources),
    resourceTypes: readObjects(registry, kinds.resourceTypes),
    networks: readObjects(registry, kinds.networks),
    netInterfaces: readObjects(registry, kinds.netInterfaces),
    held: new Map(),
    timed: new Set(),
    rulesByGroup: null,
    schemas: new Map(),
  };
  for (const group of state.groups) {
    group.owner = localNode;
    for (const id of group.contains) {
      const resource = state.resources.get(id);
      if (resource !== undefined) resource.group = group.id;
    }
  }
  for (const { id, groups } of state.groupSets) {
    for (const member of groups) {
      const group = state.groups.get(member);
      if (group !== undefined) group.groupSet = id;
    }
  }
  return state;
}

/** A cluster with nothing in it. */
export function emptyState(now: number): ClusterState {
  return readState(newKey(null, "", now));
}

function readObjects<T extends Identified>(
  registry: RegistryKey,
  { key, fields, initial }: kinds.Kind<T>,
): Collection<T> {
  const objects = new Collection<T>();
  for (const found of findKey(registry, key)?.subkeys.values() ?? []) {
    const lasting = fields.map(([member, field]) => [
      member,
      field.read(valueOf(found, field.value)),
    ]);
    objects.add({ id: found.name, ...initial, ...Object.fromEntries(lasting) } as T);
  }
  return objects;
}
