/** IDL20xx: names that are missing, doubled, or mean something else than their place wants. */
import { type DiagnosticRule, rule } from "../define.ts";

export const undefinedType: DiagnosticRule<"name"> = rule("IDL2001", "error", {
  message: "Type `{name}` is not defined.",
  hint: "Define it, or import the file that does.",
  explanation: "A type is used that neither this file nor one that it imports declares.",
});

export const undefinedName: DiagnosticRule<"name"> = rule("IDL2002", "error", {
  message: "`{name}` is not defined.",
  explanation: "An expression uses a name that is no constant or enumerator here.",
});

export const duplicateName: DiagnosticRule<"name"> = rule("IDL2003", "error", {
  message: "`{name}` is declared twice.",
  hint: "Rename one of them.",
  explanation: "Types, constants, enumerators and interfaces share one name space, as in C.",
});

export const duplicateTag: DiagnosticRule<"tag"> = rule("IDL2004", "error", {
  message: "Tag `{tag}` is defined twice.",
  hint: "Rename one of them, or keep one definition.",
  explanation: "Structures, unions and enumerations share one name space of tags, as in C.",
});

export const wrongTagKind: DiagnosticRule<"tag" | "wanted" | "found"> = rule("IDL2005", "warning", {
  message: "`{tag}` is {found}, not {wanted}.",
  hint: "Use the keyword that it was declared with: other compilers refuse this.",
  explanation:
    "A tag is used with another keyword than its own. There is only one meaning, so it is used.",
});

export const duplicateMember: DiagnosticRule<"name" | "owner"> = rule("IDL2006", "error", {
  message: "`{owner}` has two members named `{name}`.",
  explanation: "The members of a structure, union or property set need names of their own.",
});

export const duplicateParameter: DiagnosticRule<"name" | "operation"> = rule("IDL2007", "error", {
  message: "`{operation}` has two parameters named `{name}`.",
  explanation: "The parameters of an operation need names of their own.",
});

export const duplicateOperation: DiagnosticRule<"name" | "interface"> = rule("IDL2008", "error", {
  message: "Interface `{interface}` has two operations named `{name}`.",
  explanation: "An operation's name stands for its opnum, and must be the only one.",
});

export const duplicateInterface: DiagnosticRule<"name"> = rule("IDL2009", "error", {
  message: "Interface `{name}` is defined twice.",
  explanation: "An interface has one definition; it may be announced by `interface X;` before.",
});

export const circularTypedef: DiagnosticRule<"name"> = rule("IDL2010", "error", {
  message: "Type `{name}` is defined as itself.",
  explanation: "Following the typedefs of a name leads back to it, and to no type.",
});

export const usedBeforeDeclared: DiagnosticRule<"name"> = rule("IDL2011", "warning", {
  message: "`{name}` is used before it is declared.",
  hint: "Move the declaration up: other compilers refuse this.",
  explanation: "IDL wants declarations first. There is only one meaning, so it is used.",
});

export const notAType: DiagnosticRule<"name" | "found"> = rule("IDL2012", "error", {
  message: "`{name}` is {found}, not a type.",
  explanation: "A name stands where a type is wanted, and means something else.",
});

export const tagWithoutKeyword: DiagnosticRule<"tag" | "keyword"> = rule("IDL2013", "warning", {
  message: "`{tag}` is a tag; write `{keyword} {tag}`.",
  explanation: "A tag is no type name in IDL. There is only one meaning, so it is used.",
});

export const undefinedBase: DiagnosticRule<"name" | "base"> = rule("IDL2014", "error", {
  message: "Base interface `{base}` of `{name}` is not defined.",
  hint: "Define it, or import the file that does.",
  explanation: "The opnums of an interface count those of its base, which must be known.",
});

export const circularBase: DiagnosticRule<"name"> = rule("IDL2015", "error", {
  message: "Interface `{name}` is its own base.",
  explanation: "Following the base interfaces leads back to where it began.",
});

export const undefinedInterface: DiagnosticRule<"name"> = rule("IDL2016", "error", {
  message: "Interface `{name}` is not defined.",
  hint: "Define it, or import the file that does.",
  explanation: "A coclass, dispinterface or type names an interface that no file declares.",
});

export const redeclared: DiagnosticRule<"name"> = rule("IDL2017", "warning", {
  message: "`{name}` is declared differently in an imported file; this declaration is used here.",
  explanation:
    "Two files that see each other give one name two meanings. Other compilers refuse it.",
});

export const unnamedDeclarator: DiagnosticRule<"what"> = rule("IDL2018", "error", {
  message: "This {what} has no name.",
  explanation: "A typedef, constant or member is declared without a name to use it by.",
});

export const undefinedInHeader: DiagnosticRule<"name"> = rule("IDL2019", "warning", {
  message: "Type `{name}` is not defined; what is made of it can't be sent.",
  explanation: "C headers declare more than IDL needs, and it matters only where it is sent.",
});

export const sentUndefined: DiagnosticRule<"name"> = rule("IDL2020", "error", {
  message: "`{name}` is of a type that its header leaves undefined.",
  hint: "Import or include the file that defines it first.",
  explanation: "A type from a C header is sent, and rests on a name that nothing declares.",
});
