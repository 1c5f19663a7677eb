/**
 * How a diagnostic is defined: one rule a code, with a message template whose parameters are typed.
 *
 * `syntax.ts` holds the rules of preprocessing and parsing (IDL1xxx), `semantics.ts` those of the
 * checker (IDL2xxx). A code is never given to another rule.
 */
import type { Diagnostic, Severity } from "../diagnostic.ts";
import type { Span } from "../span.ts";

/** A rule whose message needs the parameters `P`. */
export interface DiagnosticRule<P extends string = never> {
  readonly code: string;
  readonly severity: Severity;
  /** One sentence, the vital fact first. `{name}` stands for a parameter. */
  readonly message: string;
  /** What to do about it, for every occurrence. May have parameters as well. */
  readonly hint?: string;
  /** One line for the documentation: when it appears and why it matters. */
  readonly explanation: string;
  /** An error that may be lowered to a warning: what is sent is well-defined all the same. */
  readonly mayBeLowered?: true;
  /** Carries `P`; never called. */
  readonly needs?: (params: Readonly<Record<P, string | number>>) => void;
}

/** The names in braces of a template: `"{found} after {place}"` -> `"found" | "place"`. */
export type TemplateParams<T extends string> = T extends `${string}{${infer Name}}${infer Rest}`
  ? Name | TemplateParams<Rest>
  : never;

/** Defines a rule. Its parameters are those of its message and hint. */
export function rule<const M extends string, const H extends string = "">(
  code: string,
  severity: Severity,
  definition: {
    readonly message: M;
    readonly hint?: H;
    readonly explanation: string;
    readonly mayBeLowered?: true;
  },
): DiagnosticRule<TemplateParams<M> | TemplateParams<H>> {
  return { code, severity, ...definition };
}

/** What an occurrence may add to its rule. `hint` takes the place of the rule's own. */
interface DiagnosticDetails {
  readonly hint?: string;
  readonly related?: readonly { readonly message: string; readonly span: Span }[];
}

/** What follows rule and span: parameters where the rule has some, then details. */
export type DiagnosticArguments<P extends string> = [P] extends [never]
  ? [params?: null, details?: DiagnosticDetails]
  : [params: Readonly<Record<P, string | number>>, details?: DiagnosticDetails];

/** An occurrence of a rule at a place: `diagnose(missingToken, span, { wanted: "`;`" })`. */
export function diagnose<P extends string>(
  rule: DiagnosticRule<P>,
  span: Span,
  ...[params, details]: DiagnosticArguments<P>
): Diagnostic {
  const advice = details?.hint ?? (rule.hint === undefined ? undefined : fill(rule.hint, params));
  const hint =
    rule.mayBeLowered && rule.severity === "error" ? orLowered(rule.code, advice) : advice;
  return {
    code: rule.code,
    severity: rule.severity,
    message: fill(rule.message, params),
    span,
    ...(hint === undefined ? {} : { hint }),
    ...(details?.related === undefined ? {} : { related: details.related }),
  };
}

/** The second remedy for an error that may be lowered. */
function orLowered(code: string, advice = ""): string {
  return `${advice} Where the text can't be changed, --warn ${code} makes this a warning.`.trim();
}

function fill(
  template: string,
  params: Readonly<Record<string, string | number>> | null | undefined,
): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(params?.[name] ?? whole));
}
