/** The cluster as a whole, its quorum, its networks, in both versions. */
import {
  type ClusterDefinition,
  Cluster,
  defaultDefinition,
  defineCluster,
  type ServeClusterOptions,
} from "@msrpc/cluster";
import { clusapi2, clusapi3, NetworkEnum } from "@msrpc/ms-cmrp";
import { Access, ClusterEnum } from "@msrpc/ms-cmrp/clusapi3";
import { type Client, createClient, inMemoryTransport } from "@msrpc/rpc";
import { expect, test } from "vitest";
import { twoNetworks } from "./conformance/scene.ts";
import { testedRouter } from "./conformance/tested-router.ts";
import { statusOf } from "./registry-support.ts";

const definition: ClusterDefinition = {
  ...defaultDefinition,
  nodes: [{ name: "node1" }, { name: "node2" }],
  networks: twoNetworks,
  groups: [
    ...defaultDefinition.groups,
    {
      name: "Storage",
      resources: [
        { name: "Disk 1", type: "Physical Disk", online: true },
        { name: "Disk 2", type: "Physical Disk" },
        { name: "Disk 3", type: "Physical Disk", online: true },
        { name: "User", type: "Generic Service", online: true, dependsOn: ["Disk 3"] },
        { name: "Witness", type: "File Share Witness", online: true },
      ],
    },
  ],
};

interface Served {
  readonly cluster: Cluster;
  readonly three: Client<typeof clusapi3.operations>;
  readonly two: Client<typeof clusapi2.operations>;
}

function serve(options: ServeClusterOptions = {}): Served {
  const surroundings = { now: () => 1000, newId: () => crypto.randomUUID() };
  const cluster = new Cluster(defineCluster(definition, surroundings), { surroundings });
  const transport = inMemoryTransport(testedRouter(cluster, options));
  return {
    cluster,
    three: createClient(clusapi3, transport),
    two: createClient(clusapi2, transport),
  };
}

test("a cluster whose name is online is not renamed, and keeps its name again", async () => {
  const { three } = serve();
  const rename = (newClusterName: string): Promise<unknown> =>
    statusOf(three.setClusterName({ newClusterName }));
  expect(await rename("cluster2")).toBe("ERROR_RESOURCE_ONLINE");
  const { returnValue } = await three.setClusterName({ newClusterName: "cluster1" });
  expect(returnValue).toBe(5024);
});

test("a cluster whose name is offline is renamed, for good", async () => {
  const { cluster, three } = serve();
  await using resource = await three.openResource({ resourceName: "Cluster Name" });
  await three.offlineResource({ resource });
  expect(await three.setClusterName({ newClusterName: "cluster2" })).toEqual({ returnValue: 0 });
  expect(await three.getClusterName()).toMatchObject({ clusterName: "cluster2" });
  expect(cluster.state.registry.values.get("CLUSTERNAME")?.name).toBe("ClusterName");
});

test("version 2.0 stores a new name while the old one is online", async () => {
  const { two } = serve();
  expect(await two.setClusterName({ newClusterName: "cluster2" })).toEqual({ returnValue: 5024 });
  expect(await two.getClusterName()).toMatchObject({ clusterName: "cluster2" });
});

test("a cluster's name is a label, none of its nodes', of at most 63 characters, or 15 in version 2.0", async () => {
  const { three, two } = serve();
  const of3 = (newClusterName: string): Promise<unknown> =>
    statusOf(three.setClusterName({ newClusterName }));
  const of2 = (newClusterName: string): Promise<unknown> =>
    statusOf(two.setClusterName({ newClusterName }));
  expect(await of3("NODE2")).toBe("ERROR_INVALID_NAME");
  expect(await of2("NODE2")).toBe("ERROR_DUP_NAME");
  expect(await of3("-")).toBe("ERROR_INVALID_NAME");
  expect(await of3("a".repeat(64))).toBe("RPC_S_STRING_TOO_LONG");
  expect(await of3("a".repeat(63))).toBe("ERROR_RESOURCE_ONLINE");
  expect(await of2("a".repeat(16))).toBe("RPC_S_STRING_TOO_LONG");
  expect(await of2("a".repeat(15))).toBe("ERROR_SUCCESS");
});

test("quorum goes from nodes to a witness, to a disk with its path, and back", async () => {
  const { three } = serve();
  const set = async (resourceName: string, maxQuorumLogSize: number, deviceName = "") => {
    await using resource = await three.openResource({ resourceName });
    await three.setQuorumResource({ resource, deviceName, maxQuorumLogSize });
    return await three.getQuorumResource();
  };
  const nodes = { resourceName: "", deviceName: "", maxQuorumLogSize: 0 };
  expect(await three.getQuorumResource()).toEqual(nodes);
  expect(await set("Witness", 0x400)).toEqual({
    resourceName: "Witness",
    deviceName: "",
    maxQuorumLogSize: 0x400,
  });
  expect(await set("Disk 1", 0x10_0000, "Q:")).toEqual({
    resourceName: "Disk 1",
    deviceName: "Q:\\Cluster\\",
    maxQuorumLogSize: 0x10_0000,
  });
  expect(await set("Disk 1", 0x400)).toMatchObject({ deviceName: "\\Cluster\\" });
  expect(await set("Disk 1", 0)).toEqual(nodes);
});

test("the resource of quorum is a core resource as long as it is that", async () => {
  const { cluster, three } = serve();
  const isCore = (name: string): unknown => cluster.state.resources.find(name)?.isCore;
  await using disk = await three.openResource({ resourceName: "Disk 1" });
  await using witness = await three.openResource({ resourceName: "Witness" });
  const deviceName = "";
  await three.setQuorumResource({ resource: disk, deviceName, maxQuorumLogSize: 0x400 });
  expect([isCore("Disk 1"), isCore("Witness")]).toEqual([1, 0]);
  await three.setQuorumResource({ resource: witness, deviceName, maxQuorumLogSize: 0x400 });
  expect([isCore("Disk 1"), isCore("Witness")]).toEqual([0, 1]);
});

test("resources that can't be that of quorum are refused, each for its reason", async () => {
  const { cluster, three } = serve();
  const set = async (resourceName: string, maxQuorumLogSize = 0x400): Promise<unknown> => {
    await using resource = await three.openResource({ resourceName });
    return await statusOf(three.setQuorumResource({ resource, deviceName: "", maxQuorumLogSize }));
  };
  expect(await set("User")).toBe("ERROR_NOT_QUORUM_CAPABLE");
  expect(await set("Witness", 0x10_0000)).toBe("ERROR_NOT_QUORUM_CAPABLE");
  expect(await set("Disk 2")).toBe("ERROR_RESOURCE_NOT_ONLINE");
  expect(await set("Disk 3")).toBe("ERROR_DEPENDENCY_NOT_ALLOWED");
  const disk = cluster.state.resources.find("Disk 1");
  cluster.run((tx) => disk && tx.update("resource", disk, { maintenance: 1 }));
  expect(await set("Disk 1")).toBe("ERROR_INVALID_STATE");
});

test("version 2.0 has disks for quorum, with a log of a usual size where none is said", async () => {
  const { two } = serve();
  await using disk = await two.openResource({ resourceName: "Disk 1" });
  await using witness = await two.openResource({ resourceName: "Witness" });
  const rest = { deviceName: "Q:\\data", maxQuorumLogSize: 0 };
  expect(await statusOf(two.setQuorumResource({ resource: witness, ...rest }))).toBe(
    "ERROR_NOT_QUORUM_CLASS",
  );
  await two.setQuorumResource({ resource: disk, ...rest });
  expect(await two.getQuorumResource()).toEqual({
    resourceName: "Disk 1",
    deviceName: "Q:\\data\\",
    maxQuorumLogSize: 4 << 20,
  });
});

test("a handle that may only read sets no quorum", async () => {
  const { three } = serve();
  const desiredAccess = Access.GenericRead;
  const opened = await three.openResourceEx({ resourceName: "Disk 1", desiredAccess });
  const request = { resource: opened.returnValue, deviceName: "", maxQuorumLogSize: 0x400 };
  expect(await statusOf(three.setQuorumResource(request))).toBe("ERROR_ACCESS_DENIED");
});

test("internal networks are listed by themselves, in the order that version 2.0 sets", async () => {
  const { cluster, three, two } = serve();
  const list = async (): Promise<unknown> => {
    const { returnEnum } = await three.createEnum({ type: ClusterEnum.InternalNetwork });
    return returnEnum?.entries.map(({ name }) => name);
  };
  expect(await list()).toEqual(["Public", "Private"]);
  const ids = ["Private", "Public"].map((name) => cluster.state.networks.find(name)?.id ?? "");
  await two.setNetworkPriorityOrder({ networkIdList: ids });
  expect(await list()).toEqual(["Private", "Public"]);
  for (const wrong of [ids.slice(1), [...ids, "x"], [ids[0] ?? "", ids[0] ?? ""], [null, null]]) {
    expect(await statusOf(two.setNetworkPriorityOrder({ networkIdList: wrong }))).toBe(
      "ERROR_INVALID_PARAMETER",
    );
  }
});

test("shared volumes and internal networks are listed alone", async () => {
  const { three } = serve();
  const shared = await three.createEnum({ type: ClusterEnum.SharedVolumeResource });
  expect(shared.returnEnum?.entries).toEqual([]);
  const both = ClusterEnum.InternalNetwork | ClusterEnum.Node;
  expect(await statusOf(three.createEnum({ type: both >>> 0 }))).toBe("ERROR_INVALID_PARAMETER");
});

test("interfaces are listed by node, by network, by both and by neither", async () => {
  const { three } = serve();
  await using cluster = await three.openCluster();
  const list = async (nodeName: string, networkName: string): Promise<unknown> =>
    (
      await three.createNetInterfaceEnum({ cluster, nodeName, networkName })
    ).returnEnum?.entries.map(({ name }) => name);
  expect(await list("node2", "")).toEqual(["node2 - Public", "node2 - Private"]);
  expect(await list("", "Private")).toEqual(["node1 - Private", "node2 - Private"]);
  expect(await list("node1", "Public")).toEqual(["node1 - Public"]);
  expect(await list("", "")).toHaveLength(4);
  const request = { cluster, nodeName: "x", networkName: "" };
  expect(await statusOf(three.createNetInterfaceEnum(request))).toBe(
    "ERROR_CLUSTER_NODE_NOT_FOUND",
  );
  expect(
    await statusOf(three.createNetInterfaceEnum({ cluster, nodeName: "", networkName: "x" })),
  ).toBe("ERROR_CLUSTER_NETWORK_NOT_FOUND");
});

test("a network lists its interfaces, and nothing for what else is asked for", async () => {
  const { three } = serve();
  await using network = await three.openNetwork({ networkName: "Public" });
  const list = async (type: number): Promise<unknown> =>
    (await three.createNetworkEnum({ network, type })).returnEnum?.entries.map(({ name }) => name);
  expect(await list(NetworkEnum.NetInterfaces | 0x80)).toEqual([
    "node1 - Public",
    "node2 - Public",
  ]);
  expect(await list(0x80)).toEqual([]);
});

test("a network is renamed, without the spaces around its name, unless another has it", async () => {
  const { three, two } = serve();
  const [of3, of2] = [
    await three.openNetwork({ networkName: "Public" }),
    await two.openNetwork({ networkName: "Public" }),
  ];
  await three.setNetworkName({ network: of3, networkName: " Office " });
  expect(await statusOf(three.openNetwork({ networkName: "Office" }))).toBe("ERROR_SUCCESS");
  const name = async (networkName: string): Promise<unknown> =>
    statusOf(three.setNetworkName({ network: of3, networkName }));
  expect(await name(" ")).toBe("ERROR_INVALID_NAME");
  expect(await name("PRIVATE")).toBe("ERROR_ALREADY_EXISTS");
  expect(await statusOf(two.setNetworkName({ network: of2, networkName: "Private" }))).toBe(
    "ERROR_OBJECT_ALREADY_EXISTS",
  );
});

test("version 2.0 changes the service's password on every active node, and says how it went", async () => {
  const set: string[] = [];
  const setServicePassword = (password: string): number => {
    set.push(password);
    return 0;
  };
  const { two } = serve({ setServicePassword });
  const newPassword = "Passw0rd.3";
  const request = { newPassword, flags: 0, maxStatuses: 2 };
  expect(await two.setServiceAccountPassword(request)).toEqual({
    statuses: [
      { nodeId: 1, setAttempted: 1, returnStatus: 0 },
      { nodeId: 2, setAttempted: 1, returnStatus: 0 },
    ],
    neededStatuses: 2,
  });
  expect(set).toEqual([newPassword]);
  const refused = await two
    .setServiceAccountPassword({ ...request, maxStatuses: 1 })
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({
    statusName: "ERROR_MORE_DATA",
    response: { neededStatuses: 2 },
  });
  expect(set).toHaveLength(1);
});

test("version 2.0 changes no password while nodes are down, unless it may pass them over", async () => {
  const { cluster, two } = serve();
  const node = cluster.state.nodes.find("node2");
  cluster.run((tx) => node && tx.enter("node", node, { state: 1 }));
  const request = { newPassword: "x", flags: 0, maxStatuses: 4 };
  expect(await statusOf(two.setServiceAccountPassword(request))).toBe(
    "ERROR_ALL_NODES_NOT_AVAILABLE",
  );
  const { statuses } = await two.setServiceAccountPassword({ ...request, flags: 1 });
  expect(statuses).toEqual([{ nodeId: 1, setAttempted: 0, returnStatus: 120 }]);
});

test("a password comes sealed or is refused, also in version 2.0", async () => {
  const { two } = serve({ minimumLevel: "privacy", minimumLevel2: "none" });
  const request = { newPassword: "x", flags: 0, maxStatuses: 4 };
  expect(await statusOf(two.setServiceAccountPassword(request))).toBe("ERROR_ACCESS_DENIED");
  expect(await statusOf(two.getClusterName())).toBe("ERROR_SUCCESS");
});

test("version 2.0 says which software it is, and writes to no path of a client's", async () => {
  const { two } = serve();
  expect(await two.getClusterVersion()).toMatchObject({ majorVersion: 10, csdVersion: "" });
  expect(await statusOf(two.backupClusterDatabase({ pathName: "C:\\x" }))).toBe(
    "ERROR_CALL_NOT_IMPLEMENTED",
  );
});

test("version 2.0 ends a call for an event when its time is up", async () => {
  const { two } = serve();
  await using notify = await two.createNotify();
  expect(await statusOf(two.getNotify({ notify, timeout: 1 }))).toBe("WAIT_TIMEOUT");
});

test("a resource type lists its nodes and its resources, and nothing for what else is asked for", async () => {
  const { three } = serve();
  const list = async (typeName: string, type: number): Promise<unknown> =>
    (await three.createResTypeEnum({ typeName, type })).returnEnum?.entries.map(({ name }) => name);
  expect(await list("Physical Disk", 1)).toEqual(["node1", "node2"]);
  expect(await list("PHYSICAL DISK", 2)).toEqual(["Disk 1", "Disk 2", "Disk 3"]);
  expect(await list("Physical Disk", 0x40)).toEqual([]);
  expect(await statusOf(three.createResTypeEnum({ typeName: "x", type: 1 }))).toBe(
    "ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND",
  );
});

test("a node that is not paused is not resumed", async () => {
  const { three } = serve();
  await using node = await three.openNode({ nodeName: "node2" });
  expect(await statusOf(three.resumeNode({ node }))).toBe("ERROR_CLUSTER_NODE_NOT_PAUSED");
});
