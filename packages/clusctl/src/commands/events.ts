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
import { following } from "../following.ts";
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
    .option("--timestamps", "with the time at which they were heard")
    .option("--retry", "go on when the cluster can't be reached for a while")
    .addHelpText(
      "after",
      "\nExamples:\n  $ clusctl events --json | jq .name\n  $ clusctl events --of group:SQL 'resource:SQL Server'",
    );
  return works<EventsOptions>(command, io, async ({ cluster, options }) => {
    const { count = "", json } = options;
    if (!/^(?:[1-9]\d*)?$/.test(count)) throw new UsageError("--count takes a number");
    const of = options.of?.map((one) => watchedIn(cluster, one));
    const about = kindsIn(options.about, of !== undefined);
    let left = count === "" ? Infinity : Number(count);
    const say = (event: ClusterEvent): void => {
      const time = options.timestamps === true ? new Date().toISOString() : null;
      io.out(json === true ? `${jsonOf(event, time)}\n` : `${lineOf(event, time)}\n`);
    };
    await following(io, options.retry === true, async (signal) => {
      await using events = cluster.events({ about, ...(of && { of }), signal });
      await events.open();
      io.err("listening: what happens from here on is shown\n");
      for await (const event of events) {
        say(event);
        if (--left === 0) return;
      }
    });
    return nothing;
  });
}

interface EventsOptions {
  readonly about?: string;
  readonly of?: readonly string[];
  readonly count?: string;
  readonly timestamps?: true;
  readonly retry?: true;
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

function lineOf(event: ClusterEvent, time: string | null): string {
  const { kind, what, name } = event;
  const start = time === null ? "" : `${time}  `;
  const row = `${pad(words(kind), 17)}  ${pad(words(what), 20)}  ${name}${detailOf(event)}`;
  return printable(`${start}${row}`);
}

/** What there is to say beside whom it happened to. */
function detailOf({ kind, what, id, state, owner }: ClusterEvent): string {
  if (state !== null) return `: ${words(state)}`;
  if (owner !== null) return `: on ${owner}`;
  // Of a value the path of its key is the name, and its own name the ID.
  return kind === "Registry" && what === "Value" ? `: ${id === "" ? "(default)" : id}` : "";
}

function jsonOf({ data, ...event }: ClusterEvent, time: string | null): string {
  const told = { ...(time !== null && { time }), ...event };
  return JSON.stringify({ ...told, data: Buffer.from(data).toString("hex") });
}
