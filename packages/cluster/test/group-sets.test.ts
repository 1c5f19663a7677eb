/** Group sets: made, filled, listed, deleted; what they tell of, and what of them lasts ([MS-CMRP] 3.1.1.1.5, 3.1.4.2.146 to 3.1.4.2.152, 3.1.4.2.162, 3.1.4.2.165, 3.1.4.3.8). */
import { type GroupHandle, GroupState, Status } from "@msrpc/ms-cmrp";
import { GroupSetChangeV2, type GroupSetHandle, ObjectType } from "@msrpc/ms-cmrp/clusapi3";
import { expect, test } from "vitest";
import type { SubjectOf } from "../src/control/answer.ts";
import { addGroupSet, addToGroupSet, removeFromGroupSet } from "../src/core/group-sets.ts";
import * as groups from "../src/core/groups.ts";
import { failResource } from "../src/core/online.ts";
import { readState } from "../src/model/state.ts";
import { fromUtf16 } from "@msrpc/cluster-data";
import { dword, namesIn, read, refusal, run, set, textIn } from "./control-support.ts";
import { scene } from "./model-support.ts";
import { Watch } from "./notify-support.ts";
import { startCluster, type Started, statusOf } from "./registry-support.ts";

type Sets = Readonly<Record<string, GroupSetHandle>>;
type Groups = Readonly<Record<string, GroupHandle>>;

interface Scene extends Started {
  readonly sets: Sets;
  readonly groups: Groups;
}

/** The default cluster with group sets S and T, and groups a and b. */
async function start(): Promise<Scene> {
  const started = startCluster();
  const { client } = started;
  const made = async <T>(names: readonly string[], make: (name: string) => Promise<T>) =>
    Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await make(name)] as const)),
    );
  return {
    ...started,
    sets: await made(["S", "T"], (groupSetName) => client.createGroupSet({ groupSetName })),
    groups: await made(["a", "b"], (groupName) => client.createGroup({ groupName })),
  };
}

function setOf({ cluster }: Started, name: string): SubjectOf<"groupSet"> {
  const object = cluster.state.groupSets.find(name);
  if (object === undefined) throw new TypeError(`no group set ${name}`);
  return { kind: "groupSet", object };
}

const groupsOf = (started: Started, name: string): string[] =>
  namesIn(run(started, setOf(started, name), "GET_GROUPS"));

test("a group set is made, listed, opened by its name and its ID, and deleted", async () => {
  const started = startCluster();
  const { client } = started;
  const cluster = await client.openCluster();
  const listed = async (): Promise<unknown> =>
    (await client.createGroupSetEnum({ cluster })).returnEnum?.entries.map(({ name }) => name);
  expect(await listed()).toEqual([]);
  const groupSet = await client.createGroupSet({ groupSetName: "Databases" });
  await client.createGroupSet({ groupSetName: "Webs" });
  expect(await listed()).toEqual(["Databases", "Webs"]);
  const { id } = setOf(started, "databases").object;
  expect(textIn(run(started, setOf(started, "Databases"), "GET_ID"))).toBe(`${id}\0`);
  for (const groupSetName of ["DATABASES", id]) {
    await client.closeGroupSet({ groupSet: await client.openGroupSet({ groupSetName }) });
  }
  await client.deleteGroupSet({ groupSet });
  expect(await listed()).toEqual(["Webs"]);
  const open = client.openGroupSet({ groupSetName: "Databases" });
  expect(await statusOf(open)).toBe("ERROR_GROUPSET_NOT_FOUND");
  expect(await statusOf(client.deleteGroupSet({ groupSet }))).toBe("ERROR_GROUPSET_NOT_AVAILABLE");
});

test("a group set has a name, and no other's name or ID", async () => {
  const started = startCluster();
  const make = (groupSetName: string): Promise<unknown> =>
    statusOf(started.client.createGroupSet({ groupSetName }));
  expect(await make("")).toBe("ERROR_INVALID_NAME");
  expect(await make(" \t")).toBe("ERROR_INVALID_NAME");
  expect(await make("S")).toBe("ERROR_SUCCESS");
  expect(await make("s")).toBe("ERROR_OBJECT_ALREADY_EXISTS");
  expect(await make(setOf(started, "S").object.id)).toBe("ERROR_OBJECT_ALREADY_EXISTS");
  // Groups have names of their own.
  expect(await make("Cluster Group")).toBe("ERROR_SUCCESS");
});

test("group sets are made and opened by callers that may do all, and listed by those that may read", async () => {
  const { client, allow } = await start();
  const desiredAccess = 0x8000_0000;
  allow("read");
  const denied = "ERROR_ACCESS_DENIED";
  expect(await statusOf(client.createGroupSet({ groupSetName: "U" }))).toBe(denied);
  expect(await statusOf(client.openGroupSet({ groupSetName: "S" }))).toBe(denied);
  const cluster = (await client.openClusterEx({ desiredAccess })).returnValue;
  expect(await statusOf(client.createGroupSetEnum({ cluster }))).toBe("ERROR_SUCCESS");
});

test("a handle that only reads a group puts it into a group set, and takes it out of none", async () => {
  const { client, sets } = await start();
  const desiredAccess = 0x8000_0000;
  const group = (await client.openGroupEx({ groupName: "a", desiredAccess })).returnValue;
  const add = client.addGroupToGroupSet({ groupSet: sets["S"]!, group });
  expect(await statusOf(add)).toBe("ERROR_SUCCESS");
  const denied = "ERROR_ACCESS_DENIED";
  expect(await statusOf(client.removeGroupFromGroupSet({ group }))).toBe(denied);
  const move = client.moveGroupToGroupSet({ groupSet: sets["T"]!, group });
  expect(await statusOf(move)).toBe(denied);
});

test("a group is in one group set, which it leaves for none or for another", async () => {
  const scene = await start();
  const { client, sets, groups } = scene;
  const [S, T, a, b] = [sets["S"]!, sets["T"]!, groups["a"]!, groups["b"]!];
  const status = (call: Promise<unknown>): Promise<unknown> => statusOf(call);
  expect(await status(client.removeGroupFromGroupSet({ group: a }))).toBe("ERROR_INVALID_STATE");
  await client.addGroupToGroupSet({ groupSet: S, group: b });
  await client.addGroupToGroupSet({ groupSet: S, group: a });
  expect(groupsOf(scene, "S")).toEqual(["b", "a"]);
  expect(await status(client.addGroupToGroupSet({ groupSet: S, group: a }))).toBe(
    "ERROR_ALREADY_EXISTS",
  );
  expect(await status(client.addGroupToGroupSet({ groupSet: T, group: a }))).toBe(
    "ERROR_INVALID_STATE",
  );
  await client.moveGroupToGroupSet({ groupSet: T, group: a });
  expect([groupsOf(scene, "S"), groupsOf(scene, "T")]).toEqual([["b"], ["a"]]);
  await client.removeGroupFromGroupSet({ group: b });
  await client.moveGroupToGroupSet({ groupSet: T, group: b });
  expect([groupsOf(scene, "S"), groupsOf(scene, "T")]).toEqual([[], ["a", "b"]]);
});

test("a group comes into a group set with its domains, or without", async () => {
  const { client, cluster, sets, groups } = await start();
  const domains = { faultDomain: 2, updateDomain: 5, reserved: 0 };
  const groupSet = sets["S"]!;
  await client.addGroupToGroupSetEx({ groupSet, group: groups["a"]!, ...domains, useDomains: 1 });
  await client.addGroupToGroupSetEx({ groupSet, group: groups["b"]!, ...domains, useDomains: 0 });
  expect(cluster.state.groups.find("a")).toMatchObject({ faultDomain: 2, updateDomain: 5 });
  expect(cluster.state.groups.find("b")).toMatchObject({ faultDomain: 0, updateDomain: 0 });
});

test("a group that is deleted leaves its group set, and groups that are left by theirs stay", async () => {
  const scene = await start();
  const { client, cluster, sets, groups } = scene;
  for (const group of [groups["a"]!, groups["b"]!]) {
    await client.addGroupToGroupSet({ groupSet: sets["S"]!, group });
  }
  await client.deleteGroup({ group: groups["a"]!, force: 0 });
  expect(groupsOf(scene, "S")).toEqual(["b"]);
  await client.deleteGroupSet({ groupSet: sets["S"]! });
  expect(cluster.state.groups.find("b")).toMatchObject({ groupSet: "" });
  const add = client.addGroupToGroupSet({ groupSet: sets["T"]!, group: groups["a"]! });
  expect(await statusOf(add)).toBe("ERROR_GROUP_NOT_AVAILABLE");
});

test("what is deleted can't be used", async () => {
  const { client, sets, groups } = await start();
  const [S, T, a] = [sets["S"]!, sets["T"]!, groups["a"]!];
  await client.deleteGroupSet({ groupSet: S });
  const gone = "ERROR_GROUPSET_NOT_AVAILABLE";
  const calls = [
    client.addGroupToGroupSet({ groupSet: S, group: a }),
    client.moveGroupToGroupSet({ groupSet: S, group: a }),
    client.addGroupSetDependency({ dependentGroupSet: S, providerGroupSet: T }),
    client.addGroupSetDependency({ dependentGroupSet: T, providerGroupSet: S }),
    client.removeGroupSetDependency({ groupSet: S, dependsOn: T }),
    client.addGroupToGroupSetDependency({ dependentGroup: a, providerGroupSet: S }),
    client.removeClusterGroupToGroupSetDependency({ group: a, dependsOn: S }),
    client.groupSetControl({
      groupSet: S,
      controlCode: 0x0800_0039,
      inBuffer: null,
      outBufferSize: 9,
    }),
  ];
  expect(await Promise.all(calls.map(statusOf))).toEqual(calls.map(() => gone));
  const express = client.setGroupSetDependencyExpression({ groupSet: S, dependencyExpression: "" });
  expect(await statusOf(express)).toBe("ERROR_GROUPSET_NOT_FOUND");
});

test("a group set has the properties that say when it has started, which are kept", async () => {
  const scene = await start();
  const subject = setOf(scene, "S");
  expect(read(scene, subject, "GET_COMMON_PROPERTIES")).toEqual({
    FaultDomains: dword(0),
    IsAvailabilitySet: dword(0),
    IsGlobal: dword(0),
    ReserveSpareNode: dword(0),
    StartupCount: dword(0xffff_ffff),
    StartupDelay: dword(20),
    StartupSetting: dword(1),
    UpdateDomains: dword(0),
  });
  expect(read(scene, subject, "GET_RO_COMMON_PROPERTIES")).toMatchObject({
    Name: { text: "S" },
  });
  const wanted = [
    { name: "StartupSetting", value: dword(2) },
    { name: "StartupDelay", value: dword(60) },
    { name: "IsGlobal", value: dword(1) },
  ];
  set(scene, subject, "COMMON", ...wanted);
  expect(subject.object).toMatchObject({ startupSetting: 2, startupDelay: 60, isGlobal: 1 });
  for (const [name, number] of [
    ["StartupSetting", 0],
    ["StartupSetting", 5],
    ["IsGlobal", 2],
    ["Unknown", 1],
  ] as const) {
    const value = dword(number);
    expect(refusal(() => set(scene, subject, "COMMON", { name, value }))).toBe(87);
  }
});

test("group sets, what is in them and what they need are there again after a restart", async () => {
  const { client, cluster, sets, groups } = await start();
  const [S, T, a, b] = [sets["S"]!, sets["T"]!, groups["a"]!, groups["b"]!];
  await client.addGroupToGroupSet({ groupSet: S, group: a });
  await client.addGroupToGroupSetEx({
    groupSet: T,
    group: b,
    faultDomain: 1,
    updateDomain: 2,
    useDomains: 1,
    reserved: 0,
  });
  await client.addGroupSetDependency({ dependentGroupSet: S, providerGroupSet: T });
  const group = await client.createGroup({ groupName: "c" });
  await client.addGroupToGroupSetDependency({ dependentGroup: group, providerGroupSet: S });
  await client.setGroupDependencyExpression({ group, dependencyExpression: "[b]" });
  const again = readState(cluster.state.registry);
  expect([...again.groupSets]).toEqual([...cluster.state.groupSets]);
  const [first, second] = again.groupSets;
  expect(first).toMatchObject({ name: "S", providers: [second!.id] });
  expect(again.groups.find("a")).toMatchObject({ groupSet: first!.id });
  expect(again.groups.find("b")).toMatchObject({
    groupSet: second!.id,
    faultDomain: 1,
    updateDomain: 2,
  });
  expect(again.groups.find("c")).toMatchObject({
    groupSet: "",
    providerSet: first!.id,
    providerGroups: [again.groups.find("b")!.id],
  });
});

test("a group set tells of its groups, its properties, what it needs, what needs it, and its end", async () => {
  const scene = await start();
  const { client, sets, groups } = scene;
  const [S, T, a, b] = [sets["S"]!, sets["T"]!, groups["a"]!, groups["b"]!];
  const { id } = setOf(scene, "S").object;
  const watch = await (await Watch.open(scene)).add(ObjectType.GroupSet, 0xff, S);
  await client.addGroupToGroupSet({ groupSet: S, group: a });
  await client.addGroupToGroupSet({ groupSet: T, group: b });
  await client.addGroupSetDependency({ dependentGroupSet: S, providerGroupSet: T });
  await client.setGroupSetDependencyExpression({ groupSet: S, dependencyExpression: "" });
  await client.addGroupToGroupSetDependency({ dependentGroup: b, providerGroupSet: S });
  await client.removeClusterGroupToGroupSetDependency({ group: b, dependsOn: S });
  set(scene, setOf(scene, "S"), "COMMON", { name: "StartupDelay", value: dword(1) });
  await client.deleteGroupSet({ groupSet: S });
  const seen = await watch.seen();
  const C = GroupSetChangeV2;
  const text = (buffer: Uint8Array | null): string => fromUtf16(buffer ?? new Uint8Array(0));
  const idOf = (name: string): string => scene.cluster.state.groups.find(name)!.id;
  expect(seen.map(({ flag, data }) => [flag, text(data.buffer)])).toEqual([
    [C.GroupAdded, `${idOf("a")}\0`],
    [C.Dependencies, `[${setOf(scene, "T").object.id}]\0`],
    [C.Dependencies, "\0"],
    [C.Dependents, `${idOf("b")}\0\0`],
    [C.Dependents, "\0"],
    [C.CommonProperty, expect.stringContaining("StartupDelay")],
    [C.GroupRemoved, `${idOf("a")}\0`],
    [C.Deleted, ""],
  ]);
  for (const { data } of seen) {
    expect(data).toMatchObject({ objectId: id, name: "S", parentId: "", type: "" });
  }
});

test("a filter of group sets asks for their events, of one or of all", async () => {
  const scene = await start();
  const { client, sets, groups } = scene;
  const one = await (await Watch.open(scene)).add(ObjectType.GroupSet, 0x10, sets["T"]);
  const all = await (await Watch.open(scene)).add(ObjectType.GroupSet, 0x10);
  await client.addGroupToGroupSet({ groupSet: sets["S"]!, group: groups["a"]! });
  expect(await one.seen()).toEqual([]);
  expect(await all.seen()).toHaveLength(1);
  const close = (await Watch.open(scene)).add(ObjectType.GroupSet, GroupSetChangeV2.HandleClose);
  expect(await statusOf(close)).toBe("ERROR_INVALID_PARAMETER");
});

test("the state of a group set follows from those of its groups, and is told of", async () => {
  const on = scene({ A: { a: [] }, B: { b: [] }, C: { c: [] } });
  const { cluster } = on;
  const states = (): unknown[] =>
    on.events
      .splice(0)
      .flatMap((event) => (event.kind === "groupSet" && event.what === "state" ? event.value : []));
  const set = cluster.run((tx) => addGroupSet(tx, "S"));
  for (const name of ["A", "B"]) cluster.run((tx) => addToGroupSet(tx, set, on.group(name)));
  const { Online, Offline, Pending, PartialOnline, Failed } = GroupState;
  expect(states()).toEqual([]);
  cluster.run((tx) => groups.onlineGroup(tx, on.group("A")));
  on.settle();
  expect(states()).toEqual([Pending, PartialOnline]);
  cluster.run((tx) => groups.onlineGroup(tx, on.group("B")));
  on.settle();
  expect(states()).toEqual([Pending, Online]);
  cluster.run((tx) => addToGroupSet(tx, set, on.group("C")));
  expect(states()).toEqual([PartialOnline]);
  cluster.run((tx) => removeFromGroupSet(tx, on.group("C")));
  expect(states()).toEqual([Online]);
  cluster.run((tx) => tx.update("resource", on.resource("a"), { restartAction: 0 }));
  cluster.run((tx) => failResource(tx, on.resource("a")));
  expect(states()).toEqual([Failed]);
  cluster.run((tx) => removeFromGroupSet(tx, on.group("A")));
  cluster.run((tx) => removeFromGroupSet(tx, on.group("B")));
  expect(states()).toEqual([Online, Offline]);
});

test("groups of an availability set in different domains keep to different nodes", () => {
  const on = scene({ A: { a: [] }, B: { b: [] }, C: { c: [] } }, "software");
  const { cluster } = on;
  const set = cluster.run((tx) => addGroupSet(tx, "S"));
  const join = (name: string, faultDomain: number, updateDomain: number): void =>
    cluster.run((tx) => addToGroupSet(tx, set, on.group(name), { faultDomain, updateDomain }));
  cluster.run((tx) => {
    tx.update("groupSet", set, { isAvailabilitySet: 1, faultDomains: 2 });
    for (const name of ["A", "B", "C"]) groups.setPreferredNodes(tx, on.group(name), ["1"]);
  });
  join("A", 0, 0);
  join("B", 1, 0);
  join("C", 0, 0);
  expect(refusal(() => join("C", 2, 0))).toBe(Status.ERROR_ALREADY_EXISTS);
  cluster.run((tx) => removeFromGroupSet(tx, on.group("C")));
  expect(refusal(() => join("C", 2, 0))).toBe(Status.ERROR_INVALID_PARAMETER);
  join("C", 0, 0);
  for (const name of ["A", "B", "C"]) {
    cluster.run((tx) => groups.onlineGroup(tx, on.group(name), { picksNode: true }));
  }
  expect(["A", "B", "C"].map((name) => on.group(name).owner)).toEqual(["1", "2", "1"]);
  cluster.run((tx) => tx.update("group", on.group("C"), { updateDomain: 1 }));
  cluster.run((tx) => groups.offlineGroup(tx, on.group("C")));
  cluster.run((tx) => groups.onlineGroup(tx, on.group("C"), { picksNode: true }));
  expect(on.group("C").owner).toBe("3");
  cluster.run((tx) => tx.update("groupSet", set, { isAvailabilitySet: 0 }));
  cluster.run((tx) => groups.offlineGroup(tx, on.group("C")));
  cluster.run((tx) => groups.onlineGroup(tx, on.group("C"), { picksNode: true }));
  expect(on.group("C").owner).toBe("1");
});
