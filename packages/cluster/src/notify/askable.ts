/** What filters may ask for ([MS-CMRP] 3.1.4.2.58 to 3.1.4.2.62, 3.1.4.2.137). */
import { askableChanges, type Changes, changes, maskOf } from "@msrpc/cluster-data";
import { ClusterChange } from "@msrpc/ms-cmrp";
import { ObjectType } from "@msrpc/ms-cmrp/clusapi3";

/** Version 1: of every object, and of one of each kind. */
export const askable: Readonly<
  Record<"cluster" | "node" | "group" | "resource" | "network" | "netInterface" | "key", number>
> = {
  cluster: maskOf(ClusterChange, ["ClusterState", "ClusterReconnect", "HandleClose"]),
  node:
    ClusterChange.NodeState |
    ClusterChange.NodeDeleted |
    ClusterChange.NodeAdded |
    ClusterChange.NodeProperty,
  group:
    ClusterChange.GroupState |
    ClusterChange.GroupDeleted |
    ClusterChange.GroupAdded |
    ClusterChange.GroupProperty,
  resource:
    ClusterChange.ResourceState |
    ClusterChange.ResourceDeleted |
    ClusterChange.ResourceAdded |
    ClusterChange.ResourceProperty,
  network:
    ClusterChange.NetworkState |
    ClusterChange.NetworkDeleted |
    ClusterChange.NetworkAdded |
    ClusterChange.NetworkProperty,
  netInterface:
    ClusterChange.NetInterfaceState |
    ClusterChange.NetInterfaceDeleted |
    ClusterChange.NetInterfaceAdded |
    ClusterChange.NetInterfaceProperty,
  key: ClusterChange.RegistryName | ClusterChange.RegistryAttributes | ClusterChange.RegistryValue,
};

/** Version 2, by `ObjectType`. There are types without events. */
export const askableV2: ReadonlyMap<number, number> = new Map(
  (Object.keys(changes) as (keyof Changes)[]).map((kind) => [
    ObjectType[kind],
    askableChanges(kind),
  ]),
);
