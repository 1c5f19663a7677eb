/** When a client tries again, and what it is told of what it has lost. */
import {
  type Association,
  backOff,
  createClient,
  createRouter,
  defineInterface,
  handleKind,
  type HandlesLost,
  inMemoryTransport,
  type Reconnect,
  RpcFault,
  type Transport,
  TransportError,
} from "@msrpc/rpc";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { echo, echoServer, octetsOf } from "./echo.ts";
import { type GroupHandle, sample } from "./sample.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

const data = octetsOf(4);
const tooBusy = 0x1c010014;

/** A transport that fails so often, with what is given, before it works; and the same for calls over it. */
function failing(failures: unknown[], callFailures: unknown[] = []): Transport & { made: number } {
  const real = inMemoryTransport(echoServer().router);
  return {
    made: 0,
    async associate(target, options) {
      this.made++;
      if (failures.length > 0) throw failures.shift();
      const association = await real.associate(target, options);
      const over: Association = {
        format: association.format,
        isClosed: false,
        close: () => association.close(),
        async call(opnum, stub, callOptions) {
          if (callFailures.length > 0) throw callFailures.shift();
          return association.call(opnum, stub, callOptions);
        },
      };
      return over;
    },
  };
}

/** A policy that writes down what it is asked. */
function asked(...answers: (number | null)[]): { policy: Reconnect; questions: string[] } {
  const questions: string[] = [];
  const policy: Reconnect = (attempt, error) => {
    const name = error instanceof RpcFault ? error.statusName : error.code;
    questions.push(`${attempt} ${name}`);
    return answers.shift() ?? null;
  };
  return { policy, questions };
}

const unreachable = (): TransportError => new TransportError("unreachable", "nobody there");
const busy = (mayHaveRun: boolean): RpcFault => new RpcFault(tooBusy, "", { mayHaveRun });

test("connections are tried again as the policy says, for all calls that wait", async () => {
  const transport = failing([unreachable(), unreachable()]);
  const { policy, questions } = asked(1000, 2000);
  const client = createClient(echo, transport, { reconnect: policy });
  const calls = [client.echoData({ data }), client.echoData({ data })];
  await vi.advanceTimersByTimeAsync(999);
  expect(transport.made).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(transport.made).toBe(2);
  await vi.advanceTimersByTimeAsync(2000);
  expect(await Promise.all(calls)).toEqual([{ data }, { data }]);
  expect(questions).toEqual(["1 unreachable", "2 unreachable"]);
});

test("a policy that gives up, and none at all, leave the error", async () => {
  for (const options of [{ reconnect: asked(null).policy }, {}]) {
    const client = createClient(echo, failing([unreachable()]), options);
    await expect(client.echoData({ data })).rejects.toMatchObject({ code: "unreachable" });
    expect(await client.echoData({ data })).toEqual({ data });
  }
});

test("a call that was refused before it ran is made again", async () => {
  const { policy, questions } = asked(10, 10);
  const lost = new TransportError("closed", "gone", { mayHaveRun: false });
  const transport = failing([], [busy(false), lost]);
  const client = createClient(echo, transport, { reconnect: policy });
  const call = client.echoData({ data });
  await vi.advanceTimersByTimeAsync(20);
  expect(await call).toEqual({ data });
  expect(questions).toEqual(["1 nca_s_server_too_busy", "2 closed"]);
});

const final: readonly (readonly [what: string, error: unknown])[] = [
  ["a busy server that may have run it", busy(true)],
  ["a connection that broke before the answer", new TransportError("closed", "gone")],
  ["a fault that will be the same again", new RpcFault(5, "", { mayHaveRun: false })],
  ["a breach of the protocol", new TransportError("protocol", "nonsense")],
];
for (const [what, error] of final) {
  test(`not made again: a call ended by ${what}`, async () => {
    const { policy, questions } = asked(0);
    const client = createClient(echo, failing([], [error]), { reconnect: policy });
    await expect(client.echoData({ data })).rejects.toThrow(Error);
    expect(questions).toEqual([]);
  });
}

test("credentials that are refused are not tried again", async () => {
  const { policy, questions } = asked(0);
  const refused = new TransportError("security", "wrong password");
  const client = createClient(echo, failing([refused]), { reconnect: policy });
  await expect(client.echoData({ data })).rejects.toBe(refused);
  expect(questions).toEqual([]);
});

test("an operation marked [idempotent] is made again after a break, where that is wanted", async () => {
  const { echoData } = echo.operations;
  const operations = {
    once: echoData,
    often: { ...echoData, opnum: 9, idempotent: true },
  } as const;
  const marked = defineInterface({ ...echo, operations });
  const broken = (): TransportError => new TransportError("closed", "gone");
  for (const [retryIdempotent, expected] of [
    [true, ["1 closed"]],
    [false, []],
  ] as const) {
    const { policy, questions } = asked(0);
    const transport = failing([], [broken()]);
    const client = createClient(marked, transport, { reconnect: policy, retryIdempotent });
    const call = client.often({ data }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1);
    await call;
    expect(questions).toEqual(expected);
    await expect(
      createClient(marked, failing([], [broken()]), { reconnect: policy, retryIdempotent }).once({
        data,
      }),
    ).rejects.toMatchObject({ code: "closed" });
    expect(questions).toEqual(expected);
  }
});

test("waiting for the next attempt ends with the call's signal, and with the client", async () => {
  const reconnect = (): number => 1e6;
  const client = createClient(echo, failing([unreachable()]), { reconnect });
  const controller = new AbortController();
  const given = client.echoData({ data }, { signal: controller.signal });
  const waiting = client.echoData({ data });
  await vi.advanceTimersByTimeAsync(1);
  controller.abort(new Error("enough"));
  await expect(given).rejects.toThrow("enough");
  const disposed = expect(waiting).rejects.toMatchObject({ code: "disposed" });
  await client[Symbol.asyncDispose]();
  await disposed;
  expect(vi.getTimerCount()).toBe(0);
});

test("a policy that gives no time is a mistake", async () => {
  const reconnect = (): number => Number.NaN;
  const client = createClient(echo, failing([unreachable()]), { reconnect });
  await expect(client.echoData({ data })).rejects.toThrow(
    new TypeError("reconnect gave NaN, which is no time"),
  );
});

test("backing off waits longer each time, up to a limit, and gives up when it is told to", () => {
  const policy = backOff({ first: 100, longest: 1000, attempts: 7 });
  const delays = [1, 2, 3, 4, 5, 6, 7].map((attempt) => policy(attempt, unreachable()));
  for (const [i, most] of [100, 200, 400, 800, 1000, 1000].entries()) {
    expect(delays[i]).toBeGreaterThanOrEqual(most / 2);
    expect(delays[i]).toBeLessThanOrEqual(most);
  }
  expect(delays[6]).toBeNull();
});

test("handles that are lost are told of, those that were closed are not", async () => {
  const groups = handleKind<GroupHandle, string>("group");
  const router = createRouter({ onError: () => {} }).serve(sample, {
    openGroup: ({ groupName }, { handles }) => handles.open(groups, groupName),
    closeGroup({ handle }, { handles }) {
      handles.close(groups, handle);
    },
  });
  const real = inMemoryTransport(router);
  let end = (_error: TransportError): void => {};
  const transport: Transport = {
    async associate(target, options) {
      const association = await real.associate(target, options);
      const { format } = association;
      return {
        format,
        get isClosed() {
          return association.isClosed;
        },
        call: (...args) => association.call(...args),
        close: () => association.close(),
        onEnd: (listener) => void (end = listener),
      };
    },
  };
  const losses: HandlesLost[] = [];
  const onHandlesLost = (loss: HandlesLost): void => void losses.push(loss);
  const client = createClient(sample, transport, { onHandlesLost });
  const kept = await client.openGroup({ groupName: "a" });
  const closed = await client.openGroup({ groupName: "b" });
  await client.closeGroup({ handle: closed });
  const error = new TransportError("closed", "gone");
  end(error);
  expect(losses).toEqual([{ handles: [kept], error }]);
});

for (const limit of [{ timeout: 1 }, { timeout: 1, deadline: new Date(Date.now() + 1e6) }]) {
  test(`a call's own time limit counts: ${Object.keys(limit).join(" before ")}`, async () => {
    const client = createClient(echo, inMemoryTransport(echoServer().router), { timeout: 1e6 });
    const call = expect(client.wait({}, limit)).rejects.toMatchObject({ name: "TimeoutError" });
    await vi.advanceTimersByTimeAsync(1);
    await call;
  });
}

test("a time limit that is no number is refused", async () => {
  const client = createClient(echo, inMemoryTransport(echoServer().router));
  for (const options of [{ timeout: Number.NaN }, { cancelTimeout: "1" as unknown as number }]) {
    await expect(client.echoData({ data }, options)).rejects.toThrow(TypeError);
  }
});

test("after the time limit an answer that still comes is the result, in memory too", async () => {
  const server = echoServer();
  const client = createClient(echo, inMemoryTransport(server.router), { cancelTimeout: 1000 });
  const call = client.wait({}, { timeout: 1 });
  await vi.advanceTimersByTimeAsync(1);
  const [waiting] = server.waiting;
  expect(waiting?.signal.aborted).toBe(true);
  waiting?.answer(7);
  expect(await call).toEqual({ outcome: 7 });
  expect(vi.getTimerCount()).toBe(0);
});

test("a maybe operation ends when it was sent, and its handler runs", async () => {
  const server = echoServer();
  const operations = { tell: { ...echo.operations.wait, maybe: true } } as const;
  const client = createClient(
    defineInterface({ ...echo, operations }),
    inMemoryTransport(server.router),
  );
  expect(await client.tell({})).toBeUndefined();
  expect(server.waiting).toHaveLength(1);
});
