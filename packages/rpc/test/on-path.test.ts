/** Somebody between client and server changes what isn't signed; and what is to be sealed but can't be is not sent. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { createClient, createRouter, type InterfaceDescriptor, parseBinding } from "@msrpc/rpc";
import { tcpServer, type TcpServer, tcpTransport } from "@msrpc/rpc/tcp";
import { afterEach, beforeEach, expect, test } from "vitest";
import { echo, octetsOf, otherEcho } from "./echo.ts";
import { scriptedServer } from "./support/scripted-server.ts";
import { toyClient, type ToyOptions, toyServer } from "./support/toy-security.ts";

const toy = { legs: 3 };
const secret = "what nobody on the path may read";
const data: Uint8Array = Buffer.from(secret.repeat(10));
let serverToy: ToyOptions = toy;
let called: InterfaceDescriptor[] = [];
let errors: unknown[] = [];
let server: TcpServer;
let binding = "";

beforeEach(async () => {
  called = [];
  errors = [];
  const router = createRouter({ onError: () => {} });
  for (const descriptor of [echo, otherEcho]) {
    router.serve(descriptor, {
      echoData(request) {
        called.push(descriptor);
        return request;
      },
    });
  }
  server = tcpServer(router, {
    security: [toyServer({ ...toy, tamper: (pdu) => serverToy.tamper?.(pdu) })],
    onError: (error) => errors.push(error),
  });
  binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
});

afterEach(async () => {
  serverToy = toy;
  await server.close({ graceTime: 0 });
});

interface Between extends AsyncDisposable {
  readonly binding: string;
  /** All that has gone either way. */
  readonly seen: Buffer[];
}

/** A proxy that changes the first octets of each connection, which are its bind. */
async function between(change: (bind: Buffer) => void = () => {}): Promise<Between> {
  const seen: Buffer[] = [];
  const port = Number(parseBinding(binding).endpoint);
  const proxy = createServer((socket) => {
    const onward = connect(port, "127.0.0.1");
    socket.once("data", (octets) => {
      change(octets);
      onward.write(octets);
      socket.pipe(onward);
    });
    onward.pipe(socket);
    for (const end of [socket, onward]) {
      end.on("data", (octets: Buffer) => seen.push(octets));
      end.on("error", () => {});
    }
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const { port: own } = proxy.address() as AddressInfo;
  return {
    binding: `ncacn_ip_tcp:127.0.0.1[${own}]`,
    seen,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

test("headers that are kept from being signed are missed by the server", async () => {
  await using path = await between((bind) => {
    bind[3] = (bind[3] ?? 0) & ~0x04;
  });
  await using transport = tcpTransport(path.binding, { security: toyClient(toy) });
  await expect(createClient(echo, transport).echoData({ data })).rejects.toMatchObject({
    status: 5,
  });
  expect(called).toEqual([]);
});

test("signed calls that are led to another interface are refused, all of them", async () => {
  const [from, to] = [echo, otherEcho].map(({ uuid }) => inPdu(uuid)) as [Buffer, Buffer];
  await using path = await between((bind) => {
    for (let at = bind.indexOf(from); at >= 0; at = bind.indexOf(from)) to.copy(bind, at);
  });
  await using transport = tcpTransport(path.binding, { security: toyClient(toy) });
  const client = createClient(echo, transport);
  const calls = Array.from({ length: 3 }, () => client.echoData({ data }));
  for (const call of calls) await expect(call).rejects.toMatchObject({ status: 5 });
  await expect(client.echoData({ data })).rejects.toMatchObject({ status: 5 });
  expect(called).toEqual([]);
});

test("once a call was verified, requests are as long as without a trailer", async () => {
  await using path = await between();
  await using transport = tcpTransport(path.binding, { security: toyClient(toy) });
  const client = createClient(echo, transport);
  const lengths: number[] = [];
  for (let i = 0; i < 3; i++) {
    path.seen.length = 0;
    await client.echoData({ data });
    lengths.push(Buffer.concat(path.seen).length);
  }
  expect(lengths[1]).toBe(lengths[2]);
  expect(lengths[0]).toBeGreaterThan(lengths[1] ?? 0);
});

function failing(): never {
  throw new Error("no more keys");
}

test("a request that can't be sealed is not sent, and ends the connection", async () => {
  await using path = await between();
  const security = toyClient({ ...toy, tamper: failing });
  await using transport = tcpTransport(path.binding, { security });
  const call = createClient(echo, transport).echoData({ data });
  await expect(call).rejects.toMatchObject({ name: "TransportError", code: "security" });
  expect(Buffer.concat(path.seen).includes(secret)).toBe(false);
  expect(called).toEqual([]);
});

test("a response that can't be sealed is not sent, and ends the connection", async () => {
  await using path = await between();
  await using transport = tcpTransport(path.binding, { security: toyClient(toy) });
  const client = createClient(echo, transport);
  await client.echoData({ data: octetsOf(1) });
  serverToy = { ...toy, tamper: failing };
  await expect(client.echoData({ data })).rejects.toMatchObject({ name: "TransportError" });
  expect(Buffer.concat(path.seen).includes(secret)).toBe(false);
  expect(errors).toMatchObject([{ message: "no more keys" }]);
});

test("a server that ends each connection as it is bound is given up, not asked again and again", async () => {
  const common = { flags: 3, callId: 0, littleEndian: true } as const;
  await using scripted = await scriptedServer((_bind, accepted, connection) => {
    setImmediate(() => scripted.send({ type: "shutdown", ...common }, connection));
    return accepted;
  });
  await using transport = tcpTransport(scripted.binding);
  const call = createClient(echo, transport).echoData({ data }, { timeout: 2000 });
  await expect(call).rejects.toThrow(Error);
  expect(scripted.connections).toBeLessThan(10);
});

/** A UUID as it stands in a little-endian PDU. */
function inPdu(uuid: string): Buffer {
  const octets = Buffer.from(uuid.replaceAll("-", ""), "hex");
  octets.subarray(0, 4).reverse();
  octets.subarray(4, 6).reverse();
  octets.subarray(6, 8).reverse();
  return octets;
}
