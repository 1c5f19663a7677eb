import { expect, test } from "vitest";
import { run } from "../src/run.ts";
import { memoryIo } from "./memory-io.ts";

const idl = `[uuid(12345678-1234-1234-1234-123456789abc), version(1.0)]
interface demo {
  long Open([in, string] wchar_t *name, [in] long mode);
  long Opnum1NotUsedOnWire(void);
}`;
const config = JSON.stringify({
  packages: [{ name: "demo", description: "Demo", out: "generated/demo", idl: ["demo.idl"] }],
});
const stub = "03000000 00000000 03000000 68006900 0000 0000 07000000";

test("decode shows offsets, names and values", async () => {
  const io = memoryIo({ "demo.idl": idl, "in.hex": stub });
  expect(await run(["decode", "in", "in.hex", "--op", "Open", "--idl", "demo.idl"], io)).toBe(0);
  expect(io.printed.out).toContain("Open, opnum 0, in: 24 bytes\n");
  expect(io.printed.out).toContain('00000c  name = "hi"\n');
  expect(io.printed.out).toContain("000014  mode = 7\n");
});

test("decode takes the IDL from msrpc.json", async () => {
  const io = memoryIo({ "demo.idl": idl, "in.hex": stub, "msrpc.json": config });
  expect(await run(["decode", "in", "in.hex", "--op", "Open"], io)).toBe(0);
});

test("decode reads NDR64 and big-endian", async () => {
  const ndr64 = "0300000000000000 0000000000000000 0300000000000000 680069000000 0000 07000000";
  const big = "00000003 00000000 00000003 00680069 0000 0000 00000007";
  const io = memoryIo({ "demo.idl": idl, "64.hex": ndr64, "big.hex": big });
  const args = ["--op", "Open", "--idl", "demo.idl"];
  expect(await run(["decode", "in", "64.hex", "--ndr64", ...args], io)).toBe(0);
  expect(await run(["decode", "in", "big.hex", "--big-endian", ...args], io)).toBe(0);
  expect(io.printed.out.match(/mode = 7/g)).toHaveLength(2);
});

test("decode shows damaged bytes up to the fault, names field and offset, and exits 1", async () => {
  const io = memoryIo({ "demo.idl": idl, "in.hex": stub.slice(0, -9) });
  expect(await run(["decode", "in", "in.hex", "--op", "Open", "--idl", "demo.idl"], io)).toBe(1);
  expect(io.printed.out).toContain('name = "hi"');
  expect(io.printed.err).toMatch(/^error: Open: mode: .*offset/);
});

test("decode reports bytes that are left over", async () => {
  const io = memoryIo({ "demo.idl": idl, "in.hex": `${stub} ff` });
  expect(await run(["decode", "in", "in.hex", "--op", "Open", "--idl", "demo.idl"], io)).toBe(1);
  expect(io.printed.err).toContain("1 byte is left over at offset 24");
});

test("decode suggests a name, and refuses an operation that is not on the wire", async () => {
  const io = memoryIo({ "demo.idl": idl, "in.hex": stub });
  expect(await run(["decode", "in", "in.hex", "--op", "Opne", "--idl", "demo.idl"], io)).toBe(2);
  expect(io.printed.err).toContain("did you mean Open?");
  const absent = ["decode", "in", "in.hex", "--op", "Opnum1NotUsedOnWire", "--idl", "demo.idl"];
  expect(await run(absent, io)).toBe(2);
  expect(io.printed.err).toContain("Opnum1NotUsedOnWire is not used on the wire");
});

test("an operation that two interfaces have is named with its interface", async () => {
  const other = idl.replace("12345678-", "22345678-").replace("interface demo", "interface other");
  const io = memoryIo({
    "both.idl": `${idl}\n${other.replace("[in] long mode", "[in] short mode")}`,
    "in.hex": stub,
  });
  const args = ["decode", "in", "in.hex", "--idl", "both.idl", "--op"];
  expect(await run([...args, "Open"], io)).toBe(2);
  expect(io.printed.err).toContain("write demo.Open, other.Open");
  expect(await run([...args, "demo.Open"], io)).toBe(0);
});

test("decode and explain know what an overlay mends", async () => {
  const overlay = {
    interfaces: {
      demo: {
        operations: {
          Open: {
            params: { mode: { correct: { type: "u16", reason: "Clients send two bytes." } } },
          },
        },
      },
    },
  };
  const io = memoryIo({
    "demo.idl": idl,
    "demo.overlay.json": JSON.stringify(overlay),
    "in.hex": "03000000 00000000 03000000 68006900 0000 0700",
  });
  expect(await run(["decode", "in", "in.hex", "--op", "Open", "--idl", "demo.idl"], io)).toBe(0);
  expect(await run(["explain", "Open", "demo.idl"], io)).toBe(0);
  expect(io.printed.out).toMatch(/mode\s+\S*.*u16/);
});

test("a status goes by the name that the overlay's table has for it", async () => {
  const io = memoryIo({
    "a.idl": "[uuid(12345678-1234-abcd-ef00-0123456789ab)] interface a { long f(); }",
    "a.overlay.json":
      '{ "statusTable": "s.json", "interfaces": { "a": { "status": ["return"] } } }',
    "s.json": '{ "E_ACCESSDENIED": "0x80070005" }',
    "out.hex": "05000780",
  });
  expect(await run(["decode", "out", "out.hex", "--op", "f", "--idl", "a.idl"], io)).toBe(0);
  expect(io.printed.out).toContain("return = -2147024891 (E_ACCESSDENIED)");
});
