import { expect, test } from "vitest";
import { bare, parsed } from "./text-support.ts";

const only = (text: string): unknown => {
  const { items, diagnostics } = parsed(text);
  expect(diagnostics).toEqual([]);
  expect(items).toHaveLength(1);
  return bare(items[0]);
};

test("an interface has attributes, a base and declarations of its own", () => {
  expect(
    only("[object, uuid(1)] interface IFoo : IBar { const long A = 1; long f(); };"),
  ).toMatchObject({
    $type: "Interface",
    attributes: [
      { name: { name: "object" } },
      { name: { name: "uuid" }, args: [{ $type: "Raw", text: "1" }] },
    ],
    name: { name: "IFoo" },
    base: { name: "IBar" },
    items: [{ $type: "Const" }, { $type: "Operation" }],
  });
});

test("attributes may stand in several groups, with directives between them", () => {
  expect(only("[object]\n#define X 1\n[\nuuid(1)\n]\n#pragma y\ninterface I {}")).toMatchObject({
    attributes: [{ name: { name: "object" } }, { name: { name: "uuid" } }],
  });
});

test("a declaration ahead is a forward declaration", () => {
  expect(only("interface I;")).toEqual({
    $type: "Forward",
    form: "interface",
    name: { name: "I" },
  });
  expect(only("coclass C;")).toMatchObject({ form: "coclass" });
  expect(only("[uuid(1)] dispinterface D;")).toMatchObject({ form: "dispinterface" });
});

test("an import names several files", () => {
  expect(only('import "a.idl", "b.idl";')).toMatchObject({
    $type: "Import",
    paths: [{ value: "a.idl" }, { value: "b.idl" }],
  });
});

test("cpp_quote needs no semicolon, importlib and pragmas are kept", () => {
  const { items } = parsed(
    'cpp_quote("a\\"b")\n#pragma pack(8)\nimportlib("x.tlb");\nmidl_pragma warning(disable: 1 2)',
  );
  expect(bare(items)).toEqual([
    { $type: "CppQuote", text: { $type: "String", value: 'a"b', wide: false } },
    { $type: "Pragma", text: "pack(8)" },
    { $type: "ImportLib", path: { $type: "String", value: "x.tlb", wide: false } },
    { $type: "Pragma", text: "midl_pragma warning(disable: 1 2)" },
  ]);
});

test("a pragma within a structure or a parameter list is no declaration", () => {
  expect(only("struct S {\n#pragma x\nlong a;\n#pragma y\nlong b;\n};")).toMatchObject({
    $type: "TypeDecl",
    type: { fields: [{}, {}] },
  });
  expect(only("long f(long a,\n#pragma x\nlong b);")).toMatchObject({ params: [{}, {}] });
});

test("a library holds declarations, coclasses and dispinterfaces", () => {
  const text = `[uuid(1), version(1.0)] library L {
    importlib("stdole2.tlb");
    coclass C { [default] interface I; [source] dispinterface D; };
    dispinterface D { properties: [id(1)] long p; methods: [id(2)] long m([in] long a); };
    dispinterface E { interface I; };
    module M { const long X = 1; [entry("f")] long f(); };
  }`;
  expect(only(text)).toMatchObject({
    $type: "Library",
    attributes: [{}, { args: [{ text: "1.0" }] }],
    items: [
      { $type: "ImportLib" },
      {
        $type: "Coclass",
        interfaces: [
          {
            form: "interface",
            name: { name: "I" },
            attributes: [{ $type: "Attribute", name: { name: "default" } }],
          },
          { form: "dispinterface", name: { name: "D" } },
        ],
      },
      {
        $type: "Dispinterface",
        properties: [{ $type: "Field" }],
        methods: [{ $type: "Operation" }],
      },
      { $type: "Dispinterface", of: { name: "I" } },
      { $type: "Module", items: [{ $type: "Const" }, { $type: "Operation" }] },
    ],
  });
});

test("a typedef has attributes before or after its keyword, and several names", () => {
  expect(only("[public] typedef [context_handle] void *H, **PH;")).toMatchObject({
    $type: "Typedef",
    attributes: [{ name: { name: "public" } }, { name: { name: "context_handle" } }],
    type: { $type: "BaseType", name: "void" },
    declarators: [
      { name: { name: "H" }, parts: [{ $type: "PointerPart" }] },
      { name: { name: "PH" }, parts: [{}, {}] },
    ],
  });
});

test("constants are declared with values, several at once", () => {
  expect(only('const WCHAR A = L"x" "y", B = 2;')).toMatchObject({
    $type: "Const",
    type: { $type: "NamedType", isConst: true },
    declarators: [
      { name: { name: "A" }, value: { $type: "String", value: "xy", wide: true } },
      { name: { name: "B" }, value: { $type: "Integer", value: 2n } },
    ],
  });
  expect(only('static const WCHAR N[] = L"a\\\\b";')).toMatchObject({
    declarators: [{ parts: [{ $type: "ArrayPart" }], value: { value: "a\\b" } }],
  });
});

test("extern declarations of C are passed over", () => {
  expect(parsed("extern const GUID G;")).toMatchObject({ items: [], diagnostics: [] });
});

test("an operation has its result's pointers in its declarator", () => {
  expect(only("[idempotent] const char **Name([in, string] wchar_t *a, long);")).toMatchObject({
    $type: "Operation",
    type: { name: "char", isConst: true },
    declarator: { name: { name: "Name" }, parts: [{ $type: "PointerPart" }, {}] },
    params: [
      { $type: "Param", attributes: [{}, {}], declarator: { name: { name: "a" } } },
      { $type: "Param", type: { name: "long" }, declarator: { parts: [] } },
    ],
  });
});

test("(void) and () are no parameters, an ellipsis is left out", () => {
  expect(only("long f(void);")).toMatchObject({ params: [] });
  expect(only("long f();")).toMatchObject({ params: [] });
  expect(only("long f(long a, ...);")).toMatchObject({ params: [{}] });
  expect(only("long f(void *);")).toMatchObject({ params: [{}] });
});

test("calling conventions are passed over wherever they stand", () => {
  expect(
    only("HRESULT STDMETHODCALLTYPE f(void (__stdcall *cb)(long), long __cdecl g);"),
  ).toMatchObject({
    type: { name: { name: "HRESULT" } },
    params: [
      { declarator: { name: { name: "cb" }, parts: [{}, { $type: "FunctionPart" }] } },
      { declarator: { name: { name: "g" } } },
    ],
  });
});

test("attributes of C are passed over with their arguments", () => {
  expect(only('__declspec(align(8)) struct __declspec(uuid("1")) S { long a; };')).toMatchObject({
    $type: "TypeDecl",
    type: { tag: { name: "S" }, fields: [{}] },
  });
});

test("words of IDL may be names", () => {
  expect(
    only("long f(long interface, long pipe, byte byte, long small, long default, long module);"),
  ).toMatchObject({
    params: ["interface", "pipe", "byte", "small", "default", "module"].map((name) => ({
      declarator: { name: { name } },
    })),
  });
  expect(only("typedef unsigned short wchar_t;")).toMatchObject({
    type: { name: "unsigned short" },
    declarators: [{ name: { name: "wchar_t" } }],
  });
  expect(only("typedef unsigned long error_status_t;")).toMatchObject({
    declarators: [{ name: { name: "error_status_t" } }],
  });
});

test("a namespace of the Windows Runtime is passed over and said to be", () => {
  const { items, diagnostics } = parsed("namespace A.B { runtimeclass X { } }\nlong f();");
  expect(bare(items)).toMatchObject([
    { $type: "Namespace", name: { name: "A.B" } },
    { $type: "Operation" },
  ]);
  expect(diagnostics).toEqual([
    "1:11: info IDL1213: The namespace `A.B` is left out: Windows Runtime types have no DCE/RPC form.",
  ]);
});

test("spans cover what a node was read from", () => {
  const text = "  typedef [string] long\n *A , B ;\n[x] long f ( [in] long  a );";
  const { items } = parsed(text);
  const cut = ({ span }: { span: { start: number; end: number } }): string =>
    text.slice(span.start, span.end);
  const [typedef, operation] = items;
  if (typedef?.$type !== "Typedef" || operation?.$type !== "Operation") throw new Error("kinds");
  expect(cut(typedef)).toBe("typedef [string] long\n *A , B ;");
  expect(typedef.declarators.map((each) => cut(each))).toEqual(["*A", "B"]);
  expect(typedef.attributes.map((each) => cut(each))).toEqual(["string"]);
  expect(cut(operation)).toBe("[x] long f ( [in] long  a );");
  expect(operation.params.map((each) => cut(each))).toEqual(["[in] long  a"]);
});

test("a node made of a macro and other text is where the macro is used", () => {
  const text = "#define SIZE 4 +\nconst long A = SIZE 2;";
  const [constant] = parsed(text).items;
  if (constant?.$type !== "Const") throw new Error("kind");
  const value = constant.declarators[0]?.value;
  expect(text.slice(value?.span.start, value?.span.end)).toBe("SIZE 2");
});
