import { expect, test } from "vitest";
import type { AttributeArg } from "../src/ast.ts";
import { bare, parsed } from "./text-support.ts";

/** The arguments of the only attribute. */
const args = (attribute: string): readonly AttributeArg[] | undefined => {
  const { items, diagnostics } = parsed(`[${attribute}] interface I {}`);
  expect(diagnostics.filter((line) => !line.includes("IDL1104"))).toEqual([]);
  const [item] = items;
  if (item?.$type !== "Interface") throw new Error("kind");
  expect(item.attributes).toHaveLength(1);
  return bare(item.attributes[0]?.args) as readonly AttributeArg[] | undefined;
};

test("an attribute has arguments only in parentheses", () => {
  expect(args("object")).toBeUndefined();
  expect(args("uuid()")).toEqual([]);
  expect(args("frobnicate(1)")).toMatchObject([{ value: 1n }]);
});

test.each([
  "12345678-1234-abcd-ef00-0123456789ab",
  "{12345678-1234-ABCD-EF00-0123456789ab}",
  '"12345678-1234-abcd-ef00-0123456789ab"',
  "4d9f4ab8-7d1c-11cf-861e-0020af6e7c57",
  "0e12e345-1e00-0000-e000-00000000000e",
])("uuid(%s) is kept as one text", (uuid) => {
  expect(args(`uuid(${uuid})`)).toEqual([{ $type: "Raw", text: uuid }]);
});

test("long dashes in a uuid are hyphens", () => {
  expect(args("uuid(1234\u20135678)")).toEqual([{ $type: "Raw", text: "1234-5678" }]);
});

test("a uuid may come from a macro", () => {
  const { items } = parsed("#define ID 4d9f4ab8-7d1c-11cf\n[uuid(ID)] interface I {}");
  expect(bare(items)).toMatchObject([{ attributes: [{ args: [{ text: "4d9f4ab8-7d1c-11cf" }] }] }]);
});

test("a version is kept as it is written", () => {
  expect(args("version(1.0)")).toEqual([{ $type: "Raw", text: "1.0" }]);
  expect(args("version(3)")).toEqual([{ $type: "Raw", text: "3" }]);
});

test("custom takes a text and an expression", () => {
  expect(args("custom(0F21F359-AB84-41E8-9A78-36D110E6D2F9, 1)")).toMatchObject([
    { $type: "Raw", text: "0F21F359-AB84-41E8-9A78-36D110E6D2F9" },
    { $type: "Integer" },
  ]);
});

test("dimensions without a size are omitted arguments", () => {
  expect(args("size_is(, *n)")).toMatchObject([{ $type: "Omitted" }, { $type: "Unary", op: "*" }]);
  expect(args("size_is(a, )")).toMatchObject([{ $type: "Name" }, { $type: "Omitted" }]);
});

test("attributes that want a type get one", () => {
  expect(args("switch_type(unsigned long)")).toMatchObject([
    { $type: "TypeArg", type: { name: "unsigned long" }, declarator: { parts: [] } },
  ]);
  expect(args("switch_type(MY_ENUM)")).toMatchObject([
    { $type: "TypeArg", type: { $type: "NamedType" } },
  ]);
  expect(args("transmit_as(struct S *)")).toMatchObject([{ declarator: { parts: [{}] } }]);
  expect(args("implicit_handle(handle_t h)")).toMatchObject([
    { type: { name: "handle_t" }, declarator: { name: { name: "h" } } },
  ]);
});

test("strings are joined and unescaped", () => {
  expect(args('endpoint("ncacn_ip_tcp:[135]", "ncacn_np:" "[\\\\pipe\\\\x]")')).toMatchObject([
    { value: "ncacn_ip_tcp:[135]" },
    { value: "ncacn_np:[\\pipe\\x]" },
  ]);
});

const size = (expression: string): unknown => args(`size_is(${expression})`)?.[0];

test("operators bind as in C", () => {
  expect(size("a + b * c - d")).toMatchObject({
    op: "-",
    left: { op: "+", left: { name: "a" }, right: { op: "*" } },
    right: { name: "d" },
  });
  expect(size("a || b && c | d ^ e & f == g < h << i")).toMatchObject({
    op: "||",
    right: {
      op: "&&",
      right: {
        op: "|",
        right: {
          op: "^",
          right: {
            op: "&",
            right: { op: "==", right: { op: "<", right: { op: "<<" } } },
          },
        },
      },
    },
  });
  expect(size("(a + b) * c")).toMatchObject({ op: "*", left: { op: "+" } });
  expect(size("-*a % ~!b")).toMatchObject({
    op: "%",
    left: { $type: "Unary", op: "-", operand: { op: "*" } },
    right: { op: "~", operand: { op: "!" } },
  });
});

test("a conditional holds others on its right", () => {
  expect(size("a ? b : c ? d : e")).toMatchObject({
    $type: "Conditional",
    test: { name: "a" },
    else: { $type: "Conditional" },
  });
});

test("casts and sizeof take types", () => {
  expect(size("(unsigned long)n")).toMatchObject({ $type: "Cast", operand: { name: "n" } });
  expect(size("(DWORD *) p")).toMatchObject({ $type: "Cast", parts: [{}] });
  expect(size("(OLECHAR *) -1")).toMatchObject({ $type: "Cast", operand: { op: "-" } });
  expect(size("(a) - 1")).toMatchObject({ $type: "Binary", op: "-" });
  expect(size("(a) * b")).toMatchObject({ $type: "Binary", op: "*" });
  expect(size("sizeof(struct S) * n")).toMatchObject({ left: { $type: "Sizeof" } });
});

test("members are reached by dot and arrow", () => {
  expect(size("a->b.c")).toMatchObject({
    $type: "Member",
    arrow: false,
    member: { name: "c" },
    object: { $type: "Member", arrow: true },
  });
});

test.each([
  ["42", { $type: "Integer", value: 42n, suffix: "" }],
  ["0x7FFFul", { value: 0x7fffn, suffix: "ul" }],
  ["017", { value: 15n }],
  ["0b101", { value: 5n }],
  ["1ui64", { value: 1n, suffix: "ui64" }],
  ["1.5e3", { $type: "Float", value: 1500 }],
  [".5f", { $type: "Float", value: 0.5 }],
  ["'A'", { $type: "Char", value: 65, wide: false }],
  ["L'\\n'", { $type: "Char", value: 10, wide: true }],
  ["'\\x41'", { value: 65 }],
  ["'ab'", { value: 0x6162 }],
  ['L"x"', { $type: "String", value: "x", wide: true }],
])("%s is read as a literal", (text, literal) => {
  expect(size(text)).toMatchObject(literal);
});
