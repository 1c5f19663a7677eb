/** `clusctl events`: what happens, as it happens. */
import {
  type Cluster,
  type ClusterEvent,
  type EventKind,
  eventKinds,
  type Watchable,
} from "@msrpc/clusapi";
import { Command } from "commander";
import { type Report, works } from "../command.ts";
import type { Io } from "../io.ts";
import { namesIn } from "../output/names.ts";
import { words } from "../output/style.ts";
import { pad, printable } from "../output/table.ts";
import { UsageError } from "../usage-error.ts";

export function eventsCommand(io: Io): Command {
  const command = new Command("events")
    .description("show what happens in the cluster, until interrupted")
    .option("--about <kinds>", `of ${eventKinds.join(", ")} (default: all but Registry)`)
    .option("--of <objects...>", "objects alone: group:SQL, node:node1, key:Groups, ...")
    .option("--count <number>", "end after so many")
    .addHelpText(
      "after",
      "\nExamples:\n  $ clusctl events --json | jq .name\n  $ clusctl events --of group:SQL 'resource:SQL Server'",
    );
  return works<{
    readonly about?: string;
    readonly of?: readonly string[];
    readonly count?: string;
  }>(command, io, async ({ cluster, options }) => {
    const { count = "", json } = options;
    if (!/^(?:[1-9]\d*)?$/.test(count)) throw new UsageError("--count takes a number");
    const of = options.of?.map((one) => watchedIn(cluster, one));
    const about = kindsIn(options.about, of !== undefined);
    let left = count === "" ? Infinity : Number(count);
    const end = new AbortController();
    const stop = io.onInterrupt(() => end.abort());
    try {
      for await (const event of cluster.events({ about, ...(of && { of }), signal: end.signal })) {
        io.out(json === true ? `${jsonOf(event)}\n` : `${lineOf(event)}\n`);
        if (--left === 0) break;
      }
    } catch (error) {
      if (!end.signal.aborted) throw error;
    } finally {
      stop();
    }
    return nothing;
  });
}

/** Kinds between commas. The registry's events come with most others, and say less. */
function kindsIn(text: string | undefined, isOfObjects: boolean): EventKind[] {
  if (text === undefined) {
    return isOfObjects ? [] : eventKinds.filter((kind) => kind !== "Registry");
  }
  return namesIn(text).map((name) => {
    const found = eventKinds.find((kind) => kind.toLowerCase() === name.toLowerCase());
    if (found === undefined) throw new UsageError(`there are no events about "${name}"`);
    return found;
  });
}

const watched: Readonly<Record<string, (cluster: Cluster, name: string) => Watchable>> = {
  node: (cluster, name) => cluster.node(name),
  group: (cluster, name) => cluster.group(name),
  set: (cluster, name) => cluster.groupSet(name),
  resource: (cluster, name) => cluster.resource(name),
  network: (cluster, name) => cluster.network(name),
  interface: (cluster, name) => cluster.netInterface(name),
  key: (cluster, path) => cluster.registry.key(path),
};

/** `group:SQL` */
function watchedIn(cluster: Cluster, text: string): Watchable {
  const [, kind = "", name = ""] = /^([^:]*):(.+)$/s.exec(text) ?? [];
  const find = watched[kind];
  if (find === undefined) {
    throw new UsageError(
      `"${text}" is no object: ${Object.keys(watched).join(", ")}, : and its name`,
    );
  }
  return find(cluster, name);
}

/** All that there is to say has been said line by line. */
const nothing: Report = { json: undefined, text: () => "" };

function lineOf({ kind, what, name, state }: ClusterEvent): string {
  const now = state === null ? "" : `: ${words(state)}`;
  return printable(`${pad(words(kind), 17)}  ${pad(words(what), 20)}  ${name}${now}`);
}

function jsonOf({ data, ...event }: ClusterEvent): string {
  return JSON.stringify({ ...event, data: Buffer.from(data).toString("hex") });
}
