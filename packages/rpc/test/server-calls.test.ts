/** Requests, cancels and orphans at a server, the wrong ones above all. */
import { createRouter } from "@msrpc/rpc";
import { encodePdu, type Pdu } from "@msrpc/rpc/pdu";
import { expect, test } from "vitest";
import { echo, echoServer, octetsOf } from "./echo.ts";
import { bind, bound, expectEnd, protocolError, request, wire, Wire } from "./support/wire.ts";

test("a request is answered in its own byte order", async () => {
  const w = await bound();
  const body = Uint8Array.of(0, 0, 0, 2, 7, 8);
  expect(await w.send(request({ littleEndian: false, body }))).toMatchObject([
    { type: "response", littleEndian: false, allocHint: 6, flags: 3, body },
  ]);
});

test("fragments become one request, whatever alloc_hint says", async () => {
  const w = await bound();
  const whole = Uint8Array.of(16, 0, 0, 0, ...octetsOf(16));
  const answers = await w.send(
    request({ flags: 1, allocHint: 20, body: whole.subarray(0, 8) }),
    request({ flags: 0, allocHint: 0, body: whole.subarray(8, 8) }),
    request({ flags: 0, allocHint: 1, body: whole.subarray(8, 16) }),
    request({ flags: 2, allocHint: 0, body: whole.subarray(16) }),
  );
  expect(answers).toMatchObject([{ type: "response", callId: 2, body: whole }]);
});

test("a PDU may arrive octet by octet, and several at once", async () => {
  const w = wire();
  for (const octet of encodePdu(bind())) w.connection.received(Uint8Array.of(octet));
  expect(await w.answers()).toMatchObject([{ type: "bind_ack" }]);
  for (const octet of encodePdu(request())) w.connection.received(Uint8Array.of(octet));
  expect(await w.answers()).toMatchObject([{ type: "response", callId: 2 }]);
});

test("fragments out of order are protocol errors", async () => {
  const open = async (): Promise<Wire> => {
    const w = await bound();
    await w.send(request({ callId: 5, flags: 1 }));
    return w;
  };
  await expectEnd(await open(), request({ callId: 5, flags: 1 }), protocolError);
  await expectEnd(await open(), request({ callId: 6, flags: 3 }), protocolError);
  await expectEnd(await open(), request({ callId: 6, flags: 2 }), protocolError);
  await expectEnd(
    await open(),
    request({ callId: 5, flags: 2, littleEndian: false }),
    protocolError,
  );
  await expectEnd(await bound(), request({ callId: 5, flags: 2 }), protocolError);
});

test("call ids never go back, and never beyond 31 bits", async () => {
  const after = async (): Promise<Wire> => {
    const w = await bound();
    expect(await w.send(request({ callId: 500 }))).toMatchObject([{ type: "response" }]);
    return w;
  };
  expect(await (await after()).send(request({ callId: 500 }))).toMatchObject([{ callId: 500 }]);
  await expectEnd(await after(), request({ callId: 499 }), protocolError);
  await expectEnd(await after(), request({ callId: 0x8000_0000 }), protocolError);
  const w = await after();
  expect(await w.send(request({ callId: 0x7fff_ffff }))).toMatchObject([{ type: "response" }]);
});

test("what is left of a recent call is dropped, of an old one it is a protocol error", async () => {
  const w = await bound();
  await w.send(request({ callId: 500 }));
  expect(await w.send(request({ callId: 400, flags: 2 }))).toEqual([]);
  await expectEnd(w, request({ callId: 350, flags: 2 }), protocolError);
});

test("calls overlap only where both sides have said so, and otherwise follow one another", async () => {
  const served = echoServer();
  const w = new Wire(served.router);
  expect(await w.send(bind({ flags: 3 }))).toMatchObject([{ flags: 3 }]);
  const waiting = { opnum: 2, body: octetsOf(0) };
  await w.send(request(waiting), request({ callId: 3 }), request({ ...waiting, callId: 4 }));
  expect(served.waiting).toHaveLength(1);
  const cancel = { type: "cancel", flags: 3, littleEndian: true, verifier: null } as const;
  expect(await w.send({ ...cancel, callId: 2 })).toEqual([]);
  expect(served.waiting[0]?.signal.aborted).toBe(true);
  served.waiting[0]?.answer(1);
  expect(await w.answers()).toMatchObject([{ callId: 2 }, { callId: 3 }]);
  served.waiting[1]?.answer(1);
  expect(await w.answers()).toMatchObject([{ type: "response", callId: 4 }]);
});

test("thousands of calls that wait for one are answered in order once it is", async () => {
  const served = echoServer();
  const w = new Wire(served.router);
  await w.send(bind({ flags: 3 }));
  const waiting = Array.from({ length: 4000 }, (_, i) => request({ callId: 3 + i }));
  expect(await w.send(request({ opnum: 2, body: new Uint8Array() }), ...waiting)).toEqual([]);
  served.waiting[0]?.answer(1);
  const answers: Pdu[] = [];
  let turns = 0;
  for (let more; (more = await w.answers()).length > 0; turns++) answers.push(...more);
  // Others had their turn in between.
  expect(turns).toBeGreaterThanOrEqual(4000 / 256);
  expect(answers.map(({ callId }) => callId)).toEqual(
    Array.from({ length: 4001 }, (_, i) => 2 + i),
  );
});

test("a handler that has its connection drained is answered first", async () => {
  const router = createRouter({ onError: () => {} }).serve(echo, {
    echoData({ data }) {
      w.connection.drain();
      return { data };
    },
  });
  const w = new Wire(router);
  await w.send(bind());
  expect(await w.send(request())).toMatchObject([{ type: "shutdown" }, { type: "response" }]);
  expect(w.ended).toBe(true);
});

test("a request larger than the limit is denied, announced or not", async () => {
  const body = octetsOf(600);
  const after = async (): Promise<Wire> => {
    const w = await bound({ limits: { maxRequest: 1000 } });
    expect(await w.send(request({ flags: 1, body }))).toEqual([]);
    return w;
  };
  const announced = request({ flags: 1, body, allocHint: 1001 });
  await expectEnd(await bound({ limits: { maxRequest: 1000 } }), announced, 5);
  await expectEnd(await after(), request({ flags: 0, body: octetsOf(8), allocHint: 401 }), 5);
  await expectEnd(await after(), request({ flags: 0, body }), 5);
  await expectEnd(await after(), request({ flags: 2, body }), 5);
});

test("a fragment longer than the limit is refused by its header alone", async () => {
  const w = await bound({ limits: { maxFragment: 2000 } });
  const header = Uint8Array.of(5, 0, 0, 3, 16, 0, 0, 0, 0xd8, 7, 0, 0, 2, 0, 0, 0);
  await expectEnd(w, header, protocolError);
});

test("calls beyond the limit are turned away, and the others answered", async () => {
  const served = echoServer();
  const w = new Wire(served.router, { limits: { maxCalls: 2 } });
  await w.send(bind());
  const waiting = { opnum: 2, body: octetsOf(0) };
  expect(
    await w.send(request(waiting), request({ ...waiting, callId: 3 }), request({ callId: 4 })),
  ).toMatchObject([{ type: "fault", callId: 4, status: 0x1c010014, flags: 0x23 }]);
  served.waiting.forEach(({ answer }, i) => answer(i));
  expect(await w.answers()).toMatchObject([
    { type: "response", callId: 2 },
    { type: "response", callId: 3 },
  ]);
});

test("requests that hold too much memory together are turned away", async () => {
  const w = await bound({ limits: { maxRequestsTotal: 100 } });
  const body = octetsOf(90);
  expect(
    await w.send(request({ opnum: 2, body }), request({ callId: 3, opnum: 2, body })),
  ).toMatchObject([{ type: "fault", callId: 3, status: 0x1c010014 }]);
});

test("cancel reaches the handler, and its answer still goes out", async () => {
  const served = echoServer();
  const w = new Wire(served.router);
  await w.send(bind(), request({ opnum: 2, body: octetsOf(0) }));
  const cancel = {
    type: "cancel",
    flags: 3,
    callId: 2,
    littleEndian: true,
    verifier: null,
  } as const;
  expect(await w.send(cancel)).toEqual([]);
  expect(served.waiting[0]?.signal.aborted).toBe(true);
  served.waiting[0]?.answer(9);
  expect(await w.answers()).toMatchObject([{ type: "response", callId: 2 }]);
});

test("an orphaned call is cancelled and not answered, and the connection stays", async () => {
  const served = echoServer();
  const w = new Wire(served.router);
  await w.send(bind(), request({ opnum: 2, body: octetsOf(0) }));
  const pdu = {
    type: "orphaned",
    flags: 3,
    callId: 2,
    littleEndian: true,
    verifier: null,
  } as const;
  await w.send(pdu);
  expect(served.waiting[0]?.signal.aborted).toBe(true);
  served.waiting[0]?.answer(9);
  expect(await w.answers()).toEqual([]);
  expect(await w.send(request({ callId: 3 }))).toMatchObject([{ type: "response", callId: 3 }]);
});

test("cancels and orphans of calls that aren't there, or not whole, change nothing", async () => {
  const w = await bound();
  const pdu = { flags: 3, littleEndian: true, verifier: null } as const;
  expect(
    await w.send(
      { type: "cancel", callId: 77, ...pdu },
      { type: "orphaned", callId: 1, ...pdu },
      request({ callId: 3, flags: 1, body: octetsOf(4).fill(0) }),
      { type: "cancel", callId: 3, ...pdu },
      { type: "orphaned", callId: 3, ...pdu },
      request({ callId: 3, flags: 2, body: octetsOf(0) }),
    ),
  ).toMatchObject([{ type: "response", callId: 3 }]);
});

test("a request with a cancel already pending is refused", async () => {
  await expectEnd(await bound(), request({ flags: 7 }), 0x6bd);
});

test("opnums without handler and stubs that are none are faults of their call alone", async () => {
  const w = await bound();
  expect(
    await w.send(
      request({ opnum: 99 }),
      request({ callId: 3, body: octetsOf(2) }),
      request({ callId: 4 }),
    ),
  ).toMatchObject([
    { type: "fault", callId: 2, status: 0x1c010002, flags: 0x23 },
    { type: "fault", callId: 3, status: 0x6f7, flags: 3 },
    { type: "response", callId: 4 },
  ]);
});

test("a client that doesn't read its answers is no longer read from", async () => {
  const w = await bound();
  w.reads = false;
  const answers = await w.send(request());
  expect(answers).toHaveLength(1);
  expect(await w.send(request({ callId: 3 }))).toEqual([]);
  expect(w.paused).toBe(true);
  w.reads = true;
  w.connection.drained();
  expect(await w.answers()).toMatchObject([{ type: "response", callId: 3 }]);
  expect(w.paused).toBe(false);
});

test("who owes a bind or the rest of a request is known by the time", async () => {
  const w = wire();
  w.clock = 10;
  expect(w.connection.owesSince).toBe(0);
  await w.send(bind());
  expect(w.connection.owesSince).toBe(null);
  await w.send(request({ flags: 1 }));
  expect(w.connection.owesSince).toBe(10);
  w.clock = 20;
  await w.send(request({ flags: 2, body: octetsOf(0) }));
  expect(w.connection.owesSince).toBe(null);
  await w.send(Uint8Array.of(5, 0));
  expect(w.connection.owesSince).toBe(20);
});

test("draining asks the client to go, finishes what is under way and takes nothing new", async () => {
  const served = echoServer();
  const w = new Wire(served.router);
  await w.send(bind(), request({ opnum: 2, body: octetsOf(0) }));
  w.connection.drain();
  expect(await w.send(request({ callId: 3 }))).toMatchObject([
    { type: "shutdown" },
    { type: "fault", callId: 3, status: 0x1c010014 },
  ]);
  expect(w.ended).toBe(false);
  served.waiting[0]?.answer(1);
  expect(await w.answers()).toMatchObject([{ type: "response", callId: 2 }]);
  expect(w.ended).toBe(true);
});

test("the end of a connection aborts its calls", async () => {
  const served = echoServer();
  const w = new Wire(served.router);
  await w.send(bind(), request({ opnum: 2, body: octetsOf(0) }));
  w.connection.closed();
  expect(served.waiting[0]?.signal.aborted).toBe(true);
  served.waiting[0]?.answer(1);
  expect(await w.answers()).toEqual([]);
});

test("a maybe request runs, and is answered neither with a response nor with a fault", async () => {
  const maybe = 0x43;
  const server = echoServer();
  const w = new Wire(server.router, { limits: { maxCalls: 1 } });
  await w.send(bind());
  const waiting = request({ opnum: 2, flags: maybe, body: octetsOf(0) });
  expect(await w.send(waiting)).toEqual([]);
  expect(server.waiting).toHaveLength(1);
  const refused = [
    request({ callId: 3, flags: maybe }),
    request({ callId: 4, flags: maybe, contextId: 9 }),
    request({ callId: 5, flags: maybe, opnum: 99 }),
  ];
  expect(await w.send(...refused)).toEqual([]);
  server.waiting[0]?.answer(1);
  expect(await w.send(request({ callId: 6, opnum: 3, flags: maybe }))).toEqual([]);
  expect(await w.send(request({ callId: 7 }))).toMatchObject([{ type: "response", callId: 7 }]);
});
