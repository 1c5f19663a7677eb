/** `clusctl events`: what happens, as it happens. */
import { type ClusterEvent, type EventKind, eventKinds } from "@msrpc/clusapi";
import { Command } from "commander";
import { type Report, works } from "../command.ts";
import type { Io } from "../io.ts";
import { words } from "../output/style.ts";
import { pad, printable } from "../output/table.ts";
import { UsageError } from "../usage-error.ts";

export function eventsCommand(io: Io): Command {
  const command = new Command("events")
    .description("show what happens in the cluster, until interrupted")
    .option("--about <kinds>", `of ${eventKinds.join(", ")}`, "all but Registry")
    .option("--count <number>", "end after so many")
    .addHelpText("after", "\nExample:\n  $ clusctl events --json | jq .name");
  return works<{ readonly about: string; readonly count?: string }>(
    command,
    io,
    async ({ cluster, options }) => {
      const { count = "", json } = options;
      if (!/^(?:[1-9]\d*)?$/.test(count)) throw new UsageError("--count takes a number");
      const about = kindsIn(options.about);
      let left = count === "" ? Infinity : Number(count);
      const end = new AbortController();
      const stop = io.onInterrupt(() => end.abort());
      try {
        for await (const event of cluster.events({ about, signal: end.signal })) {
          io.out(json === true ? `${jsonOf(event)}\n` : `${lineOf(event)}\n`);
          if (--left === 0) break;
        }
      } catch (error) {
        if (!end.signal.aborted) throw error;
      } finally {
        stop();
      }
      return nothing;
    },
  );
}

/** Kinds between commas. The registry's events come with most others, and say less. */
function kindsIn(text: string): EventKind[] {
  if (text === "all but Registry") return eventKinds.filter((kind) => kind !== "Registry");
  return text.split(",").map((name) => {
    const found = eventKinds.find((kind) => kind.toLowerCase() === name.trim().toLowerCase());
    if (found === undefined) throw new UsageError(`there are no events about "${name.trim()}"`);
    return found;
  });
}

/** All that there is to say has been said line by line. */
const nothing: Report = { json: undefined, text: () => "" };

function lineOf({ kind, what, name }: ClusterEvent): string {
  return printable(`${pad(words(kind), 17)}  ${pad(words(what), 20)}  ${name}`);
}

function jsonOf({ data, ...event }: ClusterEvent): string {
  return JSON.stringify({ ...event, data: Buffer.from(data).toString("hex") });
}
