import { expect, test } from "vitest";
import { bare, parsed } from "./text-support.ts";

/** The only member of a structure. */
const field = (text: string): unknown => {
  const { items, diagnostics } = parsed(`struct S { ${text} };`);
  expect(diagnostics).toEqual([]);
  const [item] = items;
  if (item?.$type !== "TypeDecl" || item.type.$type !== "Struct") throw new Error("kind");
  expect(item.type.fields).toHaveLength(1);
  return bare(item.type.fields?.[0]);
};

/** The parts of the only declarator of a member. */
const parts = (declarator: string): unknown =>
  (field(`T ${declarator};`) as { declarators: { parts: unknown }[] }).declarators[0]?.parts;

test.each([
  ["int", "int"],
  ["unsigned", "unsigned int"],
  ["signed", "int"],
  ["long unsigned int", "unsigned long"],
  ["int short", "short"],
  ["hyper", "hyper"],
  ["unsigned hyper int", "unsigned hyper"],
  ["long long", "hyper"],
  ["unsigned long long int", "unsigned hyper"],
  ["__int64 unsigned", "unsigned hyper"],
  ["__int32", "long"],
  ["__int16", "short"],
  ["unsigned __int8", "unsigned small"],
  ["unsigned __int3264", "unsigned __int3264"],
  ["small int", "small"],
  ["unsigned small", "unsigned small"],
  ["char", "char"],
  ["signed char", "signed char"],
  ["char unsigned", "unsigned char"],
  ["wchar_t", "wchar_t"],
  ["byte", "byte"],
  ["boolean", "boolean"],
  ["float", "float"],
  ["double", "double"],
  ["error_status_t", "error_status_t"],
  ["handle_t", "handle_t"],
  ["ISO_UCS", "ISO_UCS"],
])("%s is the base type %s", (written, name) => {
  expect(field(`${written} a;`)).toMatchObject({
    type: { $type: "BaseType", name, isConst: false },
  });
});

test("const stands before, after or between the words of a type", () => {
  for (const written of ["const unsigned long", "unsigned const long", "unsigned long const"]) {
    expect(field(`${written} a;`)).toMatchObject({
      type: { name: "unsigned long", isConst: true },
      declarators: [{ name: { name: "a" } }],
    });
  }
  expect(field("T const *a;")).toMatchObject({ type: { $type: "NamedType", isConst: true } });
});

test("a structure may be tagged, anonymous, or only named", () => {
  expect(field("struct { long a; long b[2]; } s;")).toMatchObject({
    type: { $type: "Struct", fields: [{}, {}] },
  });
  expect(field("struct T { long a; };")).toMatchObject({ declarators: [], type: { tag: {} } });
  expect(field("struct T *next;")).toEqual({
    $type: "Field",
    attributes: [],
    type: { $type: "Struct", attributes: [], tag: { name: "T" } },
    declarators: [
      {
        $type: "Declarator",
        name: { name: "next" },
        parts: [{ $type: "PointerPart", attributes: [], isConst: false }],
      },
    ],
  });
});

test("an encapsulated union names its discriminant, and the union if it likes", () => {
  expect(
    field("union U switch (unsigned short t) u { case 1: case 2: long a; default: ; } x;"),
  ).toMatchObject({
    type: {
      $type: "Union",
      tag: { name: "U" },
      discriminant: {
        type: { name: "unsigned short" },
        name: { name: "t" },
        unionName: { name: "u" },
      },
      arms: [
        {
          labels: [{ value: 1n }, { value: 2n }],
          isDefault: false,
          field: { declarators: [{ name: { name: "a" } }] },
        },
        { labels: [], isDefault: true },
      ],
    },
  });
  expect(field("union switch (long t) { case A: ; } x;")).toMatchObject({
    type: { discriminant: { name: { name: "t" } } },
  });
});

test("a non-encapsulated union has case attributes, which are labels and no attributes of the member", () => {
  expect(
    field(
      "[switch_is(t)] union { [case(1, 2 + 3), string] char *a; [case(4)] ; [default] long b; } u;",
    ),
  ).toMatchObject({
    attributes: [{ name: { name: "switch_is" } }],
    type: {
      arms: [
        {
          labels: [{ value: 1n }, { $type: "Binary" }],
          isDefault: false,
          field: { attributes: [{ name: { name: "string" } }] },
        },
        { labels: [{ value: 4n }], isDefault: false },
        { labels: [], isDefault: true, field: { attributes: [] } },
      ],
    },
  });
});

test("an enumeration may end in a comma and give values and attributes", () => {
  expect(field("enum E { A, [helpstring(\"b\")] B = A << 2, C = 'x', } e;")).toMatchObject({
    type: {
      $type: "Enum",
      members: [
        { name: { name: "A" } },
        { name: { name: "B" }, value: { op: "<<" }, attributes: [{}] },
        { name: { name: "C" }, value: { $type: "Char", value: 120 } },
      ],
    },
  });
});

test("bit fields have a width, and need no name", () => {
  expect(field("unsigned long a : 3, : 5;")).toMatchObject({
    declarators: [{ name: { name: "a" }, bits: { value: 3n } }, { bits: { value: 5n } }],
  });
});

test("pipes, SAFEARRAYs and interfaces are types", () => {
  expect(parsed("typedef pipe unsigned char P;").items[0]).toMatchObject({
    type: { $type: "Pipe", element: { name: "unsigned char" } },
    declarators: [{ name: { name: "P" } }],
  });
  expect(field("SAFEARRAY(BSTR *) a;")).toMatchObject({
    type: { $type: "SafeArray", element: { name: { name: "BSTR" } }, parts: [{}] },
  });
  expect(field("interface IFoo *a;")).toMatchObject({
    type: { $type: "InterfaceType", name: { name: "IFoo" } },
  });
  expect(field("SAFEARRAY *a;")).toMatchObject({ type: { $type: "NamedType" } });
});

test("the parts of a declarator stand in the order in which C reads them", () => {
  const pointer = { $type: "PointerPart" };
  const array = { $type: "ArrayPart" };
  expect(parts("*a[3]")).toMatchObject([array, pointer]);
  expect(parts("(*a)[3]")).toMatchObject([pointer, array]);
  expect(parts("**a[2][3]")).toMatchObject([
    { bound: { value: 2n } },
    { bound: { value: 3n } },
    pointer,
    pointer,
  ]);
  expect(parts("*(*(*a)(long))[4]")).toMatchObject([
    pointer,
    { $type: "FunctionPart", params: [{}] },
    pointer,
    array,
    pointer,
  ]);
});

test("an array is bounded, open or has a lower bound", () => {
  expect(parts("a[]")).toEqual([{ $type: "ArrayPart" }]);
  expect(parts("a[*]")).toEqual([{ $type: "ArrayPart" }]);
  expect(parts("a[N + 1]")).toMatchObject([{ bound: { $type: "Binary" } }]);
  expect(parts("a[1..5]")).toMatchObject([{ low: { value: 1n }, bound: { value: 5n } }]);
  expect(parts("a[0..*]")).toMatchObject([{ low: { value: 0n } }]);
});

test("pointers may carry const and attributes", () => {
  expect(parts("* const * [unique] a")).toMatchObject([
    { isConst: false, attributes: [{ name: { name: "unique" } }] },
    { isConst: true, attributes: [] },
  ]);
});
