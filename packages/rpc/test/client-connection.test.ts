/** What a client makes of what its server sends, and what it sends itself, PDU by PDU. */
import { transferSyntaxes } from "@msrpc/ndr";
import { RpcFault } from "@msrpc/rpc";
import type { Pdu } from "@msrpc/rpc/pdu";
import { expect, test } from "vitest";
import { echo, octetsOf, otherEcho } from "./echo.ts";
import {
  accepted,
  ack,
  answer,
  common,
  FakeServer,
  fault,
  none,
  response,
} from "./support/fake-server.ts";

const { ndr, ndr64 } = transferSyntaxes;

test("a bind offers each transfer syntax, and the features that we have", async () => {
  const server = new FakeServer();
  const context = server.connection.context(echo);
  const feature = "6cb71c2c-9812-4540-0300-000000000000";
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
  const call = server.call(context, octetsOf(4), { signal: controller.signal });
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
  const call = server.call(context, octetsOf(4), { signal: controller.signal });
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

test("without multiplexing an answer is for the one call there is, whatever id it has", async () => {
  const server = new FakeServer();
  const context = await server.bound({ flags: 3 });
  const answered = server.call(context);
  await server.received();
  server.send(response(1, octetsOf(4), 1), response(1, octetsOf(4), 2));
  const stub = Uint8Array.of(...octetsOf(4), ...octetsOf(4));
  expect(await answered).toMatchObject({ stub });
  const failed = server.call(context);
  await server.received();
  server.send(fault(1, 5));
  await expect(failed).rejects.toThrow(RpcFault);
});

test("a server that doesn't read gets no further requests until it does", async () => {
  const server = new FakeServer();
  const context = await server.bound();
  server.reads = false;
  const first = server.call(context);
  expect(await server.received()).toHaveLength(1);
  const controller = new AbortController();
  const calls = [
    server.call(context),
    server.call(context, octetsOf(4), { signal: controller.signal }),
  ];
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
  server.send(fault(99, 5), fault(3, 5));
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
    extendedError: null,
  });
});

test("a bind_nak may say more than why", async () => {
  const server = new FakeServer();
  const context = server.connection.context(echo);
  await server.received();
  const extendedError = octetsOf(20);
  const versions = [{ major: 5, minor: 0 }];
  const head = { type: "bind_nak", flags: 3, callId: 1, littleEndian: true } as const;
  server.send({ ...head, reason: 2, versions, extendedError });
  await expect(context).rejects.toMatchObject({ code: "refused", extendedError });
});

test("a fault may say more than its status, as much as alloc_hint says", async () => {
  const server = new FakeServer();
  const context = await server.bound();
  const told = (callId: number, allocHint: number, extended = true): Pdu => {
    const said = { extended, allocHint, body: octetsOf(12) };
    return { ...fault(callId, 5), ...said };
  };
  const calls = [2, 3, 4, 5].map(() => server.call(context));
  const errors = Promise.allSettled(calls);
  server.send(told(2, 44), told(3, 42), told(4, 0), told(5, 44, false));
  const said = (await errors).map(
    (outcome) => outcome.status === "rejected" && (outcome.reason as RpcFault).extendedError,
  );
  expect(said).toEqual([octetsOf(12), octetsOf(10), null, null]);
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
