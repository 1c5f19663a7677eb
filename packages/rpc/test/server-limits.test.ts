/** What a server's connections hold together, and how long one may do nothing. */
import { tcpServer, tcpTransport } from "@msrpc/rpc/tcp";
import { encodePdu } from "@msrpc/rpc/pdu";
import { connect, type Socket } from "node:net";
import { once } from "node:events";
import { expect, test } from "vitest";
import { serverHost } from "../src/connection/server-host.ts";
import { createClient, createRouter, type ServerOptions } from "@msrpc/rpc";
import { echo, echoServer, octetsOf } from "./echo.ts";
import { expectFault, expectSilence } from "./support/outcomes.ts";
import { secured, SigningClient } from "./support/signing-client.ts";
import { toyClient, toyServer } from "./support/toy-security.ts";
import { alter, bind, bound, expectNak, request, wire, Wire } from "./support/wire.ts";

const security = [toyServer({ legs: 3 })];
const alone = { callId: 2, contextId: 0, notRun: true, ends: false } as const;

test("stubs that arrive count on all connections together, until they are gone", async () => {
  const { router } = echoServer();
  const first = new Wire(router, { limits: { maxRequestsOfServer: 1000 } });
  const second = new Wire(router, {}, first.host);
  await first.send(bind());
  await second.send(bind());
  const part = request({ flags: 1, body: octetsOf(800) });
  await expectSilence(first, part);
  expect(first.host.stubs.held).toBe(800);
  await expectFault(second, part, "tooBusy", alone);
  await expectSilence(second, request({ flags: 2, body: octetsOf(800) }));
  first.connection.closed();
  expect(first.host.stubs.held).toBe(0);
  await expectSilence(second, { ...part, callId: 3 });
  second.connection.closed();
  expect(first.host.stubs.held).toBe(0);
});

test("stubs of strangers fill no more than their share of what callers that are known need", async () => {
  const limits = { maxRequestsOfStrangers: 1000, maxRequestsOfServer: 2000 };
  const strangers = [wire({ security, limits })];
  const { router } = echoServer();
  const host = strangers[0]!.host;
  strangers.push(new Wire(router, {}, host));
  for (const w of strangers) await w.send(bind());
  const part = request({ flags: 1, body: octetsOf(800) });
  await expectSilence(strangers[0]!, part);
  await expectFault(strangers[1]!, part, "tooBusy", alone);
  const known = new Wire(router, {}, host);
  const client = await secured(known);
  await expectSilence(known, client.sign({ flags: 1, body: octetsOf(800) }));
  expect([host.strangersStubs.held, host.stubs.held]).toEqual([800, 1600]);
  for (const w of [...strangers, known]) w.connection.closed();
  expect([host.strangersStubs.held, host.stubs.held]).toEqual([0, 0]);
});

test("a request that is given up in the middle leaves nothing behind", async () => {
  const w = await bound({ limits: { maxRequestsTotal: 1000, maxRequest: 10_000 } });
  await expectSilence(w, request({ flags: 1, body: octetsOf(800) }));
  await expectFault(w, request({ flags: 0, body: octetsOf(800) }), "tooBusy", alone);
  expect(w.host.stubs.held).toBe(0);
  const next = request({ callId: 3, flags: 1, body: octetsOf(800) });
  await expectSilence(w, request({ flags: 2, body: octetsOf(8) }), next);
  expect(w.host.stubs.held).toBe(800);
  await w.send(request({ callId: 4 }));
  expect(w.ended).toBe(true);
  expect(w.host.stubs.held).toBe(0);
});

test("stubs of calls under way are held until they are answered, though nobody waits", async () => {
  const served = echoServer();
  const w = new Wire(served.router);
  await w.send(bind());
  await expectSilence(w, request({ opnum: 2, body: octetsOf(16) }));
  w.connection.closed();
  expect(w.host.stubs.held).toBe(16);
  served.waiting[0]?.answer(0);
  await w.answers();
  expect(w.host.stubs.held).toBe(0);
});

test("calls that wait for their turn leave nothing behind", async () => {
  const served = echoServer();
  const w = new Wire(served.router);
  await w.send(bind({ flags: 3 }));
  const waiting = request({ opnum: 2, body: octetsOf(16) });
  await expectSilence(w, waiting, { ...waiting, callId: 3 }, { ...waiting, callId: 4 });
  w.connection.closed();
  served.waiting[0]?.answer(0);
  await w.answers();
  expect(w.host.stubs.held).toBe(0);
});

test("complete security contexts count on all connections together, until their connections end", async () => {
  const first = wire({ security, limits: { maxSecurityContextsOfServer: 2 } });
  await secured(first);
  await new SigningClient(2).negotiate(first, "alter_context");
  expect(first.host.securityContexts.complete).toBe(1);
  const third = new SigningClient(3);
  await third.negotiate(first, "alter_context");
  await third.finish(first);
  const { router } = echoServer();
  const second = new Wire(router, {}, first.host);
  await second.send(bind());
  const verifier = await new SigningClient(1).next();
  await expectFault(second, alter({ verifier }), "tooBusy", { ...alone, ends: true });
  await expectNak(new Wire(router, {}, first.host), bind({ verifier }), 1);
  first.connection.closed();
  expect(first.host.securityContexts.complete).toBe(0);
  await secured(new Wire(router, {}, first.host));
});

test("a client that asks for more than it reads isn't read from, and is cut off by what is under way", async () => {
  const served = echoServer();
  const w = new Wire(served.router, { limits: { maxUnread: 60 } });
  await w.send(bind());
  w.reads = false;
  const waiting = { opnum: 2, body: octetsOf(0) };
  await w.send(...[2, 3, 4, 5].map((callId) => request({ ...waiting, callId })));
  for (const at of [0, 1]) {
    served.waiting[at]?.answer(0);
    await w.answers();
  }
  expect(await w.send(request({ callId: 6 }))).toEqual([]);
  expect([w.paused, w.destroyed]).toEqual([true, false]);
  for (const at of [2, 3]) served.waiting[at]?.answer(0);
  await w.answers();
  expect(w.destroyed).toBe(true);
});

/** A connection without multiplexing whose calls each ask for 1 MiB, and wait for one that goes first. */
async function queue(count: number, options: ServerOptions = {}) {
  const begun = { calls: 0 };
  const first = Promise.withResolvers<{ outcome: number }>();
  const router = createRouter({ onError: () => {} }).serve(echo, {
    wait: () => first.promise,
    async sourceData({ length }) {
      begun.calls++;
      return { data: new Uint8Array(length) };
    },
  });
  const w = new Wire(router, options);
  await w.send(bind({ flags: 3 }));
  const large = Uint8Array.of(0, 0, 16, 0);
  const asking = Array.from({ length: count }, (_, i) =>
    request({ callId: 3 + i, opnum: 1, body: large }),
  );
  await w.send(request({ opnum: 2, body: new Uint8Array() }), ...asking);
  return { w, begun, answerFirst: () => first.resolve({ outcome: 0 }) };
}

test("calls whose answers are large leave others their turn after each", async () => {
  const { w, begun, answerFirst } = await queue(5);
  answerFirst();
  for (let turn = 1; turn <= 5; turn++) {
    await w.answers();
    expect(begun.calls).toBe(turn);
  }
});

test("calls that wait for their turn don't run while their client doesn't read", async () => {
  const { w, begun, answerFirst } = await queue(5);
  w.reads = false;
  answerFirst();
  for (let turn = 1; turn <= 5; turn++) await w.answers();
  expect(begun.calls).toBe(0);
  w.reads = true;
  w.connection.drained();
  for (let turn = 1; turn <= 5; turn++) await w.answers();
  expect(begun.calls).toBe(5);
});

test("no answer is made for a connection that was cut off", async () => {
  let encoded = 0;
  const { wait } = echo.operations;
  const counted = {
    ...echo,
    operations: {
      wait: {
        ...wait,
        encodeResponse(...args: Parameters<typeof wait.encodeResponse>) {
          encoded++;
          wait.encodeResponse(...args);
        },
      },
    },
  };
  const first = Promise.withResolvers<{ outcome: number }>();
  const router = createRouter({ onError: () => {} }).serve(counted, { wait: () => first.promise });
  const w = new Wire(router, { limits: { maxUnread: 60 } });
  await w.send(bind());
  w.reads = false;
  const asking = Array.from({ length: 50 }, (_, i) =>
    request({ callId: 2 + i, opnum: 2, body: new Uint8Array() }),
  );
  await w.send(request({ opnum: 9 }), ...asking.slice(1));
  first.resolve({ outcome: 0 });
  await w.answers();
  expect(w.destroyed).toBe(true);
  // The one that fits, and the one that was too much.
  expect(encoded).toBe(2);
});

test("clients that don't read share what is kept for them all, and who has more is cut off", async () => {
  const served = echoServer();
  const greedy = new Wire(served.router, { limits: { maxUnreadOfServer: 100 } });
  const { host } = greedy;
  const modest = new Wire(served.router, {}, host);
  const waiting = { opnum: 2, body: octetsOf(0) };
  for (const w of [greedy, modest]) {
    await w.send(bind());
    w.reads = false;
    await w.send(...[2, 3, 4, 5].map((callId) => request({ ...waiting, callId })));
  }
  const answer = async (at: number): Promise<void> => {
    served.waiting[at]?.answer(0);
    // An answer is on its way at the end of its turn, and counted with the next one or the next read.
    await greedy.answers();
    for (const { connection } of [greedy, modest]) connection.received(new Uint8Array(0));
  };
  for (const at of [0, 1, 4, 2]) await answer(at);
  expect([greedy.destroyed, modest.destroyed]).toEqual([true, false]);
  expect(host.unread.octets).toBe(28);
  modest.reads = true;
  modest.connection.drained();
  expect(host.unread.octets).toBe(0);
});

test("a client that reads nothing owes that, and what it reads sets it free", async () => {
  const w = await bound();
  w.clock = 5;
  w.reads = false;
  await w.send(request());
  await w.send(request({ callId: 3 }));
  expect(w.connection.owesSince).toBe(5);
  w.clock = 9;
  w.reads = true;
  w.connection.drained();
  expect(w.connection.owesSince).toBe(null);
});

test("logons that nobody completes keep no other client from its own, and few are taken", async () => {
  const crowd = wire({ security, limits: { maxLogons: 3, maxSecurityContextsOfServer: 1 } });
  await crowd.send(bind());
  for (const contextId of [1, 2, 3]) {
    await new SigningClient(contextId).negotiate(crowd, "alter_context");
  }
  const verifier = await new SigningClient(4).next();
  await expectFault(crowd, alter({ verifier }), "protocol", { ...alone, ends: true });
  await secured(new Wire(echoServer().router, {}, crowd.host));
});

test("logons that have failed count among those that are not complete", async () => {
  const w = wire({ security, limits: { maxLogons: 1 } });
  const client = new SigningClient(1);
  await client.negotiate(w, "bind");
  const verifier = { ...(await client.next()), token: octetsOf(3) };
  await w.send({ type: "auth3", flags: 3, callId: 1, littleEndian: true, verifier });
  expect(w.connection.owesSince).toBe(null);
  const other = await new SigningClient(2).next();
  await expectFault(w, alter({ verifier: other }), "protocol", { ...alone, ends: true });
});

test("a client owes the last leg of each of its security contexts, whatever else it sends", async () => {
  const w = wire({ security });
  w.clock = 3;
  const client = new SigningClient(1);
  await client.negotiate(w, "bind");
  expect(w.connection.owesSince).toBe(3);
  await client.finish(w);
  expect(w.connection.owesSince).toBe(null);
  w.clock = 4;
  const second = new SigningClient(2);
  await second.negotiate(w, "alter_context");
  w.clock = 8;
  await new SigningClient(3).negotiate(w, "alter_context");
  await w.send({ type: "cancel", flags: 3, callId: 90, littleEndian: true, verifier: null });
  expect(w.connection.owesSince).toBe(4);
  await second.finish(w);
  expect(w.connection.owesSince).toBe(8);
});

test("a client owes the rest of a request since its first fragment, and less for what has come", async () => {
  const w = await bound();
  w.clock = 10;
  await w.send(request({ flags: 1, body: octetsOf(8) }));
  w.clock = 9000;
  await w.send(request({ flags: 0, body: octetsOf(0) }));
  expect(w.connection.owesSince).toBe(10);
  // 32 KiB, for which there are two seconds.
  await w.send(...Array.from({ length: 8 }, () => request({ flags: 0, body: octetsOf(4096) })));
  expect(w.connection.owesSince).toBe(2010);
  await w.send(...Array.from({ length: 64 }, () => request({ flags: 0, body: octetsOf(4096) })));
  expect(w.connection.owesSince).toBe(9000);
  await w.send(request({ flags: 2, body: octetsOf(0) }));
  expect(w.connection.owesSince).toBe(null);
});

test("time in which a client isn't read from is not held against it", async () => {
  const w = await bound();
  w.reads = false;
  await w.send(request());
  w.clock = 5;
  await w.send(request({ callId: 3, flags: 1 }));
  w.clock = 50;
  w.reads = true;
  w.connection.drained();
  expect([w.paused, w.connection.owesSince]).toEqual([false, 50]);
});

test("a client owes the end of a connection that was ended here", async () => {
  const w = await bound();
  w.clock = 5;
  w.connection.drain();
  expect([w.ended, w.connection.owesSince]).toEqual([true, 5]);
});

test("calls under way are aborted when their connection ends for a breach of the protocol", async () => {
  const served = echoServer();
  const w = new Wire(served.router);
  await w.send(bind());
  await expectSilence(w, request({ opnum: 2, body: octetsOf(0) }));
  expect(served.waiting[0]?.signal.aborted).toBe(false);
  await w.send(bind());
  expect([w.ended, served.waiting[0]?.signal.aborted]).toEqual([true, true]);
});

test("calls that wait for their turn don't run once their connection has ended for a breach", async () => {
  const served = echoServer();
  const w = new Wire(served.router);
  await w.send(bind({ flags: 3 }));
  const waiting = request({ opnum: 2, body: octetsOf(0) });
  await expectSilence(w, waiting, { ...waiting, callId: 3 });
  await w.send(bind());
  served.waiting[0]?.answer(0);
  await w.answers();
  expect([w.ended, served.waiting.length]).toEqual([true, 1]);
});

test("calls under way are waited for when a connection drains", async () => {
  const served = echoServer();
  const w = new Wire(served.router);
  await w.send(bind());
  await expectSilence(w, request({ opnum: 2, body: octetsOf(0) }));
  w.connection.drain();
  expect(served.waiting[0]?.signal.aborted).toBe(false);
});

test("a listener of errors that throws ends nothing, nor does a provider without contexts", async () => {
  const broken = {
    authType: 10,
    createContext(): never {
      throw new Error("no contexts");
    },
  };
  const shared = { port: "", now: () => 0 };
  const onError = (): never => {
    throw new Error("no log");
  };
  const { router } = echoServer();
  const host = serverHost(router, { security: [broken] }, { ...shared, onError });
  const verifier = { type: 10, level: 5, padLength: 0, contextId: 1, token: octetsOf(4) };
  await expectNak(new Wire(router, {}, host), bind({ verifier }), 0);
  expect(host.securityContexts.complete).toBe(0);
});

test("a connection is idle since its last PDU or call", async () => {
  const served = echoServer();
  const w = new Wire(served.router);
  await w.send(bind());
  w.clock = 10;
  expect(w.connection.idle()).toBe(0);
  w.clock = 30;
  expect(w.connection.idle()).toBe(20);
  await w.send(request({ opnum: 2, body: octetsOf(0) }));
  w.clock = 90;
  expect(w.connection.idle()).toBe(0);
  w.clock = 95;
  expect(w.connection.idle()).toBe(0);
  served.waiting[0]?.answer(0);
  await w.answers();
  w.clock = 99;
  expect(w.connection.idle()).toBe(4);
});

function portOf(binding: string): number {
  return Number(/\[(\d+)\]/.exec(binding)?.[1]);
}

test("connections from one address beyond the limit are closed at once", async () => {
  await using server = tcpServer(echoServer().router, { limits: { maxConnectionsPerAddress: 2 } });
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  const port = portOf(binding);
  const open = async (): Promise<ReturnType<typeof connect>> => {
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    await once(socket, "connect");
    return socket.resume();
  };
  const [first, second] = [await open(), await open()];
  const third = await open();
  await once(third, "close");
  expect(server.connections).toBe(2);
  first.destroy();
  await expect.poll(() => server.connections).toBe(1);
  const fourth = await open();
  await expect.poll(() => server.connections).toBe(2);
  for (const socket of [second, fourth]) socket.destroy();
});

test("where a server is full, the oldest connection gives way that nobody has logged on", async () => {
  const limits = { maxConnections: 3 };
  await using server = tcpServer(echoServer().router, { security, limits });
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  await using known = createClient(
    echo,
    tcpTransport(binding, { security: toyClient({ legs: 3 }) }),
  );
  await known.echoData({ data: octetsOf(3) });
  const gone: number[] = [];
  const strangers: Socket[] = [];
  const port = portOf(binding);
  for (let i = 0; i < 6; i++) {
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    socket.on("close", () => void gone.push(i));
    strangers.push(socket.resume());
    await once(socket, "connect");
    await expect.poll(() => gone.length).toBe(Math.max(0, i - 1));
  }
  expect(gone).toEqual([0, 1, 2, 3]);
  expect(await known.echoData({ data: octetsOf(3) })).toEqual({ data: octetsOf(3) });
  for (const socket of strangers) socket.destroy();
});

test("a connection that was asked to go and stays gives way as well", async () => {
  const limits = { maxConnections: 1, maxIdleOfStrangers: 1 };
  await using server = tcpServer(echoServer().router, { limits });
  const port = portOf(await server.listen("ncacn_ip_tcp:127.0.0.1[0]"));
  const first = connect({ port, host: "127.0.0.1", allowHalfOpen: true }).resume();
  await once(
    first.on("error", () => {}),
    "end",
  );
  const second = connect(port, "127.0.0.1").on("error", () => {});
  let isAnswered = false;
  second.on("data", () => (isAnswered = true)).write(encodePdu(bind()));
  await once(second, "close");
  expect(isAnswered).toBe(true);
  first.destroy();
});

test("connections that nobody has logged on may have another time to be idle", async () => {
  const limits = { maxIdleOfStrangers: 1 };
  await using server = tcpServer(echoServer().router, { security, limits });
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  await using known = createClient(
    echo,
    tcpTransport(binding, { security: toyClient({ legs: 3 }) }),
  );
  await known.echoData({ data: octetsOf(3) });
  const socket = connect(portOf(binding), "127.0.0.1").resume();
  await once(
    socket.on("error", () => {}),
    "close",
  );
  await expect.poll(() => server.connections).toBe(1);
});

test("idle connections are asked to go", async () => {
  await using server = tcpServer(echoServer().router, { limits: { maxIdle: 1 } });
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  const socket = connect(portOf(binding), "127.0.0.1").resume();
  socket.on("error", () => {});
  await once(socket, "close");
  await expect.poll(() => server.connections).toBe(0);
});
