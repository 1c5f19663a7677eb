import { expect, test } from "vitest";
import { preprocessed } from "./text-support.ts";

const expansion = (text: string): string => preprocessed(text).text;

test("an object-like macro is replaced by its body", () => {
  expect(expansion("#define N 4\nlong a[N];")).toBe("long a[4];");
});

test("a function-like macro takes arguments, nested parentheses included", () => {
  expect(expansion("#define ADD(a, b) ((a)+(b))\nADD(f(1, 2), 3)")).toBe("((f(1, 2))+(3))");
});

test("a function-like macro without parentheses stays a name", () => {
  expect(expansion("#define F(x) x\nF; F (1)")).toBe("F; 1");
});

test("arguments may span lines and directives", () => {
  expect(expansion("#define F(x, y) x y\nF(1,\n#define N 2\nN)")).toBe("1 2");
});

test("# makes a string of an argument as it is written", () => {
  expect(expansion('#define S(x) #x\nS(a  "b\\n" + c)')).toBe('"a \\"b\\\\n\\" + c"');
});

test("## joins tokens, and an empty argument joins to nothing", () => {
  expect(expansion("#define J(a, b) a##b\nJ(foo, 1) J(, x) J(y,)")).toBe("foo1 x y");
});

test("operands of ## are not expanded first, other arguments are", () => {
  expect(expansion("#define N 1\n#define J(a) a##N a\nJ(N)")).toBe("NN 1");
});

test("pasting what is no token is reported and leaves both", () => {
  const { text, diagnostics } = preprocessed("#define J(a, b) a##b\nJ(+, x)");
  expect(text).toBe("+ x");
  expect(diagnostics).toEqual([
    "main.idl:2:1: error IDL1016: `##` makes `+x`, which is no single token.",
  ]);
});

test("a variadic macro passes on the rest of its arguments", () => {
  expect(expansion("#define F(a, ...) a(__VA_ARGS__)\nF(g, 1, 2) F(h)")).toBe("g(1, 2) h()");
  expect(expansion("#define F(rest...) [rest]\nF(1, 2)")).toBe("[1, 2]");
});

test("a macro is not expanded within itself", () => {
  expect(expansion("#define A B\n#define B A x\nA")).toBe("A x");
  expect(expansion("#define f(x) x f(x)\nf(f(1))")).toBe("1 f(1) f(1 f(1))");
});

test("#undef takes a macro away", () => {
  expect(expansion("#define N 1\nN\n#undef N\nN")).toBe("1 N");
});

test("a macro is defined again with a warning, unless it is the same", () => {
  const { text, diagnostics } = preprocessed("#define N 1\n#define N 1\n#define N 2\nN");
  expect(text).toBe("2");
  expect(diagnostics).toEqual([
    "main.idl:3:9: warning IDL1012: The macro `N` is defined again with another body; the new one holds.",
  ]);
});

test("the first branch of a conditional that holds is read", () => {
  const text = "#if A\n1\n#elif B\n2\n#elif C\n3\n#else\n4\n#endif";
  expect(preprocessed(text, {}, { A: "1", B: "1" }).text).toBe("1");
  expect(preprocessed(text, {}, { C: "2" }).text).toBe("3");
  expect(preprocessed(text).text).toBe("4");
});

test("conditionals nest, and nothing in a skipped one is looked at", () => {
  const text = "#if 0\n#if 1 +\n'\n#error no\n#else\n#nonsense\n#endif\n#else\nyes\n#endif";
  expect(preprocessed(text)).toMatchObject({ text: "yes", diagnostics: [] });
});

test("#ifdef and #ifndef ask for a macro", () => {
  const text = "#ifdef X\nyes\n#endif\n#ifndef X\nno\n#endif";
  expect(preprocessed(text, {}, { X: "" }).text).toBe("yes");
  expect(preprocessed(text).text).toBe("no");
});

test.each([
  ["1 + 2 * 3 == 7", true],
  ["(1 + 2) * 3 == 7", false],
  ["defined(X) && !defined Y", true],
  ["UNKNOWN", false],
  ["0x10 == 16 && 010 == 8 && 'A' == 65", true],
  ["-1 < 0 && ~0 == -1 && !0", true],
  ["1 << 4 == 16 && 256 >> 4 == 16", true],
  ["0 && 1 / 0", false],
  ["1 || 1 / 0", true],
  ["1 ? 2 : 1 / 0", true],
  ["0 ? 1 : 0 ? 1 : 3", true],
  ["X == 7 && F(2) == 4", true],
  ["10 % 4 == 2 && (6 & 3) == 2 && (6 ^ 3) == 5 && (6 | 3) == 7", true],
  ["1 != 2 && 2 >= 2 && 2 <= 2 && 3 > 2", true],
  ["100UL > 99ui64", true],
])("#if %s is %s", (condition, isMet) => {
  const text = `#define X 7\n#define F(n) (n * 2)\n#if ${condition}\nyes\n#endif`;
  expect(preprocessed(text)).toMatchObject({ text: isMet ? "yes" : "", diagnostics: [] });
});

test.each([
  ["1 +", "it ends too early"],
  ["1 2", "`2` is not expected"],
  ["1 / 0", "it divides by zero"],
  ["(1", "`)` is missing"],
  ['"a"', '`"a"` is no integer'],
  ["defined", "`defined` needs the name of a macro"],
])("#if %s is reported and counts as false", (condition, problem) => {
  const { text, diagnostics } = preprocessed(`#if ${condition}\nyes\n#endif`);
  expect(text).toBe("");
  expect(diagnostics).toEqual([
    `main.idl:1:5: error IDL1009: The condition can't be evaluated: ${problem}. It counts as false.`,
  ]);
});

test("an include is read in place, in quotes or angle brackets, also named by a macro", () => {
  const files = { "a.h": "1", "sub/b.h": "2" };
  const text = '#include "a.h"\n#include <sub/b.h>\n#define H "A.H"\n#include H\n3';
  expect(preprocessed(text, files).text).toBe("1 2 1 3");
});

test("an include that is missing is reported with the place of its name", () => {
  expect(preprocessed('#include "no.h"').diagnostics).toEqual([
    'main.idl:1:10: error IDL1001: The included file "no.h" is not found.',
  ]);
});

test("include guards and #pragma once make a file come once", () => {
  const guarded = "#ifndef G\n#define G\nx\n#endif";
  expect(preprocessed('#include "g.h"\n#include "g.h"', { "g.h": guarded }).text).toBe("x");
  const once = "#pragma once\ny";
  expect(preprocessed('#include "o.h"\n#include "O.h"', { "o.h": once }).text).toBe("y");
});

test("a file that includes itself stops at a limit", () => {
  const { diagnostics } = preprocessed('#include "main.idl"');
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]).toContain("IDL1002");
});

test("files that include themselves twice stop at a limit of size", () => {
  const body = `${"x ".repeat(1000)}\n#include "a.h"\n#include "a.h"\n`;
  const { tokens, diagnostics } = preprocessed('#include "a.h"', { "a.h": body });
  expect(tokens.length).toBeLessThan(1_100_000);
  expect(diagnostics.some((line) => line.includes("IDL1003"))).toBe(true);
});

test("a name in a skipped include is not defined, one in a read include is", () => {
  const text = '#if 0\n#include "a.h"\n#endif\nN\n#include "a.h"\nN';
  expect(preprocessed(text, { "a.h": "#define N 1" }).text).toBe("N 1");
});

test("macros that multiply without end are stopped and reported once", () => {
  const lines = ["#define M0 x x"];
  for (let i = 1; i < 60; i++) lines.push(`#define M${i} M${i - 1} M${i - 1}`);
  const { tokens, diagnostics } = preprocessed(`${lines.join("\n")}\nM59`);
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]).toContain("IDL1015");
  expect(tokens.length).toBeLessThan(200_000);
});

test("uses of a macro within its own arguments are stopped as well", () => {
  const nested = `${"F(".repeat(60)}x${")".repeat(60)}`;
  const { tokens, diagnostics } = preprocessed(`#define F(x) x+x\n${nested}`);
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]).toContain("IDL1015");
  expect(tokens.length).toBeLessThan(200_000);
});

test("tokens pasted without end are stopped and reported once", () => {
  const lines = ["#define P(x) x##x"];
  lines.push("#define Q0(x) P(x)");
  for (let i = 1; i < 60; i++) lines.push(`#define Q${i}(x) Q${i - 1}(x##x)`);
  const { diagnostics } = preprocessed(`${lines.join("\n")}\nQ59(a)`);
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]).toContain("IDL1015");
});

test("a wrong number of arguments is reported", () => {
  const { diagnostics } = preprocessed("#define F(a, b) a b\nF(1)\nF(1, 2, 3)");
  expect(diagnostics).toEqual([
    "main.idl:2:1: error IDL1013: The macro `F` takes 2 arguments, but 1 stand here.",
    "main.idl:3:1: error IDL1013: The macro `F` takes 2 arguments, but 3 stand here.",
  ]);
});

test("arguments without an end are reported", () => {
  expect(preprocessed("#define F(a) a\nF(1").diagnostics).toEqual([
    "main.idl:2:1: error IDL1014: The arguments of the macro `F` are never closed with `)`.",
  ]);
});

test("#error and #warning say their text", () => {
  expect(preprocessed("#error don't do that\n#warning careful").diagnostics).toEqual([
    "main.idl:1:1: error IDL1010: #error don't do that",
    "main.idl:2:1: warning IDL1011: #warning careful",
  ]);
});

test.each([
  ["#define", "IDL1004: #define is malformed: it needs a name."],
  ["#define 5", "IDL1004: #define is malformed: it needs a name."],
  ["#define F(a", "IDL1004: #define is malformed: it needs `)` after its parameters."],
  [
    "#define F(1)",
    "IDL1004: #define is malformed: it needs parameter names between its parentheses.",
  ],
  ["#undef", "IDL1004: #undef is malformed: it needs the name of a macro."],
  ["#ifdef\n#endif", "IDL1004: #ifdef is malformed: it needs the name of a macro."],
  ["#include x", 'IDL1004: #include is malformed: it needs a file name, "..." or <...>.'],
  ["#frobnicate", "IDL1005: #frobnicate is no preprocessor directive."],
  ["#endif", "IDL1006: #endif has no #if before it."],
  ["#else", "IDL1006: #else has no #if before it."],
  ["#if 1\n#else\n#else\n#endif", "IDL1007: #else stands after the #else of the same #if."],
  ["#if 1\n#else\n#elif 1\n#endif", "IDL1007: #elif stands after the #else of the same #if."],
  ["#if 1", "IDL1008: #if is never closed."],
])("%j is one error", (text, message) => {
  const { diagnostics } = preprocessed(text);
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]).toContain(message);
});

test("an #if left open in an include is reported there and ends with it", () => {
  const { text, diagnostics } = preprocessed('#include "a.h"\nx', { "a.h": "#if 0\n" });
  expect(text).toBe("x");
  expect(diagnostics).toEqual(["a.h:1:1: error IDL1008: #if is never closed."]);
});

test("lines are continued with a backslash, within names, strings and directives", () => {
  expect(expansion("#define N 1 + \\\n 2\nN")).toBe("1 + 2");
  expect(expansion("lo\\\nng a;")).toBe("long a;");
  expect(expansion('"a\\\r\nb"')).toBe('"ab"');
  expect(expansion("// comment \\\nstill\nx")).toBe("x");
});

test("comments are white space, and one that is never closed is reported", () => {
  expect(expansion("a/* b */c // d\ne")).toBe("a c e");
  expect(preprocessed("a /* b").diagnostics).toEqual([
    "main.idl:1:3: error IDL1103: The comment is never closed.",
  ]);
});

test("__midl is defined from the start, __LINE__ and __FILE__ name the place", () => {
  expect(expansion("__midl\n__LINE__ __FILE__")).toBe('801 2 "main.idl"');
});

test("defines from options may take parameters", () => {
  expect(preprocessed("F(3) N", {}, { "F(x)": "x x", N: "1" }).text).toBe("3 3 1");
});

test("a token of a macro's body is where it is spelled, and knows where it was used", () => {
  const { tokens } = preprocessed("#define IN x\n#define OUT IN y\nOUT");
  const [x, y] = tokens;
  expect(x).toMatchObject({ start: 11, end: 12, via: { start: 25, end: 27 } });
  expect(x?.via?.via).toMatchObject({ start: 30, end: 33 });
  expect(y).toMatchObject({ start: 28, end: 29, via: { start: 30, end: 33 } });
});

test("an argument is where it is written, without detour", () => {
  const { tokens } = preprocessed("#define F(x) [x]\nF(abc)");
  expect(tokens[1]).toMatchObject({ text: "abc", start: 19, end: 22, via: undefined });
  expect(tokens[0]).toMatchObject({ text: "[", via: { start: 17, end: 23 } });
});

test("curly quotes are read as quotes, with a warning", () => {
  const { text, diagnostics } = preprocessed("helpstring(\u201cHello\u201d)");
  expect(text).toBe('helpstring("Hello")');
  expect(diagnostics).toEqual([
    'main.idl:1:12: warning IDL1104: The typographic quote \u201c is read as ".',
    'main.idl:1:18: warning IDL1104: The typographic quote \u201d is read as ".',
  ]);
});

test("curly quotes within a plain string stay", () => {
  expect(preprocessed('"a \u201cb\u201d c"')).toMatchObject({
    text: '"a \u201cb\u201d c"',
    diagnostics: [],
  });
});

test("long dashes are read as hyphens, non-breaking spaces as spaces", () => {
  const { text, diagnostics } = preprocessed("1\u00a0\u2013\u00a02");
  expect(text).toBe("1 - 2");
  expect(diagnostics).toEqual([
    "main.idl:1:3: warning IDL1104: The typographic dash is read as a hyphen.",
  ]);
});
