import { expect, test } from "vitest";
import { run } from "../src/run.ts";
import { memoryIo } from "./memory-io.ts";

const good = `[uuid(12345678-1234-1234-1234-123456789abc), version(1.0)]
interface good { long Add([in] long a, [in] long b); }`;
const bad = good.replace("[in] long b", "[in] lung b");

test("check exits 0 and says so for a file without problems", async () => {
  const io = memoryIo({ "good.idl": good });
  expect(await run(["check", "good.idl"], io)).toBe(0);
  expect(io.printed).toEqual({ out: "1 file checked: no problems\n", err: "" });
});

test("check exits 1 and frames the place of an error", async () => {
  const io = memoryIo({ "bad.idl": bad });
  expect(await run(["check", "bad.idl"], io)).toBe(1);
  expect(io.printed.err).toContain("bad.idl:2:45");
  expect(io.printed.err).toContain("lung");
  expect(io.printed.out).toBe("1 file checked: 1 error\n");
});

test("check --format json gives each file its diagnostics with code, severity, message and range", async () => {
  const io = memoryIo({ "good.idl": good, "bad.idl": bad });
  expect(await run(["check", "good.idl", "bad.idl", "--format", "json"], io)).toBe(1);
  const report: unknown = JSON.parse(io.printed.out);
  expect(report).toMatchObject({
    files: [
      { path: "good.idl", diagnostics: [] },
      {
        path: "bad.idl",
        diagnostics: [
          {
            code: "IDL2001",
            severity: "error",
            message: "Type `lung` is not defined.",
            range: { start: { line: 2, column: 45 }, end: { line: 2, column: 49 } },
          },
        ],
      },
    ],
  });
});

test("check --format sarif names the rule and the place", async () => {
  const io = memoryIo({ "bad.idl": bad });
  expect(await run(["check", "bad.idl", "--format", "sarif"], io)).toBe(1);
  expect(JSON.parse(io.printed.out)).toMatchObject({
    version: "2.1.0",
    runs: [{ results: [{ ruleId: "IDL2001", level: "error" }] }],
  });
});

test("imports are found beside the file and along -I, whatever their case", async () => {
  const io = memoryIo({
    "a/main.idl": `import "Types.idl"; import "more.idl";\n${good.replace("long a", "NUMBER a").replace("long b", "OTHER b")}`,
    "a/types.idl": "typedef long NUMBER;",
    "include/more.idl": "typedef long OTHER;",
  });
  expect(await run(["check", "a/main.idl", "-I", "include"], io)).toBe(0);
  expect(await run(["check", "a/main.idl"], io)).toBe(1);
});

test("an import is found under other punctuation where no name fits better", async () => {
  const main = `import "ms-x_types.idl";\n${good.replace("long a", "NUMBER a")}`;
  const io = memoryIo({ "MS-X.main.idl": main, "MS-X.types.idl": "typedef long NUMBER;" });
  expect(await run(["check", "MS-X.main.idl"], io)).toBe(0);
  io.write("sub/ms-x_types.idl", "typedef long OTHER;");
  expect(await run(["check", "MS-X.main.idl", "-I", "sub"], io)).toBe(1);
});

test("-D defines a macro", async () => {
  const io = memoryIo({ "m.idl": good.replace("long b", "KIND b") });
  expect(await run(["check", "m.idl", "-D", "KIND=short"], io)).toBe(0);
});

test("a file that is not there, an unknown option and no command are wrong use", async () => {
  for (const args of [
    ["check", "none.idl"],
    ["check", "--nope", "a.idl"],
    ["check"],
    ["frobnicate"],
  ]) {
    const io = memoryIo({});
    expect(await run(args, io), args.join(" ")).toBe(2);
    expect(io.printed.err).not.toBe("");
  }
});

test("--help shows examples everywhere", async () => {
  for (const command of ["generate", "check", "explain", "decode", "init"]) {
    const io = memoryIo({});
    expect(await run([command, "--help"], io), command).toBe(0);
    expect(io.printed.out, command).toContain("Examples:");
  }
});

test("a problem in a file that two others import is told once", async () => {
  const io = memoryIo({
    "bad.idl": "typedef lung WRONG;",
    "a.idl": `import "bad.idl"; ${good}`,
    "b.idl": `import "bad.idl"; ${good}`,
  });
  expect(await run(["check", "a.idl", "b.idl"], io)).toBe(1);
  expect(io.printed.out).toBe("2 files checked: 1 error\n");
});

test("a folder, a search path that is none and a macro that is none are wrong use", async () => {
  for (const args of [["sub"], ["good.idl", "-I", "none"], ["good.idl", "-D", "1x"]]) {
    const io = memoryIo({ "good.idl": good, "sub/other.idl": good });
    expect(await run(["check", ...args], io), args.join(" ")).toBe(2);
    expect(io.printed.err).toContain(args.at(-1));
  }
});

test("--version prints the version", async () => {
  const io = memoryIo({});
  expect(await run(["--version"], io)).toBe(0);
  expect(io.printed.out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("check says what is wrong with the overlay beside a file, a slip along with the rest", async () => {
  const overlay = { documnet: "MS-X", interfaces: { i: { operations: { Wrong: {} } } } };
  const idl =
    "[uuid(12345678-1234-1234-1234-123456789abc)] interface i { void Right([in] long a); }";
  const files = { "a.idl": idl, "a.overlay.json": JSON.stringify(overlay) };
  for (const args of [
    ["check", "a.idl"],
    ["generate", "a.idl", "--out", "out"],
  ]) {
    const io = memoryIo(files);
    expect(await run(args, io), args[0]).toBe(1);
    expect(io.printed.err).toContain("GEN4004");
    expect(io.printed.err).toContain("Wrong");
  }
});

test("check says in which folder it looked for a file", async () => {
  const io = memoryIo({});
  expect(await run(["check", "a.idl"], io)).toBe(2);
  expect(io.printed.err).toBe("error: there is no file a.idl in /here\n");
});
