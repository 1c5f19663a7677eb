/** Parses one preprocessed file into a tree. */
import type { IdlFile } from "../ast.ts";
import { macroTooLarge } from "../catalogue/syntax.ts";
import type { Span } from "../span.ts";
import { preprocess } from "../text/preprocess.ts";
import { add, type Session } from "../text/session.ts";
import { Grammar } from "./declarations.ts";
import { makeVector } from "./vector.ts";

let sharedGrammar: Grammar | undefined;

/** The tree of a file; null where the host has no such file. Its diagnostics go to the session. */
export function parseFile(
  session: Session,
  path: string,
  importedFrom: Span | null,
): IdlFile | null {
  const text = preprocess(session, path, importedFrom);
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
  return { $type: "File", span: { file: path, start: 0, end: length }, path, items };
}
