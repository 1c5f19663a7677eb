/** Pipes in both directions. */
import type { NdrWriter } from "@msrpc/ndr";
import {
  createClient,
  createRouter,
  defineInterface,
  inMemoryTransport,
  RpcError,
  type StubEvent,
} from "@msrpc/rpc";
import { expect, test } from "vitest";
import { sample } from "./sample.ts";

async function* upTo(count: number): AsyncGenerator<number> {
  for (let i = 1; i <= count; i++) yield i;
}

async function* runningTotals(
  start: number,
  numbers: AsyncIterable<number>,
): AsyncGenerator<number> {
  let total = start;
  for await (const number of numbers) yield (total += number);
}

async function* broken(): AsyncGenerator<number> {
  yield 1;
  throw new Error("source failed");
}

async function gather(numbers: AsyncIterable<number>): Promise<number[]> {
  const all: number[] = [];
  for await (const number of numbers) all.push(number);
  return all;
}

function serve(syntax: "ndr" | "ndr64", events: StubEvent[] = []) {
  const router = createRouter({ onError: () => {} }).serve(sample, {
    runningTotals({ start, numbers }) {
      if (start === 99) throw new RpcError(5);
      return { total: start, totals: runningTotals(start, numbers) };
    },
  });
  const onStub = (event: StubEvent): number => events.push(event);
  return createClient(sample, inMemoryTransport(router, { syntax, onStub }));
}

for (const syntax of ["ndr", "ndr64"] as const) {
  for (const count of [0, 1, 512, 1500]) {
    test(`pipes of ${count} elements pass both ways in ${syntax}`, async () => {
      const client = serve(syntax);
      const { total, totals } = await client.runningTotals({ start: 5, numbers: upTo(count) });
      expect(total).toBe(5);
      const last = 5 + (count * (count + 1)) / 2;
      const all = await gather(totals);
      expect(all).toHaveLength(count);
      expect(all.at(-1) ?? 5).toBe(last);
    });
  }
}

test("in a request pipes follow the other parameters, in a response they stand before them", async () => {
  const events: StubEvent[] = [];
  await serve("ndr", events).runningTotals({ start: 5, numbers: upTo(2) });
  const hex = events.map((event) => "stub" in event && Buffer.from(event.stub).toString("hex"));
  expect(hex).toEqual([
    "05000000 02000000 01000000 02000000 00000000".replaceAll(" ", ""),
    "02000000 06000000 08000000 00000000 05000000".replaceAll(" ", ""),
  ]);
});

test("an error of whoever fills a pipe is the call's", async () => {
  const call = serve("ndr").runningTotals({ start: 0, numbers: broken() });
  await expect(call).rejects.toThrow("source failed");
});

test("a status instead of pipes is a fault where there is no place for it", async () => {
  const call = serve("ndr").runningTotals({ start: 99, numbers: upTo(1) });
  await expect(call).rejects.toMatchObject({ status: 5 });
});

test("chunks keep to the range of their pipe", async () => {
  const events: StubEvent[] = [];
  await serve("ndr", events).runningTotals({ start: 0, numbers: upTo(501) });
  const response = events[1];
  if (response?.direction !== "response") throw new Error("no response");
  const view = new DataView(response.stub.buffer);
  expect([view.getUint32(0, true), view.getUint32(4 + 4 * 500, true)]).toEqual([500, 1]);
  view.setUint32(0, 501, true);
  const client = createClient(sample, {
    associate: async () => ({
      format: { syntax: "ndr", byteOrder: "little" },
      isClosed: false,
      call: async () => ({ stub: response.stub, byteOrder: "little" }),
      close: async () => {},
    }),
  });
  await expect(client.runningTotals({ start: 0, numbers: upTo(0) })).rejects.toMatchObject({
    code: "out_of_range",
    path: "totals",
  });
});

/** Yields nothing, and never ends. */
function silent(): AsyncIterable<number> & { readonly left: Promise<void> } {
  const left = Promise.withResolvers<void>();
  const iterator: AsyncIterator<number> = {
    next: () => new Promise(() => {}),
    async return() {
      left.resolve();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator, left: left.promise };
}

/** Never ends; counts what is taken. */
function endless(wait?: () => Promise<unknown>) {
  const state = { taken: 0, isLeft: false };
  async function* elements(): AsyncGenerator<number> {
    try {
      for (;;) {
        await wait?.();
        yield state.taken++ & 0xff;
      }
    } finally {
      state.isLeft = true;
    }
  }
  return Object.assign(state, { elements: elements() });
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a deadline ends a call whose pipe yields nothing, and the source is told", async () => {
  const numbers = silent();
  const deadline = new Date(Date.now() + 20);
  const call = serve("ndr").runningTotals({ start: 0, numbers }, { deadline });
  await expect(call).rejects.toMatchObject({ name: "TimeoutError" });
  await expect(numbers.left).resolves.toBeUndefined();
});

test("a deadline ends a call whose pipe never lets anything else run", async () => {
  const source = endless();
  const deadline = new Date(Date.now() + 20);
  const call = serve("ndr").runningTotals({ start: 0, numbers: source.elements }, { deadline });
  await expect(call).rejects.toMatchObject({ name: "TimeoutError" });
  expect(source.isLeft).toBe(true);
});

test("disposing a client ends a call that waits for its pipe", async () => {
  const client = serve("ndr");
  const numbers = silent();
  const call = client.runningTotals({ start: 0, numbers });
  const failed = expect(call).rejects.toMatchObject({ code: "disposed" });
  await tick();
  await client[Symbol.asyncDispose]();
  await failed;
  await expect(numbers.left).resolves.toBeUndefined();
});

test("a server stops taking from a pipe when the call is given up or its client goes", async () => {
  for (const end of ["abort", "dispose"]) {
    const source = endless(tick);
    const errors: unknown[] = [];
    const router = createRouter({ onError: (error) => errors.push(error) }).serve(sample, {
      runningTotals: () => ({ total: 0, totals: source.elements }),
    });
    const client = createClient(sample, inMemoryTransport(router));
    const controller = new AbortController();
    const { signal } = controller;
    const failed = expect(
      client.runningTotals({ start: 0, numbers: [] }, { signal }),
    ).rejects.toThrow();
    await expect.poll(() => source.taken).toBeGreaterThan(2);
    if (end === "abort") controller.abort();
    else await client[Symbol.asyncDispose]();
    await failed;
    await expect.poll(() => source.isLeft).toBe(true);
    expect(errors).toEqual([]);
  }
});

test("what is gathered of a pipe is bounded, on both sides", async () => {
  const fromClient = endless();
  const fromServer = endless();
  const errors: unknown[] = [];
  const onError = (error: unknown): number => errors.push(error);
  const router = createRouter({ onError, maxPiped: 4000 }).serve(sample, {
    runningTotals: () => ({ total: 0, totals: fromServer.elements }),
  });
  const client = createClient(sample, inMemoryTransport(router), { maxPiped: 3000 });
  await expect(
    client.runningTotals({ start: 0, numbers: fromClient.elements }),
  ).rejects.toMatchObject({ name: "NdrError", code: "too_large", path: "numbers" });
  expect([fromClient.taken, fromClient.isLeft]).toEqual([1024, true]);
  await expect(client.runningTotals({ start: 0, numbers: [] })).rejects.toThrow("nca_s_fault");
  expect([fromServer.taken, fromServer.isLeft]).toEqual([1000, true]);
  expect(errors).toMatchObject([{ code: "too_large", path: "totals", expected: 4000 }]);
});

test("a pipe may be an array, or anything else to iterate", async () => {
  const router = createRouter({ onError: () => {} }).serve(sample, {
    runningTotals: () => ({ total: 0, totals: new Set([7, 8]) }),
  });
  const client = createClient(sample, inMemoryTransport(router));
  const { totals } = await client.runningTotals({ start: 0, numbers: [1, 2, 3] });
  expect(await gather(totals)).toEqual([7, 8]);
});

test("what is no pipe, and an element that is none, are named", async () => {
  const client = serve("ndr");
  const call = (numbers: unknown): Promise<unknown> =>
    client.runningTotals({ start: 0, numbers: numbers as number[] });
  const invalid = {
    name: "NdrError",
    code: "invalid_value",
    operation: "RunningTotals request",
  };
  for (const numbers of [null, 7, "text", {}]) {
    await expect(call(numbers)).rejects.toMatchObject({ ...invalid, path: "numbers" });
  }
  const numbers: unknown[] = Array.from({ length: 600 }, () => 1);
  numbers[515] = undefined;
  await expect(call(numbers)).rejects.toMatchObject({ ...invalid, path: "numbers[515]" });
});

test("a structure that is missing from a pipe is named, with the error it made as the cause", async () => {
  const { runningTotals: operation } = sample.operations;
  const write = (w: NdrWriter, element: unknown): void => {
    w.u32((element as { value: number }).value, "value");
  };
  const structures: typeof operation = {
    ...operation,
    inPipes: [{ member: "numbers", atLeast: 4, write, read: (r) => r.u32("") }],
  };
  const descriptor = defineInterface({ ...sample, operations: { structures } });
  const router = createRouter({ onError: () => {} });
  const client = createClient(descriptor, inMemoryTransport(router.serve(descriptor, {})));
  const numbers = [{ value: 1 }, undefined] as unknown[] as number[];
  await expect(client.structures({ start: 0, numbers })).rejects.toMatchObject({
    name: "NdrError",
    code: "invalid_value",
    path: "numbers[1]",
    cause: expect.any(TypeError) as unknown,
  });
});

test("a pipe that is missing is refused by name, and is no empty one", async () => {
  // @ts-expect-error a request needs its pipes
  await expect(serve("ndr").runningTotals({ start: 5 })).rejects.toMatchObject({
    code: "invalid_value",
    path: "numbers",
  });
  const heard: unknown[] = [];
  const router = createRouter({ onError: (error) => void heard.push(error) }).serve(sample, {
    // @ts-expect-error so does an answer
    runningTotals: ({ start }) => ({ total: start }),
  });
  const call = createClient(sample, inMemoryTransport(router)).runningTotals({
    start: 5,
    numbers: [],
  });
  await expect(call).rejects.toThrow();
  expect(heard).toMatchObject([{ code: "invalid_value", path: "totals" }]);
});
