/** Dependencies, owners, drains and types, against the real server. */
import { defaultDefinition } from "@msrpc/cluster";
import { expect, test } from "vitest";
import { connectInMemory, listOf } from "./support.ts";

const twoNodes = { ...defaultDefinition, nodes: [{ name: "node1" }, { name: "node2" }] };

test("a resource needs another one, by its name or by an expression", async () => {
  await using cluster = await connectInMemory();
  const group = await cluster.createGroup("SQL");
  const disk = await group.createResource("Disk", "Physical Disk");
  const other = await group.createResource("Other", "Physical Disk");
  const sql = await group.createResource("SQL Server", "Generic Service");
  await sql.addDependency("Disk");
  expect(await sql.dependencies()).toEqual(["Disk"]);
  expect(await disk.dependents()).toEqual(["SQL Server"]);
  await expect(disk.addDependency("SQL Server")).rejects.toThrow("ERROR_CIRCULAR_DEPENDENCY");
  await sql.removeDependency("Disk");
  expect(await sql.dependencyExpression()).toBe("");
  await sql.setDependencyExpression("([Disk] or [Other])");
  expect(await sql.dependencyExpression()).toContain(await other.id());
  expect(await group.online()).toMatchObject({ state: "Online" });
});

test("a resource is deleted when it is offline, and its name leads nowhere", async () => {
  await using cluster = await connectInMemory();
  const group = await cluster.createGroup("SQL");
  const disk = await group.createResource("Disk", "Physical Disk");
  await disk.online();
  await expect(disk.delete()).rejects.toThrow("ERROR_RESOURCE_ONLINE");
  expect(await disk.restart()).toMatchObject({ state: "Online" });
  await disk.offline();
  await disk.delete();
  await expect(disk.status()).rejects.toThrow("ERROR_RESOURCE_NOT_FOUND");
});

test("a resource goes to another group, and a group goes with its resources by force", async () => {
  await using cluster = await connectInMemory();
  const from = await cluster.createGroup("A");
  const to = await cluster.createGroup("B");
  const disk = await from.createResource("Disk", "Physical Disk");
  await disk.moveToGroup("B");
  expect(await disk.status()).toMatchObject({ group: "B" });
  await to.delete({ force: true });
  await expect(disk.status()).rejects.toMatchObject({ name: "ClusterError" });
});

test("owners say where a resource may be, and where a group should be", async () => {
  await using cluster = await connectInMemory(twoNodes);
  const resource = cluster.resource("Network Name");
  expect(await resource.possibleOwners()).toEqual(["node1", "node2"]);
  await resource.removePossibleOwner("node2");
  expect(await resource.possibleOwners()).toEqual(["node1"]);
  await resource.addPossibleOwner("node2");
  const group = cluster.group("Available Storage");
  await group.setPreferredOwners(["node2", "node1"]);
  expect(await group.preferredOwners()).toEqual(["node2", "node1"]);
  await group.setPreferredOwners([]);
  expect(await group.preferredOwners()).toEqual([]);
});

test.each([{}, { to: "node2" }])(
  "a node is drained, %j, and takes its groups back",
  async (options) => {
    await using cluster = await connectInMemory(twoNodes);
    const node = cluster.node("node1");
    const group = cluster.group("Cluster Group");
    expect(await node.drain(options)).toMatchObject({ state: "Paused" });
    expect(await group.status()).toMatchObject({ owner: "node2", state: "Online" });
    await node.resume({ failback: "all" });
    expect(await node.state()).toBe("Up");
    expect(await group.status()).toMatchObject({ owner: "node1" });
  },
);

test("a node that is alone can't be drained", async () => {
  await using cluster = await connectInMemory();
  await expect(cluster.node("node1").drain()).rejects.toMatchObject({
    codeName: "ERROR_CLUSTER_NODE_DOWN",
    object: 'node "node1"',
    message: expect.stringContaining("it is not up, or no other node is.") as string,
  });
});

test("a group moves to the best node where none is named", async () => {
  await using cluster = await connectInMemory(twoNodes);
  const group = cluster.group("Cluster Group");
  expect(await group.moveTo(null)).toEqual({ state: "Online", owner: "node2" });
  expect(await group.moveTo("node1")).toEqual({ state: "Online", owner: "node1" });
  await expect(group.moveTo("node3")).rejects.toMatchObject({
    codeName: "ERROR_CLUSTER_NODE_NOT_FOUND",
    object: 'node "node3"',
  });
});

test("a type of resources is made, described and deleted", async () => {
  await using cluster = await connectInMemory();
  const names = async (): Promise<string[]> =>
    (await listOf(cluster.resourceTypes())).map(({ name }) => name);
  const type = await cluster.createResourceType("Example", "example.dll");
  expect(await names()).toContain("Example");
  expect(await type.possibleOwners()).toEqual(["node1"]);
  await type.common.set({ Description: "d" });
  expect(await type.common.get()).toMatchObject({ Description: "d", LooksAlivePollInterval: 5000 });
  await type.private.set({ Mine: 1 });
  expect(await type.private.get()).toEqual({ Mine: 1 });
  await type.delete();
  expect(await names()).not.toContain("Example");
  await expect(type.common.get()).rejects.toMatchObject({ object: 'resource type "Example"' });
});

test("the cluster is renamed while nothing stands for its name", async () => {
  await using cluster = await connectInMemory();
  await expect(cluster.rename("other")).rejects.toMatchObject({
    codeName: "ERROR_RESOURCE_ONLINE",
  });
  await cluster.resource("Cluster Name").offline();
  expect(await cluster.rename("other")).toBe("applied");
  expect(await cluster.names()).toMatchObject({ name: "other" });
  await expect(cluster.rename("not a label")).rejects.toMatchObject({
    codeName: "ERROR_INVALID_NAME",
  });
});

test("a majority of nodes counts for the quorum, or a disk with them, or alone", async () => {
  await using cluster = await connectInMemory();
  expect(await cluster.quorum()).toMatchObject({ type: "majority", resource: null });
  const disk = await cluster.group("Available Storage").createResource("Disk", "Physical Disk");
  await expect(cluster.setQuorum({ type: "disk", resource: "Disk" })).rejects.toMatchObject({
    codeName: "ERROR_RESOURCE_NOT_ONLINE",
    object: 'resource "Disk"',
  });
  await disk.online();
  await cluster.setQuorum({ type: "witness", resource: "Disk", path: "Q:" });
  expect(await cluster.quorum()).toMatchObject({
    type: "witness",
    resource: "Disk",
    path: "Q:\\Cluster\\",
  });
  await cluster.setQuorum({ type: "disk", resource: "Disk", logSize: 0x1_0000 });
  expect(await cluster.quorum()).toMatchObject({ type: "disk", logSize: 0x1_0000 });
  await cluster.setQuorum({ type: "majority" });
  expect(await cluster.quorum()).toMatchObject({ type: "majority", resource: null });
});

test("operations take flags, which 2.0 doesn't have", async () => {
  await using cluster = await connectInMemory(twoNodes);
  const resource = cluster.resource("Network Name");
  await resource.offline({ flags: ["DoNotUpdatePersistentState"] });
  expect(await resource.common.get()).toMatchObject({ PersistentState: 1 });
  await resource.online({ flags: ["IgnoreResourceStatus"] });
  const group = cluster.group("Cluster Group");
  expect(await group.offline({ flags: ["IgnoreResourceStatus"] })).toMatchObject({
    state: "Offline",
  });
  expect(await group.online({ flags: ["BestPossibleNode"] })).toMatchObject({ state: "Online" });
  const moving = { flags: ["ReturnToSourceNodeOnError"] } as const;
  expect(await group.moveTo("node2", moving)).toMatchObject({ owner: "node2" });
  expect(await group.moveTo(null, moving)).toMatchObject({ owner: "node1" });
});

test("a move that isn't under way can't be given up", async () => {
  await using cluster = await connectInMemory();
  await expect(cluster.group("Cluster Group").cancelMove()).rejects.toMatchObject({
    codeName: "ERROR_INVALID_STATE",
    operation: "ApiCancelClusterGroupOperation",
  });
});

test("any control code can be run on an object", async () => {
  await using cluster = await connectInMemory();
  const group = cluster.group("Cluster Group");
  const name = await group.control(0x300_0029);
  expect(new TextDecoder("utf-16le").decode(name)).toBe("Cluster Group\0");
  await expect(group.control(0x100_0029)).rejects.toMatchObject({
    codeName: "ERROR_INVALID_FUNCTION",
  });
});

test("a group is made of a type", async () => {
  await using cluster = await connectInMemory();
  const group = await cluster.createGroup("SQL", { type: 107 });
  expect(await group.common.get()).toMatchObject({ GroupType: 107 });
});

test("the interface of a node to a network is found by both", async () => {
  await using cluster = await connectInMemory();
  const found = await cluster.netInterfaceOf("node1", "Cluster Network 1");
  expect(found.name).toBe("node1 - Ethernet");
  await expect(cluster.netInterfaceOf("node1", "x")).rejects.toMatchObject({
    name: "ClusterError",
  });
});

test("a resource says whether it could need another one, and by which name it is found", async () => {
  await using cluster = await connectInMemory();
  const group = await cluster.createGroup("SQL");
  const name = await group.createResource("Name", "Network Name");
  await name.private.set({ Name: "sql1" });
  const service = await group.createResource("Service", "Generic Service");
  expect(await service.canDependOn("Name")).toBe(true);
  await service.addDependency("Name");
  expect(await name.canDependOn("Service")).toBe(false);
  expect(await service.networkName()).toBe("SQL1");
  await expect(service.canDependOn("x")).rejects.toMatchObject({
    codeName: "ERROR_RESOURCE_NOT_FOUND",
  });
});
