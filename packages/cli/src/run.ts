/** From arguments to an exit code: 0 done, 1 the input has errors, 2 the command was used wrongly. */
import { Command, CommanderError } from "commander";
import { callCommand } from "./commands/call.ts";
import { checkCommand } from "./commands/check.ts";
import { decodeCommand } from "./commands/decode.ts";
import { diffCommand } from "./commands/diff.ts";
import { explainCommand } from "./commands/explain.ts";
import { generateCommand } from "./commands/generate.ts";
import { initCommand } from "./commands/init.ts";
import { mockCommand } from "./commands/mock.ts";
import { passwdCommand } from "./commands/passwd.ts";
import { recordCommand } from "./commands/record.ts";
import { replayCommand } from "./commands/replay.ts";
import type { Io } from "./io.ts";
import { UsageError } from "./usage-error.ts";
import { version } from "./version.ts";

const commands = [
  generateCommand,
  checkCommand,
  explainCommand,
  decodeCommand,
  diffCommand,
  callCommand,
  mockCommand,
  recordCommand,
  replayCommand,
  initCommand,
  passwdCommand,
];

/** Runs one command line. Never throws for what a user did, and never ends the process. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  const finish = (code: number): void => {
    exitCode = code;
  };
  const program = new Command("msrpc")
    .version(version, "--version", "print the version")
    .description("Microsoft-dialect IDL to TypeScript: NDR codecs, typed clients and servers.")
    .addHelpText(
      "after",
      "\nExamples:\n" +
        "  $ msrpc check idl/ms-cmrp/clusapi3.idl\n" +
        "  $ msrpc generate idl/echo/echo.idl --out generated/echo\n" +
        "\nExit codes: 0 done, 1 the input has errors, 2 the command was used wrongly.",
    );
  for (const add of commands) program.addCommand(add(io, finish));
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      getOutHasColors: () => io.isTerminal,
      getErrHasColors: () => io.isTerminal,
    });
  }
  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof UsageError) {
      io.err(`error: ${error.message}\n`);
      return 2;
    }
    if (error instanceof Error && ("syscall" in error || isTooLarge(error))) {
      // The file system said no: a file in the way of a folder, a name too long, no permission.
      io.err(`error: ${error.message}\n`);
      return 2;
    }
    throw error;
  }
}

/** Node reads no file of more than 2 GiB, and makes no text of more than 512 MiB. */
function isTooLarge(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ERR_FS_FILE_TOO_LARGE" || code === "ERR_STRING_TOO_LONG";
}
