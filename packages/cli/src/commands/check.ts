/** `msrpc check`: says what is wrong with IDL files. */
import { correctPlan, matchOverlays } from "@msrpc/codegen";
import { Command, Option } from "commander";
import { renderJson, renderSarif, type Diagnostic, type SourceText } from "@msrpc/idl";
import { wireRules } from "@msrpc/wire";
import { configuredFor } from "../config.ts";
import {
  withConfigured,
  countProblems,
  hasErrors,
  openIdl,
  printDiagnostics,
  withFrontOptions,
  type Front,
  type FrontOptions,
} from "../front.ts";
import { overlayOf } from "../generate-packages.ts";
import type { Io } from "../io.ts";
import { version } from "../version.ts";

interface CheckOptions extends FrontOptions {
  readonly format: "text" | "json" | "sarif";
}

export function checkCommand(io: Io, finish: (code: number) => void): Command {
  const command = new Command("check")
    .description("check IDL files, all they import, and the overlays beside them")
    .argument("<idl...>", "the files; each is a compilation of its own")
    .addOption(
      new Option("--format <format>", "how diagnostics are printed")
        .choices(["text", "json", "sarif"])
        .default("text"),
    )
    .addHelpText(
      "after",
      "\nExamples:\n" +
        "  $ msrpc check idl/ms-cmrp/clusapi3.idl\n" +
        "  $ msrpc check -I include -D FEATURE=2 a.idl b.idl --format json\n" +
        "  $ msrpc check ms-lsad.idl --warn IDL2409\n",
    )
    .action((paths: string[], options: CheckOptions) => finish(check(io, paths, options)));
  return withFrontOptions(command);
}

function check(io: Io, paths: readonly string[], options: CheckOptions): number {
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, SourceText>();
  for (const path of paths) {
    const front = openIdl(io, path, withConfigured(options, configuredFor(io, path)));
    for (const [name, source] of front.sources) sources.set(name, source);
    diagnostics.push(...front.diagnostics, ...checkOverlay(io, path, front, sources));
  }
  const found = distinct(diagnostics);
  if (options.format === "json") {
    io.out(`${JSON.stringify(renderJson(paths, found, sources), null, 2)}\n`);
  } else if (options.format === "sarif") {
    const log = renderSarif(found, sources, { version, rules: wireRules });
    io.out(`${JSON.stringify(log, null, 2)}\n`);
  } else {
    printDiagnostics(io, found, sources);
    const files = `${paths.length} ${paths.length === 1 ? "file" : "files"}`;
    io.out(`${files} checked: ${countProblems(found) || "no problems"}\n`);
  }
  return hasErrors(found) ? 1 : 0;
}

/** What is wrong with the overlay beside a file: with its names, where the file itself has no errors. */
function checkOverlay(
  io: Io,
  path: string,
  { plan, diagnostics }: Front,
  sources: Map<string, SourceText>,
): readonly Diagnostic[] {
  const overlay = overlayOf(io, path);
  for (const source of overlay.sources) sources.set(source.path, source);
  if (overlay.sources.length === 0 || hasErrors(diagnostics)) return overlay.diagnostics;
  const unit = { file: path, sha256: "", plan, overlay };
  return [
    ...overlay.diagnostics,
    ...matchOverlays([unit]),
    ...correctPlan(plan, overlay).diagnostics,
  ];
}

/** Two files that import a third have its diagnostics twice. */
function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Map<string, Diagnostic>();
  for (const each of diagnostics) {
    const key = JSON.stringify([each.code, each.message, each.span.file, each.span.start]);
    if (!seen.has(key)) seen.set(key, each);
  }
  return [...seen.values()];
}
