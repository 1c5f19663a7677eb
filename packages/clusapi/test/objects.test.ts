/** What the client does with objects of the real server. */
import { ClusterError } from "@msrpc/clusapi";
import { expect, test } from "vitest";
import { connectInMemory } from "./support.ts";

test("a group is made, filled, renamed, emptied and deleted", async () => {
  await using cluster = await connectInMemory();
  const group = await cluster.createGroup("SQL");
  expect(await group.id()).toMatch(/^[\da-f-]{36}$/);
  const disk = await group.createResource("Disk 1", "Physical Disk");
  expect(await disk.type()).toBe("Physical Disk");
  expect(await disk.status()).toEqual({ state: "Offline", owner: "node1", group: "SQL" });
  await group.rename("SQL 2");
  expect(group.name).toBe("SQL 2");
  expect(await group.status()).toEqual({ state: "Offline", owner: "node1" });
  expect(await disk.status()).toMatchObject({ group: "SQL 2" });
  await expect(group.delete()).rejects.toMatchObject({ codeName: "ERROR_DIR_NOT_EMPTY" });
  await expect(cluster.createGroup("sql 2")).rejects.toThrow("ERROR_OBJECT_ALREADY_EXISTS");
});

test("an empty group is deleted, and its name is free for another one", async () => {
  await using cluster = await connectInMemory();
  const group = await cluster.createGroup("SQL");
  const id = await group.id();
  await group.delete();
  await expect(group.status()).rejects.toThrow("ERROR_GROUP_NOT_FOUND");
  await cluster.createGroup("SQL");
  expect(await group.id()).not.toBe(id);
});

test("a handle whose object somebody deleted is not kept", async () => {
  await using cluster = await connectInMemory();
  const group = await cluster.createGroup("SQL");
  const id = await group.id();
  await cluster.group(id).delete();
  const error = await group.status().catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ClusterError);
  expect(error).toMatchObject({ codeName: "ERROR_GROUP_NOT_AVAILABLE", object: 'group "SQL"' });
  await cluster.createGroup("SQL");
  expect(await group.status()).toMatchObject({ state: "Offline" });
});

test("a resource goes offline and online, and fails", async () => {
  await using cluster = await connectInMemory();
  const resource = cluster.resource("Network Name");
  expect(await resource.offline()).toMatchObject({ state: "Offline" });
  expect(await resource.online()).toMatchObject({ state: "Online" });
  await resource.fail();
  expect(await resource.status()).toMatchObject({ state: "Failed" });
  expect(await cluster.group("Cluster Group").status()).toMatchObject({ state: "Failed" });
});

test("a node is paused and resumed", async () => {
  await using cluster = await connectInMemory();
  const node = cluster.node("node1");
  expect(await node.id()).toBe("1");
  await node.pause();
  expect(await node.state()).toBe("Paused");
  await node.resume();
  expect(await node.state()).toBe("Up");
});

test("a network is found by its old name no more when it is renamed", async () => {
  await using cluster = await connectInMemory();
  await cluster.network("Cluster Network 1").rename("Front");
  expect(await cluster.network("Front").state()).toBe("Up");
  await expect(cluster.network("Cluster Network 1").state()).rejects.toMatchObject({
    codeName: "ERROR_CLUSTER_NETWORK_NOT_FOUND",
  });
});
