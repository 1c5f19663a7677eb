/** Whatever happens and whoever asks for it: ports tell all of it, in order, once for each filter, and lose nothing. */
import { setImmediate } from "node:timers/promises";
import { Cluster, type ClusterEvent, defaultDefinition, defineCluster } from "@msrpc/cluster";
import { ClusterChange } from "@msrpc/ms-cmrp";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createGroup, createResource } from "../src/core/create.ts";
import type { Transaction } from "../src/core/transaction.ts";
import type { Identified } from "../src/model/collection.ts";
import { askable } from "../src/notify/askable.ts";
import type { Watched } from "../src/notify/filter-index.ts";
import { Notifications } from "../src/notify/notifications.ts";
import type { Port } from "../src/notify/port.ts";
import type { ToldV1 } from "../src/notify/told.ts";
import { viewOf } from "../src/notify/views.ts";
import { startCluster } from "./registry-support.ts";

type Command = (tx: Transaction) => void;

function pick<T>(from: Iterable<T>, at: number): T | undefined {
  const all = [...from];
  return all[at % all.length];
}

/** Each with a number that chooses what it is done to. */
const commands: readonly ((at: number) => Command)[] = [
  (at) => (tx) => void createGroup(tx, { name: `group ${at}` }),
  (at) => (tx) => {
    const group = pick(tx.state.groups, at)!;
    createResource(tx, group, { name: `resource ${at}`, type: "Physical Disk" });
  },
  (at) => (tx) => tx.enter("resource", pick(tx.state.resources, at)!, { state: 2 + (at % 3) }),
  (at) => (tx) => tx.enter("node", pick(tx.state.nodes, at)!, { state: at % 3 }),
  (at) => (tx) => tx.configure("group", pick(tx.state.groups, at)!, { description: `${at}` }),
  (at) => (tx) => {
    const resource = pick(tx.state.resources, at)!;
    const group = tx.state.groups.get(resource.group)!;
    tx.configure("group", group, { contains: group.contains.filter((id) => id !== resource.id) });
    tx.remove("resource", resource);
    createResource(tx, group, { name: resource.name, type: resource.type });
  },
  (at) => (tx) => void tx.createKey(tx.state.registry, `A\\${at % 3}\\B`),
  (at) => (tx) => {
    const key = tx.createKey(tx.state.registry, `A\\${at % 3}`);
    tx.setValue(key, "v", { type: 4, data: Uint8Array.of(at, 0, 0, 0) });
  },
  (at) => (tx) => tx.deleteKey(tx.createKey(tx.state.registry, `A\\${at % 3}`)),
  // What fails has not happened.
  (at) => (tx) => {
    createGroup(tx, { name: `never ${at}` });
    throw new Error("no");
  },
];

interface Asked {
  readonly key: number;
  readonly flags: number;
  readonly watched: Watched;
  /** How many events there were before it. */
  readonly since: number;
}

/** Whether a filter matches, found out without an index. */
function matches(event: ClusterEvent, { flags, watched }: Asked): boolean {
  if (((viewOf(event).v1 ?? 0) & flags) === 0) return false;
  if ("everything" in watched) return true;
  if ("id" in watched) return event.kind !== "key" && event.id === watched.id;
  if (event.kind !== "key") return false;
  const [path, top] = [`\\${event.path}`.toUpperCase(), `\\${watched.path}`.toUpperCase()];
  const isBelow = top === "\\" || path.startsWith(`${top}\\`);
  if (path === top || (watched.subtree && isBelow)) return true;
  const isRightBelow = isBelow && !path.slice(top === "\\" ? 1 : top.length + 1).includes("\\");
  return (event.what === "added" || event.what === "deleted") && isRightBelow;
}

function open(): { cluster: Cluster; log: ClusterEvent[] } {
  let made = 0;
  const surroundings = { now: () => 1000, newId: () => `id${++made}` };
  const cluster = new Cluster(defineCluster(defaultDefinition, surroundings), { surroundings });
  const log: ClusterEvent[] = [];
  cluster.listen((event) => log.push(event));
  return { cluster, log };
}

function attempt(cluster: Cluster, command: Command): void {
  try {
    cluster.run(command);
  } catch {
    // Nothing has changed, and nobody is to hear of it.
  }
}

const command = fc.record({
  type: fc.constant("command" as const),
  which: fc.nat(commands.length - 1),
  at: fc.nat(60),
});
const filter = fc.record({
  type: fc.constant("filter" as const),
  port: fc.nat(3),
  flags: fc.integer({ min: 1, max: 0xffff_ffff }),
  watched: fc.oneof(
    fc.constant("everything" as const),
    fc.constantFrom("group" as const, "resource" as const),
    fc.constantFrom("", "A", "a\\1", "A\\2\\B"),
  ),
  subtree: fc.boolean(),
  at: fc.nat(20),
});
const fetch = fc.record({
  type: fc.constant("fetch" as const),
  port: fc.nat(3),
  isOne: fc.boolean(),
});

test("ports tell all that their filters ask for, in order and once for each", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 3, arbitrary: command }, filter, fetch), { maxLength: 60 }),
      async (steps) => {
        const { cluster, log } = open();
        const notifications = new Notifications(cluster);
        const ports = Array.from({ length: 4 }, () => {
          const { port } = notifications.openV1("", true);
          return {
            port: port as Port<ToldV1>,
            asked: [] as Asked[],
            told: [] as [number, ToldV1][],
          };
        });
        const { signal } = new AbortController();
        for (const step of steps) {
          if (step.type === "command") {
            attempt(cluster, commands[step.which]!(step.at));
            continue;
          }
          const { port, asked, told } = ports[step.port]!;
          if (step.type === "filter") {
            const { groups, resources } = cluster.state;
            const watched: Watched =
              step.watched === "everything"
                ? { everything: true }
                : step.watched === "group" || step.watched === "resource"
                  ? {
                      id: pick<Identified>(step.watched === "group" ? groups : resources, step.at)!
                        .id,
                    }
                  : { path: step.watched, subtree: step.subtree };
            const isKey = "path" in watched;
            const flags = step.flags & (isKey ? askable.key : askable.cluster & ~askable.key);
            const key = asked.length;
            notifications.watch(port, flags >>> 0, watched, key);
            asked.push({ key, flags: flags >>> 0, watched, since: log.length });
            continue;
          }
          if (port.queued === 0) continue;
          if (step.isOne) {
            await port.fetchOne(signal, ({ key, told: one }) => told.push([key, one]));
          } else {
            await port.fetch(signal, (all) => {
              for (const { key, told: one } of all) told.push([key, one]);
            });
          }
        }
        for (const { port, asked, told } of ports) {
          if (port.queued > 0) {
            await port.fetch(signal, (all) => {
              for (const { key, told: one } of all) told.push([key, one]);
            });
          }
          const expected = log.flatMap((event, index) =>
            asked.flatMap((one): [number, string][] =>
              index >= one.since && matches(event, one) ? [[one.key, nameIn(event)]] : [],
            ),
          );
          // Filters that one event matches are told in any order.
          expect(told.map(([, { name }]) => name)).toEqual(expected.map(([, name]) => name));
          for (const { key } of asked) {
            const of = (list: readonly [number, unknown][]): unknown[] =>
              list.flatMap(([own, what]) => (own === key ? [what] : []));
            expect(of(told.map(([own, { name }]) => [own, name]))).toEqual(of(expected));
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});

function nameIn(event: ClusterEvent): string {
  return event.kind === "key" ? event.path : event.name;
}

const { GroupAdded } = ClusterChange;

// In turns of the event loop, as cancels come over a network: a call that has its event is answered in the same turn.
test("calls that are given up at any moment, however many wait, take no event with them", async () => {
  const step = fc.oneof(
    fc.constant("create" as const),
    fc.constant("wait" as const),
    fc.constant("waitForAll" as const),
    fc.record({ giveUp: fc.nat(9), after: fc.nat(2) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { client, cluster } = startCluster();
      const notify = await client.createNotify();
      const handle = await client.openCluster();
      await client.addNotifyCluster({ notify, cluster: handle, filter: GroupAdded, notifyKey: 1 });
      const told: (string | null)[] = [];
      const waiting: AbortController[] = [];
      const ends: Promise<unknown>[] = [];
      let created = 0;
      for (const step of steps) {
        if (step === "create") {
          cluster.run((tx) => createGroup(tx, { name: `group ${created++}` }));
        } else if (step === "wait" || step === "waitForAll") {
          const controller = new AbortController();
          waiting.push(controller);
          const options = { signal: controller.signal };
          const call =
            step === "wait"
              ? client.getNotify({ notify }, options).then(({ name }) => void told.push(name))
              : client.getNotifyAsync({ notify }, options).then(({ notifications }) => {
                  for (const { name } of notifications ?? []) told.push(name);
                });
          ends.push(call.catch(() => {}));
          await setImmediate();
        } else {
          for (let turn = 0; turn < step.after; turn++) await setImmediate();
          pick(waiting, step.giveUp)?.abort();
        }
      }
      for (const controller of waiting) controller.abort();
      await Promise.all(ends);
      const rest = client.getNotifyAsync({ notify }).then(
        ({ notifications }) => notifications ?? [],
        () => [],
      );
      await client.unblockGetNotifyCall({ notify });
      for (const { name } of await rest) told.push(name);
      expect(told).toEqual(Array.from({ length: created }, (_, at) => `group ${at}`));
    }),
    { numRuns: 200 },
  );
});
