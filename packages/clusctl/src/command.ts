/** What commands are made of: a cluster to work on, and a report that is a screen or JSON. */
import type { Cluster } from "@msrpc/clusapi";
import type { Command } from "commander";
import { connect, type GlobalOptions } from "./connection.ts";
import type { Io } from "./io.ts";
import { type Style, styleFor } from "./output/style.ts";
import { UsageError } from "./usage-error.ts";

/** What a command found or did. */
export interface Report {
  /** Undefined where nothing is left to print. */
  readonly json: unknown;
  text(style: Style): string;
}

/** What the work of a command is given. */
export interface Work<Options> {
  readonly cluster: Cluster;
  readonly options: GlobalOptions & Options;
  /** Asks whether to go on. @throws UsageError where the answer is no, or nobody can be asked */
  confirm(what: string): Promise<void>;
  /** Says on a terminal how it goes. */
  progress(line: string): void;
}

/** Adds the work of a command: its arguments are those of the command line. */
export function works<Options = object>(
  command: Command,
  io: Io,
  work: (work: Work<Options>, ...args: string[]) => Promise<Report>,
): Command {
  return command.action(async (...given: unknown[]) => {
    const options = command.optsWithGlobals<GlobalOptions & Options>();
    const args = given.slice(0, command.registeredArguments.length) as string[];
    await using cluster = await connect(io, options);
    const report = await work(
      {
        cluster,
        options,
        confirm: (what) => confirm(io, options, what),
        progress: (line) => io.isTerminal && options.json !== true && io.err(`${line}\n`),
      },
      ...args,
    );
    if (options.json !== true) io.out(report.text(styleFor(io.isTerminal)));
    else if (report.json !== undefined) io.out(`${JSON.stringify(report.json, null, 2)}\n`);
  });
}

async function confirm(io: Io, { yes }: GlobalOptions, what: string): Promise<void> {
  if (yes === true) return;
  if (!io.isTerminal)
    throw new UsageError(`${what}: give --yes to have it done without a question`);
  const answer = await io.ask(`${what}? [y/N] `);
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new UsageError("nothing was done");
}

/** A line that says what was done. */
export function done(line: string, json: unknown): Report {
  return { json, text: () => `${line}\n` };
}
