/** Requests with which every method succeeds in the scene, and what has to be done there before. */
import { BatchCommandType, writeBatch } from "@msrpc/cluster-data";
import {
  ClusterChange,
  type clusapi2,
  type clusapi3,
  GroupEnum,
  NetworkEnum,
  ResourceEnum,
  ResourceTypeEnum,
} from "@msrpc/ms-cmrp";
import {
  Access,
  ClusterEnum,
  NodeChangeV2,
  NodeEnum,
  type ObjectHandle,
  ObjectType,
  ResourceTypeChangeV2,
} from "@msrpc/ms-cmrp/clusapi3";
import type { RequestOf } from "@msrpc/rpc";
import type { Version } from "../../src/service/methods/table.ts";
import { most } from "../registry-support.ts";
import { type Handles, valueName } from "./scene.ts";

type Operations3 = typeof clusapi3.operations;
type Operations2 = typeof clusapi2.operations;
export type Key = keyof Operations3;

type Requests<Operations> = {
  readonly [K in keyof Operations]?: (handles: Handles) => RequestOf<Operations[K]>;
};

const read = Access.GenericRead;
const nothing = new Uint8Array(0);
export const noData = { valueType: 0, data: nothing };
export const filter = { filter: ClusterChange.RegistryValue, notifyKey: 1 };
const known = { stateSequence: 0 };
const idleCode = { inBuffer: null, outBufferSize: 0 };
const byColumns = { properties: null, roProperties: null };

/** A code of every kind of object that does nothing: its UNKNOWN. */
const ping = (kind: number) => ({ ...idleCode, controlCode: kind * 0x0100_0000 });

/** Group sets have no code that does nothing: their ID. */
const getId = { inBuffer: null, outBufferSize: 4096, controlCode: 0x0800_0039 };

const requests: Requests<Operations3> = {
  openCluster: () => ({}),
  openClusterEx: () => ({ desiredAccess: read }),
  closeCluster: ({ cluster }) => ({ cluster }),
  setClusterName: () => ({ newClusterName: "cluster2" }),
  getClusterName: () => ({}),
  getClusterVersion: () => ({}),
  getClusterVersion2: () => ({}),
  getQuorumResource: () => ({}),
  setQuorumResource: ({ disk }) => ({ resource: disk, deviceName: "", maxQuorumLogSize: 0x400 }),
  createEnum: () => ({ type: ClusterEnum.Node }),
  createEnumEx: ({ cluster }) => ({ cluster, type: ClusterEnum.Node, options: 0 }),
  backupClusterDatabase: () => ({ pathName: "C:\\backup" }),
  setServiceAccountPassword: () => ({ newPassword: "x", flags: 0, maxStatuses: 4 }),
  clusterNativeUpdateControl: () => ({ inBuffer: nothing, outBufferSize: 0 }),
  nodeClusterControl: ({ cluster, node: hostNode }) => ({ cluster, hostNode, ...ping(7) }),
  clusterControl: ({ cluster }) => ({ cluster, ...ping(7) }),

  openResource: () => ({ resourceName: "Service" }),
  openResourceEx: () => ({ resourceName: "Service", desiredAccess: read }),
  createResource: ({ empty: group }) => ({
    group,
    resourceName: "New",
    resourceType: "Generic Service",
    flags: 0,
  }),
  deleteResource: ({ idle: resource }) => ({ resource }),
  closeResource: ({ resource }) => ({ resource }),
  getResourceState: ({ resource }) => ({ resource }),
  setResourceName: ({ resource }) => ({ resource, resourceName: "New" }),
  getResourceId: ({ resource }) => ({ resource }),
  getResourceType: ({ resource }) => ({ resource }),
  failResource: ({ resource }) => ({ resource }),
  onlineResource: ({ idle: resource }) => ({ resource }),
  onlineResourceEx: ({ idle: resource }) => ({ resource, onlineFlags: 0, inBuffer: nothing }),
  offlineResource: ({ resource }) => ({ resource }),
  offlineResourceEx: ({ resource }) => ({ resource, offlineFlags: 0, inBuffer: nothing }),
  restartResource: ({ resource }) => ({ resource, flags: 0 }),
  changeCsvState: ({ volume: resource }) => ({ resource, state: 1 }),
  changeCsvStateEx: ({ volume: resource }) => ({ resource, state: 1, volumeName: "Data" }),
  addResourceDependency: ({ idle: resource, provider: dependsOn }) => ({ resource, dependsOn }),
  removeResourceDependency: ({ dependent: resource, provider: dependsOn }) => ({
    resource,
    dependsOn,
  }),
  canResourceBeDependent: ({ idle: resource, provider: resourceDependent }) => ({
    resource,
    resourceDependent,
  }),
  setResourceDependencyExpression: ({ idle: resource }) => ({
    resource,
    dependencyExpression: "([Provider])",
  }),
  getResourceDependencyExpression: ({ dependent: resource }) => ({ resource }),
  getResourceNetworkName: ({ resource }) => ({ resource }),
  createResEnum: ({ resource }) => ({ resource, type: ResourceEnum.Nodes }),
  addResourceNode: ({ idle: resource, node2: node }) => ({ resource, node }),
  removeResourceNode: ({ idle: resource, node2: node }) => ({ resource, node }),
  changeResourceGroup: ({ idle: resource, empty: group }) => ({ resource, group }),
  changeResourceGroupEx: ({ idle: resource, empty: group }) => ({ resource, group, flags: 0n }),
  createResourceEnum: ({ cluster }) => ({ cluster, ...byColumns }),
  nodeResourceControl: ({ resource, node }) => ({ resource, node, ...ping(1) }),
  resourceControl: ({ resource }) => ({ resource, ...ping(1) }),

  createResourceType: () => ({
    typeName: "New",
    displayName: "New",
    dllName: "new.dll",
    looksAlive: 5000,
    isAlive: 60_000,
  }),
  deleteResourceType: () => ({ typeName: "Task Scheduler" }),
  createResTypeEnum: () => ({ typeName: "Generic Service", type: ResourceTypeEnum.Nodes }),
  nodeResourceTypeControl: ({ cluster, node }) => ({
    cluster,
    node,
    resourceTypeName: "Generic Service",
    ...ping(2),
  }),
  resourceTypeControl: ({ cluster }) => ({
    cluster,
    resourceTypeName: "Generic Service",
    ...ping(2),
  }),

  getRootKey: () => ({ samDesired: 0x2_0019 }),
  createKey: ({ key }) => ({
    key,
    subKey: "new",
    options: 0,
    samDesired: most,
    securityAttributes: null,
  }),
  openKey: ({ key }) => ({ key, subKey: "below", samDesired: 0x2_0019 }),
  enumKey: ({ key }) => ({ key, index: 0 }),
  setValue: ({ key }) => ({ key, valueName, type: 4, data: new Uint8Array([2, 0, 0, 0]) }),
  deleteValue: ({ key }) => ({ key, valueName }),
  queryValue: ({ key }) => ({ key, valueName, dataSize: 4 }),
  deleteKey: ({ key }) => ({ key, subKey: "below" }),
  enumValue: ({ key }) => ({ key, index: 0, dataSize: 4 }),
  closeKey: ({ key }) => ({ key }),
  queryInfoKey: ({ key }) => ({ key }),
  setKeySecurity: ({ key }) => ({
    key,
    securityInformation: 4,
    securityDescriptor: descriptorOf(new Uint8Array([1, 0, 4, 0x80, ...Array<number>(16).fill(0)])),
  }),
  getKeySecurity: ({ key }) => ({
    key,
    securityInformation: 4,
    securityDescriptor: { ...descriptorOf(nothing), inSecurityDescriptorSize: 4096 },
  }),
  executeBatch: ({ key }) => ({
    key,
    data: writeBatch([{ type: BatchCommandType.CreateKey, name: "new", ...noData }]),
  }),
  createBatchPort: ({ key }) => ({ key }),
  getBatchNotification: ({ batchPort }) => ({ batchNotify: given(batchPort) }),
  closeBatchPort: ({ batchPort }) => ({ batchPort: given(batchPort) }),
  executeReadBatch: ({ key }) => ({ key, inData: readBatch }),
  executeReadBatchEx: ({ key }) => ({ key, inData: readBatch, flags: 0 }),

  openGroup: () => ({ groupName: "Services" }),
  openGroupEx: () => ({ groupName: "Services", desiredAccess: read }),
  createGroup: () => ({ groupName: "New" }),
  createGroupEx: () => ({ groupName: "New", groupInfo: null }),
  deleteGroup: ({ empty: group }) => ({ group, force: 0 }),
  closeGroup: ({ group }) => ({ group }),
  getGroupState: ({ group }) => ({ group }),
  setGroupName: ({ group }) => ({ group, groupName: "New" }),
  getGroupId: ({ group }) => ({ group }),
  onlineGroup: ({ group }) => ({ group }),
  onlineGroupEx: ({ group }) => ({ group, onlineFlags: 0, inBuffer: nothing }),
  offlineGroup: ({ group }) => ({ group }),
  offlineGroupEx: ({ group }) => ({ group, offlineFlags: 0, inBuffer: nothing }),
  moveGroup: ({ group }) => ({ group }),
  moveGroupEx: ({ group }) => ({ group, moveFlags: 0, inBuffer: nothing }),
  moveGroupToNode: ({ group, node2: node }) => ({ group, node }),
  moveGroupToNodeEx: ({ group, node2: node }) => ({
    group,
    node,
    moveFlags: 0,
    inBuffer: nothing,
  }),
  cancelClusterGroupOperation: ({ group }) => ({ group, cancelFlags: 0 }),
  createGroupResourceEnum: ({ group }) => ({ group, type: GroupEnum.Contains }),
  setGroupNodeList: ({ group }) => ({ group, nodeList: "2\0\0" }),
  createGroupEnum: ({ cluster }) => ({ cluster, ...byColumns }),
  nodeGroupControl: ({ group, node }) => ({ group, node, ...ping(3) }),
  groupControl: ({ group }) => ({ group, ...ping(3) }),

  createGroupSet: () => ({ groupSetName: "New" }),
  openGroupSet: () => ({ groupSetName: "Set" }),
  closeGroupSet: ({ groupSet }) => ({ groupSet: given(groupSet) }),
  deleteGroupSet: ({ groupSet }) => ({ groupSet: given(groupSet) }),
  addGroupToGroupSet: ({ groupSet, empty: group }) => ({ groupSet: given(groupSet), group }),
  addGroupToGroupSetEx: ({ groupSet, empty: group }) => ({
    groupSet: given(groupSet),
    group,
    faultDomain: 0,
    updateDomain: 0,
    useDomains: 0,
    reserved: 0,
  }),
  removeGroupFromGroupSet: ({ spare: group }) => ({ group }),
  moveGroupToGroupSet: ({ emptySet, spare: group }) => ({ groupSet: given(emptySet), group }),
  addGroupSetDependency: ({ groupSet, emptySet }) => ({
    dependentGroupSet: given(groupSet),
    providerGroupSet: given(emptySet),
  }),
  removeGroupSetDependency: ({ groupSet, providerSet }) => ({
    groupSet: given(groupSet),
    dependsOn: given(providerSet),
  }),
  setGroupSetDependencyExpression: ({ emptySet }) => ({
    groupSet: given(emptySet),
    dependencyExpression: "([Set])",
  }),
  addGroupToGroupSetDependency: ({ empty: dependentGroup, groupSet }) => ({
    dependentGroup,
    providerGroupSet: given(groupSet),
  }),
  removeClusterGroupToGroupSetDependency: ({ empty: group, groupSet }) => ({
    group,
    dependsOn: given(groupSet),
  }),
  setGroupDependencyExpression: ({ empty: group }) => ({
    group,
    dependencyExpression: "([Services])",
  }),
  removeClusterGroupDependency: ({ empty: group, group: dependsOn }) => ({ group, dependsOn }),
  createGroupSetEnum: ({ cluster }) => ({ cluster }),
  nodeGroupSetControl: ({ groupSet, node }) => ({
    groupSet: given(groupSet),
    node,
    ...getId,
  }),
  groupSetControl: ({ groupSet }) => ({ groupSet: given(groupSet), ...getId }),

  openNode: () => ({ nodeName: "node2" }),
  openNodeEx: () => ({ nodeName: "node2", desiredAccess: read }),
  closeNode: ({ node2: node }) => ({ node }),
  getNodeId: ({ node }) => ({ node }),
  getNodeState: ({ node }) => ({ node }),
  pauseNode: ({ node2: node }) => ({ node }),
  pauseNodeEx: ({ node2: node }) => ({ node, drainNode: 0, pauseFlags: 0 }),
  pauseNodeWithDrainTarget: ({ node, node2 }) => ({ node, pauseFlags: 0, nodeDrainTarget: node2 }),
  resumeNode: ({ node2: node }) => ({ node }),
  resumeNodeEx: ({ node2: node }) => ({ node, resumeFailbackType: 0, resumeFlagsReserved: 0 }),
  evictNode: ({ node2: node }) => ({ node }),
  createNodeEnum: ({ node }) => ({ node, type: NodeEnum.NetInterfaces }),
  createNodeEnumEx: ({ node }) => ({ node, type: NodeEnum.NetInterfaces, options: 0 }),
  nodeNodeControl: ({ node, node2: hostNode }) => ({ node, hostNode, ...ping(4) }),
  nodeControl: ({ node }) => ({ node, ...ping(4) }),

  createNotify: () => ({}),
  createNotifyV2: () => ({}),
  closeNotify: ({ notify }) => ({ notify }),
  unblockGetNotifyCall: ({ notify }) => ({ notify }),
  getNotify: ({ notify }) => ({ notify }),
  getNotifyAsync: ({ notify }) => ({ notify }),
  getNotifyV2: ({ notifyV2: notify }) => ({ notify }),
  addNotifyCluster: ({ notify, cluster }) => ({ notify, cluster, ...filter }),
  addNotifyKey: ({ notify, key }) => ({ notify, key, ...filter, watchSubTree: 0 }),
  addNotifyNode: ({ notify, node }) => ({ notify, node, ...onState("Node") }),
  addNotifyGroup: ({ notify, group }) => ({ notify, group, ...onState("Group") }),
  addNotifyResource: ({ notify, resource }) => ({ notify, resource, ...onState("Resource") }),
  addNotifyNetwork: ({ notify, network }) => ({ notify, network, ...onState("Network") }),
  addNotifyNetInterface: ({ notify, netInterface }) => ({
    notify,
    netInterface,
    ...onState("NetInterface"),
  }),
  reAddNotifyNode: ({ notify, node }) => ({ notify, node, ...onState("Node"), ...known }),
  reAddNotifyGroup: ({ notify, group }) => ({ notify, group, ...onState("Group"), ...known }),
  reAddNotifyResource: ({ notify, resource }) => ({
    notify,
    resource,
    ...onState("Resource"),
    ...known,
  }),
  reAddNotifyNetwork: ({ notify, network }) => ({
    notify,
    network,
    ...onState("Network"),
    ...known,
  }),
  reAddNotifyNetInterface: ({ notify, netInterface }) => ({
    notify,
    netInterface,
    ...onState("NetInterface"),
    ...known,
  }),
  addNotifyV2: ({ notifyV2: notify, node }) => ({
    notify,
    object: node as unknown as ObjectHandle,
    filter: { objectType: ObjectType.Node, filterFlags: BigInt(NodeChangeV2.State) },
    notifyKey: 1,
    version: 2,
    isTargetedAtObject: 1,
  }),
  addNotifyResourceTypeV2: ({ notifyV2: notify }) => ({
    notify,
    filter: BigInt(ResourceTypeChangeV2.CommonProperty),
    notifyKey: 1,
    resTypeName: "Generic Service",
    version: 2,
  }),

  openNetwork: () => ({ networkName: "Public" }),
  openNetworkEx: () => ({ networkName: "Public", desiredAccess: read }),
  closeNetwork: ({ network }) => ({ network }),
  getNetworkState: ({ network }) => ({ network }),
  setNetworkName: ({ network }) => ({ network, networkName: "New" }),
  getNetworkId: ({ network }) => ({ network }),
  createNetworkEnum: ({ network }) => ({ network, type: NetworkEnum.NetInterfaces }),
  setNetworkPriorityOrder: () => ({ networkIdList: ["a"] }),
  createNetInterfaceEnum: ({ cluster }) => ({ cluster, nodeName: "", networkName: "" }),
  openNetInterface: () => ({ netInterfaceName: "node1 - Public" }),
  openNetInterfaceEx: () => ({ netInterfaceName: "node1 - Public", desiredAccess: read }),
  closeNetInterface: ({ netInterface }) => ({ netInterface }),
  getNetInterfaceState: ({ netInterface }) => ({ netInterface }),
  getNetInterface: () => ({ nodeName: "node1", networkName: "Public" }),
  getNetInterfaceId: ({ netInterface }) => ({ netInterface }),
  nodeNetworkControl: ({ network, node }) => ({ network, node, ...ping(5) }),
  networkControl: ({ network }) => ({ network, ...ping(5) }),
  nodeNetInterfaceControl: ({ netInterface, node }) => ({ netInterface, node, ...ping(6) }),
  netInterfaceControl: ({ netInterface }) => ({ netInterface, ...ping(6) }),
};

/** Where version 2.0 has other parameters, or does what 3.0 doesn't. */
const requests2: Requests<Operations2> = {
  deleteGroup: ({ empty: group }) => ({ group }),
  getNotify: ({ notify }) => ({ notify, timeout: 60_000 }),
  setNetworkPriorityOrder: ({ networkIds }) => ({ networkIdList: [...networkIds] }),
  setGroupNodeList: ({ group }) => ({
    group,
    nodeList: new Uint8Array(Buffer.from("2\0\0", "utf16le")),
  }),
};

/** Undefined for a method that no request is known of. */
export function requestOf(version: Version, key: string, handles: Handles): object | undefined {
  const table: Readonly<Record<string, ((handles: Handles) => object) | undefined>> =
    version === 2 ? { ...requests, ...requests2 } : requests;
  return table[key]?.(handles);
}

function descriptorOf(octets: Uint8Array) {
  const size = octets.length;
  return {
    securityDescriptor: octets,
    inSecurityDescriptorSize: size,
    outSecurityDescriptorSize: size,
  };
}

function onState(kind: "Node" | "Group" | "Resource" | "Network" | "NetInterface") {
  return { filter: ClusterChange[`${kind}State`], notifyKey: 1 };
}

const readBatch: Uint8Array = writeBatch([
  { type: BatchCommandType.ReadKey, name: "below", ...noData },
]);

export function given<T>(one: T | null): T {
  if (one === null) throw new TypeError("version 2.0 has no such handle");
  return one;
}
