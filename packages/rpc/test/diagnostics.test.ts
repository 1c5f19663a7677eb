/** What channels are told of connections, PDUs and calls. */
import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe, tracingChannel, unsubscribe } from "node:diagnostics_channel";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClientInterceptor, createClient, type ServerOptions } from "@msrpc/rpc";
import {
  type CallEvent,
  channelNames,
  type ConnectionEvent,
  type PduEvent,
  traced,
} from "@msrpc/rpc/diagnostics";
import { decodePdu } from "@msrpc/rpc/pdu";
import { tcpServer, type TcpOptions, tcpTransport } from "@msrpc/rpc/tcp";
import { expect, test } from "vitest";
import { echo, echoServer, octetsOf } from "./echo.ts";
import { toyClient, toyServer } from "./support/toy-security.ts";

interface Heard extends Disposable {
  readonly pdus: PduEvent[];
  readonly opened: ConnectionEvent[];
  readonly closed: ConnectionEvent[];
}

function listen(): Heard {
  const heard = { pdus: [] as unknown[], opened: [] as unknown[], closed: [] as unknown[] };
  const { pdu, connectionOpen, connectionClose } = channelNames;
  const listeners = [
    [pdu, (event: unknown) => heard.pdus.push(event)],
    [connectionOpen, (event: unknown) => heard.opened.push(event)],
    [connectionClose, (event: unknown) => heard.closed.push(event)],
  ] as const;
  for (const [name, listener] of listeners) subscribe(name, listener);
  const stop = (): void => {
    for (const [name, listener] of listeners) unsubscribe(name, listener);
  };
  return { ...(heard as Omit<Heard, keyof Disposable>), [Symbol.dispose]: stop };
}

/** One call of octets over TCP, until both ends have gone. */
async function callOnce(
  data: Uint8Array,
  {
    server = {},
    client = {},
    binding = "ncacn_ip_tcp:127.0.0.1[0]",
  }: {
    server?: ServerOptions;
    client?: TcpOptions;
    binding?: string;
  } = {},
): Promise<Heard> {
  const heard = listen();
  const listening = tcpServer(echoServer().router, server);
  await using transport = tcpTransport(await listening.listen(binding), client);
  await createClient(echo, transport).echoData({ data });
  await transport[Symbol.asyncDispose]();
  while (listening.connections > 0) await new Promise(setImmediate);
  await listening.close();
  heard[Symbol.dispose]();
  return heard;
}

const inOrder = ["bind", "bind_ack", "request", "response"];

test("each PDU is told of at both ends, in order, with its octets", async () => {
  const { pdus } = await callOnce(octetsOf(100));
  for (const role of ["client", "server"]) {
    const own = pdus.filter(({ connection }) => connection.role === role);
    expect(own.map(({ header }) => header?.type)).toEqual(inOrder);
    const first = role === "client" ? ["sent", "received"] : ["received", "sent"];
    expect(own.map(({ direction }) => direction)).toEqual([...first, ...first]);
    for (const { header, octets } of own) {
      expect(decodePdu(octets).type).toBe(header?.type);
      expect(header?.fragLength).toBe(octets.length);
    }
  }
});

test("both ends tell of the same octets, addresses and ports", async () => {
  const { pdus, opened, closed } = await callOnce(octetsOf(3000), {
    client: { limits: { maxFragment: 1432 } },
  });
  const [client = [], server = []] = ["client", "server"].map((role) =>
    pdus.filter(({ connection }) => connection.role === role),
  );
  expect(client).toHaveLength(8);
  expect(client.map(({ octets }) => octets)).toEqual(server.map(({ octets }) => octets));
  const { local, remote, id } = client[0]?.connection ?? {};
  expect(local).toMatchObject({ address: "127.0.0.1", port: expect.any(Number) });
  expect(server[0]?.connection).toMatchObject({ local: remote, remote: local });
  expect(server[0]?.connection.id).not.toBe(id);
  for (const events of [opened, closed]) {
    expect(events.map(({ connection }) => connection.role).toSorted()).toEqual([
      "client",
      "server",
    ]);
    expect(events.every(({ error }) => error === null)).toBe(true);
  }
});

test("what is sealed stays so, also when the receiver has opened it", async () => {
  const data = new TextEncoder().encode("a secret that nobody else is to read");
  const { pdus } = await callOnce(data, {
    server: { security: [toyServer({ legs: 3 })] },
    client: { security: toyClient({ legs: 3 }), level: "privacy" },
  });
  expect(pdus.map(({ header }) => header?.type)).toContain("request");
  const shown = pdus.map(({ octets }) => Buffer.from(octets).toString("latin1")).join("");
  expect(shown).not.toContain("secret");
});

test("of a Unix socket, the path stands in the address", async () => {
  const folder = await mkdtemp(join(tmpdir(), "observe-"));
  try {
    const path = join(folder, "socket");
    const { pdus } = await callOnce(octetsOf(1), { binding: `ncacn_unix_stream:[${path}]` });
    const named = { address: path, port: null };
    const unnamed = { address: "", port: null };
    const ends = pdus.map(({ connection: { role, local, remote } }) => ({ role, local, remote }));
    expect(ends).toContainEqual({ role: "client", local: unnamed, remote: named });
    expect(ends).toContainEqual({ role: "server", local: named, remote: unnamed });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("octets that are no PDU are told of without a header", async () => {
  using heard = listen();
  await using server = tcpServer(echoServer().router);
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  const port = Number(/\[(\d+)\]/.exec(binding)?.[1]);
  const socket = connect({ host: "127.0.0.1", port });
  socket.write("GET / HTTP/1.1\r\n\r\n");
  await new Promise((resolve) => socket.once("close", resolve).resume());
  const [event] = heard.pdus;
  expect(event?.header).toBeNull();
  expect(Buffer.from(event?.octets ?? []).toString()).toBe("GET / HTTP/1.1\r\n\r\n");
});

test("who subscribes later hears of what comes then", async () => {
  await using server = tcpServer(echoServer().router);
  await using transport = tcpTransport(await server.listen("ncacn_ip_tcp:127.0.0.1[0]"));
  const client = createClient(echo, transport);
  await client.echoData({ data: octetsOf(10) });
  using heard = listen();
  await client.echoData({ data: octetsOf(10) });
  expect(heard.pdus.map(({ header }) => header?.type)).toEqual([
    "request",
    "request",
    "response",
    "response",
  ]);
});

test("traced calls are told of at their start and end, and bound stores hold in between", async () => {
  const channel = tracingChannel<CallEvent, CallEvent>(channelNames.call);
  const told: string[] = [];
  const note = (phase: string) => (message: unknown) => {
    const { role, interface: name, operation, opnum } = message as CallEvent;
    told.push(`${role} ${phase} ${name}.${operation} ${opnum}`);
  };
  const subscribers = {
    start: note("start"),
    end: note("end"),
    asyncStart: () => {},
    asyncEnd: note("asyncEnd"),
    error: note("error"),
  };
  await using server = tcpServer(echoServer().router);
  await using transport = tcpTransport(await server.listen("ncacn_ip_tcp:127.0.0.1[0]"));
  const store = new AsyncLocalStorage<CallEvent>();
  const current: (string | undefined)[] = [];
  const look: ClientInterceptor = (next) => async (call) => {
    current.push(store.getStore()?.operation);
    return await next(call);
  };
  const client = createClient(echo, transport, { interceptors: [traced, look] });
  const data = octetsOf(3);
  expect(await client.echoData({ data })).toEqual({ data });
  channel.subscribe(subscribers);
  channel.start.bindStore(store);
  expect(await client.echoData({ data })).toEqual({ data });
  await expect(client.fail({ status: 5 })).rejects.toMatchObject({ status: 5 });
  channel.unsubscribe(subscribers);
  channel.start.unbindStore(store);
  expect(current).toEqual([undefined, "EchoData", "Fail"]);
  expect(told).toEqual([
    "client start echo.EchoData 0",
    "client end echo.EchoData 0",
    "client asyncEnd echo.EchoData 0",
    "client start echo.Fail 3",
    "client end echo.Fail 3",
    "client error echo.Fail 3",
    "client asyncEnd echo.Fail 3",
  ]);
});
