import fc from "fast-check";
import { expect, test } from "vitest";
import { compile } from "../src/compile.ts";
import { memoryHost } from "../src/host.ts";
import { parsed } from "./text-support.ts";

/** Pieces that mean something, so that random text gets deep into the grammar. */
const pieces = [
  "[", "]", "(", ")", "{", "}", ";", ",", ":", "*", "=", "..", "->", "?", "<", "#", "##", "\n", "\\\n",
  '"', "'", "L\"", "//", "/*", "*/", "\u201c", "\u2013", "\u0000", "\ud800", "0x", "1", "1e9", "089",
  "interface", "typedef", "struct", "union", "enum", "switch", "case", "default", "const", "long",
  "unsigned", "import", "cpp_quote", "library", "coclass", "dispinterface", "properties", "methods",
  "module", "pipe", "SAFEARRAY", "sizeof", "namespace", "uuid", "version", "size_is", "string", "in",
  "void", "A", "B", "midl_pragma", "extern",
  "\n#define A B A(\n", "\n#define B(x) A x##x #x\n", "\n#if A\n", "\n#else\n", "\n#endif\n",
  '\n#include "main.idl"\n', "\n#pragma x\n", "\n#undef A\n",
]; // prettier-ignore

const options = { numRuns: 150, seed: 20_240_101 };

function survives(text: string): void {
  const { diagnostics, sources } = compile(["main.idl"], memoryHost({ "main.idl": text }));
  for (const { span } of diagnostics) {
    const length = sources.get(span.file)?.text.length ?? 0;
    expect(span.start).toBeGreaterThanOrEqual(0);
    expect(span.end).toBeGreaterThanOrEqual(span.start);
    expect(span.end).toBeLessThanOrEqual(Math.max(length, span.end - span.start));
  }
}

test("any mix of words and marks is answered with diagnostics whose spans are in the file", () => {
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 120 });
  fc.assert(
    fc.property(text, (words) => survives(words.join(" "))),
    options,
  );
});

test("any string is answered with diagnostics", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => survives(text)),
    options,
  );
});

test("a file cut anywhere or with a character changed is answered with diagnostics", () => {
  const whole = `import "ms-dtyp.idl";
#define MAX 5
[uuid(12345678-1234-abcd-ef00-0123456789ab), version(1.0), pointer_default(unique)]
interface whole {
  typedef [context_handle] void *HANDLE_A;
  typedef struct { [string] wchar_t *name; [size_is(n)] byte *data; long n; } RECORD;
  typedef union switch (long k) u { case 1: case MAX: long a; default: ; } CHOICE;
  long Read([in] HANDLE_A h, [in, out, size_is(, *n)] RECORD **r, [in, out] long *n);
}`;
  fc.assert(
    fc.property(
      fc.nat(whole.length),
      fc.nat(whole.length),
      fc.string({ minLength: 1, maxLength: 1 }),
      (cut, at, char) => {
        survives(whole.slice(0, cut));
        survives(whole.slice(0, at) + char + whole.slice(at + 1));
      },
    ),
    { ...options, numRuns: 60 },
  );
});

test.each([
  ["parentheses", "const long A = ", "("],
  ["declarators", "typedef long ", "(*"],
  ["structures", "", "struct { "],
  ["unions", "struct { ", "union { "],
  ["function pointers", "long f(", "long (*a)("],
  ["casts", "const long A = ", "(long)"],
  ["conditionals", "const long A = ", "1 ? "],
  ["libraries", "", "library L { "],
  ["brackets", "", "["],
  ["sizes", "const long A = ", "sizeof("],
  ["pipes", "typedef ", "pipe "],
  ["pointers", "typedef long ", "*"],
  ["signs", "const long A = ", "-"],
  ["sums", "const long A = 1", " + 1"],
  ["members", "[size_is(a", "->a"],
  ["conditions", "#if ", "("],
  ["macro arguments", "#define F(x) x\n", "F("],
])("20,000 nested %s are an error and no overflow", (_what, start, each) => {
  const { diagnostics } = parsed(start + each.repeat(20_000));
  expect(diagnostics.length).toBeGreaterThan(0);
  expect(diagnostics.length).toBeLessThan(20);
});

test("of three thousand errors a thousand are said, and how many are not", () => {
  const { diagnostics } = parsed("long f(5);\n".repeat(3000));
  expect(diagnostics).toHaveLength(1001);
  expect(diagnostics.at(-1)).toBe(
    "1001:8: error IDL1303: 2000 more diagnostics of this file are left out, 2000 of them errors.",
  );
});

test("an error is not left out for the sake of warnings", () => {
  const { diagnostics } = parsed(`${"#warning a\n".repeat(1500)}#error b\n`);
  expect(diagnostics).toHaveLength(1001);
  expect(diagnostics.at(-2)).toContain("#error b");
  expect(diagnostics.at(-1)).toContain(
    "warning IDL1303: 501 more diagnostics of this file are left out, 0 of them errors.",
  );
});

test.each(["@", "\u00a7 x", "[,,] "])("many thousand times `%s` is said within bounds", (text) => {
  const { diagnostics } = compile(["main.idl"], memoryHost({ "main.idl": text.repeat(50_000) }));
  expect(diagnostics.length).toBeGreaterThan(0);
  expect(diagnostics.length).toBeLessThan(1002);
});

test("many thousand unknown attributes are said within bounds", () => {
  const text = `[${"nothing, ".repeat(20_000)} uuid(12345678-1234-abcd-ef00-0123456789ab)] interface a {}`;
  const { diagnostics } = compile(["main.idl"], memoryHost({ "main.idl": text }));
  expect(diagnostics).toHaveLength(1001);
});
