/** Every kind of object by the name that events call it: its type, its collection and its key. */
import type { Collection } from "./collection.ts";
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
import type { ClusterState } from "./state.ts";

export interface ByKind {
  node: Node;
  group: Group;
  groupSet: GroupSet;
  resource: Resource;
  resourceType: ResourceType;
  network: Network;
  netInterface: NetInterface;
}

export const byKind: {
  readonly [K in keyof ByKind]: {
    readonly keys: kinds.Kind<ByKind[K]>;
    readonly collection: (state: ClusterState) => Collection<ByKind[K]>;
  };
} = {
  node: { keys: kinds.nodes, collection: ({ nodes }) => nodes },
  group: { keys: kinds.groups, collection: ({ groups }) => groups },
  groupSet: { keys: kinds.groupSets, collection: ({ groupSets }) => groupSets },
  resource: { keys: kinds.resources, collection: ({ resources }) => resources },
  resourceType: { keys: kinds.resourceTypes, collection: ({ resourceTypes }) => resourceTypes },
  network: { keys: kinds.networks, collection: ({ networks }) => networks },
  netInterface: { keys: kinds.netInterfaces, collection: ({ netInterfaces }) => netInterfaces },
};
