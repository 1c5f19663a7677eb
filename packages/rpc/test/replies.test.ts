/** Responses as servers may send them: in either byte order, late, in any order. */
import { getEventListeners } from "node:events";
import { createClient } from "@msrpc/rpc";
import { tcpTransport } from "@msrpc/rpc/tcp";
import { expect, test } from "vitest";
import { sample } from "./sample.ts";
import { responseTo, scriptedServer } from "./support/scripted-server.ts";

for (const byteOrder of ["little", "big"] as const) {
  test(`a response in the other byte order than its ${byteOrder}-endian request is read`, async () => {
    await using server = await scriptedServer();
    await using transport = tcpTransport(server.binding, { byteOrder, syntaxes: ["ndr"] });
    const client = createClient(sample, transport);
    const call = client.getVersion();
    const [request] = await server.requests(1);
    const littleEndian = byteOrder === "big";
    expect(request?.littleEndian).toBe(!littleEndian);
    server.send(responseTo(request!, Uint8Array.of(1, 2, 3, 4), littleEndian));
    expect(await call).toEqual({ version: littleEndian ? 0x0403_0201 : 0x0102_0304 });
  });
}

test("late answers in another order than their calls reach these, though one was given up", async () => {
  await using server = await scriptedServer();
  await using transport = tcpTransport(server.binding, { syntaxes: ["ndr"] });
  const client = createClient(sample, transport);
  const controllers = Array.from({ length: 5 }, () => new AbortController());
  const calls = controllers.map(({ signal }) => client.getVersion({}, { signal }));
  const settled = Promise.allSettled(calls);
  const requests = await server.requests(5);
  const reason = new Error("given up");
  controllers[2]?.abort(reason);
  for (const i of [4, 2, 0, 3, 1]) {
    server.send(responseTo(requests[i]!, Uint8Array.of(i, 0, 0, 0), true));
  }
  expect(await settled).toEqual(
    [0, 1, 2, 3, 4].map((version) =>
      version === 2 ? { status: "rejected", reason } : { status: "fulfilled", value: { version } },
    ),
  );
});

test("calls over a connection that share a signal have one listener at it, and none in the end", async () => {
  await using server = await scriptedServer();
  await using transport = tcpTransport(server.binding, { syntaxes: ["ndr"] });
  const client = createClient(sample, transport);
  const { signal } = new AbortController();
  const calls = Array.from({ length: 20 }, () => client.getVersion({}, { signal }));
  const requests = await server.requests(20);
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  for (const request of requests) server.send(responseTo(request, new Uint8Array(4), true));
  await Promise.all(calls);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});
