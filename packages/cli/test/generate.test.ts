import { expect, test } from "vitest";
import { run } from "../src/run.ts";
import { memoryIo } from "./memory-io.ts";

const idl = `[uuid(12345678-1234-1234-1234-123456789abc), version(1.0)]
interface demo { long Add([in] long a, [in] long b, [out] long *sum); }`;
const args = ["generate", "demo.idl", "--out", "out/demo", "--package", "@example/demo"];

test("generate writes a package", async () => {
  const io = memoryIo({ "demo.idl": idl });
  expect(await run(args, io)).toBe(0);
  expect(io.files.get("out/demo/package.json")).toContain('"@example/demo"');
  expect([...io.files.keys()]).toContain("out/demo/src/demo/add.ts");
});

test("generate writes nothing where the IDL has errors", async () => {
  const io = memoryIo({ "demo.idl": idl.replace("[in] long a", "[in] lung a") });
  expect(await run(args, io)).toBe(1);
  expect([...io.files.keys()]).toEqual(["demo.idl"]);
  expect(io.printed.out).toBe("nothing written: 1 error\n");
});

test("generate twice changes nothing, and --check agrees", async () => {
  const io = memoryIo({ "demo.idl": idl });
  await run(args, io);
  const first = new Map(io.files);
  await run(args, io);
  expect(io.files).toEqual(first);
  expect(io.printed.out).toMatch(/ 0 changed/);
  expect(await run([...args, "--check"], io)).toBe(0);
});

test("generate --check names each file that differs, is missing or is stale, and writes nothing", async () => {
  const io = memoryIo({ "demo.idl": idl });
  await run(args, io);
  io.write("out/demo/src/demo/add.ts", "edited");
  io.write("out/demo/src/demo/old.ts", "old");
  io.remove("out/demo/README.md");
  expect(await run([...args, "--check"], io)).toBe(1);
  expect(io.printed.err.trim().split("\n").toSorted()).toEqual([
    "out/demo/README.md is missing",
    "out/demo/src/demo/add.ts differs",
    "out/demo/src/demo/old.ts is no longer generated",
  ]);
  expect(io.files.get("out/demo/src/demo/add.ts")).toBe("edited");
});

test("generate removes what an earlier run wrote and leaves what is the owner's", async () => {
  const io = memoryIo({
    "demo.idl": idl,
    "out/demo/src/demo/old.ts": "old",
    "out/demo/test/own.test.ts": "own",
  });
  await run(args, io);
  expect(io.files.has("out/demo/src/demo/old.ts")).toBe(false);
  expect(io.files.get("out/demo/test/own.test.ts")).toBe("own");
});

test("a config that is not one is wrong use", async () => {
  for (const config of [
    "{",
    "{}",
    '{"packages":[{"name":"a"}]}',
    '{"packages":[{"nme":"a","name":"a","description":"","out":"o","idl":["a"]}]}',
  ]) {
    const io = memoryIo({ "msrpc.json": config });
    expect(await run(["generate"], io), config).toBe(2);
    expect(io.printed.err).toContain("msrpc.json");
  }
});
