/** Where a piece of IDL stands in its source, kept through includes, imports and macros. */

/** A range of characters in one file. Offsets are UTF-16 code units, `end` is exclusive. */
export interface Span {
  /** The file's path as the host names it. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
  /** Where the text was brought in: the macro use for expanded tokens. Innermost first. */
  readonly via?: Span;
}

/** A position for people: both numbers start at 1; `column` counts UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A source file that took part in a compilation. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** The smallest span that covers both. Spans of two files keep the first. */
export function join(a: Span, b: Span): Span {
  if (a.file !== b.file || b.end < a.start) return a;
  return { ...a, end: Math.max(a.end, b.end) };
}

/** Line and column of an offset. */
export function positionAt(source: SourceText, offset: number): Position {
  const before = source.text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  let line = 1;
  for (let at = before.indexOf("\n"); at >= 0; at = before.indexOf("\n", at + 1)) line++;
  return { line, column: offset - lineStart + 1 };
}
