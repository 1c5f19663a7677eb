/** Groups return by themselves in the hours that they allow (FailbackWindowStart, FailbackWindowEnd). */
import { expect, test } from "vitest";
import { nextDue } from "../src/core/elapse.ts";
import * as groups from "../src/core/groups.ts";
import * as nodes from "../src/core/nodes.ts";
import { beginMove } from "../src/core/transfer.ts";
import { scene, type Scene } from "./model-support.ts";

/** Milliseconds since 1970 of an hour, by the local time, of a day in May and of those after it. */
const at = (hour: number, minute = 0, day = 5): number =>
  new Date(2026, 4, day, hour, minute).getTime();

/** A group that prefers the first node and returns to it between these hours; that node is down, and back at `now`. */
function start(now: number, failbackStart: number, failbackEnd: number): Scene {
  const on = scene({ G: { g: [] } }, "software");
  on.now = now;
  on.cluster.run((tx) => {
    groups.setPreferredNodes(tx, on.group("G"), ["1"]);
    tx.update("group", on.group("G"), { autoFailback: 1, failbackStart, failbackEnd });
    groups.onlineGroup(tx, on.group("G"));
  });
  on.cluster.run((tx) => nodes.nodeWentDown(tx, on.node("n1")));
  expect(on.group("G").owner).toBe("2");
  on.cluster.run((tx) => nodes.nodeCameUp(tx, on.node("n1")));
  return on;
}

test.each([
  ["at once without hours", at(12), 0xffff_ffff, 0xffff_ffff],
  ["at once with equal hours", at(12), 3, 3],
  ["at once within its hours", at(12), 9, 17],
  ["at once within hours of the night", at(23), 22, 4],
  ["at once within hours of the night, after midnight", at(3, 59), 22, 4],
])("a group returns %s", (_, now, from, to) => {
  const on = start(now, from, to);
  expect(on.group("G").owner).toBe("1");
  expect(nextDue(on.state)).toBeNull();
});

test.each([
  ["later on the same day", at(12), 20, 22, at(20)],
  ["on the next day", at(12), 9, 12, at(9, 0, 6)],
  ["on the next day, from the end of its hours on", at(17), 9, 17, at(9, 0, 6)],
  ["in the evening", at(4), 22, 4, at(22)],
])("a group returns %s", (_, now, from, to, opens) => {
  const on = start(now, from, to);
  expect(on.group("G").owner).toBe("2");
  expect(nextDue(on.state)).toBe(opens);
  on.wait(opens - now - 1);
  expect(on.group("G").owner).toBe("2");
  on.wait(1);
  expect(on.group("G").owner).toBe("1");
  expect(nextDue(on.state)).toBeNull();
});

test("hours are those of the clock of the day, also when that is set", () => {
  const on = start(at(12), 20, 22);
  on.isSetBy = at(20) - at(12);
  expect(nextDue(on.state, on.cluster.now - on.cluster.steady)).toBe(on.now);
  on.wait(0);
  expect(on.group("G").owner).toBe("1");
});

test("when its hour has come, a group only returns where it still would and can", () => {
  for (const change of [
    (on: Scene) => on.cluster.run((tx) => tx.update("group", on.group("G"), { autoFailback: 0 })),
    (on: Scene) => on.cluster.run((tx) => groups.setPreferredNodes(tx, on.group("G"), ["3"])),
    (on: Scene) => on.cluster.run((tx) => nodes.pauseNode(tx, on.node("n1"))),
    (on: Scene) => on.cluster.run((tx) => nodes.nodeWentDown(tx, on.node("n1"))),
    (on: Scene) =>
      on.cluster.run((tx) => tx.update("resource", on.resource("g"), { possibleOwners: ["2"] })),
  ]) {
    const on = start(at(12), 20, 22);
    change(on);
    on.wait(at(20) - at(12));
    expect(on.group("G").owner).toBe("2");
    expect(on.group("G").failback).toBeNull();
    expect(nextDue(on.state)).toBeNull();
  }
});

test("a group that is on its way when its hour has come is looked at again, as long as the hours last", () => {
  const on = start(at(12), 20, 22);
  on.cluster.run((tx) => {
    const parameters = new Uint8Array();
    beginMove(tx, on.group("G"), { from: "2", to: "3", returnsOnError: false, parameters });
  });
  on.wait(at(20) - at(12));
  expect(nextDue(on.state)).toBe(at(20, 1));
  on.cluster.run((tx) => tx.update("group", on.group("G"), { move: null }));
  on.wait(60_000);
  expect(on.group("G").owner).toBe("1");
});

test("what is brought back by force doesn't wait for its hours", () => {
  const on = scene({ G: { g: [] } }, "software");
  on.now = at(12);
  on.cluster.run((tx) => {
    tx.update("group", on.group("G"), { autoFailback: 1, failbackStart: 20, failbackEnd: 22 });
    groups.onlineGroup(tx, on.group("G"));
  });
  on.cluster.run((tx) => nodes.drainNode(tx, on.node("n1"), { to: null, mayRemain: false }));
  expect(on.group("G").owner).not.toBe("1");
  on.cluster.run((tx) => nodes.resumeNode(tx, on.node("n1"), "all"));
  expect(on.group("G").owner).toBe("1");
});
