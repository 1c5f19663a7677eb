/** What the preprocessor keeps while it reads a file and its includes. */
import { includeTooLarge } from "../catalogue/syntax.ts";
import type { Span } from "../span.ts";
import type { Macro } from "./macro.ts";
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
interface Conditional {
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
  /** Carries out the directive that comes next in the file. */
  readonly runDirective: (state: Preprocessor, file: OpenFile) => TextToken | null;
  readonly once: Set<string>;
  /** Tokens that macros may still make; at zero none is expanded any more. */
  expansionBudget: number;
  /** Tokens that includes may still bring. */
  includeBudget: number;
  /** How deeply arguments of macros are being expanded within arguments. */
  argumentDepth: number;
}

export const MAX_INCLUDED_TOKENS: number = 500_000;
/** Macros may make so many tokens, and so many more for each token that was read from a file. */
export const FREE_EXPANSION: number = 100_000;
export const EXPANSION_PER_TOKEN: number = 10;

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
