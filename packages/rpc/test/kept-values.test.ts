/** Values that handlers and callers were given are theirs: what comes later on the connection changes none of them. */
import { createClient, createRouter } from "@msrpc/rpc";
import { tcpServer, tcpTransport } from "@msrpc/rpc/tcp";
import { afterEach, expect, test, vi } from "vitest";
import * as lentReads from "../src/tcp/lent-reads.ts";
import { echo } from "./echo.ts";

// Of a server whose sockets can't be told where to read to, `withReads` gives the same.
vi.mock("../src/tcp/lent-reads.ts", { spy: true });
const withReads = vi.mocked(lentReads.withReads);
afterEach(() => void withReads.mockReset());

/** In one read with others, in a read of their own, in two reads, in many fragments. */
const lengths = [0, 1, 40, 100, 1300, 1450, 6000, 50_000, 66_000, 200_000];

function dataOf(call: number): Uint8Array {
  const length = lengths[call % lengths.length] ?? 0;
  return Uint8Array.from({ length }, (_, i) => (i * 13 + call * 7) & 0xff);
}

for (const [maxFragment, reads] of [
  [1432, "one buffer"],
  [5840, "one buffer"],
  [5840, "buffers of its own"],
  [65_528, "one buffer"],
  [65_528, "buffers of its own"],
] as const) {
  test(`nothing changes what was given, in fragments of ${maxFragment}, read into ${reads}`, async () => {
    if (reads !== "one buffer") withReads.mockImplementation((socket) => socket);
    const given: Uint8Array[] = [];
    const router = createRouter({ onError: () => {} }).serve(echo, {
      async echoData({ data }) {
        given.push(data);
        // Some are answered at once with others, some later.
        if (given.length % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
        return { data };
      },
    });
    const limits = { maxFragment };
    await using server = tcpServer(router, { limits });
    const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
    await using transport = tcpTransport(binding, { limits });
    const client = createClient(echo, transport);
    const calls = Array.from({ length: 90 }, (_, call) => call);
    const answers = await Promise.all(calls.map((call) => client.echoData({ data: dataOf(call) })));
    // More calls over the same buffers, with other octets.
    for (const call of calls) await client.echoData({ data: dataOf(call).fill(0xee) });
    const isAsSent = (values: readonly Uint8Array[]): boolean[] =>
      calls.map((call) => Buffer.from(values[call] ?? []).equals(dataOf(call)));
    expect(isAsSent(answers.map(({ data }) => data))).not.toContain(false);
    expect(isAsSent(given)).not.toContain(false);
    expect(withReads).toHaveBeenCalledOnce();
  });
}

for (const maxFragment of [1432, 5840, 65_528]) {
  test(`who writes to what was given changes nothing else, in fragments of ${maxFragment}`, async () => {
    const router = createRouter({ onError: () => {} }).serve(echo, {
      echoData({ data }) {
        const answer = { data: data.slice() };
        data.fill(0xdd);
        return answer;
      },
    });
    const limits = { maxFragment };
    await using server = tcpServer(router, { limits });
    const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
    await using transport = tcpTransport(binding, { limits });
    const client = createClient(echo, transport);
    const calls = Array.from({ length: 45 }, (_, call) => call);
    const intact = await Promise.all(
      calls.map(async (call) => {
        const { data } = await client.echoData({ data: dataOf(call) });
        const isAsSent = Buffer.from(data).equals(dataOf(call));
        data.fill(0xcc);
        return isAsSent;
      }),
    );
    expect(intact).not.toContain(false);
  });
}
