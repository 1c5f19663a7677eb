/** `msrpc mock`: a server that answers every operation of an IDL file. */
import { Command, Option } from "commander";
import { openPlans, idlFiles } from "../find.ts";
import { collect, withFrontOptions, type FrontOptions } from "../front.ts";
import type { Io } from "../io.ts";
import { callsIn, Script } from "../mock/script.ts";
import { serveMock } from "../mock/serve.ts";
import { UsageError } from "../usage-error.ts";

interface MockCommandOptions extends FrontOptions {
  readonly idl?: readonly string[];
  readonly listen: string;
  readonly seed: number;
  readonly script?: string;
  readonly strict?: true;
  readonly users?: string;
}

export function mockCommand(io: Io, finish: (code: number) => void): Command {
  const command = new Command("mock")
    .description(
      "serve every operation of an IDL file, with valid answers that are drawn or scripted",
    )
    .option("--idl <file>", "an IDL file, once or more (default: those of msrpc.json)", collect)
    .requiredOption("--listen <binding>", "where: ncacn_ip_tcp:127.0.0.1[0] for any free port")
    .addOption(
      new Option(
        "--seed <number>",
        "what answers are drawn from: the same for the same seed and calls",
      )
        .argParser(seedIn)
        .default(1),
    )
    .option("--script <file>", "answers to give, as msrpc decode --format json has calls")
    .option("--strict", "answer with a fault what the script has no answer for")
    .option("--users <file>", "an account file, for clients that log on by NTLM")
    .addHelpText(
      "after",
      "\nDrawn answers have statuses of 0 and open handles. An entry of a script needs to say of request and response only" +
        "\nwhat matters. Every call is told; interrupt to end." +
        "\n\nExamples:\n" +
        "  $ msrpc mock --idl idl/rpcecho/rpcecho.idl --listen 'ncacn_ip_tcp:127.0.0.1[49152]' --seed 7\n" +
        '  $ echo \'[{ "operation": "AddOne", "response": { "sum": 5 } }]\' > script.json\n' +
        "  $ msrpc mock --idl idl/rpcecho/rpcecho.idl --listen 'ncacn_ip_tcp:[49152]' --script script.json\n",
    )
    .action(async (options: MockCommandOptions) => finish(await mock(io, options)));
  return withFrontOptions(command);
}

function seedIn(text: string): number {
  const seed = Number(text);
  if (Number.isInteger(seed) && seed >= 0 && seed <= 0xffff_ffff) return seed;
  throw new UsageError(`--seed takes a number from 0 to 4294967295, and not "${text}"`);
}

async function mock(io: Io, options: MockCommandOptions): Promise<number> {
  const { script: file, strict = false, listen, seed, users } = options;
  const plans = openPlans(io, idlFiles(io, options.idl ?? []), options);
  if (plans === null) return 1;
  if (strict && file === undefined) throw new UsageError("--strict goes with --script");
  await serveMock(io, plans, {
    listen,
    seed,
    script: file === undefined ? null : new Script(callsIn(textOf(io, file), file), file),
    isStrict: strict,
    ...(users !== undefined && { users }),
  });
  return 0;
}

function textOf(io: Io, file: string): string {
  const text = io.read(file);
  if (text === null) throw new UsageError(`there is no file ${file}`);
  return text;
}
