/**
 * A cluster whose store is a file, as a server of its own. Prints its binding and what it has cost to start, then for each
 * line that it reads what it has used: octets of `memory`, or milliseconds of `processor` time.
 * `node cluster-server.ts FILE SHARE ROUNDS`
 */
import { createInterface } from "node:readline";
import { setImmediate as immediate } from "node:timers/promises";
import { Cluster, define, openCluster, openSqliteStore, serveCluster } from "@msrpc/cluster";
import { createRouter } from "@msrpc/rpc";
import { tcpServer } from "@msrpc/rpc/tcp";
import { collectGarbage } from "../measure.ts";
import { best, type Cost, costOf, processorTime, unmeasured } from "./cost.ts";
import { definitionOf, sizeOf } from "./world.ts";

export interface Started {
  readonly binding: string;
  /** From a store on the disk to a cluster whose resources are online. */
  readonly start: Cost;
  /** Octets that the cluster takes in memory. */
  readonly octets: number;
}

const [, , file = "", share, rounds] = process.argv;
const definition = definitionOf(sizeOf(Number(share)));
const surroundings = { now: () => Date.now(), newId: () => crypto.randomUUID() };

function open(): { readonly cluster: Cluster; close(): void } {
  const store = openSqliteStore(file);
  const options = { store, surroundings };
  const cluster = openCluster({ ...options, define: (tx) => define(tx, definition) });
  return { cluster, close: () => store[Symbol.dispose]() };
}

/** Octets that are in use, also outside of the heap. What has just been closed is let go of a turn later. */
async function memory(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    await immediate();
    collectGarbage();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

open().close();
let start = unmeasured;
for (let round = 0; round < Number(rounds); round++) {
  collectGarbage();
  const cost = await costOf(async () => open().close(), processorTime);
  start = best(start, cost);
}
const empty = await memory();
const { cluster } = open();
const octets = (await memory()) - empty;
const router = createRouter({ onError: console.error });
serveCluster(router, cluster, { policy: () => "all", minimumLevel: "none" });
const binding = await tcpServer(router).listen("ncacn_ip_tcp:127.0.0.1[0]");
console.log(JSON.stringify({ binding, start, octets } satisfies Started));
createInterface(process.stdin)
  .on("close", () => process.exit(0))
  .on("line", (asked) => void tell(asked));

async function tell(asked: string): Promise<void> {
  console.log(asked === "memory" ? await memory() : processorTime());
}
