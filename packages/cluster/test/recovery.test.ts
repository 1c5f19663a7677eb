/** What becomes of resources that fail: restarts, failover, waiting, time-outs ([MS-CMRP] 3.1.4.2.18). */
import { NodeState, ResourceState } from "@msrpc/ms-cmrp";
import { expect, test } from "vitest";
import { onlineGroup } from "../src/core/groups.ts";
import { nodeCameUp, nodeWentDown, pauseNode, resumeNode } from "../src/core/nodes.ts";
import { moveGroupToNode } from "../src/core/moving.ts";
import { failResource, offlineResource } from "../src/core/online.ts";
import { changeGroup } from "../src/core/resources.ts";
import { nextDue } from "../src/core/elapse.ts";
import type { Resource } from "../src/model/objects.ts";
import { scene, type Scene } from "./model-support.ts";

const { Online, OnlinePending, Offline, Failed } = ResourceState;

/** A group that is online, with properties for its resource. */
function online(properties: Partial<Resource> = {}): Scene {
  const on = scene({ G: { r: [] } });
  on.cluster.run((tx) => {
    tx.update("resource", on.resource("r"), properties);
    onlineGroup(tx, on.group("G"));
  });
  on.settle();
  return on;
}

function fail(on: Scene): void {
  on.cluster.run((tx) => failResource(tx, on.resource("r")));
}

test("a resource is restarted on its node after its delay", () => {
  const on = online({ restartDelay: 500 });
  fail(on);
  expect(nextDue(on.state)).toBe(on.now + 500);
  on.wait(499);
  expect(on.resource("r").state).toBe(Failed);
  on.wait(1);
  expect(on.resource("r").state).toBe(OnlinePending);
  on.settle();
  expect(on.resource("r").state).toBe(Online);
  expect(on.group("G").owner).toBe("1");
});

test.each([-3_600_000, 3_600_000])(
  "a clock that is set by %i ms changes no delay and no time-out",
  (by) => {
    const on = online({ restartDelay: 500, restartThreshold: 5, pendingTimeout: 1000 });
    fail(on);
    on.isSetBy = by;
    expect(nextDue(on.state, on.cluster.now - on.cluster.steady)).toBe(on.now + 500);
    on.wait(499);
    expect(on.resource("r").state).toBe(Failed);
    on.wait(1);
    expect(on.resource("r").state).toBe(OnlinePending);
    on.isSetBy = 0;
    on.wait(999);
    expect(on.resource("r").state).toBe(OnlinePending);
    on.wait(1);
    expect(on.resource("r").state).toBe(Failed);
  },
);

test("more failures in a period than it may have restarts move its group to the next node", () => {
  const on = online({ restartThreshold: 2, restartPeriod: 900_000 });
  for (const owner of ["1", "1"]) {
    fail(on);
    on.wait(500);
    on.settle();
    expect(on.group("G").owner).toBe(owner);
  }
  fail(on);
  on.settle();
  expect(on.group("G").owner).toBe("2");
  expect(on.resource("r")).toMatchObject({ state: Online, restarts: [] });
});

test("failures that are longer ago than the period are forgotten", () => {
  const on = online({ restartThreshold: 1, restartPeriod: 10_000 });
  for (let times = 0; times < 3; times++) {
    fail(on);
    on.wait(500);
    on.settle();
    on.wait(10_001);
  }
  expect(on.group("G").owner).toBe("1");
  expect(on.resource("r").state).toBe(Online);
});

test("a group that has moved as often as it may waits, and is tried again in time", () => {
  const on = online({ restartThreshold: 0, retryPeriodOnFailure: 60_000 });
  for (const owner of ["2", "1", "1"]) {
    fail(on);
    on.settle();
    expect(on.group("G").owner).toBe(owner);
  }
  expect(on.resource("r").state).toBe(Failed);
  expect(nextDue(on.state)).toBe(on.now + 60_000);
  on.wait(60_000);
  on.settle();
  expect(on.resource("r").state).toBe(Online);
});

test("a group moves again when its earlier moves are longer ago than its period", () => {
  const on = online({ restartThreshold: 0 });
  on.cluster.run((tx) =>
    tx.update("group", on.group("G"), { failoverThreshold: 1, failoverPeriod: 1 }),
  );
  fail(on);
  on.settle();
  on.wait(3_600_001);
  fail(on);
  on.settle();
  expect(on.group("G").owner).toBe("1");
});

test.each([
  ["with action 0 a resource stays failed", { restartAction: 0 }, null],
  ["with action 1 its group stays", { restartAction: 1, restartThreshold: 0 }, 3_600_000],
  [
    "with no retry period it waits for a client",
    { restartAction: 1, restartThreshold: 0, retryPeriodOnFailure: 0xffff_ffff },
    null,
  ],
])("%s", (_, properties, due) => {
  const on = online(properties);
  fail(on);
  expect(on.resource("r").state).toBe(Failed);
  expect(on.group("G").owner).toBe("1");
  expect(nextDue(on.state)).toBe(due === null ? null : on.now + due);
});

test("a resource that is to be offline is not restarted when it fails to go", () => {
  const on = online();
  on.cluster.run((tx) => offlineResource(tx, on.resource("r")));
  on.answer("failed");
  expect(on.resource("r").state).toBe(Failed);
  expect(nextDue(on.state)).toBeNull();
});

test("a host that takes longer than it may has failed", () => {
  const on = scene({ G: { r: [] } });
  on.cluster.run((tx) => {
    tx.update("resource", on.resource("r"), { pendingTimeout: 1000 });
    onlineGroup(tx, on.group("G"));
  });
  on.wait(999);
  expect(on.resource("r").state).toBe(OnlinePending);
  on.wait(1);
  expect(on.resource("r").state).toBe(Failed);
  expect(on.asked.at(-1)?.type).toBe("terminate");
});

test("what waits for a provider comes when the provider is back", () => {
  const on = scene({ G: { disk: [], app: ["disk"] } });
  on.cluster.run((tx) => onlineGroup(tx, on.group("G")));
  on.settle();
  on.cluster.run((tx) => failResource(tx, on.resource("disk")));
  on.settle();
  expect(on.resource("app").state).toBe(Offline);
  on.wait(500);
  on.settle();
  expect(on.resource("app").state).toBe(Online);
});

test("what failed in a move and is put into another group comes up there", () => {
  const on = scene({ G: { r: [], s: [] }, H: {} });
  on.cluster.run((tx) => onlineGroup(tx, on.group("G")));
  on.settle();
  on.cluster.run((tx) => moveGroupToNode(tx, on.group("G"), on.node("n2")));
  // One host says that it failed; the other one hasn't answered, so that the move goes on.
  on.answer("failed");
  const failed = [...on.state.resources].find(({ state }) => state === Failed);
  expect(failed).toBeDefined();
  expect(on.group("G").move).not.toBeNull();
  on.cluster.run((tx) => changeGroup(tx, failed!, on.group("H")));
  on.settle();
  expect(failed!.state).toBe(Online);
});

test("nothing is restarted on a paused node until it is resumed", () => {
  const on = online();
  on.cluster.run((tx) => pauseNode(tx, on.node("n1")));
  fail(on);
  on.wait(10_000);
  expect(on.asked.map(({ type }) => type)).toEqual(["terminate"]);
  on.cluster.run((tx) => resumeNode(tx, on.node("n1")));
  on.settle();
  expect(on.resource("r").state).toBe(Online);
});

test("the groups of a node that goes down come up elsewhere, and home again where they may", () => {
  const on = online();
  on.cluster.run((tx) =>
    tx.update("group", on.group("G"), { preferredNodes: ["1", "3"], autoFailback: 1 }),
  );
  on.cluster.run((tx) => nodeWentDown(tx, on.node("n1")));
  on.settle();
  expect(on.group("G").owner).toBe("3");
  expect(on.resource("r").state).toBe(Online);
  on.cluster.run((tx) => nodeCameUp(tx, on.node("n1")));
  on.settle();
  expect(on.group("G").owner).toBe("1");
  expect(on.resource("r").state).toBe(Online);
});

test("when only paused nodes are left, groups go there and stay offline", () => {
  const on = online();
  on.cluster.run((tx) => {
    pauseNode(tx, on.node("n2"));
    nodeWentDown(tx, on.node("n3"));
    nodeWentDown(tx, on.node("n1"));
  });
  expect(on.node("n2").state).toBe(NodeState.Paused);
  expect(on.group("G").owner).toBe("2");
  expect(on.resource("r").state).toBe(Offline);
});
