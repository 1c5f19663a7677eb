import { expect, test } from "vitest";
import { operation, paramType, planOf, typeNamed } from "./support/plan-of.ts";

const u32 = { kind: "primitive", name: "u32" };

test("a top-level pointer of a parameter is a ref pointer without an id", () => {
  const made = planOf("void f([in] unsigned long *a);", ", pointer_default(unique)");
  expect(paramType(made, "a")).toEqual({ kind: "pointer", class: "ref", id: "none", target: u32 });
});

test("an attribute on the parameter makes its top-level pointer unique", () => {
  const made = planOf("void f([in, unique] unsigned long *a);");
  expect(paramType(made, "a")).toEqual({
    kind: "pointer",
    class: "unique",
    id: "both",
    target: u32,
  });
});

test("an attribute on the typedef makes a top-level pointer unique", () => {
  const made = planOf("typedef [unique] unsigned long *P; void f([in] P a);");
  expect(paramType(made, "a")).toMatchObject({ class: "unique", id: "both" });
});

test("an attribute at the use goes before that of the typedef", () => {
  const made = planOf("typedef [unique] unsigned long *P; void f([in, ref] P a);");
  expect(paramType(made, "a")).toMatchObject({ class: "ref", id: "none" });
});

test("a pointer attribute is of the first pointer, the next ones follow the default", () => {
  const made = planOf("void f([in, unique] unsigned long **a);", ", pointer_default(ptr)");
  expect(paramType(made, "a")).toMatchObject({
    class: "unique",
    target: { class: "full", id: "both", target: u32 },
  });
});

test("pointers inside of types are unique where the interface says nothing", () => {
  const made = planOf("typedef struct { unsigned long *p; } S; void f([in] S *a);");
  expect(typeNamed(made, "S")).toMatchObject({ fields: [{ type: { class: "unique" } }] });
});

test("an embedded ref pointer has an id, and as an array's element in NDR64 alone", () => {
  const made = planOf(
    "typedef struct { long *p; long *q[2]; } S; void f([in] S *a);",
    ", pointer_default(ref)",
  );
  expect(typeNamed(made, "S")).toMatchObject({
    fields: [{ type: { class: "ref", id: "both" } }, { type: { element: { id: "ndr64" } } }],
  });
});

test("a class of pointer on an array of pointers is that of its elements", () => {
  const made = planOf(`typedef struct { [ref] long *r[2]; [ptr] long *p[2][3]; long *u[2]; } S;
    void f([in] S *a, [in, unique] long *b[2]);`);
  expect(typeNamed(made, "S")).toMatchObject({
    fields: [
      { type: { kind: "array", element: { class: "ref", id: "ndr64" } } },
      { type: { kind: "array", element: { class: "full" } } },
      { type: { kind: "array", element: { class: "unique" } } },
    ],
  });
  // An array parameter is a pointer itself.
  expect(paramType(made, "b")).toMatchObject({
    kind: "pointer",
    class: "unique",
    target: { kind: "array", element: { class: "unique" } },
  });
});

test("a returned pointer is never a ref pointer", () => {
  const made = planOf("[string] wchar_t *f([in] long a);", ", pointer_default(ref)");
  expect(operation(made, "f").result).toMatchObject({
    class: "unique",
    target: { kind: "string", char: "wchar" },
  });
});

test("[string] is of the innermost pointer", () => {
  const made = planOf("void f([out, string] wchar_t **a);");
  expect(paramType(made, "a")).toMatchObject({
    class: "ref",
    target: { class: "unique", target: { kind: "string", isConformant: true, size: null } },
  });
});

test("[string] on a typedef holds for its uses", () => {
  const made = planOf("typedef [string] wchar_t *STR; void f([in, unique] STR a);");
  expect(paramType(made, "a")).toMatchObject({ class: "unique", target: { kind: "string" } });
});

test("size_is counts the first pointer and leaves the string to the second", () => {
  const made = planOf("void f([in] long n, [in, size_is(n), string] wchar_t **a);");
  const size = { op: "field", path: ["n"] };
  expect(paramType(made, "a")).toMatchObject({
    class: "ref",
    target: {
      kind: "array",
      dimensions: [{ size, isConformant: true }],
      element: { kind: "pointer", class: "unique", target: { kind: "string", size: null } },
    },
  });
});

test("size_is beside one pointer to characters is the string's max count", () => {
  const made = planOf("void f([in] long n, [in, size_is(n), string] char *a);");
  expect(paramType(made, "a")).toMatchObject({
    target: { kind: "string", char: "char8", size: { op: "field", path: ["n"] } },
  });
});

test("an argument left out of size_is leaves its pointer plain", () => {
  const made = planOf("void f([out] long *n, [out, size_is(, *n)] byte **a);");
  expect(paramType(made, "a")).toMatchObject({
    class: "ref",
    target: {
      class: "unique",
      target: {
        kind: "array",
        dimensions: [{ size: { op: "deref", of: { op: "field", path: ["n"] } } }],
      },
    },
  });
});

test("max_is, last_is and min_is become size, length and offset", () => {
  const made = planOf(`void f([in] long n, [in] long m, [in] long k,
    [in, max_is(n), first_is(k), last_is(m)] long *a, [in, max_is(9)] long *b);`);
  const one = { op: "const", value: "1" };
  const field = (name: string): unknown => ({ op: "field", path: [name] });
  expect(paramType(made, "a")).toMatchObject({
    target: {
      dimensions: [
        {
          size: { op: "binary", operator: "+", left: field("n"), right: one },
          varying: {
            first: field("k"),
            length: {
              left: { operator: "-", left: field("m"), right: field("k") },
              right: one,
            },
          },
        },
      ],
    },
  });
  expect(paramType(made, "b")).toMatchObject({
    target: { dimensions: [{ size: { op: "const", value: "10" }, isConformant: true }] },
  });
});

test("arrays of arrays become one list of dimensions", () => {
  const made = planOf("void f([in] long n, [in, size_is(n)] short a[][3][2]);");
  expect(paramType(made, "a")).toMatchObject({
    kind: "array",
    element: { name: "i16" },
    dimensions: [{ isConformant: true }, { size: 3, isConformant: false }, { size: 2 }],
  });
});

test("where one dimension varies, all have offset and count", () => {
  const made = planOf("void f([in] long n, [in, length_is(, n)] short a[4][5]);");
  expect(paramType(made, "a")).toMatchObject({
    dimensions: [
      { size: 4, varying: { length: null, first: null } },
      { size: 5, varying: { length: { path: ["n"] } } },
    ],
  });
});

test("a fixed array of characters with [string] is a varying string", () => {
  const made = planOf("typedef struct { [string] wchar_t name[16]; } S; void f([in] S *a);");
  expect(typeNamed(made, "S")).toMatchObject({
    fields: [{ type: { kind: "string", bound: 16, isConformant: false } }],
  });
});

test("a range is of the max count where there is one, else of the value", () => {
  const made = planOf(`void f([in, range(0, 10)] long n, [in, range(1, 5), size_is(n)] long *a,
    [in, range(2, 3), string] wchar_t *s);`);
  expect(paramType(made, "n")).toMatchObject({ range: { low: "0", high: "10" } });
  expect(paramType(made, "a")).toMatchObject({
    target: { dimensions: [{ range: { low: "1", high: "5" } }], element: { name: "i32" } },
  });
  expect(paramType(made, "s")).toMatchObject({ target: { range: { low: "2", high: "3" } } });
});
