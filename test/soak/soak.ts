/** Many clients at a server for a long time: nothing fails that should not, memory stays, no handle is left. */
import { fork } from "node:child_process";
import { channel } from "node:diagnostics_channel";
import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { Random } from "../interop/support/random.ts";
import { count, live, type Tally } from "./client.ts";
import { growthOf, type MemorySample, sampleMemory } from "./memory.ts";
import type { ServerFigures } from "./server.ts";

export interface SoakReport {
  /** What must not be. Empty: it held. */
  readonly findings: readonly string[];
  readonly tally: Tally;
  /** Taken after collections, so often, on both sides. */
  readonly series: readonly { readonly client: MemorySample; readonly server: MemorySample }[];
  readonly handles: ServerFigures["handles"];
}

const clients = 256;
/** Samples of a soak, whatever its length. */
const samples = 40;
/** Of the samples, while buffers and caches fill and code is compiled. */
const warmUp = 0.3;
/**
 * MiB that a line through the rest may rise from end to end. What a process once had for a peak of large messages it keeps
 * for the next one, and the peak is higher on a busy machine: `rss` tells of leaks outside of the heap only where it rises by much.
 */
const tolerated = { heap: 5, external: 50, rss: 300 } as const;

/** Runs for so many seconds. `print` hears of each sample. */
export async function soak(seconds: number, print: (line: string) => void): Promise<SoakReport> {
  const findings: string[] = [];
  const tally: Tally = {};
  const onRejection = (error: unknown): unknown => findings.push(`unhandled: ${String(error)}`);
  process.on("unhandledRejection", onRejection);
  const server = fork(new URL("server.ts", import.meta.url), { stdio: "inherit" });
  const died = new AbortController();
  server.once("exit", () => died.abort(new Error("the server has ended")));
  const told = async <T>(): Promise<T> =>
    ((await once(server, "message", { signal: died.signal })) as [T])[0];
  const figures = (): Promise<ServerFigures> => {
    server.send("sample");
    return told();
  };
  const series: { client: MemorySample; server: MemorySample }[] = [];
  try {
    const binding = await told<string>();
    using sockets = new OwnSockets();
    const end = new AbortController();
    const lives = Array.from({ length: clients }, (_, at) =>
      live(binding, new Random(at + 1), tally, end.signal),
    );
    const saboteur = sockets.breakSome(end.signal, tally);
    const start = performance.now();
    for (let at = 1; at <= samples; at++) {
      await delay(Math.max(1, start + (at / samples) * seconds * 1000 - performance.now()));
      const { memory, connections } = await figures();
      const sample = { client: sampleMemory(), server: memory };
      series.push(sample);
      print(`${lineOf(sample)}  ${connections} connections`);
    }
    end.abort();
    await saboteur;
    findings.push(...(await Promise.all(lives)).flat());
    await until(() => sockets.size === 0);
    if (sockets.size > 0) findings.push(`${sockets.size} sockets are left at the clients`);
    let last = await figures();
    for (let tries = 0; last.connections > 0 && tries < 50; tries++) {
      await delay(100);
      last = await figures();
    }
    findings.push(...leftAt(last), ...growing(series));
    print(`${lineOf({ client: sampleMemory(), server: last.memory })}  at the end`);
    return { findings, tally, series, handles: last.handles };
  } finally {
    process.off("unhandledRejection", onRejection);
    if (server.connected) server.send("stop");
    else server.kill();
    if (server.exitCode === null) await once(server, "exit");
  }
}

/** The sockets of this process, some of which are broken off in the middle of whatever they do. */
class OwnSockets {
  readonly #open = new Set<Socket>();
  readonly #opened = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket };
    this.#open.add(socket);
    socket.once("close", () => this.#open.delete(socket));
  };

  constructor() {
    channel("net.client.socket").subscribe(this.#opened);
  }

  get size(): number {
    return this.#open.size;
  }

  async breakSome(end: AbortSignal, tally: Tally): Promise<void> {
    const random = new Random(0);
    while (!end.aborted) {
      await delay(100);
      // A socket that has sent its end can't be reset: Node would never close it, and never exit.
      const whole = [...this.#open].filter((socket) => !socket.writableEnded);
      if (whole.length === 0) continue;
      random.pick(whole).resetAndDestroy();
      count(tally, "connections broken");
    }
  }

  [Symbol.dispose](): void {
    channel("net.client.socket").unsubscribe(this.#opened);
  }
}

/** What a server without clients still has. */
function leftAt({ connections, handles, errors }: ServerFigures): string[] {
  const { opened, closed, ranDown } = handles;
  const findings = Object.entries(errors).map(
    ([error, count]) => `the server, ${count} x ${error}`,
  );
  if (connections > 0) findings.push(`${connections} connections are left at the server`);
  if (opened === 0 || ranDown === 0) findings.push("no handle was opened and left");
  if (opened !== closed + ranDown) {
    findings.push(`of ${opened} handles ${closed} were closed and ${ranDown} run down`);
  }
  return findings;
}

function growing(series: SoakReport["series"]): string[] {
  const rest = series.slice(Math.floor(series.length * warmUp));
  return (["client", "server"] as const).flatMap((side) =>
    (["heap", "external", "rss"] as const).flatMap((kind) => {
      const values = rest.map((sample) => sample[side][kind]);
      const growth = growthOf(values);
      if (growth <= tolerated[kind]) return [];
      return [`${kind} of the ${side} grew by ${growth.toFixed(1)} MiB`];
    }),
  );
}

function lineOf({ client, server }: SoakReport["series"][number]): string {
  const text = ({ heap, external, rss }: MemorySample): string =>
    `${heap.toFixed(1)} heap, ${external.toFixed(1)} external, ${rss.toFixed(0)} rss`;
  return `client ${text(client)}; server ${text(server)}`;
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 50 && !holds(); tries++) await delay(100);
}
