/** Operations on the cluster as a whole ([MS-CMRP] 3.1.4.2.1 to 3.1.4.2.8, 3.1.4.2.102, 3.1.4.2.116, 3.1.4.2.124). */
import { ResourceState, Status } from "@msrpc/ms-cmrp";
import { ClusterEnum } from "@msrpc/ms-cmrp/clusapi3";
import { RpcError } from "@msrpc/rpc";
import { isStorage } from "../control/traits.ts";
import { internalNetworks } from "../core/network-priority.ts";
import { majority, quorumOf, quorumPath, setQuorum } from "../core/quorum.ts";
import { isLabel, nameResource, renameCluster } from "../core/rename.ts";
import { operationalVersion, serverVersion } from "../model/cluster-version.ts";
import type { Identified } from "../model/collection.ts";
import { sharedDisks } from "../model/shared-volumes.ts";
import type { ClusterState } from "../model/state.ts";
import { fold } from "../registry/key.ts";
import { demandAccess, grant, kinds, use } from "./opened.ts";
import { type Handlers3, invalidParameter, present, type Served } from "./served.ts";

/** Octets of a quorum log whose size a client leaves to the server. */
const usualLogSize = 4 << 20;

type Listed = (state: ClusterState) => Iterable<Identified>;

/** What createEnum lists, in this order. */
const enumerated: readonly (readonly [number, Listed])[] = [
  [ClusterEnum.Node, ({ nodes }) => nodes],
  [ClusterEnum.ResType, ({ resourceTypes }) => resourceTypes],
  [ClusterEnum.Resource, ({ resources }) => resources],
  [ClusterEnum.Group, ({ groups }) => groups],
  [ClusterEnum.Network, ({ networks }) => networks],
  [ClusterEnum.NetInterface, ({ netInterfaces }) => netInterfaces],
];
const everything = enumerated.reduce((all, [type]) => all | type, 0);

/** What it lists with nothing beside it. */
const listedAlone: ReadonlyMap<number, Listed> = new Map<number, Listed>([
  [ClusterEnum.InternalNetwork, internalNetworks],
  [ClusterEnum.SharedVolumeResource, sharedDisks],
]);

/** Characters of a cluster's name with the null at its end, by version. */
const longestName: Readonly<Record<number, number>> = { 2: 16, 3: 64 };

export function clusterMethods({ cluster, policy }: Served): Handlers3 {
  const { state } = cluster;
  const list = (wanted: number): { type: number; object: Identified }[] => {
    const alone = listedAlone.get(wanted);
    if (alone !== undefined) {
      return Array.from(alone(state), (object) => ({ type: wanted, object }));
    }
    if (wanted === 0 || (wanted & ~everything) !== 0) throw invalidParameter();
    return enumerated
      .filter(([type]) => (wanted & type) !== 0)
      .flatMap(([type, objects]) => Array.from(objects(state), (object) => ({ type, object })));
  };
  return {
    openCluster(_request, { caller, handles }) {
      demandAccess(policy, caller, "all");
      return handles.open(kinds.cluster, { object: state, access: "all" });
    },
    openClusterEx({ desiredAccess }, { caller, handles }) {
      const { access, grantedAccess } = grant(policy, caller, desiredAccess);
      return { grantedAccess, returnValue: handles.open(kinds.cluster, { object: state, access }) };
    },
    closeCluster({ cluster }, { handles }) {
      handles.close(kinds.cluster, cluster);
    },
    getClusterName(_request, { caller }) {
      demandAccess(policy, caller, "read");
      return { clusterName: state.name, nodeName: state.nodes.get(state.localNode)?.name ?? "" };
    },
    getClusterVersion2(_request, { caller }) {
      demandAccess(policy, caller, "read");
      return { ...serverVersion, clusterOpVerInfo: operationalVersion(state) };
    },
    getQuorumResource(_request, { caller }) {
      demandAccess(policy, caller, "read");
      const { resource, path, logSize } = quorumOf(state);
      return {
        resourceName: resource?.name ?? "",
        deviceName: path,
        maxQuorumLogSize: logSize,
      };
    },
    setQuorumResource({ resource: handle, deviceName, maxQuorumLogSize }, context) {
      const is2 = context.interface.version.major === 2;
      const counts = maxQuorumLogSize !== 0 || is2;
      if (!counts) demandAccess(policy, context.caller, "all");
      const resource = present(
        state.resources,
        use(context, kinds.resource, handle, counts ? "all" : "read"),
        Status.ERROR_RESOURCE_NOT_AVAILABLE,
      );
      if (!counts) return cluster.run((tx) => setQuorum(tx, majority));
      if (is2 && !isStorage(resource.type)) throw new RpcError(Status.ERROR_NOT_QUORUM_CLASS);
      const logSize = maxQuorumLogSize === 0 ? usualLogSize : maxQuorumLogSize;
      const path = isStorage(resource.type) ? quorumPath(deviceName) : "";
      cluster.run((tx) => setQuorum(tx, { resource, path, logSize }));
    },
    setClusterName({ newClusterName: name }, { caller, interface: { version } }) {
      demandAccess(policy, caller, "all");
      if (name.length >= (longestName[version.major] ?? 0)) {
        throw new RpcError(Status.RPC_S_STRING_TOO_LONG);
      }
      if (!isLabel(name)) throw new RpcError(Status.ERROR_INVALID_NAME);
      if (state.nodes.find(name) !== undefined) {
        throw new RpcError(version.major === 2 ? Status.ERROR_DUP_NAME : Status.ERROR_INVALID_NAME);
      }
      const standsFor = nameResource(state)?.state;
      const isOnline = standsFor === ResourceState.Online;
      const isSame = fold(name) === fold(state.name);
      // What it stands for on the network stays until it comes online again: version 2.0 stores the new name till then.
      if (isOnline && !isSame && version.major === 3) {
        throw new RpcError(Status.ERROR_RESOURCE_ONLINE);
      }
      cluster.run((tx) => renameCluster(tx, name));
      const isStored = isOnline || standsFor === ResourceState.OnlinePending;
      return { returnValue: isStored ? Status.ERROR_RESOURCE_PROPERTIES_STORED : 0 };
    },
    createEnum({ type }, { caller }) {
      demandAccess(policy, caller, "read");
      const entries = list(type).map(({ type, object: { name } }) => ({ type, name }));
      return { returnEnum: { entries } };
    },
    createEnumEx({ cluster, type, options }, context) {
      use(context, kinds.cluster, cluster);
      if (options !== 0) throw invalidParameter();
      const found = list(type);
      return {
        returnIdEnum: { entries: found.map(({ type, object: { id } }) => ({ type, name: id })) },
        returnNameEnum: { entries: found.map(({ type, object: { name } }) => ({ type, name })) },
      };
    },
  };
}
