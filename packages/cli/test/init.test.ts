import { expect, test } from "vitest";
import { run } from "../src/run.ts";
import { memoryIo } from "./memory-io.ts";

test("init makes a protocol that checks and is generated at once", async () => {
  const io = memoryIo({});
  expect(await run(["init", "ms-echo"], io)).toBe(0);
  expect([...io.files.keys()]).toEqual(
    expect.arrayContaining([
      "msrpc.json",
      "idl/ms-echo/ms-echo.idl",
      "idl/ms-echo/ms-echo.overlay.json",
      "generated/ms-echo/package.json",
      "generated/ms-echo/src/ms-echo/lookup.ts",
      "generated/ms-echo/test/ms-echo.test.ts",
    ]),
  );
  expect(await run(["check", "idl/ms-echo/ms-echo.idl"], io)).toBe(0);
  expect(await run(["generate", "--check"], io)).toBe(0);
});

test("init adds to a config and takes its scope", async () => {
  const io = memoryIo({});
  await run(["init", "first"], io);
  io.write("msrpc.json", (io.files.get("msrpc.json") ?? "").replace('"first"', '"@example/first"'));
  expect(await run(["init", "second", "--uuid", "60A15EC5-4DE8-11D7-A637-005056A20182"], io)).toBe(
    0,
  );
  expect(JSON.parse(io.files.get("msrpc.json") ?? "")).toMatchObject({
    packages: [{ name: "@example/first" }, { name: "@example/second" }],
  });
  expect(io.files.get("idl/second/second.idl")).toContain("60a15ec5-4de8-11d7-a637-005056a20182");
});

test("init refuses a name or UUID that is none, and overwrites nothing", async () => {
  for (const args of [["Bad_Name"], ["a b"], ["../up"], ["ok", "--uuid", "42"]]) {
    const io = memoryIo({});
    expect(await run(["init", ...args], io), args.join(" ")).toBe(2);
    expect(io.files.size).toBe(0);
  }
  for (const path of [
    "idl/ms-echo/ms-echo.idl",
    "idl/ms-echo/ms-echo.overlay.json",
    "generated/ms-echo/test/ms-echo.test.ts",
    "generated/ms-echo/src/ms-echo/index.ts",
  ]) {
    const io = memoryIo({ [path]: "mine" });
    expect(await run(["init", "ms-echo"], io), path).toBe(2);
    expect([...io.files], path).toEqual([[path, "mine"]]);
  }
});

test("init refuses a name that IDL has a meaning for, and leaves the config alone", async () => {
  const io = memoryIo({});
  await run(["init", "ms-echo"], io);
  const before = new Map(io.files);
  expect(await run(["init", "long"], io)).toBe(2);
  expect(io.printed.err).toContain("long can't be the name of an interface");
  expect(io.files).toEqual(before);
});

test("in a workspace init adds the package to those that are built", async () => {
  const tsconfig = `{\n  "files": [],\n  "references": [\n    { "path": "packages/a" },\n    { "path": "tests" }\n  ]\n}\n`;
  const io = memoryIo({
    "msrpc.json": '{ "workspace": true, "packages": [] }',
    "tsconfig.json": tsconfig,
  });
  expect(await run(["init", "ms-echo"], io)).toBe(0);
  expect(io.files.get("tsconfig.json")).toBe(
    tsconfig.replace(
      '    { "path": "tests" }',
      '    { "path": "generated/ms-echo" },\n    { "path": "tests" }',
    ),
  );
  expect(io.files.get("generated/ms-echo/package.json")).toContain('"workspace:^"');
});

test("init leaves the other packages of a config as they are written", async () => {
  const config = `{
  "packages": [
    {
      "name": "@example/long",
      "description": "Several files.",
      "out": "generated/long",
      "idl": [
        "idl/long/the-first-of-the-files.idl",
        "idl/long/the-second-of-the-files.idl",
        "idl/long/the-third-of-the-files.idl"
      ]
    }
  ]
}
`;
  const io = memoryIo({ "msrpc.json": config });
  expect(await run(["init", "ms-echo"], io)).toBe(0);
  const head = config.slice(0, config.lastIndexOf("\n  ]"));
  expect(io.files.get("msrpc.json")?.startsWith(`${head},`)).toBe(true);
  expect(io.files.get("msrpc.json")).toContain('"idl": ["idl/ms-echo/ms-echo.idl"]\n');
});

const published = `
import "ms-dtyp.idl";
[uuid(60a15ec5-4de8-11d7-a637-005056a20182), version(1.0), pointer_default(unique)]
interface box {
  typedef [context_handle] void *BOX_HANDLE;
  typedef struct _BOX_INFO { unsigned long id; } BOX_INFO;
  typedef struct { unsigned long id; unsigned long more; } BoxInfo;
  long BoxrOpen([in, string] wchar_t *name, [out] BOX_HANDLE *box);
  long BoxrClose([in, out] BOX_HANDLE *box);
  long BoxrDelete([in, out] BOX_HANDLE *box);
  void Opnum3NotUsedOnWire(void);
  long BoxrEnum([in] BOX_HANDLE box, [out] BOX_INFO *info, [out] BoxInfo *more);
};`;

const specification = `
## 2.1 Transport

The runtime performs a strict NDR data consistency check at target level 5.0.

## 2.2 Types

### 2.2.1 BOX_INFO

#### 3.1.4.1 BoxrOpen (Opnum 0)

| Return value/code | Description |
| --- | --- |
| 0x00000000 STATUS_SUCCESS | Done. |
| 0xC0000022 STATUS_ACCESS_DENIED | Not for you. |
| 0xE0000001 STATUS_NO_BOX | There is none. |

##### 3.1.4.1.1 Details

It can also be STATUS_INVALID_PARAMETER, but tables come first.

#### 3.1.4.2 BoxrEnum(Opnum 4)

The server returns STATUS_MORE_ENTRIES, STATUS_NO_MEMORY or STATUS_UNHEARD_OF.
`;

test("init drafts an overlay for IDL that is there, with what its document says", async () => {
  const io = memoryIo({ "in/box.idl": published, "in/MS-BOX.md": specification });
  const args = ["init", "ms-box", "--from", "in/box.idl", "--document", "in/MS-BOX.md"];
  expect(await run(args, io), io.printed.err).toBe(0);
  expect(JSON.parse(io.files.get("idl/ms-box/box.overlay.json") ?? "")).toEqual({
    document: "MS-BOX",
    statusTable: "status.json",
    statusLibraries: ["ntstatus"],
    naming: { operationPrefixes: ["Boxr"] },
    types: {
      BOX_HANDLE: { close: "BoxrClose" },
      BOX_INFO: { section: "2.2.1" },
      BoxInfo: { name: "BoxInfo2" },
    },
    interfaces: {
      box: {
        strictness: 5,
        status: ["return"],
        operations: {
          BoxrOpen: { section: "3.1.4.1", errors: ["STATUS_ACCESS_DENIED", "STATUS_NO_BOX"] },
          BoxrDelete: { closes: "box" },
          BoxrEnum: {
            section: "3.1.4.2",
            accepts: ["STATUS_MORE_ENTRIES"],
            errors: ["STATUS_NO_MEMORY"],
          },
        },
      },
    },
  });
  expect(JSON.parse(io.files.get("idl/ms-box/status.json") ?? "")).toEqual({
    STATUS_NO_BOX: 0xe0000001,
  });
  expect(io.printed.out).toContain("- STATUS_UNHEARD_OF is listed and its number is not known");
  expect(io.printed.out).toContain("the document has no section for BoxrClose, BoxrDelete");
  expect(await run(["generate", "--check"], io)).toBe(0);
  const open = io.files.get("generated/ms-box/src/box/open.ts") ?? "";
  expect(open).toContain('opens: { handle: "box", close: "close" }');
});

const appendix = `
# 6 Appendix A: Full IDL

import "ms-dtyp.idl";

[version(1.0), uuid(60a15ec5-4de8-11d7-a637-005056a20183)]

interface crate

{

typedef struct _CRATE_INFO { GUID id; } CRATE_INFO;

unsigned long CrateOpen([in, string] wchar_t *name, [out] CRATE_INFO *info);

}
`;

test("init takes IDL out of its document, and has its UUIDs as text", async () => {
  const io = memoryIo({
    "in/MS-CRATE.md": `#### 3.1.4.1 Receiving a CrateOpen Message (Opnum 0)\n${appendix}`,
    "idl/ms-crate/ms-dtyp.idl":
      "typedef struct { unsigned long a; unsigned short b, c; byte d[8]; } GUID;",
  });
  expect(await run(["init", "ms-crate", "--from", "in/MS-CRATE.md"], io), io.printed.err).toBe(0);
  expect(io.files.get("idl/ms-crate/ms-crate.idl")).toContain("\ninterface crate\n{\n");
  expect(JSON.parse(io.files.get("idl/ms-crate/ms-crate.overlay.json") ?? "")).toMatchObject({
    document: "MS-CRATE",
    types: { GUID: { as: "uuid" } },
    interfaces: { crate: { operations: { CrateOpen: { section: "3.1.4.1" } } } },
  });
  expect(io.printed.out).not.toContain("put the interface into");
  const types = io.files.get("generated/ms-crate/src/crate/types.ts") ?? "";
  expect(types).toContain("id: string;");
});

test("init of IDL that leaves nothing open leads to its overlay", async () => {
  const io = memoryIo({
    "tin.idl":
      "[version(1.0), uuid(60a15ec5-4de8-11d7-a637-005056a20184)] interface tin { void Shut(); }",
  });
  expect(await run(["init", "ms-tin", "--from", "tin.idl"], io), io.printed.err).toBe(0);
  expect(io.printed.out).toContain("Next: read what was drafted in idl/ms-tin/tin.overlay.json;");
});

test("init lets imports lead to the files of other packages", async () => {
  const types = "typedef unsigned long DWORD; typedef struct _GUID { DWORD a; } GUID;";
  const io = memoryIo({
    "types/ms-dtyp.idl": types,
    "box.idl": published.replace("unsigned long id; }", "GUID id; }"),
    "msrpc.json": JSON.stringify({
      packages: [{ name: "types", description: "", out: "out/types", idl: ["types/ms-dtyp.idl"] }],
    }),
  });
  expect(await run(["init", "ms-box", "--from", "box.idl"], io), io.printed.err).toBe(0);
  expect(io.files.get("idl/ms-box/box.idl")).toContain('import "../../types/ms-dtyp.idl";');
  expect(io.files.get("generated/ms-box/src/box/types.ts")).toContain('from "types"');
});

test.each([
  [["--document", "d.md"], "--document needs --from"],
  [["--from", "none.idl"], "there is no file none.idl"],
  [["--from", "empty.md"], 'empty.md has no appendix called "Full IDL"'],
  [["--from", "bad.idl"], "has to be mended first; nothing was written"],
  [["--from", "box.idl", "--document", "none.md"], "there is no file none.md"],
  [["--from", "box.idl", "--uuid", "60a15ec5-4de8-11d7-a637-005056a20182"], "--uuid is for"],
])("init %j: %s", async (options, message) => {
  const io = memoryIo({ "box.idl": published, "bad.idl": "interface {", "empty.md": "# 1 No IDL" });
  expect(await run(["init", "ms-box", ...options], io)).toBe(2);
  expect(io.printed.err).toContain(message);
  expect([...io.files.keys()]).toEqual(["box.idl", "bad.idl", "empty.md"]);
});

test("init lowers errors of published text, and finds methods by their interface", async () => {
  const text = `
    typedef union switch (boolean yes) u { case TRUE: long a; } PART;
    [version(1.0), uuid(60a15ec5-4de8-11d7-a637-005056a20183)] interface IFirst {
      long Wait([in] PART *part); };
    [version(1.0), uuid(60a15ec5-4de8-11d7-a637-005056a20184)] interface ISecond {
      long Wait([in] long time); };`;
  const document =
    "consistency check at target level 6.0\n### 3.1.1 IFirst::Wait (Opnum 3)\n### 3.1.2 ISecond::Wait (Opnum 3)\n";
  const io = memoryIo({ "box.idl": text, "MS-BOX.md": document });
  const args = ["init", "ms-box", "--from", "box.idl", "--document", "MS-BOX.md"];
  expect(await run(args, io)).toBe(2);
  expect(io.printed.err).toContain("IDL2409");
  expect(await run([...args, "--warn", "IDL2409"], io), io.printed.err).toBe(0);
  expect(JSON.parse(io.files.get("idl/ms-box/box.overlay.json") ?? "")).toMatchObject({
    interfaces: {
      IFirst: { operations: { Wait: { section: "3.1.1" } } },
      ISecond: { operations: { Wait: { section: "3.1.2" } } },
    },
  });
  expect(JSON.parse(io.files.get("msrpc.json") ?? "")).toMatchObject({
    packages: [{ warn: ["IDL2409"] }],
  });
  expect(await run(["generate", "--check"], io)).toBe(0);
});
