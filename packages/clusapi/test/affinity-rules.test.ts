/** Rules that keep groups together or apart, against the real server and against one that has them elsewhere. */
import { Cluster, ClusterBatchError } from "@msrpc/clusapi";
import { serveCluster } from "@msrpc/cluster";
import { clusapi3 } from "@msrpc/ms-cmrp";
import { createRouter, inMemoryTransport, isCallOf, type ServerInterceptor } from "@msrpc/rpc";
import { expect, test } from "vitest";
import { connectInMemory, forAll, listOf, newCluster } from "./support.ts";

const namesOf = async (cluster: Cluster): Promise<string[]> =>
  (await listOf(cluster.affinityRules())).map(({ name }) => name);

test("a rule is made, changed, given groups, listed and deleted", async () => {
  await using cluster = await connectInMemory();
  for (const name of ["A", "B"]) await cluster.createGroup(name);
  const rule = await cluster.createAffinityRule("Apart", "differentNode");
  await rule.add("A");
  await rule.add("B");
  await rule.add("a");
  expect(await rule.status()).toEqual({
    type: "differentNode",
    groups: ["A", "B"],
    isEnabled: true,
    isSoft: false,
  });
  await cluster.group("B").rename("C");
  await rule.set({ type: "sameNode", isEnabled: false, isSoft: true });
  await rule.remove("A");
  expect(await rule.status()).toEqual({
    type: "sameNode",
    groups: ["C"],
    isEnabled: false,
    isSoft: true,
  });
  expect(await namesOf(cluster)).toEqual(["Apart"]);
  await rule.delete();
  expect(await namesOf(cluster)).toEqual([]);
});

test("two rules of one name can't be made, and the one that is there stays", async () => {
  await using cluster = await connectInMemory();
  await cluster.createAffinityRule("R", "sameNode");
  const again = cluster.createAffinityRule("r", "differentNode");
  await expect(again).rejects.toThrow(ClusterBatchError);
  await expect(again).rejects.toMatchObject({ codeName: "ERROR_ALREADY_EXISTS" });
  expect(await cluster.affinityRule("R").status()).toMatchObject({ type: "sameNode" });
});

test("what is said of a rule or a group that there is not is refused", async () => {
  await using cluster = await connectInMemory();
  const none = cluster.affinityRule("None");
  await expect(none.status()).rejects.toMatchObject({ codeName: "ERROR_FILE_NOT_FOUND" });
  await expect(none.delete()).rejects.toMatchObject({ codeName: "ERROR_FILE_NOT_FOUND" });
  const rule = await cluster.createAffinityRule("R", "sameNode");
  await expect(rule.add("none")).rejects.toMatchObject({ codeName: "ERROR_GROUP_NOT_FOUND" });
});

test("the groups of a rule that somebody else has changed meanwhile stay as they were changed", async () => {
  await using cluster = await connectInMemory();
  for (const name of ["A", "B"]) await cluster.createGroup(name);
  const rule = await cluster.createAffinityRule("R", "sameNode");
  const both = await Promise.allSettled([rule.add("A"), rule.add("B")]);
  const { groups } = await rule.status();
  expect(groups).toHaveLength(both.filter(({ status }) => status === "fulfilled").length);
});

test("a cluster that has its rules elsewhere is left without a trace of one", async () => {
  const served = newCluster();
  // As Windows does, which has its rules elsewhere: the list is of none.
  const elsewhere: ServerInterceptor = (next) => async (call) =>
    isCallOf(call, clusapi3, "clusterControl") && call.request.controlCode === 0x0940_2ddd
      ? { ...((await next(call)) as object), outBuffer: new Uint8Array(2) }
      : await next(call);
  const onError = (error: unknown): void => {
    throw error;
  };
  const router = createRouter({ onError, interceptors: [elsewhere] });
  serveCluster(router, served, forAll);
  await using cluster = await Cluster.over(inMemoryTransport(router));
  await expect(cluster.createAffinityRule("R", "sameNode")).rejects.toMatchObject({
    codeName: "ERROR_CALL_NOT_IMPLEMENTED",
    object: 'affinity rule "R"',
  });
  expect(await listOf(cluster.registry.key("AffinityRules").keys())).toEqual([]);
});
