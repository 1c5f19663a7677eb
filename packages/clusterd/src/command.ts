/** The command in its process: its signals, its output and its exit code. */
import { StoreError } from "@msrpc/cluster";
import metadata from "../package.json" with { type: "json" };
import { checkFiles } from "./check.ts";
import { DefinitionFileError } from "./definition/file.ts";
import { because, createLog } from "./log.ts";
import { type Options, readOptions, usage } from "./options.ts";
import { runClusterd } from "./run.ts";
import { backUp } from "./store.ts";

/** Gives the exit code: 0 when it was told to stop, 1 where it can't go on, 2 where it was used wrongly. */
export async function command(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    console.log(usage);
    return 0;
  }
  if (args.includes("--version")) {
    console.log(metadata.version);
    return 0;
  }
  if (args.length === 0) {
    console.error(usage);
    return 2;
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
    copy(options);
    console.log(`${store} was copied into ${backup}`);
    return;
  }
  demandCallers(options);
  const log = createLog({
    format: options.logFormat ?? (process.stdout.isTTY ? "text" : "json"),
    level: options.logLevel,
    write: (line) => process.stdout.write(`${line}\n`),
    now: () => Date.now(),
  });
  await runClusterd(options, log, toldToStop());
}

/** @throws TypeError where nobody could ever log on */
function demandCallers({ users, keytab, testMode }: Options): void {
  if (users !== null || keytab !== null || testMode) return;
  throw new TypeError(
    "nobody could log on: --users or --keytab says who may, --test-mode lets everybody in",
  );
}

function copy(options: Options): void {
  try {
    backUp(options);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "in_use") throw error;
    const hint = "whoever serves it copies it at SIGUSR2, where it was started with --backup";
    throw new Error(`${error.message}; ${hint}`, { cause: error });
  }
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
