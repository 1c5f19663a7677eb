/** What only shows over real connections: object UUIDs, maybe calls, draining servers, ports of interfaces. */
import { createClient, createRouter, defineInterface } from "@msrpc/rpc";
import { tcpServer, type TcpServer, tcpTransport } from "@msrpc/rpc/tcp";
import { afterEach, expect, test } from "vitest";
import { echo, echoServer, octetsOf, otherEcho } from "./echo.ts";

const closers: AsyncDisposable[] = [];
afterEach(async () => {
  for (const closer of closers.splice(0).toReversed()) await closer[Symbol.asyncDispose]();
});

function opened<T extends AsyncDisposable>(closer: T): T {
  closers.push(closer);
  return closer;
}

const data = octetsOf(3);
const anywhere = "ncacn_ip_tcp:127.0.0.1[0]";

test("the object UUID of a binding, or of the options, reaches handlers", async () => {
  const objects: (string | null)[] = [];
  const router = createRouter({ onError: () => {} }).serve(echo, {
    echoData(_request, { object }) {
      objects.push(object);
      return { data };
    },
  });
  const binding = await opened(tcpServer(router)).listen(anywhere);
  const [one, two] = [crypto.randomUUID(), crypto.randomUUID()];
  for (const transport of [
    tcpTransport(binding),
    tcpTransport(binding, { object: one }),
    tcpTransport(`${two}@${binding}`, { object: one }),
  ]) {
    await createClient(echo, opened(transport)).echoData({ data });
  }
  expect(objects).toEqual([null, one, two]);
});

test("a maybe call runs at the server though its client has gone on, and gone", async () => {
  const ran = Promise.withResolvers<Uint8Array>();
  const operations = { tell: { ...echo.operations.echoData, maybe: true } } as const;
  const told = defineInterface({ ...echo, operations });
  const router = createRouter({ onError: () => {} }).serve(told, {
    tell(request) {
      ran.resolve(request.data);
      return request;
    },
  });
  const binding = await opened(tcpServer(router)).listen(anywhere);
  {
    await using transport = tcpTransport(binding);
    await using client = createClient(told, transport);
    expect(await client.tell({ data })).toBeUndefined();
  }
  expect(await ran.promise).toEqual(data);
});

test("while a server drains, its client goes on at the next one, and the call under way is answered", async () => {
  const served = echoServer();
  const first = opened(tcpServer(served.router));
  const binding = await first.listen(anywhere);
  const second: TcpServer = opened(tcpServer(echoServer().router));
  const transport = opened(tcpTransport(binding));
  const asked: number[] = [];
  const client = createClient(echo, transport, {
    reconnect(attempt) {
      if (asked.push(attempt) === 1) void second.listen(binding);
      return 5;
    },
  });
  const slow = client.wait();
  await served.arrived(1);
  const closed = first.close({ graceTime: 10_000 });
  // The first may find the server draining, or nobody there.
  expect(await client.echoData({ data })).toEqual({ data });
  expect(asked.length).toBeGreaterThan(0);
  served.waiting[0]?.answer(4);
  expect(await slow).toEqual({ outcome: 4 });
  await closed;
});

test("interfaces whose ports are asked for may have different ones", async () => {
  const places = new Map<string, string>();
  for (const descriptor of [echo, otherEcho]) {
    const router = createRouter({ onError: () => {} }).serve(descriptor, {
      echoData: () => ({ data: new TextEncoder().encode(descriptor.name) }),
    });
    const binding = await opened(tcpServer(router)).listen(anywhere);
    places.set(descriptor.uuid, /\[(\d+)\]/.exec(binding)?.[1] ?? "");
  }
  const asked: string[] = [];
  const transport = opened(
    tcpTransport("ncacn_ip_tcp:127.0.0.1", {
      resolveEndpoint: async (_binding, { uuid }) => {
        asked.push(uuid);
        return ["1", places.get(uuid) ?? ""];
      },
    }),
  );
  for (const descriptor of [echo, otherEcho, echo]) {
    const client = createClient(descriptor, transport);
    const answer = await client.echoData({ data });
    expect(new TextDecoder().decode(answer.data)).toBe(descriptor.name);
  }
  expect(asked).toEqual([echo.uuid, otherEcho.uuid]);
});
