/** The checker: syntax trees in, a program with resolved names and evaluated constants out. */
import type { IdlFile } from "../ast.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { Program } from "../program.ts";
import type { SourceText } from "../span.ts";

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
}

export interface CheckResult {
  readonly program: Program;
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks files in order of dependency (imports first; within an import cycle any order will do). */
export function check(files: readonly CheckInput[], options: CheckOptions): CheckResult {
  const roots = files.filter((input) => input.origin === "root").map((input) => input.file.path);
  return {
    program: { roots, sources: options.sources, interfaces: [], types: [], constants: [] },
    diagnostics: [],
  };
}
