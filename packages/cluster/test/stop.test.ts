/** How a cluster stops: what runs goes, and comes back when it starts again. */
import { resourcesStopped, stopResources } from "@msrpc/cluster";
import { ResourceState } from "@msrpc/ms-cmrp";
import { expect, test } from "vitest";
import { onlineResource } from "../src/core/online.ts";
import { type Scene, scene } from "./model-support.ts";

/** `front`, which needs `back`, is online. */
function online(): Scene {
  const built = scene({ G: { back: [], front: ["back"] } });
  built.cluster.run((tx) => onlineResource(tx, built.resource("front")));
  built.settle();
  expect(built.resource("front").state).toBe(ResourceState.Online);
  return built;
}

const never = new AbortController().signal;

test("resources go offline, dependents first, and are still to be online", async () => {
  const { cluster, asked, settle, answer, resource, state } = online();
  cluster.run(stopResources);
  const names = (): string[] => asked.map(({ resource: id }) => state.resources.get(id)!.name);
  expect(names()).toEqual(["front"]);
  let hasStopped = false;
  const stopped = resourcesStopped(cluster, never).then((all) => (hasStopped = all));
  answer();
  expect(names()).toEqual(["back"]);
  expect(hasStopped).toBe(false);
  settle();
  expect(await stopped).toBe(true);
  for (const name of ["front", "back"]) {
    expect(resource(name)).toMatchObject({ state: ResourceState.Offline, persistentState: 1 });
  }
});

test("a resource that fails to stop has stopped, and isn't started again", async () => {
  const { cluster, answer, settle, resource, wait, asked } = online();
  cluster.run(stopResources);
  answer("failed");
  settle();
  expect(await resourcesStopped(cluster, never)).toBe(true);
  expect(resource("front").state).toBe(ResourceState.Failed);
  wait(1e9);
  expect(asked).toEqual([]);
});

test("whoever waits no longer is told that something runs", async () => {
  const { cluster } = online();
  cluster.run(stopResources);
  const giveUp = new AbortController();
  const stopped = resourcesStopped(cluster, giveUp.signal);
  giveUp.abort();
  expect(await stopped).toBe(false);
  expect(await resourcesStopped(cluster, AbortSignal.abort())).toBe(false);
});

test("what doesn't run has stopped", async () => {
  const { cluster } = scene({ G: { a: [] } });
  cluster.run(stopResources);
  expect(await resourcesStopped(cluster, never)).toBe(true);
});
