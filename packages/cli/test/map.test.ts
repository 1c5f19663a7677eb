/** Imports that lead to the IDL of packages which are there already. */
import { expect, test } from "vitest";
import { run } from "../src/run.ts";
import { memoryIo, type MemoryIo } from "./memory-io.ts";

const head = "[uuid(12345678-1234-1234-1234-123456789abc), version(1.0)]";
const files = {
  "demo.idl": `import "ms-dtyp.idl"; ${head} interface demo { long Add([in] GUID *id, [in] LUID at); }`,
  "other/MS-DTYP.idl": `typedef struct { unsigned long a; unsigned short b, c; unsigned char d[8]; } GUID;
    typedef struct { long low; long high; } LUID;`,
  "other/MS-DTYP.overlay.json": JSON.stringify({
    types: { GUID: { as: "uuid" }, LUID: { name: "LocalId" } },
  }),
};
const map = ["--map", "other/MS-DTYP.idl=@x/types"];

function added(io: MemoryIo): string {
  return io.files.get("out/src/demo/add.ts") ?? io.files.get("out/demo/add.ts") ?? "";
}

test("types of a mapped file are imported from its package, by the names of its overlay", async () => {
  const io = memoryIo(files);
  const args = ["generate", "demo.idl", "--out", "out", "--package", "@x/demo", ...map];
  expect(await run(args, io), io.printed.err).toBe(0);
  expect(added(io)).toMatch(/import \{[^}]*\bLocalId\b[^}]*\} from "@x\/types"/);
  expect(added(io)).toContain("id: string;");
  expect([...io.files.keys()].filter((path) => path.endsWith("types.ts"))).toEqual([]);
  expect(JSON.parse(io.files.get("out/package.json") ?? "")).toMatchObject({
    dependencies: { "@x/types": "*", "@msrpc/rpc": expect.stringMatching(/^\^\d/) },
  });
});

test("without a map the types are copies, of the built-in file where there is no other", async () => {
  const io = memoryIo(files);
  expect(await run(["generate", "demo.idl", "--out", "out"], io)).toBe(0);
  expect(added(io)).not.toContain("@x/types");
  expect(io.files.get("out/demo/types.ts")).toContain("export interface Luid");
});

const entry = { name: "@x/demo", description: "d", out: "out", idl: ["demo.idl"] };
const mapped = { "./other/MS-DTYP.idl": "@x/types" };

test.each([
  ["for every package", { map: mapped, packages: [entry] }],
  ["for one", { packages: [{ ...entry, map: mapped }] }],
])("msrpc.json maps %s, and every command keeps to that", async (_, config) => {
  const broken = { ...files, "other/MS-DTYP.idl": "typedef struct { long low } LUID;" };
  const io = memoryIo({ ...files, "msrpc.json": JSON.stringify(config) });
  expect(await run(["generate"], io), io.printed.err).toBe(0);
  expect(added(io)).toContain('from "@x/types"');
  const bad = memoryIo({ ...broken, "msrpc.json": JSON.stringify(config) });
  expect(await run(["check", "demo.idl"], bad)).toBe(1);
  expect(bad.printed.err).toContain("other/MS-DTYP.idl");
});

test("a map of the command line goes before the config's", async () => {
  const config = { map: mapped, packages: [entry] };
  const io = memoryIo({
    ...files,
    "own/ms-dtyp.idl": files["other/MS-DTYP.idl"],
    "msrpc.json": JSON.stringify(config),
  });
  expect(await run(["generate", "--map", "own/ms-dtyp.idl=@x/own"], io), io.printed.err).toBe(0);
  expect(added(io)).toContain('from "@x/own"');
});

test("a file that a package is generated from stays its own", async () => {
  const io = memoryIo({
    ...files,
    "demo.idl": files["demo.idl"].replace(
      "demo {",
      "demo { typedef long *P; typedef struct { long a; } OWN; long Own([in] OWN own);",
    ),
  });
  const args = ["generate", "demo.idl", "--out", "out", "--map", "demo.idl=@x/demo"];
  expect(await run(args, io), io.printed.err).toBe(0);
  expect(io.files.get("out/demo/types.ts")).toContain("export interface Own");
});

test.each([
  [["--map", "missing.idl=@x/types"], "no file missing.idl that @x/types"],
  [["--map", "other/MS-DTYP.idl"], "maps nothing"],
  [["--map", "=@x/types"], "maps nothing"],
  [["--map", "other/MS-DTYP.idl=Bad Name"], "no name for a package"],
])("%j is wrong use", async (options, message) => {
  const io = memoryIo(files);
  expect(await run(["generate", "demo.idl", "--out", "out", ...options], io)).toBe(2);
  expect(io.printed.err).toContain(message);
  expect(io.files.size).toBe(3);
});

test.each([
  [{ map: [], packages: [] }, '"map" has packages by their IDL files'],
  [{ map: { "a.idl": 1 }, packages: [] }, '"map" has no package for a.idl'],
])("a config's map has packages by files: %j", async (config, message) => {
  const io = memoryIo({ "msrpc.json": JSON.stringify(config) });
  expect(await run(["generate"], io)).toBe(2);
  expect(io.printed.err).toContain(message);
});
