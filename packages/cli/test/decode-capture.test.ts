import { PassThrough } from "node:stream";
import { accountList, ntHashOf, ntlmServer, Secret, setPassword, spnegoServer } from "@msrpc/auth";
import { createRouter, RpcFault } from "@msrpc/rpc";
import { captureTo } from "@msrpc/rpc/capture";
import { tcpServer } from "@msrpc/rpc/tcp";
import { rpcecho } from "@msrpc/rpcecho";
import { beforeAll, expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { run } from "../src/index.ts";
import { memoryIo } from "./memory-io.ts";

const idl = readFileSync(new URL("../../../idl/rpcecho/rpcecho.idl", import.meta.url), "utf8");
const files = {
  "echo.idl": idl,
  users: setPassword("", { user: "alice", domain: "EXAMPLE", password: "secret" }),
};

const router = createRouter({ onError: () => {} }).serve(rpcecho, {
  addOne: ({ number }) => ({ sum: number + 1 }),
  echoData: ({ data }) => ({ data }),
  sinkData() {
    throw new RpcFault(0x1c010014);
  },
});

const calls = [
  ["AddOne", '{"number": 41}'],
  ["EchoData", `{"in_data": "${"0a".repeat(20_000)}"}`],
  ["SinkData", '{"data": "00"}'],
] as const;

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A capture of calls that `msrpc call` made. */
async function captureOf(...options: string[]): Promise<Uint8Array> {
  const out = new PassThrough();
  const chunks: Uint8Array[] = [];
  out.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  const accounts = accountList([
    { user: "alice", domain: "EXAMPLE", ntHash: new Secret(ntHashOf("secret")) },
  ]);
  const ntlm = ntlmServer({ accounts });
  const server = tcpServer(router, { security: [ntlm, spnegoServer([ntlm])] });
  const capture = captureTo(out, { filter: ({ role }) => role === "client" });
  const at = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  const environment = { MSRPC_PASSWORD: "secret" };
  for (const [name, request] of calls) {
    const io = memoryIo(files, [], environment);
    await run(["call", at, name, request, "--idl", "echo.idl", ...options], io);
  }
  await server.close({ graceTime: 0 });
  await capture.close();
  return new Uint8Array(Buffer.concat(chunks));
}

async function decode(file: Uint8Array, words: string[], password?: string): Promise<Ran> {
  const io = memoryIo(files, [], password === undefined ? {} : { MSRPC_PASSWORD: password });
  io.octets.set("a.pcapng", file);
  const code = await run(["decode", "a.pcapng", "--idl", "echo.idl", ...words], io);
  return { code, ...io.printed };
}

let plain: Uint8Array;

beforeAll(async () => {
  plain = await captureOf();
});

test("a capture is shown as calls and answers, with names, values and offsets", async () => {
  const { code, out } = await decode(plain, []);
  expect(out).toMatch(/context 0: rpcecho 1\.0 in NDR 2\.0$/m);
  expect(out).toMatch(/call \d+ rpcecho\.AddOne request, 4 octets\n000000 {4}number = 41\n/);
  expect(out).toMatch(/call \d+ rpcecho\.AddOne response, 4 octets\n000000 {4}sum = 42\n/);
  expect(out).toContain("000008    in_data = 20000 bytes: 0a 0a");
  expect(out).toMatch(/rpcecho\.SinkData fault: nca_s_server_too_busy/);
  expect(code).toBe(0);
});

test("as JSON, a call stands with its answer", async () => {
  const { out } = await decode(plain, ["--format", "json"]);
  const [first, second, third] = JSON.parse(out) as unknown[];
  const [request, response] = [{ number: 41 }, { sum: 42 }];
  expect(first).toMatchObject({ operation: "rpcecho.AddOne", request, response });
  expect(second).toMatchObject({ request: { len: 20_000, in_data: "0a".repeat(20_000) } });
  expect(third).toMatchObject({ operation: "rpcecho.SinkData", fault: "nca_s_server_too_busy" });
});

test("octets are shown where they are asked for", async () => {
  const { out } = await decode(plain, ["--hex"]);
  expect(out).toContain("  000000  29 00 00 00                                      |)...|");
});

const sealedBy = [
  ["SPNEGO", ["--user", "EXAMPLE\\alice"]],
  ["SPNEGO signing alone", ["--user", "EXAMPLE\\alice", "--level", "integrity"]],
] as const;

for (const [name, options] of sealedBy) {
  test(`${name} is read with the password`, async () => {
    const { code, out, err } = await decode(
      await captureOf(...options),
      ["--user", "EXAMPLE\\alice"],
      "secret",
    );
    expect(out).toMatch(/SPNEGO (?:privacy|integrity)/);
    expect(out).toContain("number = 41");
    expect(out).toContain("sum = 42");
    expect(out).toContain("out_data = 20000 bytes: 0a 0a");
    expect([code, err]).toEqual([0, ""]);
  });
}

test("what is sealed is read with the NT hash of an account file", async () => {
  const sealed = await captureOf("--user", "EXAMPLE\\alice");
  const { out } = await decode(sealed, ["--users", "users"]);
  expect(out).toContain("sum = 42");
});

test("without a password what is sealed is told, and is no damage", async () => {
  const sealed = await captureOf("--user", "EXAMPLE\\alice");
  const { code, out, err } = await decode(sealed, []);
  expect(out).toContain("it is sealed by SPNEGO: no password was given for EXAMPLE\\alice");
  expect(out).not.toContain("sum");
  expect(err).toBe("note: 5 messages are sealed: --user or --users opens what NTLM sealed\n");
  expect(code).toBe(0);
});

test("a wrong password is told", async () => {
  const sealed = await captureOf("--user", "EXAMPLE\\alice");
  const { out } = await decode(sealed, ["--user", "alice"], "wrong");
  expect(out).toContain("the password is not that of EXAMPLE\\alice");
});

test("an interface that no file has is shown in octets", async () => {
  const io = memoryIo({
    "other.idl": "[uuid(12345678-1234-abcd-ef00-0123456789ab)] interface o {}",
  });
  io.octets.set("a.pcapng", plain);
  const code = await run(["decode", "a.pcapng", "--idl", "other.idl"], io);
  expect(io.printed.out).toContain(`${rpcecho.uuid}.opnum 0 request`);
  expect(io.printed.out).toContain("  000000  29 00 00 00");
  expect(code).toBe(0);
});

test("a damaged message is shown up to the fault, with the field's path", async () => {
  const io = memoryIo({ ...files, "other.idl": idl.replace("byte in_data[]", "hyper in_data[]") });
  io.octets.set("a.pcapng", plain);
  const code = await run(["decode", "a.pcapng", "--idl", "other.idl"], io);
  expect(io.printed.out).toContain(
    "000000    len = 20000\n000004    in_data.<maxCount> = 20000\n  error: in_data: 20000 elements in 20000 bytes",
  );
  expect(code).toBe(1);
});

test("damaged captures end, whatever is wrong, and are told of by the exit code alone", async () => {
  let state = 7;
  const next = (bound: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
  const codes = new Set<number>();
  for (let round = 0; round < 60; round++) {
    const damaged = plain.slice(0, next(3) === 0 ? next(plain.length) : plain.length);
    for (let hits = next(30); hits >= 0; hits--) damaged[next(damaged.length)] = next(256);
    for (const format of ["text", "json"]) {
      const { code, out } = await decode(damaged, ["--format", format]);
      codes.add(code);
      if (format === "json") expect(() => JSON.parse(out) as unknown).not.toThrow();
    }
  }
  expect(codes).toEqual(new Set([0, 1]));
});

test("pointers that lead on hundreds of times are shown with the ends of their paths", async () => {
  const io = memoryIo({
    "a.idl":
      "[uuid(12345678-1234-abcd-ef00-0123456789ab)] interface a { typedef struct N { [unique] struct N *next; } N; void f([in] N *n); }",
    "in.hex": "01000000".repeat(400) + "00000000",
  });
  expect(await run(["decode", "in", "in.hex", "--op", "f", "--idl", "a.idl"], io)).toBe(0);
  const lines = io.printed.out.split("\n");
  expect(lines.length).toBeGreaterThan(400);
  for (const line of lines) expect(line.length).toBeLessThan(400);
});

test("text that a terminal would follow is shown as escapes", async () => {
  const io = memoryIo(files);
  const hex = "0300000000000000030000009b00310000000000";
  io.files.set("in.hex", hex);
  await run(["decode", "in", "in.hex", "--op", "TestCall", "--idl", "echo.idl"], io);
  expect(io.printed.out).toContain('text = "\\u009b1"');
});

test.each([
  [["decode", "none.pcapng", "--idl", "echo.idl"], "there is no file none.pcapng"],
  [["decode", "a.pcapng", "x.hex", "--op", "AddOne"], "as in or out, and not as a.pcapng"],
  [["decode", "in", "x.hex"], "name the operation"],
  [["decode", "a.pcapng", "--op", "AddOne"], "--op goes with in or out"],
])("%j is used wrongly", async (words, message) => {
  const io = memoryIo(files);
  io.octets.set("a.pcapng", plain);
  expect(await run(words, io)).toBe(2);
  expect(io.printed.err).toContain(message);
});
