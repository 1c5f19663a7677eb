/** Nodes: paused, drained, resumed, evicted, listed ([MS-CMRP] 3.1.4.2.67 to 3.1.4.2.72, 3.1.4.2.101, 3.1.4.2.123 to 3.1.4.2.127). */
import { GroupState, NodeState } from "@msrpc/ms-cmrp";
import { NodeEnum, PauseFlags } from "@msrpc/ms-cmrp/clusapi3";
import { Cluster } from "@msrpc/cluster";
import { expect, test } from "vitest";
import { createNetInterface, createNetwork } from "../src/core/create.ts";
import { onlineGroup } from "../src/core/groups.ts";
import { moveGroup } from "../src/core/moving.ts";
import { drainNode, nodeWentDown, resumeNode } from "../src/core/nodes.ts";
import { DrainStatus } from "../src/model/objects.ts";
import { readState } from "../src/model/state.ts";
import { computedOf } from "../src/property/computed.ts";
import { scene, type Scene } from "./model-support.ts";
import { answerOf, serve, type ServedScene } from "./served-scene.ts";

function start(): ServedScene & { on: Scene } {
  const on = scene({ G: { g: [] }, H: { h: [] } });
  on.cluster.run((tx) => onlineGroup(tx, on.group("G")));
  on.settle();
  return { on, ...serve(on) };
}

test("a node is paused, more than once, stays paused over a restart, and is resumed once", async () => {
  const { client, on, node } = start();
  const n1 = await node("n1");
  expect(await answerOf(client.pauseNode({ node: n1 }))).toBe("ERROR_SUCCESS");
  expect(await answerOf(client.pauseNode({ node: n1 }))).toBe("ERROR_SUCCESS");
  expect(await client.getNodeState({ node: n1 })).toEqual({ state: NodeState.Paused });
  const again = new Cluster(readState(on.state.registry));
  expect(again.state.nodes.get("1")?.state).toBe(NodeState.Paused);
  expect(await answerOf(client.resumeNode({ node: n1 }))).toBe("ERROR_SUCCESS");
  const twice = client.resumeNode({ node: n1 });
  expect(await answerOf(twice)).toBe("ERROR_CLUSTER_NODE_NOT_PAUSED");
  expect(await client.getNodeState({ node: n1 })).toEqual({ state: NodeState.Up });
});

test("a node that is down is neither paused nor resumed", async () => {
  const { client, on, node } = start();
  on.cluster.run((tx) => nodeWentDown(tx, on.node("n3")));
  const n3 = await node("n3");
  const down = "ERROR_CLUSTER_NODE_DOWN";
  expect(await answerOf(client.pauseNode({ node: n3 }))).toBe(down);
  expect(await answerOf(client.resumeNode({ node: n3 }))).toBe(down);
  const resumed = { node: n3, resumeFailbackType: 0, resumeFlagsReserved: 0 };
  expect(await answerOf(client.resumeNodeEx(resumed))).toBe(down);
});

test("a node drains: its groups go elsewhere while it is paused", async () => {
  const { client, on, node } = start();
  const n1 = await node("n1");
  const drain = { node: n1, drainNode: 1, pauseFlags: 0 };
  expect(await answerOf(client.pauseNodeEx(drain))).toBe("ERROR_IO_PENDING");
  expect(on.node("n1")).toMatchObject({ state: NodeState.Paused, drainStatus: 1 });
  expect(await answerOf(client.pauseNodeEx(drain))).toBe(
    "ERROR_CLUSTER_NODE_EVACUATION_IN_PROGRESS",
  );
  on.settle();
  expect(on.node("n1").drainStatus).toBe(DrainStatus.Completed);
  expect([on.group("G").owner, on.group("H").owner]).not.toContain("1");
  expect(on.group("G").state).toBe(GroupState.Online);
});

test("what a node says of its drain: under way, done, or failed where a group had to stay, until it is resumed", () => {
  const { on } = start();
  const n1 = on.node("n1");
  const said = (): unknown[] => {
    const computed = computedOf(on.state, { kind: "node", object: n1 });
    return ["NodeDrainStatus", "NodeDrainTarget"].map(
      (name) => (computed[name] as never)?.["number"],
    );
  };
  const heard = (): unknown[] =>
    on.events.filter(({ kind, what }) => kind === "node" && what === "property");
  expect(said()).toEqual([DrainStatus.None, undefined]);
  on.cluster.run((tx) => drainNode(tx, n1, { to: on.node("n3"), mayRemain: true }));
  expect(said()).toEqual([DrainStatus.InProgress, 3]);
  on.settle();
  expect(said()).toEqual([DrainStatus.Completed, 3]);
  expect(heard()).toHaveLength(2);
  on.cluster.run((tx) => resumeNode(tx, n1, "all"));
  on.settle();
  expect(said()).toEqual([DrainStatus.None, undefined]);
  on.cluster.run((tx) => tx.update("resource", on.resource("g"), { possibleOwners: ["1"] }));
  on.cluster.run((tx) => drainNode(tx, n1, { to: null, mayRemain: true }));
  on.settle();
  expect(said()).toEqual([DrainStatus.Failed, undefined]);
  expect(on.group("G").owner).toBe("1");
  on.cluster.run((tx) => nodeWentDown(tx, n1));
  expect(said()).toEqual([DrainStatus.None, undefined]);
});

test("a drain ends when its last group has left, though that waits for another move where it is", () => {
  const { on } = start();
  const n1 = on.node("n1");
  on.cluster.run((tx) => drainNode(tx, n1, { to: on.node("n3"), mayRemain: false }));
  on.cluster.run((tx) => nodeWentDown(tx, on.node("n2")));
  on.cluster.run((tx) => moveGroup(tx, on.group("G"), { waits: true }));
  on.settle();
  expect(on.group("G")).toMatchObject({ owner: "3", queued: { to: null } });
  expect(n1.drainStatus).toBe(DrainStatus.Completed);
});

test("without draining, pausing with flags is pausing", async () => {
  const { client, on, node } = start();
  const paused = { node: await node("n1"), drainNode: 0, pauseFlags: 0xff };
  expect(await answerOf(client.pauseNodeEx(paused))).toBe("ERROR_SUCCESS");
  expect(on.group("G").owner).toBe("1");
});

test("a node doesn't drain where no other one is up, nor by flags that there are not", async () => {
  const { client, on, node } = start();
  const n1 = await node("n1");
  const flags = client.pauseNodeEx({ node: n1, drainNode: 1, pauseFlags: 2 });
  expect(await answerOf(flags)).toBe("ERROR_INVALID_PARAMETER");
  on.cluster.run((tx) => {
    nodeWentDown(tx, on.node("n2"));
    nodeWentDown(tx, on.node("n3"));
  });
  const drain = client.pauseNodeEx({ node: n1, drainNode: 1, pauseFlags: 0 });
  expect(await answerOf(drain)).toBe("ERROR_CLUSTER_NODE_DOWN");
  expect(on.node("n1").state).toBe(NodeState.Up);
});

test("groups that may run nowhere else stay where that is asked for, and go otherwise", async () => {
  const { client, on, node } = start();
  on.cluster.run((tx) => tx.update("resource", on.resource("g"), { possibleOwners: ["1"] }));
  const n1 = await node("n1");
  const pauseFlags = PauseFlags.RemainOnPausedNodeOnMoveError;
  await client.pauseNodeEx({ node: n1, drainNode: 1, pauseFlags });
  on.settle();
  expect(on.group("G")).toMatchObject({ owner: "1", state: GroupState.Online });
  expect(on.group("H").owner).not.toBe("1");
  await client.pauseNodeEx({ node: n1, drainNode: 1, pauseFlags: 0 });
  on.settle();
  expect(on.group("G")).toMatchObject({ owner: "2", state: GroupState.Offline });
});

test("a node drains to a node", async () => {
  const { client, on, node } = start();
  const [n1, n3] = [await node("n1"), await node("n3")];
  const drain = (nodeDrainTarget: typeof n1): Promise<unknown> =>
    answerOf(client.pauseNodeWithDrainTarget({ node: n1, pauseFlags: 0, nodeDrainTarget }));
  expect(await drain(n1)).toBe("ERROR_INVALID_TARGET_HANDLE");
  expect(await drain(n3)).toBe("ERROR_IO_PENDING");
  on.settle();
  expect([on.group("G").owner, on.group("H").owner]).toEqual(["3", "3"]);
  await client.pauseNode({ node: n3 });
  expect(await drain(n3)).toBe("ERROR_HOST_NODE_NOT_AVAILABLE");
});

test.each([
  ["0 brings nothing back", 0, "2"],
  ["1 brings back what was drained", 1, "1"],
  ["2 brings back what may come by its policy", 2, "2"],
])("resuming with failback %s", async (_, resumeFailbackType, owner) => {
  const { client, on, node } = start();
  const n1 = await node("n1");
  await client.pauseNodeWithDrainTarget({
    node: n1,
    pauseFlags: 0,
    nodeDrainTarget: await node("n2"),
  });
  on.settle();
  const resumed = { node: n1, resumeFailbackType, resumeFlagsReserved: 0 };
  expect(await answerOf(client.resumeNodeEx(resumed))).toBe("ERROR_SUCCESS");
  on.settle();
  expect(on.group("G")).toMatchObject({ owner, state: GroupState.Online });
});

test("by policy, groups of paused nodes and those that allow it come back", async () => {
  const { client, on, node } = start();
  const n1 = await node("n1");
  await client.pauseNodeEx({ node: n1, drainNode: 1, pauseFlags: 0 });
  on.settle();
  on.cluster.run((tx) => tx.update("group", on.group("G"), { autoFailback: 1 }));
  const stranded = on.group("H").owner;
  await client.pauseNode({ node: await node(on.state.nodes.get(stranded)?.name ?? "") });
  await client.resumeNodeEx({ node: n1, resumeFailbackType: 2, resumeFlagsReserved: 0 });
  on.settle();
  expect([on.group("G").owner, on.group("H").owner]).toEqual(["1", "1"]);
});

test("a node that isn't paused is not resumed with failback, nor with one that there isn't", async () => {
  const { client, node } = start();
  const n1 = await node("n1");
  const resume = (resumeFailbackType: number): Promise<unknown> =>
    answerOf(client.resumeNodeEx({ node: n1, resumeFailbackType, resumeFlagsReserved: 0 }));
  expect(await resume(0)).toBe("ERROR_CLUSTER_NODE_NOT_PAUSED");
  expect(await resume(3)).toBe("ERROR_INVALID_PARAMETER");
});

test("an evicted node leaves nothing behind", async () => {
  const { client, on, group, node } = start();
  await client.setGroupNodeList({ group: await group("G"), nodeList: "2\0\0" });
  const n2 = await node("n2");
  await client.moveGroupToNode({ group: await group("G"), node: n2 });
  on.settle();
  expect(await answerOf(client.evictNode({ node: n2 }))).toBe("ERROR_SUCCESS");
  on.settle();
  expect(on.state.nodes.get("2")).toBeUndefined();
  expect(on.group("G")).toMatchObject({ preferredNodes: ["1", "3"], state: GroupState.Online });
  expect(on.resource("g").possibleOwners).toEqual(["1", "3"]);
  const gone = "ERROR_NODE_NOT_AVAILABLE";
  expect(await answerOf(client.getNodeState({ node: n2 }))).toBe(gone);
  expect(await answerOf(client.getNodeId({ node: n2 }))).toBe(gone);
  expect(await answerOf(client.pauseNode({ node: n2 }))).toBe(gone);
  expect(await answerOf(client.openNode({ nodeName: "n2" }))).toBe("ERROR_CLUSTER_NODE_NOT_FOUND");
});

test("the node that answers isn't evicted", async () => {
  const { client, node } = start();
  expect(await answerOf(client.evictNode({ node: await node("n1") }))).toBe(
    "ERROR_CANT_EVICT_ACTIVE_NODE",
  );
});

test("the interfaces and groups of a node are listed, by name and by ID", async () => {
  const { client, on, node } = start();
  on.cluster.run((tx) => {
    const network = createNetwork(tx, { name: "N" }).id;
    createNetInterface(tx, { name: "n1 - N", node: "1", network });
  });
  const n1 = await node("n1");
  const names = async (type: number): Promise<unknown> => {
    const { returnEnum } = await client.createNodeEnum({ node: n1, type });
    return returnEnum?.entries.map(({ name }) => name);
  };
  expect(await names(NodeEnum.NetInterfaces)).toEqual(["n1 - N"]);
  expect(await names(NodeEnum.Groups)).toEqual(["G", "H"]);
  expect(await names(0xff)).toEqual(["n1 - N", "G", "H"]);
  const both = await client.createNodeEnumEx({ node: n1, type: 3, options: 0 });
  expect(both.returnNameEnum?.entries.map(({ name }) => name)).toEqual(["n1 - N", "G", "H"]);
  expect(both.returnIdEnum?.entries[1]?.name).toBe(on.group("G").id);
  for (const bad of [
    { type: 4, options: 0 },
    { type: 1, options: 1 },
    { type: 0, options: 0 },
  ]) {
    expect(await answerOf(client.createNodeEnumEx({ node: n1, ...bad }))).toBe(
      "ERROR_INVALID_PARAMETER",
    );
  }
});
