/** Version 2.0 of the interface, where a client is told to use it. */
import { Cluster, ClusterError, ClusterVersionError } from "@msrpc/clusapi";
import { createRouter } from "@msrpc/rpc";
import { tcpServer } from "@msrpc/rpc/tcp";
import { serveCluster } from "@msrpc/cluster";
import { expect, test } from "vitest";
import { alice } from "../../../test/support/accounts.ts";
import {
  clusterRouter,
  connectInMemory,
  entrances,
  forAll,
  listOf,
  newCluster,
  serveOverTcp,
} from "./support.ts";

test("a cluster is managed over version 2.0, logged on by NTLM", async () => {
  await using served = await serveOverTcp(clusterRouter({ versions: [2] }), "127.0.0.146", [2]);
  const { binding, resolveEndpoint } = served;
  const options = { credentials: alice, resolveEndpoint, version: 2 } as const;
  await using cluster = await Cluster.connect(binding, options);
  expect(await cluster.names()).toMatchObject({ name: "cluster1" });
  const group = await cluster.createGroup("SQL");
  const disk = await group.createResource("Disk", "Physical Disk");
  expect(await group.online()).toMatchObject({ state: "Online" });
  await group.setPreferredOwners(["node1"]);
  expect(await group.preferredOwners()).toEqual(["node1"]);
  await group.common.set({ Priority: 3000 });
  expect(await group.common.get()).toMatchObject({ Priority: 3000 });
  await cluster.registry.set("x", { type: "Dword", value: 1 });
  expect(await cluster.registry.get("x")).toEqual({ type: "Dword", value: 1 });
  await disk.offline();
  await disk.delete();
  await group.delete();
  const node = cluster.node("node1");
  await node.pause();
  await node.resume();
  expect(await node.state()).toBe("Up");
  const names = (await listOf(cluster.networks())).map(({ name }) => name);
  expect(names).toEqual(["Cluster Network 1"]);
  expect(await cluster.netInterface("node1 - Ethernet").state()).toBe("Up");
});

test("events of version 2.0 come by a port of version 1", async () => {
  const served = newCluster();
  const [one] = await entrances(served, 1);
  await using _server = one?.server;
  await using cluster = await Cluster.connect(one?.binding ?? "", { version: 2 });
  await using events = await cluster.events({ about: ["Cluster", "Group"] }).open();
  await cluster.createGroup("SQL");
  await cluster.group("SQL").delete();
  const said: string[] = [];
  for await (const { kind, what, name } of events) {
    said.push(`${kind} ${what} ${name}`);
    if (said.length === 2) break;
  }
  expect(said).toEqual(["Cluster GroupAdded SQL", "Group Deleted SQL"]);
});

test("the order of networks is set, and of the service's password every node says what became of it", async () => {
  const router = clusterRouter(
    { versions: [2] },
    {
      nodes: [{ name: "node1" }, { name: "node2" }],
      networks: ["Front", "Back"].map((name) => ({
        name,
        address: "192.0.2.0",
        addressMask: "255.255.255.0",
        interfaces: [],
      })),
    },
  );
  await using served = await serveOverTcp(router, "127.0.0.147", [2]);
  const { binding, resolveEndpoint } = served;
  await using cluster = await Cluster.connect(binding, {
    credentials: alice,
    resolveEndpoint,
    version: 2,
  });
  await cluster.setNetworkPriority(["Back", "Front"]);
  const ids = await Promise.all(["Back", "Front"].map((name) => cluster.network(name).id()));
  const internal = await listOf(cluster.internalNetworks());
  expect(await Promise.all(internal.map((network) => network.id()))).toEqual(ids);
  await expect(cluster.setNetworkPriority(["Back"])).rejects.toMatchObject({
    codeName: "ERROR_INVALID_PARAMETER",
  });
  // The server has no account of its own on any of them.
  const not = { wasTried: false, outcome: "ERROR_CALL_NOT_IMPLEMENTED" };
  expect(await cluster.setServicePassword("correct horse")).toEqual([
    { node: "1", ...not },
    { node: "2", ...not },
  ]);
});

test.each([
  ["set the order of networks", (cluster: Cluster) => cluster.setNetworkPriority([])],
  ["give the service another password", (cluster: Cluster) => cluster.setServicePassword("x")],
])("version 3.0 has no way to %s, and says so", async (_what, call) => {
  await using cluster = await connectInMemory();
  await expect(call(cluster)).rejects.toMatchObject({ codeName: "ERROR_CALL_NOT_IMPLEMENTED" });
});

test.each([
  ["drain a node", (cluster: Cluster) => cluster.node("node1").drain()],
  [
    "have groups come back",
    (cluster: Cluster) => cluster.node("node1").resume({ failback: "all" }),
  ],
  [
    "delete a group by force",
    (cluster: Cluster) => cluster.group("Cluster Group").delete({ force: true }),
  ],
  ["restart a resource", (cluster: Cluster) => cluster.resource("Cluster Name").restart()],
])("what version 2.0 can't do is an error that says so: %s", async (_what, call) => {
  const [one] = await entrances(newCluster(), 1);
  await using _server = one?.server;
  await using cluster = await Cluster.connect(one?.binding ?? "", { version: 2 });
  const error = await call(cluster).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(ClusterError.is(error, "RPC_S_PROCNUM_OUT_OF_RANGE")).toBe(true);
  expect(error).toMatchObject({ code: 1745, advice: expect.stringContaining("3.0") as unknown });
});

test("a server that has only version 2.0 is told from one that has nothing", async () => {
  const [one] = await entrances(newCluster(), 1, { ...forAll, versions: [2] });
  await using _server = one?.server;
  const binding = one?.binding ?? "";
  await expect(Cluster.connect(binding)).rejects.toBeInstanceOf(ClusterVersionError);
  await expect(Cluster.connect(binding)).rejects.toThrow(
    `${binding} serves version 2.0 of the interface, and not 3.0`,
  );
  await using nothing = tcpServer(createRouter({ onError() {} }));
  const other = await nothing.listen("ncacn_ip_tcp:127.0.0.145[0]");
  await expect(Cluster.connect(other)).rejects.toMatchObject({ name: "RpcFault" });
});

test("so is one that an endpoint mapper knows by version 2.0 alone", async () => {
  const router = serveCluster(createRouter({ onError() {} }), newCluster(), { versions: [2] });
  await using served = await serveOverTcp(router, "127.0.0.147", [2]);
  const { binding, resolveEndpoint } = served;
  const options = { credentials: alice, resolveEndpoint };
  await expect(Cluster.connect(binding, options)).rejects.toBeInstanceOf(ClusterVersionError);
});
