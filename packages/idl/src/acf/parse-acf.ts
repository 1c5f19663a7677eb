/** Parses attribute configuration files. */
import { makeVector } from "../parse/vector.ts";
import type { Span } from "../span.ts";
import { preprocess } from "../text/preprocess.ts";
import { add, type Session } from "../text/session.ts";
import { AcfGrammar } from "./grammar.ts";
import type { AcfFile } from "./tree.ts";

let sharedGrammar: AcfGrammar | undefined;

/** The tree of an ACF; null where the host has no such file. Its diagnostics go to the session. */
export function parseAcf(session: Session, path: string): AcfFile | null {
  const text = preprocess(session, path);
  if (text === null) return null;
  sharedGrammar ??= new AcfGrammar();
  const grammar = sharedGrammar;
  grammar.open(path, makeVector(session, text));
  const interfaces = grammar.file();
  for (const diagnostic of grammar.diagnostics) add(session, diagnostic);
  const length = session.sources.get(path)?.text.length ?? 0;
  const span: Span = { file: path, start: 0, end: length };
  return { $type: "AcfFile", path, span, interfaces };
}
