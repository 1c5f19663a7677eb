/** Group sets and what starts before what, against the real server. */
import type { Cluster } from "@msrpc/clusapi";
import { expect, test } from "vitest";
import { connectInMemory, listOf } from "./support.ts";

const namesOf = async (objects: AsyncIterable<{ readonly name: string }>): Promise<string[]> =>
  (await listOf(objects)).map(({ name }) => name);

async function withGroups(...names: string[]): Promise<Cluster> {
  const cluster = await connectInMemory();
  for (const name of names) await cluster.createGroup(name);
  return cluster;
}

test("a group set is made, filled, emptied and deleted", async () => {
  await using cluster = await withGroups("A", "B");
  const set = await cluster.createGroupSet("Front");
  expect(await namesOf(cluster.groupSets())).toEqual(["Front"]);
  expect(await set.id()).toMatch(/^[\da-f-]{36}$/);
  await set.add("A");
  await set.add("B", { domains: { faultDomain: 1, updateDomain: 2 } });
  expect(await namesOf(set.groups())).toEqual(["A", "B"]);
  const other = await cluster.createGroupSet("Back");
  await other.take("B");
  expect(await namesOf(other.groups())).toEqual(["B"]);
  await other.remove("B");
  await set.remove("A");
  expect(await namesOf(set.groups())).toEqual([]);
  await set.delete();
  expect(await namesOf(cluster.groupSets())).toEqual(["Back"]);
  await expect(set.id()).rejects.toMatchObject({
    codeName: "ERROR_GROUPSET_NOT_FOUND",
    object: 'group set "Front"',
  });
});

test("a group set has properties", async () => {
  await using cluster = await withGroups();
  const set = await cluster.createGroupSet("Front");
  await set.common.set({ StartupDelay: 5 });
  expect(await set.common.get()).toMatchObject({ Name: "Front", StartupDelay: 5, IsGlobal: 0 });
});

test("a group set starts after others", async () => {
  await using cluster = await withGroups("A", "B", "C");
  const front = await cluster.createGroupSet("Front");
  await front.add("A");
  await (await cluster.createGroupSet("Back")).add("B");
  await (await cluster.createGroupSet("Base")).add("C");
  await front.addDependency("Back");
  expect(await namesOf(front.providers())).toEqual(["Back"]);
  await expect(cluster.groupSet("Back").addDependency("Front")).rejects.toMatchObject({
    name: "ClusterError",
  });
  await front.setDependencyExpression("[Back] and [Base]");
  expect((await namesOf(front.providers())).toSorted()).toEqual(["Back", "Base"]);
  await front.removeDependency("Back");
  expect(await namesOf(front.providers())).toEqual(["Base"]);
});

test("a group starts after groups and group sets", async () => {
  await using cluster = await withGroups("A", "B");
  await cluster.createGroupSet("Base");
  const group = cluster.group("A");
  await group.setDependencyExpression("[B]");
  await group.addSetDependency("Base");
  expect(await group.providers()).toEqual({ groups: ["B"], groupSets: ["Base"] });
  await group.removeDependency("B");
  await group.removeSetDependency("Base");
  expect(await group.providers()).toEqual({ groups: [], groupSets: [] });
});

test("a group set can be watched", async () => {
  await using cluster = await withGroups("A");
  const set = await cluster.createGroupSet("Front");
  await using events = await cluster.events({ of: [set] }).open();
  await set.add("A");
  for await (const { kind, what } of events) {
    expect([kind, what]).toEqual(["GroupSet", "GroupAdded"]);
    break;
  }
});
