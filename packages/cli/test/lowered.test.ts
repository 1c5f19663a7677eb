/** Errors that `--warn` or a config makes warnings. */
import { expect, test } from "vitest";
import { run } from "../src/run.ts";
import { memoryIo } from "./memory-io.ts";

const lsad = `[uuid(12345678-1234-1234-1234-123456789abc), version(1.0), pointer_default(unique)]
interface lsad {
  typedef enum { First = 1, Second } KIND;
  typedef [switch_type(KIND)] union { [case(First)] long one; } INFO;
  long Set([in] KIND kind, [in, switch_is(kind)] INFO *info);
}`;
const entry = { name: "lsad", description: "d", out: "out", idl: ["lsad.idl"] };

test("a union without default is an error whose hint names both remedies", async () => {
  const io = memoryIo({ "lsad.idl": lsad });
  expect(await run(["check", "lsad.idl"], io)).toBe(1);
  expect(io.printed.err).toContain("error IDL2409");
  expect(io.printed.err).toContain("Add `[default];`");
  expect(io.printed.err).toContain("--warn IDL2409");
});

test("--warn makes it a warning in check, generate, explain and decode", async () => {
  const io = memoryIo({ "lsad.idl": lsad, "a.hex": "01000100 2a000000" });
  const warn = ["--warn", "IDL2409"];
  expect(await run(["check", "lsad.idl", ...warn], io)).toBe(0);
  expect(io.printed.out).toBe("1 file checked: 1 warning\n");
  expect(io.printed.err).not.toContain("--warn");
  expect(await run(["generate", "lsad.idl", "--out", "src", ...warn], io)).toBe(0);
  expect(io.files.has("src/index.ts")).toBe(true);
  expect(await run(["explain", "INFO", "lsad.idl", ...warn], io)).toBe(0);
  expect(await run(["decode", "--op", "Set", "in", "a.hex", "--idl", "lsad.idl"], io)).toBe(1);
  io.printed.out = "";
  const decode = ["decode", "--op", "Set", "in", "a.hex", "--idl", "lsad.idl", ...warn];
  expect(await run(decode, io), io.printed.err).toBe(0);
  expect(io.printed.out).toContain("= 42");
});

test("a value that no arm is for is refused once the error is lowered", async () => {
  const io = memoryIo({ "lsad.idl": lsad, "a.hex": "02000200" });
  const decode = ["decode", "--op", "Set", "in", "a.hex", "--idl", "lsad.idl"];
  expect(await run([...decode, "--warn", "IDL2409"], io)).toBe(1);
  expect(io.printed.err).toContain("no arm");
});

test.each([
  ["for every package", { warn: ["IDL2409"], packages: [entry] }],
  ["for one", { packages: [{ ...entry, warn: ["IDL2409"] }] }],
])("msrpc.json lowers it %s, and every command keeps to that", async (_, config) => {
  const io = memoryIo({ "lsad.idl": lsad, "msrpc.json": JSON.stringify(config) });
  for (const args of [
    ["generate"],
    ["check", "./lsad.idl"],
    ["explain", "INFO"],
    ["generate", "lsad.idl", "--out", "src"],
  ]) {
    expect(await run(args, io), `${args.join(" ")}: ${io.printed.err}`).toBe(0);
  }
});

test("what msrpc.json says of one package holds for no other file", async () => {
  const config = { packages: [{ ...entry, warn: ["IDL2409"] }] };
  const io = memoryIo({ "other.idl": lsad, "msrpc.json": JSON.stringify(config) });
  expect(await run(["check", "other.idl"], io)).toBe(1);
});

test("init keeps what a config lowers", async () => {
  const config = { warn: ["IDL2409"], packages: [{ ...entry, warn: ["IDL2409"] }] };
  const io = memoryIo({ "lsad.idl": lsad, "msrpc.json": JSON.stringify(config) });
  expect(await run(["init", "ms-echo"], io), io.printed.err).toBe(0);
  const written = JSON.parse(io.read("msrpc.json") ?? "") as typeof config;
  expect(written.warn).toEqual(["IDL2409"]);
  expect(written.packages).toHaveLength(2);
  expect(await run(["check", "lsad.idl"], io)).toBe(0);
});

test("a code that may not be lowered is wrong use and names those that may", async () => {
  const io = memoryIo({ "lsad.idl": lsad });
  expect(await run(["check", "lsad.idl", "--warn", "IDL2001"], io)).toBe(2);
  expect(io.printed.err).toBe(
    "error: IDL2001 can't be made a warning: only IDL2409 can, where the wire stays well-defined\n",
  );
  io.write("msrpc.json", JSON.stringify({ warn: ["WIRE3001"], packages: [entry] }));
  expect(await run(["generate"], io)).toBe(2);
  io.write("msrpc.json", JSON.stringify({ warn: "IDL2409", packages: [entry] }));
  expect(await run(["generate"], io)).toBe(2);
  expect(io.printed.err).toContain('"warn" is a list of codes');
});
