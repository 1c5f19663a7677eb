/** Pipes in both directions. */
import {
  createClient,
  createRouter,
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
