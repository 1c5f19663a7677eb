/** IDL21xx: attributes that are unknown, misplaced, or at odds with each other. */
import { type DiagnosticRule, rule } from "../define.ts";

export const unknownAttribute: DiagnosticRule<"name"> = rule("IDL2101", "error", {
  message: "Unknown attribute [{name}].",
  explanation:
    "An attribute that we don't know may change what is sent, so it can't be passed over.",
});

export const misplacedAttribute: DiagnosticRule<"name" | "place" | "places"> = rule(
  "IDL2102",
  "error",
  {
    message: "[{name}] can't stand on {place}.",
    hint: "It belongs on {places}.",
    explanation: "Each attribute has the kinds of declaration that it says something about.",
  },
);

export const repeatedAttribute: DiagnosticRule<"name"> = rule("IDL2103", "error", {
  message: "[{name}] is given twice.",
  hint: "Keep one of them.",
  explanation: "One declaration has an attribute once; two may contradict each other.",
});

export const conflictingAttributes: DiagnosticRule<"first" | "second"> = rule("IDL2104", "error", {
  message: "[{second}] contradicts [{first}].",
  hint: "Keep one of them.",
  explanation: "Two attributes of one declaration say things that can't both hold.",
});

export const argumentCount: DiagnosticRule<"name" | "wanted" | "found"> = rule("IDL2105", "error", {
  message: "[{name}] takes {wanted}, not {found}.",
  explanation: "An attribute has too few or too many arguments in its parentheses.",
});

export const argumentForm: DiagnosticRule<"name" | "wanted"> = rule("IDL2106", "error", {
  message: "The argument of [{name}] must be {wanted}.",
  explanation: "An attribute's argument is of another kind than the attribute takes.",
});

export const malformedUuid: DiagnosticRule<"text"> = rule("IDL2107", "error", {
  message: "`{text}` is no UUID.",
  hint: "A UUID has 8-4-4-4-12 hexadecimal digits: 12345678-1234-abcd-ef00-0123456789ab.",
  explanation: "The UUID is what clients bind to; nothing can be guessed in it.",
});

export const malformedVersion: DiagnosticRule<"text"> = rule("IDL2108", "error", {
  message: "`{text}` is no version.",
  hint: "A version is one or two numbers of at most 65535: 1 or 1.0.",
  explanation: "Major and minor version are 16 bits each on the wire.",
});

export const refusedAttribute: DiagnosticRule<"name"> = rule("IDL2109", "error", {
  message: "[{name}] changes what is sent in a way that is not supported.",
  explanation: "Rather than sending wrong bytes, a type with such an attribute is refused.",
});

export const circularTransmitType: DiagnosticRule<"name"> = rule("IDL2110", "error", {
  message: "`{name}` is sent as itself.",
  explanation: "The type in transmit_as or wire_marshal leads back to the type that it stands on.",
});

export const attributeType: DiagnosticRule<"name" | "wanted"> = rule("IDL2111", "error", {
  message: "[{name}] needs {wanted}.",
  explanation: "v1_enum is about enumerations, and switch_type about unions.",
});

export const malformedEndpoint: DiagnosticRule<"text"> = rule("IDL2112", "error", {
  message: "`{text}` is no endpoint.",
  hint: 'Write `protocol:[endpoint]`: "ncacn_ip_tcp:[135]", "ncacn_np:[\\\\pipe\\\\name]".',
  explanation:
    "Servers listen where the endpoint says: protocol sequence, then address in brackets.",
});
