/** The front end as one call: files and all they import, read, parsed and checked. */
import type { IdlFile, Item, StringLiteral } from "./ast.ts";
import { applyAcf } from "./acf/apply-acf.ts";
import { parseAcf } from "./acf/parse-acf.ts";
import {
  missingDefault,
  undefinedBase,
  undefinedInterface,
  undefinedName,
  undefinedType,
} from "./catalogue/semantics.ts";
import { fileNotFound, importNotFound, includeNotFound } from "./catalogue/syntax.ts";
import { check, type CheckInput } from "./check/index.ts";
import { limitDiagnostics } from "./collect.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { fileNameOf, type Host } from "./host.ts";
import { createParseCache, type ParseCache } from "./parse/cache.ts";
import { parseFile } from "./parse/parse.ts";
import { lowerPidl } from "./pidl/lower.ts";
import { isPrelude, PIDL_PATH, withPrelude } from "./prelude.ts";
import type { Program } from "./program.ts";
import { placeOfUse, type SourceText, type Span } from "./span.ts";
import { openSession, report, type PreprocessOptions, type Session } from "./text/session.ts";

export interface CompileOptions extends PreprocessOptions {
  /**
   * The attribute configuration file of each file given, by its path. Without an entry it is the
   * file with `.acf` for `.idl` beside it, if there is one; null for none.
   */
  readonly acf?: Readonly<Record<string, string | null>>;
  /**
   * Codes of rules whose errors are to be warnings (`lowerableCodes`). What such a rule forbids is well-defined on the
   * wire, so that published text which can't be changed stays usable. Errors of other rules stay errors.
   */
  readonly warn?: readonly string[];
  /** Keeps the trees of files from one compilation to the next, as long as nothing in them changes. */
  readonly cache?: ParseCache;
}

export interface Compilation {
  readonly program: Program;
  /** In order of files as they were read, and of place in each. */
  readonly diagnostics: readonly Diagnostic[];
  /** The trees, what a file imports before it. */
  readonly files: readonly IdlFile[];
  /** Every file read, for rendering spans. */
  readonly sources: ReadonlyMap<string, SourceText>;
}

/** Compiles files. What is wrong with them is in `diagnostics`; nothing is thrown for it. */
export function compile(
  paths: readonly string[],
  host: Host,
  options: CompileOptions = {},
): Compilation {
  const session = openSession(withPrelude(host), options);
  const loaded = loadAll(session, paths, options);
  const inputs = options.dialect === "pidl" ? lowerPidl(session, loaded) : loaded;
  const { sources } = session;
  // Samba's compiler doesn't ask for an arm for every enumerator.
  const warn = [
    ...(options.warn ?? []),
    ...(options.dialect === "pidl" ? [missingDefault.code] : []),
  ];
  const { program, diagnostics, leftOut } = check(inputs, { sources, warn });
  const certain = withoutConsequences(diagnostics, inputs, session);
  return {
    program,
    diagnostics: limitDiagnostics(
      inOrder([...session.diagnostics, ...certain], sources),
      session.collector.leftOut,
      leftOut,
    ),
    files: inputs.map(({ file }) => file),
    sources,
  };
}

/** Reads and parses one file and nothing that it imports. */
export function parse(
  path: string,
  host: Host,
  options: CompileOptions = {},
): Pick<Compilation, "diagnostics" | "sources"> & { readonly file: IdlFile | null } {
  const session = openSession(withPrelude(host), options);
  const file = parseFile(session, path, null, options.cache ?? createParseCache());
  if (file === null) reportMissing(session, path);
  const { sources } = session;
  const diagnostics = inOrder(session.diagnostics, sources);
  return { file, diagnostics: limitDiagnostics(diagnostics, session.collector.leftOut), sources };
}

/** The files and all they import, each once, imports before their importers. */
function loadAll(
  session: Session,
  paths: readonly string[],
  options: CompileOptions,
): CheckInput[] {
  const roots = new Set(paths);
  const known = new Map<string, boolean>();
  const cache = options.cache ?? createParseCache();
  const ordered: CheckInput[] = [];

  const load = (path: string, importedFrom: Span | null): boolean => {
    const isKnown = known.get(path);
    if (isKnown !== undefined) return isKnown;
    const parsed = parseFile(session, path, importedFrom, cache);
    known.set(path, parsed !== null);
    if (parsed === null) return false;
    const file = roots.has(path) ? configure(session, parsed, options) : parsed;
    const seesPidl = options.dialect === "pidl" && path !== PIDL_PATH && load(PIDL_PATH, null);
    const imports: string[] = seesPidl ? [PIDL_PATH] : [];
    for (const { value, span } of importsOf(file.items)) {
      const found = session.host.resolve(span.file, value, session.options.searchPaths ?? []);
      if (found !== null && load(found, span)) imports.push(found);
      else report(session, importNotFound, span, { path: value });
    }
    const origin = roots.has(path) ? "root" : isPrelude(path) ? "prelude" : "import";
    ordered.push({ file, origin, imports });
    return true;
  };

  for (const path of roots) if (!load(path, null)) reportMissing(session, path);
  const remote = ordered.find(({ file, origin }) => origin === "root" && hasObjects(file.items));
  const isThere = ordered.some(({ file }) => fileNameOf(file.path).toLowerCase() === orpcFile);
  if (remote !== undefined && !isThere) {
    const path = session.host.resolve(remote.file.path, orpcFile, options.searchPaths ?? []);
    if (path !== null) load(path, null);
  }
  return ordered;
}

/** What calls of object interfaces carry beside their parameters is declared here, imported or not. */
const orpcFile = "ms-dcom.idl";

const objectMarks: ReadonlySet<string> = new Set(["object", "dual", "odl"]);

/** Whether interfaces of COM are among declarations, by what they say or what they are derived from. */
function hasObjects(items: readonly Item[]): boolean {
  return items.some((item) => {
    if (item.$type === "Library") return hasObjects(item.items);
    if (item.$type !== "Interface") return false;
    return (
      item.base !== undefined ||
      item.attributes.some((attribute) => objectMarks.has(attribute.name.name.toLowerCase()))
    );
  });
}

/** The file with the attributes of its ACF. */
function configure(session: Session, file: IdlFile, { acf = {} }: CompileOptions): IdlFile {
  const given = Object.hasOwn(acf, file.path) ? acf[file.path] : undefined;
  if (given === null) return file;
  const beside = fileNameOf(file.path).replace(/(\.idl)?$/i, ".acf");
  const path = given ?? session.host.resolve(file.path, beside, []);
  const tree = path === null ? null : parseAcf(session, path);
  if (tree !== null) return applyAcf(session, file, tree);
  if (given !== undefined) reportMissing(session, given);
  return file;
}

function* importsOf(items: readonly Item[]): Iterable<StringLiteral> {
  for (const item of items) {
    if (item.$type === "Import") yield* item.paths;
    else if (item.$type === "Interface" || item.$type === "Library") yield* importsOf(item.items);
  }
}

/** Rules that a name breaks whose file could not be read. */
const NAME_RULES: ReadonlySet<string> = new Set(
  [undefinedType, undefinedName, undefinedBase, undefinedInterface].map(({ code }) => code),
);

/** Leaves out undefined names in files that lack an import or include, directly or not. */
function withoutConsequences(
  diagnostics: readonly Diagnostic[],
  inputs: readonly CheckInput[],
  { diagnostics: earlier, sources }: Session,
): readonly Diagnostic[] {
  const incomplete = new Set<string>();
  for (const { code, span } of earlier) {
    if (code !== importNotFound.code && code !== includeNotFound.code) continue;
    for (let file: string | undefined = placeOfUse(span).file; file !== undefined;) {
      if (incomplete.has(file)) break;
      incomplete.add(file);
      file = sources.get(file)?.includedFrom?.file;
    }
  }
  if (incomplete.size === 0) return diagnostics;
  for (const { file, imports } of inputs) {
    if (imports.some((path) => incomplete.has(path))) incomplete.add(file.path);
  }
  return diagnostics.filter(
    ({ code, span }) => !NAME_RULES.has(code) || !incomplete.has(placeOfUse(span).file),
  );
}

function reportMissing(session: Session, path: string): void {
  report(session, fileNotFound, { file: path, start: 0, end: 0 }, { path });
}

/** By file as they were read, then by place. */
function inOrder(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, SourceText>,
): Diagnostic[] {
  const rank = new Map([...sources.keys()].map((path, index) => [path, index]));
  return diagnostics.toSorted((a, b) => {
    const [first, second] = [placeOfUse(a.span), placeOfUse(b.span)];
    const byFile = (rank.get(first.file) ?? -1) - (rank.get(second.file) ?? -1);
    return byFile === 0 ? first.start - second.start : byFile;
  });
}
