/** What the preprocessor (IDL10xx), the lexer (IDL11xx) and the parser (IDL12xx) have to say. */
import { rule, type DiagnosticRule } from "./define.ts";

// ---- preprocessing ---------------------------------------------------------------------------

export const includeNotFound: DiagnosticRule<"path"> = rule("IDL1001", "error", {
  message: 'The included file "{path}" is not found.',
  hint: "Add its folder to the search paths (-I).",
  explanation: "An #include names a file that is neither beside its includer nor on a search path.",
});
export const includeTooDeep: DiagnosticRule<"path" | "limit"> = rule("IDL1002", "error", {
  message: '"{path}" is not included: includes nest deeper than {limit}.',
  hint: "Guard a file that may include itself with #ifndef or #pragma once.",
  explanation: "A chain of #include is longer than any real one, mostly because it is a circle.",
});
export const includeTooLarge: DiagnosticRule<"limit"> = rule("IDL1003", "error", {
  message: "Included text is left out: it comes to more than {limit} tokens.",
  hint: "Guard files that include each other with #ifndef or #pragma once.",
  explanation: "Files that include each other several times grow without end.",
});
export const malformedDirective: DiagnosticRule<"directive" | "wanted"> = rule("IDL1004", "error", {
  message: "#{directive} is malformed: it needs {wanted}.",
  explanation: "A preprocessor directive lacks a part or has it in the wrong form.",
});
export const unknownDirective: DiagnosticRule<"directive"> = rule("IDL1005", "error", {
  message: "#{directive} is no preprocessor directive.",
  explanation: "A line starts with # and a word that is not a directive.",
});
export const directiveWithoutIf: DiagnosticRule<"directive"> = rule("IDL1006", "error", {
  message: "#{directive} has no #if before it.",
  explanation: "#elif, #else or #endif stands outside a conditional.",
});
export const directiveAfterElse: DiagnosticRule<"directive"> = rule("IDL1007", "error", {
  message: "#{directive} stands after the #else of the same #if.",
  explanation: "#else must be the last branch of a conditional.",
});
export const unclosedIf: DiagnosticRule<"directive"> = rule("IDL1008", "error", {
  message: "#{directive} is never closed.",
  hint: "Add the missing #endif.",
  explanation: "A conditional runs past the end of its file.",
});
export const badCondition: DiagnosticRule<"problem"> = rule("IDL1009", "error", {
  message: "The condition can't be evaluated: {problem}. It counts as false.",
  explanation: "The expression of an #if or #elif is no integer constant expression.",
});
export const userError: DiagnosticRule<"text"> = rule("IDL1010", "error", {
  message: "#error {text}",
  explanation: "An #error directive was reached.",
});
export const userWarning: DiagnosticRule<"text"> = rule("IDL1011", "warning", {
  message: "#warning {text}",
  explanation: "A #warning directive was reached.",
});
export const macroRedefined: DiagnosticRule<"name"> = rule("IDL1012", "warning", {
  message: "The macro `{name}` is defined again with another body; the new one holds.",
  hint: "Put #undef before it if that is what you want.",
  explanation: "Two #define of one name differ.",
});
export const macroArgumentCount: DiagnosticRule<"name" | "wanted" | "found"> = rule(
  "IDL1013",
  "error",
  {
    message: "The macro `{name}` takes {wanted}, but {found} stand here.",
    explanation:
      "A function-like macro is used with another number of arguments than it has parameters.",
  },
);
export const macroCallUnclosed: DiagnosticRule<"name"> = rule("IDL1014", "error", {
  message: "The arguments of the macro `{name}` are never closed with `)`.",
  explanation: "The text ends within the arguments of a function-like macro.",
});
export const macroTooLarge: DiagnosticRule<"name"> = rule("IDL1015", "error", {
  message:
    "Macros are no longer expanded from `{name}` on: they came to far more text than was read.",
  hint: "Look for macros that repeat each other; their product grows exponentially.",
  explanation: "Macro expansion is bounded, so that no input makes the compiler hang.",
});
export const badPaste: DiagnosticRule<"text"> = rule("IDL1016", "error", {
  message: "`##` makes `{text}`, which is no single token.",
  explanation: "Two tokens pasted by ## must form one token.",
});

// ---- tokens ----------------------------------------------------------------------------------

export const strayCharacter: DiagnosticRule<"text" | "name"> = rule("IDL1101", "error", {
  message: "The character `{text}` ({name}) means nothing here.",
  hint: "Remove it.",
  explanation: "A character that is part of no token stands outside strings and comments.",
});
export const unclosedLiteral: DiagnosticRule<"what"> = rule("IDL1102", "error", {
  message: "{what} is not closed on its line.",
  hint: "Add the closing quote.",
  explanation: "A string or character literal must end on the line that it starts on.",
});
export const unclosedComment: DiagnosticRule = rule("IDL1103", "error", {
  message: "The comment is never closed.",
  hint: "Close it with */ where it should end.",
  explanation: "The rest of the file is taken for a comment.",
});
export const typographicCharacter: DiagnosticRule<"found" | "plain"> = rule("IDL1104", "warning", {
  message: "The typographic {found} is read as {plain}.",
  hint: "Type the plain character; word processors replace it.",
  explanation: "Curly quotes and long dashes come from documents; compilers want the plain ones.",
});
export const malformedNumber: DiagnosticRule<"text"> = rule("IDL1105", "error", {
  message: "`{text}` is no number.",
  explanation:
    "A token starts with a digit and is neither an integer nor a floating-point literal.",
});
export const malformedCharacter: DiagnosticRule<"text"> = rule("IDL1106", "error", {
  message: "`{text}` is no character literal.",
  hint: "A character literal has one to four characters.",
  explanation: "A character literal is empty or longer than an integer.",
});

// ---- grammar ---------------------------------------------------------------------------------

export const unexpectedToken: DiagnosticRule<"wanted" | "found"> = rule("IDL1201", "error", {
  message: "Expected {wanted}, found {found}.",
  explanation: "The text doesn't follow the grammar of IDL at this point.",
});
export const missingSemicolon: DiagnosticRule<"after"> = rule("IDL1202", "error", {
  message: "A `;` is missing after {after}.",
  hint: "Add it behind {after}.",
  explanation: "A declaration, member or operation runs into the next one.",
});
export const nestedTooDeep: DiagnosticRule<"limit"> = rule("IDL1204", "error", {
  message: "This nests deeper than {limit} levels and is left out.",
  explanation: "Structures, declarators and expressions have a nesting limit.",
});
export const expressionTooLong: DiagnosticRule<"limit"> = rule("IDL1205", "error", {
  message: "This expression has more than {limit} operators and is left out.",
  explanation: "The length of an expression is bounded.",
});
export const unclosedBlock: DiagnosticRule<"what"> = rule("IDL1206", "error", {
  message: "The opening brace of {what} is never closed.",
  explanation: "The file ends within a block.",
});
export const strayClose: DiagnosticRule<"text"> = rule("IDL1207", "error", {
  message: "`{text}` closes nothing.",
  hint: "Remove it, or look for a bracket that is missing above.",
  explanation: "A closing bracket or brace has no opening one.",
});
export const attributesOnNothing: DiagnosticRule = rule("IDL1208", "error", {
  message: "These attributes stand before nothing that may have any.",
  explanation: "An attribute list must precede a declaration, parameter, member or union arm.",
});
export const malformedBaseType: DiagnosticRule<"words"> = rule("IDL1209", "error", {
  message: "`{words}` is no type.",
  explanation: "The words of a base type contradict each other.",
});
export const declaratorMissing: DiagnosticRule<"what"> = rule("IDL1210", "warning", {
  message: "This {what} declares no name.",
  explanation: "A typedef without a declarator has no effect beyond its tag.",
});
export const constantWithoutValue: DiagnosticRule<"name"> = rule("IDL1211", "error", {
  message: "`{name}` is declared like a variable, which IDL doesn't have.",
  hint: "Write `typedef` before it for a type, `const` and a value for a constant.",
  explanation: "A declaration outside structures has neither a value nor parameters.",
});
export const strayComma: DiagnosticRule = rule("IDL1212", "warning", {
  message: "This comma separates nothing.",
  hint: "Remove it.",
  explanation: "An attribute list has a comma too many.",
});
export const namespaceLeftOut: DiagnosticRule<"name"> = rule("IDL1213", "info", {
  message: "The namespace `{name}` is left out: Windows Runtime types have no DCE/RPC form.",
  explanation: "Windows Runtime declarations describe calls within a machine, not messages.",
});
export const labelMissing: DiagnosticRule = rule("IDL1203", "error", {
  message: "This is no case label.",
  hint: "Write constants in `case`, several with commas between them.",
  explanation: "An argument of [case] is empty or a type.",
});

// ---- files -----------------------------------------------------------------------------------

export const fileNotFound: DiagnosticRule<"path"> = rule("IDL1301", "error", {
  message: 'The file "{path}" is not found.',
  explanation: "A file given to the compiler can't be read.",
});
export const importNotFound: DiagnosticRule<"path"> = rule("IDL1302", "error", {
  message: 'The imported file "{path}" is not found.',
  hint: "Add its folder to the search paths (-I).",
  explanation:
    "An import names a file that is neither beside its importer, nor on a search path, nor built in.",
});

export const tooManyDiagnostics: DiagnosticRule<"count" | "errors"> = rule("IDL1303", "warning", {
  message: "{count} more diagnostics of this file are left out, {errors} of them errors.",
  hint: "Mend those that are shown first: the others may follow from them.",
  explanation: "A thousand diagnostics of a file are shown; it is an error where one of them is.",
});
export const fileTooLarge: DiagnosticRule<"limit"> = rule("IDL1304", "error", {
  message: "This file is left out: it has more than {limit}.",
  explanation: "No hand-written file has as much; the limit keeps time and memory bounded.",
});
export const fileEncoding: DiagnosticRule = rule("IDL1305", "error", {
  message: "This file is in UTF-16, which is not read.",
  hint: "Save it as UTF-8.",
  explanation:
    "The text has a NUL at every second character, as UTF-16 has that is taken for UTF-8.",
});

// ---- Samba's dialect ---------------------------------------------------------------------------

export const pidlUnmapped: DiagnosticRule<"what"> = rule("IDL1501", "warning", {
  message: "The wire plan has no form for {what}.",
  explanation:
    "Samba's dialect describes formats beyond NDR, and code of its own: what is made of this is left out.",
});
export const pidlOperationLeftOut: DiagnosticRule<"name" | "what"> = rule("IDL1502", "warning", {
  message: "`{name}` is left out: the wire plan has no form for {what}, which it sends.",
  explanation:
    "An operation in Samba's dialect sends what can't be planned; it keeps its opnum and can't be called.",
});

// ---- attribute configuration files -----------------------------------------------------------

export const acfNameNotFound: DiagnosticRule<"kind" | "name" | "owner"> = rule("IDL1401", "error", {
  message: "{kind} `{name}`, which this file configures, is not in {owner}.",
  explanation: "An attribute configuration file names what its IDL file doesn't declare.",
});
