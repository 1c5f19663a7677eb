/** Resources and their types: made, deleted, renamed, hosted, moved between groups ([MS-CMRP] 3.1.4.2.10 to 3.1.4.2.28, 3.1.4.2.140, 3.1.4.2.166). */
import { readPropertyList, sz } from "@msrpc/cluster-data";
import { ResourceEnum, ResourceState } from "@msrpc/ms-cmrp";
import { expect, test } from "vitest";
import { lockResource, onlineResource } from "../src/core/online.ts";
import { nodeWentDown } from "../src/core/nodes.ts";
import { scene, type Scene } from "./model-support.ts";
import { utf16 } from "./registry-support.ts";
import { answerOf, serve, type ServedScene } from "./served-scene.ts";

function start(): ServedScene & { on: Scene } {
  const on = scene({ G: { a: [], b: ["a"], c: [] }, H: { h: [] } }, "software");
  return { on, ...serve(on) };
}

async function create(
  on: ServedScene,
  resourceName: string,
  resourceType = "T",
  flags = 0,
  into = "H",
): Promise<unknown> {
  const group = await on.group(into);
  return answerOf(on.client.createResource({ group, resourceName, resourceType, flags }));
}

test("a new resource is offline, may run anywhere, and is looked at as often as its type says", async () => {
  const on = start();
  on.on.cluster.run((tx) => {
    const type = tx.state.resourceTypes.find("T");
    if (type !== undefined) tx.update("resourceType", type, { isAliveInterval: 77 });
  });
  expect(await create(on, "new", "t", 1)).toBe("ERROR_SUCCESS");
  expect(on.on.resource("new")).toMatchObject({
    state: ResourceState.Offline,
    persistentState: 0,
    sequence: 0,
    type: "T",
    possibleOwners: ["1", "2", "3"],
    separateMonitor: 1,
    isAliveInterval: 77,
  });
});

test("a resource needs a name of its own, a type that there is, and flags that there are", async () => {
  const on = start();
  expect(await create(on, "A")).toBe("ERROR_OBJECT_ALREADY_EXISTS");
  expect(await create(on, on.on.resource("a").id)).toBe("ERROR_OBJECT_ALREADY_EXISTS");
  expect(await create(on, " \t")).toBe("ERROR_INVALID_NAME");
  expect(await create(on, "new", "U")).toBe("ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND");
  expect(await create(on, "new", "T", 2)).toBe("ERROR_INVALID_PARAMETER");
});

test("of some types there is one in a cluster, or one in a group", async () => {
  const on = start();
  const give = (characteristics: number): void =>
    on.on.cluster.run((tx) => {
      const type = tx.state.resourceTypes.find("T");
      if (type !== undefined) tx.update("resourceType", type, { characteristics });
    });
  give(0x40);
  expect(await create(on, "new")).toBe("ERROR_CLUSTER_SINGLETON_RESOURCE");
  give(0x80);
  expect(await create(on, "new")).toBe("ERROR_CLUSTER_GROUP_SINGLETON_RESOURCE");
  const [resource, group] = [await on.resource("c"), await on.group("H")];
  expect(await answerOf(on.client.changeResourceGroup({ resource, group }))).toBe(
    "ERROR_CLUSTER_GROUP_SINGLETON_RESOURCE",
  );
  await on.client.createGroup({ groupName: "I" });
  expect(await create(on, "new", "T", 0, "I")).toBe("ERROR_SUCCESS");
});

test("groups of shared volumes take no resources, by force neither where they are no disks", async () => {
  const on = start();
  on.on.cluster.run((tx) => tx.update("group", on.on.group("H"), { type: 4 }));
  expect(await create(on, "new")).toBe("ERROR_CLUSTER_USE_SHARED_VOLUMES_API");
  const [resource, group] = [await on.resource("c"), await on.group("H")];
  const { client } = on;
  expect(await answerOf(client.changeResourceGroup({ resource, group }))).toBe(
    "ERROR_CLUSTER_USE_SHARED_VOLUMES_API",
  );
  expect(await answerOf(client.changeResourceGroupEx({ resource, group, flags: 1n }))).toBe(
    "ERROR_CLUSTER_INVALID_REQUEST",
  );
  const back = { resource: await on.resource("a"), group: await on.group("G") };
  expect(await answerOf(client.changeResourceGroupEx({ ...back, flags: 1n }))).toBe(
    "ERROR_CLUSTER_INVALID_REQUEST",
  );
  expect(await answerOf(client.changeResourceGroupEx({ ...back, flags: 2n }))).toBe(
    "ERROR_INVALID_PARAMETER",
  );
});

test("a resource is made in no group that was deleted", async () => {
  const on = start();
  const group = (await on.client.createGroup({ groupName: "gone" })) as never;
  await on.client.deleteGroup({ group, force: 0 });
  const given = { group, resourceName: "x", resourceType: "T", flags: 0 };
  expect(await answerOf(on.client.createResource(given))).toBe("ERROR_GROUP_NOT_FOUND");
});

test("a resource is deleted when it is down, no other needs it, and the cluster doesn't", async () => {
  const on = start();
  const deleted = async (name: string): Promise<unknown> =>
    answerOf(on.client.deleteResource({ resource: await on.resource(name) }));
  expect(await deleted("a")).toBe("ERROR_DEPENDENT_RESOURCE_EXISTS");
  on.on.cluster.run((tx) => onlineResource(tx, on.on.resource("c")));
  expect(await deleted("c")).toBe("ERROR_RESOURCE_ONLINE");
  on.on.cluster.run((tx) => tx.update("resource", on.on.resource("h"), { isCore: 1 }));
  expect(await deleted("h")).toBe("ERROR_CORE_RESOURCE");
  const resource = await on.resource("b");
  await on.client.deleteResource({ resource });
  expect(on.on.state.resources.find("b")).toBeUndefined();
  expect(on.on.group("G").contains).toEqual([on.on.resource("a").id, on.on.resource("c").id]);
  expect(await deleted("a")).toBe("ERROR_SUCCESS");
});

test("resources of some types are deleted only while all nodes are up", async () => {
  const on = start();
  on.on.cluster.run((tx) => {
    const type = tx.state.resourceTypes.find("T");
    if (type !== undefined) tx.update("resourceType", type, { characteristics: 2 });
    nodeWentDown(tx, on.on.node("n3"));
  });
  const resource = await on.resource("c");
  expect(await answerOf(on.client.deleteResource({ resource }))).toBe(
    "ERROR_ALL_NODES_NOT_AVAILABLE",
  );
});

test("a resource has another name, but no other's name or ID, nor none", async () => {
  const on = start();
  const resource = await on.resource("a");
  const rename = (resourceName: string): Promise<unknown> =>
    answerOf(on.client.setResourceName({ resource, resourceName }));
  expect(await rename("A")).toBe("ERROR_SUCCESS");
  expect(on.on.resource("a").name).toBe("A");
  expect(await rename("b")).toBe("ERROR_ALREADY_EXISTS");
  expect(await rename(on.on.resource("b").id)).toBe("ERROR_ALREADY_EXISTS");
  expect(await rename("")).toBe("ERROR_INVALID_NAME");
  expect(await answerOf(on.client.openResource({ resourceName: "zzz" }))).toBe(
    "ERROR_RESOURCE_NOT_FOUND",
  );
});

test("what a resource needs, what needs it and where it may run are listed, each or all", async () => {
  const on = start();
  const resource = await on.resource("a");
  const { Depends, Provides, Nodes } = ResourceEnum;
  const list = async (type: number): Promise<unknown> =>
    (await on.client.createResEnum({ resource, type })).returnEnum?.entries;
  expect(await list(Provides)).toEqual([{ type: Provides, name: "b" }]);
  expect(await list(Depends)).toEqual([]);
  expect(await list(Provides | Nodes)).toHaveLength(4);
  expect(await answerOf(on.client.createResEnum({ resource, type: 8 }))).toBe(
    "ERROR_INVALID_PARAMETER",
  );
  expect(await answerOf(on.client.createResEnum({ resource, type: 0 }))).toBe(
    "ERROR_INVALID_PARAMETER",
  );
});

test("nodes are taken from those that may host a resource, and added again", async () => {
  const on = start();
  const [resource, node, local] = [
    await on.resource("a"),
    await on.node("n2"),
    await on.node("n1"),
  ];
  const { client } = on;
  expect(await answerOf(client.addResourceNode({ resource, node }))).toBe(
    "ERROR_OBJECT_ALREADY_EXISTS",
  );
  expect(await answerOf(client.removeResourceNode({ resource, node }))).toBe("ERROR_SUCCESS");
  expect(on.on.resource("a").possibleOwners).toEqual(["1", "3"]);
  expect(await answerOf(client.removeResourceNode({ resource, node }))).toBe(
    "ERROR_CLUSTER_NODE_NOT_FOUND",
  );
  expect(await answerOf(client.addResourceNode({ resource, node }))).toBe("ERROR_SUCCESS");
  on.on.cluster.run((tx) => onlineResource(tx, on.on.resource("a")));
  expect(await answerOf(client.removeResourceNode({ resource, node: local }))).toBe(
    "ERROR_INVALID_STATE",
  );
});

test("a resource goes to another group with all that is tied to it", async () => {
  const on = start();
  const [resource, group] = [await on.resource("b"), await on.group("H")];
  const { sequence } = on.on.resource("a");
  expect(await answerOf(on.client.changeResourceGroup({ resource, group }))).toBe("ERROR_SUCCESS");
  expect(on.on.resource("a")).toMatchObject({ group: on.on.group("H").id });
  expect(on.on.resource("a").sequence).toBeGreaterThan(sequence);
  expect(on.on.group("H").contains).toHaveLength(3);
  expect(on.on.group("G").contains).toEqual([on.on.resource("c").id]);
  expect(await answerOf(on.client.changeResourceGroup({ resource, group }))).toBe(
    "ERROR_ALREADY_EXISTS",
  );
});

test("a resource that is online goes only to a group on its node, and only where it may run", async () => {
  const on = start();
  const [resource, group] = [await on.resource("c"), await on.group("H")];
  const change = (): Promise<unknown> =>
    answerOf(on.client.changeResourceGroup({ resource, group }));
  await on.client.moveGroupToNode({ group, node: await on.node("n2") });
  on.on.cluster.run((tx) => onlineResource(tx, on.on.resource("c")));
  expect(await change()).toBe("ERROR_RESOURCE_ONLINE");
  await on.client.offlineResource({ resource });
  await on.client.removeResourceNode({ resource, node: await on.node("n2") });
  expect(await change()).toBe("ERROR_HOST_NODE_NOT_RESOURCE_OWNER");
  await on.client.moveGroupToNode({ group, node: await on.node("n1") });
  await on.client.onlineResource({ resource });
  expect(await change()).toBe("ERROR_SUCCESS");
  expect(on.on.resource("c").state).toBe(ResourceState.Online);
});

test("locked groups give and take nothing; available storage takes no quorum resource", async () => {
  const on = start();
  const [resource, group] = [await on.resource("c"), await on.group("H")];
  const change = (): Promise<unknown> =>
    answerOf(on.client.changeResourceGroup({ resource, group }));
  const lock = (name: string, isLocked: boolean): void => {
    on.on.cluster.run((tx) => lockResource(tx, on.on.resource(name).id, isLocked));
  };
  for (const name of ["a", "h"]) {
    lock(name, true);
    expect(await change()).toBe("ERROR_CLUSTER_RESOURCE_LOCKED_STATUS");
    lock(name, false);
  }
  on.on.cluster.run((tx) => {
    tx.update("group", on.on.group("H"), { type: 2 });
    tx.setValue(tx.createKey(tx.state.registry, "Quorum"), "Resource", sz(on.on.resource("c").id));
  });
  expect(await change()).toBe("ERROR_QUORUM_NOT_ALLOWED_IN_THIS_GROUP");
});

test("resource types are made once, and deleted when no resource has them", async () => {
  const { client, on } = start();
  const given = { displayName: "My type", dllName: "my.dll", looksAlive: 10, isAlive: 20 };
  const make = (typeName: string): Promise<unknown> =>
    answerOf(client.createResourceType({ typeName, ...given }));
  expect(await make("Mine")).toBe("ERROR_SUCCESS");
  expect(on.state.resourceTypes.find("mine")).toMatchObject({ looksAliveInterval: 10 });
  expect(await make("MINE")).toBe("ERROR_ALREADY_EXISTS");
  expect(await make("\\Mine")).toBe("ERROR_INVALID_NAME");
  expect(await make("x".repeat(258))).toBe("ERROR_INVALID_NAME");
  const drop = (typeName: string): Promise<unknown> =>
    answerOf(client.deleteResourceType({ typeName }));
  expect(await drop("mine")).toBe("ERROR_SUCCESS");
  expect(await drop("mine")).toBe("ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND");
  expect(await drop("T")).toBe("ERROR_DIR_NOT_EMPTY");
});

test("all resources are listed with their groups", async () => {
  const { client, on } = start();
  const { returnValue: cluster } = await client.openClusterEx({ desiredAccess: 0x8000_0000 });
  const none = { properties: null, roProperties: null };
  const { resultList } = await client.createResourceEnum({ cluster, ...none });
  expect(resultList?.entries).toHaveLength(4);
  expect(resultList?.entries[0]).toMatchObject({
    name: "a",
    id: on.resource("a").id,
    ownerName: "G",
    ownerId: on.group("G").id,
    properties: null,
  });
});

test("lists of resources have the properties that were asked for", async () => {
  const { client } = start();
  const { returnValue: cluster } = await client.openClusterEx({ desiredAccess: 0x8000_0000 });
  const list = async (properties: string | null, roProperties: string | null): Promise<unknown> => {
    const octets = (text: string | null): Uint8Array | null => (text === null ? null : utf16(text));
    const asked = { properties: octets(properties), roProperties: octets(roProperties) };
    const { resultList } = await client.createResourceEnum({ cluster, ...asked });
    const [first] = resultList?.entries ?? [];
    const read = (column: Uint8Array | null | undefined): unknown =>
      column == null ? null : readPropertyList(column).map(({ name }) => name);
    return [read(first?.properties), read(first?.roProperties)];
  };
  const two = ["RestartAction", "PendingTimeout"];
  expect(await list("restartaction\0PendingTimeout\0", "Type\0")).toEqual([two, ["Type"]]);
  expect((await list("*\0", null)) as string[][]).toEqual([
    expect.arrayContaining(["RestartDelay", "RestartPeriod"]),
    null,
  ]);
  expect(await answerOf(list("Nothing\0", null))).toBe("ERROR_INVALID_PARAMETER");
});
