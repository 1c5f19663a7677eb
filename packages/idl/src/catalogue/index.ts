/** All rules of this package, for documentation and reports. */
import type { DiagnosticRule } from "./define.ts";
import * as semantics from "./semantics.ts";
import * as syntax from "./syntax.ts";

/** Every rule, in order of code. */
export const idlRules: readonly DiagnosticRule<string>[] = [
  ...Object.values(syntax as Readonly<Record<string, DiagnosticRule<string>>>),
  ...Object.values(semantics as Readonly<Record<string, DiagnosticRule<string>>>),
].toSorted((a, b) => (a.code < b.code ? -1 : 1));
