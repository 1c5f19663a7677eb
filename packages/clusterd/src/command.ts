/** The command in its process: its signals, its output and its exit code. */
import { once } from "node:events";
import { checkFiles } from "./check.ts";
import { DefinitionFileError } from "./definition/file.ts";
import { because, createLog } from "./log.ts";
import { readOptions, usage } from "./options.ts";
import { runClusterd } from "./run.ts";

/** Gives the exit code: 0 when it was told to stop, 1 where it can't go on, 2 where it was used wrongly. */
export async function command(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.length === 0) {
    console.log(usage);
    return 0;
  }
  try {
    const options = readOptions(args);
    const log = createLog({
      format: options.logFormat ?? (process.stdout.isTTY ? "text" : "json"),
      level: options.logLevel,
      write: (line) => process.stdout.write(`${line}\n`),
      now: () => Date.now(),
    });
    if (options.check) {
      for (const found of checkFiles(options)) console.log(found);
      return 0;
    }
    await runClusterd(
      options,
      log,
      Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]),
    );
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
