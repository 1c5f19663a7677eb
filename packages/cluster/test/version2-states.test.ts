/** Version 2.0 asks more of the states of resources ([MS-CMRP] 3.1.4.1.17, 3.1.4.1.20 to 3.1.4.1.22, 3.1.4.1.46). */
import { GroupState, type ResourceHandle } from "@msrpc/ms-cmrp";
import { expect, test } from "vitest";
import { onlineResource } from "../src/core/online.ts";
import { scene, type Scene } from "./model-support.ts";
import { answerOf, serve, type ServedScene } from "./served-scene.ts";

function start(): {
  readonly on: Scene;
  readonly two: ServedScene["two"];
  readonly open: (resourceName: string) => Promise<ResourceHandle>;
} {
  const on = scene({ G: { a: [], b: ["a"], c: [] }, H: { h: [] } });
  const { two } = serve(on);
  return { on, two, open: (resourceName) => two.openResource({ resourceName }) };
}

test("a resource is failed only while it is online", async () => {
  const { on, two, open } = start();
  const resource = await open("a");
  const failed = (): Promise<unknown> => answerOf(two.failResource({ resource }));
  expect(await failed()).toBe("ERROR_RESMON_INVALID_STATE");
  on.cluster.run((tx) => onlineResource(tx, on.resource("a")));
  expect(await failed()).toBe("ERROR_RESMON_INVALID_STATE");
  on.settle();
  expect(await failed()).toBe("ERROR_SUCCESS");
});

test("dependencies are added and removed only while resources are down", async () => {
  const { on, two, open } = start();
  const [a, b, c] = [await open("a"), await open("b"), await open("c")];
  on.cluster.run((tx) => onlineResource(tx, on.resource("c")));
  on.settle();
  expect(await answerOf(two.addResourceDependency({ resource: c, dependsOn: a }))).toBe(
    "ERROR_RESOURCE_ONLINE",
  );
  expect(await answerOf(two.addResourceDependency({ resource: b, dependsOn: c }))).toBe(
    "ERROR_SUCCESS",
  );
  expect(await answerOf(two.removeResourceDependency({ resource: b, dependsOn: c }))).toBe(
    "ERROR_INVALID_STATE",
  );
  expect(await answerOf(two.removeResourceDependency({ resource: b, dependsOn: a }))).toBe(
    "ERROR_SUCCESS",
  );
});

test("whatever keeps a dependency from being possible is called one that there is", async () => {
  const { two, open } = start();
  const [a, b, h] = [await open("a"), await open("b"), await open("h")];
  const can = (resource: typeof a, resourceDependent: typeof a): Promise<unknown> =>
    answerOf(two.canResourceBeDependent({ resource, resourceDependent }));
  const exists = "ERROR_DEPENDENCY_ALREADY_EXISTS";
  expect([await can(a, a), await can(a, h), await can(b, a), await can(a, b)]).toEqual([
    exists,
    exists,
    exists,
    exists,
  ]);
});

test("the state of a group counts every resource", async () => {
  const { on, two } = start();
  const group = await two.openGroup({ groupName: "G" });
  const stateOf = async (): Promise<number> => (await two.getGroupState({ group })).state;
  expect(await stateOf()).toBe(GroupState.Offline);
  on.cluster.run((tx) => onlineResource(tx, on.resource("a")));
  expect(await stateOf()).toBe(GroupState.Pending);
  on.settle();
  expect(on.group("G").state).toBe(GroupState.Offline);
  expect(await stateOf()).toBe(GroupState.PartialOnline);
});
