/** What starts before groups and group sets: added, removed, written as expressions, and never in a circle ([MS-CMRP] 3.1.4.2.153, 3.1.4.2.154, 3.1.4.2.157 to 3.1.4.2.161). */
import type { GroupHandle } from "@msrpc/ms-cmrp";
import type { GroupSetHandle } from "@msrpc/ms-cmrp/clusapi3";
import { expect, test } from "vitest";
import type { Subject } from "../src/property/subject.ts";
import { dword, namesIn, refusal, run, set } from "./control-support.ts";
import { pictureOf } from "./model-support.ts";
import { startCluster, type Started, statusOf } from "./registry-support.ts";

interface Scene extends Started {
  /** Handles by name. */
  readonly sets: Readonly<Record<string, GroupSetHandle>>;
  readonly groups: Readonly<Record<string, GroupHandle>>;
}

/** Group sets with what is in them; the groups are made as they are named. Others stand alone. */
async function start(
  inSets: Readonly<Record<string, readonly string[]>>,
  ...alone: readonly string[]
): Promise<Scene> {
  const started = startCluster();
  const { client } = started;
  const sets: Record<string, GroupSetHandle> = {};
  const groups: Record<string, GroupHandle> = {};
  for (const [groupSetName, members] of Object.entries(inSets)) {
    const groupSet = await client.createGroupSet({ groupSetName });
    sets[groupSetName] = groupSet;
    for (const groupName of members) {
      const group = await client.createGroup({ groupName });
      groups[groupName] = group;
      await client.addGroupToGroupSet({ groupSet, group });
    }
  }
  for (const groupName of alone) groups[groupName] = await client.createGroup({ groupName });
  return { ...started, sets, groups };
}

function subject({ cluster: { state } }: Started, kind: "group" | "groupSet", name: string) {
  const object = (kind === "group" ? state.groups : state.groupSets).find(name);
  if (object === undefined) throw new TypeError(`nothing is called ${name}`);
  return { kind, object } as Subject;
}

const providersOf = (on: Scene, kind: "group" | "groupSet", name: string): string[] =>
  namesIn(run(on, subject(on, kind, name), "GET_PROVIDER_GROUPSETS"));
const providerGroupsOf = (on: Scene, kind: "group" | "groupSet", name: string): string[] =>
  namesIn(run(on, subject(on, kind, name), "GET_PROVIDER_GROUPS"));

const depend = (on: Scene, dependent: string, provider: string): Promise<unknown> =>
  statusOf(
    on.client.addGroupSetDependency({
      dependentGroupSet: on.sets[dependent]!,
      providerGroupSet: on.sets[provider]!,
    }),
  );
const dependOnSet = (on: Scene, dependent: string, provider: string): Promise<unknown> =>
  statusOf(
    on.client.addGroupToGroupSetDependency({
      dependentGroup: on.groups[dependent]!,
      providerGroupSet: on.sets[provider]!,
    }),
  );
const express = (on: Scene, group: string, dependencyExpression: string): Promise<unknown> =>
  statusOf(
    on.client.setGroupDependencyExpression({ group: on.groups[group]!, dependencyExpression }),
  );
const expressSet = (on: Scene, set: string, dependencyExpression: string): Promise<unknown> =>
  statusOf(
    on.client.setGroupSetDependencyExpression({ groupSet: on.sets[set]!, dependencyExpression }),
  );

const invalid = "ERROR_INVALID_PARAMETER";
const fine = "ERROR_SUCCESS";

test("a group set starts after others, until that is taken back", async () => {
  const on = await start({ Web: ["w"], App: ["x", "y"], Db: ["d"] });
  expect(await depend(on, "Web", "App")).toBe(fine);
  expect(await depend(on, "Web", "Db")).toBe(fine);
  expect(await depend(on, "Web", "Db")).toBe("ERROR_DEPENDENCY_ALREADY_EXISTS");
  expect(providersOf(on, "groupSet", "Web")).toEqual(["App", "Db"]);
  expect(providerGroupsOf(on, "groupSet", "Web")).toEqual(["x", "y", "d"]);
  const release = (): Promise<unknown> =>
    statusOf(
      on.client.removeGroupSetDependency({ groupSet: on.sets["Web"]!, dependsOn: on.sets["App"]! }),
    );
  expect(await release()).toBe(fine);
  expect(await release()).toBe("ERROR_DEPENDENCY_NOT_FOUND");
  expect(providersOf(on, "groupSet", "Web")).toEqual(["Db"]);
});

test("a group set that something depends on isn't deleted", async () => {
  const on = await start({ Web: ["w"], Db: ["d"] }, "a");
  await depend(on, "Web", "Db");
  const end = (): Promise<unknown> =>
    statusOf(on.client.deleteGroupSet({ groupSet: on.sets["Db"]! }));
  expect(await end()).toBe("ERROR_DIR_NOT_EMPTY");
  await expressSet(on, "Web", "");
  await dependOnSet(on, "a", "Db");
  expect(await end()).toBe("ERROR_DIR_NOT_EMPTY");
  await on.client.deleteGroup({ group: on.groups["a"]!, force: 0 });
  expect(await end()).toBe(fine);
});

test("empty group sets come into no dependency by themselves", async () => {
  const on = await start({ Web: ["w"], Empty: [] });
  expect(await depend(on, "Web", "Empty")).toBe(invalid);
  expect(await depend(on, "Empty", "Web")).toBe(invalid);
});

test("a group starts after one group set at most, and after any number of groups", async () => {
  const on = await start({ Db: ["d"], App: ["x"] }, "a", "b", "c");
  expect(await dependOnSet(on, "a", "Db")).toBe(fine);
  expect(await dependOnSet(on, "a", "Db")).toBe("ERROR_DEPENDENCY_ALREADY_EXISTS");
  expect(await dependOnSet(on, "a", "App")).toBe("ERROR_NOT_SUPPORTED");
  const release = (set: string): Promise<unknown> =>
    statusOf(
      on.client.removeClusterGroupToGroupSetDependency({
        group: on.groups["a"]!,
        dependsOn: on.sets[set]!,
      }),
    );
  expect(await release("App")).toBe("ERROR_DEPENDENCY_NOT_FOUND");
  expect(providersOf(on, "group", "a")).toEqual(["Db"]);
  expect(await release("Db")).toBe(fine);
  expect(providersOf(on, "group", "a")).toEqual([]);
  const { id } = on.cluster.state.groups.find("c")!;
  expect(await express(on, "a", `[B] and [${id}]`)).toBe(fine);
  expect(providerGroupsOf(on, "group", "a")).toEqual(["b", "c"]);
  const forget = (group: string): Promise<unknown> =>
    statusOf(
      on.client.removeClusterGroupDependency({
        group: on.groups["a"]!,
        dependsOn: on.groups[group]!,
      }),
    );
  expect(await forget("b")).toBe(fine);
  expect(await forget("b")).toBe("ERROR_DEPENDENCY_NOT_FOUND");
  await on.client.deleteGroup({ group: on.groups["c"]!, force: 0 });
  expect(providerGroupsOf(on, "group", "a")).toEqual([]);
});

test("a group that moves takes no dependency on a group set", async () => {
  const on = await start({ Db: ["d"] }, "a");
  on.cluster.run((tx) =>
    tx.update("group", tx.state.groups.find("a")!, {
      move: { from: "1", to: "1", returnsOnError: false, parameters: new Uint8Array() },
    }),
  );
  expect(await dependOnSet(on, "a", "Db")).toBe("ERROR_CLUSTER_GROUP_MOVING");
});

test("an expression says that all of it is needed; its parentheses and braces mean nothing", async () => {
  const on = await start({}, "a", "b", "c", "d");
  for (const [expression, names] of [
    ["[b]", ["b"]],
    ["[b] and [c]", ["b", "c"]],
    ["{[b] AND [c]}", ["b", "c"]],
    ["[b] and ([c] and [d])", ["b", "c", "d"]],
    ["([b]) and {([c])}", ["b", "c"]],
    ["[b] and [B]", ["b"]],
    ["", []],
  ] as const) {
    expect(await express(on, "a", expression)).toBe(fine);
    expect(providerGroupsOf(on, "group", "a"), expression).toEqual(names);
  }
});

test("what is no expression is refused, and leaves what was there", async () => {
  const on = await start({ S: ["s"], T: ["t"] }, "a", "b");
  await express(on, "a", "[b]");
  const before = pictureOf(on.cluster.state);
  for (const expression of [
    "[a] or [b]",
    "[b] or [b]",
    "b",
    "[b",
    "[b] [b]",
    "[b] and",
    "and [b]",
    "([b]",
    "[b])",
    "([b]}",
    "()",
    "[nothing]",
    "[]",
  ]) {
    expect(await express(on, "a", expression), expression).toBe(invalid);
    expect(await expressSet(on, "S", expression.replaceAll("b", "T")), expression).toBe(invalid);
  }
  expect(pictureOf(on.cluster.state)).toBe(before);
});

test("nothing starts after itself, by whatever way", async () => {
  const on = await start({ S: ["s"], T: ["t"], U: ["u"] }, "a", "b");
  expect(await depend(on, "S", "S")).toBe(invalid);
  expect(await express(on, "a", "[a]")).toBe(invalid);
  expect(await dependOnSet(on, "s", "S")).toBe(invalid);
  await depend(on, "S", "T");
  expect(await depend(on, "T", "S")).toBe(invalid);
  expect(await expressSet(on, "T", "[U] and [S]")).toBe(invalid);
  // A group of T would wait for a group that waits for T.
  expect(await express(on, "t", "[s]")).toBe(invalid);
  expect(await dependOnSet(on, "t", "S")).toBe(invalid);
  await express(on, "a", "[s]");
  expect(await express(on, "t", "[a]")).toBe(invalid);
  const circular = "ERROR_CIRCULAR_DEPENDENCY";
  const into = (group: string, groupSet: string): Promise<unknown> =>
    statusOf(
      on.client.moveGroupToGroupSet({ group: on.groups[group]!, groupSet: on.sets[groupSet]! }),
    );
  expect(await into("a", "T")).toBe(circular);
  expect(on.cluster.state.groups.find("a")).toMatchObject({ groupSet: "" });
  expect(await into("a", "U")).toBe(fine);
});

test("all wait for a group set that is global, so it waits for no other", async () => {
  const on = await start({ S: ["s"], T: ["t"], G: ["g"] }, "a");
  const become = (name: string, isGlobal: number): number | null =>
    refusal(() =>
      set(on, subject(on, "groupSet", name), "COMMON", {
        name: "IsGlobal",
        value: dword(isGlobal),
      }),
    );
  await depend(on, "G", "S");
  const before = pictureOf(on.cluster.state);
  expect(become("G", 1)).toBe(87);
  expect(pictureOf(on.cluster.state)).toBe(before);
  await expressSet(on, "G", "");
  expect(become("G", 1)).toBeNull();
  expect(await depend(on, "G", "S")).toBe(invalid);
  expect(await depend(on, "S", "G")).toBe(fine);
  expect(await express(on, "g", "[a]")).toBe(invalid);
  expect(await dependOnSet(on, "g", "T")).toBe(invalid);
  const root = await on.client.getRootKey({ samDesired: 0x0200_0000 });
  const { id } = subject(on, "groupSet", "T").object as { id: string };
  const opened = { key: root, subKey: `GroupSets\\${id}`, samDesired: 0x0200_0000 };
  const key = await on.client.openKey(opened);
  const write = on.client.setValue({
    key,
    valueName: "IsGlobal",
    type: 4,
    data: Uint8Array.of(1, 0, 0, 0),
  });
  expect(await statusOf(write)).toBe("ERROR_ACCESS_DENIED");
});

test("a group leaves no group set whose place it would have to wait for", async () => {
  const on = await start({ G: ["g", "h"] });
  const subjectG = subject(on, "groupSet", "G");
  set(on, subjectG, "COMMON", { name: "IsGlobal", value: dword(1) });
  expect(await express(on, "h", "[g]")).toBe(fine);
  const leave = on.client.removeGroupFromGroupSet({ group: on.groups["g"]! });
  expect(await statusOf(leave)).toBe("ERROR_CIRCULAR_DEPENDENCY");
});

test("a chain of dependencies has 100 steps at most", async () => {
  const names = Array.from({ length: 102 }, (_, index) => `g${index}`);
  const on = await start({}, ...names);
  for (let at = 1; at <= 100; at++) {
    expect(await express(on, `g${at}`, `[g${at - 1}]`)).toBe(fine);
  }
  expect(await express(on, "g101", "[g100]")).toBe("ERROR_DEPENDENCY_TREE_TOO_COMPLEX");
  expect(providerGroupsOf(on, "group", "g101")).toEqual([]);
});
