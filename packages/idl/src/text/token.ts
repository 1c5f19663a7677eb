/** Preprocessing tokens: what a scanned file and an expanded macro are made of. */
import type { Span } from "../span.ts";

export type TextTokenKind =
  | "identifier"
  | "number"
  | "string"
  | "char"
  | "punctuator"
  /** The text of a `#pragma` line, handed on to the parser. */
  | "pragma"
  /** A character or an unclosed literal that starts no token. */
  | "stray";

export interface TextToken {
  readonly kind: TextTokenKind;
  /** As spelled, without line continuations; typographic quotes and dashes made plain. */
  readonly text: string;
  readonly file: string;
  readonly start: number;
  readonly end: number;
  /** Where the macro was used that this token comes from. */
  readonly via: Span | undefined;
  /** White space or a comment stands before it. */
  readonly isSpaced: boolean;
  /** First on its line: a `#` there starts a directive. */
  readonly isLineStart: boolean;
  /** Its macro was being expanded when it was read, so it is never expanded again. */
  readonly isPainted: boolean;
}

/** Where a token stands. */
export function spanOf(token: TextToken): Span {
  return token.via === undefined
    ? { file: token.file, start: token.start, end: token.end }
    : { file: token.file, start: token.start, end: token.end, via: token.via };
}

/** The same token brought to another place by a macro, or joined to another line. */
export function withOrigin(
  token: TextToken,
  via: Span | undefined,
  isSpaced: boolean,
  isPainted: boolean,
): TextToken {
  return {
    kind: token.kind,
    text: token.text,
    file: token.file,
    start: token.start,
    end: token.end,
    via,
    isSpaced,
    isLineStart: false,
    isPainted,
  };
}

/** The spelling of a run of tokens, one space where there was any. */
export function spell(tokens: readonly TextToken[]): string {
  let text = "";
  for (const token of tokens) text += token.isSpaced && text !== "" ? ` ${token.text}` : token.text;
  return text;
}
