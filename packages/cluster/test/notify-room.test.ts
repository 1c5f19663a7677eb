/** What clients don't fetch is kept within the room that each has, and takes none of the others. */
import { Cluster, defaultDefinition, defineCluster, Notifications } from "@msrpc/cluster";
import { ClusterChange, Status } from "@msrpc/ms-cmrp";
import { expect, test } from "vitest";
import { createGroup } from "../src/core/create.ts";
import type { NotificationLimits } from "../src/notify/notifications.ts";
import type { Port } from "../src/notify/port.ts";
import type { ToldV1 } from "../src/notify/told.ts";

const { GroupAdded, ClusterReconnect } = ClusterChange;

function scene(limits: Partial<NotificationLimits>) {
  const surroundings = { now: () => 1000, newId: () => crypto.randomUUID() };
  const cluster = new Cluster(defineCluster(defaultDefinition, surroundings), { surroundings });
  const notifications = new Notifications(cluster, limits);
  let added = 0;
  return {
    notifications,
    portOf(client: string): Port<ToldV1> {
      const { port } = notifications.openV1(client, true) as { port: Port<ToldV1> };
      notifications.watch(port, GroupAdded, { everything: true }, 1);
      return port;
    },
    happens(times: number): void {
      for (let i = 0; i < times; i++)
        cluster.run((tx) => void createGroup(tx, { name: `g${added++}` }));
    },
  };
}

/** What a port has. */
async function flagsOf(port: Port<ToldV1>): Promise<readonly number[]> {
  if (port.queued === 0) return [];
  const { signal } = new AbortController();
  return await port.fetch(signal, (all) => all.map(({ told }) => told.filter));
}

test("a client that fetches nothing loses what is its own, and others nothing", async () => {
  const { portOf, happens } = scene({ maxQueuedOfCaller: 4 });
  const greedy = [portOf("greedy"), portOf("greedy")];
  const honest = portOf("honest");
  happens(3);
  expect(await flagsOf(honest)).toEqual([GroupAdded, GroupAdded, GroupAdded]);
  const all = await Promise.all(greedy.map(flagsOf));
  expect(all).toEqual([
    [GroupAdded, GroupAdded, ClusterReconnect],
    [GroupAdded, GroupAdded, ClusterReconnect],
  ]);
});

test("where all is used up, who has less than its share goes on to be told", async () => {
  const { portOf, happens } = scene({ maxQueuedOfAll: 4 });
  const greedy = portOf("greedy");
  happens(5);
  const honest = portOf("honest");
  happens(2);
  expect(await flagsOf(honest)).toEqual([GroupAdded, GroupAdded]);
  expect(await flagsOf(greedy)).toEqual([...Array<number>(4).fill(GroupAdded), ClusterReconnect]);
});

test("what somebody waits for takes no room", async () => {
  const { portOf, happens } = scene({ maxQueuedOfCaller: 1 });
  portOf("same");
  const awaited = portOf("same");
  happens(1);
  await flagsOf(awaited);
  const { signal } = new AbortController();
  const call = awaited.fetchOne(signal, ({ told }) => told.filter);
  happens(1);
  expect(await call).toBe(GroupAdded);
});

test("filters of a client count over all its ports, until those are closed", () => {
  const { notifications, portOf } = scene({ maxFiltersOfCaller: 2 });
  const first = portOf("one");
  portOf("one");
  const tooMany = expect.objectContaining({ status: Status.ERROR_NOT_ENOUGH_QUOTA }) as Error;
  expect(() => portOf("one")).toThrow(tooMany);
  portOf("other");
  notifications.close({ version: 1, port: first });
  expect(() => portOf("one")).not.toThrow();
});
