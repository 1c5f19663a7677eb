/** `msrpc diff`: what changed on the wire between two versions of an IDL file. */
import { Command, Option } from "commander";
import { compareWire } from "@msrpc/wire";
import { countVerdicts, renderMarkdown, renderText } from "../diff/render.ts";
import { openPlans } from "../find.ts";
import { withFrontOptions, type FrontOptions } from "../front.ts";
import type { Io } from "../io.ts";

interface DiffOptions extends FrontOptions {
  readonly format: "text" | "json" | "markdown";
  readonly strict?: true;
}

export function diffCommand(io: Io, finish: (code: number) => void): Command {
  const command = new Command("diff")
    .description("say what changed on the wire between two versions of an IDL file")
    .argument("<old>", "the IDL file as it was")
    .argument("<new>", "the IDL file as it is")
    .addOption(
      new Option("--format <format>", "how changes are printed")
        .choices(["text", "json", "markdown"])
        .default("text"),
    )
    .option("--strict", "take compatible changes for a failure too")
    .addHelpText(
      "after",
      "\nEach operation and type is the same, compatible or breaking, in NDR 2.0 and in NDR64. Compatible: what clients" +
        "\nof the old file send, servers of the new one understand, and the other way round with answers." +
        "\n\nExamples:\n" +
        "  $ git show HEAD~1:api.idl > /tmp/api.idl && msrpc diff /tmp/api.idl api.idl\n" +
        "  $ msrpc diff v1/api.idl v2/api.idl --format markdown >> $GITHUB_STEP_SUMMARY\n" +
        "\nExit codes: 0 nothing breaks, 1 something does, or a file has errors, 2 the command was used wrongly.\n",
    )
    .action((before: string, after: string, options: DiffOptions) => {
      finish(diff(io, before, after, options));
    });
  return withFrontOptions(command);
}

function diff(io: Io, before: string, after: string, options: DiffOptions): number {
  const plans = openPlans(io, [before, after], options);
  const [was, is] = plans ?? [];
  if (was === undefined || is === undefined) return 1;
  const comparison = compareWire(was.plan, is.plan);
  if (options.format === "json") io.out(`${JSON.stringify(comparison, null, 2)}\n`);
  else if (options.format === "markdown") io.out(renderMarkdown(comparison, before, after));
  else io.out(renderText(comparison));
  const { breaking, compatible } = countVerdicts(comparison);
  return breaking > 0 || (options.strict === true && compatible > 0) ? 1 : 0;
}
