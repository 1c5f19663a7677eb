/** A cluster of full size beside one of a quarter: what each takes, and whether it grows faster than its size. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ResourceHandle } from "@msrpc/ms-cmrp";
import { collectGarbage } from "../measure.ts";
import {
  type ClusterClient,
  connect,
  enumerateNames,
  enumerateWithGroups,
  makeAndDelete,
  openSome,
  restart,
  readProperties,
  Watchers,
} from "./clients.ts";
import type { Started } from "./cluster-server.ts";
import { best, type Cost, costOf, processorTime, share, unmeasured } from "./cost.ts";
import { type Size, sizeOf } from "./world.ts";

export interface Figures {
  readonly size: Size;
  start: Cost;
  names: Cost;
  withGroups: Cost;
  /** Of one resource. */
  read: Cost;
  /** Of one resource offline, and online again. */
  restart: Cost;
  /** Of one resource made, and deleted. */
  made: Cost;
  /** Of one event. */
  event: Cost;
  /** Milliseconds until all but one in a hundred ports have told of it. */
  fanOut: number;
  /** Octets of memory: of the cluster, and what its server takes for clients with ports. */
  readonly cluster: number;
  readonly watchers: number;
}

/** A server of one size with those who call it. */
interface World {
  readonly figures: Figures;
  readonly client: ClusterClient;
  readonly opened: readonly ResourceHandle[];
  readonly watchers: Watchers;
  /** Milliseconds that the server has used, and the clients. */
  readonly processorTimes: () => Promise<number>;
}

const readsOfRound = 1000;
const commandsOfRound = 100;
/** Resources that are listed, at the least. */
const worksOfRound = 10_000;

/** The two take turns, and each keeps the best of its rounds. `scale`: 1 for the sizes that are promised. */
export async function runClusterSuite(rounds: number, scale: number): Promise<Figures[]> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "bench-cluster-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const worlds: World[] = [];
  for (const part of [0.25, 1]) {
    worlds.push(await makeWorld(stack, folder, part * scale, rounds));
  }
  for (let round = 0; round < rounds; round++) {
    for (const world of worlds) await measureRound(world);
  }
  return worlds.map(({ figures }) => figures);
}

async function makeWorld(
  stack: AsyncDisposableStack,
  folder: string,
  part: number,
  rounds: number,
): Promise<World> {
  const size = sizeOf(part);
  const args = [join(folder, `${part}.db`), part, rounds].map(String);
  const program = fileURLToPath(new URL("cluster-server.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=source", program, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const read = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done) throw new Error("the cluster's server has ended");
    return JSON.parse(value);
  };
  stack.defer(async () => {
    const ended = child.exitCode === null ? once(child, "exit") : null;
    child.stdin.end();
    await ended;
  });
  const used = async (what: "memory" | "processor"): Promise<number> => {
    child.stdin.write(`${what}\n`);
    return (await read()) as number;
  };
  const { binding, start, octets } = (await read()) as Started;
  const client = stack.use(connect(binding));
  const opened = await openSome(client, size, Math.min(readsOfRound, size.resources));
  const before = await used("memory");
  const watchers = stack.use(new Watchers());
  await watchers.add(binding, size);
  const figures: Figures = {
    size,
    start,
    names: unmeasured,
    withGroups: unmeasured,
    read: unmeasured,
    restart: unmeasured,
    made: unmeasured,
    event: unmeasured,
    fanOut: Infinity,
    cluster: octets,
    watchers: (await used("memory")) - before,
  };
  const processorTimes = async (): Promise<number> => processorTime() + (await used("processor"));
  return { figures, client, opened, watchers, processorTimes };
}

async function measureRound(world: World): Promise<void> {
  const { figures, client, opened, watchers } = world;
  const { size } = figures;
  // As much work for either size, so that what disturbs it is as likely to.
  const times = (atLeast: number): number => Math.ceil((atLeast * worksOfRound) / size.resources);
  const measured = async (count: number, run: () => Promise<void>): Promise<Cost> => {
    collectGarbage();
    const all = async (): Promise<void> => {
      for (let i = 0; i < count; i++) await run();
    };
    return share(await costOf(all, world.processorTimes), count);
  };
  const names = await measured(times(4), () => enumerateNames(client, size));
  const withGroups = await measured(times(1), () => enumerateWithGroups(client, size));
  const reads = await measured(1, () => readProperties(client, opened));
  const few = opened.slice(0, commandsOfRound);
  const restarts = await measured(1, () => restart(client, few));
  const made = await measured(1, () => makeAndDelete(client, commandsOfRound));
  const event = await measured(times(1), async () => {
    figures.fanOut = Math.min(figures.fanOut, await watchers.hearOfGroup(client));
  });
  figures.names = best(figures.names, names);
  figures.withGroups = best(figures.withGroups, withGroups);
  figures.read = best(figures.read, share(reads, opened.length));
  figures.restart = best(figures.restart, share(restarts, few.length));
  figures.made = best(figures.made, share(made, commandsOfRound));
  figures.event = best(figures.event, event);
}
