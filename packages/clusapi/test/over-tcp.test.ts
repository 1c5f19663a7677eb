/** The client against the real server over TCP, found by the endpoint mapper, logged on by SPNEGO and sealed. */
import { Cluster, ClusterError } from "@msrpc/clusapi";
import { afterAll, beforeAll, expect, test } from "vitest";
import { alice } from "../../../test/support/accounts.ts";
import { clusterRouter, listOf, type Served, serveOverTcp } from "./support.ts";

let served: Served;
let cluster: Cluster;

beforeAll(async () => {
  served = await serveOverTcp(clusterRouter(), "127.0.0.140");
  const { binding, resolveEndpoint } = served;
  cluster = await Cluster.connect(binding, { credentials: alice, resolveEndpoint });
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await served[Symbol.asyncDispose]();
});

const namesOf = async (objects: AsyncIterable<{ readonly name: string }>): Promise<string[]> =>
  (await listOf(objects)).map(({ name }) => name);

test("a cluster says its name, its version and what is in it", async () => {
  expect(await cluster.names()).toEqual({ name: "cluster1", answeringNode: "node1" });
  expect(await cluster.version()).toEqual({
    system: "10.0.20348",
    vendor: "Microsoft(R) Cluster service",
    highest: "11.3",
    lowest: "11.3",
  });
  expect(await namesOf(cluster.nodes())).toEqual(["node1"]);
  expect(await namesOf(cluster.groups())).toEqual(["Cluster Group", "Available Storage"]);
  expect(await namesOf(cluster.resources())).toEqual(["Cluster Name", "Network Name"]);
  expect(await namesOf(cluster.networks())).toEqual(["Cluster Network 1"]);
  expect(await namesOf(cluster.netInterfaces())).toEqual(["node1 - Ethernet"]);
  expect(await namesOf(cluster.resourceTypes())).toContain("Generic Service");
});

test("states are words, with the node that an object is on", async () => {
  expect(await cluster.node("node1").state()).toBe("Up");
  expect(await cluster.network("Cluster Network 1").state()).toBe("Up");
  expect(await cluster.netInterface("node1 - Ethernet").state()).toBe("Up");
  expect(await cluster.group("Cluster Group").status()).toEqual({
    state: "Online",
    owner: "node1",
  });
  expect(await cluster.resource("Cluster Name").status()).toEqual({
    state: "Online",
    owner: "node1",
    group: "Cluster Group",
  });
});

test("what belongs together leads from one to the other", async () => {
  expect(await namesOf(cluster.group("Cluster Group").resources())).toEqual([
    "Cluster Name",
    "Network Name",
  ]);
  expect(await namesOf(cluster.node("node1").netInterfaces())).toEqual(["node1 - Ethernet"]);
  expect(await namesOf(cluster.network("Cluster Network 1").netInterfaces())).toEqual([
    "node1 - Ethernet",
  ]);
  expect(await cluster.resource("Cluster Name").possibleOwners()).toEqual(["node1"]);
});

test("an operation that the cluster refuses is an error with its code, the operation and the object", async () => {
  const error = await cluster
    .group("Print Spooler")
    .status()
    .catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ClusterError);
  expect(error).toMatchObject({
    name: "ClusterError",
    code: 5013,
    codeName: "ERROR_GROUP_NOT_FOUND",
    operation: "ApiOpenGroupEx",
    object: 'group "Print Spooler"',
    message:
      'group "Print Spooler": there is no group of that name. ' +
      "ERROR_GROUP_NOT_FOUND (5013) from ApiOpenGroupEx",
    advice: "Names can change: list what is there, and try again.",
  });
});

test("a password that is wrong is an error of the connection", async () => {
  const { binding, resolveEndpoint } = served;
  const credentials = { ...alice, password: "wrong" };
  await expect(Cluster.connect(binding, { credentials, resolveEndpoint })).rejects.toMatchObject({
    name: "TransportError",
  });
});

test("calls of nobody are refused", async () => {
  const { binding, resolveEndpoint } = served;
  await expect(Cluster.connect(binding, { resolveEndpoint })).rejects.toMatchObject({
    name: "RpcFault",
  });
});

test("who asks for access to read alone changes nothing", async () => {
  const { binding, resolveEndpoint } = served;
  const options = { credentials: alice, resolveEndpoint, access: "read" } as const;
  await using reader = await Cluster.connect(binding, options);
  expect(await reader.group("Available Storage").status()).toMatchObject({ owner: "node1" });
  await expect(reader.group("Available Storage").rename("x")).rejects.toMatchObject({
    codeName: "ERROR_ACCESS_DENIED",
    operation: "ApiSetGroupName",
  });
});
