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

export const unlabelledArm: DiagnosticRule<"name" | "union"> = rule("IDL2403", "error", {
  message: "Arm `{name}` of union `{union}` has no case.",
  hint: "Give it [case(...)] or [default].",
  explanation: "An arm without a case can never be selected.",
});

export const missingSwitchIs: DiagnosticRule<"name" | "union"> = rule("IDL2404", "error", {
  message: "`{name}` is a union without [switch_is].",
  hint: "Name the field or parameter that selects the arm of `{union}`: [switch_is(...)].",
  explanation: "The receiver must know which arm of a union was sent.",
});

export const switchIsNoUnion: DiagnosticRule<"name"> = rule("IDL2405", "error", {
  message: "[switch_is] needs a union, and `{name}` is none.",
  explanation: "switch_is selects the arm of a union.",
});

export const switchType: DiagnosticRule<"union"> = rule("IDL2406", "error", {
  message: "The discriminant of union `{union}` is no integer, character, boolean or enumeration.",
  explanation: "A discriminant is compared with the constants of the cases.",
});

export const caseRange: DiagnosticRule<"value" | "union" | "type"> = rule("IDL2407", "error", {
  message: "Case {value} of union `{union}` does not fit into its discriminant, {type}.",
  explanation: "A case outside of the discriminant's type can never be selected.",
});

export const switchIsEncapsulated: DiagnosticRule<"name" | "union"> = rule("IDL2408", "error", {
  message: "`{name}` has [switch_is], but union `{union}` has a discriminant of its own.",
  hint: "Take [switch_is] away.",
  explanation: "An encapsulated union is sent with its discriminant.",
});

export const missingDefault: DiagnosticRule<"union" | "names" | "arm"> = rule("IDL2409", "error", {
  message: "Union `{union}` has neither a default arm nor a case for {names}.",
  hint: "Add `{arm}` if there is nothing to send for these values; without, calls refuse them.",
  explanation: "A discriminant that selects no arm makes the call fail, though its type allows it.",
  mayBeLowered: true,
});

export const switchConflict: DiagnosticRule<"union" | "first" | "second"> = rule(
  "IDL2410",
  "error",
  {
    message: "Union `{union}` has no [switch_type], and is switched by both {first} and {second}.",
    hint: "Give it [switch_type(...)].",
    explanation: "The discriminant is sent with the union, so it has one type.",
  },
);

export const plainUnion: DiagnosticRule<"union"> = rule("IDL2411", "error", {
  message: "Union `{union}` has no cases, so it can't be sent.",
  hint: "Give each arm [case(...)], and what holds the union [switch_is(...)].",
  explanation: "The receiver of a union as in C can't know which arm is meant.",
});

export const strangeCase: DiagnosticRule<"value" | "union" | "enum"> = rule("IDL2412", "warning", {
  message: "Case {value} of union `{union}` is no enumerator of its discriminant, {enum}.",
  explanation: "The case can only be selected by a value that the enumeration does not name.",
});

export const switchMismatch: DiagnosticRule<"name" | "union" | "found" | "wanted"> = rule(
  "IDL2413",
  "error",
  {
    message: "`{name}` is switched by {found}, but the discriminant of `{union}` is {wanted}.",
    hint: "Give both the same type.",
    explanation: "What switch_is names is sent as the discriminant too, and must fit into it.",
  },
);

export const unreachableCase: DiagnosticRule<"name" | "union" | "value" | "found"> = rule(
  "IDL2414",
  "warning",
  {
    message: "`{name}` never selects case {value} of union `{union}`: {found} can't hold it.",
    hint: "Give what switch_is names the type of the discriminant.",
    explanation: "A case outside of the type of what switch_is names can't be selected there.",
  },
);
