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

export const outByValue: DiagnosticRule<"name"> = rule("IDL2507", "error", {
  message: "[out] parameter `{name}` is no pointer or array.",
  hint: "Write `*{name}`.",
  explanation: "A value passed by copy can't bring anything back.",
});

export const outNeedsPointer: DiagnosticRule<"name" | "what"> = rule("IDL2508", "error", {
  message: "[out] {what} `{name}` is passed by value.",
  hint: "Write `*{name}`.",
  explanation: "To hand out a handle or interface pointer, a pointer to it is needed.",
});

export const answerOfMaybe: DiagnosticRule<"name" | "attribute"> = rule("IDL2509", "error", {
  message: "`{name}` is [{attribute}] and has something to answer.",
  hint: "Let it return void and have no [out] parameters.",
  explanation: "No response is sent for such an operation.",
});

export const outRefTarget: DiagnosticRule<"name"> = rule("IDL2510", "error", {
  message: "[out] parameter `{name}` can't be a [unique] or [ptr] pointer at its outermost level.",
  hint: "Make it [ref], or [in, out].",
  explanation: "Where an [out] value goes is not sent, so it can't be null.",
});

export const refResult: DiagnosticRule<"name"> = rule("IDL2513", "error", {
  message: "`{name}` returns a [ref] pointer.",
  hint: "Make it [unique] or [ptr].",
  explanation:
    "Room for what a ref pointer points to is the caller's, and a result has no caller's room.",
});

export const duplicateUuid: DiagnosticRule<"name" | "other"> = rule("IDL2511", "warning", {
  message: "Interface `{name}` has the uuid and version of interface `{other}`.",
  hint: "Make a UUID of its own for each interface.",
  explanation: "Clients bind by UUID and version, so a server can offer only one of the two.",
});

export const outStringUnsized: DiagnosticRule<"name"> = rule("IDL2512", "error", {
  message: "[out] string `{name}` does not say how long it may be.",
  hint: "Write `**{name}`, add [size_is(...)], or make it [in, out].",
  explanation: "The server must know how much room the client has for a string without a size.",
});

export const noBase: DiagnosticRule<"name"> = rule("IDL2514", "warning", {
  message: "COM interface `{name}` has no base, so its opnums begin with 0.",
  hint: "Write `interface {name} : IUnknown`.",
  explanation: "Opnums 0 to 2 are IUnknown's in every COM interface, and callers count on that.",
});
