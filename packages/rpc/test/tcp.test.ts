/** Generated-style clients and servers over real sockets on loopback. */
import { createClient, createRouter, handleKind, type ServerLimits } from "@msrpc/rpc";
import { tcpServer, type TcpOptions, tcpTransport } from "@msrpc/rpc/tcp";
import { afterEach, expect, test } from "vitest";
import { echo, echoServer, type EchoServer, octetsOf, otherEcho } from "./echo.ts";
import { type GroupHandle, sample } from "./sample.ts";

const closers: AsyncDisposable[] = [];
afterEach(async () => {
  for (const closer of closers.splice(0).toReversed()) await closer[Symbol.asyncDispose]();
});

interface Setup extends EchoServer {
  readonly client: ReturnType<typeof createClient<(typeof echo)["operations"]>>;
  readonly binding: string;
}

async function setUp(options: TcpOptions = {}, limits: Partial<ServerLimits> = {}): Promise<Setup> {
  const served = echoServer();
  const server = tcpServer(served.router, { limits });
  closers.push(server);
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  const transport = tcpTransport(binding, options);
  closers.push(transport);
  return { ...served, binding, client: createClient(echo, transport) };
}

for (const syntax of ["ndr", "ndr64"] as const) {
  for (const byteOrder of ["little", "big"] as const) {
    test(`octets come back over TCP in ${syntax}, ${byteOrder}-endian, whole and in fragments`, async () => {
      const limits = { maxFragment: 1432 };
      const { client } = await setUp({ syntaxes: [syntax], byteOrder, limits });
      for (const length of [0, 1, 100, 1400, 1408, 1409, 2816, 100_000]) {
        const data = octetsOf(length);
        expect(await client.echoData({ data })).toEqual({ data });
      }
    });
  }
}

test("a response of many fragments arrives whole", async () => {
  const { client } = await setUp({}, { maxFragment: 2048 });
  const { data } = await client.sourceData({ length: 1_000_000 });
  expect(Buffer.compare(data, octetsOf(1_000_000))).toBe(0);
});

test("a thousand calls are under way at once, and each gets its own answer", async () => {
  const { client, waiting, arrived } = await setUp();
  const calls = Array.from({ length: 1000 }, () => client.wait());
  await arrived(1000);
  waiting.toReversed().forEach(({ answer }, i) => answer(i));
  const outcomes = (await Promise.all(calls)).map(({ outcome }) => outcome);
  expect(outcomes).toEqual(Array.from({ length: 1000 }, (_, i) => 999 - i));
});

test("a call that waits lets others pass", async () => {
  const { client, waiting, arrived } = await setUp();
  const slow = client.wait();
  await arrived(1);
  const data = octetsOf(10);
  expect(await client.echoData({ data })).toEqual({ data });
  waiting[0]?.answer(5);
  expect(await slow).toEqual({ outcome: 5 });
});

test("several interfaces share a connection", async () => {
  const served = echoServer();
  await using server = tcpServer(served.router);
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  await using transport = tcpTransport(binding);
  const data = octetsOf(20);
  expect(await createClient(echo, transport).echoData({ data })).toEqual({ data });
  expect(await createClient(otherEcho, transport).echoData({ data })).toEqual({ data });
  expect(server.connections).toBe(1);
});

test("handles live on the connection that opened them and are run down with it", async () => {
  const ranDown = Promise.withResolvers<string>();
  const groups = handleKind<GroupHandle, string>("group", (name) => ranDown.resolve(name));
  const router = createRouter({ onError: () => {} }).serve(sample, {
    openGroup: ({ groupName }, { handles }) => handles.open(groups, groupName),
    getGroupState: ({ group }, { handles }) => {
      return { state: 1, nodeName: handles.get(groups, group) };
    },
  });
  await using server = tcpServer(router);
  const transport = tcpTransport(await server.listen("ncacn_ip_tcp:127.0.0.1[0]"));
  const client = createClient(sample, transport);
  const group = await client.openGroup({ groupName: "SQL" });
  expect(await client.getGroupState({ group })).toEqual({ state: 1, nodeName: "SQL" });
  await transport[Symbol.asyncDispose]();
  expect(await ranDown.promise).toBe("SQL");
});

test("a transport that was disposed makes no connection for calls that come late", async () => {
  const server = tcpServer(echoServer().router);
  closers.push(server);
  const transport = tcpTransport(await server.listen("ncacn_ip_tcp:127.0.0.1[0]"));
  const client = createClient(echo, transport);
  await client.echoData({ data: octetsOf(1) });
  const late = expect(client.wait()).rejects.toMatchObject({ code: "disposed" });
  await transport[Symbol.asyncDispose]();
  await late;
  await expect(client.wait()).rejects.toMatchObject({ code: "disposed", mayHaveRun: false });
  await expect.poll(() => server.connections).toBe(0);
});
