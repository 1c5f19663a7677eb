/** Notification ports of both versions, as the reader of a stream sees them. */
import { Cluster, type ClusterEvent, type EventStream } from "@msrpc/clusapi";
import { type clusapi3, type NotifyHandle } from "@msrpc/ms-cmrp/clusapi3";
import { handleKind, inMemoryTransport, type Handlers, RpcError, RpcFault } from "@msrpc/rpc";
import { expect, test } from "vitest";
import { connectInMemory, fakeRouter, twoWays } from "./support.ts";

async function read(events: EventStream, count: number): Promise<ClusterEvent[]> {
  const heard: ClusterEvent[] = [];
  for await (const event of events) {
    heard.push(event);
    if (heard.length === count) break;
  }
  return heard;
}

const said = ({ kind, what, name }: ClusterEvent): string => `${kind} ${what} ${name}`;

test.each([1, 2] as const)(
  "an object can be watched alone, by a port of version %i",
  async (port) => {
    await using cluster = await connectInMemory();
    const other = await cluster.createGroup("Other");
    const group = await cluster.createGroup("SQL");
    await using events = await cluster.events({ of: [group], port }).open();
    await other.common.set({ Description: "x" });
    await group.common.set({ Description: "x" });
    await cluster.group(await group.id()).delete();
    expect((await read(events, 2)).map(said)).toEqual([
      "Group CommonProperty SQL",
      "Group Deleted SQL",
    ]);
  },
);

test.each([1, 2] as const)(
  "a key can be watched with all below it, by a port of version %i",
  async (port) => {
    await using cluster = await connectInMemory();
    const key = await cluster.registry.create("Example");
    await key.create("A");
    await using events = await cluster.events({ of: [key], port }).open();
    await cluster.registry.set("x", { type: "Dword", value: 1 });
    await key.key("A").set("x", { type: "Dword", value: 1 });
    const [event] = await read(events, 1);
    expect(event).toMatchObject({ kind: "Registry", what: "Value", name: "Example\\A" });
  },
);

test("a change of state says which state it is, where the port tells", async () => {
  await using cluster = await connectInMemory();
  const resource = cluster.resource("Network Name");
  await using new2 = await cluster.events({ of: [resource], port: 2 }).open();
  await using old = await cluster.events({ of: [resource], port: 1 }).open();
  await resource.offline();
  const states = (await read(new2, 2)).map(({ what, state }) => `${what} ${state}`);
  expect(states).toContain("State Offline");
  expect(await read(old, 1)).toMatchObject([{ what: "State", state: null, name: "Network Name" }]);
});

test("every kind of object can be watched", async () => {
  await using cluster = await connectInMemory();
  const all = [
    cluster.node("node1"),
    cluster.group("Cluster Group"),
    cluster.resource("Cluster Name"),
    cluster.network("Cluster Network 1"),
    cluster.netInterface("node1 - Ethernet"),
  ];
  for (const port of [1, 2] as const) {
    for (const one of all) {
      await using events = await cluster.events({ of: [one], port }).open();
      await one.common.set({ Description: `port ${port}` });
      expect(await read(events, 1)).toMatchObject([{ what: "CommonProperty", name: one.name }]);
    }
  }
});

test("a type of resources can be watched, by a port of version 2", async () => {
  await using cluster = await connectInMemory();
  const type = cluster.resourceType("Generic Service");
  await using events = await cluster.events({ of: [type] }).open();
  await cluster.resourceType("Physical Disk").common.set({ Description: "x" });
  await type.common.set({ Description: "x" });
  expect((await read(events, 1)).map(said)).toEqual([
    "ResourceType CommonProperty Generic Service",
  ]);
  await expect(cluster.events({ of: [type], port: 1 }).open()).rejects.toThrow(
    "the server has no events about ResourceType",
  );
});

test("where a watched handle is closed, the reader is told", async () => {
  await using cluster = await connectInMemory();
  const group = cluster.group("Cluster Group");
  await using events = await cluster.events({ of: [group, cluster.registry] }).open();
  await group[Symbol.asyncDispose]();
  await cluster.registry[Symbol.asyncDispose]();
  expect((await read(events, 2)).map(said)).toEqual([
    "Group HandleClose Cluster Group",
    "Registry HandleClose ",
  ]);
});

test("an object that isn't there can't be watched", async () => {
  await using cluster = await connectInMemory();
  await expect(cluster.events({ of: [cluster.group("x")] }).open()).rejects.toMatchObject({
    codeName: "ERROR_GROUP_NOT_FOUND",
  });
});

test("a port of version 1 doesn't pretend to tell of what it can't", async () => {
  await using cluster = await connectInMemory();
  await expect(cluster.events({ about: ["GroupSet"], port: 1 }).open()).rejects.toThrow(
    "the server has no events about GroupSet",
  );
  await using all = await cluster.events({ port: 1 }).open();
  await cluster.createGroup("SQL");
  expect((await read(all, 1)).map(({ kind }) => kind)).toEqual(["Registry"]);
});

test("a stream that is open goes on where the last iteration stopped", async () => {
  await using cluster = await connectInMemory();
  await using events = await cluster.events({ about: ["Cluster"] }).open();
  for (const name of ["a", "b", "c"]) await cluster.createGroup(name);
  expect((await read(events, 1)).map(said)).toEqual(["Cluster GroupAdded a"]);
  expect((await read(events, 1)).map(said)).toEqual(["Cluster GroupAdded b"]);
  await cluster.createGroup("d");
  expect((await read(events, 2)).map(said)).toEqual([
    "Cluster GroupAdded c",
    "Cluster GroupAdded d",
  ]);
});

const ports = handleKind<NotifyHandle, string>("port");

/** A server whose port has so many events, one at a time, and counts how often it is asked. */
function counted(asked: { count: number }): Handlers<(typeof clusapi3)["operations"]> {
  return {
    createNotify: (_request, { handles }) => handles.open(ports, "port"),
    closeNotify({ notify }, { handles }) {
      handles.close(ports, notify);
    },
    unblockGetNotifyCall() {},
    addNotifyCluster() {},
    getNotify: () => ({
      notifyKey: 0,
      filter: 0x4000,
      stateSequence: 0,
      name: `group ${++asked.count}`,
    }),
  };
}

test("the server is asked for more only when all that it told has been read", async () => {
  const asked = { count: 0 };
  await using cluster = await Cluster.over(inMemoryTransport(fakeRouter(counted(asked))));
  const events = cluster.events({ about: ["Cluster"], port: 1 });
  const counts: number[] = [];
  for await (const { name } of events) {
    const { promise, resolve } = Promise.withResolvers<void>();
    setImmediate(resolve);
    await promise;
    expect(name).toBe(`group ${asked.count}`);
    counts.push(asked.count);
    if (counts.length === 3) break;
  }
  expect(counts).toEqual([1, 2, 3]);
});

test("where the server has no ports of version 2, those of version 1 are used", async () => {
  const asked = { count: 0 };
  await using cluster = await Cluster.over(inMemoryTransport(fakeRouter(counted(asked))));
  expect((await read(cluster.events({ about: ["Cluster"] }), 1)).map(said)).toEqual([
    "Cluster GroupAdded group 1",
  ]);
  await expect(read(cluster.events({ about: ["Cluster"], port: 2 }), 1)).rejects.toMatchObject({
    codeName: "RPC_S_PROCNUM_OUT_OF_RANGE",
    operation: "ApiCreateNotifyV2",
  });
});

test("events that an older server doesn't know are left out, and no others", async () => {
  const asked: string[] = [];
  const router = fakeRouter({
    createNotifyV2: (_request, { handles }) => handles.open(ports, "port"),
    closeNotify({ notify }, { handles }) {
      handles.close(ports, notify);
    },
    unblockGetNotifyCall() {},
    addNotifyV2({ filter: { objectType, filterFlags } }) {
      // It knows seven kinds, and events up to 0x200.
      if (objectType > 7 || filterFlags > 0x3ffn) throw new RpcError(87);
      asked.push(`${objectType} ${filterFlags.toString(16)}`);
    },
  });
  await using cluster = await Cluster.over(inMemoryTransport(router));
  await using _all = await cluster.events().open();
  const ofCluster = ["1 4", "1 10", "1 20", "1 40", "1 80", "1 100", "1 200"];
  expect(asked).toEqual([...ofCluster, "2 1ff", "3 1ff", "4 3f", "5 f", "6 f", "7 7f"]);
  await using _some = await cluster.events({ about: ["Cluster"] }).open();
  expect(asked.slice(13)).toEqual(ofCluster);
  await expect(cluster.events({ about: ["GroupSet"] }).open()).rejects.toMatchObject({
    codeName: "ERROR_INVALID_PARAMETER",
    operation: "ApiAddNotifyV2",
  });
});

test("any other error of a port is no reason to use an older one", async () => {
  const router = fakeRouter({
    ...counted({ count: 0 }),
    createNotifyV2() {
      throw new RpcFault(5);
    },
  });
  await using cluster = await Cluster.over(inMemoryTransport(router));
  await expect(cluster.events().open()).rejects.toMatchObject({
    statusName: "ERROR_ACCESS_DENIED",
  });
});

test.each([1, 2] as const)(
  "a port of version %i goes on over another node, with all that it was asked for",
  async (port) => {
    await using ways = await twoWays();
    const { cluster, other } = ways;
    const [gone, group] = [await other.createGroup("Gone"), await other.createGroup("SQL")];
    const watched = [cluster.group("Gone"), cluster.group("SQL")];
    const options = { about: ["Cluster"], of: watched, port } as const;
    await using events = await cluster.events(options).open();
    await ways.closeFirst();
    await gone.delete();
    const heard: string[] = [];
    for await (const event of events) {
      if (event.what === "State" && port === 1) continue;
      heard.push(said(event));
      if (event.what === "Deleted") {
        await group.common.set({ Description: "x" });
        await other.createGroup("New");
      }
      if (event.what === "GroupAdded") break;
    }
    expect(heard).toEqual([
      "Cluster Reconnect cluster1",
      "Group Deleted Gone",
      "Group CommonProperty SQL",
      "Cluster GroupAdded New",
    ]);
  },
);

test("a port of version 1 hears of a state that changed while it was away", async () => {
  await using ways = await twoWays();
  const { cluster, other } = ways;
  const resource = cluster.resource("Network Name");
  await using events = await cluster.events({ of: [resource], port: 1 }).open();
  await ways.closeFirst();
  await other.resource("Network Name").offline();
  expect((await read(events, 2)).map(said)).toEqual([
    "Cluster Reconnect cluster1",
    "Resource State Network Name",
  ]);
});
