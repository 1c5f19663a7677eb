/** Calls that a client gives up, and calls that nobody answers. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ClientContext } from "../src/connection/client-context.ts";
import { octetsOf } from "./echo.ts";
import { accepted, FakeServer, fault, none, response } from "./support/fake-server.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

const enough = new Error("enough");
const cancelFault = 0x1c00000d;

interface Cancelled {
  readonly server: FakeServer;
  readonly context: ClientContext;
  readonly call: Promise<unknown>;
}

/** A call that was cancelled, and waits a second for its answer. */
async function cancelled(changes?: Parameters<FakeServer["bound"]>[0]): Promise<Cancelled> {
  const server = new FakeServer();
  const context = await server.bound(changes);
  const controller = new AbortController();
  const options = { signal: controller.signal, cancelTimeout: 1000 };
  const call = server.call(context, octetsOf(4), options);
  call.catch(() => {});
  await server.received();
  controller.abort(enough);
  expect(await server.received()).toMatchObject([{ type: "cancel", callId: 2 }]);
  return { server, context, call };
}

test("within the cancel time-out an answer is still the result", async () => {
  const { server, call } = await cancelled();
  server.send(response(2, octetsOf(4)));
  expect(await call).toEqual({ stub: octetsOf(4), byteOrder: "little" });
  expect(vi.getTimerCount()).toBe(0);
});

test("nca_s_fault_cancel is what was asked for: the call ends with the signal's reason", async () => {
  const { server, call } = await cancelled();
  server.send(fault(2, cancelFault));
  await expect(call).rejects.toBe(enough);
  expect(await server.received()).toEqual([]);
});

test("another fault is the call's outcome after all", async () => {
  const { server, call } = await cancelled();
  server.send(fault(2, 5));
  await expect(call).rejects.toMatchObject({ name: "RpcFault", status: 5 });
});

test("after the cancel time-out the call is orphaned, and a late answer is dropped", async () => {
  const { server, context, call } = await cancelled();
  vi.advanceTimersByTime(1000);
  await expect(call).rejects.toBe(enough);
  expect(await server.received()).toMatchObject([{ type: "orphaned", callId: 2 }]);
  server.send(response(2, octetsOf(4)));
  const next = server.call(context);
  server.send(response(3, octetsOf(8)));
  expect((await next).stub).toEqual(octetsOf(8));
});

test("a server that doesn't keep connections open after an orphan isn't sent one", async () => {
  const { server, call } = await cancelled({ results: [accepted, none, none] });
  vi.advanceTimersByTime(1000);
  await expect(call).rejects.toBe(enough);
  expect([await server.received(), server.isOver]).toEqual([[], false]);
});

test("without multiplexing the connection ends when the cancel time-out has passed, not before", async () => {
  const { server, call } = await cancelled({ flags: 3 });
  expect(server.isOver).toBe(false);
  vi.advanceTimersByTime(1000);
  await expect(call).rejects.toBe(enough);
  expect(server.isOver).toBe(true);
});

test("a connection that breaks during the cancel time-out fails the call and leaves no timer", async () => {
  const { server, call } = await cancelled();
  server.connection.closed(null);
  await expect(call).rejects.toMatchObject({ code: "closed", mayHaveRun: true });
  expect(vi.getTimerCount()).toBe(0);
});

test("a maybe call says so, ends when it was sent, and an answer to it is dropped", async () => {
  const server = new FakeServer();
  const context = await server.bound({ maxReceive: 1432 });
  const { stub } = await server.call(context, octetsOf(2000), { maybe: true });
  expect(stub).toHaveLength(0);
  expect(await server.received()).toMatchObject([
    { type: "request", callId: 2, flags: 0x41 },
    { type: "request", callId: 2, flags: 0x42 },
  ]);
  server.send(response(2, octetsOf(4)), fault(2, 5));
  expect(server.isOver).toBe(false);
});

test("without multiplexing a maybe call keeps nobody waiting", async () => {
  const server = new FakeServer();
  const context = await server.bound({ flags: 3 });
  await server.call(context, octetsOf(4), { maybe: true });
  void server.call(context).catch(() => {});
  expect(await server.received()).toMatchObject([{ callId: 2 }, { callId: 3 }]);
});

test("ids of calls only grow, whatever became of the calls", async () => {
  const server = new FakeServer();
  const context = await server.bound();
  for (let callId = 2; callId < 6; callId++) {
    const call = server.call(context);
    server.send(callId % 2 === 0 ? response(callId, octetsOf(4)) : fault(callId, 5));
    await call.catch(() => {});
  }
  const ids = (await server.received()).map(({ callId }) => callId);
  expect(ids).toEqual([2, 3, 4, 5]);
});

test("a call on a connection that has ended was surely not sent", async () => {
  const server = new FakeServer();
  const context = await server.bound();
  const sent = server.call(context);
  server.connection.closed(null);
  await expect(sent).rejects.toMatchObject({ code: "closed", mayHaveRun: true });
  await expect(server.call(context)).rejects.toMatchObject({ code: "closed", mayHaveRun: false });
});

test("a fault tells whether the operation may have run", async () => {
  const server = new FakeServer();
  const context = await server.bound();
  const calls = [server.call(context), server.call(context)];
  server.send(fault(2, 0x1c010014, 0x23), fault(3, 0x1c010014));
  await expect(calls[0]).rejects.toMatchObject({ mayHaveRun: false });
  await expect(calls[1]).rejects.toMatchObject({ mayHaveRun: true });
});

test("a fault of a status that servers must not send fails its call as a breach of the protocol", async () => {
  const server = new FakeServer();
  const context = await server.bound();
  for (const [i, status] of [0, 0xc0000005].entries()) {
    const call = server.call(context);
    server.send(fault(2 + i, status));
    await expect(call).rejects.toMatchObject({ name: "TransportError", code: "protocol" });
  }
  expect(server.isOver).toBe(false);
});
