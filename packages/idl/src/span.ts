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
  /** The #include or import that first brought it in. */
  readonly includedFrom?: Span;
}

/**
 * The smallest span that covers both. Text from different macro uses is taken for the place of its
 * outermost use. Spans of two files keep the first.
 */
export function join(a: Span, b: Span): Span {
  if (a.via !== b.via) return join(placeOfUse(a), placeOfUse(b));
  if (a.file !== b.file || b.end < a.start) return a;
  const end = Math.max(a.end, b.end);
  return a.via === undefined
    ? { file: a.file, start: a.start, end }
    : { file: a.file, start: a.start, end, via: a.via };
}

/** Where text from a macro takes effect: the outermost use. Other text is where it stands. */
export function placeOfUse(span: Span): Span {
  let place = span;
  while (place.via !== undefined) place = place.via;
  return place;
}

/** Line and column of an offset. */
export function positionAt(source: SourceText, offset: number): Position {
  const starts = lineStarts(source);
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

const knownLineStarts = new WeakMap<SourceText, readonly number[]>();

/** The offset of each line's first character. */
export function lineStarts(source: SourceText): readonly number[] {
  const known = knownLineStarts.get(source);
  if (known !== undefined) return known;
  const starts = [0];
  const { text } = source;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  knownLineStarts.set(source, starts);
  return starts;
}
