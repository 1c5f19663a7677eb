/** Sockets that read into one buffer, and those that can't. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { LentReads, withReads } from "../src/tcp/lent-reads.ts";
import { SocketChannel } from "../src/tcp/socket-channel.ts";
import { octetsOf } from "./echo.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Both ends of a connection; the server's has not read yet. */
async function connected(): Promise<{ readonly client: Socket; readonly accepted: Socket }> {
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }).listen(0);
  await once(server, "listening");
  const client = connect((server.address() as AddressInfo).port);
  const [accepted] = (await once(server, "connection")) as [Socket];
  closers.push(() => {
    client.destroy();
    accepted.destroy();
    server.close();
  });
  return { client, accepted };
}

/** What a socket's channel gives until the other end has ended. */
async function receivedBy(socket: Socket, reads: LentReads): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  new SocketChannel(socket, reads, { role: "server", path: null }).attach({
    received: (octets) => void chunks.push(octets),
    drained() {},
    closed: () => resolve(),
  });
  await promise;
  return chunks;
}

interface Handle {
  useUserBuffer: unknown;
}
const handleOf = (socket: Socket): Handle | null =>
  (socket as unknown as { _handle: Handle | null })._handle;

test("an accepted socket reads into the same buffer over and over", async () => {
  const { client, accepted } = await connected();
  const reads = new LentReads();
  const socket = withReads(accepted, reads);
  expect(socket).not.toBe(accepted);
  const received = receivedBy(socket, reads);
  for (let i = 0; i < 3; i++) {
    client.write(octetsOf(1000));
    while (client.writableLength > 0 || socket.bytesRead < 1000 * (i + 1)) await turn();
  }
  client.end();
  const chunks = await received;
  expect(chunks.map(({ length }) => length)).toEqual([1000, 1000, 1000]);
  expect(new Set(chunks.map(({ buffer }) => buffer))).toEqual(new Set([reads.buffer.buffer]));
});

test("an accepted socket that can't be told where to read to gives what it reads as before", async () => {
  const { client, accepted } = await connected();
  const handle = handleOf(accepted);
  if (handle !== null) handle.useUserBuffer = undefined;
  const reads = new LentReads();
  const socket = withReads(accepted, reads);
  expect(socket).toBe(accepted);
  const received = receivedBy(socket, reads);
  client.end(octetsOf(1000));
  const chunks = await received;
  expect(chunks).toEqual([octetsOf(1000)]);
  expect(chunks[0]?.buffer).not.toBe(reads.buffer.buffer);
});

test("a socket without anything to take over stays as it is", async () => {
  const { accepted } = await connected();
  accepted.destroy();
  expect(handleOf(accepted)).toBe(null);
  expect(withReads(accepted, new LentReads())).toBe(accepted);
});

test("the socket that was accepted ends, and the connection goes on", async () => {
  const { client, accepted } = await connected();
  const reads = new LentReads();
  const socket = withReads(accepted, reads);
  await once(accepted, "close");
  client.end("a");
  const chunks = await receivedBy(socket, reads);
  expect(chunks.map(({ length }) => length)).toEqual([1]);
});
