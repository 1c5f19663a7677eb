/** IDL26xx: types that have no form on the wire, or not there. */
import { type DiagnosticRule, rule } from "../define.ts";

export const circularByValue: DiagnosticRule<"name"> = rule("IDL2601", "error", {
  message: "`{name}` contains itself.",
  hint: "Put a pointer in between.",
  explanation: "A structure or union that holds itself by value has no end.",
});
