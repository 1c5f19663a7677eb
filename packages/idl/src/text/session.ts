/** What all files of one compilation share: the host, each file read and scanned once, diagnostics. */
import { diagnose, type DiagnosticArguments, type DiagnosticRule } from "../catalogue/define.ts";
import { typographicCharacter, unclosedComment } from "../catalogue/syntax.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { Host } from "../host.ts";
import type { SourceText, Span } from "../span.ts";
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
}

/** Starts a compilation. */
export function openSession(host: Host, options: PreprocessOptions = {}): Session {
  return { host, options, sources: new Map(), scans: new Map(), diagnostics: [] };
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
  session: Pick<Session, "diagnostics">,
  rule: DiagnosticRule<P>,
  span: Span,
  ...args: DiagnosticArguments<P>
): void {
  session.diagnostics.push(diagnose(rule, span, ...args));
}
