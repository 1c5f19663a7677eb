/** Parses one preprocessed file into a tree. */
import type { IdlFile } from "../ast.ts";
import { macroTooLarge } from "../catalogue/syntax.ts";
import type { Host } from "../host.ts";
import type { Span } from "../span.ts";
import { preprocess } from "../text/preprocess.ts";
import { add, openSession, type PreprocessOptions, type Session } from "../text/session.ts";
import { type ParseCache, type Parsed, parseOnce } from "./cache.ts";
import { Grammar } from "./declarations.ts";
import { makeVector } from "./vector.ts";

let sharedGrammar: Grammar | undefined;

/** The tree of a file; null where the host has no such file. Its diagnostics go to the session. */
export function parseFile(
  session: Session,
  path: string,
  importedFrom: Span | null,
  cache: ParseCache,
): IdlFile | null {
  const { host, options } = session;
  const parsed = parseOnce(cache, path, host, options, (own) => parseAlone(own, options, path));
  if (parsed === null) return null;
  const { file, found, sources } = parsed;
  for (const [name, source] of sources) {
    if (session.sources.has(name)) continue;
    const isImported = name === path && importedFrom !== null;
    session.sources.set(name, isImported ? { ...source, includedFrom: importedFrom } : source);
  }
  for (const diagnostic of found.diagnostics) add(session, diagnostic);
  session.collector.addLeftOut(found.leftOut);
  return file;
}

/** Parses a file in a session of its own, so that what is found does not hang on what was read before. */
function parseAlone(host: Host, options: PreprocessOptions, path: string): Parsed | null {
  const session = openSession(host, options);
  const text = preprocess(session, path);
  if (text === null) return null;
  const vector = makeVector(session, text);
  sharedGrammar ??= new Grammar();
  const grammar = sharedGrammar;
  grammar.open(path, vector);
  const items = grammar.file();
  // Text cut short breaks the grammar anywhere, and that it was is said already.
  const isCut = session.diagnostics.some(({ code }) => code === macroTooLarge.code);
  if (!isCut) for (const diagnostic of grammar.diagnostics) add(session, diagnostic);
  const length = session.sources.get(path)?.text.length ?? 0;
  const span: Span = { file: path, start: 0, end: length };
  return {
    file: { $type: "File", span, path, items },
    found: session.collector,
    sources: session.sources,
  };
}
