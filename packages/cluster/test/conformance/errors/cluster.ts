/** Errors of methods on the cluster as a whole, and on networks and their interfaces. */
import { ResourceState } from "@msrpc/ms-cmrp";
import { down, type ErrorCase, inState, known } from "./case.ts";

const nameIsOnline = inState("Cluster Name", ResourceState.Online);

export const clusterErrors: readonly ErrorCase[] = [
  {
    keys: ["setClusterName"],
    error: "RPC_S_STRING_TOO_LONG",
    but: () => ({ newClusterName: "a".repeat(64) }),
  },
  { keys: ["setClusterName"], error: "ERROR_INVALID_NAME", but: () => ({ newClusterName: "a b" }) },
  { keys: ["setClusterName"], error: "ERROR_DUP_NAME", but: () => ({ newClusterName: "node1" }) },
  { keys: ["setClusterName"], error: "ERROR_RESOURCE_ONLINE", given: nameIsOnline },
  {
    keys: ["setClusterName"],
    error: "ERROR_RESOURCE_PROPERTIES_STORED",
    given: nameIsOnline,
    but: () => ({ newClusterName: "cluster1" }),
  },
  {
    keys: ["setQuorumResource"],
    error: "ERROR_RESOURCE_NOT_ONLINE",
    given: inState("Disk", ResourceState.Offline),
  },
  {
    keys: ["setQuorumResource"],
    error: "ERROR_NOT_QUORUM_CAPABLE",
    version: 3,
    but: ({ idle }) => ({ resource: idle }),
  },
  {
    keys: ["setQuorumResource"],
    error: "ERROR_NOT_QUORUM_CLASS",
    but: ({ idle }) => ({ resource: idle }),
  },
  ...(["ERROR_INVALID_STATE", "ERROR_CLUSTER_INVALID_REQUEST"] as const).map(
    (error): ErrorCase => ({
      keys: ["setQuorumResource"],
      error,
      given({ cluster }) {
        const disk = known(cluster.state.resources.find("Disk"));
        cluster.run((tx) => tx.configure("resource", disk, { maintenance: 1 }));
      },
    }),
  ),
  {
    keys: ["setQuorumResource"],
    error: "ERROR_DEPENDENCY_NOT_ALLOWED",
    given({ cluster }) {
      const { resources } = cluster.state;
      const dependencies = [known(resources.find("Disk")).id];
      const idle = known(resources.find("Idle"));
      cluster.run((tx) => tx.configure("resource", idle, { dependencies }));
    },
  },
  { keys: ["createEnum"], error: "ERROR_INVALID_PARAMETER", but: () => ({ type: 0x100 }) },
  { keys: ["createEnumEx"], error: "ERROR_INVALID_PARAMETER", but: () => ({ options: 1 }) },
  {
    keys: [
      "openClusterEx",
      "openNodeEx",
      "openGroupEx",
      "openResourceEx",
      "openNetworkEx",
      "openNetInterfaceEx",
    ],
    error: "ERROR_INVALID_PARAMETER",
    but: () => ({ desiredAccess: 2 }),
  },
  {
    keys: ["setServiceAccountPassword"],
    error: "ERROR_MORE_DATA",
    but: () => ({ maxStatuses: 1 }),
  },
  {
    keys: ["setServiceAccountPassword"],
    error: "ERROR_ALL_NODES_NOT_AVAILABLE",
    given: down("node2"),
  },
  { keys: ["backupClusterDatabase"], error: "ERROR_CALL_NOT_IMPLEMENTED", version: 2 },
];

export const networkErrors: readonly ErrorCase[] = [
  {
    keys: ["openNetwork", "openNetworkEx"],
    error: "ERROR_CLUSTER_NETWORK_NOT_FOUND",
    but: () => ({ networkName: "nothing" }),
  },
  {
    keys: ["openNetInterface", "openNetInterfaceEx"],
    error: "ERROR_CLUSTER_NETINTERFACE_NOT_FOUND",
    but: () => ({ netInterfaceName: "nothing" }),
  },
  { keys: ["setNetworkName"], error: "ERROR_INVALID_NAME", but: () => ({ networkName: " " }) },
  ...(["ERROR_ALREADY_EXISTS", "ERROR_OBJECT_ALREADY_EXISTS"] as const).map((error): ErrorCase => ({
    keys: ["setNetworkName"],
    error,
    but: () => ({ networkName: "Private" }),
  })),
  {
    keys: ["setNetworkPriorityOrder"],
    error: "ERROR_INVALID_PARAMETER",
    but: () => ({ networkIdList: ["nothing"] }),
  },
  {
    keys: ["getNetInterface", "createNetInterfaceEnum"],
    error: "ERROR_CLUSTER_NODE_NOT_FOUND",
    but: () => ({ nodeName: "nothing" }),
  },
  {
    keys: ["createNetInterfaceEnum"],
    error: "ERROR_CLUSTER_NETWORK_NOT_FOUND",
    but: () => ({ networkName: "nothing" }),
  },
  {
    keys: ["getNetInterface"],
    error: "ERROR_CLUSTER_NETINTERFACE_NOT_FOUND",
    given({ cluster }) {
      cluster.run((tx) => {
        for (const one of cluster.state.netInterfaces) tx.remove("netInterface", one);
      });
    },
  },
];
