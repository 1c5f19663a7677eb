import { expect, test } from "vitest";
import { compile, memoryHost, renderLine, type Compilation } from "../src/index.ts";

type Files = Readonly<Record<string, string>>;
const head = "[uuid(12345678-1234-abcd-ef00-0123456789ab), version(1.0)]";

const compiled = (files: Files, ...roots: string[]): Compilation =>
  compile(roots.length === 0 ? ["main.idl"] : roots, memoryHost(files));

const lines = ({ diagnostics, sources }: Compilation): string[] =>
  diagnostics.map((each) => renderLine(each, sources));

test("a missing file is an error", () => {
  expect(lines(compiled({}, "no.idl"))).toEqual([
    'no.idl:1:1: error IDL1301: The file "no.idl" is not found.',
  ]);
});

test("imports come before their importers, each once, also in a circle", () => {
  const result = compiled({
    "main.idl": 'import "a.idl", "B.IDL";',
    "a.idl": 'import "b.idl";',
    "b.idl": 'import "a.idl"; import "main.idl";',
  });
  expect(lines(result)).toEqual([]);
  expect(result.files.map(({ path }) => path)).toEqual(["b.idl", "a.idl", "main.idl"]);
  expect(result.program.roots).toEqual(["main.idl"]);
});

test("an import is sought beside its importer, then along the search path", () => {
  const files = {
    "in/main.idl": 'import "x.idl", "y.idl";',
    "in/x.idl": "",
    "lib/x.idl": "oops",
    "lib/y.idl": "",
  };
  const result = compile(["in/main.idl"], memoryHost(files), { searchPaths: ["lib"] });
  expect(result.files.map(({ path }) => path)).toEqual(["in/x.idl", "lib/y.idl", "in/main.idl"]);
});

test("macros of an imported file are its own, those of options are everyone's", () => {
  const files = {
    "main.idl": 'import "a.idl";\nconst long A = N;\nconst long B = D;',
    "a.idl": "#define N 1\nconst long C = D;",
  };
  const result = compile(["main.idl"], memoryHost(files), { defines: { D: "2" } });
  expect(lines(result)).toEqual(["main.idl:2:16: error IDL2002: `N` is not defined."]);
});

test("a missing import is one error, whatever names it would have brought", () => {
  const files = {
    "main.idl": `import "mid.idl";\n${head} interface i { long f([in] GONE a, [in] ALSO b); }`,
    "mid.idl": 'import "gone.idl";\ntypedef GONE ALIAS;',
  };
  expect(lines(compiled(files))).toEqual([
    'mid.idl:1:8: error IDL1302: The imported file "gone.idl" is not found.',
  ]);
});

test.each(["ms-dtyp.idl", "MS-DCOM.idl", "ms-oaut.idl", "wtypes.h", "unknwn.idl", "oaidl.idl"])(
  "%s is built in and without fault",
  (name) => {
    const result = compiled({ "main.idl": `import "${name}";` });
    expect(lines(result)).toEqual([]);
    expect(result.program.types.length).toBeGreaterThan(10);
  },
);

test("a file on the search path goes before a built-in one", () => {
  const result = compiled({ "main.idl": 'import "ms-dtyp.idl";', "ms-dtyp.idl": "" });
  expect(result.files.map(({ path }) => path)).toEqual(["ms-dtyp.idl", "main.idl"]);
});

test("a built-in file imports what its importer would", () => {
  const result = compiled(
    {
      "in/main.idl": 'import "oaidl.idl";',
      "in/ms-dtyp.idl": 'import "real.idl";',
      "in/real.idl": "",
    },
    "in/main.idl",
  );
  expect(result.files.map(({ path }) => path).slice(0, 2)).toEqual([
    "in/real.idl",
    "in/ms-dtyp.idl",
  ]);
  expect(result.sources.has("<built-in>/ms-dtyp.idl")).toBe(false);
});

test("the attribute configuration file beside a file adds its attributes", () => {
  const files = {
    "main.idl": `${head} interface i { typedef long A, *B; long f([in] handle_t h, [in] long a); }`,
    "main.acf":
      '[explicit_handle] interface i { include "x.h"; typedef [allocate(dont_free)] B; [nocode] f([byte_count(9)] a, [comm_status] extra); }',
  };
  const { files: trees } = compiled(files);
  const [item] = trees[0]?.items ?? [];
  if (item?.$type !== "Interface") throw new Error("kind");
  expect(item.attributes.map(({ name }) => name.name)).toEqual([
    "uuid",
    "version",
    "explicit_handle",
  ]);
  expect(item.items).toMatchObject([
    { $type: "Typedef", attributes: [], declarators: [{ name: { name: "A" } }] },
    {
      $type: "Typedef",
      attributes: [{ name: { name: "allocate" }, span: { file: "main.acf" } }],
      declarators: [{ name: { name: "B" } }],
    },
    {
      $type: "Operation",
      attributes: [{ name: { name: "nocode" } }],
      params: [{}, { attributes: [{ name: { name: "in" } }, { name: { name: "byte_count" } }] }],
    },
  ]);
});

test("a structure that an ACF gives a name attributes of is defined once", () => {
  const files = {
    "main.idl": `${head} interface i { typedef struct S { long a; } A, *B; long f([in] A *a); }`,
    "main.acf": "interface i { typedef [allocate(all_nodes)] B; }",
  };
  expect(lines(compiled(files))).toEqual([]);
});

test("an ACF may be named, or refused", () => {
  const files = {
    "main.idl": `${head} interface i { long f([in] long a); }`,
    "main.acf": "interface i { g(); }",
    "other.acf": "interface i { h(); }",
  };
  const given = (acf: string | null): string[] =>
    lines(compile(["main.idl"], memoryHost(files), { acf: { "main.idl": acf } }));
  expect(given(null)).toEqual([]);
  expect(given("other.acf")).toEqual([
    "other.acf:1:15: error IDL1401: Operation `h`, which this file configures, is not in interface i.",
  ]);
  expect(given("no.acf")).toEqual(['no.acf:1:1: error IDL1301: The file "no.acf" is not found.']);
});
