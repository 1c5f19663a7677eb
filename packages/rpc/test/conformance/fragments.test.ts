/** Fragments of requests: their flags, their order, their call ids, what they claim. */
import { encodePdu } from "@msrpc/rpc/pdu";
import { expect, test } from "vitest";
import { echoServer, octetsOf } from "../echo.ts";
import { expectFault, expectSilence } from "../support/outcomes.ts";
import { bind, bound, request, Wire } from "../support/wire.ts";

const [first, last, pendingCancel, maybe] = [1, 2, 4, 0x40];
const body = octetsOf(8);

/** Bound without multiplexing. */
async function exclusive(): Promise<Wire> {
  const w = new Wire(echoServer().router);
  await w.send(bind({ flags: 0x03 }));
  return w;
}

test("a fragment in the middle of nothing is a protocol error", async () => {
  for (const flags of [0, last, pendingCancel, last | pendingCancel]) {
    const end = { callId: 2, notRun: false, ends: true };
    await expectFault(await bound(), request({ flags }), "protocol", { ...end, contextId: 0 });
    await expectFault(await exclusive(), request({ flags }), "protocol", { ...end, contextId: 0 });
  }
});

test("one for a context that isn't there fails alone where calls are multiplexed", async () => {
  const w = await bound();
  const alone = { callId: 2, contextId: 0, notRun: true, ends: false };
  await expectFault(w, request({ flags: last, contextId: 9 }), "unknownInterface", alone);
  expect(await w.send(request({ callId: 3 }))).toMatchObject([{ type: "response" }]);
});

for (const flags of [first, first | 0x08, first | 0x10, first | 0x20, first | maybe]) {
  test(`a request begun twice with flags 0x${flags.toString(16)} is a protocol error`, async () => {
    const w = await bound();
    await expectSilence(w, request({ flags, body }));
    await expectFault(w, request({ flags, body }), "protocol", {
      callId: 2,
      contextId: 0,
      notRun: false,
      ends: true,
    });
  });
}

test("a request within another fails itself where calls are multiplexed, and the other elsewhere", async () => {
  const inside = request({ callId: 51, contextId: 0, flags: first, body });
  const end = { contextId: 0, notRun: false, ends: true };
  const multiplexed = await bound();
  await expectSilence(multiplexed, request({ callId: 50, flags: first, body }));
  await expectFault(multiplexed, inside, "protocol", { callId: 51, ...end });
  const w = await exclusive();
  await expectSilence(w, request({ callId: 50, flags: first, body }));
  await expectFault(w, inside, "protocol", { callId: 50, ...end });
});

test("so does a fragment of another call", async () => {
  const other = request({ callId: 51, flags: last, body });
  const end = { contextId: 0, notRun: false, ends: true };
  const multiplexed = await bound();
  await expectSilence(multiplexed, request({ callId: 50, flags: first, body }));
  await expectFault(multiplexed, other, "protocol", { callId: 51, ...end });
  const w = await exclusive();
  await expectSilence(w, request({ callId: 50, flags: first, body }));
  await expectFault(w, other, "protocol", { callId: 50, ...end });
});

test("a cancel that is pending before a request ends the connection, and within it means nothing", async () => {
  const cancelled = request({ flags: first | last | pendingCancel });
  const end = { callId: 2, contextId: 0, notRun: true, ends: true };
  await expectFault(await bound(), cancelled, "noCallActive", end);
  const w = await bound();
  const whole = Uint8Array.of(8, 0, 0, 0, ...octetsOf(8));
  await expectSilence(w, request({ flags: first, body: whole.subarray(0, 4) }));
  await expectSilence(w, request({ flags: pendingCancel, body: whole.subarray(4, 8) }));
  expect(
    await w.send(request({ flags: last | pendingCancel, body: whole.subarray(8) })),
  ).toMatchObject([{ type: "response", callId: 2 }]);
});

test("fragments without octets are fragments", async () => {
  const w = await bound();
  const none = octetsOf(0);
  await expectSilence(w, request({ flags: first, body: none }), request({ flags: 0, body: none }));
  expect(await w.send(request({ flags: last, body: new Uint8Array(4) }))).toMatchObject([
    { type: "response" },
  ]);
});

test("a fragment of the other byte order is a protocol error", async () => {
  const w = await bound();
  await expectSilence(w, request({ flags: first, body }));
  await expectFault(w, request({ flags: last, body, littleEndian: false }), "protocol", {
    callId: 2,
    contextId: 0,
    notRun: true,
    ends: true,
  });
});

test("the context, opnum and object of later fragments are not looked at", async () => {
  const w = await bound();
  await expectSilence(w, request({ flags: first, body: octetsOf(0) }));
  const rest = { flags: last, contextId: 99, opnum: 77, body: new Uint8Array(4) };
  expect(await w.send(request(rest))).toMatchObject([{ type: "response", contextId: 0 }]);
});

test("alloc_hint means nothing in a request of one fragment", async () => {
  const w = await bound({ limits: { maxRequest: 1000 } });
  for (const [callId, allocHint] of [0, 1, 1001, 0xffff_ffff].entries()) {
    expect(await w.send(request({ callId: callId + 2, allocHint }))).toMatchObject([
      { type: "response" },
    ]);
  }
});

test("alloc_hint beyond the limit ends a request at its first fragment, or at a later one", async () => {
  const end = { callId: 2, contextId: 0, notRun: false, ends: true };
  const limits = { maxRequest: 1000 };
  const claim = request({ flags: first, body, allocHint: 1001 });
  await expectFault(await bound({ limits }), claim, "accessDenied", end);
  const w = await bound({ limits });
  await expectSilence(w, request({ flags: first, body, allocHint: 1000 }));
  await expectFault(w, request({ flags: 0, body, allocHint: 993 }), "accessDenied", end);
});

test("a hint of less than what comes is no lie that matters", async () => {
  const w = await bound({ limits: { maxRequest: 1000 } });
  await expectSilence(w, request({ flags: first, allocHint: 1, body: octetsOf(0) }));
  const rest = request({ flags: last, allocHint: 0, body: Uint8Array.of(2, 0, 0, 0, 7, 7) });
  expect(await w.send(rest)).toMatchObject([{ type: "response" }]);
});

test("call ids may stay the same, and never go back", async () => {
  const w = await bound();
  for (const callId of [0, 0, 5, 5, 0x7fff_ffff, 0x7fff_ffff]) {
    expect(await w.send(request({ callId }))).toMatchObject([{ type: "response", callId }]);
  }
  const end = { contextId: 0, notRun: true, ends: true };
  await expectFault(w, request({ callId: 6 }), "protocol", { callId: 6, ...end });
  const callId = 0x8000_0000;
  await expectFault(await bound(), request({ callId }), "protocol", { callId, ...end });
});

test("the id of a call that is under way is taken", async () => {
  const w = await bound();
  const waiting = request({ opnum: 2, body: octetsOf(0) });
  await expectSilence(w, waiting);
  await expectFault(w, waiting, "protocol", { callId: 2, contextId: 0, notRun: true, ends: true });
});

test("a call answered at its first fragment has its rest dropped", async () => {
  const w = await bound();
  const early = request({ callId: 2, contextId: 9, flags: first, body });
  const alone = { callId: 2, contextId: 0, notRun: true, ends: false };
  await expectFault(w, early, "unknownInterface", alone);
  await expectSilence(w, { ...early, flags: 0 }, { ...early, flags: last });
  expect(await w.send(request({ callId: 3 }))).toMatchObject([{ type: "response" }]);
});

test("opnums beyond the interface fail alone, up to the last there can be", async () => {
  const w = await bound();
  for (const [i, opnum] of [4, 100, 0x7fff, 0xffff].entries()) {
    const callId = i + 2;
    await expectFault(w, request({ callId, opnum }), "operationRange", {
      callId,
      contextId: 0,
      notRun: true,
      ends: false,
    });
  }
});

test("a fragment longer than what is taken is refused by its header, under its call id", async () => {
  const w = await bound({ limits: { maxFragment: 2000 } });
  const header = encodePdu(request({ callId: 9, body: octetsOf(1984) })).subarray(0, 16);
  await expectFault(w, header, "protocol", { callId: 9, contextId: 0, notRun: false, ends: true });
});

test("maybe calls are carried out and not answered, not even by a fault", async () => {
  const w = await bound();
  await expectSilence(w, request({ flags: 0x43 }), request({ callId: 3, flags: 0x43, opnum: 99 }));
  expect(await w.send(request({ callId: 4 }))).toMatchObject([{ type: "response", callId: 4 }]);
});
