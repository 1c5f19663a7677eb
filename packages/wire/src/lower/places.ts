/** Lines and columns of spans, with the lines of each file found once. */
import type { Program, Span } from "@msrpc/idl";
import type { Place } from "../plan.ts";

/** Turns spans into places. A span of a file that the program lacks is at its first line. */
export function placer(sources: Program["sources"]): (span: Span) => Place {
  const starts = new Map<string, readonly number[]>();

  function lineStarts(file: string): readonly number[] {
    const known = starts.get(file);
    if (known) return known;
    const found = [0];
    const text = sources.get(file)?.text ?? "";
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) found.push(at + 1);
    starts.set(file, found);
    return found;
  }

  return (span) => {
    const lines = lineStarts(span.file);
    let low = 0;
    let high = lines.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((lines[middle] ?? 0) <= span.start) low = middle;
      else high = middle - 1;
    }
    return { file: span.file, line: low + 1, column: span.start - (lines[low] ?? 0) + 1 };
  };
}
