/** What all files of one compilation share: the host, each file read and scanned once, diagnostics. */
import { diagnose, type DiagnosticArguments, type DiagnosticRule } from "../catalogue/define.ts";
import {
  fileEncoding,
  fileTooLarge,
  typographicCharacter,
  unclosedComment,
} from "../catalogue/syntax.ts";
import { type Collector, createCollector } from "../collect.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { Host } from "../host.ts";
import { placeOfUse, type SourceText, type Span } from "../span.ts";
import { scan, type ScanResult } from "./scan.ts";

export type Dialect = "midl" | "pidl";

export interface PreprocessOptions {
  /** Folders for #include and import, in order. */
  readonly searchPaths?: readonly string[];
  /** Macros defined from the start, beside `__midl`. */
  readonly defines?: Readonly<Record<string, string>>;
  /** The dialect that files are written in: Microsoft's, unless it is Samba's (`pidl`). */
  readonly dialect?: Dialect;
}

export interface Session {
  readonly host: Host;
  readonly options: PreprocessOptions;
  readonly sources: Map<string, SourceText>;
  readonly scans: Map<string, ScanResult>;
  readonly diagnostics: readonly Diagnostic[];
  readonly collector: Collector;
  /** Rule and place of each diagnostic: a file included twice says what is wrong with it once. */
  readonly reported: Set<string>;
}

/** Starts a compilation. */
export function openSession(host: Host, options: PreprocessOptions = {}): Session {
  const collector = createCollector();
  return {
    host,
    options,
    sources: new Map(),
    scans: new Map(),
    diagnostics: collector.diagnostics,
    collector,
    reported: new Set(),
  };
}

/** Files of more characters are not read. A host need not load what has more bytes. */
export const MAX_FILE_SIZE: number = 16 * 1024 * 1024;
const MAX_TOKENS = 1_000_000;
const emptyScan: ScanResult = { tokens: [], openComment: null, typographic: [] };

/** Says why a text can't be read; null where it can. */
function unreadable(text: string): ((session: Session, span: Span) => void) | null {
  if (text.length > MAX_FILE_SIZE) {
    const limit = `${MAX_FILE_SIZE} characters`;
    return (session, span) => report(session, fileTooLarge, span, { limit });
  }
  const start = text.slice(0, 1024);
  const zeros = start.split("\0").length - 1;
  if (zeros === 0 || zeros * 4 < start.length) return null;
  return (session, span) => report(session, fileEncoding, span);
}

/** The tokens of a file, read at the first call; null where the host has no such file. */
export function scanFile(
  session: Session,
  path: string,
  includedFrom: Span | null,
): ScanResult | null {
  const known = session.scans.get(path);
  if (known !== undefined) return known;
  const read = session.host.read(path);
  if (read === null) return null;
  const start: Span = { file: path, start: 0, end: 0 };
  const problem = unreadable(read);
  const text = problem ? "" : read;
  const source: SourceText = { path, text, ...(includedFrom === null ? {} : { includedFrom }) };
  session.sources.set(path, source);
  const scanned = problem ? emptyScan : scan(source, MAX_TOKENS);
  const result = scanned ?? emptyScan;
  session.scans.set(path, result);
  problem?.(session, start);
  if (!scanned) report(session, fileTooLarge, start, { limit: `${MAX_TOKENS} tokens` });
  if (result.openComment !== null) report(session, unclosedComment, result.openComment);
  for (const span of result.typographic) {
    const found = text.slice(span.start, span.end);
    const isQuote = !/[\u2010-\u2014\u2212\u00ad]/.test(found);
    const params = isQuote
      ? { found: `quote ${found}`, plain: /[\u2018-\u201b]/.test(found) ? "'" : '"' }
      : { found: "dash", plain: "a hyphen" };
    report(session, typographicCharacter, span, params);
  }
  return result;
}

/** Adds a diagnostic. */
export function report<P extends string>(
  session: Session,
  rule: DiagnosticRule<P>,
  span: Span,
  ...args: DiagnosticArguments<P>
): void {
  add(session, diagnose(rule, span, ...args));
}

/** Adds a diagnostic, unless its rule was broken at the same place already. */
export function add(session: Session, diagnostic: Diagnostic): void {
  const { file, start, end } = placeOfUse(diagnostic.span);
  const key = `${diagnostic.code} ${start} ${end} ${file}`;
  if (session.reported.has(key)) return;
  session.reported.add(key);
  session.collector.add(diagnostic);
}
