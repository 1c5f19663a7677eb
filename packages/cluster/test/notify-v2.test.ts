/** Notification ports of version 2: what filters may ask for, and what events say by the tables of [MS-CMRP] 3.1.4.2.138. */
import { fromUtf16, readPropertyList } from "@msrpc/cluster-data";
import { GroupState, NodeState, ResourceState } from "@msrpc/ms-cmrp";
import {
  ClusterChangeV2,
  GroupChangeV2,
  NetInterfaceChangeV2,
  NetworkChangeV2,
  NodeChangeV2,
  type ObjectHandle,
  ObjectType,
  RegistryChangeV2,
  ResourceChangeV2,
  ResourceTypeChangeV2,
} from "@msrpc/ms-cmrp/clusapi3";
import type { ContextHandle } from "@msrpc/ndr";
import { expect, test } from "vitest";
import { Watch } from "./notify-support.ts";
import type { ClusterEvent } from "@msrpc/cluster";
import { keyAt, startCluster, statusOf, type TestClient } from "./registry-support.ts";

const text = (buffer: Uint8Array | null): string => fromUtf16(buffer ?? new Uint8Array(0));
const number = (buffer: Uint8Array | null): number =>
  buffer?.length === 4 ? Buffer.from(buffer).readUInt32LE() : Number.NaN;

test("the key of a filter comes back with its events", async () => {
  const started = startCluster();
  const watch = await (
    await Watch.open(started)
  ).add(ObjectType.Cluster, ClusterChangeV2.GroupAdded);
  const waiting = started.client.getNotifyV2({ notify: watch.notify });
  await started.client.createGroup({ groupName: "SQL" });
  const { state } = started.cluster;
  expect((await waiting).notifications).toEqual([
    {
      notifyKey: 0xffff_fff0n,
      notificationData: {
        filterAndType: { objectType: ObjectType.Cluster, filterFlags: 4n },
        buffer: Uint8Array.of(0x0f, 0x27, 0, 0),
        objectId: state.groups.find("SQL")?.id,
        parentId: "1",
        name: "SQL",
        type: "",
      },
    },
  ]);
});

test("a group tells of its states, its name, its nodes, its resources and its end", async () => {
  const started = startCluster();
  const { client, cluster } = started;
  const group = await client.createGroup({ groupName: "SQL" });
  const { id } = cluster.state.groups.find("SQL")!;
  const watch = await (await Watch.open(started)).add(ObjectType.Group, 0x1ff, group);
  await client.createGroup({ groupName: "other" });
  const resource = await client.createResource({
    group,
    resourceName: "Disk",
    resourceType: "Physical Disk",
    flags: 0,
  });
  const disk = cluster.state.resources.find("Disk")!.id;
  await client.onlineResource({ resource });
  await client.offlineResource({ resource });
  await client.setGroupName({ group, groupName: "SQL 2" });
  await client.deleteResource({ resource });
  await client.deleteGroup({ group, force: 0 });
  const seen = await watch.seen();
  const G = GroupChangeV2;
  expect(seen.map(({ flag }) => flag)).toEqual([
    G.ResourceAdded,
    G.ResourceGained,
    ...Array<number>(seen.length - 5).fill(G.State),
    G.CommonProperty,
    G.ResourceLost,
    G.Deleted,
  ]);
  for (const { data } of seen) expect(data).toMatchObject({ parentId: "1", type: "" });
  const [added, gained, ...more] = seen.map(({ data }) => data);
  expect(added).toMatchObject({ objectId: disk, name: "Disk" });
  expect(text(added!.buffer)).toBe(`${id}\0`);
  expect(gained).toMatchObject({ objectId: id, name: "SQL" });
  expect(text(gained!.buffer)).toBe(`${disk}\0`);
  const states = more.slice(0, -3).map(({ buffer }) => number(buffer));
  expect(states).toContain(GroupState.Online);
  expect(states.at(-1)).toBe(GroupState.Offline);
  const [property, lost, deleted] = more.slice(-3);
  expect(readPropertyList(property!.buffer!)).toMatchObject([
    { name: "Name", value: { text: "SQL 2" } },
  ]);
  expect(text(lost!.buffer)).toBe(`${disk}\0`);
  expect(deleted).toMatchObject({ objectId: id, name: "SQL 2", buffer: null });
});

test("a resource tells of its group, type, states, needs, owners and end", async () => {
  const started = startCluster();
  const { client, cluster } = started;
  const group = await client.createGroup({ groupName: "SQL" });
  const make = (resourceName: string): ReturnType<TestClient["createResource"]> =>
    client.createResource({ group, resourceName, resourceType: "Physical Disk", flags: 0 });
  const disk = await make("Disk");
  const service = await make("Service");
  const idOf = (name: string): string => cluster.state.resources.find(name)!.id;
  const diskId = idOf("Disk");
  const serviceId = idOf("Service");
  const groupId = cluster.state.groups.find("SQL")!.id;
  const watch = await Watch.open(started);
  await watch.add(ObjectType.Resource, 0x1ff);
  const R = ResourceChangeV2;

  await client.addResourceDependency({ resource: service, dependsOn: disk });
  const depends = await watch.seen();
  expect(depends.map(({ flag, data }) => [flag, data.name, text(data.buffer)])).toEqual([
    [R.Dependencies, "Service", `([${diskId}])\0`],
    [R.Dependents, "Disk", `${serviceId}\0\0`],
  ]);
  for (const { data } of depends) {
    expect(data).toMatchObject({ parentId: groupId, type: "Physical Disk" });
  }

  await client.onlineResource({ resource: service });
  const states = (await watch.seen()).filter(({ flag }) => flag === R.State);
  const of = (name: string): number[] =>
    states.filter(({ data }) => data.name === name).map(({ data }) => number(data.buffer));
  expect(of("Disk").at(-1)).toBe(ResourceState.Online);
  expect(of("Service").at(-1)).toBe(ResourceState.Online);

  await client.offlineResource({ resource: service });
  const node = await client.openNode({ nodeName: "node1" });
  await client.removeResourceNode({ resource: service, node });
  await watch.add(ObjectType.Resource, R.PossibleOwners, service);
  await client.addResourceNode({ resource: service, node });
  const owners = (await watch.seen()).filter(({ flag }) => flag === R.PossibleOwners);
  expect(owners.map(({ data }) => text(data.buffer))).toEqual(["\0", "1\0\0", "1\0\0"]);

  await client.deleteResource({ resource: service });
  const ends = await watch.seen();
  expect(ends.map(({ flag, data }) => [flag, data.name, text(data.buffer)])).toEqual([
    [R.Deleted, "Service", `${groupId}\0`],
    [R.Dependents, "Disk", "\0"],
  ]);
});

test("a move tells both nodes, the group and version 1's state", async () => {
  const started = startCluster();
  const { cluster } = started;
  const watch = await Watch.open(started);
  await watch.add(ObjectType.Node, 0x7f);
  await watch.add(ObjectType.Group, GroupChangeV2.OwnerNode | GroupChangeV2.State);
  const group = cluster.state.groups.find("Available Storage")!;
  cluster.run((tx) => tx.enter("group", group, { owner: "2" }));
  const seen = await watch.seen();
  expect(seen.map(({ flag, data }) => [flag, data.name, text(data.buffer)])).toEqual([
    [GroupChangeV2.OwnerNode, "Available Storage", "2\0"],
    [NodeChangeV2.GroupLost, "node1", `${group.id}\0`],
    [GroupChangeV2.State, "Available Storage", expect.any(String)],
  ]);
  expect(seen[0]!.data).toMatchObject({ objectId: group.id, parentId: "2" });
});

test("a node's state is one of the membership as well", async () => {
  const started = startCluster();
  const { client } = started;
  const watch = await Watch.open(started);
  await watch.add(ObjectType.Node, NodeChangeV2.State);
  await watch.add(ObjectType.Cluster, ClusterChangeV2.Membership);
  const node = await client.openNode({ nodeName: "node1" });
  await client.pauseNode({ node });
  await client.resumeNode({ node });
  const seen = await watch.seen();
  const told = seen.map(({ data }) => [data.filterAndType.objectType, data.objectId, data.buffer]);
  expect(told).toEqual([
    [ObjectType.Node, "1", Uint8Array.of(NodeState.Paused, 0, 0, 0)],
    [ObjectType.Cluster, "", Uint8Array.of(1, 0, 0, 0, 0)],
    [ObjectType.Node, "1", Uint8Array.of(NodeState.Up, 0, 0, 0)],
    [ObjectType.Cluster, "", Uint8Array.of(1, 1, 0, 0, 0, 1)],
  ]);
});

test("networks and their interfaces tell of properties and states", async () => {
  const started = startCluster();
  const { client, cluster } = started;
  const watch = await Watch.open(started);
  const network = await client.openNetwork({ networkName: "Cluster Network 1" });
  const one = await client.openNetInterface({ netInterfaceName: "node1 - Ethernet" });
  await watch.add(ObjectType.Network, 0xf, network);
  await watch.add(ObjectType.NetworkInterface, 0xf, one);
  await client.setNetworkName({ network, networkName: "LAN" });
  const own = cluster.state.netInterfaces.find("node1 - Ethernet")!;
  cluster.run((tx) => tx.enter("netInterface", own, { state: 0 }));
  const seen = (await watch.seen()).filter(({ data }) => data.name !== "LAN" || data.buffer);
  expect(seen[0]!.flag).toBe(NetworkChangeV2.CommonProperty);
  const state = seen.find(
    ({ data }) => data.filterAndType.objectType === ObjectType.NetworkInterface,
  );
  expect(state?.flag).toBe(NetInterfaceChangeV2.State);
  expect(state?.data).toMatchObject({ objectId: own.id, parentId: "1", buffer: new Uint8Array(4) });
});

test("a key tells of names and values, with its subtree of all below", async () => {
  const started = startCluster();
  const { client } = started;
  const watched = await keyAt(client, "Watched");
  const watch = await Watch.open(started);
  const R = RegistryChangeV2;
  await watch.add(ObjectType.Registry, R.Name | R.Value | R.Subtree, watched);
  const below = await keyAt(client, "Watched\\A");
  await client.setValue({ key: below, valueName: "v", type: 4, data: new Uint8Array(4) });
  expect((await watch.seen()).map(({ data }) => data)).toEqual([
    {
      filterAndType: { objectType: ObjectType.Registry, filterFlags: BigInt(R.Name) },
      buffer: null,
      objectId: "",
      parentId: "",
      name: "Watched\\A",
      type: "",
    },
    {
      filterAndType: { objectType: ObjectType.Registry, filterFlags: BigInt(R.Value) },
      buffer: null,
      objectId: "v",
      parentId: "",
      name: "Watched\\A",
      type: "",
    },
  ]);
});

test("a filter for the registry without a key watches the root", async () => {
  const started = startCluster();
  const watch = await (await Watch.open(started)).add(ObjectType.Registry, RegistryChangeV2.Name);
  await keyAt(started.client, "New\\Below");
  expect((await watch.seen()).map(({ data }) => data.name)).toEqual(["New"]);
});

test("a resource type is watched by its name", async () => {
  const started = startCluster();
  const { client, cluster } = started;
  const watch = await Watch.open(started);
  const { notify } = watch;
  const asked = { notify, notifyKey: 1, version: 2, filter: 1n };
  await client.addNotifyResourceTypeV2({ ...asked, resTypeName: "physical disk" });
  for (const name of ["Physical Disk", "Generic Script"]) {
    const type = cluster.state.resourceTypes.find(name)!;
    cluster.run((tx) => tx.remove("resourceType", type));
  }
  expect(await watch.only(ResourceTypeChangeV2.Deleted)).toMatchObject({
    objectId: "",
    parentId: "",
    name: "Physical Disk",
    buffer: null,
  });
  const status = (changed: object): Promise<unknown> =>
    statusOf(
      client.addNotifyResourceTypeV2({ ...asked, resTypeName: "Generic Script", ...changed }),
    );
  expect(await status({})).toBe("ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND");
  expect(await status({ version: 1 })).toBe("ERROR_INVALID_PARAMETER");
  expect(await status({ filter: 0x40n })).toBe("ERROR_INVALID_PARAMETER");
});

const wrong: readonly (readonly [string, object])[] = [
  ["version 1", { version: 1 }],
  ["no flags", { filterFlags: 0n }],
  ["a flag that the type doesn't have", { filterFlags: 0x400n }],
  ["flags that clients make themselves", { filterFlags: BigInt(GroupChangeV2.HandleClose) }],
  ["a negative mask", { filterFlags: -1n }],
  ["type 0", { objectType: 0 }],
  ["a type without events", { objectType: ObjectType.Cert }],
  ["the cluster's reconnection", { objectType: ObjectType.Cluster, filterFlags: 1n }],
];
test.each(wrong)("a filter with %s is refused", async (_name, changed) => {
  const { client } = startCluster();
  const notify = await client.createNotifyV2();
  const object = (await client.openCluster()) as ContextHandle as ObjectHandle;
  const asked = { version: 2, objectType: ObjectType.Group, filterFlags: 1n, ...changed };
  const { version, ...filter } = asked;
  const call = client.addNotifyV2({
    notify,
    object,
    filter,
    notifyKey: 1,
    version,
    isTargetedAtObject: 0,
  });
  expect(await statusOf(call)).toBe("ERROR_INVALID_PARAMETER");
});

test("the handle of a filter is one of its type, or of the cluster where it is for all", async () => {
  const started = startCluster();
  const { client } = started;
  const watch = await Watch.open(started);
  const group = await client.openGroup({ groupName: "Cluster Group" });
  const mismatch = { statusName: "nca_s_fault_context_mismatch" };
  await expect(watch.add(ObjectType.Resource, 1, group)).rejects.toMatchObject(mismatch);
  await expect(watch.add(ObjectType.GroupSet, 1, group)).rejects.toMatchObject(mismatch);
  const untargeted = client.addNotifyV2({
    notify: watch.notify,
    object: group as ContextHandle as ObjectHandle,
    filter: { objectType: ObjectType.Group, filterFlags: 1n },
    notifyKey: 1,
    version: 2,
    isTargetedAtObject: 0,
  });
  await expect(untargeted).rejects.toMatchObject(mismatch);
});

test("the calls of one version don't take ports of the other", async () => {
  const { client } = startCluster();
  const notify = await client.createNotify();
  const second = await client.createNotifyV2();
  const cluster = await client.openCluster();
  const refused = [
    client.getNotifyV2({ notify }),
    client.getNotify({ notify: second }),
    client.getNotifyAsync({ notify: second }),
    client.addNotifyCluster({ notify: second, cluster, filter: 1, notifyKey: 1 }),
  ];
  for (const call of refused) expect(await statusOf(call)).toBe("ERROR_INVALID_HANDLE");
});

test("filters that ask for it hear what was lost", async () => {
  const started = startCluster({}, { notifications: { maxQueued: 1 } });
  const watch = await Watch.open(started);
  await watch.add(
    ObjectType.Cluster,
    ClusterChangeV2.GroupAdded | ClusterChangeV2.LostNotifications,
  );
  const silent = await (
    await Watch.open(started)
  ).add(ObjectType.Cluster, ClusterChangeV2.GroupAdded);
  for (const groupName of ["a", "b", "c"]) await started.client.createGroup({ groupName });
  const flags = async (one: Watch): Promise<number[]> => (await one.seen()).map(({ flag }) => flag);
  expect(await flags(watch)).toEqual([
    ClusterChangeV2.GroupAdded,
    ClusterChangeV2.LostNotifications,
  ]);
  expect(await flags(silent)).toEqual([ClusterChangeV2.GroupAdded]);
});

test("large buffers take the room of many", async () => {
  const started = startCluster({}, { notifications: { maxQueued: 8 } });
  const { cluster } = started;
  const watch = await Watch.open(started);
  await watch.add(ObjectType.Group, GroupChangeV2.PrivateProperty);
  const group = cluster.state.groups.find("Cluster Group")!;
  const properties = [{ name: "n", type: 3, data: new Uint8Array(4000) }];
  for (let times = 0; times < 5; times++) {
    cluster.run((tx) => tx.tell("group", "privateProperty", group, { properties }));
  }
  expect(await watch.seen()).toHaveLength(2);
});

test("what hosts keep to themselves is told without its values", async () => {
  const started = startCluster();
  const { cluster } = started;
  const watch = await Watch.open(started);
  await watch.add(ObjectType.Resource, ResourceChangeV2.PrivateProperty);
  await watch.add(ObjectType.Group, GroupChangeV2.PrivateProperty);
  const properties = [{ name: "n", type: 4, data: new Uint8Array(4) }];
  cluster.run((tx) => {
    const { resources, groups } = cluster.state;
    tx.tell("resource", "privateProperty", resources.find("Network Name")!, { properties });
    tx.tell("group", "privateProperty", groups.find("Cluster Group")!, { properties });
  });
  const [resource, group] = (await watch.seen()).map(({ data }) => data.buffer);
  expect(resource).toBeNull();
  expect(readPropertyList(group!)).toMatchObject([{ name: "n", value: { number: 0 } }]);
});

test("events of a disk that decides the quorum name it, and nothing else", async () => {
  const started = startCluster();
  const watch = await (await Watch.open(started)).add(ObjectType.Quorum, 1);
  const { id, name } = started.cluster.state.resources.find("Network Name")!;
  const event: ClusterEvent = {
    kind: "quorum",
    what: "state",
    id,
    name,
    parent: "p",
    type: "t",
    sequence: 0,
    value: 2,
  };
  started.cluster.run((tx) => tx.emit(event));
  expect(await watch.only(1)).toMatchObject({
    objectId: id,
    parentId: null,
    name,
    type: null,
    buffer: Uint8Array.of(2, 0, 0, 0),
  });
});

test("what counts for quorum tells of itself, and of its state", async () => {
  const started = startCluster();
  const { client, cluster } = started;
  const group = await client.createGroup({ groupName: "Quorum" });
  const resourceType = "Physical Disk";
  const made = { group, resourceName: "Disk", resourceType, flags: 0 };
  const resource = await client.createResource(made);
  await client.onlineResource({ resource });
  const watch = await (await Watch.open(started)).add(ObjectType.Quorum, 1);
  const seen = async (): Promise<unknown[]> =>
    (await watch.seen()).map(({ data }) => [data.name, data.objectId, number(data.buffer)]);
  const { id } = cluster.state.resources.find("Disk")!;
  await client.setQuorumResource({ resource, deviceName: "", maxQuorumLogSize: 0x400 });
  expect(await seen()).toEqual([["Disk", id, ResourceState.Online]]);
  await client.failResource({ resource });
  expect((await seen()).at(0)).toEqual(["Disk", id, ResourceState.Failed]);
  await client.setQuorumResource({ resource, deviceName: "", maxQuorumLogSize: 0 });
  expect((await seen()).at(-1)).toEqual(["", "", Number.NaN]);
});

test("who upgrades a library is told to those that watch the resource and its type", async () => {
  const started = startCluster();
  const { client } = started;
  const resource = await client.openResource({ resourceName: "Cluster Name" });
  const watch = await Watch.open(started);
  await watch.add(ObjectType.Resource, ResourceChangeV2.DllUpgraded, resource);
  await watch.add(ObjectType.ResourceType, ResourceTypeChangeV2.DllUpgraded);
  const inBuffer = new Uint8Array(Buffer.from("D:\\new\\clusres.dll\0", "utf16le"));
  const controlCode = 0x0140_00ba;
  await client.resourceControl({ resource, controlCode, inBuffer, outBufferSize: 0 });
  const seen = (await watch.seen()).map(({ data }) => [data.name, text(data.buffer)]);
  expect(seen).toEqual([
    ["Network Name", "1\0"],
    ["Cluster Name", "1\0"],
  ]);
});
