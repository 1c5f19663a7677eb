import { expect, test } from "vitest";
import { parsed } from "./text-support.ts";

const names = (text: string): { names: unknown[]; diagnostics: readonly string[] } => {
  const { items, diagnostics } = parsed(text);
  return {
    names: items.map((item) => ("declarator" in item ? item.declarator.name?.name : item.$type)),
    diagnostics,
  };
};

test("after an error reading goes on with the next declaration", () => {
  expect(names("long a b;\nlong = 4;\nlong c();")).toEqual({
    names: ["c"],
    diagnostics: [
      "1:8: error IDL1201: Expected `(` or `=`, found `b`.",
      "2:6: error IDL1201: Expected a name, found `=`.",
    ],
  });
});

test("a parameter that can't be read leaves the others", () => {
  const { items, diagnostics } = parsed("long f(long a, 5, long b c, long d);");
  expect(diagnostics).toEqual([
    "1:16: error IDL1201: Expected a parameter, found the number `5`.",
    "1:26: error IDL1201: Expected `,` or `)`, found `c`.",
  ]);
  expect(items).toMatchObject([
    { params: [{ declarator: { name: { name: "a" } } }, { declarator: { name: { name: "d" } } }] },
  ]);
});

test("prose between declarations is one error", () => {
  expect(names("long a();\nThe next one (see 3.1) is new\nlong b();")).toEqual({
    names: ["a", "b"],
    diagnostics: ["2:10: error IDL1201: Expected `(` or `=`, found `one`."],
  });
});

test("a word that is nearly one of the language is suggested", () => {
  const { raw } = parsed("typdef long A;\nintreface I { }\nlong f();");
  expect(raw.map(({ message, hint }) => [message, hint])).toEqual([
    ["Expected a name, found `long`.", "Did you mean `typedef`?"],
    ["Expected `(` or `=`, found `{`.", "Did you mean `interface`?"],
  ]);
});

test("a structure variable is taken for the typedef that was meant", () => {
  const { items, diagnostics } = parsed("struct { long a; } S;\nlong b;");
  expect(items).toMatchObject([{ $type: "Typedef", declarators: [{ name: { name: "S" } }] }]);
  expect(diagnostics).toEqual([
    "1:20: error IDL1211: `S` is declared like a variable, which IDL doesn't have.",
    "2:6: error IDL1211: `b` is declared like a variable, which IDL doesn't have.",
  ]);
});

test("a missing brace, bracket or parenthesis is one error", () => {
  const text = `typedef enum { A = 1, B } E, *PE;
typedef struct S {
  [size_is(n)] long *a;
  long n;
} S, *PS;
typedef union switch (long k) u {
  case 1: long a;
  default: ;
} U;
const long C = (1 + 2) * 3;
long f([in, size_is(, *n)] long **a, [in] long *n);
long g();
`;
  expect(parsed(text).diagnostics).toEqual([]);
  const counts = new Map<number, number>();
  for (const { index } of text.matchAll(/[{}()[\]]/g)) {
    const { diagnostics } = parsed(text.slice(0, index) + text.slice(index + 1));
    counts.set(diagnostics.length, (counts.get(diagnostics.length) ?? 0) + 1);
  }
  const most = Math.max(...counts.keys());
  expect(most).toBeLessThanOrEqual(3);
  expect(counts.get(1)).toBeGreaterThanOrEqual(20);
});

test("an error within a block leaves the declarations around it", () => {
  const { items, diagnostics } = parsed(`interface I {
    typedef struct { long a; long ; long 5; long c; } S;
    long f([in] long a, [in long b);
    long g();
  }
  long h();`);
  expect(diagnostics).toEqual([
    "2:42: error IDL1201: Expected `;`, found the number `5`.",
    "3:29: error IDL1201: Expected `]`, found `long`.",
  ]);
  expect(items).toMatchObject([
    {
      items: [
        { type: { fields: [{}, {}, {}] } },
        { params: [{}, { declarator: { name: { name: "b" } } }] },
        { $type: "Operation" },
      ],
    },
    { $type: "Operation" },
  ]);
});
