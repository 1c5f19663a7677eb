/** A client of the generated bindings manages the default cluster over TCP, logged on and sealed. */
import { ntlmClient, ntlmServer, spnegoClient, wellKnownSids } from "@msrpc/auth";
import { Cluster, defaultDefinition, defineCluster, securityPolicy } from "@msrpc/cluster";
import {
  clusapi3,
  GroupState,
  NetInterfaceState,
  NetworkState,
  ResourceState,
} from "@msrpc/ms-cmrp";
import { Access, ClusterEnum } from "@msrpc/ms-cmrp/clusapi3";
import { type Client, createClient, RpcError, RpcFault } from "@msrpc/rpc";
import { tcpServer, type TcpServer, tcpTransport } from "@msrpc/rpc/tcp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { alice, storeOf, withSpnego } from "../../../test/support/accounts.ts";
import { testedRouter } from "./conformance/tested-router.ts";

const surroundings = { now: () => 1000, newId: () => crypto.randomUUID() };
let server: TcpServer;
let binding = "";
let client: Client<typeof clusapi3.operations>;

beforeAll(async () => {
  const cluster = new Cluster(defineCluster(defaultDefinition, surroundings), { surroundings });
  const router = testedRouter(cluster, { policy: securityPolicy(), minimumLevel: "privacy" });
  const accounts = storeOf([alice], [wellKnownSids.administrators]);
  server = tcpServer(router, { security: withSpnego(ntlmServer({ accounts })) });
  binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  client = createClient(
    clusapi3,
    tcpTransport(binding, { security: spnegoClient([ntlmClient(alice)]) }),
  );
});

afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await server.close();
});

test("the default cluster has what Windows has", async () => {
  expect(await client.getClusterName()).toEqual({ clusterName: "cluster1", nodeName: "node1" });
  const names = async (type: number): Promise<unknown> =>
    (await client.createEnum({ type })).returnEnum?.entries.map(({ name }) => name);
  expect(await names(ClusterEnum.Group)).toEqual(["Cluster Group", "Available Storage"]);
  expect(await names(ClusterEnum.Resource)).toEqual(["Cluster Name", "Network Name"]);
  expect(await names(ClusterEnum.NetInterface)).toEqual(["node1 - Ethernet"]);
  expect(await names(ClusterEnum.Network)).toEqual(["Cluster Network 1"]);
});

test("states of the seed operations: network, interface, group and failed resource", async () => {
  await using network = await client.openNetwork({ networkName: "Cluster Network 1" });
  expect(await client.getNetworkState({ network })).toEqual({ state: NetworkState.Up });
  await using netInterface = await client.openNetInterface({
    netInterfaceName: "node1 - Ethernet",
  });
  expect(await client.getNetInterfaceState({ netInterface })).toEqual({
    state: NetInterfaceState.Up,
  });
  await using group = await client.openGroup({ groupName: "cluster group" });
  expect(await client.getGroupState({ group })).toEqual({
    state: GroupState.Online,
    nodeName: "node1",
  });
  await using resource = await client.openResource({ resourceName: "Network Name" });
  await client.failResource({ resource });
  expect(await client.getResourceState({ resource })).toMatchObject({
    state: ResourceState.Failed,
  });
  expect(await client.getGroupState({ group })).toMatchObject({ state: GroupState.Failed });
  await client.onlineResource({ resource });
  expect(await client.getGroupState({ group })).toMatchObject({ state: GroupState.Online });
});

test("a group is made, filled, emptied of its name and deleted when nothing is in it", async () => {
  await using group = await client.createGroup({ groupName: "SQL" });
  await using resource = await client.createResource({
    group,
    resourceName: "Disk 1",
    resourceType: "Physical Disk",
    flags: 0,
  });
  expect(await client.getResourceState({ resource })).toEqual({
    state: ResourceState.Offline,
    nodeName: "node1",
    groupName: "SQL",
  });
  await client.setGroupName({ group, groupName: "SQL 2" });
  await expect(client.openGroup({ groupName: "SQL" })).rejects.toThrow("ERROR_GROUP_NOT_FOUND");
  await expect(client.deleteGroup({ group, force: 0 })).rejects.toThrow("ERROR_DIR_NOT_EMPTY");
});

test("a handle opened to read changes nothing", async () => {
  const { returnValue: group, grantedAccess } = await client.openGroupEx({
    groupName: "Available Storage",
    desiredAccess: Access.GenericRead,
  });
  expect(grantedAccess).toBe(Access.GenericRead);
  const refused = await client
    .setGroupName({ group, groupName: "x" })
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(RpcError);
  expect(refused).toMatchObject({ statusName: "ERROR_ACCESS_DENIED" });
});

test("calls that are not sealed are refused", async () => {
  await using transport = tcpTransport(binding, {
    security: ntlmClient(alice),
    level: "integrity",
  });
  await expect(createClient(clusapi3, transport).getClusterName()).rejects.toThrow(RpcFault);
});
