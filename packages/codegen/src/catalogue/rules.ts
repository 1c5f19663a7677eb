/** What code generation has to say: GEN40xx on overlay files, GEN41xx on what they name, GEN42xx on the plan. */
import { rule, type DiagnosticRule } from "@msrpc/idl";

export const overlayMissing: DiagnosticRule<"path"> = rule("GEN4001", "error", {
  message: "There is no file {path}",
  explanation: "An overlay extends, or takes its statuses from, a file that can't be read.",
});

export const jsonFault: DiagnosticRule<"fault"> = rule("GEN4002", "error", {
  message: "{fault}",
  explanation: "The file is not JSON.",
});

export const wrongShape: DiagnosticRule<"expected" | "found"> = rule("GEN4003", "error", {
  message: "Expected {expected}, found {found}",
  explanation: "A value of an overlay has the wrong form; overlay.schema.json states every form.",
});

export const unknownKey: DiagnosticRule<"key"> = rule("GEN4004", "error", {
  message: "There is no key `{key}` here",
  explanation: "An overlay uses a key that the format doesn't have, most often a slip.",
});

export const missingKey: DiagnosticRule<"key"> = rule("GEN4005", "error", {
  message: "The key `{key}` is missing",
  explanation: "An object of an overlay lacks a key that it needs.",
});

export const overlayCycle: DiagnosticRule<"path"> = rule("GEN4006", "error", {
  message: "{path} extends itself",
  explanation: "Overlays that extend each other in a circle have no order to apply them in.",
});

export const wrongStatus: DiagnosticRule<"name" | "value"> = rule("GEN4007", "error", {
  message: "{name} has no 32-bit number: {value}",
  explanation: 'A status table maps names to numbers of 32 bits, or to text such as "0xC0000005".',
});

export const unknownInterface: DiagnosticRule<"name"> = rule("GEN4101", "error", {
  message: "The IDL has no interface {name}",
  explanation: "An overlay names an interface that no IDL file it applies to declares.",
});

export const unknownOperation: DiagnosticRule<"name" | "interface"> = rule("GEN4102", "error", {
  message: "Interface {interface} has no operation {name}",
  explanation: "An overlay names an operation that the interface doesn't have.",
});

export const unknownParam: DiagnosticRule<"name" | "operation"> = rule("GEN4103", "error", {
  message: "{operation} has no parameter {name}",
  explanation:
    "An overlay names a parameter that the operation doesn't have; the return value is `return`.",
});

export const unknownType: DiagnosticRule<"name"> = rule("GEN4104", "error", {
  message: "The IDL has no type {name}",
  explanation:
    "An overlay names a type that is neither a tag nor a typedef of the IDL files it applies to.",
});

export const unknownField: DiagnosticRule<"name" | "type"> = rule("GEN4105", "error", {
  message: "{type} has no field {name}",
  explanation: "An overlay names a field that the structure or union doesn't have.",
});

export const unknownEnum: DiagnosticRule<"name"> = rule("GEN4106", "error", {
  message: "There is no enumeration {name}",
  explanation:
    "A member takes its values from an enumeration that neither `enums` nor the IDL has.",
});

export const unknownStatusName: DiagnosticRule<"name"> = rule("GEN4107", "error", {
  message: "No status table has {name}",
  hint: "Add it to the file that `statusTable` names, or name one of `statusLibraries` that has it.",
  explanation: "`errors` or `accepts` names a status without a number.",
});

export const unknownStatusPlace: DiagnosticRule<"name" | "where"> = rule("GEN4108", "error", {
  message: "{where} has no [out] integer {name}",
  explanation: "`status` names something that is neither an [out] integer nor an integer `return`.",
});

export const notAHandle: DiagnosticRule<"name"> = rule("GEN4109", "error", {
  message: "{name} is no context handle",
  explanation: "`close` and `opens` are about context handles.",
});

export const unknownMemberName: DiagnosticRule<"name"> = rule("GEN4110", "error", {
  message: "No parameter or field is called {name}",
  explanation: "`naming.members` renames something that the IDL doesn't have.",
});

export const correctionDoesNotFit: DiagnosticRule<"what" | "problem"> = rule("GEN4111", "error", {
  message: "The correction of {what} doesn't fit: {problem}",
  explanation: "A correction assumes a form that the parameter or field doesn't have.",
});

export const notAUuid: DiagnosticRule<"name"> = rule("GEN4112", "error", {
  message: "{name} is no structure of 16 bytes laid out like a UUID",
  explanation: '`as: "uuid"` is for a structure of a 32-bit, two 16-bit integers and 8 bytes.',
});

export const closesNothing: DiagnosticRule<"operation" | "handle"> = rule("GEN4113", "error", {
  message: "{operation} closes no {handle}",
  explanation: "`close` names an operation that takes no such handle, or one that is never sent.",
});

export const notAName: DiagnosticRule<"name"> = rule("GEN4114", "error", {
  message: "An enumeration can't be called {name}",
  explanation: "The name is no identifier, or TypeScript or the generated code has it already.",
});

export const presentationDoesNotFit: DiagnosticRule<"what" | "as" | "form"> = rule(
  "GEN4115",
  "error",
  {
    message: "{what} can't be seen as `{as}`",
    hint: "It is for {form}.",
    explanation:
      "A presentation that comes with the generator is for types of one form, under the names that their members have in TypeScript.",
  },
);

export const countPresented: DiagnosticRule<"name" | "owner" | "user"> = rule("GEN4116", "error", {
  message: "{name} of {owner} is a count or tag of {user}, and can't be seen in another form",
  explanation:
    "What size_is, switch_is and their likes speak of is held against what is sent, so it has no presentation.",
});

export const unsupported: DiagnosticRule<"what" | "where"> = rule("GEN4201", "error", {
  message: "{what} can't be generated yet: {where}",
  explanation:
    "The construct has a wire form, and the generator has no code for it; it stops rather than guess.",
});

export const nameTaken: DiagnosticRule<"name" | "first" | "second"> = rule("GEN4202", "error", {
  message: "{first} and {second} both become {name} in TypeScript",
  hint: "Give one of them a `name` in the overlay.",
  explanation:
    "Two types or operations of a package, or two members of one type, get the same TypeScript name.",
});

export const callbacksLeftOut: DiagnosticRule<"name"> = rule("GEN4203", "warning", {
  message: "The callbacks of {name} are left out",
  explanation: "[callback] operations run from server to client; no code is generated for them.",
});
