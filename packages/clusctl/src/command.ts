/** What commands are made of: a cluster to work on, and a report that is a screen or JSON. */
import type { Cluster, SettleOptions } from "@msrpc/clusapi";
import type { Command } from "commander";
import { connect, type GlobalOptions } from "./connection.ts";
import type { Io } from "./io.ts";
import { type Style, styleFor } from "./output/style.ts";
import { Interruption, Refusal, UsageError } from "./usage-error.ts";

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
  /** Asks whether to go on. @throws Refusal where the answer is no; UsageError where nobody can be asked */
  confirm(what: string): Promise<void>;
  /**
   * Waits for what takes its time: says on a terminal how it goes, and stops waiting when somebody interrupts.
   *
   * @throws Interruption; the cluster goes on with what it began
   */
  wait<State, T>(
    tell: (state: State) => string,
    work: (options: Pick<SettleOptions<State>, "signal" | "onProgress">) => Promise<T>,
  ): Promise<T>;
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
        async wait(tell, work) {
          const end = new AbortController();
          const stop = io.onInterrupt(() => end.abort(new Interruption(goesOn)));
          const isShown = io.isTerminal && options.json !== true;
          try {
            return await work({
              signal: end.signal,
              onProgress: (state) => isShown && io.err(`${tell(state)}\n`),
            });
          } finally {
            stop();
          }
        },
      },
      ...args,
    );
    if (options.json !== true) io.out(report.text(styleFor(io.isTerminal)));
    else if (report.json !== undefined) io.out(`${JSON.stringify(report.json, null, 2)}\n`);
  });
}

const goesOn = "interrupted: the cluster goes on with what it began, which `clusctl status` shows";

async function confirm(io: Io, { yes }: GlobalOptions, what: string): Promise<void> {
  if (yes === true) return;
  if (!io.isTerminal)
    throw new UsageError(`${what}: give --yes to have it done without a question`);
  const answer = await io.ask(`${what}? [y/N] `);
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new Refusal("nothing was done");
}

/** A line that says what was done. */
export function done(line: string, json: unknown): Report {
  return { json, text: () => `${line}\n` };
}
