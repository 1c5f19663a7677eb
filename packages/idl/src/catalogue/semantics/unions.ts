/** IDL24xx: unions, their discriminants and their labels. */
import { type DiagnosticRule, rule } from "../define.ts";

export const duplicateCase: DiagnosticRule<"value" | "union"> = rule("IDL2401", "error", {
  message: "Case {value} stands twice in union `{union}`.",
  explanation: "A discriminant must select one arm.",
});

export const duplicateDefault: DiagnosticRule<"union"> = rule("IDL2402", "error", {
  message: "Union `{union}` has two default arms.",
  explanation: "A discriminant must select one arm.",
});
