/** IDL23xx: arrays, strings, ranges, and the expressions that give their sizes. */
import { type DiagnosticRule, rule } from "../define.ts";

export const unknownTarget: DiagnosticRule<"name" | "owner" | "kind"> = rule("IDL2301", "error", {
  message: "`{owner}` has no {kind} `{name}`.",
  explanation: "size_is, length_is, switch_is and the like name a parameter or field beside them.",
});

export const unusableExpression: DiagnosticRule<"what"> = rule("IDL2302", "error", {
  message: "{what} can't be used to give a size or discriminant.",
  explanation: "Both sides must be able to compute the expression from what is sent.",
});
