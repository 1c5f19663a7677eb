/** Operations that go on after the cluster's answer, against servers that take their time: made up ones and the real one. */
import {
  Cluster,
  type Group,
  type GroupStatus,
  type Resource,
  type ResourceStatus,
} from "@msrpc/clusapi";
import { resourceHost } from "@msrpc/cluster";
import { GroupState, ResourceState } from "@msrpc/ms-cmrp";
import type { GroupHandle, NodeHandle, ResourceHandle } from "@msrpc/ms-cmrp/clusapi3";
import { handleKind, inMemoryTransport } from "@msrpc/rpc";
import { expect, test } from "vitest";
import { connectInMemory, fakeRouter, newCluster, twoWays } from "./support.ts";

const groups = handleKind<GroupHandle, string>("group");
const resources = handleKind<ResourceHandle, string>("resource");
const nodes = handleKind<NodeHandle, string>("node");

/** A group that answers 997, and then has one state after the other; the last stays. */
async function connect(
  states: readonly (readonly [state: number, owner: string])[],
  other: Parameters<typeof fakeRouter>[0] = {},
): Promise<Cluster> {
  let looks = 0;
  const router = fakeRouter({
    openGroupEx: ({ groupName }, { handles }) => ({
      grantedAccess: 0,
      returnValue: handles.open(groups, groupName),
    }),
    openNodeEx: ({ nodeName }, { handles }) => ({
      grantedAccess: 0,
      returnValue: handles.open(nodes, nodeName),
    }),
    closeGroup({ group }, { handles }) {
      handles.close(groups, group);
    },
    closeNode({ node }, { handles }) {
      handles.close(nodes, node);
    },
    getGroupState() {
      const [state = 0, nodeName = ""] = states[Math.min(looks++, states.length - 1)] ?? [];
      return { state, nodeName };
    },
    onlineGroup: () => ({ returnValue: 997 }),
    moveGroupToNode: () => ({ returnValue: 997 }),
    ...other,
  });
  return await Cluster.over(inMemoryTransport(router));
}

test("an operation that is pending is waited for, and tells how it goes", async () => {
  await using cluster = await connect([
    [GroupState.Pending, "node1"],
    [GroupState.Pending, "node1"],
    [GroupState.Online, "node1"],
  ]);
  const seen: GroupStatus[] = [];
  const onProgress = (status: GroupStatus): void => void seen.push(status);
  expect(await cluster.group("SQL").online({ onProgress })).toEqual({
    state: "Online",
    owner: "node1",
  });
  expect(seen.map(({ state }) => state)).toEqual(["Pending", "Online"]);
});

test("an operation that ends in another state is an error that says which", async () => {
  await using cluster = await connect([
    [GroupState.Pending, "node1"],
    [GroupState.Failed, "node1"],
  ]);
  await expect(cluster.group("SQL").online()).rejects.toMatchObject({
    name: "ClusterStateError",
    object: 'group "SQL"',
    wanted: "Online",
    state: "Failed",
    message: 'group "SQL" is Failed, and not Online as asked for',
  });
});

test("a group has moved when it is on the other node and no longer pending", async () => {
  await using cluster = await connect([
    [GroupState.Online, "node1"],
    [GroupState.Pending, "node1"],
    [GroupState.Pending, "node2"],
    [GroupState.Online, "node2"],
  ]);
  expect(await cluster.group("SQL").moveTo("NODE2")).toEqual({ state: "Online", owner: "node2" });
});

test.each<[string, (group: Group) => Promise<GroupStatus>]>([
  ["onlineGroupEx", (group) => group.online({ flags: ["Synchronous"] })],
  ["moveGroupEx", (group) => group.moveTo(null, { flags: ["QueueEnabled"] })],
  ["moveGroupToNodeEx", (group) => group.moveTo("node2", { flags: ["QueueEnabled"] })],
  ["moveGroup", (group) => group.moveTo(null)],
  ["cancelClusterGroupOperation", (group) => group.cancelMove()],
])("what %s began is waited for", async (operation, call) => {
  const pending = (): { returnValue: number } => ({ returnValue: 997 });
  await using cluster = await connect(
    [
      // What a move asks before it begins, and no others do.
      ...(operation.startsWith("move") ? [[GroupState.Online, "node1"] as const] : []),
      [GroupState.Pending, "node1"],
      [GroupState.Pending, "node2"],
      [GroupState.Online, "node2"],
    ],
    { [operation]: pending },
  );
  expect(await call(cluster.group("SQL"))).toEqual({ state: "Online", owner: "node2" });
});

test.each<[string, (resource: Resource) => Promise<ResourceStatus>]>([
  ["restartResource", (resource) => resource.restart()],
  ["onlineResource", (resource) => resource.online()],
  ["onlineResourceEx", (resource) => resource.online({ flags: ["NecessaryForQuorum"] })],
  ["changeCsvState", (resource) => resource.setShared(true)],
  ["changeCsvStateEx", (resource) => resource.setShared(true, { volume: "V" })],
])("what %s began on a resource is waited for", async (operation, call) => {
  const { Online, OfflinePending, OnlinePending } = ResourceState;
  const states = [OfflinePending, OnlinePending, Online];
  if (operation === "restartResource") states.unshift(Online);
  let looks = 0;
  const router = fakeRouter({
    openResourceEx: ({ resourceName }, { handles }) => ({
      grantedAccess: 0,
      returnValue: handles.open(resources, resourceName),
    }),
    closeResource({ resource }, { handles }) {
      handles.close(resources, resource);
    },
    getResourceState() {
      const state = states[Math.min(looks++, states.length - 1)] ?? 0;
      return { state, nodeName: "node1", groupName: "SQL" };
    },
    [operation]: () => ({ returnValue: 997 }),
  });
  await using cluster = await Cluster.over(inMemoryTransport(router));
  expect(await call(cluster.resource("Disk"))).toMatchObject({ state: "Online" });
});

test("a group is waited for until it is at rest, whoever began what it does", async () => {
  await using cluster = await connect([
    [GroupState.Pending, "node1"],
    [GroupState.Pending, "node1"],
    [GroupState.PartialOnline, "node1"],
  ]);
  const seen: string[] = [];
  const onProgress = ({ state }: GroupStatus): void => void seen.push(state);
  expect(await cluster.group("SQL").settled({ onProgress })).toMatchObject({
    state: "PartialOnline",
  });
  expect(seen).toEqual(["Pending", "PartialOnline"]);
});

test("a wait goes on over another node", async () => {
  const host = slowHost();
  await using ways = await twoWays(newCluster({}, host.host));
  const { cluster } = ways;
  const group = await cluster.createGroup("SQL");
  const resource = await group.createResource("SQL Server", "Generic Service");
  const seen: string[] = [];
  const onProgress = ({ state }: ResourceStatus): void => {
    seen.push(state);
    if (seen.length > 1) return;
    void ways.closeFirst().then(host.finish);
  };
  expect(await resource.online({ onProgress })).toMatchObject({ state: "Online" });
  expect(seen).toEqual(["OnlinePending", "Online"]);
  await host.host.close();
});

interface SlowHost {
  readonly host: ReturnType<typeof resourceHost>;
  finish(): void;
  fail(error: Error): void;
}

/** What hosts resources that come online, or fail to, when they are told to. */
function slowHost(): SlowHost {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const host = resourceHost({
    types: [
      {
        type: "Generic Service",
        async online() {
          await promise;
          return { offline() {}, terminate() {} };
        },
      },
    ],
    onError: () => {},
  });
  return { host, finish: resolve, fail: reject };
}

test("a wait that is given up ends with the signal's reason", async () => {
  await using cluster = await connect([[GroupState.Pending, "node1"]]);
  const controller = new AbortController();
  const onProgress = (): void => controller.abort(new Error("enough"));
  const { signal } = controller;
  await expect(cluster.group("SQL").online({ signal, onProgress })).rejects.toThrow("enough");
});

test("a wait has a limit where one is given", async () => {
  await using cluster = await connect([[GroupState.Pending, "node1"]]);
  await expect(cluster.group("SQL").online({ timeout: 50 })).rejects.toMatchObject({
    name: "TimeoutError",
  });
});

test.each([
  ["comes online", false, "Online"],
  ["fails", true, "Failed"],
])(
  "a resource of the real server that takes its time and %s is waited for",
  async (_, fails, end) => {
    const { host, finish, fail } = slowHost();
    await using cluster = await connectInMemory({}, host);
    const group = await cluster.createGroup("SQL");
    const resource = await group.createResource("SQL Server", "Generic Service");
    await resource.common.set({ RestartAction: 0 });
    const seen: string[] = [];
    const onProgress = ({ state }: ResourceStatus): void => {
      seen.push(state);
      if (state !== "OnlinePending") return;
      if (fails) fail(new Error("no such service"));
      else finish();
    };
    const outcome = await resource.online({ onProgress }).then(
      ({ state }) => state,
      (error: { state: string }) => error.state,
    );
    expect(outcome).toBe(end);
    expect(seen).toEqual(["OnlinePending", end]);
    await host.close();
  },
);
