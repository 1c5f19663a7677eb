import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkBody, checkFiles, typeOf, valueOf } from "./support/check-text.ts";

/** The value of an expression as a constant of a type. */
function evaluate(expression: string, type = "hyper"): unknown {
  const checked = checkBody(`const ${type} X = ${expression};`);
  expect(checked.codes).toEqual([]);
  return valueOf(checked, "X");
}

describe("constants have the values that C gives them", () => {
  it.each([
    ["1 + 2 * 3", 7n],
    ["(1 + 2) * 3", 9n],
    ["7 / 2", 3n],
    ["-7 / 2", -3n],
    ["-7 % 3", -1n],
    ["1 << 4 | 3", 19n],
    ["0xff & ~0x0f", 0xf0n],
    ["5 ^ 1", 4n],
    ["1 < 2", 1n],
    ["2 <= 1", 0n],
    ["3 == 3 && 4 != 4", 0n],
    ["0 || 5", 1n],
    ["!0", 1n],
    ["1 ? 10 : 20", 10n],
    ["0 && 1 / 0", 0n],
    ["'A' + 1", 66n],
    ["-1 >> 1", -1n],
    ["0xffffffff + 1", 0n],
    ["1ll << 40", 1n << 40n],
    ["0x7fffffffffffffff", (1n << 63n) - 1n],
    ["1 << 31", -(1n << 31n)],
    ["~0u", 0xffff_ffffn],
    ["-1 < 0u", 0n],
    ["TRUE + TRUE", 2n],
    ["sizeof(long) * 2", 8n],
    ["(unsigned short) 70000", 4464n],
    ["(signed char) 255", -1n],
  ])("%s is %s", (expression, value) => {
    expect(evaluate(expression)).toBe(value);
  });

  it("of any two 32-bit numbers", () => {
    const int = fc.integer({ min: -0x7fff_ffff, max: 0x7fff_ffff });
    const operators = {
      "&": (a: number, b: number) => a & b,
      "|": (a: number, b: number) => a | b,
      "^": (a: number, b: number) => a ^ b,
      "<": (a: number, b: number) => Number(a < b),
      "==": (a: number, b: number) => Number(a === b),
      ">=": (a: number, b: number) => Number(a >= b),
    };
    const operator = fc.constantFrom(...(Object.keys(operators) as (keyof typeof operators)[]));
    fc.assert(
      fc.property(int, int, operator, (a, b, op) => {
        expect(evaluate(`(${a}) ${op} (${b})`)).toBe(BigInt(operators[op](a, b)));
      }),
      { numRuns: 60 },
    );
  });
});

it("a constant takes the width and sign of its type", () => {
  expect(evaluate("-1", "unsigned long")).toBe(0xffff_ffffn);
  expect(evaluate("0x80004005", "long")).toBe(-2_147_467_259n);
  expect(evaluate("0xff", "signed char")).toBe(-1n);
});

it("constants may be strings, floating-point numbers and null pointers", () => {
  expect(evaluate('"text"', "char *")).toBe("text");
  expect(evaluate("1.5 * 2", "double")).toBe(3);
  expect(evaluate("NULL", "void *")).toBeNull();
});

it("(T) -1 is a cast where T is a type", () => {
  const checked = checkBody(
    "typedef long T;\nconst T X = ((T) -1);\nconst long Y = 3;\nconst long Z = (Y) -1;",
  );
  expect(valueOf(checked, "X")).toBe(-1n);
  expect(valueOf(checked, "Z")).toBe(2n);
});

it("enumerators count up from the last value given", () => {
  const checked = checkBody("enum E { A, B, C = 10, D, E1 = C + 5, F, G = 0x80000000 };");
  expect(typeOf(checked, "enum", "E").members.map(({ value }) => value)).toEqual([
    0, 1, 10, 11, 15, 16, -2_147_483_648,
  ]);
});

it("sizeof lays structures out with natural alignment", () => {
  const checked = checkBody(`
    typedef struct { char a; double b; short c; } PADDED;
    typedef union { char a[5]; long b; } EITHER;
    const long S = sizeof(PADDED);
    const long U = sizeof(EITHER);
    const long A = sizeof(short[7]);
  `);
  expect([valueOf(checked, "S"), valueOf(checked, "U"), valueOf(checked, "A")]).toEqual([
    24n,
    8n,
    14n,
  ]);
});

it("constants of an imported file are known", () => {
  const checked = checkFiles({
    "a.idl": 'import "b.idl"; const long X = Y * 2;',
    "b.idl": "const long Y = 21;",
  });
  expect(checked.codes).toEqual([]);
  expect(valueOf(checked, "X")).toBe(42n);
});

it("a constant may be used before its declaration", () => {
  const checked = checkBody("const long X = Y + 1;\nconst long Y = 2;");
  expect(valueOf(checked, "X")).toBe(3n);
});
