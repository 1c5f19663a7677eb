/** Each type of PDU in each state of a connection: cancels, orphans, PDUs of servers, requests before a bind. */
import { type Pdu, encodePdu } from "@msrpc/rpc/pdu";
import { expect, test } from "vitest";
import { echoServer, octetsOf } from "../echo.ts";
import { changed, expectFault, expectSilence } from "../support/outcomes.ts";
import { bind, bound, request, wire, Wire } from "../support/wire.ts";

const common = { flags: 3, callId: 2, littleEndian: true } as const;
const cancel: Pdu = { type: "cancel", ...common, verifier: null };
const orphaned: Pdu = { type: "orphaned", ...common, verifier: null };
const answer = { ...common, allocHint: 0, contextId: 0, cancelCount: 0, verifier: null } as const;
const ofServers: readonly Pdu[] = [
  { type: "response", ...answer, body: octetsOf(0) },
  { type: "fault", ...answer, extended: false, status: 5, body: octetsOf(0) },
  { type: "bind_nak", ...common, reason: 0, versions: [] },
  { type: "shutdown", ...common },
  {
    type: "bind_ack",
    ...common,
    maxTransmit: 5840,
    maxReceive: 5840,
    groupId: 1,
    secondaryAddress: "",
    results: [],
    verifier: null,
  },
  {
    type: "alter_context_resp",
    ...common,
    maxTransmit: 5840,
    maxReceive: 5840,
    groupId: 1,
    secondaryAddress: "",
    results: [],
    verifier: null,
  },
];
const end = { callId: 2, contextId: 0, notRun: true, ends: true } as const;

for (const pdu of [
  ...ofServers,
  cancel,
  orphaned,
  request(),
  { ...bind(), ...common, type: "alter_context" } as const,
]) {
  test(`${pdu.type} before the bind is a protocol error`, async () => {
    await expectFault(wire(), pdu, "protocol", end);
  });
}

for (const pdu of ofServers) {
  test(`${pdu.type} from a client is a protocol error`, async () => {
    await expectFault(await bound(), pdu, "protocol", end);
  });
}

for (const pdu of [cancel, orphaned]) {
  test(`${pdu.type} without a call means nothing, and calls go on`, async () => {
    const w = await bound();
    await expectSilence(w, pdu, { ...pdu, callId: 0xffff_ffff }, { ...pdu, flags: 0 });
    expect(await w.send(request())).toMatchObject([{ type: "response" }]);
    await expectSilence(w, pdu);
    expect(await w.send(request({ callId: 3 }))).toMatchObject([{ type: "response" }]);
  });

  test(`${pdu.type} while fragments are missing means nothing`, async () => {
    const w = await bound();
    await expectSilence(w, request({ flags: 1, body: octetsOf(0) }), pdu);
    expect(await w.send(request({ flags: 2 }))).toMatchObject([{ type: "response", callId: 2 }]);
  });

  test(`${pdu.type} without the rest of a request leaves it open`, async () => {
    const w = await bound();
    await expectSilence(w, request({ flags: 1, body: octetsOf(0) }), pdu);
    const next = request({ callId: 3 });
    await expectFault(w, next, "protocol", { callId: 3, contextId: 0, notRun: false, ends: true });
  });
}

test("a cancelled call is told so, and answers when it likes", async () => {
  const served = echoServer();
  const w = new Wire(served.router);
  await w.send(bind());
  await expectSilence(w, request({ opnum: 2, body: octetsOf(0) }), cancel);
  expect(served.waiting[0]?.signal.aborted).toBe(true);
  served.waiting[0]?.answer(7);
  expect(await w.answers()).toMatchObject([{ type: "response", callId: 2 }]);
});

test("an orphaned call is told so, and what it answers is dropped", async () => {
  const served = echoServer();
  const w = new Wire(served.router);
  await w.send(bind());
  await expectSilence(w, request({ opnum: 2, body: octetsOf(0) }), orphaned, orphaned, cancel);
  expect(served.waiting[0]?.signal.aborted).toBe(true);
  served.waiting[0]?.answer(7);
  expect(await w.answers()).toEqual([]);
  expect(await w.send(request({ callId: 3 }))).toMatchObject([{ type: "response" }]);
});

test("calls are answered as they end, not as they came", async () => {
  const served = echoServer();
  const w = new Wire(served.router);
  await w.send(bind());
  const waiting = { opnum: 2, body: octetsOf(0) };
  await expectSilence(w, ...[2, 3, 4].map((callId) => request({ ...waiting, callId })));
  expect(await w.send(request({ callId: 5 }))).toMatchObject([{ callId: 5 }]);
  for (const at of [1, 2, 0]) served.waiting[at]?.answer(0);
  expect((await w.answers()).map(({ callId }) => callId)).toEqual([3, 4, 2]);
});

test("without multiplexing they are answered as they came", async () => {
  const served = echoServer();
  const w = new Wire(served.router);
  await w.send(bind({ flags: 3 }));
  await expectSilence(w, request({ opnum: 2, body: octetsOf(0) }), request({ callId: 3 }));
  served.waiting[0]?.answer(0);
  expect((await w.answers()).map(({ callId }) => callId)).toEqual([2, 3]);
});

test("a connection that drains sends shutdown, answers what is under way and takes nothing new", async () => {
  const served = echoServer();
  const w = new Wire(served.router);
  await w.send(bind());
  await expectSilence(w, request({ opnum: 2, body: octetsOf(0) }));
  w.connection.drain();
  expect(await w.answers()).toMatchObject([{ type: "shutdown" }]);
  await expectFault(w, request({ callId: 3 }), "tooBusy", {
    callId: 3,
    contextId: 0,
    notRun: true,
    ends: false,
  });
  served.waiting[0]?.answer(0);
  expect(await w.answers()).toMatchObject([{ type: "response", callId: 2 }]);
  expect(w.ended).toBe(true);
});

test("one with a request half received waits for no more of it", async () => {
  const w = await bound();
  await expectSilence(w, request({ flags: 1, body: octetsOf(8) }));
  w.connection.drain();
  expect(await w.answers()).toMatchObject([{ type: "shutdown" }]);
  expect(w.ended).toBe(true);
  expect(await w.send(request({ flags: 2, body: octetsOf(8) }))).toEqual([]);
});

test("one that has half a PDU, or no bind yet, ends without a word", async () => {
  const half = await bound();
  await half.send(encodePdu(request()).subarray(0, 20));
  half.connection.drain();
  expect(await half.answers()).toMatchObject([{ type: "shutdown" }]);
  expect(half.ended).toBe(true);
  const fresh = wire();
  fresh.connection.drain();
  expect(await fresh.answers()).toEqual([]);
  expect(fresh.ended).toBe(true);
});

test("types that there are not are a protocol error under their call id, before the bind only an end", async () => {
  for (const type of [1, 4, 10, 20, 99, 255]) {
    const octets = changed(encodePdu(request()), [2, type]);
    await expectFault(await bound(), octets, "protocol", end);
    const w = wire();
    expect(await w.send(octets)).toEqual([]);
    expect(w.ended).toBe(true);
  }
});

test("PDUs that are cut off inside their fields are protocol errors", async () => {
  for (const length of [16, 17, 20, 23]) {
    const octets = changed(encodePdu(request()).subarray(0, length), [8, length]);
    const { callId, ends } = end;
    const fault = { callId, contextId: 0, notRun: false, ends };
    await expectFault(await bound(), octets, "protocol", fault);
  }
});
