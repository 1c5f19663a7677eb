/** Groups start after others: one by one, by group sets, by time, and not for ever ([MS-CMRP] 3.1.1.1.5). */
import { GroupState, ResourceState } from "@msrpc/ms-cmrp";
import { Format, readPropertyList } from "@msrpc/cluster-data";
import { GroupOnlineFlags } from "@msrpc/ms-cmrp/clusapi3";
import { expect, test } from "vitest";
import * as order from "../src/core/group-dependencies.ts";
import * as sets from "../src/core/group-sets.ts";
import * as groups from "../src/core/groups.ts";
import * as nodes from "../src/core/nodes.ts";
import { setProperties } from "../src/core/properties.ts";
import { nextDue } from "../src/core/elapse.ts";
import { reorder } from "../src/core/reorder.ts";
import { Cluster } from "@msrpc/cluster";
import type { GroupSet } from "../src/model/objects.ts";
import { readState } from "../src/model/state.ts";
import { scene, type Scene } from "./model-support.ts";
import { answerOf, serve } from "./served-scene.ts";

interface Settings {
  readonly StartupSetting?: number;
  readonly StartupCount?: number;
  readonly StartupDelay?: number;
  readonly IsGlobal?: number;
}

const online = 2;

/** Groups of one resource, which has the group's name in small letters, and group sets of them. */
function start(
  names: string,
  inSets: Readonly<Record<string, readonly [members: string, settings: Settings]>> = {},
): Scene {
  const on = scene(
    Object.fromEntries(Array.from(names, (name) => [name, { [name.toLowerCase()]: [] }])),
  );
  on.cluster.run((tx) => {
    for (const [name, [members]] of Object.entries(inSets)) {
      const set = sets.addGroupSet(tx, name);
      for (const member of members) sets.addToGroupSet(tx, set, on.group(member));
    }
  });
  for (const [name, [, settings]] of Object.entries(inSets)) give(on, name, settings);
  return on;
}

function setOf(on: Scene, name: string): GroupSet {
  const found = on.state.groupSets.find(name);
  if (found === undefined) throw new TypeError(`no group set ${name}`);
  return found;
}

function give(on: Scene, name: string, settings: Settings): void {
  const properties = Object.entries(settings).map(([property, number]) => ({
    name: property,
    value: { format: Format.Dword, number: number as number } as const,
  }));
  on.cluster.run((tx) => {
    if (properties.length === 0) return;
    setProperties(tx, { kind: "groupSet", object: setOf(on, name) }, "common", properties);
    reorder(tx, 0);
  });
}

const run = (on: Scene, name: string): void =>
  on.cluster.run((tx) => groups.onlineGroup(tx, on.group(name)));
const after = (on: Scene, group: string, expression: string): void =>
  on.cluster.run((tx) => order.setGroupExpression(tx, on.group(group), expression));
const setAfter = (on: Scene, set: string, provider: string): void =>
  on.cluster.run((tx) => order.addSetDependency(tx, setOf(on, set), setOf(on, provider)));

/** Names of the groups whose resources hosts are to bring online. */
const starting = (on: Scene): string =>
  on.asked
    .filter(({ type }) => type === "online")
    .map(({ resource }) => on.state.resources.get(resource)?.name.toUpperCase())
    .join("");

test("a group that comes online brings what it starts after, which is first", () => {
  const on = start("ABCD");
  after(on, "A", "[B] and [C]");
  after(on, "C", "[D]");
  run(on, "A");
  expect(starting(on)).toBe("BD");
  expect(on.group("D").persistentState).toBe(1);
  expect(on.resource("a").state).toBe(ResourceState.Offline);
  on.answer();
  on.answer();
  expect(starting(on)).toBe("C");
  on.answer();
  expect(starting(on)).toBe("A");
});

test("a group whose turn it isn't is offline, says that it waits, and can be kept offline", async () => {
  const on = start("AB");
  after(on, "A", "[B]");
  const { client, group, resource } = serve(on);
  const A = await group("A");
  const ask = async (): Promise<unknown> => {
    const given = await client.groupControl({
      group: A,
      controlCode: 0x0300_228d,
      inBuffer: null,
      outBufferSize: 4,
    });
    return given.outBuffer;
  };
  expect(await answerOf(client.onlineGroup({ group: A }))).toBe("ERROR_IO_PENDING");
  expect((await client.getGroupState({ group: A })).state).toBe(GroupState.Offline);
  expect(await ask()).toEqual(Uint8Array.of(0xe5, 3, 0, 0));
  const status = async (): Promise<unknown> => {
    const { resultList } = await client.createGroupEnum({
      cluster: await client.openCluster(),
      properties: null,
      roProperties: new Uint8Array(Buffer.from("StatusInformation\0\0", "utf16le")),
    });
    const list = resultList?.entries.find(({ name }) => name === "A")?.roProperties;
    const [property] = readPropertyList(list ?? new Uint8Array(0));
    return property?.value;
  };
  expect(await status()).toEqual({ format: Format.UlargeInteger, number: 0x1000n });
  expect(await answerOf(client.onlineResource({ resource: await resource("a") }))).toBe(
    "ERROR_IO_PENDING",
  );
  expect(await answerOf(client.offlineGroup({ group: A }))).toBe("ERROR_SUCCESS");
  expect(await status()).toEqual({ format: Format.UlargeInteger, number: 0n });
  on.settle();
  expect(starting(on)).toBe("");
  expect(on.group("A").state).toBe(GroupState.Offline);
  expect(on.group("B").state).toBe(GroupState.Online);
});

test("who waits for a group to be online waits for those before it", async () => {
  const on = start("AB");
  after(on, "A", "[B]");
  const { client, group } = serve(on);
  let isAnswered = false;
  const call = client
    .onlineGroupEx({
      group: await group("A"),
      onlineFlags: GroupOnlineFlags.Synchronous,
      inBuffer: new Uint8Array(),
    })
    .then(({ returnValue }) => {
      isAnswered = true;
      return returnValue;
    });
  await client.getClusterName();
  on.answer();
  await client.getClusterName();
  expect(isAnswered).toBe(false);
  on.answer();
  expect(await call).toBe(0);
});

test("groups of a set start after all groups of another set that is to be online", () => {
  const on = start("ABXY", {
    App: ["AB", {}],
    Db: ["XY", { StartupSetting: online }],
  });
  setAfter(on, "App", "Db");
  run(on, "A");
  expect(starting(on)).toBe("XY");
  on.answer();
  expect(starting(on)).toBe("Y");
  on.answer();
  expect(starting(on)).toBe("A");
});

test.each([
  [0xffff_ffff, 3],
  [0, 2],
  [1, 1],
  [7, 3],
])("a StartupCount of %i lets others start after %i of three groups", (StartupCount, needed) => {
  const on = start("AXYZ", { Db: ["XYZ", { StartupSetting: online, StartupCount }] });
  on.cluster.run((tx) => order.addDependencyOnSet(tx, on.group("A"), setOf(on, "Db")));
  run(on, "A");
  for (let count = 0; count < needed; count++) {
    expect(starting(on)).not.toContain("A");
    on.answer();
  }
  expect(starting(on)).toContain("A");
});

test("by its delay a group set has started some time after its groups began to", () => {
  const on = start("AX", { Db: ["X", { StartupDelay: 30 }] });
  on.cluster.run((tx) => order.addDependencyOnSet(tx, on.group("A"), setOf(on, "Db")));
  run(on, "A");
  const begun = on.now;
  expect(nextDue(on.state)).toBe(begun + 30_000);
  on.wait(29_999);
  expect(starting(on)).toBe("X");
  on.wait(1);
  expect(starting(on)).toBe("XA");
});

test("a shorter delay counts at once for who waits", () => {
  const on = start("AX", { Db: ["X", {}] });
  on.cluster.run((tx) => order.addDependencyOnSet(tx, on.group("A"), setOf(on, "Db")));
  run(on, "A");
  give(on, "Db", { StartupDelay: 0 });
  expect(starting(on)).toBe("XA");
});

test("a group that waits in vain starts after GroupDependencyTimeout", () => {
  const on = start("AB");
  after(on, "A", "[B]");
  on.cluster.run((tx) =>
    setProperties(tx, { kind: "cluster", object: tx.state }, "common", [
      { name: "GroupDependencyTimeout", value: { format: Format.Dword, number: 100 } },
    ]),
  );
  on.cluster.run((tx) => tx.update("resource", on.resource("b"), { restartAction: 0 }));
  run(on, "A");
  on.answer("failed");
  expect(nextDue(on.state)).toBe(on.now + 100_000);
  on.wait(99_999);
  expect(starting(on)).toBe("");
  on.wait(1);
  expect(starting(on)).toBe("A");
});

test("on a paused node a group that has waited long enough waits for the node alone", () => {
  const on = start("AB");
  after(on, "A", "[B]");
  run(on, "A");
  on.cluster.run((tx) => nodes.pauseNode(tx, on.node("n1")));
  on.wait(600_000);
  expect(starting(on)).toBe("B");
  expect(nextDue(on.state)).not.toBe(on.now);
  on.cluster.run((tx) => nodes.resumeNode(tx, on.node("n1")));
  expect(starting(on)).toContain("A");
});

test("all others start after the groups of a global set, but what the cluster itself needs", () => {
  const on = start("ABGC", {
    S: ["B", {}],
    Global: ["G", { IsGlobal: 1, StartupSetting: online }],
  });
  on.cluster.run((tx) => tx.update("resource", on.resource("c"), { isCore: 1 }));
  run(on, "C");
  expect(starting(on)).toBe("C");
  run(on, "A");
  run(on, "B");
  expect(starting(on)).toBe("CG");
  on.settle();
  for (const name of "ABGC") expect(on.group(name).state).toBe(GroupState.Online);
});

test("a group set that nobody wants online is passed over, to what that one starts after", () => {
  const on = start("ABC", {
    S: ["A", {}],
    T: ["B", { StartupSetting: online }],
    U: ["C", { StartupSetting: online }],
  });
  setAfter(on, "S", "T");
  setAfter(on, "T", "U");
  on.cluster.run((tx) => {
    for (const name of ["a", "c"]) tx.update("resource", on.resource(name), { persistentState: 1 });
  });
  const again = new Cluster(readState(on.state.registry), {
    surroundings: { now: () => on.now, newId: () => "" },
    host: { perform: () => {} },
  });
  const resources = again.state.resources;
  expect(resources.find("c")?.hosting).toBe("starting");
  expect(resources.find("a")).toMatchObject({ hosting: "none", state: ResourceState.Offline });
  expect(resources.find("b")).toMatchObject({ hosting: "none", persistentState: 0 });
});

test("a group that runs stays when what it started after goes, and starts after it again elsewhere", () => {
  const on = start("AB");
  after(on, "A", "[B]");
  run(on, "A");
  on.settle();
  on.cluster.run((tx) => groups.offlineGroup(tx, on.group("B")));
  on.settle();
  expect(on.group("A").state).toBe(GroupState.Online);
  run(on, "B");
  on.settle();
  on.cluster.run((tx) => nodes.nodeWentDown(tx, on.node("n1")));
  expect(starting(on)).toBe("B");
  while (starting(on) === "B") on.answer();
  expect(starting(on)).toBe("A");
});

test("a group that waits starts when it no longer has to: its dependency, its set or the other group is gone", () => {
  for (const release of [
    (on: Scene) => after(on, "A", ""),
    (on: Scene) =>
      on.cluster.run((tx) => order.removeGroupDependency(tx, on.group("A"), on.group("B"))),
    (on: Scene) => on.cluster.run((tx) => groups.deleteGroup(tx, on.group("B"), true)),
  ]) {
    const on = start("AB");
    after(on, "A", "[B]");
    run(on, "A");
    release(on);
    on.settle();
    expect(on.group("A").state).toBe(GroupState.Online);
  }
  const on = start("AX", { S: ["A", {}], Db: ["X", { StartupSetting: online }] });
  setAfter(on, "S", "Db");
  run(on, "A");
  expect(starting(on)).toBe("X");
  on.cluster.run((tx) => sets.removeFromGroupSet(tx, on.group("A")));
  expect(starting(on)).toBe("XA");
});
