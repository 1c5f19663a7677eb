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
