/** Calls over sockets that don't end well: faults, giving up, limits, ends of connections. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import {
  createClient,
  createRouter,
  handleKind,
  type InterfaceId,
  type ServerLimits,
} from "@msrpc/rpc";
import { tcpServer, type TcpServer, type TcpOptions, tcpTransport } from "@msrpc/rpc/tcp";
import { afterEach, expect, test, vi } from "vitest";
import { echo, echoServer, type EchoServer, octetsOf, otherEcho } from "./echo.ts";
import { type GroupHandle, sample } from "./sample.ts";

const closers: AsyncDisposable[] = [];
afterEach(async () => {
  for (const closer of closers.splice(0).toReversed()) await closer[Symbol.asyncDispose]();
});

interface Setup extends EchoServer {
  readonly client: ReturnType<typeof createClient<(typeof echo)["operations"]>>;
  readonly server: TcpServer;
  readonly binding: string;
}

async function setUp(
  options: TcpOptions = {},
  limits: Partial<ServerLimits> = {},
  at = "ncacn_ip_tcp:127.0.0.1[0]",
): Promise<Setup> {
  const served = echoServer();
  const server = tcpServer(served.router, { limits });
  closers.push(server);
  const binding = await server.listen(at);
  const transport = tcpTransport(binding, options);
  closers.push(transport);
  return { ...served, server, binding, client: createClient(echo, transport) };
}

const data = octetsOf(9);

test("a fault fails its call and nothing else", async () => {
  const { client, waiting, arrived, server } = await setUp();
  const slow = client.wait();
  await arrived(1);
  await expect(client.fail({ status: 0x1c000001 })).rejects.toMatchObject({
    name: "RpcFault",
    statusName: "nca_s_fault_int_div_by_zero",
    operation: "Fail",
  });
  waiting[0]?.answer(3);
  expect(await slow).toEqual({ outcome: 3 });
  expect(server.connections).toBe(1);
});

test("an aborted call rejects at once, its handler hears of it, and the connection goes on", async () => {
  const { client, waiting, arrived, server } = await setUp();
  const controller = new AbortController();
  const reason = new Error("changed my mind");
  const call = client.wait({}, { signal: controller.signal });
  await arrived(1);
  const aborted = new Promise((resolve) => {
    waiting[0]?.signal.addEventListener("abort", resolve);
  });
  controller.abort(reason);
  await expect(call).rejects.toBe(reason);
  await aborted;
  waiting[0]?.answer(1);
  expect(await client.echoData({ data })).toEqual({ data });
  expect(server.connections).toBe(1);
});

test("a call past its deadline is cancelled at the server", async () => {
  const { client, waiting, arrived } = await setUp();
  // Bound by this, the next call leaves before any timer runs.
  await client.echoData({ data });
  const call = client.wait({}, { deadline: new Date(Date.now() + 20) });
  await expect(call).rejects.toMatchObject({ name: "TimeoutError" });
  await arrived(1);
  expect(await client.echoData({ data })).toEqual({ data });
  expect(waiting[0]?.signal.aborted).toBe(true);
});

test("a request larger than the server takes costs its connection, and the next call makes another", async () => {
  const { client, server } = await setUp({}, { maxRequest: 100_000 });
  const call = client.echoData({ data: octetsOf(200_000) });
  await expect(call).rejects.toMatchObject({ status: 5 });
  await vi.waitFor(() => expect(server.connections).toBe(0));
  expect(await client.echoData({ data })).toEqual({ data });
});

test("a response larger than the client takes fails its call alone", async () => {
  const { client, server } = await setUp({ limits: { maxResponse: 100_000 } });
  const call = client.sourceData({ length: 1_000_000 });
  await expect(call).rejects.toMatchObject({ name: "TransportError", code: "too_large" });
  expect(await client.echoData({ data })).toEqual({ data });
  expect(server.connections).toBe(1);
});

test("an interface that isn't served is nca_s_unk_if, and others are bound on", async () => {
  const { client, binding } = await setUp();
  const transport = tcpTransport(binding);
  closers.push(transport);
  const stranger = createClient(sample, transport);
  const call = stranger.getVersion();
  await expect(call).rejects.toMatchObject({ statusName: "nca_s_unk_if" });
  expect(await createClient(echo, transport).echoData({ data })).toEqual({ data });
  expect(await client.echoData({ data })).toEqual({ data });
});

test("without a transfer syntax in common there is no association", async () => {
  const served = echoServer();
  const server = tcpServer(served.router, { syntaxes: ["ndr64"] });
  closers.push(server);
  const transport = tcpTransport(await server.listen("ncacn_ip_tcp:127.0.0.1[0]"), {
    syntaxes: ["ndr"],
  });
  await expect(transport.associate(echo)).rejects.toMatchObject({ code: "no_transfer_syntax" });
});

test("where nobody listens the server is unreachable", async () => {
  const { binding, server } = await setUp();
  await server.close();
  const transport = tcpTransport(binding);
  await expect(transport.associate(echo)).rejects.toMatchObject({
    name: "TransportError",
    code: "unreachable",
  });
});

test("calls under way fail when the connection breaks, and the client recovers", async () => {
  const first = await setUp();
  const call = first.client.wait();
  await first.arrived(1);
  const [, port = ""] = /\[(\d+)\]/.exec(first.binding) ?? [];
  const ended = first.server.close({ graceTime: 0 });
  await expect(call).rejects.toMatchObject({ name: "TransportError", code: "closed" });
  await ended;
  const again = tcpServer(echoServer().router);
  closers.push(again);
  await again.listen(`ncacn_ip_tcp:127.0.0.1[${port}]`);
  expect(await first.client.echoData({ data })).toEqual({ data });
});

test("a server that closes lets calls finish, and takes no others", async () => {
  const { client, server, waiting, arrived } = await setUp();
  const call = client.wait();
  await arrived(1);
  const closed = server.close();
  waiting[0]?.answer(8);
  expect(await call).toEqual({ outcome: 8 });
  await closed;
  expect(server.connections).toBe(0);
  await expect(client.echoData({ data })).rejects.toMatchObject({ code: "unreachable" });
});

test("connections beyond the limit are closed where none may give way", async () => {
  const { client, binding, server, arrived, waiting } = await setUp({}, { maxConnections: 1 });
  const call = client.wait();
  await arrived(1);
  const other = tcpTransport(binding);
  await expect(other.associate(echo)).rejects.toMatchObject({ code: "closed" });
  expect(server.connections).toBe(1);
  waiting[0]?.answer(8);
  expect(await call).toEqual({ outcome: 8 });
});

test("the connection ends with the last client that uses it", async () => {
  const { client, binding, server } = await setUp();
  const other = createClient(otherEcho, tcpTransport(binding));
  await client.echoData({ data });
  await other.echoData({ data });
  expect(server.connections).toBe(2);
  await other[Symbol.asyncDispose]();
  await client[Symbol.asyncDispose]();
  await server.close();
  expect(server.connections).toBe(0);
});

test("the port is asked for where the binding has none", async () => {
  const { binding } = await setUp();
  const asked: InterfaceId[] = [];
  const transport = tcpTransport("ncacn_ip_tcp:127.0.0.1", {
    async resolveEndpoint(_binding, target) {
      asked.push(target);
      return /\[(\d+)\]/.exec(binding)?.[1] ?? "";
    },
  });
  closers.push(transport);
  expect(await createClient(echo, transport).echoData({ data })).toEqual({ data });
  expect(asked).toMatchObject([{ uuid: echo.uuid }]);
  await expect(tcpTransport("ncacn_ip_tcp:127.0.0.1").associate(echo)).rejects.toMatchObject({
    code: "no_endpoint",
  });
});

test("of several endpoints the first that somebody listens at is taken", async () => {
  const { binding } = await setUp();
  const port = /\[(\d+)\]/.exec(binding)?.[1] ?? "";
  const resolveEndpoint = (): Promise<string[]> => Promise.resolve(["1", port, "2"]);
  const transport = tcpTransport("ncacn_ip_tcp:127.0.0.1", { resolveEndpoint });
  closers.push(transport);
  expect(await createClient(echo, transport).echoData({ data })).toEqual({ data });
  for (const [found, code] of [
    [["1", "2"], "unreachable"],
    [[], "no_endpoint"],
  ] as const) {
    const nowhere = tcpTransport("ncacn_ip_tcp:127.0.0.1", { resolveEndpoint: async () => found });
    await expect(nowhere.associate(echo)).rejects.toMatchObject({ code });
  }
});

test("a server that is told to close twice waits no longer than the shorter time", async () => {
  const { client, server, arrived } = await setUp();
  const call = client.wait().catch((error: unknown) => error);
  await arrived(1);
  const patient = server.close();
  await server.close({ graceTime: 0 });
  await patient;
  expect(await call).toMatchObject({ code: "closed" });
});

test("a server counts calls and PDUs", async () => {
  const { client, server } = await setUp();
  expect(server.isListening).toBe(true);
  for (let i = 0; i < 3; i++) await client.echoData({ data });
  expect(server.statistics).toEqual({ callsIn: 3, packetsIn: 4, packetsOut: 4 });
  await server.close();
  expect(server.isListening).toBe(false);
});

test("a Unix socket carries calls as TCP does", async () => {
  const folder = await mkdtemp(join(tmpdir(), "msrpc-"));
  const { client, binding } = await setUp({}, {}, `ncacn_unix_stream:[${join(folder, "echo")}]`);
  expect(binding).toBe(`ncacn_unix_stream:[${join(folder, "echo")}]`);
  expect(await client.echoData({ data })).toEqual({ data });
  for (const closer of closers.splice(0).toReversed()) await closer[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

test("IPv6 addresses stand in brackets", async () => {
  const loopbacks = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  const setup = setUp({}, {}, "ncacn_ip_tcp:[::1][0]");
  if (!loopbacks.some(({ address }) => address === "::1")) {
    return expect(setup).rejects.toThrow(/EADDRNOTAVAIL|EAFNOSUPPORT/);
  }
  const { client, binding } = await setup;
  expect(binding).toMatch(/^ncacn_ip_tcp:\[::1\]\[\d+\]$/);
  expect(await client.echoData({ data })).toEqual({ data });
});

test("the object UUID of a binding reaches handlers", async () => {
  const objects: (string | null)[] = [];
  const router = createRouter({ onError: () => {} }).serve(echo, {
    echoData({ data }, { object }) {
      objects.push(object);
      return { data };
    },
  });
  const server = tcpServer(router);
  closers.push(server);
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  const object = "308fb580-1eb2-11ca-923b-08002b1075a7";
  for (const text of [`${object}@${binding}`, binding]) {
    const transport = tcpTransport(text, { limits: { maxFragment: 1432 } });
    closers.push(transport);
    const large = octetsOf(5000);
    const answer = await createClient(echo, transport).echoData({ data: large });
    expect(answer).toEqual({ data: large });
  }
  expect(objects).toEqual([object, null]);
});

test("what answers with other octets than PDUs is a protocol error", async () => {
  const listener = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  const port = typeof address === "object" ? address?.port : 0;
  const transport = tcpTransport(`ncacn_ip_tcp:127.0.0.1[${port}]`);
  await expect(transport.associate(echo)).rejects.toMatchObject({ code: "protocol" });
  listener.close();
});

test("a handle of one connection is none on another", async () => {
  const groups = handleKind<GroupHandle, string>("group");
  const router = createRouter({ onError: () => {} }).serve(sample, {
    openGroup: ({ groupName }, { handles }) => handles.open(groups, groupName),
    getGroupState: ({ group }, { handles }) => {
      return { state: 1, nodeName: handles.get(groups, group) };
    },
  });
  const server = tcpServer(router);
  closers.push(server);
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  const [one, two] = [tcpTransport(binding), tcpTransport(binding)];
  closers.push(one, two);
  const group = await createClient(sample, one).openGroup({ groupName: "SQL" });
  const call = createClient(sample, two).getGroupState({ group });
  await expect(call).rejects.toMatchObject({ statusName: "nca_s_fault_context_mismatch" });
});

test("when ids of calls are used up, another connection of the group takes over, and handles stay", async () => {
  const groups = handleKind<GroupHandle, string>("group");
  const router = createRouter({ onError: () => {} }).serve(sample, {
    openGroup: ({ groupName }, { handles }) => handles.open(groups, groupName),
    getGroupState: ({ group }, { handles }) => {
      return { state: 1, nodeName: handles.get(groups, group) };
    },
  });
  const server = tcpServer(router);
  closers.push(server);
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  const transport = tcpTransport(binding, { limits: { maxCalls: 10 } });
  closers.push(transport);
  const client = createClient(sample, transport);
  const group = await client.openGroup({ groupName: "SQL" });
  for (let i = 0; i < 50; i++) {
    expect(await client.getGroupState({ group })).toEqual({ state: 1, nodeName: "SQL" });
  }
});
