/** Operations on networks and their interfaces ([MS-CMRP] 3.1.4.2.81 to 3.1.4.2.96, 3.1.4.2.120, 3.1.4.2.121, 3.1.4.2.163). */
import { type NetInterfaceHandle, NetworkEnum, type NetworkHandle, Status } from "@msrpc/ms-cmrp";
import { ClusterEnum } from "@msrpc/ms-cmrp/clusapi3";
import { type CallContext, RpcError } from "@msrpc/rpc";
import { networkState } from "../model/derived.ts";
import type { NetInterface, Network } from "../model/objects.ts";
import { type AccessLevel, demandAccess, kinds, use } from "./opened.ts";
import { found, type Handlers3, listNames, opener, present, type Served } from "./served.ts";

export function networkMethods(served: Served): Handlers3 {
  const { cluster, policy } = served;
  const { state } = cluster;
  const networks = opener(
    served,
    kinds.network,
    state.networks,
    Status.ERROR_CLUSTER_NETWORK_NOT_FOUND,
  );
  const interfaces = opener(
    served,
    kinds.netInterface,
    state.netInterfaces,
    Status.ERROR_CLUSTER_NETINTERFACE_NOT_FOUND,
  );
  const used = (context: CallContext, handle: NetworkHandle, needed?: AccessLevel): Network =>
    present(
      state.networks,
      use(context, kinds.network, handle, needed),
      Status.ERROR_NETWORK_NOT_AVAILABLE,
    );
  const usedInterface = (context: CallContext, handle: NetInterfaceHandle): NetInterface =>
    present(
      state.netInterfaces,
      use(context, kinds.netInterface, handle),
      Status.ERROR_CLUSTER_NETINTERFACE_NOT_FOUND,
    );
  const interfacesWhere = (holds: (one: NetInterface) => boolean): NetInterface[] =>
    [...state.netInterfaces].filter(holds);
  return {
    openNetwork: ({ networkName }, context) => networks.open(networkName, context),
    openNetworkEx: ({ networkName, desiredAccess }, context) =>
      networks.openEx(networkName, desiredAccess, context),
    closeNetwork({ network }, { handles }) {
      handles.close(kinds.network, network);
    },
    getNetworkState: ({ network }, context) => ({
      state: networkState(state, used(context, network)),
    }),
    setNetworkName({ network, networkName }, context) {
      const renamed = used(context, network, "all");
      const name = networkName.trim();
      if (name === "") throw new RpcError(Status.ERROR_INVALID_NAME);
      const other = state.networks.find(name);
      if (other !== undefined && other !== renamed) {
        throw new RpcError(Status.ERROR_ALREADY_EXISTS);
      }
      cluster.run((tx) => tx.configure("network", renamed, { name }));
    },
    getNetworkId: ({ network }, context) => ({ id: used(context, network).id }),
    createNetworkEnum({ network, type }, context) {
      const { id } = used(context, network);
      // What else is asked for is no error, and isn't there.
      const isAsked = (type & NetworkEnum.NetInterfaces) !== 0;
      const listed = isAsked ? interfacesWhere((one) => one.network === id) : [];
      return listNames(
        NetworkEnum.NetInterfaces,
        listed.map(({ name }) => name),
      );
    },
    createNetInterfaceEnum({ cluster: handle, nodeName, networkName }, context) {
      use(context, kinds.cluster, handle);
      const node =
        nodeName === ""
          ? null
          : found(state.nodes.find(nodeName), Status.ERROR_CLUSTER_NODE_NOT_FOUND);
      const network =
        networkName === ""
          ? null
          : found(state.networks.find(networkName), Status.ERROR_CLUSTER_NETWORK_NOT_FOUND);
      const listed = interfacesWhere(
        (one) =>
          (node === null || one.node === node.id) &&
          (network === null || one.network === network.id),
      );
      return listNames(
        ClusterEnum.NetInterface,
        listed.map(({ name }) => name),
      );
    },
    openNetInterface: ({ netInterfaceName }, context) => interfaces.open(netInterfaceName, context),
    openNetInterfaceEx: ({ netInterfaceName, desiredAccess }, context) =>
      interfaces.openEx(netInterfaceName, desiredAccess, context),
    closeNetInterface({ netInterface }, { handles }) {
      handles.close(kinds.netInterface, netInterface);
    },
    getNetInterfaceState: ({ netInterface }, context) => ({
      state: usedInterface(context, netInterface).state,
    }),
    getNetInterface({ nodeName, networkName }, { caller }) {
      demandAccess(policy, caller, "read");
      const node = found(state.nodes.find(nodeName), Status.ERROR_CLUSTER_NODE_NOT_FOUND).id;
      const network = state.networks.find(networkName)?.id;
      const [one] = interfacesWhere((found) => found.node === node && found.network === network);
      return { interfaceName: found(one, Status.ERROR_CLUSTER_NETINTERFACE_NOT_FOUND).name };
    },
    getNetInterfaceId: ({ netInterface }, context) => ({
      id: usedInterface(context, netInterface).id,
    }),
  };
}
