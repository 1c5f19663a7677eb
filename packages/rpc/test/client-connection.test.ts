/** What a client makes of what its server sends, and what it sends itself, PDU by PDU. */
import { transferSyntaxes } from "@msrpc/ndr";
import { type ConnectionOptions, type Reply, RpcFault } from "@msrpc/rpc";
import { type BindAckPdu, decodePdu, encodePdu, type Pdu } from "@msrpc/rpc/pdu";
import { expect, test } from "vitest";
import { ClientConnection } from "../src/connection/client-connection.ts";
import type { ClientContext } from "../src/connection/client-context.ts";
import { echo, octetsOf, otherEcho } from "./echo.ts";

const { ndr, ndr64 } = transferSyntaxes;
const none = { result: 2, reason: 2, transferSyntax: ndr };
const accepted = { result: 0, reason: 0, transferSyntax: ndr };
const common = { flags: 3, littleEndian: true, verifier: null } as const;
const answer = { allocHint: 0, contextId: 0, cancelCount: 0, ...common } as const;

function ack(changes: Partial<BindAckPdu> = {}): BindAckPdu {
  return {
    type: "bind_ack",
    ...common,
    flags: 0x13,
    callId: 1,
    maxTransmit: 4280,
    maxReceive: 4280,
    groupId: 7,
    secondaryAddress: "135",
    results: [accepted, none, { result: 3, reason: 2, transferSyntax: ndr }],
    ...changes,
  };
}

function response(callId: number, body: Uint8Array, flags = 3): Pdu {
  return { type: "response", callId, ...answer, body, flags };
}

class FakeServer {
  readonly connection: ClientConnection;
  isOver = false;
  /** What the client's writes are told. */
  reads = true;
  #sent: Uint8Array[] = [];

  constructor(options: ConnectionOptions = {}) {
    const over = (): void => {
      this.isOver = true;
    };
    const write = (octets: Uint8Array): boolean => {
      this.#sent.push(octets.slice());
      return this.reads;
    };
    const idle = (): void => {};
    const channel = { write, end: over, destroy: over, pause: idle, resume: idle };
    this.connection = new ClientConnection({ ...channel, defer: queueMicrotask }, "host", options);
  }

  /** What the client has sent since the last time. */
  async received(): Promise<Pdu[]> {
    await new Promise((resolve) => setImmediate(resolve));
    const octets = Uint8Array.from(Buffer.concat(this.#sent.splice(0)));
    const pdus: Pdu[] = [];
    for (let at = 0; at < octets.length;) {
      const length = new DataView(octets.buffer).getUint16(at + 8, octets[at + 4] === 0x10);
      pdus.push(decodePdu(octets.subarray(at, at + length)));
      at += length;
    }
    return pdus;
  }

  send(...pdus: Pdu[]): void {
    this.connection.received(Uint8Array.from(Buffer.concat(pdus.map(encodePdu))));
  }

  /** A context for the echo interface, by this answer to its bind. */
  async bound(changes: Partial<BindAckPdu> = {}): Promise<ClientContext> {
    const context = this.connection.context(echo);
    await this.received();
    this.send(ack(changes));
    return await context;
  }

  call(context: ClientContext, stub = octetsOf(4), signal?: AbortSignal): Promise<Reply> {
    return this.connection.call(context, 0, stub, signal);
  }
}

test("a bind offers each transfer syntax, and the features that we have", async () => {
  const server = new FakeServer();
  const context = server.connection.context(echo);
  const feature = "6cb71c2c-9812-4540-0200-000000000000";
  expect(await server.received()).toMatchObject([
    {
      type: "bind",
      callId: 1,
      flags: 0x13,
      groupId: 0,
      proposals: [
        { contextId: 0, abstractSyntax: { uuid: echo.uuid }, transferSyntaxes: [ndr] },
        { contextId: 1, transferSyntaxes: [ndr64] },
        { contextId: 2, transferSyntaxes: [{ uuid: feature }] },
      ],
    },
  ]);
  server.send(ack({ results: [none, { ...accepted, transferSyntax: ndr64 }, none] }));
  expect(await context).toMatchObject({ contextId: 1, syntax: "ndr64" });
  expect(server.connection.groupId).toBe(7);
});

test("requests keep to the size that the server takes, and tell what is still to come", async () => {
  const server = new FakeServer();
  const context = await server.bound({ maxReceive: 1432 });
  void server.call(context, octetsOf(3000)).catch(() => {});
  expect(await server.received()).toMatchObject([
    { flags: 1, callId: 2, allocHint: 3000, body: octetsOf(1408) },
    { flags: 0, callId: 2, allocHint: 1592 },
    { flags: 2, callId: 2, allocHint: 184 },
  ]);
});

test("fragments of several responses may come mixed", async () => {
  const server = new FakeServer();
  const context = await server.bound();
  const calls = [server.call(context), server.call(context)];
  const part = octetsOf(8);
  server.send(
    response(3, part, 1),
    response(2, part, 1),
    response(3, part, 2),
    response(2, part, 2),
  );
  const whole = Uint8Array.of(...part, ...part);
  for (const call of calls) expect(await call).toEqual({ stub: whole, byteOrder: "little" });
});

test("a call given up is cancelled and orphaned, and what comes for it is dropped", async () => {
  const server = new FakeServer();
  const context = await server.bound();
  const controller = new AbortController();
  const call = server.call(context, octetsOf(4), controller.signal);
  await server.received();
  controller.abort(new Error("enough"));
  await expect(call).rejects.toThrow("enough");
  expect(await server.received()).toMatchObject([
    { type: "cancel", callId: 2 },
    { type: "orphaned", callId: 2 },
  ]);
  server.send(response(2, octetsOf(4)));
  expect(server.isOver).toBe(false);
});

test("a server that doesn't keep connections open after an orphan is only sent the cancel", async () => {
  const server = new FakeServer();
  const context = await server.bound({ results: [accepted, none, none] });
  const controller = new AbortController();
  const call = server.call(context, octetsOf(4), controller.signal);
  await server.received();
  controller.abort();
  await expect(call).rejects.toMatchObject({ name: "AbortError" });
  expect(await server.received()).toMatchObject([{ type: "cancel", callId: 2 }]);
});

test("without multiplexing a call waits for the answer to the last", async () => {
  const server = new FakeServer();
  const context = await server.bound({ flags: 3 });
  const calls = [server.call(context), server.call(context)];
  expect(await server.received()).toMatchObject([{ callId: 2 }]);
  server.send(response(2, octetsOf(4)));
  await calls[0];
  expect(await server.received()).toMatchObject([{ callId: 3 }]);
  server.send(response(3, octetsOf(4)));
  await calls[1];
});

test("a server that doesn't read gets no further requests until it does", async () => {
  const server = new FakeServer();
  const context = await server.bound();
  server.reads = false;
  const first = server.call(context);
  expect(await server.received()).toHaveLength(1);
  const controller = new AbortController();
  const calls = [server.call(context), server.call(context, octetsOf(4), controller.signal)];
  controller.abort();
  await expect(calls[1]).rejects.toMatchObject({ name: "AbortError" });
  expect(await server.received()).toEqual([]);
  server.reads = true;
  server.connection.drained();
  expect(await server.received()).toMatchObject([{ type: "request", callId: 3 }]);
  server.send(response(2, octetsOf(4)), response(3, octetsOf(4)));
  await Promise.all([first, calls[0]]);
});

test("a fault ends its call or its alter_context, and others go on", async () => {
  const server = new FakeServer();
  const context = await server.bound();
  const call = server.call(context);
  const other = server.connection.context(otherEcho);
  expect(await server.received()).toMatchObject([
    { type: "request", callId: 2 },
    {
      type: "alter_context",
      callId: 3,
      groupId: 7,
      proposals: [{ contextId: 3 }, { contextId: 4 }],
    },
  ]);
  const fault = {
    type: "fault",
    ...answer,
    extended: false,
    status: 5,
    body: octetsOf(0),
  } as const;
  server.send({ ...fault, callId: 99 }, { ...fault, callId: 3 });
  await expect(other).rejects.toEqual(new RpcFault(5));
  server.send(response(2, octetsOf(4)));
  await call;
  expect(server.isOver).toBe(false);
});

test("a shutdown lets calls finish, and ends the connection with the last", async () => {
  const server = new FakeServer();
  const context = await server.bound();
  const call = server.call(context);
  server.send({ type: "shutdown", flags: 3, callId: 0, littleEndian: true });
  expect([server.connection.isClosed, server.isOver]).toEqual([true, false]);
  server.send(response(2, octetsOf(4)));
  await call;
  expect(server.isOver).toBe(true);
});

test("a bind_nak says why", async () => {
  const server = new FakeServer();
  const context = server.connection.context(echo);
  await server.received();
  server.send({
    type: "bind_nak",
    flags: 3,
    callId: 1,
    littleEndian: true,
    reason: 2,
    versions: [],
  });
  await expect(context).rejects.toMatchObject({
    code: "refused",
    message: "the server refused the bind: local_limit_exceeded",
  });
});

const wrong: readonly (readonly [what: string, pdu: Pdu])[] = [
  ["a response to a call that was not made", response(9, octetsOf(4))],
  ["an answer to a bind that was not sent", ack({ callId: 2 })],
  [
    "a request",
    { ...answer, type: "request", callId: 3, opnum: 0, object: null, body: octetsOf(0) },
  ],
  ["an orphaned", { type: "orphaned", callId: 3, ...common }],
];
for (const [what, pdu] of wrong) {
  test(`${what} from a server is a protocol error, and fails the calls under way`, async () => {
    const server = new FakeServer();
    const call = server.call(await server.bound());
    server.send(pdu);
    await expect(call).rejects.toMatchObject({ name: "TransportError", code: "protocol" });
    expect(server.isOver).toBe(true);
  });
}
