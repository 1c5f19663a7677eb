/** `msrpc explain`: what an operation or a type looks like on the wire. */
import { Command } from "commander";
import { explain, explainable } from "@msrpc/wire";
import { findByName, idlFiles } from "../find.ts";
import { withFrontOptions, type FrontOptions } from "../front.ts";
import type { Io } from "../io.ts";

export function explainCommand(io: Io, finish: (code: number) => void): Command {
  const command = new Command("explain")
    .description("show the layout of an operation or type in NDR 2.0 and NDR64")
    .argument("<name>", "the operation or type")
    .argument("[idl...]", "the IDL files to look into (default: those of msrpc.json)")
    .addHelpText(
      "after",
      "\nExamples:\n" +
        "  $ msrpc explain ENUM_LIST idl/ms-cmrp/clusapi3.idl\n" +
        "  $ msrpc explain ApiGetNotifyV2\n",
    )
    .action((name: string, idl: string[], options: FrontOptions) => {
      const found = findByName(io, idlFiles(io, idl), options, name, explainable);
      for (const { file, plan } of found ?? []) {
        if ((found?.length ?? 0) > 1) io.out(`${file}:\n`);
        io.out(`${explain(plan, name) ?? ""}\n`);
      }
      finish(found === null ? 1 : 0);
    });
  return withFrontOptions(command);
}
