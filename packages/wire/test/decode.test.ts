import { expect, test } from "vitest";
import type { DecodedNode, Decoded, FaultCode } from "@msrpc/wire";
import { decode, decodeNamed, planOf } from "./support/plan-of.ts";

/** What went wrong, in short. */
function fault({ fault: found }: Decoded): string | null {
  return found && `${found.code} ${found.path} ${found.offset}`;
}

const counted = planOf(`typedef struct { long n; [size_is(n), unique] short *p; } S;
  void f([in] S *s);`);

test("a stub that ends early is a fault with what was read so far", () => {
  const found = decode(counted, "in", "02000000 00000200 02000000 0100");
  expect(fault(found)).toBe("count s.p 12");
  expect(found.fault?.operation).toBe("f");
  expect(found.value).toEqual({ s: { n: 2, p: null } });
  expect(fault(decode(counted, "in", "0200"))).toBe("short s.n 0");
});

test("trailing bytes are counted", () => {
  const found = decode(counted, "in", "00000000 00000000 aabbcc");
  expect(found).toMatchObject({ fault: null, trailing: 3 });
});

test("bytes of alignment gaps don't matter", () => {
  const made = planOf("void f([in] byte a, [in] long b);");
  expect(decode(made, "in", "01ffffff 02000000").value).toEqual({ a: 1, b: 2 });
});

test("a count from the wire sets nothing aside before it is held against the bytes left", () => {
  const made = planOf("void f([in, size_is(n, m)] byte a[][], [in] long n, [in] long m);");
  expect(fault(decode(made, "in", "ffffff7f 00000000"))).toBe("count a 8");
  const strings = planOf("void f([in, string] wchar_t *s);");
  expect(fault(decode(strings, "in", "ffffff7f 00000000 ffffff7f"))).toBe("count s 8");
  const pipes = planOf("typedef pipe long P; void f([in] P p);");
  expect(fault(decode(pipes, "in", "ffffff7f"))).toBe("count p[0] 4");
});

test("pointers that nest too deep are a fault", () => {
  const made = planOf("typedef struct _N { struct _N *next; } N; void f([in] N *n);");
  const text = "01000000 ".repeat(40);
  expect(fault(decode(made, "in", text, { maxDepth: 20 }))).toMatch(/^depth n\.next/);
});

test.each<[string, string, string, FaultCode]>([
  [
    "a max count beside size_is",
    "[in] long n, [in, size_is(n)] byte *a",
    "02000000 01000000 01",
    "correlation",
  ],
  [
    "an actual count beside length_is",
    "[in] long n, [in, size_is(2), length_is(n)] byte *a",
    "01000000 02000000 00000000 02000000 0102",
    "correlation",
  ],
  ["a constant max count", "[in, size_is(2)] byte *a", "03000000 010203", "correlation"],
  [
    "an offset without first_is",
    "[in] long n, [in, size_is(4), length_is(n)] byte *a",
    "01000000 04000000 01000000 01000000 01",
    "offset",
  ],
  [
    "more elements than the max count",
    "[in] long n, [in, size_is(1), length_is(n)] byte *a",
    "02000000 01000000 00000000 02000000 0102",
    "count",
  ],
  ["a string's offset", "[in, string] char *a", "02000000 01000000 01000000 00", "offset"],
  [
    "a string longer than its max count",
    "[in, string] char *a",
    "01000000 00000000 02000000 6100",
    "count",
  ],
  [
    "a string without a terminator",
    "[in, string] char *a",
    "01000000 00000000 01000000 61",
    "terminator",
  ],
  [
    "an empty string without a terminator",
    "[in, string] char *a",
    "00000000 00000000 00000000",
    "terminator",
  ],
  ["a value outside of its range", "[in, range(1, 5)] long a", "06000000", "range"],
])("level 5.0 refuses %s, level 0 does not", (_, params, text, code) => {
  const made = planOf(`void f(${params});`);
  expect(decode(made, "in", text, { level: 5 }).fault?.code).toBe(code);
  expect(decode(made, "in", text, { level: 0 }).fault).toBeNull();
});

test("a correlation is checked though what states the count comes later", () => {
  const made = planOf("void f([in, size_is(n)] byte *a, [in] long n);");
  expect(fault(decode(made, "in", "01000000 05000000 02000000"))).toBe("correlation a 0");
  expect(fault(decode(made, "in", "01000000 05ffffff 01000000"))).toBeNull();
});

test("level 6.0 refuses a null pointer beside a count, unless consistency checks are disabled", () => {
  const text = "02000000 00000000";
  expect(fault(decode(counted, "in", text, { level: 5 }))).toBeNull();
  expect(fault(decode(counted, "in", text, { level: 6 }))).toBe("null s.p 4");
  const made = planOf(`typedef struct { long n;
    [size_is(n), unique, disable_consistency_check] short *p; } S; void f([in] S *s);`);
  expect(fault(decode(made, "in", text, { level: 6 }))).toBeNull();
});

test("level 6.0 checks the range of a max count and of a string's length", () => {
  const made = planOf(`void f([in] long n, [in, range(0, 1), size_is(n)] byte *a);`);
  const text = "02000000 02000000 0102";
  expect(fault(decode(made, "in", text, { level: 5 }))).toBeNull();
  expect(fault(decode(made, "in", text, { level: 6 }))).toBe("range a 4");
  const strings = planOf("void f([in, range(0, 2), string] char *a);");
  const long = "03000000 00000000 03000000 616200";
  expect(fault(decode(strings, "in", long, { level: 5 }))).toBeNull();
  expect(fault(decode(strings, "in", long, { level: 6 }))).toBe("range a 8");
});

test("a null ref pointer is a fault at every level", () => {
  const made = planOf("typedef struct { [ref] long *p; } S; void f([in] S *s);");
  expect(fault(decode(made, "in", "00000000", { level: 0 }))).toBe("null s.p 0");
});

test("a discriminant without an arm is a fault, one at odds with switch_is as well", () => {
  const made = planOf(`typedef [switch_type(long)] union { [case(1)] short a; [case(2)] byte b; } U;
    void f([in] long t, [in, switch_is(t)] U *u);`);
  expect(fault(decode(made, "in", "03000000 03000000 0100"))).toBe("discriminant u 4");
  expect(fault(decode(made, "in", "02000000 01000000 0100"))).toBe("correlation u 4");
});

test("NDR64 chunks of a pipe end with their count negated", () => {
  const made = planOf("typedef pipe byte P; void f([in] P p);");
  const text = "01000000 00000000 01000000 00000000 feffffff ffffffff";
  expect(fault(decode(made, "in", text, { syntax: "ndr64" }))).toBe("chunk p[0] 16");
});

test("the tree names every part, with where it stands", () => {
  const made = planOf(`typedef struct { short a; [string] char *s; } S; void f([in] S *s);`);
  const { tree } = decode(made, "in", "05000000 00000200 02000000 00000000 02000000 7800");
  const lines: string[] = [];
  const list = (node: DecodedNode): void => {
    lines.push(`${node.offset}-${node.end} ${node.path} ${node.text}`.trim());
    for (const child of node.children) list(child);
  };
  for (const node of tree.children) list(node);
  expect(lines).toEqual([
    "0-8 s",
    "0-2 s.a 5",
    "4-8 s.s.<referent> 0x00020000",
    "8-12 s.s.<maxCount> 2",
    "12-16 s.s.<offset> 0",
    "16-20 s.s.<actualCount> 2",
    '20-22 s.s "x"',
  ]);
});

test("an enumeration is shown by name", () => {
  const made = planOf("typedef enum { RED, GREEN } E; void f([in] E e);");
  expect(decode(made, "in", "0100").tree.children[0]?.text).toBe("GREEN (1)");
});

test("a type decodes by itself", () => {
  const found = decodeNamed(counted, "S", "01000000 00000200 01000000 0900");
  expect(found).toMatchObject({ value: { n: 1, p: [9] }, fault: null, trailing: 0 });
});
