/** What all files of one compilation share: the host, each file read and scanned once, diagnostics. */
import { diagnose, type DiagnosticArguments, type DiagnosticRule } from "../catalogue/define.ts";
import { typographicCharacter, unclosedComment } from "../catalogue/syntax.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { Host } from "../host.ts";
import { placeOfUse, type SourceText, type Span } from "../span.ts";
import { scan, type ScanResult } from "./scan.ts";

export interface PreprocessOptions {
  /** Folders for #include and import, in order. */
  readonly searchPaths?: readonly string[];
  /** Macros defined from the start, beside `__midl`. */
  readonly defines?: Readonly<Record<string, string>>;
}

export interface Session {
  readonly host: Host;
  readonly options: PreprocessOptions;
  readonly sources: Map<string, SourceText>;
  readonly scans: Map<string, ScanResult>;
  readonly diagnostics: Diagnostic[];
  /** Rule and place of each diagnostic: a file included twice says what is wrong with it once. */
  readonly reported: Set<string>;
}

/** Starts a compilation. */
export function openSession(host: Host, options: PreprocessOptions = {}): Session {
  return {
    host,
    options,
    sources: new Map(),
    scans: new Map(),
    diagnostics: [],
    reported: new Set(),
  };
}

/** The tokens of a file, read at the first call; null where the host has no such file. */
export function scanFile(
  session: Session,
  path: string,
  includedFrom: Span | null,
): ScanResult | null {
  const known = session.scans.get(path);
  if (known !== undefined) return known;
  const text = session.host.read(path);
  if (text === null) return null;
  const source: SourceText = { path, text, ...(includedFrom === null ? {} : { includedFrom }) };
  session.sources.set(path, source);
  const result = scan(source);
  session.scans.set(path, result);
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
  session.diagnostics.push(diagnostic);
}
