/** The command in its process: its signals, its output and its exit code. */
import { checkFiles } from "./check.ts";
import { DefinitionFileError } from "./definition/file.ts";
import { because, createLog } from "./log.ts";
import { type Options, readOptions, usage } from "./options.ts";
import { runClusterd } from "./run.ts";
import { backUp } from "./store.ts";

/** Gives the exit code: 0 when it was told to stop, 1 where it can't go on, 2 where it was used wrongly. */
export async function command(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.length === 0) {
    console.log(usage);
    return 0;
  }
  try {
    await follow(readOptions(args));
    return 0;
  } catch (error) {
    if (error instanceof DefinitionFileError) {
      // As compilers say it, for editors.
      console.error(error.message);
      return 1;
    }
    console.error(`clusterd: ${because(error)}`);
    return error instanceof TypeError || error instanceof SyntaxError ? 2 : 1;
  }
}

async function follow(options: Options): Promise<void> {
  const { check, backup, listen, store } = options;
  if (check) {
    for (const found of await checkFiles(options)) console.log(found);
    return;
  }
  if (listen.length === 0) {
    backUp(options);
    console.log(`${store} was copied into ${backup}`);
    return;
  }
  const log = createLog({
    format: options.logFormat ?? (process.stdout.isTTY ? "text" : "json"),
    level: options.logLevel,
    write: (line) => process.stdout.write(`${line}\n`),
    now: () => Date.now(),
  });
  await runClusterd(options, log, toldToStop());
}

/** SIGHUP: its terminal was closed. */
const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The second signal finds nobody who listens, and ends the process as it is. */
function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      for (const signal of endings) process.off(signal, stop);
      resolve();
    };
    for (const signal of endings) process.on(signal, stop);
  });
}
