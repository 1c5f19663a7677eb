/** What a router says of faults beside their status. */
import {
  createClient,
  createRouter,
  type FaultedCall,
  inMemoryTransport,
  RpcError,
  RpcFault,
} from "@msrpc/rpc";
import { expect, test } from "vitest";
import { ownProcess } from "../src/call-context.ts";
import { echo, octetsOf } from "./echo.ts";
import { sample } from "./sample.ts";
import { bind, request, Wire } from "./support/wire.ts";

/** Fails as it is told, and says so many octets of it. */
function failing(error: Error, said: (call: FaultedCall) => Uint8Array | null) {
  const errors: unknown[] = [];
  const onError = (thrown: unknown): void => void errors.push(thrown);
  const router = createRouter({ onError, extendedError: said }).serve(echo, {
    echoData() {
      throw error;
    },
  });
  return { router, errors };
}

test("it stands behind the header of the fault, in both byte orders, where it fits into one PDU", async () => {
  for (const [length, fits] of [
    [1, true],
    [1400, true],
    [1401, false],
  ] as const) {
    const { router } = failing(new RpcFault(5), () => octetsOf(length));
    const w = new Wire(router);
    await w.send(bind({ maxReceive: 1432 }));
    for (const littleEndian of [true, false]) {
      const callId = littleEndian ? 2 : 3;
      const body = fits ? octetsOf(length) : new Uint8Array(0);
      const allocHint = 32 + body.length;
      expect(await w.send(request({ callId, littleEndian }))).toMatchObject([
        { type: "fault", littleEndian, status: 5, extended: fits, allocHint, body },
      ]);
    }
  }
});

test("it hears of the call, the error and the caller", async () => {
  const calls: FaultedCall[] = [];
  const thrown = new Error("bug");
  const { router, errors } = failing(thrown, (call) => {
    calls.push(call);
    return null;
  });
  const client = createClient(echo, inMemoryTransport(router));
  const data = octetsOf(1);
  await expect(client.echoData({ data })).rejects.toMatchObject({ extendedError: null });
  expect(calls).toMatchObject([
    { status: 0x1c000012, error: thrown, operation: { opnum: 0 }, interface: { name: "echo" } },
  ]);
  expect(calls[0]?.caller.level).toBe("none");
  expect(errors).toEqual([thrown]);
});

test("it is asked where a stub can't be read, and not where a status is the answer", async () => {
  const asked: number[] = [];
  const router = createRouter({
    onError: () => {},
    extendedError({ status }) {
      asked.push(status);
      return octetsOf(3);
    },
  }).serve(sample, {
    openGroup() {
      throw new RpcError(5013);
    },
    getVersion() {
      throw new RpcError(31);
    },
  });
  const client = createClient(sample, inMemoryTransport(router));
  await expect(client.openGroup({ groupName: "a" })).rejects.toMatchObject({ status: 5013 });
  const faulted = { name: "RpcFault", extendedError: octetsOf(3) };
  await expect(client.getVersion()).rejects.toMatchObject({ status: 31, ...faulted });
  await new Promise<void>((resolve) => {
    const binding = router.open().bind(sample, { syntax: "ndr", byteOrder: "little" });
    const { signal } = new AbortController();
    binding?.call(0, octetsOf(2), { signal, caller: ownProcess }, (reply) => {
      expect(reply).toEqual({ fault: 0x6f7, extendedError: octetsOf(3) });
      resolve();
    });
  });
  expect(asked).toEqual([31, 0x6f7]);
});

test("a call is answered though it throws", async () => {
  const broken = new Error("broken");
  const { router, errors } = failing(new RpcFault(5), () => {
    throw broken;
  });
  const client = createClient(echo, inMemoryTransport(router));
  await expect(client.echoData({ data: octetsOf(1) })).rejects.toMatchObject({ status: 5 });
  expect(errors).toEqual([broken]);
});
