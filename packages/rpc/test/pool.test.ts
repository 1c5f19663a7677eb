/** Several connections of one client, in one association group. */
import {
  type Client,
  createClient,
  createRouter,
  handleKind,
  type HandlesLost,
  TransportError,
} from "@msrpc/rpc";
import { tcpServer, type TcpOptions, type TcpTransport, tcpTransport } from "@msrpc/rpc/tcp";
import { pduFlags } from "@msrpc/rpc/pdu";
import { afterEach, expect, test, vi } from "vitest";
import { echo, type EchoOperations, octetsOf } from "./echo.ts";
import { type GroupHandle, sample } from "./sample.ts";
import {
  type NumberedRequest,
  responseTo,
  scriptedServer,
  type ScriptedServer,
} from "./support/scripted-server.ts";

const closers: AsyncDisposable[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const closer of closers.splice(0).toReversed()) await closer[Symbol.asyncDispose]();
});

interface Waiting {
  readonly address: string;
  readonly answer: () => void;
}

interface Setup {
  readonly client: Client<EchoOperations>;
  readonly binding: string;
  readonly waiting: Waiting[];
  /** Resolves when so many calls are at the server. */
  arrived(count: number): Promise<void>;
  /** Has a call answered, and tells which address it came from. */
  place(): Promise<string>;
  readonly runDown: string[];
  readonly options: TcpOptions;
}

async function setUp(connections: TcpOptions["connections"]): Promise<Setup> {
  const waiting: Waiting[] = [];
  const runDown: string[] = [];
  const groups = handleKind<GroupHandle, string>("group", (name) => void runDown.push(name));
  const router = createRouter({ onError: () => {} })
    .serve(echo, {
      echoData: (_request, { caller }) => ({ data: new TextEncoder().encode(caller.address) }),
      wait(_request, { caller: { address } }) {
        const { promise, resolve } = Promise.withResolvers<{ outcome: number }>();
        waiting.push({ address, answer: () => resolve({ outcome: 0 }) });
        return promise;
      },
    })
    .serve(sample, {
      openGroup: ({ groupName }, { handles }) => handles.open(groups, groupName),
      getGroupState: ({ group }, { handles, caller }) => ({
        state: 0,
        nodeName: `${handles.get(groups, group)} ${caller.address}`,
      }),
    });
  const server = tcpServer(router);
  closers.push(server);
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  const options = connections === undefined ? {} : { connections };
  const transport = tcpTransport(binding, options);
  closers.push(transport);
  const client = createClient(echo, transport);
  return {
    client,
    binding,
    waiting,
    runDown,
    options,
    arrived: (count) => until(() => waiting.length >= count),
    place: async () => {
      const { data } = await client.echoData({ data: octetsOf(1) });
      return new TextDecoder().decode(data);
    },
  };
}

/** Lets sockets do their work, whatever the clocks say. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

function placesOf(waiting: readonly Waiting[]): number {
  return new Set(waiting.map(({ address }) => address)).size;
}

test("calls in turn need one connection, however many there may be", async () => {
  const { place } = await setUp({ max: 4 });
  const places = new Set<string>();
  for (let i = 0; i < 10; i++) places.add(await place());
  expect(places.size).toBe(1);
});

test("overlapping calls spread over as many connections as there may be", async () => {
  for (const [connections, expected] of [
    [{ max: 3 }, 3],
    [undefined, 1],
  ] as const) {
    const { client, waiting, arrived } = await setUp(connections);
    const calls: Promise<unknown>[] = [];
    for (let i = 0; i < 12; i++) {
      calls.push(client.wait());
      await arrived(i + 1);
    }
    expect(placesOf(waiting)).toBe(expected);
    const counts = Map.groupBy(waiting, ({ address }) => address);
    for (const { length } of counts.values())
      expect(length).toBeGreaterThanOrEqual(12 / expected - 1);
    for (const { answer } of waiting) answer();
    await Promise.all(calls);
  }
});

test("a handle is good on every connection, and run down with the last of them", async () => {
  const { client, binding, waiting, arrived, runDown } = await setUp({ max: 3 });
  const transport = tcpTransport(binding, { connections: { max: 3 } });
  closers.push(transport);
  const groups = createClient(sample, transport);
  const busy = createClient(echo, transport);
  const group = await groups.openGroup({ groupName: "SQL" });
  const answers: string[] = [];
  const calls: Promise<unknown>[] = [];
  for (let i = 0; i < 6; i++) {
    calls.push(busy.wait());
    await arrived(i + 1);
    answers.push((await groups.getGroupState({ group })).nodeName ?? "");
  }
  expect(new Set(answers).size).toBeGreaterThan(1);
  for (const answer of answers) expect(answer).toMatch(/^SQL /);
  for (const { answer } of waiting) answer();
  await Promise.all(calls);
  expect(runDown).toEqual([]);
  await groups[Symbol.asyncDispose]();
  expect(runDown).toEqual([]);
  await busy[Symbol.asyncDispose]();
  await vi.waitFor(() => expect(runDown).toEqual(["SQL"]));
  await client[Symbol.asyncDispose]();
});

test("connections without calls end after a while, all but one", async () => {
  const { client, waiting, arrived, place, runDown } = await setUp({ max: 4, idleTime: 5000 });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const calls: Promise<unknown>[] = [];
  while (placesOf(waiting) < 4) {
    calls.push(client.wait());
    await arrived(calls.length);
  }
  vi.advanceTimersByTime(20_000);
  for (const { answer } of waiting) answer();
  await Promise.all(calls);
  vi.advanceTimersByTime(5000);
  vi.advanceTimersByTime(5000);
  expect(vi.getTimerCount()).toBe(0);
  expect(await place()).toBe(waiting[0]?.address);
  expect(runDown).toEqual([]);
});

async function scripted(
  connections: TcpOptions["connections"],
  ...script: Parameters<typeof scriptedServer>
): Promise<{
  server: ScriptedServer;
  client: Client<EchoOperations>;
  transport: TcpTransport;
  losses: HandlesLost[];
}> {
  const server = await scriptedServer(...script);
  closers.push(server);
  const options = connections === undefined ? {} : { connections };
  const transport = tcpTransport(server.binding, options);
  closers.push(transport);
  const losses: HandlesLost[] = [];
  const onHandlesLost = (loss: HandlesLost): void => void losses.push(loss);
  const client = createClient(echo, transport, { onHandlesLost });
  return { server, client, transport, losses };
}

const body = Uint8Array.of(1, 0, 0, 0, 7);
const echoed = { data: Uint8Array.of(7) };
const data = octetsOf(1);

function answered(
  server: ScriptedServer,
  request: Parameters<typeof responseTo>[0] & { connection: number },
): void {
  server.send(responseTo(request, body, true), request.connection);
}

test("calls that may not overlap get connections of their own, and queue when there are no more", async () => {
  const { server, client } = await scripted({ max: 2 }, (_bind, accepted) => ({
    ...accepted,
    flags: accepted.flags & ~pduFlags.concurrent,
  }));
  const first = client.echoData({ data });
  const [one] = await server.requests(1);
  const second = client.echoData({ data });
  const [, two] = await server.requests(2);
  const third = client.echoData({ data });
  expect([one?.connection, two?.connection]).toEqual([0, 1]);
  if (one === undefined || two === undefined) throw new Error("no requests");
  answered(server, two);
  expect(await second).toEqual(echoed);
  answered(server, one);
  expect(await first).toEqual(echoed);
  const [, , three] = await server.requests(3);
  if (three === undefined) throw new Error("no third request");
  answered(server, three);
  expect(await third).toEqual(echoed);
  expect(server.connections).toBe(2);
});

test("a server that lets nobody join is called over one connection", async () => {
  const { server, client } = await scripted({ max: 2 }, (_bind, accepted, connection) => ({
    ...accepted,
    groupId: 100 + connection,
  }));
  const calls = [client.echoData({ data })];
  await server.requests(1);
  calls.push(client.echoData({ data }));
  await server.requests(2);
  await until(() => server.connections === 2);
  calls.push(client.echoData({ data }), client.echoData({ data }));
  const requests = await server.requests(4);
  expect(requests.map(({ connection }) => connection)).toEqual([0, 0, 0, 0]);
  for (const request of requests) answered(server, request);
  expect(await Promise.all(calls)).toEqual([echoed, echoed, echoed, echoed]);
  expect(server.connections).toBe(2);
});

test("a refused bind of a further connection leaves the others alone", async () => {
  const { server, client } = await scripted({ max: 3 }, ({ callId }, accepted, connection) =>
    connection === 0
      ? accepted
      : { type: "bind_nak", flags: 3, callId, littleEndian: true, reason: 2, versions: [] },
  );
  const calls = [client.echoData({ data }), client.echoData({ data }), client.echoData({ data })];
  for (const request of await server.requests(3)) answered(server, request);
  expect(await Promise.all(calls)).toEqual([echoed, echoed, echoed]);
});

interface OnTwo extends Awaited<ReturnType<typeof scripted>> {
  /** A call with its request, on each of two connections. */
  readonly pairs: readonly { readonly call: Promise<unknown>; readonly request: NumberedRequest }[];
}

async function onTwo(): Promise<OnTwo> {
  const all = await scripted({ max: 2 });
  const { server, client } = all;
  const calls: Promise<unknown>[] = [];
  let requests: NumberedRequest[] = [];
  while (!requests.some(({ connection }) => connection === 1)) {
    const call = client.echoData({ data });
    call.catch(() => {});
    calls.push(call);
    requests = await server.requests(calls.length);
  }
  const pairs = [0, 1].map((connection) => {
    const at = requests.findIndex((request) => request.connection === connection);
    const [request, call] = [requests[at], calls[at]];
    if (request === undefined || call === undefined) throw new Error("no request");
    return { request, call };
  });
  return { ...all, pairs };
}

test("a connection that breaks fails its calls, and the group lives on with the others", async () => {
  const { server, pairs, losses } = await onTwo();
  const [first, second] = pairs;
  server.cut(1);
  await expect(second?.call).rejects.toMatchObject({ code: "closed", mayHaveRun: true });
  if (first !== undefined) answered(server, first.request);
  expect(await first?.call).toEqual(echoed);
  expect(losses).toEqual([]);
});

test("an answer on the wrong connection ends that one, and is not taken for the call's", async () => {
  const { server, pairs } = await onTwo();
  const [first, second] = pairs;
  if (first === undefined) throw new Error("no call");
  server.send(responseTo({ ...first.request, callId: 77 }, body, true), 1);
  await expect(second?.call).rejects.toMatchObject({ code: "protocol" });
  answered(server, first.request);
  expect(await first.call).toEqual(echoed);
});

test("calls that wait for a further connection end with the transport", async () => {
  const { server, client, transport } = await scripted({ max: 2 }, (_bind, accepted, connection) =>
    connection === 0 ? { ...accepted, flags: accepted.flags & ~pduFlags.concurrent } : null,
  );
  const calls = [client.echoData({ data }), client.echoData({ data })];
  const ends = calls.map((call) => expect(call).rejects.toMatchObject({ code: "closed" }));
  await server.requests(1);
  await until(() => server.connections === 2);
  await transport[Symbol.asyncDispose]();
  await Promise.all(ends);
});

test("fewer than one connection is refused", () => {
  for (const max of [0, Number.NaN]) {
    expect(() => tcpTransport("ncacn_ip_tcp:localhost[1]", { connections: { max } })).toThrow(
      TypeError,
    );
  }
});

test("a server that doesn't answer the bind keeps a call only as long as its signal lets it", async () => {
  const server = await scriptedServer((_bind, accepted, connection) =>
    connection === 0 ? null : accepted,
  );
  closers.push(server);
  const transport = tcpTransport(server.binding, { patience: 20_000 });
  closers.push(transport);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const client = createClient(echo, transport);
  const slow = client.echoData({ data });
  const controller = new AbortController();
  const given = client.echoData({ data }, { signal: controller.signal });
  controller.abort(new Error("enough"));
  await expect(given).rejects.toThrow("enough");
  slow.catch(() => {});
  await until(() => server.binds === 1);
  vi.advanceTimersByTime(20_000);
  await expect(slow).rejects.toThrow(TransportError);
  await expect(slow).rejects.toMatchObject({ code: "closed", mayHaveRun: false });
  const again = client.echoData({ data });
  const [request] = await server.requests(1);
  if (request === undefined) throw new Error("no request");
  answered(server, request);
  expect(await again).toEqual(echoed);
});
