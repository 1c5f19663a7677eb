/** Watchers over TCP, logged on and sealed: states as they change, many waiting calls at once, and what is left of them. */
import { ntlmClient, ntlmServer, spnegoClient } from "@msrpc/auth";
import { Cluster, defaultDefinition, defineCluster } from "@msrpc/cluster";
import { clusapi3, ClusterChange, type NotifyHandle, ResourceState } from "@msrpc/ms-cmrp";
import { type ObjectHandle, ObjectType, ResourceChangeV2 } from "@msrpc/ms-cmrp/clusapi3";
import type { ContextHandle, TransferSyntax } from "@msrpc/ndr";
import { createClient, createRouter } from "@msrpc/rpc";
import { tcpServer, type TcpServer, tcpTransport } from "@msrpc/rpc/tcp";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { alice, storeOf, withSpnego } from "../../../test/support/accounts.ts";
import { Notifications } from "../src/notify/notifications.ts";
import { clusterMethods } from "../src/service/cluster-methods.ts";
import { groupMethods } from "../src/service/group-methods.ts";
import { notifyMethods } from "../src/service/notify-methods.ts";
import { notifyV2Methods } from "../src/service/notify-v2-methods.ts";
import { portHandles } from "../src/service/opened-port.ts";
import { resourceMethods } from "../src/service/resource-methods.ts";
import type { Served } from "../src/service/served.ts";
import type { TestClient } from "./registry-support.ts";

const surroundings = { now: () => 1000, newId: () => crypto.randomUUID() };
let server: TcpServer;
let binding = "";
let cluster: Cluster;
let notifications: Notifications;

beforeAll(async () => {
  const router = createRouter({
    onError: (error) => {
      throw error;
    },
  });
  cluster = new Cluster(defineCluster(defaultDefinition, surroundings), { surroundings });
  const served: Served = { cluster, policy: () => "all" };
  notifications = new Notifications(cluster);
  const ports = portHandles(notifications);
  const handlers = {
    ...clusterMethods(served),
    ...groupMethods(served),
    ...resourceMethods(served),
    ...notifyMethods(served, notifications, ports),
    ...notifyV2Methods(served, notifications, ports),
  };
  router.serve(clusapi3, handlers, { minimumLevel: "privacy" });
  const ntlm = ntlmServer({ accounts: storeOf([alice]) });
  server = tcpServer(router, { security: withSpnego(ntlm) });
  binding = await server.listen("ncacn_ip_tcp:127.0.0.130[0]");
});

afterAll(async () => {
  await server.close();
});

beforeEach(async () => {
  await vi.waitFor(() => expect(notifications.size).toBe(0));
});

function connect(syntaxes: readonly TransferSyntax[] = ["ndr"]): TestClient {
  const security = spnegoClient([ntlmClient(alice)]);
  return createClient(clusapi3, tcpTransport(binding, { security, syntaxes }));
}

async function portFor(client: TestClient, filter: number, notifyKey = 1): Promise<NotifyHandle> {
  const notify = await client.createNotify();
  const handle = await client.openCluster();
  await client.addNotifyCluster({ notify, cluster: handle, filter, notifyKey });
  return notify;
}

test("a watcher sees a resource fail and come back, while another client has it do so", async () => {
  await using watcher = connect();
  await using manager = connect();
  const notify = await watcher.createNotify();
  const watched = await watcher.openResource({ resourceName: "Network Name" });
  const filter = ClusterChange.ResourceState;
  const { stateSequence } = await watcher.addNotifyResource({
    notify,
    resource: watched,
    filter,
    notifyKey: 42,
  });
  const next = watcher.getNotify({ notify });
  const resource = await manager.openResource({ resourceName: "Network Name" });
  await manager.failResource({ resource });
  const event = { notifyKey: 42, filter, name: "Network Name" };
  expect(await next).toEqual({ ...event, stateSequence: stateSequence + 1 });
  await manager.onlineResource({ resource });
  await manager.offlineResource({ resource });
  for (let last = 0; last !== ResourceState.Offline;) {
    expect(await watcher.getNotify({ notify })).toMatchObject(event);
    last = (await watcher.getResourceState({ resource: watched })).state;
  }
  await manager.onlineResource({ resource });
});

test.each(["ndr", "ndr64"] as const)("events of version 2 come in %s", async (syntax) => {
  await using watcher = connect([syntax]);
  await using manager = connect();
  const notify = await watcher.createNotifyV2();
  const object = (await watcher.openCluster()) as ContextHandle as ObjectHandle;
  await watcher.addNotifyV2({
    notify,
    object,
    filter: {
      objectType: ObjectType.Resource,
      filterFlags: BigInt(ResourceChangeV2.State),
    },
    notifyKey: 0xdead_beef,
    version: 2,
    isTargetedAtObject: 0,
  });
  const next = watcher.getNotifyV2({ notify });
  const resource = await manager.openResource({ resourceName: "Network Name" });
  await manager.offlineResource({ resource });
  const { notifications: told } = await next;
  const { id, group } = cluster.state.resources.find("Network Name")!;
  expect(told?.[0]).toMatchObject({
    notifyKey: 0xdead_beefn,
    notificationData: {
      objectId: id,
      parentId: group,
      name: "Network Name",
      type: "Network Name",
    },
  });
  await manager.onlineResource({ resource });
});

test("a thousand calls wait on one connection beside others, and all hear of an event", async () => {
  await using watcher = connect();
  const ports: NotifyHandle[] = [];
  for (let at = 0; at < 1000; at++) {
    ports.push(await portFor(watcher, ClusterChange.GroupAdded, at));
  }
  const waiting = ports.map(async (notify) => watcher.getNotify({ notify }));
  expect(await watcher.getClusterName()).toMatchObject({ clusterName: "cluster1" });
  expect(server.connections).toBe(1);
  const group = await watcher.createGroup({ groupName: "SQL" });
  const told = await Promise.all(waiting);
  expect(told.map(({ notifyKey }) => notifyKey)).toEqual(ports.map((_, at) => at));
  expect(new Set(told.map(({ name }) => name))).toEqual(new Set(["SQL"]));
  await watcher.deleteGroup({ group, force: 0 });
});

test("a cancelled call leaves the event to the next one", async () => {
  await using watcher = connect();
  const notify = await portFor(watcher, ClusterChange.GroupAdded);
  const controller = new AbortController();
  const given = watcher.getNotify({ notify }, { signal: controller.signal });
  await watcher.getClusterName();
  controller.abort();
  await expect(given).rejects.toMatchObject({ name: "AbortError" });
  const group = await watcher.createGroup({ groupName: "SQL" });
  expect(await watcher.getNotify({ notify })).toMatchObject({ name: "SQL" });
  await watcher.deleteGroup({ group, force: 0 });
});

test("the end of a connection frees its ports, with calls that wait and without", async () => {
  const watcher = connect();
  const waited = await portFor(watcher, ClusterChange.GroupAdded);
  await portFor(watcher, ClusterChange.GroupAdded);
  const waiting = watcher.getNotify({ notify: waited }).catch((error: unknown) => error);
  await watcher.getClusterName();
  expect(notifications.size).toBe(2);
  await watcher[Symbol.asyncDispose]();
  expect(await waiting).toBeInstanceOf(Error);
  await vi.waitFor(() => expect(notifications.size).toBe(0));
});
