/** IDL22xx: constants, enumerators and the expressions that give them values. */
import { type DiagnosticRule, rule } from "../define.ts";

export const divisionByZero: DiagnosticRule = rule("IDL2201", "error", {
  message: "Division by zero.",
  explanation: "The right side of / or % in a constant expression is 0.",
});

export const constantOverflow: DiagnosticRule<"type"> = rule("IDL2202", "error", {
  message: "The value does not fit into {type}.",
  explanation: "An intermediate result or a literal is larger than its C type can hold.",
});

export const shiftCount: DiagnosticRule = rule("IDL2203", "error", {
  message: "The shift count is negative or not below the width of the value.",
  explanation: "C leaves such a shift undefined, so that no two compilers need agree.",
});

export const notConstant: DiagnosticRule = rule("IDL2204", "error", {
  message: "This is no constant expression.",
  explanation: "An array bound, a case label, a constant or a range must be known when compiling.",
});

export const constantType: DiagnosticRule<"found" | "wanted"> = rule("IDL2205", "error", {
  message: "This is {found} where {wanted} is wanted.",
  explanation: "A constant, or an operand in one, has a type that its place does not allow.",
});

export const constantRange: DiagnosticRule<"name" | "value" | "type"> = rule("IDL2206", "error", {
  message: "`{name}` is {value}, which does not fit into {type}.",
  explanation: "The value of a constant is outside the range of its declared type.",
});

export const circularConstant: DiagnosticRule<"name"> = rule("IDL2207", "error", {
  message: "The value of `{name}` depends on itself.",
  explanation: "A constant or enumerator is defined by way of itself.",
});

export const enumeratorRange: DiagnosticRule<"name" | "value"> = rule("IDL2208", "error", {
  message: "Enumerator `{name}` is {value}, which does not fit into 32 bits.",
  explanation: "Enumerations have at most 32 bits on the wire.",
});

export const sizeofUnknown: DiagnosticRule<"type" | "reason"> = rule("IDL2209", "error", {
  message: "sizeof({type}) has no one value: {reason}.",
  explanation: "The size of what holds pointers, or varies, differs from machine to machine.",
});

export const constantsTooDeep: DiagnosticRule<"name" | "limit"> = rule("IDL2210", "error", {
  message: "The value of `{name}` depends on more than {limit} constants declared later.",
  hint: "Declare constants before they are used.",
  explanation:
    "Following constants to later ones needs memory for each; the limit keeps it bounded.",
});

export const arrayBound: DiagnosticRule<"value"> = rule("IDL2211", "error", {
  message: "The array bound is {value}; it must be between 1 and 2147483647.",
  explanation: "A fixed array has at least one element.",
});

export const constantForm: DiagnosticRule<"name" | "type"> = rule("IDL2212", "error", {
  message: "Constant `{name}` can't have the type {type}.",
  hint: "Constants are integers, characters, booleans, floating-point numbers, strings or null pointers.",
  explanation: "Structures, unions and arrays have no constants in IDL.",
});
