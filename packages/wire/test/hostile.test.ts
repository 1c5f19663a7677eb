/** Programs that the checker refuses, and such as nobody writes by hand: planning and explaining them ends. */
import { expect, test } from "vitest";
import { explain } from "@msrpc/wire";
import { complaints, decode, lowerAnyway, planOf } from "./support/plan-of.ts";

test.each([
  ["itself", "typedef A A; void p([in] A a);"],
  ["each other", "typedef B A; typedef A B; void p([in] A a);"],
  ["a pointer to itself", "typedef A *A; void p([in] A a);"],
  ["a pipe of itself", "typedef pipe A A; void p([in] A a);"],
  ["what it is sent as", "typedef [transmit_as(A)] struct { long a; } A; void p([in] A a);"],
  ["an array of itself", "typedef A A[2]; void p([in, string] A a);"],
])("a typedef of %s is planned as something else", (_, body) => {
  const { plan } = lowerAnyway(body);
  expect(plan.interfaces[0]?.operations[0]?.name).toBe("p");
});

test.each([
  ["itself", "typedef struct _A { struct _A a; } A;"],
  ["an array of itself", "typedef struct _A { struct _A a[2]; } A;"],
  ["what holds it", "typedef struct _A { struct _B b; } A; typedef struct _B { A a; } B;"],
  [
    "itself in a union",
    "typedef struct _A { union switch (long t) u { case 1: struct _A a; } v; } A;",
  ],
])("a structure that holds %s is no type of the plan", (_, body) => {
  const { plan, diagnostics } = lowerAnyway(`${body} void p([in] A a); void q([in] long a);`);
  expect(plan.interfaces[0]?.operations.map(({ form }) => form)).toEqual(["absent", "call"]);
  expect(plan.types).toEqual({});
  expect(diagnostics.map(({ code }) => code)).toEqual(["WIRE3019"]);
});

function chain(length: number, link: (before: string, at: number) => string): string {
  return Array.from({ length }, (_, at) => link(`T${at}`, at + 1)).join("\n");
}

test("a chain of many structures by pointer is planned whole", () => {
  const links = chain(
    5000,
    (before, at) => `typedef struct { struct T${at}s *a; ${before} *b; } T${at};`,
  );
  const { plan } = lowerAnyway(
    `typedef long T0; ${links.replaceAll(/struct T\d+s \*a; /g, "")} void p([in] T5000 *a);`,
  );
  expect(Object.keys(plan.types)).toHaveLength(5000);
  expect(plan.interfaces[0]?.operations[0]?.form).toBe("call");
  expect(explain(plan, "p")).toContain("T4999");
});

test("a chain of structures by value is planned down to a depth", () => {
  const links = chain(1000, (before, at) => `typedef struct { ${before} a; } T${at};`);
  const body = `typedef long T0; ${links} void p([in] T1000 *a); void q([in] T128 *a);`;
  const { plan } = lowerAnyway(body);
  expect(plan.interfaces[0]?.operations.map(({ form }) => form)).toEqual(["absent", "call"]);
  expect(Object.keys(plan.types)).toHaveLength(128);
  expect(complaints(body)).toEqual(["WIRE3019 error"]);
});

test.each([
  ["pointers", `void p([in] long ${"*".repeat(2000)}a);`],
  ["arrays", `void p([in] long a${"[2]".repeat(2000)});`],
  [
    "typedefs",
    `typedef long T0; ${chain(3000, (b, at) => `typedef ${b} T${at};`)} void p([in] T3000 a);`,
  ],
  [
    "typedefs of pointers",
    `typedef long T0; ${chain(3000, (b, at) => `typedef ${b} **T${at};`)} void p([in] T3000 a);`,
  ],
])("2000 %s in one another are planned down to a depth", (_, body) => {
  const { plan } = lowerAnyway(body);
  expect(explain(plan, "p")).toContain("Operation p");
});

test("structures of two structures each are planned and laid out in no more than their number", () => {
  const links = chain(40, (before, at) => `typedef struct { ${before} a; ${before} b; } T${at};`);
  const { plan } = lowerAnyway(
    `typedef long T0; ${links} const hyper SIZE = sizeof(T20); void p([in] T40 *a);`,
  );
  expect(plan.types["T40"]?.layout.ndr.size).toBe(4 * 2 ** 40);
  expect(plan.constants[0]?.value).toEqual({ integer: String(4 * 2 ** 20) });
});

test("an explanation ends and says how much it leaves out", () => {
  const links = chain(40, (before, at) => `typedef struct { ${before} a; ${before} b; } T${at};`);
  const { plan } = lowerAnyway(`typedef long *T0; ${links} void p([in] T40 a[2]);`);
  const shown = explain(plan, "T40") ?? "";
  expect(shown.split("\n").length).toBeLessThan(4100);
  const fields = shown.split("\n").filter((line) => /^\s+[ab] .*pointer/.test(line)).length;
  expect(shown).toContain(`... and ${2 ** 40 - fields} more, which are left out`);
  expect(shown).toContain(`... and ${2 ** 40 - fields} more targets, which are left out`);
  expect(explain(plan, "p")).toContain(`... and ${2 ** 40 - 2000} more targets`);
});

test("an explanation shows what is no pointer of many elements at once", () => {
  const links = chain(40, (before, at) => `typedef struct { ${before} a; ${before} b; } T${at};`);
  const { plan } = lowerAnyway(`typedef long T0; ${links} void p([in] T40 a[2]);`);
  expect(explain(plan, "p")).not.toContain("left out");
});

test("a size that no number counts is none", () => {
  const links = chain(60, (before, at) => `typedef struct { ${before} a[0x7fffffff]; } T${at};`);
  const { plan } = lowerAnyway(`typedef long T0; ${links} void p([in] T60 *a);`);
  expect(plan.types["T60"]?.layout.ndr).toEqual({ align: 4, size: null });
});

test("a name that nothing has is refused in what an interface of COM sends", () => {
  const { plan, diagnostics } = lowerAnyway(
    `typedef struct { long n; [size_is(m)] long *a; } S; }
    [object, uuid(22345678-1234-abcd-ef00-0123456789ab)] interface IB {
      HRESULT f([in] long n, [in, size_is(k)] long *a); HRESULT g([in] S *s);`,
  );
  expect(plan.interfaces.at(-1)?.operations.map(({ form }) => form)).toEqual(["absent", "absent"]);
  expect(
    diagnostics.filter(({ code }) => code === "WIRE3020").map(({ message }) => message),
  ).toEqual([
    "Parameter `a` of f names `k`, which is neither beside it nor inside of what is.",
    "Field `a` of `S` names `m`, which is neither beside it nor inside of what is.",
  ]);
});

test("an interface with very many bases is left out", () => {
  const links = chain(
    300,
    (_, at) =>
      `[uuid(${String(at).padStart(8, "0")}-1234-abcd-ef00-0123456789ab)]
      interface I${at} ${at > 1 ? `: I${at - 1}` : ""} { void f(); }`,
  );
  const { plan, diagnostics } = lowerAnyway(`} ${links} interface last {`);
  expect(plan.interfaces.at(-1)).toMatchObject({ name: "I129" });
  expect(diagnostics[0]).toMatchObject({
    code: "WIRE3021",
    message: "Interface `I130` has more than 128 bases, one of another.",
  });
});

test("more parts than are allowed are a fault, with what was read before", () => {
  const made = planOf("void f([in] long n, [in, size_is(n)] short a[]);");
  const stub = `${"40000000".repeat(2)}${"0100".repeat(64)}`;
  const read = decode(made, "in", stub, { maxNodes: 10 });
  expect(read.fault?.message).toBe("a[7]: there are more than 10 parts (offset 22)");
  expect(read.fault?.code).toBe("parts");
  expect(read.tree.children.map(({ children }) => children.length)).toEqual([0, 0, 7]);
  expect(decode(made, "in", stub, { maxNodes: 67 }).fault).toBeNull();
});
