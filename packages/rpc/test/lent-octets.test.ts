/** Octets that came are only lent: nothing that a handler, a caller or a provider was given changes with what comes in their place. */
import { createRouter, type SecurityContext } from "@msrpc/rpc";
import type { Pdu } from "@msrpc/rpc/pdu";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ClientConnection } from "../src/connection/client-connection.ts";
import { echo, octetsOf } from "./echo.ts";
import { FakeServer, response } from "./support/fake-server.ts";
import { randomFrom } from "./support/hostile.ts";
import { LentNetwork } from "./support/lent-network.ts";
import { toyClient, toyServer } from "./support/toy-security.ts";
import { Wire } from "./support/wire.ts";

interface Call {
  readonly connection: number;
  readonly length: number;
  /** The handler answers in another turn. */
  readonly isLate: boolean;
}

type Level = "none" | "packet" | "privacy";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Octets of a call: its number, and others that tell their place. */
function dataOf(call: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i === 0 ? call : (i * 13 + call * 7) & 0xff));
}

function stubOf(data: Uint8Array): Uint8Array {
  const stub = new Uint8Array(4 + data.length);
  new DataView(stub.buffer).setUint32(0, data.length, true);
  stub.set(data, 4);
  return stub;
}

/** A provider whose contexts look at tokens later, as those that ask somebody else do. */
function slowly<P extends { createContext(request: never): SecurityContext }>(provider: P): P {
  const createContext = (request: never): SecurityContext => {
    const context = provider.createContext(request);
    const step = context.step.bind(context);
    context.step = (token) => turn().then(() => step(token));
    return context;
  };
  return { ...provider, createContext };
}

const calls = fc.array(
  fc.record({
    connection: fc.nat(2),
    length: fc.oneof(
      fc.nat(40),
      fc.integer({ min: 40, max: 3000 }),
      // Most of a read in one fragment, and more than a read.
      fc.integer({ min: 33_000, max: 65_000 }),
      fc.integer({ min: 66_000, max: 140_000 }),
    ),
    isLate: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

/** Makes the calls, and gives what handlers and callers had in the end. */
async function make(
  made: readonly Call[],
  limits: { readonly maxFragment: number },
  level: Level,
  seed: number,
): Promise<{ readonly given: Uint8Array[]; readonly answers: Uint8Array[] }> {
  const given: Uint8Array[] = [];
  const router = createRouter({ onError() {} }).serve(echo, {
    async echoData({ data }) {
      const call = data[0] ?? 0;
      given[call] = data;
      if (made[call]?.isLate === true) await turn();
      return { data };
    },
  });
  const security = slowly(toyServer({ legs: 3 }));
  const { host } = new Wire(router, { security: [security], limits });
  const network = new LentNetwork(randomFrom(seed));
  const identity =
    level === "none"
      ? null
      : { provider: slowly(toyClient({ legs: 3 })), request: { level, host: "" } };
  const connections = Array.from({ length: 3 }, () => network.connect(host, { limits }));
  const answered = made.map(async ({ connection, length }, call) => {
    const client = connections[connection] as ClientConnection;
    const context = await client.context(echo, identity);
    const { stub } = await client.call(context, 0, stubOf(dataOf(call, length)));
    return stub;
  });
  const answers = Promise.all(answered);
  await network.carry(answers);
  return { given, answers: await answers };
}

test("whatever comes in their place, requests, answers and tokens stay what they were", async () => {
  const property = fc.asyncProperty(
    calls,
    fc.constantFrom(1432, 5840, 65_528),
    fc.constantFrom<Level>("none", "packet", "privacy"),
    fc.integer(),
    async (made, maxFragment, level, seed) => {
      const numbered = made.map((call) => ({ ...call, length: call.length + 1 }));
      const { given, answers } = await make(numbered, { maxFragment }, level, seed);
      const sent = numbered.map(({ length }, call) => dataOf(call, length));
      const isAsSent = (values: readonly Uint8Array[], of: (data: Uint8Array) => Uint8Array) =>
        sent.map((data, call) => Buffer.from(values[call] ?? []).equals(of(data)));
      expect(isAsSent(given, (data) => data)).not.toContain(false);
      expect(isAsSent(answers, stubOf)).not.toContain(false);
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

test("answers whose fragments come by turns are put together each by itself", async () => {
  const server = new FakeServer();
  const context = await server.bound();
  const answers = Promise.all([server.call(context), server.call(context)]);
  await server.received();
  const [one, other] = [octetsOf(48), octetsOf(48).toReversed()];
  const fragment = (callId: number, stub: Uint8Array, from: number): Pdu =>
    response(callId, stub.subarray(from, from + 16), from === 0 ? 1 : from === 32 ? 2 : 0);
  server.send(fragment(2, one, 0), fragment(3, other, 0), fragment(2, one, 16));
  server.send(fragment(3, other, 16), fragment(2, one, 32), fragment(3, other, 32));
  expect((await answers).map(({ stub }) => stub)).toEqual([one, other]);
});
