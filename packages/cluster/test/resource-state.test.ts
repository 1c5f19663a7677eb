/** How resources come online, go offline, fail and start again ([MS-CMRP] 3.1.4.2.17 to 3.1.4.2.19, 3.1.4.2.134, 3.1.4.2.135, 3.1.4.2.142). */
import { NodeState, ResourceState } from "@msrpc/ms-cmrp";
import { ResourceOfflineFlags, ResourceOnlineFlags } from "@msrpc/ms-cmrp/clusapi3";
import { expect, test } from "vitest";
import { hostFailed, wentOffline, wentOnline } from "../src/core/outcome.ts";
import { scene, type Scene } from "./model-support.ts";
import { answerOf, serve } from "./served-scene.ts";

const { Online, OnlinePending, Offline, OfflinePending, Failed, Initializing } = ResourceState;
const chain = { G: { disk: [], name: ["disk"], app: ["name"] } };

function states(on: Scene, ...names: string[]): number[] {
  return names.map((name) => on.resource(name).state);
}

/** All of the chain is online. */
async function running(): Promise<{ on: Scene; served: ReturnType<typeof serve> }> {
  const on = scene(chain);
  const served = serve(on);
  await served.client.onlineResource({ resource: await served.resource("app") });
  on.settle();
  return { on, served };
}

test("a resource comes online after what it needs, and is pending until its host says so", async () => {
  const on = scene(chain);
  const { client, resource } = serve(on);
  const call = client.onlineResource({ resource: await resource("app") });
  expect(await answerOf(call)).toBe("ERROR_IO_PENDING");
  expect(states(on, "disk", "name", "app")).toEqual([OnlinePending, OnlinePending, OnlinePending]);
  expect(on.asked.map((one) => one.resource)).toEqual([on.resource("disk").id]);
  on.answer();
  expect(states(on, "disk", "name", "app")).toEqual([Online, OnlinePending, OnlinePending]);
  on.settle();
  expect(states(on, "disk", "name", "app")).toEqual([Online, Online, Online]);
  expect(on.resource("disk").persistentState).toBe(1);
});

test("a resource that is nothing but a state is online when the call is answered", async () => {
  const on = scene(chain, "software");
  const { client, resource } = serve(on);
  const call = client.onlineResource({ resource: await resource("app") });
  expect(await answerOf(call)).toBe("ERROR_SUCCESS");
  expect(states(on, "disk", "name", "app")).toEqual([Online, Online, Online]);
});

test("a resource that is online already stays so; one that is pending is refused", async () => {
  const { on, served } = await running();
  const app = await served.resource("app");
  const { sequence } = on.resource("app");
  expect(await answerOf(served.client.onlineResource({ resource: app }))).toBe("ERROR_SUCCESS");
  expect(on.resource("app").sequence).toBe(sequence);
  await served.client.offlineResource({ resource: app });
  expect(await answerOf(served.client.onlineResource({ resource: app }))).toBe(
    "ERROR_INVALID_STATE",
  );
  expect(await answerOf(served.client.offlineResource({ resource: app }))).toBe(
    "ERROR_INVALID_STATE",
  );
});

test("one that is being initialized comes online, and can't go offline", async () => {
  const on = scene(chain);
  const { client, resource } = serve(on);
  on.cluster.run((tx) => tx.enter("resource", on.resource("disk"), { state: Initializing }));
  const disk = await resource("disk");
  expect(await answerOf(client.offlineResource({ resource: disk }))).toBe("ERROR_INVALID_STATE");
  expect(await answerOf(client.onlineResource({ resource: disk }))).toBe("ERROR_IO_PENDING");
});

test("a resource goes offline after what needs it, which is to stay offline too", async () => {
  const { on, served } = await running();
  const call = served.client.offlineResource({ resource: await served.resource("disk") });
  expect(await answerOf(call)).toBe("ERROR_IO_PENDING");
  expect(states(on, "disk", "name", "app")).toEqual([
    OfflinePending,
    OfflinePending,
    OfflinePending,
  ]);
  expect(on.asked.map((one) => one.resource)).toEqual([on.resource("app").id]);
  on.settle();
  expect(states(on, "disk", "name", "app")).toEqual([Offline, Offline, Offline]);
  expect(on.resource("app").persistentState).toBe(0);
});

test("a resource that failed is only no longer wanted", async () => {
  const { on, served } = await running();
  on.cluster.run((tx) => tx.update("resource", on.resource("app"), { restartAction: 0 }));
  const app = await served.resource("app");
  await served.client.failResource({ resource: app });
  expect(await answerOf(served.client.offlineResource({ resource: app }))).toBe(
    "ERROR_RESOURCE_FAILED",
  );
  expect(on.resource("app")).toMatchObject({ state: Failed, persistentState: 0 });
});

test("nothing comes online on a paused node, and what is online stays", async () => {
  const { on, served } = await running();
  await served.client.pauseNode({ node: await served.node("n1") });
  expect(on.node("n1").state).toBe(NodeState.Paused);
  expect(states(on, "app")).toEqual([Online]);
  const app = await served.resource("app");
  await served.client.offlineResource({ resource: app });
  on.settle();
  expect(await answerOf(served.client.onlineResource({ resource: app }))).toBe(
    "ERROR_SHARING_PAUSED",
  );
});

test("a resource whose provider fails to start waits for it, and the caller hears of it", async () => {
  const on = scene({ G: { disk: [], app: ["disk"] } }, "software");
  const { client, resource } = serve(on);
  on.cluster.run((tx) => tx.update("resource", on.resource("disk"), { possibleOwners: [] }));
  const call = client.onlineResource({ resource: await resource("app") });
  expect(await answerOf(call)).toBe("ERROR_CLUSTER_RESOURCE_PROVIDER_FAILED");
  expect(on.resource("app").state).toBe(Offline);
});

test("locked resources are left as they are, and so is what they need or are needed by", async () => {
  const { on, served } = await running();
  const { client, resource } = served;
  on.cluster.run((tx) => tx.update("resource", on.resource("name"), { isLocked: true }));
  const [disk, app] = [await resource("disk"), await resource("app")];
  const locked = "ERROR_CLUSTER_RESOURCE_LOCKED_STATUS";
  expect(await answerOf(client.offlineResource({ resource: disk }))).toBe(locked);
  expect(await answerOf(client.offlineResource({ resource: app }))).toBe("ERROR_IO_PENDING");
  on.settle();
  expect(await answerOf(client.onlineResource({ resource: app }))).toBe(locked);
  const forced = client.onlineResourceEx({
    resource: app,
    onlineFlags: ResourceOnlineFlags.IgnoreResourceStatus,
    inBuffer: new Uint8Array(),
  });
  expect(await answerOf(forced)).toBe("ERROR_IO_PENDING");
  on.settle();
  const offline = client.offlineResourceEx({
    resource: disk,
    offlineFlags: ResourceOfflineFlags.IgnoreResourceStatus,
    inBuffer: new Uint8Array(),
  });
  expect(await answerOf(offline)).toBe("ERROR_IO_PENDING");
});

test("with flags, the persistent state stays, hosts get the buffer, and unknown flags are refused", async () => {
  const on = scene(chain);
  const { client, resource } = serve(on);
  const disk = await resource("disk");
  await client.onlineResourceEx({
    resource: disk,
    onlineFlags: ResourceOnlineFlags.DoNotUpdatePersistentState,
    inBuffer: new Uint8Array([1, 2]),
  });
  expect(on.asked[0]?.parameters).toEqual(new Uint8Array([1, 2]));
  on.settle();
  expect(on.resource("disk")).toMatchObject({ state: Online, persistentState: 0 });
  const bad = { resource: disk, inBuffer: new Uint8Array() };
  expect(await answerOf(client.onlineResourceEx({ ...bad, onlineFlags: 0x10 }))).toBe(
    "ERROR_INVALID_PARAMETER",
  );
  expect(await answerOf(client.offlineResourceEx({ ...bad, offlineFlags: 8 }))).toBe(
    "ERROR_INVALID_PARAMETER",
  );
});

test("a resource comes online on the node that suits it best", async () => {
  const on = scene(chain);
  const { client, resource } = serve(on);
  on.cluster.run((tx) => tx.update("group", on.group("G"), { preferredNodes: ["2"] }));
  await client.onlineResourceEx({
    resource: await resource("disk"),
    onlineFlags: ResourceOnlineFlags.BestPossibleNode,
    inBuffer: new Uint8Array(),
  });
  on.settle();
  expect(on.group("G").owner).toBe("2");
  expect(states(on, "disk")).toEqual([Online]);
});

test("a resource that is ended by force is offline at once, and so is what needs it", async () => {
  const { on, served } = await running();
  const call = served.client.offlineResourceEx({
    resource: await served.resource("disk"),
    offlineFlags: ResourceOfflineFlags.ForceWithTermination,
    inBuffer: new Uint8Array(),
  });
  expect(await answerOf(call)).toBe("ERROR_SUCCESS");
  expect(on.asked.map(({ type }) => type)).toEqual(["terminate", "terminate", "terminate"]);
  expect(states(on, "disk", "name", "app")).toEqual([Offline, Offline, Offline]);
});

test("a resource can be failed while it is online or pending, and what needs it stops", async () => {
  const { on, served } = await running();
  const disk = await served.resource("disk");
  expect(await answerOf(served.client.failResource({ resource: disk }))).toBe("ERROR_SUCCESS");
  expect(states(on, "disk", "name", "app")).toEqual([Failed, OfflinePending, OfflinePending]);
  expect(await answerOf(served.client.failResource({ resource: disk }))).toBe(
    "ERROR_INVALID_STATE",
  );
  const disk2 = await served.two.openResource({ resourceName: "disk" });
  expect(await answerOf(served.two.failResource({ resource: disk2 }))).toBe(
    "ERROR_RESMON_INVALID_STATE",
  );
  const app = await served.resource("app");
  expect(await answerOf(served.client.failResource({ resource: app }))).toBe("ERROR_SUCCESS");
});

test("a restarted resource comes back with what needs it, and its persistent state stays", async () => {
  const { on, served } = await running();
  const call = served.client.restartResource({ resource: await served.resource("name"), flags: 0 });
  expect(await answerOf(call)).toBe("ERROR_IO_PENDING");
  expect(states(on, "disk", "name", "app")).toEqual([Online, OfflinePending, OfflinePending]);
  on.answer();
  on.answer();
  expect(states(on, "disk", "name", "app")).toEqual([Online, OnlinePending, OnlinePending]);
  on.settle();
  expect(states(on, "disk", "name", "app")).toEqual([Online, Online, Online]);
  expect(on.resource("name").persistentState).toBe(1);
});

test("one that isn't to be online goes offline when it is restarted, and stays", async () => {
  const on = scene(chain);
  const { client, resource } = serve(on);
  const disk = await resource("disk");
  await client.onlineResourceEx({
    resource: disk,
    onlineFlags: ResourceOnlineFlags.DoNotUpdatePersistentState,
    inBuffer: new Uint8Array(),
  });
  expect(await answerOf(client.restartResource({ resource: disk, flags: 0 }))).toBe(
    "ERROR_INVALID_STATE",
  );
  on.settle();
  await client.restartResource({ resource: disk, flags: 0 });
  on.settle();
  expect(states(on, "disk")).toEqual([Offline]);
});

test("of alternatives one is brought online, and another takes its place when it fails", async () => {
  const on = scene({ G: { a: [], b: [], app: [] } });
  const { client, resource } = serve(on);
  const app = await resource("app");
  await client.setResourceDependencyExpression({
    resource: app,
    dependencyExpression: "[a] or [b]",
  });
  await client.onlineResource({ resource: app });
  on.settle();
  expect(states(on, "a", "b", "app")).toEqual([Online, Offline, Online]);
  await client.onlineResource({ resource: await resource("b") });
  on.settle();
  await client.failResource({ resource: await resource("a") });
  expect(states(on, "a", "b", "app")).toEqual([Failed, Online, Online]);
  await client.failResource({ resource: await resource("b") });
  expect(states(on, "app")).toEqual([OfflinePending]);
});

test("a resource doesn't keep running on an alternative that only starts", () => {
  const on = scene({ G: { a: [], b: [], app: [] } }, "manual");
  const { client, resource } = serve(on);
  return resource("app").then(async (app) => {
    await client.setResourceDependencyExpression({
      resource: app,
      dependencyExpression: "[a] or [b]",
    });
    await client.onlineResource({ resource: app });
    on.settle();
    await client.onlineResource({ resource: await resource("b") });
    await client.failResource({ resource: await resource("a") });
    expect(states(on, "b", "app")).toEqual([OnlinePending, OfflinePending]);
  });
});

test("answers of hosts that come too late change nothing", async () => {
  const { on } = await running();
  const disk = on.resource("disk");
  const late = disk.attempt;
  on.cluster.run((tx) => hostFailed(tx, disk.id, late));
  on.settle();
  on.wait(1000);
  const { state, attempt, sequence } = disk;
  expect(attempt).toBeGreaterThan(late);
  for (const outcome of [wentOnline, wentOffline, hostFailed]) {
    on.cluster.run((tx) => outcome(tx, disk.id, late));
    on.cluster.run((tx) => outcome(tx, "nobody", attempt));
  }
  expect(disk).toMatchObject({ state, attempt, sequence });
});

test("a resource that was deleted since is not available to any of these", async () => {
  const on = scene({ G: { a: [] } });
  const { client, resource } = serve(on);
  const a = await resource("a");
  await client.deleteResource({ resource: a });
  const gone = "ERROR_RESOURCE_NOT_AVAILABLE";
  expect(await answerOf(client.onlineResource({ resource: a }))).toBe(gone);
  expect(await answerOf(client.offlineResource({ resource: a }))).toBe(gone);
  expect(await answerOf(client.failResource({ resource: a }))).toBe(gone);
  expect(await answerOf(client.getResourceState({ resource: a }))).toBe(gone);
  expect(await answerOf(client.deleteResource({ resource: a }))).toBe(gone);
});
