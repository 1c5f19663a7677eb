/** What every command does with an IDL file first: compile it, plan its wire form, say what is wrong. */
import { Option, type Command } from "commander";
import {
  compile,
  createParseCache,
  lowerableCodes,
  renderFrames,
  type CompileOptions,
  type Diagnostic,
  type Dialect,
  type Host,
  type ParseCache,
  type Program,
  type SourceText,
} from "@msrpc/idl";
import { plan, type WirePlan } from "@msrpc/wire";
import { compilerHost } from "./host.ts";
import type { Io } from "./io.ts";
import { mappedFile, mappedHost, type MappedFile } from "./map.ts";
import { UsageError } from "./usage-error.ts";

/** Options of the compiler, as the command line has them. */
export interface FrontOptions {
  readonly include?: readonly string[];
  readonly define?: readonly string[];
  /** Codes of errors that are to be warnings. */
  readonly warn?: readonly string[];
  /** The dialect of the files: Microsoft's, unless it is Samba's. */
  readonly dialect?: Dialect;
  /** Imports that lead to files of other packages. */
  readonly map?: readonly MappedFile[];
}

export interface Front {
  readonly program: Program;
  readonly plan: WirePlan;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, SourceText>;
}

/** Gathers the values of an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** Adds `-I`, `-D`, `--dialect`, `--warn` and `--map` to a command. */
export function withFrontOptions(command: Command): Command {
  return command
    .addOption(
      new Option("-I, --include <dir>", "search imports and includes in this folder").argParser(
        collect,
      ),
    )
    .addOption(new Option("-D, --define <name[=text]>", "define a macro").argParser(collect))
    .addOption(
      new Option(
        "--dialect <dialect>",
        "the dialect of the files: Microsoft's, or Samba's (pidl)",
      ).choices(["midl", "pidl"]),
    )
    .addOption(
      new Option("--warn <code>", "make errors of this code warnings").argParser(
        (code: string, before?: readonly string[]) => [...(before ?? []), lowerableCode(code)],
      ),
    )
    .addOption(
      new Option(
        "--map <file=package>",
        "take imports of this file's name from it, and its types from the package",
      ).argParser((text: string, before?: readonly MappedFile[]) => [
        ...(before ?? []),
        mappedFile(text),
      ]),
    );
}

/**
 * Compiles one file. Its diagnostics are of the text and of the wire form.
 *
 * @throws UsageError where there is no such file
 */
export function openIdl(io: Io, path: string, options: FrontOptions): Front {
  if (!io.isFile(path)) {
    throw new UsageError(
      io.isFolder(path) ? `${path} is a folder` : `there is no file ${path} in ${io.folder}`,
    );
  }
  const folder = options.include?.find((each) => !io.isFolder(each));
  if (folder !== undefined) throw new UsageError(`there is no folder ${folder} to search`);
  const { program, diagnostics, sources } = compile([path], hostOf(io, options), {
    ...compileOptions(options),
    cache: cacheOf(io),
  });
  const planned = plan(program);
  // What the text gets wrong has no wire form: one mistake, one diagnostic.
  const wireDiagnostics = hasErrors(diagnostics) ? [] : planned.diagnostics;
  return {
    program,
    plan: planned.plan,
    diagnostics: [...diagnostics, ...wireDiagnostics],
    sources,
  };
}

function hostOf(io: Io, { map = [] }: FrontOptions): Host {
  const host = compilerHost(io);
  return map.length === 0 ? host : mappedHost(io, host, map);
}

/** What files import in common is parsed once a run. */
const caches = new WeakMap<Io, ParseCache>();

function cacheOf(io: Io): ParseCache {
  let cache = caches.get(io);
  if (cache === undefined) caches.set(io, (cache = createParseCache()));
  return cache;
}

/** The options with what a config says of the file. What the command line maps goes before it. */
export function withConfigured(
  options: FrontOptions,
  { warn, map }: Required<Pick<FrontOptions, "warn" | "map">>,
): FrontOptions & Pick<Required<FrontOptions>, "map"> {
  const asked = options.map ?? [];
  return { ...options, warn: [...(options.warn ?? []), ...warn], map: [...map, ...asked] };
}

/**
 * The code of an error that may be lowered to a warning.
 *
 * @throws UsageError for any other
 */
export function lowerableCode(code: string): string {
  if (lowerableCodes.includes(code)) return code;
  const only = lowerableCodes.join(", ");
  throw new UsageError(
    `${code} can't be made a warning: only ${only} can, where the wire stays well-defined`,
  );
}

function compileOptions({
  include = [],
  define = [],
  warn = [],
  dialect = "midl",
}: FrontOptions): CompileOptions {
  const defines = define.map((each): [string, string] => {
    const [, name, text = "1"] = /^([A-Za-z_]\w*)(?:=(.*))?$/s.exec(each) ?? [];
    if (name === undefined)
      throw new UsageError(`${each} defines no macro: write NAME or NAME=TEXT`);
    return [name, text];
  });
  return { searchPaths: include, defines: Object.fromEntries(defines), warn, dialect };
}

/** Whether anything is so wrong that no output may be made. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

/** Prints diagnostics with code frames, on standard error. */
export function printDiagnostics(
  io: Io,
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, SourceText>,
): void {
  if (diagnostics.length > 0) {
    io.err(`${renderFrames(diagnostics, sources, { color: io.isTerminal })}\n`);
  }
}

/** `3 errors, 1 warning`; empty where there is neither. */
export function countProblems(diagnostics: readonly Diagnostic[]): string {
  return (["error", "warning"] as const)
    .map((severity) => {
      const count = diagnostics.filter((each) => each.severity === severity).length;
      return count === 0 ? "" : `${count} ${severity}${count === 1 ? "" : "s"}`;
    })
    .filter((text) => text !== "")
    .join(", ");
}
