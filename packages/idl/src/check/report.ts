/** Collects diagnostics. The same rule at the same place is said once. */
import { diagnose, type DiagnosticArguments, type DiagnosticRule } from "../catalogue/define.ts";
import { type Collector, createCollector } from "../collect.ts";
import type { Span } from "../span.ts";

/** Says that a rule is broken at a place. */
export type Report = <P extends string>(
  rule: DiagnosticRule<P>,
  span: Span,
  ...parameters: DiagnosticArguments<P>
) => void;

/** The same report, in which the errors of one rule, or of all, are warnings. */
export function asWarnings(report: Report, only?: { readonly code: string }): Report {
  return (rule, span, ...parameters) => {
    const isMeant = rule.severity === "error" && (!only || rule.code === only.code);
    report(isMeant ? { ...rule, severity: "warning" } : rule, span, ...parameters);
  };
}

/** A report and the list that it fills. Errors of the rules whose codes are in `lowered` are warnings. */
export function createReport(lowered: readonly string[]): {
  report: Report;
  collector: Collector;
} {
  const collector = createCollector();
  const said = new Set<string>();
  const report: Report = (rule, span, ...parameters) => {
    const key = `${rule.code} ${span.file} ${span.start} ${span.end}`;
    if (said.has(key)) return;
    said.add(key);
    const severity = lowered.includes(rule.code) ? "warning" : rule.severity;
    collector.add(diagnose({ ...rule, severity }, span, ...parameters));
  };
  return { report, collector };
}
