/** Helpers for tests of text, parsing and rendering. */
import type { Diagnostic } from "../src/diagnostic.ts";
import { memoryHost } from "../src/host.ts";
import { parse } from "../src/compile.ts";
import type { Item } from "../src/ast.ts";
import { renderLine } from "../src/render/frame.ts";
import { preprocess } from "../src/text/preprocess.ts";
import { openSession } from "../src/text/session.ts";
import { spell, type TextToken } from "../src/text/token.ts";

type Files = Readonly<Record<string, string>>;

/** The tokens of `main.idl` after preprocessing, with the diagnostics on the way. */
export function preprocessed(
  main: string,
  files: Files = {},
  defines: Readonly<Record<string, string>> = {},
): { tokens: readonly TextToken[]; text: string; diagnostics: readonly string[] } {
  const session = openSession(memoryHost({ "main.idl": main, ...files }), { defines });
  const tokens = preprocess(session, "main.idl") ?? [];
  return {
    tokens,
    text: spell(tokens),
    diagnostics: session.diagnostics.map((each) => renderLine(each, session.sources)),
  };
}

/** The declarations of a text and its diagnostics as lines, `1:5 error IDL1201: ...`. */
export function parsed(
  text: string,
  files: Files = {},
): { items: readonly Item[]; diagnostics: readonly string[]; raw: readonly Diagnostic[] } {
  const { file, diagnostics, sources } = parse(
    "main.idl",
    memoryHost({ "main.idl": text, ...files }),
  );
  const lines = diagnostics.map((each) => renderLine(each, sources).replace(/^main\.idl:/, ""));
  return { items: file?.items ?? [], diagnostics: lines, raw: diagnostics };
}

/** A tree without spans, for comparison. */
export function bare(node: unknown): unknown {
  if (Array.isArray(node)) return node.map((each) => bare(each));
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).filter(([key]) => key !== "span");
  return Object.fromEntries(entries.map(([key, value]) => [key, bare(value)]));
}
