/**
 * From arguments to an exit code: 0 done, 1 the cluster refused or can't be reached or somebody said no, 2 the command was
 * used wrongly, 130 somebody interrupted it.
 */
import { BindingError } from "@msrpc/rpc";
import { Command, CommanderError, Option } from "commander";
import { affinityCommand } from "./commands/affinity.ts";
import { clusterCommand } from "./commands/cluster.ts";
import { completionCommand } from "./commands/completion.ts";
import { eventsCommand } from "./commands/events.ts";
import { groupCommand } from "./commands/group.ts";
import { interfaceCommand, networkCommand } from "./commands/network.ts";
import { nodeCommand } from "./commands/node.ts";
import { registryCommand } from "./commands/registry.ts";
import { resourceCommand } from "./commands/resource.ts";
import { setCommand } from "./commands/set.ts";
import { statusCommand } from "./commands/status.ts";
import { typeCommand } from "./commands/type.ts";
import type { Io } from "./io.ts";
import { failureOf } from "./output/failure.ts";
import { meant } from "./output/near.ts";
import metadata from "../package.json" with { type: "json" };
import { Interruption, Refusal, UsageError } from "./usage-error.ts";

const commands = [
  statusCommand,
  clusterCommand,
  nodeCommand,
  groupCommand,
  resourceCommand,
  setCommand,
  affinityCommand,
  networkCommand,
  interfaceCommand,
  typeCommand,
  registryCommand,
  eventsCommand,
  completionCommand,
];

/** Runs one command line. Never throws for what a user or a cluster did, and never ends the process. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const program = programFor(io, args);
  try {
    await program.parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof Interruption) {
      // What only looks on has nothing to say.
      if (error.message !== "") io.err(`${error.message}\n`);
      return 130;
    }
    if (error instanceof Refusal) {
      io.err(`${error.message}\n`);
      return 1;
    }
    if (isMisuse(error)) {
      io.err(`error: ${error.message}\n`);
      return 2;
    }
    const failure = failureOf(error);
    if (failure === null) throw error;
    if (program.opts<{ json?: true }>().json === true) {
      io.err(`${JSON.stringify({ error: failure }, null, 2)}\n`);
    } else {
      const advice = failure.advice === "" ? "" : `  ${failure.advice}\n`;
      io.err(`error: ${failure.message}\n${advice}`);
    }
    return 1;
  }
}

/** Values that can't be sent are RangeErrors of the client. */
function isMisuse(error: unknown): error is Error {
  return (
    error instanceof UsageError || error instanceof BindingError || error instanceof RangeError
  );
}

/**
 * What takes no arguments is run by itself where no command is named: then a word that is no command is its
 * argument, of which it would say that there are too many.
 */
function unknownWord(command: Command, args: readonly string[]): string | null {
  const { parent } = command;
  const isNamed = args.includes(command.name());
  const [word] = command.args;
  if (parent === null || isNamed || word === undefined || command.registeredArguments.length > 0)
    return null;
  const said = meant(
    word,
    parent.commands.map((one) => one.name()),
  );
  const help = `clusctl ${parent.name()} --help`;
  const what = said === "" ? `: ${help} shows what there is` : said;
  return `error: unknown command '${parent.name()} ${word}'${what}\n`;
}

function programFor(io: Io, args: readonly string[]): Command {
  const program = new Command("clusctl")
    .description("Manages a failover cluster: this repository's, or a Windows one.")
    .version(metadata.version, "-V, --version", "print the version")
    .option("-s, --server <host>", "a node of the cluster, or its string binding (CLUSCTL_SERVER)")
    .option("-u, --user <account>", "who you are: DOMAIN\\name (CLUSCTL_USER)")
    .option("--password-file <file>", "a file with the password in its first line")
    .option("--kerberos", "log on by Kerberos, with your tickets or as --user")
    .option("--target <spn>", "the cluster service's Kerberos name")
    .addOption(
      new Option(
        "--protocol <version>",
        "of the interface: 2 for clusters before Windows Server 2008",
      )
        .choices(["2", "3"])
        .default("3"),
    )
    .option("--timeout <seconds>", "how long a call may take (default: 30)")
    .option("--json", "print JSON")
    .option("-y, --yes", "don't ask whether to go on")
    .addHelpText(
      "after",
      "\nThe password is asked for, or taken from CLUSCTL_PASSWORD or --password-file.\n" +
        "\nExamples:\n" +
        "  $ clusctl --server node1 --user 'EXAMPLE\\alice' status\n" +
        "  $ clusctl group move SQL node2\n" +
        "  $ clusctl resource list --json\n" +
        "\nExit codes: 0 done, 1 the cluster refused or can't be reached, or you said no,\n" +
        "2 the command was used wrongly, 130 interrupted.",
    );
  for (const add of commands) program.addCommand(add(io));
  const configure = (command: Command): void => {
    command.exitOverride().configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      getOutHasColors: () => io.isTerminal,
      getErrHasColors: () => io.isTerminal,
      outputError: (text, write) => write(unknownWord(command, args) ?? text),
    });
    for (const sub of command.commands) configure(sub);
  };
  configure(program);
  return program;
}
