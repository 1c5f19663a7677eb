/** The files of a protocol whose IDL is there already: the IDL in its folder, and a first overlay beside each file. */
import { basename, dirname, normalize, relative } from "node:path";
import {
  draftOverlay,
  overlayPathOf,
  readLibraries,
  statusLibraries,
  type DocumentFacts,
  type StatusLibrary,
} from "@msrpc/codegen";
import type { Config } from "../config.ts";
import { hasErrors, openIdl, printDiagnostics } from "../front.ts";
import { overlaid, type Io } from "../io.ts";
import { UsageError } from "../usage-error.ts";
import { documentName, readDocument, type DocumentText } from "./document.ts";
import { publishedIdl, type PublishedFile } from "./published-idl.ts";

export interface FromOptions {
  /** IDL files, and Markdown of documents whose appendices have IDL. */
  readonly from: readonly string[];
  /** Markdown of the documents that define them; the first is cited where nothing else is said. */
  readonly document?: readonly string[];
}

export interface StartedProtocol {
  /** Texts to write, by path. */
  readonly texts: ReadonlyMap<string, string>;
  readonly idl: readonly string[];
  /** What is left to decide, one sentence each. */
  readonly remarks: readonly string[];
}

/** @throws UsageError where a file is missing or can't be compiled */
export function fromIdl(
  io: Io,
  name: string,
  config: Config,
  options: FromOptions,
  schema: string | null,
): StartedProtocol {
  const folder = `idl/${name}`;
  const texts = new Map<string, string>();
  const idl = options.from.flatMap((source) =>
    sourcesOf(io, source).map(({ name: file, text }) => {
      const target = `${folder}/${file}`;
      if (normalize(source) !== target) texts.set(target, withImports(text, target, config));
      return target;
    }),
  );
  const paths = new Set([...options.from.filter(isDocument), ...(options.document ?? [])]);
  const documents = [...paths].map((path) => readDocument(path, need(io, path)));
  const facts = factsOf(documents);
  const remarks = [...facts.remarks];
  const hasTable = Object.keys(facts.statuses).length > 0;
  if (hasTable) texts.set(`${folder}/status.json`, json(facts.statuses));
  const files = overlaid(io, texts);
  const elsewhere = new Set(config.packages.flatMap((each) => each.idl));
  for (const file of idl) {
    const { plan, diagnostics, sources } = openIdl(files, file, config);
    if (hasErrors(diagnostics)) {
      printDiagnostics(io, diagnostics, sources);
      throw new UsageError(`${file} has to be mended first; nothing was written`);
    }
    const drafted = draftOverlay(plan, facts, elsewhere);
    remarks.push(...drafted.remarks.map((remark) => `${file}: ${remark}`));
    const { document, ...rest } = drafted.overlay;
    const overlay = {
      ...(schema === null ? {} : { $schema: `../../${schema}` }),
      ...(document === undefined ? {} : { document }),
      ...(hasTable ? { statusTable: "status.json" } : {}),
      ...(facts.libraries.length === 0 ? {} : { statusLibraries: facts.libraries }),
      ...rest,
    };
    texts.set(overlayPathOf(file), json(overlay));
  }
  return { texts, idl, remarks };
}

function isDocument(path: string): boolean {
  return /\.md$/i.test(path);
}

/** The IDL files that a source stands for: itself, or those in the appendix of a document. */
function sourcesOf(io: Io, source: string): PublishedFile[] {
  const text = need(io, source);
  if (!isDocument(source)) return [{ name: basename(source), text }];
  const files = publishedIdl(documentName(source), text);
  const found = files.filter(({ name }) => name.endsWith(".idl"));
  if (found.length > 0) return found;
  throw new UsageError(
    `${source} has no appendix called "Full IDL"; put the IDL into a file and give that to --from`,
  );
}

function need(io: Io, path: string): string {
  const text = io.read(path);
  if (text === null) throw new UsageError(`there is no file ${path}`);
  return text;
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The text with its imports leading to files that other packages are made from, where these have the name. */
function withImports(text: string, target: string, { packages }: Config): string {
  const files = packages.flatMap((each) => each.idl);
  return text.replace(/^[ \t]*import\b[^;]*;/gm, (statement) =>
    statement.replace(/"([^"]*)"/g, (quoted, path: string) => {
      const wanted = basename(path.replaceAll("\\", "/")).toLowerCase();
      const found = files.find((file) => basename(file).toLowerCase() === wanted);
      return found === undefined ? quoted : `"${relative(dirname(target), found)}"`;
    }),
  );
}

interface AllFacts extends DocumentFacts {
  /** Of names that no library has. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly libraries: readonly StatusLibrary[];
  readonly remarks: readonly string[];
}

/** What all documents say. What several have a section for belongs to the first of them. */
function factsOf(documents: readonly DocumentText[]): AllFacts {
  const sections: Record<string, string> = {};
  const errors: Record<string, readonly string[]> = {};
  const statuses: Record<string, number> = {};
  const remarks = new Set<string>();
  const used = new Set<StatusLibrary>();
  const libraries = statusLibraries.map((name) => [name, readLibraries([name])] as const);
  const isKnown = (name: string, value: number | null): boolean => {
    const having = libraries.filter(([, all]) => all.has(name));
    const [library, numbers] = having.find(([, all]) => all.get(name) === value) ?? having[0] ?? [];
    const known = numbers?.get(name) ?? statuses[name];
    if (library !== undefined) used.add(library);
    if (known === undefined && value === null) {
      remarks.add(`${name} is listed and its number is not known`);
      return false;
    }
    if (known === undefined) statuses[name] = value ?? 0;
    else if (value !== null && known !== value)
      remarks.add(`${name} is said to be ${value}, but is ${known} elsewhere`);
    return true;
  };
  for (const document of documents) {
    const isFirst = document === documents[0];
    for (const [item, section] of document.sections) {
      if (Object.hasOwn(sections, item)) continue;
      sections[item] = isFirst ? section : `[${document.name}] ${section}`;
      const listed = [...(document.statuses.get(item) ?? [])].filter(([, value]) => value !== 0);
      errors[item] = listed.flatMap(([name, value]) => (isKnown(name, value) ? [name] : []));
    }
  }
  const [first] = documents;
  // Where a document asks for nothing, a peer may send what the higher level refuses.
  const strictness = first?.level ?? 5;
  if (first?.level === null)
    remarks.add(`${first.name} doesn't say how strictly to check; level 5 is taken`);
  const cited = first === undefined ? {} : { document: first.name, strictness };
  return {
    ...cited,
    sections,
    errors,
    statuses,
    libraries: statusLibraries.filter((each) => used.has(each)),
    remarks: [...remarks],
  };
}
