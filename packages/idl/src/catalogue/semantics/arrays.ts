/** IDL23xx: arrays, strings, pointers, ranges, and the expressions that give sizes. */
import { type DiagnosticRule, rule } from "../define.ts";

export const unknownTarget: DiagnosticRule<"name" | "owner" | "kind"> = rule("IDL2301", "error", {
  message: "`{owner}` has no {kind} `{name}`.",
  explanation: "size_is, length_is, switch_is and the like name a parameter or field beside them.",
});

export const unusableExpression: DiagnosticRule<"what"> = rule("IDL2302", "error", {
  message: "{what} can't give a size or discriminant.",
  explanation: "Both sides must be able to compute the expression from what is sent.",
});

export const notAnArray: DiagnosticRule<"attribute" | "name"> = rule("IDL2303", "error", {
  message: "[{attribute}] needs an array or a pointer, and `{name}` is neither.",
  explanation: "size_is and its likes count the elements of an array.",
});

export const tooManyDimensions: DiagnosticRule<"attribute" | "given" | "has" | "name"> = rule(
  "IDL2304",
  "error",
  {
    message: "[{attribute}] gives {given} dimensions, and `{name}` has {has}.",
    explanation:
      "Each expression belongs to one pointer or array of the declaration, outermost first.",
  },
);

export const unsizedArray: DiagnosticRule<"name"> = rule("IDL2305", "error", {
  message: "Array `{name}` has no size.",
  hint: "Give it a bound, [size_is(...)] or [string].",
  explanation: "An open array must say how many elements are sent.",
});

export const conformantNotLast: DiagnosticRule<"name" | "owner"> = rule("IDL2306", "error", {
  message: "`{name}` must be the last field of `{owner}`, since its size varies.",
  hint: "Move it to the end, or make it a pointer.",
  explanation:
    "The size of a conformant array stands before its structure, so there can be one, at the end.",
});

export const conformantInside: DiagnosticRule<"name" | "what"> = rule("IDL2307", "error", {
  message: "`{name}` varies in size and can't be part of {what}.",
  hint: "Use a pointer to it.",
  explanation: "Unions and arrays can't hold by value what ends in a conformant array.",
});

export const stringElement: DiagnosticRule<"name"> = rule("IDL2308", "error", {
  message: "[string] needs an array of or a pointer to characters, and `{name}` is none.",
  explanation: "Strings are made of char, wchar_t, byte or unsigned short.",
});

export const rangeOrder: DiagnosticRule<"low" | "high"> = rule("IDL2309", "error", {
  message: "The range is empty: {low} is greater than {high}.",
  hint: "Write the smaller value first.",
  explanation: "No value lies in a range whose minimum is above its maximum.",
});

export const rangeType: DiagnosticRule<"name"> = rule("IDL2310", "error", {
  message: "[range] needs an integer or enumeration, and `{name}` is none.",
  explanation: "A range bounds the values of an integer.",
});

export const pointerClass: DiagnosticRule<"attribute" | "name"> = rule("IDL2311", "error", {
  message: "[{attribute}] needs a pointer, and `{name}` is none.",
  explanation: "ref, unique, ptr and ignore say what a pointer is.",
});

export const targetType: DiagnosticRule<"attribute" | "name" | "wanted"> = rule(
  "IDL2312",
  "error",
  {
    message: "[{attribute}] needs {wanted}, and `{name}` is none.",
    explanation: "A size, length or discriminant is an integer, and iid_is names a UUID.",
  },
);

export const missingDereference: DiagnosticRule<"attribute" | "name" | "stars"> = rule(
  "IDL2313",
  "warning",
  {
    message: "[{attribute}] names the pointer `{name}`; what it points to is meant.",
    hint: "Write `{stars}{name}`.",
    explanation: "A size is a number, so the pointer is followed. Other compilers refuse this.",
  },
);

export const targetDirection: DiagnosticRule<"attribute" | "name" | "array"> = rule(
  "IDL2314",
  "error",
  {
    message: "`{name}` is not [in], but [{attribute}] of `{array}` must be known with the request.",
    hint: "Make `{name}` [in] as well.",
    explanation: "The receiver of an array must have been sent what gives its size.",
  },
);

export const interfaceIdTarget: DiagnosticRule<"name"> = rule("IDL2315", "error", {
  message: "[iid_is] needs an interface pointer or `void *`, and `{name}` is none.",
  explanation: "iid_is gives the interface of a pointer to one.",
});

export const sizedTwice: DiagnosticRule<"name"> = rule("IDL2316", "error", {
  message: "Array `{name}` has both a fixed bound and a size given at run time.",
  hint: "Leave the bound out: `[]`. For a fixed array of which a part is sent, use [length_is].",
  explanation: "A fixed array is sent without a size; a conformant one has no bound of its own.",
});

export const rangeBeyond: DiagnosticRule<"value" | "type"> = rule("IDL2317", "warning", {
  message: "The range reaches {value}, which {type} can't hold.",
  explanation: "A bound outside of the type excludes nothing, and is often a slip.",
});
