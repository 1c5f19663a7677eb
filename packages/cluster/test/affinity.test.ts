/** Rules that keep groups together or apart ([MS-CMRP] 3.1.1.1.4, 3.1.4.2.129, 3.1.4.2.131, 3.1.4.3.7.29). */
import { multiSz, dword, textsOf } from "@msrpc/cluster-data";
import { GroupState, ResourceState } from "@msrpc/ms-cmrp";
import { GroupMoveFlags, GroupOnlineFlags, ResourceOnlineFlags } from "@msrpc/ms-cmrp/clusapi3";
import { expect, test } from "vitest";
import { createAffinityRule } from "../src/core/affinity-rules.ts";
import { deleteGroup, offlineGroup, onlineGroup } from "../src/core/groups.ts";
import { moveGroupToNode } from "../src/core/moving.ts";
import { drainNode, nodeCameUp, nodeWentDown, pauseNode, resumeNode } from "../src/core/nodes.ts";
import { failResource } from "../src/core/online.ts";
import { fromOutside } from "../src/core/outside.ts";
import { AffinityType } from "../src/model/affinity.ts";
import { computedOf } from "../src/property/computed.ts";
import { findKey, valueOf } from "../src/registry/key.ts";
import { scene, type Scene } from "./model-support.ts";
import { answerOf, serve } from "./served-scene.ts";

type Type = keyof typeof AffinityType;

/** Groups A, B and C of one resource each, all offline on node 1, with a rule for A and B. */
function start(type: Type, options: { readonly isSoft?: boolean } = {}): Scene {
  const on = scene({ A: { a: [] }, B: { b: [] }, C: { c: [] } });
  const groups = [on.group("A").id, on.group("B").id];
  const { isSoft = false } = options;
  on.cluster.run((tx) =>
    createAffinityRule(tx, "R", { type: AffinityType[type], groups, isEnabled: true, isSoft }),
  );
  return on;
}

/** The node of each group, and whether it is online there. */
function places(on: Scene, ...names: readonly string[]): string {
  const sign = (state: number): string => (state === GroupState.Online ? "" : "?");
  return names.map((name) => `${on.group(name).owner}${sign(on.group(name).state)}`).join(" ");
}

function bring(on: Scene, name: string, node?: string): void {
  on.cluster.run((tx) => {
    if (node !== undefined) tx.update("group", on.group(name), { owner: node });
    onlineGroup(tx, on.group(name));
  });
  on.settle();
}

function setRule(on: Scene, name: string, number: number): void {
  on.cluster.run((tx) =>
    fromOutside(tx, () => {
      const key = tx.createKey(tx.state.registry, "AffinityRules\\R");
      tx.setValue(key, name, dword(number));
    }),
  );
  on.settle();
}

const none = new Uint8Array();

test("a group doesn't come online beside one that it is to be apart from, but where rules are ignored", async () => {
  const on = start("DifferentNode");
  bring(on, "A");
  const { client, group } = serve(on);
  const B = await group("B");
  expect(await answerOf(client.onlineGroup({ group: B }))).toBe("ERROR_NODE_CANT_HOST_RESOURCE");
  expect(on.group("B").persistentState).toBe(0);
  const ignoring = { group: B, onlineFlags: GroupOnlineFlags.IgnoreAffinityRule, inBuffer: none };
  expect(await answerOf(client.onlineGroupEx(ignoring))).toBe("ERROR_IO_PENDING");
  on.settle();
  expect(places(on, "A", "B")).toBe("1 1");
});

test("one that may choose its node goes to where it is apart, or to where the other one is", async () => {
  for (const [type, where] of [["DifferentNode", "1 2"] as const, ["SameNode", "1 1"] as const]) {
    const on = start(type);
    bring(on, "A");
    if (type === "SameNode") {
      on.cluster.run((tx) => tx.update("group", on.group("B"), { owner: "3" }));
    }
    const { client, group } = serve(on);
    const onlineFlags = GroupOnlineFlags.BestPossibleNode;
    await answerOf(client.onlineGroupEx({ group: await group("B"), onlineFlags, inBuffer: none }));
    on.settle();
    expect(places(on, "A", "B"), type).toBe(where);
  }
});

test("one that may choose is refused where no node is left for it, and stays as it was", async () => {
  const on = start("DifferentNode");
  bring(on, "A");
  on.cluster.run((tx) => tx.update("resource", on.resource("b"), { possibleOwners: ["1"] }));
  const { client, group } = serve(on);
  const onlineFlags = GroupOnlineFlags.BestPossibleNode;
  const call = client.onlineGroupEx({ group: await group("B"), onlineFlags, inBuffer: none });
  expect(await answerOf(call)).toBe("ERROR_NODE_CANT_HOST_RESOURCE");
  expect(on.group("B")).toMatchObject({ persistentState: 0, ignoresRules: false });
});

test("a resource heeds the rules of its group, but where they are ignored", async () => {
  const on = start("DifferentNode");
  bring(on, "A");
  const { client, resource } = serve(on);
  const b = await resource("b");
  const call = client.onlineResource({ resource: b });
  expect(await answerOf(call)).toBe("ERROR_NODE_CANT_HOST_RESOURCE");
  const onlineFlags = ResourceOnlineFlags.IgnoreAffinityRule;
  await answerOf(client.onlineResourceEx({ resource: b, onlineFlags, inBuffer: none }));
  on.settle();
  expect(places(on, "A", "B")).toBe("1 1");
});

test("a group moves to no node that a rule keeps it off, but where rules are ignored", async () => {
  const on = start("DifferentNode");
  bring(on, "A", "1");
  bring(on, "B", "2");
  const { client, group, node } = serve(on);
  const moved = await group("A");
  const to = { group: moved, node: await node("n2") };
  expect(await answerOf(client.moveGroupToNode(to))).toBe("ERROR_NODE_CANT_HOST_RESOURCE");
  await answerOf(client.moveGroup({ group: moved }));
  on.settle();
  expect(places(on, "A", "B")).toBe("3 2");
  const moveFlags = GroupMoveFlags.IgnoreAffinityRule;
  await answerOf(client.moveGroupToNodeEx({ ...to, moveFlags, inBuffer: none }));
  on.settle();
  expect(places(on, "A", "B")).toBe("2 2");
});

test("a move that waits sets out when the rule lets it", async () => {
  const on = start("DifferentNode");
  bring(on, "A", "1");
  bring(on, "B", "2");
  const { client, group, node } = serve(on);
  const moveFlags = GroupMoveFlags.QueueEnabled;
  const to = { group: await group("A"), node: await node("n2"), moveFlags, inBuffer: none };
  expect(await answerOf(client.moveGroupToNodeEx(to))).toBe("ERROR_IO_PENDING");
  on.settle();
  expect(on.group("A")).toMatchObject({ owner: "1", state: GroupState.Pending });
  on.cluster.run((tx) => offlineGroup(tx, on.group("B")));
  on.settle();
  // Whatever has it looked at again will do.
  on.cluster.run((tx) => nodeWentDown(tx, on.node("n3")));
  on.cluster.run((tx) => nodeCameUp(tx, on.node("n3")));
  on.settle();
  expect(places(on, "A")).toBe("2");
});

test("a rule that gives way is heeded where it can be, and refuses nothing", async () => {
  const on = start("DifferentNode", { isSoft: true });
  bring(on, "A");
  bring(on, "B");
  expect(places(on, "A", "B")).toBe("1 1");
  on.cluster.run((tx) => nodeWentDown(tx, on.node("n3")));
  const { client, group } = serve(on);
  await answerOf(client.moveGroup({ group: await group("B") }));
  on.settle();
  expect(places(on, "A", "B")).toBe("1 2");
  on.cluster.run((tx) => nodeWentDown(tx, on.node("n2")));
  on.settle();
  expect(places(on, "A", "B")).toBe("1 1");
});

test("a rule that is disabled, or of a type that there is not, says nothing", () => {
  for (const [value, number] of [
    ["Enabled", 0],
    ["RuleType", 5],
    ["RuleType", 0],
  ] as const) {
    const on = start("DifferentNode");
    setRule(on, value, number);
    bring(on, "A");
    bring(on, "B");
    expect(places(on, "A", "B"), `${value} ${number}`).toBe("1 1");
  }
});

test("when a node fails, groups of one rule go to one node, and those of the other kind to two", () => {
  for (const [type, where] of [["SameNode", "2 2"] as const, ["DifferentNode", "2 3"] as const]) {
    const on = start("SameNode");
    bring(on, "A");
    bring(on, "B");
    setRule(on, "RuleType", AffinityType[type]);
    on.cluster.run((tx) => nodeWentDown(tx, on.node("n1")));
    on.settle();
    expect(places(on, "A", "B"), type).toBe(where);
  }
});

test("a group that no node is left for waits, says so, and comes online when a node is there again", () => {
  const on = start("DifferentNode");
  bring(on, "A", "1");
  bring(on, "B", "2");
  on.cluster.run((tx) => nodeWentDown(tx, on.node("n3")));
  on.cluster.run((tx) => nodeWentDown(tx, on.node("n2")));
  on.settle();
  expect(places(on, "A", "B")).toBe("1 1?");
  expect(on.resource("b")).toMatchObject({ isWanted: true, state: ResourceState.Offline });
  const status = (): unknown =>
    computedOf(on.state, { kind: "group", object: on.group("B") })["StatusInformation"];
  expect(status()).toMatchObject({ number: 0x40n });
  on.cluster.run((tx) => nodeCameUp(tx, on.node("n3")));
  on.settle();
  expect(places(on, "A", "B")).toBe("1 3");
  expect(status()).toMatchObject({ number: 0n });
});

test("one that waits comes online where it is when the other one stops, or the rule goes", () => {
  for (const end of ["offline", "disabled", "deleted", "left"] as const) {
    const on = start("DifferentNode");
    bring(on, "A", "1");
    bring(on, "B", "2");
    for (const name of ["n3", "n2"]) on.cluster.run((tx) => nodeWentDown(tx, on.node(name)));
    on.settle();
    expect(places(on, "B")).toBe("1?");
    if (end === "offline") on.cluster.run((tx) => offlineGroup(tx, on.group("A")));
    if (end === "disabled") setRule(on, "Enabled", 0);
    if (end === "deleted") {
      const key = findKey(on.state.registry, "AffinityRules\\R");
      on.cluster.run((tx) => fromOutside(tx, () => tx.deleteKey(key!)));
    }
    if (end === "left") {
      const key = findKey(on.state.registry, "AffinityRules\\R");
      on.cluster.run((tx) => fromOutside(tx, () => tx.setValue(key!, "Groups", multiSz([]))));
    }
    on.settle();
    expect(places(on, "B"), end).toBe("1");
  }
});

test("a node drains although its groups are to be together, and they come back together", () => {
  const on = start("SameNode");
  bring(on, "A");
  bring(on, "B");
  on.cluster.run((tx) => drainNode(tx, on.node("n1"), { to: null, mayRemain: true }));
  on.settle();
  expect(places(on, "A", "B")).toBe("2 2");
  on.cluster.run((tx) => resumeNode(tx, on.node("n1"), "all"));
  on.settle();
  expect(places(on, "A", "B")).toBe("1 1");
});

test("a node that drains keeps what a rule lets go nowhere", () => {
  const on = start("DifferentNode");
  bring(on, "A", "1");
  bring(on, "B", "2");
  on.cluster.run((tx) => nodeWentDown(tx, on.node("n3")));
  on.cluster.run((tx) => drainNode(tx, on.node("n1"), { to: null, mayRemain: true }));
  on.settle();
  expect(places(on, "A", "B")).toBe("1 2");
});

test("a group doesn't come home to a node that a rule keeps it off", () => {
  const on = start("DifferentNode");
  bring(on, "A", "1");
  bring(on, "B", "2");
  on.cluster.run((tx) => drainNode(tx, on.node("n2"), { to: null, mayRemain: true }));
  on.settle();
  on.cluster.run((tx) => resumeNode(tx, on.node("n2")));
  on.cluster.run((tx) => moveGroupToNode(tx, on.group("A"), on.node("n2")));
  on.settle();
  expect(places(on, "A", "B")).toBe("2 3");
  on.cluster.run((tx) => pauseNode(tx, on.node("n2")));
  on.cluster.run((tx) => resumeNode(tx, on.node("n2"), "all"));
  expect(on.asked).toEqual([]);
  expect(places(on, "A", "B")).toBe("2 3");
});

test("a group that fails goes to a node that the rule lets it have", () => {
  const on = start("DifferentNode");
  bring(on, "A", "1");
  bring(on, "B", "2");
  on.cluster.run((tx) => {
    tx.update("group", on.group("A"), { preferredNodes: ["1", "2", "3"] });
    tx.update("resource", on.resource("a"), { restartThreshold: 0 });
    failResource(tx, on.resource("a"));
  });
  on.settle();
  expect(places(on, "A", "B")).toBe("3 2");
});

test("fault domains are the sites of nodes, and a node of which nothing is said is one by itself", () => {
  const on = start("DifferentFaultDomain");
  on.cluster.run((tx) => {
    tx.update("node", on.node("n1"), { places: ["Site:Paris", "Rack:1"] });
    tx.update("node", on.node("n2"), { places: ["Rack:2", "site:PARIS"] });
  });
  bring(on, "A", "1");
  const refused = (node: string): boolean => {
    try {
      bring(on, "B", node);
      on.cluster.run((tx) => offlineGroup(tx, on.group("B")));
      on.settle();
      return false;
    } catch {
      return true;
    }
  };
  expect(["1", "2", "3"].map(refused)).toEqual([true, true, false]);
  setRule(on, "RuleType", AffinityType.SameFaultDomain);
  expect(["1", "2", "3"].map(refused)).toEqual([false, false, true]);
  on.cluster.run((tx) => tx.update("node", on.node("n1"), { places: [] }));
  expect(["1", "2", "3"].map(refused)).toEqual([false, true, true]);
});

test("groups of one class keep apart even without another node where the cluster enforces that", () => {
  const on = scene({ A: { a: [] }, B: { b: [] } });
  on.cluster.run((tx) => {
    tx.setValue(tx.state.registry, "ClusterEnforcedAntiAffinity", dword(1));
    for (const name of ["A", "B"]) tx.update("group", on.group(name), { antiAffinity: ["x"] });
  });
  bring(on, "A", "1");
  bring(on, "B", "2");
  for (const name of ["n3", "n2"]) on.cluster.run((tx) => nodeWentDown(tx, on.node(name)));
  on.settle();
  expect(places(on, "A", "B")).toBe("1 1?");
});

test("a rule loses groups that are deleted, whether it names them or their IDs", () => {
  const on = start("SameNode");
  const key = findKey(on.state.registry, "AffinityRules\\R")!;
  const ids = ["B", "C"].map((name) => on.group(name).id);
  on.cluster.run((tx) => tx.setValue(key, "Groups", multiSz(["a", ...ids])));
  for (const name of ["A", "C"]) on.cluster.run((tx) => deleteGroup(tx, on.group(name), true));
  on.settle();
  expect(textsOf(valueOf(key, "Groups")!)).toEqual([ids[0]]);
});
