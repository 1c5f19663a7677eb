/** IDL25xx: interfaces, operations and their parameters. */
import { type DiagnosticRule, rule } from "../define.ts";

export const opnumOverflow: DiagnosticRule<"name" | "interface"> = rule("IDL2501", "error", {
  message: "`{name}` is more than the 65536 operations that interface `{interface}` can have.",
  explanation: "An opnum has 16 bits on the wire.",
});

export const missingUuid: DiagnosticRule<"name"> = rule("IDL2502", "error", {
  message: "Interface `{name}` has no uuid.",
  hint: "Give it [uuid(...)], or [local] if it is never called remotely.",
  explanation: "Clients bind to an interface by its UUID, so one with operations needs it.",
});

export const unknownCallAs: DiagnosticRule<"name" | "target"> = rule("IDL2503", "error", {
  message: "`{name}` is call_as({target}), but there is no operation `{target}`.",
  explanation: "call_as names the [local] operation whose place on the wire it takes.",
});

export const callAsNotLocal: DiagnosticRule<"name" | "target"> = rule("IDL2504", "error", {
  message: "`{name}` is call_as({target}), but `{target}` is not [local].",
  hint: "Mark `{target}` [local].",
  explanation: "Only an operation that is not itself on the wire can be called as another one.",
});

export const missingDirection: DiagnosticRule<"name" | "operation"> = rule("IDL2505", "warning", {
  message: "Parameter `{name}` of `{operation}` has no direction; it is taken as [in].",
  hint: "Write [in], [out] or both.",
  explanation: "C706 wants a direction on each parameter; Microsoft's compiler assumes [in].",
});

export const unnamedParameter: DiagnosticRule<"operation" | "index"> = rule("IDL2506", "warning", {
  message: "Parameter {index} of `{operation}` has no name.",
  explanation: "A parameter without a name can't be referred to; a name is made up for it.",
});
