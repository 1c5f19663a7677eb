// Files in Samba's dialect of IDL, through the commands.
import { readFileSync } from "node:fs";
import { createRouter } from "@msrpc/rpc";
import { type TcpServer, tcpServer } from "@msrpc/rpc/tcp";
import { rpcecho } from "@msrpc/rpcecho";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../src/index.ts";
import { memoryIo } from "./memory-io.ts";

const echo = readFileSync(new URL("../../wire/test/pidl/echo.idl", import.meta.url), "utf8");
const partly = `[uuid("12345678-1234-abcd-ef00-0123456789ab"), version(1.0)] interface part {
  void Whole([in] uint32 a); void Far([in] uint32 n, [in,relative] uint8 *far); }`;
const files = {
  "echo.idl": echo,
  "wider.idl": echo.replace("[in] uint32 seconds", "[in] hyper seconds"),
  "part.idl": partly,
  "in.hex": "2a000000",
};

const router = createRouter({ onError: () => {} }).serve(rpcecho, {
  addOne: ({ number }) => ({ sum: number + 1 }),
});
let server: TcpServer;
let binding = "";

beforeAll(async () => {
  server = tcpServer(router, {});
  binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
});
afterAll(() => server.close({ graceTime: 0 }));

async function msrpc(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = memoryIo(files);
  const code = await run([...words, "--dialect", "pidl"], io);
  return { code, ...io.printed };
}

test("`check` takes Samba's dialect where it is told to", async () => {
  expect(await msrpc("check", "echo.idl")).toMatchObject({ code: 0 });
  const io = memoryIo(files);
  expect(await run(["check", "echo.idl"], io)).toBe(1);
});

test("`check` says what is left out, and where, and that is no error", async () => {
  const { code, out, err } = await msrpc("check", "part.idl");
  expect(code).toBe(0);
  expect(out + err).toContain("IDL1501");
  expect(out + err).toContain("part.idl:2:58");
  expect(out + err).toContain("`Far` is left out");
});

test("`call` calls a server by it", async () => {
  const { code, out } = await msrpc(
    "call",
    binding,
    "AddOne",
    '{ "number": 41 }',
    "--idl",
    "echo.idl",
  );
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({ sum: 42 });
});

test("`decode` reads octets by it", async () => {
  const { code, out } = await msrpc(
    "decode",
    "in",
    "in.hex",
    "--op",
    "AddOne",
    "--idl",
    "echo.idl",
  );
  expect(code).toBe(0);
  expect(out).toContain("number = 42");
});

test("`diff` tells what changed on the wire", async () => {
  const { code, out } = await msrpc("diff", "echo.idl", "wider.idl");
  expect(code).toBe(1);
  expect(out).toContain("request.seconds: was u32 of 4 octets, is i64 of 8 octets (breaking)");
});

test("`generate` makes modules of what maps", async () => {
  const io = memoryIo(files);
  const code = await run(
    ["generate", "echo.idl", "part.idl", "--out", "made", "--dialect", "pidl"],
    io,
  );
  expect(code).toBe(0);
  expect(io.read("made/rpcecho/add-one.ts")).toContain("w.u32(q.number");
  expect(io.read("made/part/whole.ts")).not.toBeNull();
  expect(io.read("made/part/far.ts")).toBeNull();
});

test("a dialect that nobody knows is a wrong use", async () => {
  const io = memoryIo(files);
  expect(await run(["check", "echo.idl", "--dialect", "cobol"], io)).toBe(2);
  expect(io.printed.err).toContain("midl, pidl");
});
