/** How ports of both versions see each event: the flags that it is asked for and told with ([MS-CMRP] 2.2.2.7 to 2.2.2.26). */
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
import type { ClusterEvent, Happenings, KeyEvent } from "../core/event.ts";

/** Null where a version has no word for it. */
export interface View {
  /** Of `ClusterChange`. */
  readonly v1: number | null;
  readonly v2: { readonly type: number; readonly flag: number } | null;
}

/** Views of events that version 2 tells of with one type of object. */
function of(type: number): (flag: number, v1?: number) => View {
  return (flag, v1) => ({ v1: v1 ?? null, v2: { type, flag } });
}

const cluster = of(ObjectType.Cluster);
const node = of(ObjectType.Node);
const group = of(ObjectType.Group);
const resource = of(ObjectType.Resource);
const resourceType = of(ObjectType.ResourceType);
const network = of(ObjectType.Network);
const netInterface = of(ObjectType.NetworkInterface);
const groupSet = of(ObjectType.GroupSet);
const quorum = of(ObjectType.Quorum);
const sharedVolume = of(ObjectType.SharedVolume);
const spaceport = of(ObjectType.Spaceport);
const upgrade = of(ObjectType.Upgrade);
const registry = of(ObjectType.Registry);

function only1(v1: number): View {
  return { v1, v2: null };
}

const nothing: View = { v1: null, v2: null };

const objects: { readonly [K in keyof Happenings]: Readonly<Record<Happenings[K], View>> } = {
  cluster: {
    property: cluster(ClusterChangeV2.CommonProperty, ClusterChange.ClusterProperty),
    privateProperty: cluster(ClusterChangeV2.PrivateProperty, ClusterChange.ClusterProperty),
    renamed: cluster(ClusterChangeV2.Rename, ClusterChange.ClusterProperty),
    membership: cluster(ClusterChangeV2.Membership),
    upgraded: cluster(ClusterChangeV2.Upgraded),
  },
  node: {
    added: cluster(ClusterChangeV2.NodeAdded, ClusterChange.NodeAdded),
    deleted: node(NodeChangeV2.Deleted, ClusterChange.NodeDeleted),
    state: node(NodeChangeV2.State, ClusterChange.NodeState),
    property: node(NodeChangeV2.CommonProperty, ClusterChange.NodeProperty),
    privateProperty: node(NodeChangeV2.PrivateProperty, ClusterChange.NodeProperty),
    netInterfaceAdded: node(NodeChangeV2.NetInterfaceAdded),
    groupGained: node(NodeChangeV2.GroupGained),
    groupLost: node(NodeChangeV2.GroupLost),
  },
  group: {
    added: cluster(ClusterChangeV2.GroupAdded, ClusterChange.GroupAdded),
    deleted: group(GroupChangeV2.Deleted, ClusterChange.GroupDeleted),
    state: group(GroupChangeV2.State, ClusterChange.GroupState),
    property: group(GroupChangeV2.CommonProperty, ClusterChange.GroupProperty),
    privateProperty: group(GroupChangeV2.PrivateProperty, ClusterChange.GroupProperty),
    // A move takes the group through states, which version 1 hears of.
    owner: group(GroupChangeV2.OwnerNode),
    preferredNodes: group(GroupChangeV2.PreferredOwners, ClusterChange.GroupProperty),
    resourceAdded: group(GroupChangeV2.ResourceAdded),
    resourceGained: group(GroupChangeV2.ResourceGained, ClusterChange.GroupProperty),
    resourceLost: group(GroupChangeV2.ResourceLost, ClusterChange.GroupProperty),
  },
  resource: {
    // Version 2 hears of it as an event of the group.
    added: only1(ClusterChange.ResourceAdded),
    deleted: resource(ResourceChangeV2.Deleted, ClusterChange.ResourceDeleted),
    state: resource(ResourceChangeV2.State, ClusterChange.ResourceState),
    property: resource(ResourceChangeV2.CommonProperty, ClusterChange.ResourceProperty),
    privateProperty: resource(ResourceChangeV2.PrivateProperty, ClusterChange.ResourceProperty),
    // Version 1 hears of it from the groups.
    group: resource(ResourceChangeV2.OwnerGroup),
    dependencies: resource(ResourceChangeV2.Dependencies, ClusterChange.ResourceProperty),
    dependents: resource(ResourceChangeV2.Dependents),
    possibleOwners: resource(ResourceChangeV2.PossibleOwners, ClusterChange.ResourceProperty),
    dllUpgraded: resource(ResourceChangeV2.DllUpgraded),
  },
  resourceType: {
    added: cluster(ClusterChangeV2.ResourceTypeAdded, ClusterChange.ResourceTypeAdded),
    deleted: resourceType(ResourceTypeChangeV2.Deleted, ClusterChange.ResourceTypeDeleted),
    property: resourceType(ResourceTypeChangeV2.CommonProperty, ClusterChange.ResourceTypeProperty),
    privateProperty: resourceType(
      ResourceTypeChangeV2.PrivateProperty,
      ClusterChange.ResourceTypeProperty,
    ),
    possibleOwners: resourceType(
      ResourceTypeChangeV2.PossibleOwners,
      ClusterChange.ResourceTypeProperty,
    ),
    dllUpgraded: resourceType(ResourceTypeChangeV2.DllUpgraded),
    specific: resourceType(ResourceTypeChangeV2.Specific),
  },
  network: {
    added: cluster(ClusterChangeV2.NetworkAdded, ClusterChange.NetworkAdded),
    deleted: network(NetworkChangeV2.Deleted, ClusterChange.NetworkDeleted),
    state: network(NetworkChangeV2.State, ClusterChange.NetworkState),
    property: network(NetworkChangeV2.CommonProperty, ClusterChange.NetworkProperty),
    privateProperty: network(NetworkChangeV2.PrivateProperty, ClusterChange.NetworkProperty),
  },
  netInterface: {
    // Version 2 hears of it as an event of the node.
    added: only1(ClusterChange.NetInterfaceAdded),
    deleted: netInterface(NetInterfaceChangeV2.Deleted, ClusterChange.NetInterfaceDeleted),
    state: netInterface(NetInterfaceChangeV2.State, ClusterChange.NetInterfaceState),
    property: netInterface(NetInterfaceChangeV2.CommonProperty, ClusterChange.NetInterfaceProperty),
    privateProperty: netInterface(
      NetInterfaceChangeV2.PrivateProperty,
      ClusterChange.NetInterfaceProperty,
    ),
  },
  groupSet: {
    added: nothing,
    deleted: groupSet(GroupSetChangeV2.Deleted),
    state: groupSet(GroupSetChangeV2.State),
    property: groupSet(GroupSetChangeV2.CommonProperty),
    privateProperty: groupSet(GroupSetChangeV2.PrivateProperty),
    groupAdded: groupSet(GroupSetChangeV2.GroupAdded),
    groupRemoved: groupSet(GroupSetChangeV2.GroupRemoved),
    dependencies: groupSet(GroupSetChangeV2.Dependencies),
    dependents: groupSet(GroupSetChangeV2.Dependents),
  },
  quorum: { state: quorum(QuorumChangeV2.State, ClusterChange.QuorumState) },
  sharedVolume: { state: sharedVolume(SharedVolumeChangeV2.State) },
  spaceport: { customPnp: spaceport(SpaceportChangeV2.CustomPnp) },
  upgrade: {
    prepare: upgrade(UpgradePhaseV2.Prepare),
    commit: upgrade(UpgradePhaseV2.Commit),
    postCommit: upgrade(UpgradePhaseV2.PostCommit),
  },
};

const keyNames = registry(RegistryChangeV2.Name, ClusterChange.RegistryName);
const keys: Readonly<Record<KeyEvent["what"], View>> = {
  added: keyNames,
  deleted: keyNames,
  value: registry(RegistryChangeV2.Value, ClusterChange.RegistryValue),
  security: registry(RegistryChangeV2.Attributes, ClusterChange.RegistryAttributes),
};

export function viewOf(event: ClusterEvent): View {
  if (event.kind === "key") return keys[event.what];
  const views: Readonly<Record<string, View | undefined>> = objects[event.kind];
  return views[event.what] ?? nothing;
}
