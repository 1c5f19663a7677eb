/**
 * The preprocessor: a file and its includes become one run of tokens, macros expanded.
 *
 * Tokens keep where they were spelled; those of a macro's body also where it was used.
 */
import type { Span } from "../span.ts";
import { runDirective } from "./directive.ts";
import { nextExpanded } from "./expand.ts";
import { initialMacros } from "./macro.ts";
import { scanFile, type Session } from "./session.ts";
import {
  EXPANSION_PER_TOKEN,
  FREE_EXPANSION,
  MAX_INCLUDED_TOKENS,
  type Preprocessor,
} from "./state.ts";
import type { TextToken } from "./token.ts";

/** The tokens of a file after preprocessing; null where the host has no such file. */
export function preprocess(
  session: Session,
  path: string,
  importedFrom: Span | null = null,
): TextToken[] | null {
  const scanned = scanFile(session, path, importedFrom);
  if (scanned === null) return null;
  const state: Preprocessor = {
    session,
    macros: initialMacros(session),
    files: [{ path, tokens: scanned.tokens, conditionals: [], at: 0 }],
    expansions: [],
    isIsolated: false,
    runDirective,
    once: new Set(),
    expansionBudget: FREE_EXPANSION + EXPANSION_PER_TOKEN * scanned.tokens.length,
    includeBudget: MAX_INCLUDED_TOKENS,
    argumentDepth: 0,
  };
  const output: TextToken[] = [];
  for (let token = nextExpanded(state); token !== null; token = nextExpanded(state)) {
    output.push(token);
  }
  return output;
}
