/**
 * The preprocessor: a file and its includes become one run of tokens, macros expanded.
 *
 * Tokens keep where they were spelled; those of a macro's body also where it was used.
 */
import { includeTooLarge, unclosedIf } from "../catalogue/syntax.ts";
import type { Span } from "../span.ts";
import { runDirective, skipToDirective } from "./directive.ts";
import { nextExpanded } from "./expand.ts";
import { initialMacros, type Macro } from "./macro.ts";
import { report, scanFile, type Session } from "./session.ts";
import type { TextToken } from "./token.ts";

/** A file being read. */
export interface OpenFile {
  readonly path: string;
  readonly tokens: readonly TextToken[];
  readonly conditionals: Conditional[];
  at: number;
}

/** An #if whose #endif is not reached. */
export interface Conditional {
  readonly span: Span;
  readonly directive: string;
  /** The text around it is skipped, so all branches are. */
  readonly isOuterSkipped: boolean;
  /** The branch being read is skipped. */
  isSkipped: boolean;
  /** A branch was read. */
  isTaken: boolean;
  hasElse: boolean;
}

/** A run of tokens to be read before the file goes on: a macro's expansion, or tokens put back. */
export interface Expansion {
  readonly tokens: readonly TextToken[];
  readonly macro: Macro | null;
  at: number;
}

export interface Preprocessor {
  readonly session: Session;
  readonly macros: Map<string, Macro>;
  readonly files: OpenFile[];
  /** The run to be read next is last. Another list while a macro's argument is expanded by itself. */
  expansions: Expansion[];
  /** Reading ends with `expansions`; the file is not touched. */
  isIsolated: boolean;
  readonly once: Set<string>;
  /** Tokens that macros may still make; at zero none is expanded any more. */
  expansionBudget: number;
  /** Tokens that includes may still bring. */
  includeBudget: number;
  /** How deeply arguments of macros are being expanded within arguments. */
  argumentDepth: number;
}

const MAX_INCLUDED_TOKENS = 1_000_000;
/** Macros may make so many tokens, and so many more for each token that was read from a file. */
const FREE_EXPANSION = 100_000;
const EXPANSION_PER_TOKEN = 10;

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

/** The next token before expansion, directives carried out; null at the end. */
export function nextToken(state: Preprocessor): TextToken | null {
  for (;;) {
    const run = state.expansions.at(-1);
    if (run !== undefined) {
      const token = run.tokens[run.at];
      if (token !== undefined) {
        run.at++;
        return token;
      }
      if (run.macro !== null) run.macro.isActive = false;
      state.expansions.pop();
      continue;
    }
    if (state.isIsolated) return null;
    const file = state.files.at(-1);
    if (file === undefined) return null;
    const token = file.tokens[file.at];
    if (token === undefined) {
      closeFile(state, file);
    } else if (token.isLineStart && token.text === "#" && token.kind === "punctuator") {
      const pragma = runDirective(state, file);
      if (pragma !== null) return pragma;
    } else if (file.conditionals.at(-1)?.isSkipped === true) {
      skipToDirective(file);
    } else {
      file.at++;
      return token;
    }
  }
}

/** Starts reading an included file. */
export function openFile(state: Preprocessor, path: string, from: Span): boolean {
  const scanned = scanFile(state.session, path, from);
  if (scanned === null) return false;
  if (state.includeBudget < scanned.tokens.length) {
    if (state.includeBudget > 0) {
      report(state.session, includeTooLarge, from, { limit: MAX_INCLUDED_TOKENS });
    }
    state.includeBudget = 0;
    return true;
  }
  state.includeBudget -= scanned.tokens.length + 1;
  if (state.expansionBudget > 0) {
    state.expansionBudget += EXPANSION_PER_TOKEN * scanned.tokens.length;
  }
  state.files.push({ path, tokens: scanned.tokens, conditionals: [], at: 0 });
  return true;
}

function closeFile(state: Preprocessor, file: OpenFile): void {
  for (const { span, directive } of file.conditionals) {
    report(state.session, unclosedIf, span, { directive });
  }
  state.files.pop();
}
