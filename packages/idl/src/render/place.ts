/** Spans as places for people: lines, columns, and how the text came there. */
import { placeOfUse, positionAt, type Position, type SourceText, type Span } from "../span.ts";

export type Sources = ReadonlyMap<string, SourceText>;

/** A range in a file, both ends as people count. `end` is exclusive. */
export interface Place {
  readonly path: string;
  readonly start: Position;
  readonly end: Position;
}

/** Why the text at a place is read: a macro was expanded there, or a file included from there. */
export interface OriginStep {
  readonly kind: "macro" | "include";
  /** The macro's name, or the included file's path. */
  readonly name: string;
  /** Of a macro, where in its definition the text stands; of a file, where it is included. */
  readonly place: Place;
}

/** The place of a span; 1:1 in a file whose text is not known. */
export function placeOf(span: Span, sources: Sources): Place {
  const source = sources.get(span.file);
  const start = source === undefined ? { line: 1, column: 1 } : positionAt(source, span.start);
  const end = source === undefined ? start : positionAt(source, span.end);
  return { path: span.file, start, end };
}

/** Where the user sees it: the outermost use of a macro, else the span itself. */
export function mainPlaceOf(span: Span, sources: Sources): Place {
  return placeOf(placeOfUse(span), sources);
}

const MAX_STEPS = 20;

/** The macros that the text comes from, outermost first, then the files that include its file. */
export function originOf(span: Span, sources: Sources): OriginStep[] {
  const macros: OriginStep[] = [];
  for (let inner = span; inner.via !== undefined; inner = inner.via) {
    const name = macroNameAt(inner.via, sources);
    macros.push({ kind: "macro", name, place: placeOf(inner, sources) });
  }
  const includes: OriginStep[] = [];
  const seen = new Set<string>();
  for (let file = placeOfUse(span).file; !seen.has(file);) {
    seen.add(file);
    const from = sources.get(file)?.includedFrom;
    if (from === undefined) break;
    includes.push({ kind: "include", name: file, place: placeOf(from, sources) });
    ({ file } = from);
  }
  return [...macros.toReversed(), ...includes].slice(0, MAX_STEPS);
}

function macroNameAt(use: Span, sources: Sources): string {
  const text = sources.get(use.file)?.text.slice(use.start, use.end) ?? "";
  return /^\w+/.exec(text)?.[0] ?? text.slice(0, 40);
}
