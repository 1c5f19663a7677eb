/** Calls that are given up: by signal, by deadline, by the end of the association. */
import { getEventListeners } from "node:events";
import {
  type CallOptions,
  createClient,
  createRouter,
  inMemoryTransport,
  RpcFault,
} from "@msrpc/rpc";
import { expect, test } from "vitest";
import { sample } from "./sample.ts";

interface Waiting {
  /** Resolves when the handler runs. */
  readonly started: Promise<AbortSignal>;
  readonly answer: (version: number) => void;
  readonly client: ReturnType<typeof createClient<(typeof sample)["operations"]>>;
  readonly directions: string[];
}

function waiting(timeout?: number): Waiting {
  const started = Promise.withResolvers<AbortSignal>();
  const answer = Promise.withResolvers<{ version: number }>();
  const router = createRouter({ onError: () => {} }).serve(sample, {
    getVersion(_request, { signal }) {
      started.resolve(signal);
      return answer.promise;
    },
  });
  const directions: string[] = [];
  const transport = inMemoryTransport(router, {
    onStub: ({ direction }) => directions.push(direction),
  });
  return {
    started: started.promise,
    answer: (version) => answer.resolve({ version }),
    client: createClient(sample, transport, timeout === undefined ? {} : { timeout }),
    directions,
  };
}

test("an aborted call rejects with the reason, and the handler's signal is aborted", async () => {
  const { client, started, answer, directions } = waiting();
  const controller = new AbortController();
  const call = client.getVersion({}, { signal: controller.signal });
  const signal = await started;
  const reason = new Error("changed my mind");
  controller.abort(reason);
  await expect(call).rejects.toBe(reason);
  expect(signal.aborted).toBe(true);
  answer(1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(directions).toEqual(["request"]);
});

test("a call with an aborted signal is not sent", async () => {
  const { client, directions } = waiting();
  await expect(client.getVersion({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: "AbortError",
  });
  expect(directions).toEqual([]);
});

test("a deadline in the past rejects at once", async () => {
  const { client, directions } = waiting();
  const deadline = new Date(Date.now() - 1000);
  await expect(client.getVersion({}, { deadline })).rejects.toMatchObject({ name: "TimeoutError" });
  expect(directions).toEqual([]);
});

test("a deadline ends a call that waits", async () => {
  const { client } = waiting();
  const deadline = new Date(Date.now() + 20);
  await expect(client.getVersion({}, { deadline })).rejects.toMatchObject({ name: "TimeoutError" });
});

test("a client's timeout holds for calls without a deadline", async () => {
  const { client } = waiting(20);
  await expect(client.getVersion()).rejects.toMatchObject({ name: "TimeoutError" });
});

test("an answer in time ends the deadline", async () => {
  const { client, answer } = waiting(60_000);
  answer(7);
  expect(await client.getVersion({}, { signal: new AbortController().signal })).toEqual({
    version: 7,
  });
});

test("calls under way fail when the client is disposed", async () => {
  const { client, started } = waiting();
  const call = client.getVersion();
  const signal = await started;
  const failed = expect(call).rejects.toBeInstanceOf(RpcFault);
  await client[Symbol.asyncDispose]();
  await failed;
  expect(signal.aborted).toBe(true);
});

test("a server without the interface refuses the first call, and the next may succeed", async () => {
  const router = createRouter({ onError: () => {} });
  const client = createClient(sample, inMemoryTransport(router));
  await expect(client.getVersion()).rejects.toMatchObject({ statusName: "nca_s_unk_if" });
  router.serve(sample, { getVersion: () => ({ version: 2 }) });
  expect(await client.getVersion()).toEqual({ version: 2 });
});

test("options that are none are refused with what is wrong with them", async () => {
  const { client, directions } = waiting();
  const call = (options: unknown): Promise<unknown> =>
    client.getVersion({}, options as CallOptions);
  await expect(call({ deadline: new Date(NaN) })).rejects.toThrow(
    new TypeError("deadline is no valid Date"),
  );
  await expect(call({ deadline: 50 })).rejects.toThrow(new TypeError("deadline is no valid Date"));
  await expect(call({ signal: new AbortController() })).rejects.toThrow(
    new TypeError("signal is no AbortSignal"),
  );
  await expect(call(null)).rejects.toThrow(
    new TypeError("the options of a call are null, which is no object"),
  );
  expect(directions).toEqual([]);
  expect(() => waiting(NaN)).toThrow(new TypeError("timeout is NaN, which is no time"));
});

test("calls that share a signal each get its reason, and those answered before do not", async () => {
  const { client, answer, started } = waiting(60_000);
  const controller = new AbortController();
  const { signal } = controller;
  const first = client.getVersion({}, { signal });
  answer(1);
  expect(await first).toEqual({ version: 1 });
  const second = waiting(60_000);
  const calls = [1, 2, 3].map(() => second.client.getVersion({}, { signal }));
  const handled = await second.started;
  const settled = Promise.allSettled(calls);
  const reason = new Error("enough");
  controller.abort(reason);
  expect(await settled).toEqual(calls.map(() => ({ status: "rejected", reason })));
  expect([handled.aborted, (await started).aborted]).toEqual([true, false]);
});

test("a signal has one listener however many calls share it, and none when they are answered", async () => {
  const { client, answer, started } = waiting(60_000);
  const { signal } = new AbortController();
  const calls = Array.from({ length: 20 }, () => client.getVersion({}, { signal }));
  await started;
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  answer(1);
  await Promise.all(calls);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});
