/** Groups on their way between nodes ([MS-CMRP] 3.1.4.2.52, 3.1.4.2.53, 3.1.4.2.131 to 3.1.4.2.133). */
import { sz } from "@msrpc/cluster-data";
import { GroupState, ResourceState } from "@msrpc/ms-cmrp";
import { GroupMoveFlags } from "@msrpc/ms-cmrp/clusapi3";
import { expect, test } from "vitest";
import { addGroupSet, addToGroupSet } from "../src/core/group-sets.ts";
import { onlineGroup } from "../src/core/groups.ts";
import { nodeWentDown, pauseNode } from "../src/core/nodes.ts";
import { lockResource } from "../src/core/online.ts";
import { nodeAfter, nodeToMoveTo, placements } from "../src/core/placement.ts";
import { scene, type Scene } from "./model-support.ts";
import { answerOf, serve, type ServedScene } from "./served-scene.ts";

function start(): ServedScene & { on: Scene } {
  const on = scene({ G: { a: [], b: ["a"] }, H: { h: [] } });
  on.cluster.run((tx) => onlineGroup(tx, on.group("G")));
  on.settle();
  return { on, ...serve(on) };
}

const none = new Uint8Array();

test("a group moves when all of its resources have stopped, and comes to its persistent state there", async () => {
  const { client, on, group, node } = start();
  const call = client.moveGroupToNode({ group: await group("G"), node: await node("n2") });
  expect(await answerOf(call)).toBe("ERROR_IO_PENDING");
  expect(on.group("G")).toMatchObject({ owner: "1", state: GroupState.Pending });
  on.answer();
  expect(on.group("G").owner).toBe("1");
  on.answer();
  expect(on.group("G").owner).toBe("2");
  on.settle();
  expect(on.group("G").state).toBe(GroupState.Online);
  expect(on.resource("a").persistentState).toBe(1);
});

test("a group that is offline moves at once, and stays offline", async () => {
  const { client, on, group, node } = start();
  const call = client.moveGroupToNode({ group: await group("H"), node: await node("n3") });
  expect(await answerOf(call)).toBe("ERROR_SUCCESS");
  expect(on.group("H")).toMatchObject({ owner: "3", state: GroupState.Offline });
});

test("the server picks the first preferred node, or the one with the fewest groups", async () => {
  const { on } = start();
  expect(nodeToMoveTo(on.state, on.group("G"))?.name).toBe("n2");
  on.cluster.run((tx) => tx.update("group", on.group("H"), { owner: "2" }));
  expect(nodeToMoveTo(on.state, on.group("G"))?.name).toBe("n3");
  on.cluster.run((tx) => tx.update("group", on.group("G"), { preferredNodes: ["2", "3"] }));
  expect(nodeToMoveTo(on.state, on.group("G"))?.name).toBe("n2");
  on.cluster.run((tx) => tx.update("resource", on.resource("b"), { possibleOwners: ["1", "3"] }));
  expect(nodeToMoveTo(on.state, on.group("G"))?.name).toBe("n3");
});

test("groups that are to keep apart share a node only where there is no other", () => {
  const { on } = start();
  on.cluster.run((tx) => {
    for (const name of ["G", "H"]) tx.update("group", on.group(name), { antiAffinity: ["x"] });
    tx.update("group", on.group("H"), { preferredNodes: ["1", "2", "3"] });
  });
  expect(placements(on.state, on.group("H")).map(({ id }) => id)).toEqual(["2", "3", "1"]);
});

const order = (on: Scene, name: string): string =>
  placements(on.state, on.group(name))
    .map(({ name: node }) => node)
    .join(" ");

test("without preferred nodes a group goes to its site first: its own, the cluster's, or the one where it is", () => {
  const { on } = start();
  on.cluster.run((tx) => {
    tx.update("node", on.node("n2"), { places: ["Site:Paris"] });
    tx.update("node", on.node("n3"), { places: ["site:Rome", "Rack:1"] });
    tx.update("group", on.group("H"), { preferredSite: "Rome" });
  });
  expect(order(on, "H")).toBe("n3 n2 n1");
  on.cluster.run((tx) => tx.setValue(tx.state.registry, "PreferredSite", sz("site:paris")));
  expect(order(on, "H")).toBe("n3 n2 n1");
  on.cluster.run((tx) => tx.update("group", on.group("H"), { preferredSite: "" }));
  expect(order(on, "H")).toBe("n2 n3 n1");
  on.cluster.run((tx) => {
    tx.setValue(tx.state.registry, "PreferredSite", sz(""));
    tx.update("group", on.group("H"), { owner: "3" });
  });
  expect(order(on, "H")).toBe("n3 n2 n1");
  on.cluster.run((tx) => tx.update("group", on.group("H"), { preferredNodes: ["1", "2", "3"] }));
  expect(order(on, "H")).toBe("n1 n2 n3");
});

test("a failing group passes over preferred nodes that it is better to keep away from", () => {
  const { on } = start();
  on.cluster.run((tx) => {
    for (const name of ["G", "H"]) tx.update("group", on.group(name), { antiAffinity: ["x"] });
    tx.update("group", on.group("H"), { owner: "2" });
    onlineGroup(tx, on.group("H"));
    tx.update("group", on.group("G"), { preferredNodes: ["1", "2", "3"] });
  });
  on.settle();
  expect(nodeAfter(on.state, on.group("G"))?.name).toBe("n3");
  on.cluster.run((tx) => nodeWentDown(tx, on.node("n3")));
  expect(nodeAfter(on.state, on.group("G"))?.name).toBe("n2");
});

/** G on node 1 and H, of one availability set. */
function inSet(
  faultDomain: number,
  updateDomain: number,
  settings: { readonly reservesSpare?: 1 } = {},
): Scene {
  const { on } = start();
  on.cluster.run((tx) => {
    const set = addGroupSet(tx, "S");
    tx.update("groupSet", set, { isAvailabilitySet: 1, ...settings });
    addToGroupSet(tx, set, on.group("G"));
    addToGroupSet(tx, set, on.group("H"), { faultDomain, updateDomain });
    tx.update("node", on.node("n1"), { places: ["Site:Paris"] });
    tx.update("node", on.node("n2"), { places: ["Site:Paris"] });
  });
  return on;
}

test("groups of an availability set keep to other sites for other fault domains, to other nodes for other update domains", () => {
  expect(order(inSet(0, 0), "H")).toBe("n2 n1 n3");
  expect(order(inSet(0, 1), "H")).toBe("n2 n3 n1");
  expect(order(inSet(1, 0), "H")).toBe("n3 n2 n1");
});

test("an availability set that reserves a spare node leaves one free, as long as there is another way", () => {
  const on = inSet(0, 1, { reservesSpare: 1 });
  expect(order(on, "H")).toBe("n2 n3 n1");
  on.cluster.run((tx) => nodeWentDown(tx, on.node("n3")));
  expect(order(on, "H")).toBe("n2 n1");
  const same = inSet(0, 0, { reservesSpare: 1 });
  same.cluster.run((tx) => nodeWentDown(tx, same.node("n3")));
  expect(order(same, "H")).toBe("n1 n2");
});

test("a group that is where it is to go stays", async () => {
  const { client, on, group, node } = start();
  const call = client.moveGroupToNode({ group: await group("G"), node: await node("n1") });
  expect(await answerOf(call)).toBe("ERROR_SUCCESS");
  expect(on.asked).toEqual([]);
});

test("a group goes to no node that is paused, down, gone, or may not run it", async () => {
  const { client, on, group, node } = start();
  const handle = await group("G");
  const [n2, n3] = [await node("n2"), await node("n3")];
  const move = (to: typeof n2): Promise<unknown> =>
    answerOf(client.moveGroupToNode({ group: handle, node: to }));
  on.cluster.run((tx) => pauseNode(tx, on.node("n2")));
  expect(await move(n2)).toBe("ERROR_SHARING_PAUSED");
  on.cluster.run((tx) => tx.update("resource", on.resource("a"), { possibleOwners: ["1"] }));
  expect(await move(n3)).toBe("ERROR_HOST_NODE_NOT_RESOURCE_OWNER");
  on.cluster.run((tx) => nodeWentDown(tx, on.node("n3")));
  expect(await move(n3)).toBe("ERROR_HOST_NODE_NOT_AVAILABLE");
  expect(await answerOf(client.moveGroup({ group: handle }))).toBe("ERROR_HOST_NODE_NOT_AVAILABLE");
  await client.evictNode({ node: n3 });
  expect(await move(n3)).toBe("ERROR_CLUSTER_NODE_NOT_FOUND");
});

test("a group that is pending or locked doesn't move", async () => {
  const { client, on, group } = start();
  const handle = await group("G");
  on.cluster.run((tx) => tx.update("resource", on.resource("a"), { isLocked: true }));
  const locked = "ERROR_CLUSTER_RESOURCE_LOCKED_STATUS";
  expect(await answerOf(client.moveGroup({ group: handle }))).toBe(locked);
  const moveFlags = GroupMoveFlags.IgnoreResourceStatus;
  const forced = client.moveGroupEx({ group: handle, moveFlags, inBuffer: new Uint8Array([1]) });
  expect(await answerOf(forced)).toBe("ERROR_IO_PENDING");
  expect(on.asked[0]?.parameters).toEqual(new Uint8Array([1]));
  on.cluster.run((tx) => tx.update("resource", on.resource("a"), { isLocked: false }));
  expect(await answerOf(client.moveGroup({ group: handle }))).toBe("ERROR_INVALID_STATE");
});

test("flags that exclude each other, and ones that there are not, are refused", async () => {
  const { client, group, node } = start();
  const handle = await group("G");
  const both = GroupMoveFlags.IgnoreResourceStatus | GroupMoveFlags.QueueEnabled;
  for (const moveFlags of [both, 0x40]) {
    const call = client.moveGroupEx({ group: handle, moveFlags, inBuffer: none });
    expect(await answerOf(call)).toBe("ERROR_INVALID_PARAMETER");
    const to = await node("n2");
    const toNode = client.moveGroupToNodeEx({ group: handle, node: to, moveFlags, inBuffer: none });
    expect(await answerOf(toNode)).toBe("ERROR_INVALID_PARAMETER");
  }
});

test("a group that can't be brought up elsewhere goes back where that was asked for", async () => {
  const { client, on, group, node } = start();
  await client.moveGroupToNodeEx({
    group: await group("G"),
    node: await node("n2"),
    moveFlags: GroupMoveFlags.ReturnToSourceNodeOnError,
    inBuffer: none,
  });
  on.answer();
  on.answer();
  expect(on.group("G").owner).toBe("2");
  on.answer("failed");
  on.settle();
  expect(on.group("G")).toMatchObject({ owner: "1", state: GroupState.Online });
});

test("a resource that fails to stop doesn't hold its group, and has another chance", async () => {
  const { client, on, group } = start();
  await client.moveGroup({ group: await group("G") });
  on.answer("failed");
  on.settle();
  expect(on.group("G")).toMatchObject({ owner: "2", state: GroupState.Online });
});

test("a move that can't be made waits, and is made when it can", async () => {
  const { client, on, group, node } = start();
  await client.pauseNode({ node: await node("n2") });
  const call = client.moveGroupToNodeEx({
    group: await group("G"),
    node: await node("n2"),
    moveFlags: GroupMoveFlags.QueueEnabled,
    inBuffer: none,
  });
  expect(await answerOf(call)).toBe("ERROR_IO_PENDING");
  expect(on.group("G")).toMatchObject({ owner: "1", state: GroupState.Pending });
  await client.resumeNode({ node: await node("n2") });
  on.settle();
  expect(on.group("G")).toMatchObject({ owner: "2", state: GroupState.Online });
});

test("a move of a locked group waits until it is free", async () => {
  const { client, on, group } = start();
  on.cluster.run((tx) => lockResource(tx, on.resource("a").id, true));
  const moveFlags = GroupMoveFlags.QueueEnabled;
  await client.moveGroupEx({ group: await group("G"), moveFlags, inBuffer: none });
  expect(on.asked).toEqual([]);
  on.cluster.run((tx) => lockResource(tx, on.resource("a").id, false));
  on.settle();
  expect(on.group("G")).toMatchObject({ owner: "2", state: GroupState.Online });
});

test("a move that waits is called off", async () => {
  const { client, on, group, node } = start();
  const handle = await group("G");
  await client.pauseNode({ node: await node("n2") });
  const moveFlags = GroupMoveFlags.QueueEnabled;
  const to = { group: handle, node: await node("n2"), inBuffer: none };
  await client.moveGroupToNodeEx({ ...to, moveFlags });
  const cancel = (cancelFlags: number): Promise<unknown> =>
    answerOf(client.cancelClusterGroupOperation({ group: handle, cancelFlags }));
  expect(await cancel(1)).toBe("ERROR_INVALID_PARAMETER");
  expect(await cancel(0)).toBe("ERROR_SUCCESS");
  expect(on.group("G")).toMatchObject({ queued: null, state: GroupState.Online });
  expect(await cancel(0)).toBe("ERROR_INVALID_STATE");
});

test("a move under way is called off while resources stop: they come back where they were", async () => {
  const { client, on, group } = start();
  const handle = await group("G");
  await client.moveGroup({ group: handle });
  on.answer();
  const cancel = client.cancelClusterGroupOperation({ group: handle, cancelFlags: 0 });
  expect(await answerOf(cancel)).toBe("ERROR_IO_PENDING");
  on.settle();
  expect(on.group("G")).toMatchObject({ owner: "1", state: GroupState.Online });
});

test("moving tells of the resources, the group's state and its owner, in order", async () => {
  const { client, on, group } = start();
  on.events.length = 0;
  await client.moveGroup({ group: await group("G") });
  on.settle();
  const told = on.events.flatMap((event) =>
    event.kind === "resource" && event.what === "state" && typeof event.value === "number"
      ? `${event.name} ${event.value}`
      : [],
  );
  const { Online, OnlinePending, OfflinePending, Offline } = ResourceState;
  expect(told).toEqual([
    `b ${OfflinePending}`,
    `a ${OfflinePending}`,
    `b ${Offline}`,
    `a ${Offline}`,
    `a ${OnlinePending}`,
    `b ${OnlinePending}`,
    `a ${Online}`,
    `b ${Online}`,
  ]);
  const owner = on.events.filter(({ kind, what }) => kind === "group" && what === "owner");
  expect(owner).toHaveLength(1);
});
