/** Lists of diagnostics, bounded for each file: nobody reads thousands, and a broken file could make millions. */
import { diagnose } from "./catalogue/define.ts";
import { tooManyDiagnostics } from "./catalogue/syntax.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { placeOfUse, type Span } from "./span.ts";

/** So many are kept of a file. */
const mostPerFile = 1000;

/** What is not kept of a file. */
interface LeftOut {
  errors: number;
  others: number;
  /** The first that is left out. */
  span: Span;
}

export type LeftOutByFile = ReadonlyMap<string, Readonly<LeftOut>>;

export interface Collector {
  readonly diagnostics: Diagnostic[];
  readonly leftOut: LeftOutByFile;
  readonly add: (diagnostic: Diagnostic) => void;
  /** Counts what another list left out. */
  readonly addLeftOut: (leftOut: LeftOutByFile) => void;
}

/** A list that keeps as many errors of a file as a report may have, as many others, and counts the rest. */
export function createCollector(): Collector {
  const diagnostics: Diagnostic[] = [];
  const kept = new Map<string, number>();
  const leftOut = new Map<string, LeftOut>();
  return {
    diagnostics,
    leftOut,
    add(diagnostic) {
      const { file } = placeOfUse(diagnostic.span);
      const key = `${diagnostic.severity === "error"} ${file}`;
      const count = kept.get(key) ?? 0;
      if (count >= mostPerFile) return leaveOut(leftOut, file, diagnostic);
      kept.set(key, count + 1);
      diagnostics.push(diagnostic);
    },
    addLeftOut: (others) => addCounts(leftOut, others),
  };
}

function addCounts(to: Map<string, LeftOut>, from: LeftOutByFile): void {
  for (const [file, { errors, others, span }] of from) {
    const known = to.get(file) ?? { errors: 0, others: 0, span };
    to.set(file, { ...known, errors: known.errors + errors, others: known.others + others });
  }
}

function leaveOut(leftOut: Map<string, LeftOut>, file: string, diagnostic: Diagnostic): void {
  const found = leftOut.get(file) ?? { errors: 0, others: 0, span: placeOfUse(diagnostic.span) };
  if (diagnostic.severity === "error") found.errors++;
  else found.others++;
  leftOut.set(file, found);
}

/**
 * The list with at most a thousand diagnostics of each file, errors before others, in the order given; behind
 * those of a file one that says how many are left out. It is an error where one of these is.
 */
export function limitDiagnostics(
  diagnostics: readonly Diagnostic[],
  ...before: readonly LeftOutByFile[]
): Diagnostic[] {
  const leftOut = new Map<string, LeftOut>();
  for (const each of before) addCounts(leftOut, each);
  const limited: Diagnostic[] = [];
  for (const [file, list] of Map.groupBy(diagnostics, ({ span }) => placeOfUse(span).file)) {
    const errors = list.filter(({ severity }) => severity === "error");
    const others = list.filter(({ severity }) => severity !== "error");
    const kept = new Set([...errors, ...others].slice(0, mostPerFile));
    for (const diagnostic of list) {
      if (kept.has(diagnostic)) limited.push(diagnostic);
      else leaveOut(leftOut, file, diagnostic);
    }
    const rest = leftOut.get(file);
    if (rest) limited.push(countOf(rest));
  }
  return limited;
}

function countOf({ errors, others, span }: LeftOut): Diagnostic {
  const severity = errors > 0 ? "error" : "warning";
  return diagnose({ ...tooManyDiagnostics, severity }, span, { count: errors + others, errors });
}
