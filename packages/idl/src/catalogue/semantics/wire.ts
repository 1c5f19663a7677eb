/** IDL26xx: types that have no form on the wire, or not where they stand. */
import { type DiagnosticRule, rule } from "../define.ts";

export const circularByValue: DiagnosticRule<"name"> = rule("IDL2601", "error", {
  message: "`{name}` contains itself.",
  hint: "Put a pointer in between.",
  explanation: "A structure or union that holds itself by value has no end.",
});

export const nestingTooDeep: DiagnosticRule<"name" | "limit"> = rule("IDL2602", "error", {
  message: "`{name}` nests deeper than {limit} levels.",
  explanation: "No hand-written type does; the limit keeps every later stage bounded.",
});

export const notOnWire: DiagnosticRule<"what" | "name"> = rule("IDL2603", "error", {
  message: "`{name}` can't be sent: it comes down to {what}.",
  hint: "If it is never sent, mark it [ignore] or the operation [local].",
  explanation: "void, functions, __int128 and undefined structures have no form on the wire.",
});

export const bitField: DiagnosticRule<"name"> = rule("IDL2604", "error", {
  message: "Bit field `{name}` can't be sent.",
  hint: "Send the whole integer.",
  explanation: "NDR has no bit fields; their order differs between compilers.",
});

export const handleInside: DiagnosticRule<"what" | "name"> = rule("IDL2605", "error", {
  message: "`{name}` is {what}, which can't be part of a structure, union or array.",
  hint: "Make it a parameter.",
  explanation: "Binding and context handles and pipes are parameters, and nothing else.",
});

export const handleForm: DiagnosticRule<"name"> = rule("IDL2606", "error", {
  message: "Context handle `{name}` must be a pointer.",
  hint: "Write `typedef [context_handle] void *{name};`.",
  explanation: "A context handle is declared as a pointer, usually to void.",
});

export const pipeElement: DiagnosticRule<"name"> = rule("IDL2607", "error", {
  message: "The elements of pipe `{name}` must have one size and no pointers.",
  explanation:
    "A pipe is sent in chunks of equal elements; conformant arrays and pointers don't fit.",
});

export const emptyAggregate: DiagnosticRule<"name"> = rule("IDL2608", "warning", {
  message: "`{name}` has no members.",
  explanation: "An empty structure or union takes no bytes, and is often a slip.",
});

export const wideEnumerator: DiagnosticRule<"name" | "value" | "enum"> = rule(
  "IDL2609",
  "warning",
  {
    message: "Enumerator `{name}` is {value}, which `{enum}` can't send in NDR 2.0.",
    hint: "Mark the enumeration [v1_enum].",
    explanation:
      "Without v1_enum an enumeration is sent in 16 bits, of which receivers take 0 to 32767.",
  },
);

export const endlessValue: DiagnosticRule<"owner" | "name"> = rule("IDL2610", "error", {
  message: "`{owner}` has no finite value: `{name}` leads back to it and can't be null.",
  hint: "Make a pointer on the way [unique].",
  explanation: "A reference pointer always has a target, so a circle of them never ends.",
});

export const declaratorTooLong: DiagnosticRule<"limit"> = rule("IDL2611", "error", {
  message: "This declaration has more than {limit} pointers, arrays and functions in one another.",
  explanation: "No hand-written one does; the limit keeps every later stage bounded.",
});
