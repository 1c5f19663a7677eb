/** WIRE3xxx: what the wire plan can't express, with the reason. A code is never given to another rule. */
import { type DiagnosticRule, rule } from "@msrpc/idl";

export const voidType: DiagnosticRule<"owner"> = rule("WIRE3001", "error", {
  message: "{owner} is of type void, which has no form on the wire.",
  hint: "Give it a type, or say [context_handle], [iid_is] or [ignore].",
  explanation: "A pointer to void says nothing of what it points to, so nothing can be sent.",
});

export const handleInType: DiagnosticRule<"owner"> = rule("WIRE3002", "error", {
  message: "{owner} is a binding handle, which can't be sent.",
  hint: "A handle_t stands as a parameter by itself.",
  explanation: "A primitive binding handle is not on the wire: it may only be a parameter.",
});

export const functionType: DiagnosticRule<"owner"> = rule("WIRE3003", "error", {
  message: "{owner} is a function, which has no form on the wire.",
  explanation: "A pointer to a function means nothing to another machine.",
});

export const bitField: DiagnosticRule<"owner"> = rule("WIRE3004", "error", {
  message: "{owner} is a bit field, which has no form on the wire.",
  hint: "Declare the whole integer and take it apart in the program.",
  explanation: "C706 has no representation of bit fields, and compilers lay them out differently.",
});

export const int128: DiagnosticRule<"owner"> = rule("WIRE3005", "error", {
  message: "{owner} is a 128-bit integer, which has no form on the wire.",
  explanation: "NDR has integers of 8, 16, 32 and 64 bits.",
});

export const incompleteType: DiagnosticRule<"owner" | "name"> = rule("WIRE3006", "error", {
  message: "{owner} is of type `{name}`, which is declared but not defined.",
  explanation: "The members of a type must be known to send it.",
});

export const unionWithoutSwitch: DiagnosticRule<"owner" | "name"> = rule("WIRE3007", "error", {
  message: "{owner} is a union `{name}` without switch_is.",
  hint: "Say [switch_is(...)], or make it an encapsulated union.",
  explanation: "Nothing says which arm of the union is sent.",
});

export const unionWithoutType: DiagnosticRule<"name"> = rule("WIRE3008", "error", {
  message: "Union `{name}` has no type for its discriminant.",
  hint: "Say [switch_type(...)] on the union.",
  explanation: "The discriminant is sent with the union, in a width that must be known.",
});

export const interfaceByValue: DiagnosticRule<"owner" | "name"> = rule("WIRE3009", "error", {
  message: "{owner} is interface `{name}` itself; only a pointer to it can be sent.",
  explanation: "An interface has no value; a pointer to it is marshalled as an object reference.",
});

export const stringElement: DiagnosticRule<"owner"> = rule("WIRE3010", "error", {
  message: "{owner} is a [string] of something other than characters or bytes.",
  explanation: "Strings of structures are of no use to a program, and nothing declares them.",
});

export const countOfFixed: DiagnosticRule<"owner"> = rule("WIRE3011", "error", {
  message: "{owner} has both a fixed bound and size_is or max_is.",
  hint: "Leave the bound out (`[]`) to send a count, or the attribute to send none.",
  explanation: "A fixed array has no count on the wire and a conformant one has: it can't be both.",
});

export const lengthWithoutSize: DiagnosticRule<"owner"> = rule("WIRE3012", "error", {
  message: "{owner} has length_is but no size_is.",
  explanation: "A pointer is to an array only where size_is or max_is says so.",
});

export const unusedDimension: DiagnosticRule<"owner"> = rule("WIRE3013", "error", {
  message: "{owner} has a size or length for more dimensions than it has.",
  explanation: "Each argument of size_is and its likes belongs to one pointer or array bound.",
});

export const safeArray: DiagnosticRule<"owner"> = rule("WIRE3014", "error", {
  message: "{owner} is a SAFEARRAY, and no type wirePSAFEARRAY says how one is sent.",
  hint: "Import the IDL of [MS-OAUT].",
  explanation: "What is sent for a SAFEARRAY is a structure that [MS-OAUT] 2.2.30 defines.",
});

export const innerConformance: DiagnosticRule<"owner"> = rule("WIRE3015", "error", {
  message: "{owner} holds arrays or structures whose size varies from element to element.",
  hint: "Put a pointer in between.",
  explanation: "Max counts stand in front of the outermost array or structure, once.",
});

export const pipeInType: DiagnosticRule<"owner"> = rule("WIRE3016", "error", {
  message: "{owner} is a pipe, which may only be a parameter.",
  explanation: "A pipe is a stream beside the other parameters and no part of a value.",
});

export const interfaceWithoutUuid: DiagnosticRule<"name"> = rule("WIRE3017", "warning", {
  message: "Interface `{name}` has operations but no uuid, so nothing can bind to it.",
  hint: "Give it a uuid, or say [local].",
  explanation: "An interface without a UUID has no place on the wire and is left out.",
});

export const switchTypeKind: DiagnosticRule<"name"> = rule("WIRE3018", "error", {
  message: "The discriminant of union `{name}` is no integer, character, boolean or enumeration.",
  explanation: "Case labels are constants of these types.",
});

export const endlessType: DiagnosticRule<"name" | "limit"> = rule("WIRE3019", "error", {
  message: "`{name}` holds itself by value, or others more than {limit} levels deep.",
  hint: "Put a pointer in between.",
  explanation: "What holds itself has no end, and no hand-written type is as deep as the limit.",
});

export const unknownName: DiagnosticRule<"owner" | "path"> = rule("WIRE3020", "error", {
  message: "{owner} names `{path}`, which is neither beside it nor inside of what is.",
  hint: "Name a parameter or field that is sent with it.",
  explanation: "A size or discriminant that nobody sends can't be planned.",
});

export const orpcHeaderMissing: DiagnosticRule<"name" | "type"> = rule("WIRE3022", "error", {
  message: "Interface `{name}` is one of COM, and no structure {type} says what its calls carry.",
  hint: "Import the IDL of [MS-DCOM].",
  explanation:
    "Calls of object interfaces begin with the structures ORPCTHIS and ORPCTHAT of [MS-DCOM] 2.2.13.",
});

export const tooManyBases: DiagnosticRule<"name" | "limit"> = rule("WIRE3021", "error", {
  message: "Interface `{name}` has more than {limit} bases, one of another.",
  explanation: "No hand-written interface has; the limit keeps every later stage bounded.",
});
