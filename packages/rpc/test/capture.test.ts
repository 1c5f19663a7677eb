/** Captures as files: what is in them, octet by octet. */
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { channel } from "node:diagnostics_channel";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { createClient } from "@msrpc/rpc";
import { type CaptureOptions, captureTo } from "@msrpc/rpc/capture";
import { channelNames, type ConnectionInfo } from "@msrpc/rpc/diagnostics";
import { decodePdu, readFragLength } from "@msrpc/rpc/pdu";
import { tcpServer, type TcpOptions, tcpTransport } from "@msrpc/rpc/tcp";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addressOctets } from "../src/capture/ip-address.ts";
import { echo, echoServer, octetsOf } from "./echo.ts";
import { type CaptureFile, readCapture, streamFrom } from "./support/pcapng.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "capture-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Calls with so many octets each, captured. */
async function captured(
  lengths: readonly number[],
  binding = "ncacn_ip_tcp:127.0.0.1[0]",
  options: CaptureOptions = {},
  client: TcpOptions = {},
): Promise<CaptureFile> {
  const path = join(folder, "calls.pcapng");
  const capture = captureTo(path, options);
  const server = tcpServer(echoServer().router);
  const transport = tcpTransport(await server.listen(binding), client);
  const caller = createClient(echo, transport);
  for (const length of lengths) await caller.echoData({ data: octetsOf(length) });
  await transport[Symbol.asyncDispose]();
  while (server.connections > 0) await new Promise(setImmediate);
  await server.close();
  await capture.close();
  expect(capture.dropped).toBe(0);
  return readCapture(await readFile(path));
}

function pdusIn(octets: Uint8Array): string[] {
  const types: string[] = [];
  for (let at = 0; at < octets.length;) {
    const end = at + readFragLength(octets.subarray(at));
    types.push(decodePdu(octets.subarray(at, end)).type);
    at = end;
  }
  return types;
}

const flags = { syn: 0x02, synAck: 0x12, ack: 0x10, psh: 0x18, finAck: 0x11, rst: 0x14 };

for (const host of ["127.0.0.1", "::1"]) {
  test(`a connection of ${host} is a TCP stream from handshake to end, with right checksums`, async () => {
    const { packets, application, interfaces } = await captured(
      [1, 100, 70_000],
      `ncacn_ip_tcp:${host}[0]`,
    );
    expect(application).toBe("msrpc");
    expect(interfaces).toEqual(["client", "server"]);
    const [first] = packets;
    const client = first?.from ?? "";
    const server = first?.to ?? "";
    const ip = Buffer.from(addressOctets(host)).toString("hex");
    expect([client, server].map((end) => end.split(":")[0])).toEqual([ip, ip]);
    expect(packets.slice(0, 3).map((packet) => packet.flags)).toEqual([
      flags.syn,
      flags.synAck,
      flags.ack,
    ]);
    expect(packets.slice(-3).map((packet) => packet.flags)).toEqual([
      flags.finAck,
      flags.finAck,
      flags.ack,
    ]);
    expect(packets.every(({ sums }) => sums.every((sum) => sum === 0xffff))).toBe(true);
    const pairs = ["request", "request", "request", "request"];
    expect(pdusIn(streamFrom(packets, client))).toEqual(["bind", ...pairs]);
    const answers = pdusIn(streamFrom(packets, server));
    expect(answers.filter((type) => type === "response").length).toBeGreaterThanOrEqual(3);
    expect(first?.comment).toMatch(/^connection \d+ of a (?:client|server)$/);
    expect(Math.max(...packets.map(({ data }) => data.length))).toBe(16_384);
  });
}

test("each segment acknowledges what came before it from the other end", async () => {
  const { packets } = await captured([10, 10]);
  const sent = new Map<string, number>();
  for (const { from, to, sequence, acknowledgment, data, flags: bits } of packets) {
    if (bits !== flags.syn) expect(acknowledgment).toBe(sent.get(to));
    sent.set(from, sequence + data.length + (bits & 1) + ((bits >> 1) & 1));
  }
});

test("of both ends in one process one is written, and a filter chooses which", async () => {
  const whole = await captured([10]);
  expect(new Set(whole.packets.map(({ interfaceId }) => interfaceId)).size).toBe(1);
  const filter = ({ role }: ConnectionInfo): boolean => role === "server";
  const { packets, statistics } = await captured([10], undefined, { filter });
  expect(new Set(packets.map(({ interfaceId }) => interfaceId))).toEqual(new Set([1]));
  expect(statistics).toEqual([
    { received: 0n, dropped: 0n },
    { received: 4n, dropped: 0n },
  ]);
});

test("a Unix socket has invented addresses, and its path in the comment", async () => {
  const path = join(folder, "socket");
  const { packets } = await captured([10], `ncacn_unix_stream:[${path}]`);
  // Nothing tells that the two ends are of one connection.
  expect(new Set(packets.map(({ from }) => from))).toEqual(
    new Set(["c0000201:49152", "c0000202:1", "c0000202:2"]),
  );
  const comments = packets.map(({ comment }) => comment).filter((comment) => comment !== "");
  expect(comments).toHaveLength(2);
  for (const comment of comments) expect(comment).toContain(`, ${path}`);
});

test("a file can be read by its owner alone", async () => {
  await captured([1]);
  const { mode } = await stat(join(folder, "calls.pcapng"));
  expect(mode & 0o777).toBe(0o600);
});

test("a connection that was open before is written from then on", async () => {
  await using server = tcpServer(echoServer().router);
  await using transport = tcpTransport(await server.listen("ncacn_ip_tcp:127.0.0.1[0]"));
  const client = createClient(echo, transport);
  await client.echoData({ data: octetsOf(1) });
  const stream = new PassThrough();
  const capture = captureTo(stream);
  await client.echoData({ data: octetsOf(2) });
  await capture.close();
  const { packets } = readCapture(stream.read() as Uint8Array);
  const [{ from, comment } = { from: "", comment: "" }] = packets;
  expect(comment).toMatch(/, open before the capture began$/);
  expect(pdusIn(streamFrom(packets, from))).toEqual(["request"]);
  await client.echoData({ data: octetsOf(3) });
  expect(capture.written).toBe(2);
});

/** Events as of a connection that there is not. */
function told(octets: Uint8Array, direction: "sent" | "received" = "sent"): void {
  const local = { address: "192.0.2.7", port: 5000 };
  const remote = { address: "192.0.2.8", port: 135 };
  const connection = { id: -1, role: "client", local, remote };
  const event = { connection, time: 1.5, direction, header: null, octets };
  channel(channelNames.pdu).publish(event);
}

test("what a slow stream has no room for is left out, counted, and a gap in the sequence", async () => {
  const chunks: Uint8Array[] = [];
  const ready: (() => void)[] = [];
  const slow = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      chunks.push(chunk);
      ready.push(done);
    },
  });
  const capture = captureTo(slow, { maxBuffered: 2000 });
  for (let i = 0; i < 10; i++) told(octetsOf(400));
  expect(slow.writableLength).toBeLessThan(2600);
  expect(capture.dropped).toBeGreaterThan(5);
  expect(capture.written + capture.dropped).toBe(10);
  const closed = capture.close();
  for (let next = ready.shift(); next !== undefined; next = ready.shift()) {
    next();
    await new Promise(setImmediate);
  }
  await closed;
  const { packets, statistics } = readCapture(Buffer.concat(chunks));
  expect(statistics[0]).toEqual({ received: 10n, dropped: BigInt(capture.dropped) });
  expect(packets.filter(({ data }) => data.length > 0)).toHaveLength(capture.written);
  expect(packets.at(-1)?.time).toBe(1.5);
});

test("octets that are no PDU are written with a remark", async () => {
  const stream = new PassThrough();
  const capture = captureTo(stream);
  told(Uint8Array.of(1, 2, 3), "received");
  await capture.close();
  const last = readCapture(stream.read() as Uint8Array).packets.at(-1);
  expect(last).toMatchObject({ comment: "no PDU", data: Uint8Array.of(1, 2, 3) });
});

test("a capture that can't be written ends by itself, and its close says why", async () => {
  const capture = captureTo(join(folder, "none", "calls.pcapng"));
  await expect(capture.close()).rejects.toMatchObject({ code: "ENOENT" });
  const failing = new Writable({
    write(_chunk, _encoding, done) {
      done(new Error("full"));
    },
  });
  const other = captureTo(failing);
  await new Promise(setImmediate);
  told(octetsOf(10));
  expect(other.written).toBe(0);
  await expect(other.close()).rejects.toThrow("full");
});

test.each([
  ["127.0.0.1", "7f000001"],
  ["::ffff:192.0.2.1", "c0000201"],
  ["::1", "00000000000000000000000000000001"],
  ["fe80::1:2%eth0", "fe800000000000000000000000010002"],
  ["2001:db8::", "20010db8000000000000000000000000"],
  ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
  ["64:ff9b::192.0.2.1", "0064ff9b0000000000000000c0000201"],
  ["", "00000000"],
])("the address %j is the octets %s", (text, octets) => {
  expect(Buffer.from(addressOctets(text)).toString("hex")).toBe(octets);
});
