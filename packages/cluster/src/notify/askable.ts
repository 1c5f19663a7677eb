/** What filters may ask for ([MS-CMRP] 3.1.4.2.58 to 3.1.4.2.62, 3.1.4.2.137). */
import { ClusterChange } from "@msrpc/ms-cmrp";
import {
  ClusterChangeV2,
  GroupChangeV2,
  GroupSetChangeV2,
  NetInterfaceChangeV2,
  NetworkChangeV2,
  NodeChangeV2,
  ObjectType,
  QuorumChangeV2,
  RegistryChangeV2,
  ResourceChangeV2,
  ResourceTypeChangeV2,
  SharedVolumeChangeV2,
  SpaceportChangeV2,
  UpgradePhaseV2,
} from "@msrpc/ms-cmrp/clusapi3";

/** All flags of an enumeration but those that clients make themselves. */
function all(flags: Readonly<Record<string, number>>, ...without: readonly string[]): number {
  return Object.entries(flags).reduce(
    (mask, [name, flag]) => (without.includes(name) ? mask : mask + flag),
    0,
  );
}

/** Version 1: of every object, and of one of each kind. */
export const askable: Readonly<
  Record<"cluster" | "node" | "group" | "resource" | "network" | "netInterface" | "key", number>
> = {
  cluster: all(ClusterChange, "ClusterState", "ClusterReconnect", "HandleClose"),
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
export const askableV2: ReadonlyMap<number, number> = new Map<number, number>([
  [ObjectType.Cluster, all(ClusterChangeV2, "Reconnect", "State", "HandleClose")],
  [ObjectType.Group, all(GroupChangeV2, "HandleClose")],
  [ObjectType.Resource, all(ResourceChangeV2, "HandleClose")],
  [ObjectType.ResourceType, all(ResourceTypeChangeV2)],
  [ObjectType.NetworkInterface, all(NetInterfaceChangeV2, "HandleClose")],
  [ObjectType.Network, all(NetworkChangeV2, "HandleClose")],
  [ObjectType.Node, all(NodeChangeV2, "HandleClose")],
  [ObjectType.Registry, all(RegistryChangeV2, "HandleClose")],
  [ObjectType.Quorum, all(QuorumChangeV2)],
  [ObjectType.SharedVolume, all(SharedVolumeChangeV2)],
  [ObjectType.Spaceport, all(SpaceportChangeV2)],
  [ObjectType.Upgrade, all(UpgradePhaseV2)],
  [ObjectType.GroupSet, all(GroupSetChangeV2, "HandleClose")],
]);
