/** The kinds of objects that a client opens, and how. */
import type { ContextHandle } from "@msrpc/ndr";
import type { CallOptions, Client, Opened } from "@msrpc/rpc";
import type {
  clusapi3,
  ClusterHandle,
  GroupHandle,
  GroupSetHandle,
  KeyHandle,
  NetInterfaceHandle,
  NetworkHandle,
  NodeHandle,
  ResourceHandle,
} from "@msrpc/ms-cmrp/clusapi3";

export type Api = Client<(typeof clusapi3)["operations"]>;

export interface OpenedObject<Handle extends ContextHandle> {
  readonly returnValue: Opened<Handle>;
  /** Of `Access`; a key's is no matter of the interface. */
  readonly grantedAccess?: number;
}

export interface ObjectKind<Handle extends ContextHandle> {
  /** As errors name it: `group`. */
  readonly noun: string;
  open(api: Api, name: string, desiredAccess: number): Promise<OpenedObject<Handle>>;
}

/** What is opened again first where another node is gone on with ([MS-CMRP] 3.2.4.6). */
export const reopenOrder: readonly string[] = [
  "the cluster",
  "node",
  "group",
  "group set",
  "resource",
  "key",
  "network",
  "network interface",
];

interface ControlRequest {
  readonly controlCode: number;
  readonly inBuffer: Uint8Array | null;
  readonly outBufferSize: number;
}

export interface ControlAnswer {
  readonly outBuffer: Uint8Array;
  /** Other than 0 where what was set has its effect later. */
  readonly returnValue?: number;
}

/** Kinds that control codes are run on. */
export interface ControlledKind<Handle extends ContextHandle> extends ObjectKind<Handle> {
  /** The upper eight bits of their codes. */
  readonly controlObject: number;
  control(
    api: Api,
    handle: Handle,
    request: ControlRequest,
    options?: CallOptions,
  ): Promise<ControlAnswer>;
  /** The same on a node of choice. */
  controlOn(
    api: Api,
    handle: Handle,
    host: NodeHandle,
    request: ControlRequest,
    options?: CallOptions,
  ): Promise<ControlAnswer>;
}

export const clusterKind: ControlledKind<ClusterHandle> = {
  noun: "the cluster",
  open: (api, _name, desiredAccess) => api.openClusterEx({ desiredAccess }),
  controlObject: 7,
  control: (api, cluster, request, options) => api.clusterControl({ cluster, ...request }, options),
  controlOn: (api, cluster, hostNode, request, options) =>
    api.nodeClusterControl({ cluster, hostNode, ...request }, options),
};

export const nodeKind: ControlledKind<NodeHandle> = {
  noun: "node",
  open: (api, nodeName, desiredAccess) => api.openNodeEx({ nodeName, desiredAccess }),
  controlObject: 4,
  control: (api, node, request, options) => api.nodeControl({ node, ...request }, options),
  controlOn: (api, node, hostNode, request, options) =>
    api.nodeNodeControl({ node, hostNode, ...request }, options),
};

export const groupKind: ControlledKind<GroupHandle> = {
  noun: "group",
  open: (api, groupName, desiredAccess) => api.openGroupEx({ groupName, desiredAccess }),
  controlObject: 3,
  control: (api, group, request, options) => api.groupControl({ group, ...request }, options),
  controlOn: (api, group, node, request, options) =>
    api.nodeGroupControl({ group, node, ...request }, options),
};

/** It can't be asked for less than everything. */
export const groupSetKind: ControlledKind<GroupSetHandle> = {
  noun: "group set",
  open: async (api, groupSetName) => ({ returnValue: await api.openGroupSet({ groupSetName }) }),
  controlObject: 8,
  control: (api, groupSet, request, options) =>
    api.groupSetControl({ groupSet, ...request }, options),
  controlOn: (api, groupSet, node, request, options) =>
    api.nodeGroupSetControl({ groupSet, node, ...request }, options),
};

export const resourceKind: ControlledKind<ResourceHandle> = {
  noun: "resource",
  open: (api, resourceName, desiredAccess) => api.openResourceEx({ resourceName, desiredAccess }),
  controlObject: 1,
  control: (api, resource, request, options) =>
    api.resourceControl({ resource, ...request }, options),
  controlOn: (api, resource, node, request, options) =>
    api.nodeResourceControl({ resource, node, ...request }, options),
};

export const networkKind: ControlledKind<NetworkHandle> = {
  noun: "network",
  open: (api, networkName, desiredAccess) => api.openNetworkEx({ networkName, desiredAccess }),
  controlObject: 5,
  control: (api, network, request, options) => api.networkControl({ network, ...request }, options),
  controlOn: (api, network, node, request, options) =>
    api.nodeNetworkControl({ network, node, ...request }, options),
};

export const netInterfaceKind: ControlledKind<NetInterfaceHandle> = {
  noun: "network interface",
  open: (api, netInterfaceName, desiredAccess) =>
    api.openNetInterfaceEx({ netInterfaceName, desiredAccess }),
  controlObject: 6,
  control: (api, netInterface, request, options) =>
    api.netInterfaceControl({ netInterface, ...request }, options),
  controlOn: (api, netInterface, node, request, options) =>
    api.nodeNetInterfaceControl({ netInterface, node, ...request }, options),
};

export const keyKind: ObjectKind<KeyHandle> = {
  noun: "key",
  async open(api, path, samDesired) {
    const root = await api.getRootKey({ samDesired });
    if (path === "") return { returnValue: root };
    await using opened = root;
    return { returnValue: await api.openKey({ key: opened, subKey: path, samDesired }) };
  },
};
