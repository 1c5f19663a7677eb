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
