/** The checker: syntax trees in, a program with resolved names and evaluated constants out. */
import type { IdlFile } from "../ast.ts";
import { lowerable } from "../catalogue/lowerable.ts";
import type { LeftOutByFile } from "../collect.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { Program } from "../program.ts";
import type { SourceText } from "../span.ts";
import { complete, type Context, createContext } from "./context.ts";
import { declareItems } from "./declare.ts";
import { checkRedeclarations } from "./redeclarations.ts";
import { createReport } from "./report.ts";
import { resolveAttributes } from "./resolve-attributes.ts";
import { type FileScope, linkScopes } from "./scope.ts";
import { checkTypedefChains } from "./typedef-chains.ts";
import { checkWire } from "./wire/walk.ts";

/** A file with what it imports. A name is looked up in its file and in all that this imports. */
export interface CheckInput {
  readonly file: IdlFile;
  /** `prelude`: a built-in definition of well-known types; a file may declare its names anew. */
  readonly origin: "root" | "import" | "prelude";
  /** Paths (as `IdlFile.path`) of the files it imports directly; files that were not found left out. */
  readonly imports: readonly string[];
}

export interface CheckOptions {
  /** Every file read, for `Program.sources`. */
  readonly sources: ReadonlyMap<string, SourceText>;
  /** Codes of rules whose errors are to be warnings. Those that may not be lowered stay errors. */
  readonly warn?: readonly string[];
}

export interface CheckResult {
  readonly program: Program;
  readonly diagnostics: readonly Diagnostic[];
  /** How many diagnostics there were beyond what is kept of a file. */
  readonly leftOut: LeftOutByFile;
}

/** Checks files in order of dependency (imports first; within an import cycle any order will do). */
export function check(files: readonly CheckInput[], options: CheckOptions): CheckResult {
  const { report, collector } = createReport(lowerable(options.warn ?? []));
  const context: Context = createContext({
    report,
    textOf: ({ file, start, end }) => options.sources.get(file)?.text.slice(start, end) ?? "",
    pointerAttributes: (place, written) => resolveAttributes(context, place, written, "pointer"),
  });
  const counter = { next: 0 };
  const scoped = files.map(({ file, origin, imports }) => {
    const { path } = file;
    const scope: FileScope = {
      path,
      origin,
      names: new Map(),
      tags: new Map(),
      announced: new Map(),
      visible: [],
    };
    declareItems({ context, scope, counter }, file.items);
    return { scope, imports };
  });
  linkScopes(scoped);
  for (const symbol of context.pending.keys()) complete(context, symbol);
  checkTypedefChains(context);
  checkRedeclarations(
    context,
    scoped.map(({ scope }) => scope),
  );
  checkWire(context);
  const roots = files.filter(({ origin }) => origin === "root").map(({ file }) => file.path);
  return {
    program: {
      roots,
      sources: options.sources,
      interfaces: context.interfaces,
      types: context.types,
      constants: context.constants,
    },
    diagnostics: collector.diagnostics,
    leftOut: collector.leftOut,
  };
}
