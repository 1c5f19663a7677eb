/** Notification ports of version 1: filters, the order of events, calls that wait and how they end. */
import { ClusterChange, type NotifyHandle } from "@msrpc/ms-cmrp";
import type { ContextHandle } from "@msrpc/ndr";
import { expect, test } from "vitest";
import { drain, portFor } from "./notify-support.ts";
import {
  key,
  keyAt,
  type Started,
  startCluster,
  statusOf,
  type TestClient,
} from "./registry-support.ts";

const { GroupAdded, GroupDeleted, GroupProperty, GroupState, ResourceState } = ClusterChange;

test("events come in order, each with the key of its filter, its object and its sequence number", async () => {
  const { client } = startCluster();
  const notify = await portFor(client, GroupAdded | GroupDeleted | GroupProperty);
  const group = await client.createGroup({ groupName: "SQL" });
  await client.setGroupName({ group, groupName: "SQL 2" });
  await client.deleteGroup({ group, force: 0 });
  const next = (): Promise<unknown> => client.getNotify({ notify });
  const of = (filter: number, name: string): object => ({
    notifyKey: 7,
    filter,
    stateSequence: 0,
    name,
  });
  expect(await next()).toEqual(of(GroupAdded, "SQL"));
  expect(await next()).toEqual(of(GroupProperty, "SQL 2"));
  expect(await next()).toEqual(of(GroupDeleted, "SQL 2"));
});

test("nothing is queued before the first filter", async () => {
  const { client } = startCluster();
  const notify = await client.createNotify();
  await client.createGroup({ groupName: "before" });
  const cluster = await client.openCluster();
  await client.addNotifyCluster({ notify, cluster, filter: GroupAdded, notifyKey: 1 });
  await client.createGroup({ groupName: "after" });
  expect(await drain(client, notify)).toEqual([
    { notifyKey: 1, filter: GroupAdded, name: "after" },
  ]);
});

test("every filter that matches has an indication of its own", async () => {
  const { client } = startCluster();
  const notify = await portFor(client, ResourceState, 1);
  const cluster = await client.openCluster();
  await client.addNotifyCluster({ notify, cluster, filter: ResourceState, notifyKey: 1 });
  const resource = await client.openResource({ resourceName: "Network Name" });
  await client.addNotifyResource({ notify, resource, filter: ResourceState, notifyKey: 2 });
  await client.failResource({ resource });
  const told = (await drain(client, notify)).filter(({ name }) => name === "Network Name");
  expect(told.slice(0, 3).map(({ notifyKey }) => notifyKey)).toEqual([1, 1, 2]);
});

test("a filter for an object hears of no other, and says what the sequence number of its state is", async () => {
  const { client } = startCluster();
  const notify = await client.createNotify();
  const one = await client.createGroup({ groupName: "one" });
  const two = await client.createGroup({ groupName: "two" });
  const asked = { notify, filter: GroupProperty | GroupDeleted, notifyKey: 3 };
  expect(await client.addNotifyGroup({ ...asked, group: one })).toEqual({ stateSequence: 0 });
  await client.setGroupName({ group: two, groupName: "2" });
  await client.setGroupName({ group: one, groupName: "1" });
  await client.deleteGroup({ group: two, force: 0 });
  await client.deleteGroup({ group: one, force: 0 });
  expect(await drain(client, notify)).toEqual([
    { notifyKey: 3, filter: GroupProperty, name: "1" },
    { notifyKey: 3, filter: GroupDeleted, name: "1" },
  ]);
});

test("each kind of object has filters, first ones and those of a client that comes back", async () => {
  const { client, cluster } = startCluster();
  const notify = await client.createNotify();
  const node = await client.openNode({ nodeName: "node1" });
  const group = await client.openGroup({ groupName: "Cluster Group" });
  const resource = await client.openResource({ resourceName: "Network Name" });
  const network = await client.openNetwork({ networkName: "Cluster Network 1" });
  const netInterface = await client.openNetInterface({ netInterfaceName: "node1 - Ethernet" });
  const { state } = cluster;
  const first = <T>(objects: Iterable<T>): T => [...objects][0]!;
  cluster.run((tx) => {
    tx.enter("node", first(state.nodes), {});
    tx.enter("network", first(state.networks), {});
    tx.enter("netInterface", first(state.netInterfaces), {});
  });
  const C = ClusterChange;
  const of = (filter: number): { notify: NotifyHandle; filter: number; notifyKey: number } => ({
    notify,
    filter,
    notifyKey: filter,
  });
  expect(await client.addNotifyNode({ ...of(C.NodeState), node })).toEqual({ stateSequence: 1 });
  const asked = await client.addNotifyGroup({ ...of(C.GroupState), group });
  const known = await client.addNotifyResource({ ...of(C.ResourceState), resource });
  expect(await client.addNotifyNetwork({ ...of(C.NetworkState), network })).toEqual({
    stateSequence: 1,
  });
  expect(await client.addNotifyNetInterface({ ...of(C.NetInterfaceState), netInterface })).toEqual({
    stateSequence: 1,
  });

  const again = { stateSequence: 1 };
  await client.reAddNotifyNode({ ...of(C.NodeState), node, ...again });
  await client.reAddNotifyGroup({ ...of(C.GroupState), group, ...asked });
  await client.reAddNotifyResource({ ...of(C.ResourceState), resource, ...known });
  await client.reAddNotifyNetwork({ ...of(C.NetworkState), network, ...again });
  await client.reAddNotifyNetInterface({ ...of(C.NetInterfaceState), netInterface, ...again });
  expect(await drain(client, notify)).toEqual([]);

  const other = { stateSequence: 99 };
  await client.reAddNotifyNode({ ...of(C.NodeState), node, ...other });
  await client.reAddNotifyGroup({ ...of(C.GroupState), group, ...other });
  await client.reAddNotifyResource({ ...of(C.ResourceState), resource, ...other });
  await client.reAddNotifyNetwork({ ...of(C.NetworkState), network, ...other });
  await client.reAddNotifyNetInterface({ ...of(C.NetInterfaceState), netInterface, ...other });
  expect(await drain(client, notify)).toEqual([
    { notifyKey: C.NodeState, filter: C.NodeState, name: "node1" },
    { notifyKey: C.GroupState, filter: C.GroupState, name: "Cluster Group" },
    { notifyKey: C.ResourceState, filter: C.ResourceState, name: "Network Name" },
    { notifyKey: C.NetworkState, filter: C.NetworkState, name: "Cluster Network 1" },
    { notifyKey: C.NetInterfaceState, filter: C.NetInterfaceState, name: "node1 - Ethernet" },
  ]);
});

const { RegistryName, RegistryAttributes, RegistryValue, RegistrySubtree } = ClusterChange;

async function touchKeys(client: TestClient): Promise<void> {
  const root = await keyAt(client, "Watched", key.all);
  const below = await keyAt(client, "Watched\\A\\B", key.all);
  const value = { valueName: "v", type: 4, data: new Uint8Array(4) };
  await client.setValue({ key: root, ...value });
  await client.setValue({ key: below, ...value });
  await client.deleteValue({ key: below, valueName: "v" });
  await client.deleteKey({ key: root, subKey: "A\\B" });
}

test("a filter for a key hears of its values and of keys right below it", async () => {
  const { client } = startCluster();
  const notify = await client.createNotify();
  const watched = await keyAt(client, "Watched");
  const filter = RegistryName | RegistryValue | RegistryAttributes;
  await client.addNotifyKey({ notify, key: watched, filter, notifyKey: 5, watchSubTree: 0 });
  await touchKeys(client);
  expect(await drain(client, notify)).toEqual([
    { notifyKey: 5, filter: RegistryName, name: "Watched\\A" },
    { notifyKey: 5, filter: RegistryValue, name: "Watched" },
  ]);
});

test("a filter for a key with its subtree hears of everything below, once each", async () => {
  const { client } = startCluster();
  const notify = await client.createNotify();
  const watched = await keyAt(client, "watched");
  const filter = RegistryName | RegistryValue;
  await client.addNotifyKey({ notify, key: watched, filter, notifyKey: 5, watchSubTree: 1 });
  await touchKeys(client);
  const told = await drain(client, notify);
  expect(told.map(({ filter, name }) => [filter, name])).toEqual([
    [RegistryName, "watched\\A"],
    [RegistryName, "watched\\A\\B"],
    [RegistryValue, "watched"],
    [RegistryValue, "watched\\A\\B"],
    [RegistryValue, "watched\\A\\B"],
    [RegistryName, "watched\\A\\B"],
  ]);
});

test("a filter for the cluster watches the root key, or with the subtree every key", async () => {
  const { client } = startCluster();
  const root = await portFor(client, RegistryName);
  const names = await portFor(client, RegistryName | RegistrySubtree);
  const all = await portFor(client, RegistrySubtree);
  await touchKeys(client);
  const filters = async (notify: NotifyHandle): Promise<unknown[]> =>
    (await drain(client, notify)).map(({ filter, name }) => [filter, name]);
  expect(await filters(root)).toEqual([[RegistryName, "Watched"]]);
  expect(await filters(names)).toHaveLength(4);
  expect(await filters(all)).toHaveLength(7);
});

test("a call waits until something happens, and others go on beside it", async () => {
  const { client } = startCluster();
  const notify = await portFor(client, GroupAdded);
  const waiting = [client.getNotify({ notify }), client.getNotify({ notify })];
  await client.createGroup({ groupName: "a" });
  await client.createGroup({ groupName: "b" });
  expect((await Promise.all(waiting)).map(({ name }) => name)).toEqual(["a", "b"]);
});

test("a call that is given up takes no event with it", async () => {
  const { client } = startCluster();
  const notify = await portFor(client, GroupAdded);
  const controller = new AbortController();
  const first = client.getNotify({ notify }, { signal: controller.signal });
  const second = client.getNotify({ notify });
  const ended = statusOf(first);
  controller.abort();
  expect(await ended).toMatchObject({ name: "AbortError" });
  await client.createGroup({ groupName: "a" });
  expect(await second).toMatchObject({ name: "a" });
});

test("unblocking ends the calls that wait, and later ones wait again", async () => {
  const { client } = startCluster();
  const notify = await portFor(client, GroupAdded);
  const waiting = [
    statusOf(client.getNotify({ notify })),
    statusOf(client.getNotifyAsync({ notify })),
  ];
  await client.unblockGetNotifyCall({ notify });
  expect(await Promise.all(waiting)).toEqual(["ERROR_INVALID_FUNCTION", "ERROR_INVALID_FUNCTION"]);
  const later = client.getNotify({ notify });
  await client.createGroup({ groupName: "a" });
  expect(await later).toMatchObject({ name: "a" });
});

test("closing a port ends the calls that wait", async () => {
  const { client } = startCluster();
  const notify = await portFor(client, GroupAdded);
  const waiting = statusOf(client.getNotify({ notify }));
  await client.closeNotify({ notify });
  expect(await waiting).toBe("ERROR_NO_MORE_ITEMS");
});

test("a port that is full tells of what was lost, and goes on when there is room", async () => {
  const { client } = startCluster({}, { notifications: { maxQueued: 2 } });
  const notify = await portFor(client, GroupAdded);
  for (const groupName of ["a", "b", "c", "d"]) await client.createGroup({ groupName });
  await client.getNotify({ notify });
  await client.getNotify({ notify });
  await client.createGroup({ groupName: "e" });
  expect(await drain(client, notify)).toEqual([
    { notifyKey: 7, filter: ClusterChange.ClusterReconnect, name: "" },
    { notifyKey: 7, filter: GroupAdded, name: "e" },
  ]);
});

test("ports share what they may keep, and give it back when they are read or closed", async () => {
  const { client } = startCluster({}, { notifications: { maxQueuedOfAll: 3 } });
  const one = await portFor(client, GroupAdded);
  const two = await portFor(client, GroupAdded);
  for (const groupName of ["a", "b", "c"]) await client.createGroup({ groupName });
  const names = async (notify: NotifyHandle): Promise<(string | null)[]> =>
    (await drain(client, notify)).map(({ name }) => name);
  expect(await names(one)).toEqual(["a", "b", ""]);
  await client.closeNotify({ notify: two });
  for (const groupName of ["d", "e", "f"]) await client.createGroup({ groupName });
  expect(await names(one)).toEqual(["d", "e", "f"]);
});

test("filters ask for what there is, of the kind that they are for", async () => {
  const { client } = startCluster();
  const notify = await client.createNotify();
  const cluster = await client.openCluster();
  const node = await client.openNode({ nodeName: "node1" });
  const watched = await keyAt(client, "Watched");
  const status = (filter: number): Promise<unknown> =>
    statusOf(client.addNotifyCluster({ notify, cluster, filter, notifyKey: 1 }));
  for (const filter of [0, ClusterChange.ClusterState, ClusterChange.ClusterReconnect]) {
    expect(await status(filter)).toBe("ERROR_INVALID_PARAMETER");
  }
  expect(await status(ClusterChange.HandleClose)).toBe("ERROR_INVALID_PARAMETER");
  const asked = { notify, notifyKey: 1 };
  expect(await statusOf(client.addNotifyNode({ ...asked, node, filter: GroupState }))).toBe(
    "ERROR_INVALID_PARAMETER",
  );
  expect(
    await statusOf(
      client.addNotifyKey({ ...asked, key: watched, filter: RegistrySubtree, watchSubTree: 1 }),
    ),
  ).toBe("ERROR_INVALID_PARAMETER");
});

test("a port has room for so many filters", async () => {
  const { client } = startCluster({}, { notifications: { maxFilters: 2 } });
  const notify = await portFor(client, GroupAdded);
  const cluster = await client.openCluster();
  const add = (): Promise<unknown> =>
    statusOf(client.addNotifyCluster({ notify, cluster, filter: GroupAdded, notifyKey: 1 }));
  expect(await add()).toBe("ERROR_SUCCESS");
  expect(await add()).toBe("ERROR_NOT_ENOUGH_QUOTA");
  await client.createGroup({ groupName: "a" });
  expect(await drain(client, notify)).toHaveLength(2);
});

test("handles of ports that are closed, of another client or of another kind are none", async () => {
  const { client, connect } = startCluster();
  const closed = await portFor(client, GroupAdded);
  await client.closeNotify({ notify: closed });
  const group = await client.openGroup({ groupName: "Cluster Group" });
  const foreign = await portFor(connect(), GroupAdded);
  const handles: readonly ContextHandle[] = [closed, foreign, group];
  for (const handle of handles) {
    const notify = handle as NotifyHandle;
    const calls = [
      client.getNotify({ notify }),
      client.getNotifyAsync({ notify }),
      client.getNotifyV2({ notify }),
      client.unblockGetNotifyCall({ notify }),
      client.closeNotify({ notify }),
      client.addNotifyGroup({ notify, group, filter: GroupState, notifyKey: 1 }),
    ];
    for (const call of calls) expect(await statusOf(call)).toBe("nca_s_fault_context_mismatch");
  }
});

test("objects that were deleted since can't be watched any more", async () => {
  const { client } = startCluster();
  const notify = await client.createNotify();
  const group = await client.createGroup({ groupName: "SQL" });
  await client.deleteGroup({ group, force: 0 });
  const asked = { notify, filter: GroupState, notifyKey: 1 };
  expect(await statusOf(client.addNotifyGroup({ ...asked, group }))).toBe("ERROR_INVALID_HANDLE");
  const watched = await keyAt(client, "Watched", key.all);
  await client.deleteKey({ key: await keyAt(client, ""), subKey: "Watched" });
  expect(
    await statusOf(
      client.addNotifyKey({ ...asked, key: watched, filter: RegistryName, watchSubTree: 0 }),
    ),
  ).toBe("ERROR_INVALID_HANDLE");
});

test("who may not read has no ports", async () => {
  const { client, allow }: Started = startCluster();
  const notify = await portFor(client, GroupAdded);
  const watched = await keyAt(client, "Watched");
  allow(null);
  const denied = [
    client.createNotify(),
    client.getNotify({ notify }),
    client.getNotifyAsync({ notify }),
    client.unblockGetNotifyCall({ notify }),
    client.addNotifyKey({
      notify,
      key: watched,
      filter: RegistryName,
      notifyKey: 1,
      watchSubTree: 0,
    }),
  ];
  for (const call of denied) expect(await statusOf(call)).toBe("ERROR_ACCESS_DENIED");
  allow("read");
  expect(await statusOf(client.createNotify())).toBe("ERROR_SUCCESS");
});
