import { readFileSync } from "node:fs";
import { createClient, RpcFault } from "@msrpc/rpc";
import { tcpTransport } from "@msrpc/rpc/tcp";
import { rpcecho } from "@msrpc/rpcecho";
import { expect, test } from "vitest";
import { run } from "../src/index.ts";
import { type MemoryIo, memoryIo } from "./memory-io.ts";

const files = {
  "echo.idl": readFileSync(new URL("../../../idl/rpcecho/rpcecho.idl", import.meta.url), "utf8"),
};
const listen = ["--listen", "ncacn_ip_tcp:127.0.0.1[0]"];
const handles = `[uuid(12345678-1234-abcd-ef00-0123456789ab), version(1.0)] interface h {
  typedef [context_handle] void *H;
  error_status_t Open([in, string] wchar_t *name, [out] H *h);
  error_status_t Use([in] H h, [in] long size, [out, size_is(size)] long *values);
  error_status_t CloseIt([in, out] H *h);
}`;

interface Serving extends AsyncDisposable {
  readonly io: MemoryIo;
  readonly binding: string;
  readonly ended: Promise<number>;
}

async function serve(words: string[], more: Record<string, string> = {}): Promise<Serving> {
  const io = memoryIo({ ...files, ...more });
  const ended = run([...words, ...listen], io);
  const binding = await Promise.race([io.listening, ended.then(() => "")]);
  return {
    io,
    binding,
    ended,
    async [Symbol.asyncDispose]() {
      io.interrupt();
      await ended;
    },
  };
}

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function call(
  binding: string,
  words: string[],
  idl: Record<string, string> = files,
): Promise<Ran> {
  const io = memoryIo(idl);
  const code = await run(["call", binding, ...words, "--idl", Object.keys(idl)[0] ?? ""], io);
  return { code, ...io.printed };
}

const requests: Readonly<Record<string, string>> = {
  AddOne: '{"number": 1}',
  EchoData: '{"in_data": "0102"}',
  SinkData: '{"data": ""}',
  SourceData: '{"len": 3000}',
  TestCall: '{"text": "a"}',
  TestCall2: '{"level": 5}',
  TestSleep: '{"seconds": 1}',
  TestEnum: '{"kind": 1, "pair": {"e1": 1, "e2": 1}, "choice": {"tag": 1, "value": 1}}',
  TestSurrounding: '{"data": {"surrounding": [1]}}',
  TestDoublePointer: '{"data": 3}',
};

test("every operation is answered with values that agree with the request", async () => {
  await using server = await serve(["mock", "--idl", "echo.idl"]);
  for (const [name, request] of Object.entries(requests)) {
    const { code, err } = await call(server.binding, [name, request]);
    expect([name, code, err]).toEqual([name, 0, ""]);
  }
  const { out } = await call(server.binding, ["SourceData", '{"len": 3000}']);
  expect((JSON.parse(out) as { data: string }).data).toHaveLength(6000);
  const level = JSON.parse(
    (await call(server.binding, ["TestCall2", '{"level": 3}'])).out,
  ) as object;
  expect(level).toMatchObject({ info: { tag: 3, arm: "info3" } });
});

test("clients of generated code take its answers", async () => {
  await using server = await serve(["mock", "--idl", "echo.idl"]);
  await using transport = tcpTransport(server.binding, { syntaxes: ["ndr64"], byteOrder: "big" });
  await using client = createClient(rpcecho, transport);
  expect(await client.addOne({ number: 1 })).toEqual({ sum: expect.any(Number) as number });
  const { data } = await client.echoData({ data: Uint8Array.of(1, 2, 3) });
  expect(data).toHaveLength(3);
});

test("answers are the same for the same seed, and others for another", async () => {
  const answers = async (seed: string): Promise<string> => {
    await using server = await serve(["mock", "--idl", "echo.idl", "--seed", seed]);
    const words = ["AddOne", requests["AddOne"] ?? "", "TestCall", requests["TestCall"] ?? ""];
    return (await call(server.binding, words)).out;
  };
  expect(await answers("7")).toBe(await answers("7"));
  expect(await answers("7")).not.toBe(await answers("8"));
});

test("handles are open until they are closed, and statuses are 0", async () => {
  await using server = await serve(["mock", "--idl", "h.idl"], { "h.idl": handles });
  const idl = { "h.idl": handles };
  const words = [
    "Open",
    '{"name": "a"}',
    "Use",
    '{"h": "Open.h", "size": 2}',
    "CloseIt",
    '{"h": "Open.h"}',
  ];
  const { code, out } = await call(server.binding, words, idl);
  const [open, use, close] = out
    .split("\n}\n")
    .map((text) => JSON.parse(text === "" ? "{}" : `${text}}`) as object);
  expect(open).toMatchObject({ h: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, return: 0 });
  expect(use).toMatchObject({ return: 0 });
  expect(close).toMatchObject({ h: null, return: 0 });
  expect(code).toBe(0);
});

test("what asks for more than is drawn is a fault, and the server lives on", async () => {
  await using server = await serve(["mock", "--idl", "echo.idl"]);
  const { err } = await call(server.binding, ["SourceData", '{"len": 4000000000}']);
  expect(err).toContain("nca_s_out_args_too_big");
  expect((await call(server.binding, ["AddOne", '{"number": 1}'])).code).toBe(0);
});

test("a script is followed entry by entry, the last one from then on", async () => {
  const script = JSON.stringify([
    { operation: "AddOne", request: { number: 1 }, response: { sum: 10 } },
    { operation: "rpcecho.AddOne", request: { number: 1 }, response: { sum: 20 } },
    { operation: "AddOne", request: { number: 2 }, fault: "nca_s_server_too_busy" },
    { operation: "TestCall", response: { echo: "any" } },
  ]);
  await using server = await serve(["mock", "--idl", "echo.idl", "--script", "s.json"], {
    "s.json": script,
  });
  const sums: string[] = [];
  for (let at = 0; at < 3; at++)
    sums.push((await call(server.binding, ["AddOne", '{"number": 1}'])).out);
  expect(sums.map((out) => (JSON.parse(out) as { sum: number }).sum)).toEqual([10, 20, 20]);
  expect((await call(server.binding, ["AddOne", '{"number": 2}'])).err).toContain("too_busy");
  expect((await call(server.binding, ["TestCall", '{"text": "x"}'])).out).toContain('"any"');
});

test("what a strict script doesn't say is a fault", async () => {
  const words = ["mock", "--idl", "echo.idl", "--script", "s.json", "--strict"];
  await using server = await serve(words, { "s.json": "[]" });
  expect((await call(server.binding, ["AddOne", '{"number": 1}'])).err).toContain(
    "nca_s_fault_unspec",
  );
});

test("calls are told, and the end is an orderly one", async () => {
  const server = await serve(["mock", "--idl", "echo.idl"]);
  await call(server.binding, ["AddOne", '{"number": 1}']);
  server.io.interrupt();
  expect(await server.ended).toBe(0);
  expect(server.io.printed.out).toMatch(/^rpcecho\.AddOne \{"number":1\} -> \{"sum":\d+\}$/m);
});

test.each([
  [["mock", "--idl", "echo.idl", "--script", "none.json"], "there is no file none.json"],
  [["mock", "--idl", "echo.idl", "--script", "echo.idl"], "echo.idl is not JSON"],
  [["mock", "--idl", "echo.idl", "--script", "bad.json"], "entry 1 names no operation"],
  [["mock", "--idl", "echo.idl", "--script", "fault.json"], "nca_x is no fault"],
  [["mock", "--idl", "echo.idl", "--strict"], "--strict goes with --script"],
  [["mock", "--idl", "echo.idl", "--seed", "x"], "--seed takes a number"],
  [["mock", "--idl", "echo.idl", "--users", "none"], "there is no file none"],
  [["replay", "none.pcapng", "--idl", "echo.idl"], "there is no file none.pcapng"],
])("%j is used wrongly", async (words, message) => {
  const more = { "bad.json": "[1]", "fault.json": '[{"operation":"f","fault":"nca_x"}]' };
  const server = await serve(words, more);
  expect(await server.ended).toBe(2);
  expect(server.io.printed.err).toContain(message);
});

test("a session that was recorded is served again, calls and faults", async () => {
  const recorded = memoryIo(files);
  {
    const script = JSON.stringify([
      { operation: "AddOne", request: { number: 1 }, response: { sum: 111 } },
      { operation: "AddOne", request: { number: 1 }, response: { sum: 222 } },
      { operation: "AddOne", request: { number: 3 }, fault: "nca_s_server_too_busy" },
    ]);
    await using server = await serve(["mock", "--idl", "echo.idl", "--script", "s.json"], {
      "s.json": script,
    });
    const ended = run(["record", "a.pcapng", ...listen, "--to", server.binding], recorded);
    const proxy = await recorded.listening;
    for (const number of [1, 1, 3]) await call(proxy, ["AddOne", `{"number": ${number}}`]);
    await call(proxy, ["EchoData", `{"in_data": "${"0b".repeat(70_000)}"}`]);
    recorded.interrupt();
    expect(await ended).toBe(0);
  }
  expect(recorded.printed.out).toContain("4 connections in a.pcapng");
  const io = memoryIo(files);
  io.octets.set("a.pcapng", recorded.octets.get("a.pcapng") ?? new Uint8Array());
  const ended = run(["replay", "a.pcapng", "--idl", "echo.idl", ...listen], io);
  const binding = await io.listening;
  await using transport = tcpTransport(binding, { syntaxes: ["ndr64"] });
  await using client = createClient(rpcecho, transport);
  expect(await client.addOne({ number: 1 })).toEqual({ sum: 111 });
  expect(await client.addOne({ number: 1 })).toEqual({ sum: 222 });
  expect(await client.addOne({ number: 1 })).toEqual({ sum: 222 });
  const busy = await client.addOne({ number: 3 }).catch((error: unknown) => error);
  expect(busy).toBeInstanceOf(RpcFault);
  expect((busy as RpcFault).statusName).toBe("nca_s_server_too_busy");
  const never = await client.addOne({ number: 4 }).catch((error: unknown) => error);
  expect((never as RpcFault).statusName).toBe("nca_s_fault_unspec");
  const { data } = await client.echoData({ data: new Uint8Array(70_000).fill(0x0b) });
  expect(data).toHaveLength(70_000);
  io.interrupt();
  expect(await ended).toBe(0);
});

test("a server that isn't there is told, and the client hears the end", async () => {
  const io = memoryIo(files);
  const to = ["--to", "ncacn_ip_tcp:127.0.0.1[1]"];
  const ended = run(["record", "a.pcapng", ...listen, ...to], io);
  const { code } = await call(await io.listening, ["AddOne", '{"number": 1}']);
  expect(code).toBe(1);
  io.interrupt();
  await ended;
  expect(io.printed.err).toContain("ECONNREFUSED");
});

test.each([
  [["--to", "ncacn_ip_tcp:host"], "names no port"],
  [["--to", "host:1"], "a port stands in brackets"],
  [["--to", "ncacn_unix_stream:[/tmp/x]"], "only ncacn_ip_tcp is recorded"],
])("record %j is used wrongly", async (words, message) => {
  const io = memoryIo(files);
  expect(await run(["record", "a.pcapng", ...listen, ...words], io)).toBe(2);
  expect(io.printed.err).toContain(message);
});
