/** Captures followed back to the calls that were made. */
import { PassThrough } from "node:stream";
import { createClient } from "@msrpc/rpc";
import { captureTo } from "@msrpc/rpc/capture";
import { type FollowedEvent, followCapture } from "@msrpc/rpc/follow";
import { tcpServer, type TcpOptions, tcpTransport } from "@msrpc/rpc/tcp";
import { beforeAll, expect, test } from "vitest";
import { tcpPacket } from "../src/capture/tcp-packet.ts";
import { TcpStream } from "../src/capture/tcp-stream.ts";
import { readPackets } from "../src/follow/capture-file.ts";
import { echo, echoServer, octetsOf } from "./echo.ts";
import { links, pcap, pcapng } from "./support/capture-forms.ts";

/** IP packets of calls with so many octets each. */
async function packetsOf(
  lengths: readonly number[],
  host = "127.0.0.1",
  client: TcpOptions = {},
): Promise<Uint8Array[]> {
  const out = new PassThrough();
  const chunks: Uint8Array[] = [];
  out.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  const capture = captureTo(out, { filter: ({ role }) => role === "client" });
  const server = tcpServer(echoServer().router);
  const transport = tcpTransport(await server.listen(`ncacn_ip_tcp:${host}[0]`), client);
  const caller = createClient(echo, transport);
  for (const length of lengths) await caller.echoData({ data: octetsOf(length) });
  await transport[Symbol.asyncDispose]();
  while (server.connections > 0) await new Promise(setImmediate);
  await server.close();
  await capture.close();
  return [...readPackets(new Uint8Array(Buffer.concat(chunks)))].map(({ octets }) => octets);
}

/** `request 0 8`, `response 0 8`: what was followed, opnum and octets of stubs. */
function followed(file: Uint8Array): string[] {
  return [...followCapture(file)].map(show);
}

function show(event: FollowedEvent): string {
  switch (event.type) {
    case "bind":
      return `bind ${event.contexts.map(({ syntax }) => syntax ?? "refused").join(" ")}`;
    case "request":
    case "response":
      return `${event.type} ${event.opnum} ${event.stub.length}${event.problem === null ? "" : `: ${event.problem}`}`;
    case "fault":
      return `fault ${event.status}`;
    case "refusal":
    case "problem":
      return `${event.type} ${event.type === "problem" ? event.message : event.reason}`;
  }
}

let packets: readonly Uint8Array[] = [];
let expected: readonly string[] = [];

beforeAll(async () => {
  packets = await packetsOf([1, 200_000]);
  expected = followed(pcapng(packets));
});

test("calls of several fragments are put together, both ways", () => {
  const [bind, ...messages] = [...followCapture(pcapng(packets))];
  expect(bind).toMatchObject({ type: "bind", contexts: [{ interface: { uuid: echo.uuid } }, {}] });
  expect(messages.map(({ type }) => type)).toEqual(["request", "response", "request", "response"]);
  const [, , request, response] = messages;
  expect(request).toMatchObject({ opnum: 0, format: { syntax: "ndr", byteOrder: "little" } });
  for (const message of [request, response]) {
    if (message?.type !== "request" && message?.type !== "response") throw new Error("no message");
    const data = Buffer.from(message.stub).indexOf(Buffer.from(octetsOf(200_000)));
    expect(data).toBeGreaterThan(0);
  }
});

test("byte order and syntax are those of the connection", async () => {
  const big = await packetsOf([1], "127.0.0.1", { byteOrder: "big", syntaxes: ["ndr64"] });
  const request = [...followCapture(pcapng(big))].find(({ type }) => type === "request");
  expect(request).toMatchObject({ format: { syntax: "ndr64", byteOrder: "big" } });
});

for (const [name, [linkType, link]] of Object.entries(links)) {
  for (const little of [true, false]) {
    test(`pcap of ${name}, ${little ? "little" : "big"}-endian, gives the same`, () => {
      expect(followed(pcap(packets, { little, linkType, link }))).toEqual(expected);
    });
  }
}

test("nanoseconds are no microseconds", () => {
  const [linkType, link] = links["raw"] ?? [0, () => new Uint8Array(0)];
  const times = (nano: boolean): number[] => [
    ...new Set(
      [...readPackets(pcap(packets, { little: true, linkType, link, nano }))].map(
        ({ time }) => time,
      ),
    ),
  ];
  expect(times(true).slice(0, 3)).toEqual([0, 1, 2]);
  expect(times(false).slice(0, 3)).toEqual([0, 1, 2]);
});

test("IPv6 is followed, and ends are named", async () => {
  const events = [...followCapture(pcapng(await packetsOf([5], "::1")))];
  expect(events[0]?.flow?.server).toMatch(/^\[0:0:0:0:0:0:0:1\]:\d+$/);
  expect(events.map(({ type }) => type)).toEqual(["bind", "request", "response"]);
});

test("segments out of order and sent again give the same calls", () => {
  const shuffled = packets.slice(3);
  const portOf = (packet: Uint8Array | undefined): string => String(packet?.slice(20, 22));
  for (let at = 0; at + 1 < shuffled.length; at += 2) {
    const [first, second] = shuffled.slice(at, at + 2);
    // An answer in front of its request is no answer to it.
    if (first === undefined || second === undefined || portOf(first) !== portOf(second)) continue;
    shuffled.splice(at, 2, second, first);
  }
  shuffled.push(...shuffled);
  const calls = followed(pcapng([...packets.slice(0, 3), ...shuffled]));
  expect(shuffled.slice(0, packets.length - 3)).not.toEqual(packets.slice(3));
  expect(calls).toEqual(expected);
});

test("a segment that was sent again with more behind it adds only what is new", () => {
  const [from, to] = [
    { ip: Uint8Array.of(127, 0, 0, 1), port: 1 },
    { ip: Uint8Array.of(127, 0, 0, 1), port: 2 },
  ];
  const at = (start: number, end: number): Uint8Array => {
    const data = pdu.subarray(start, end);
    return tcpPacket({ from, to, sequence: 100 + start, acknowledgment: 0, flags: 0x10, data });
  };
  const pdu = new Uint8Array(40).fill(7);
  pdu.set([5, 0, 0, 3, 0x10, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0]);
  const [request] = [...followCapture(pcapng([at(0, 20), at(10, 30), at(35, 40), at(5, 38)]))];
  expect(request).toMatchObject({ type: "request", callId: 1, stub: new Uint8Array(16).fill(7) });
});

test("a segment that is missing is told, and later calls are found again", async () => {
  const many = await packetsOf([1, 1, 40_000, 1, 1]);
  const large = many.findIndex((packet) => packet.length > 10_000);
  const calls = followed(pcapng(many.filter((_, at) => at !== large)));
  expect(calls).toContain("problem octets are missing in the capture");
  expect(calls.filter((call) => call.startsWith("request")).length).toBeGreaterThanOrEqual(3);
});

test("a capture that begins within a connection has calls without an interface", () => {
  const events = [...followCapture(pcapng(packets.slice(5)))];
  const request = events.find(({ type }) => type === "request");
  expect(request).toMatchObject({ interface: null, format: null });
});

test("what is no RPC is passed over", () => {
  const stream = new TcpStream(
    { ip: Uint8Array.of(127, 0, 0, 1), port: 1 },
    { ip: Uint8Array.of(127, 0, 0, 1), port: 80 },
  );
  const text = Buffer.from("GET / HTTP/1.1\r\n\r\n");
  expect(followed(pcapng([...stream.open(), ...stream.data(true, text)]))).toEqual([]);
});

test("a file that is cut off gives what is before, and says so", () => {
  const file = pcapng(packets);
  const cut = followed(file.subarray(0, file.length - 100_000));
  expect(cut.slice(0, 3)).toEqual(expected.slice(0, 3));
  expect(cut.at(-1)).toMatch(/^problem a block of \d+ octets is cut off/);
});

test("what is no capture is told", () => {
  expect(followed(Buffer.from("hello, world"))).toEqual([
    "problem this is neither pcap nor pcapng (offset 0 of the capture)",
  ]);
  expect(followed(new Uint8Array(0))).toHaveLength(1);
});

test("a stub that is longer than is taken is left out, and told", () => {
  const events = [...followCapture(pcapng(packets), { maxStub: 100_000 })].map(show);
  expect(events).toContainEqual(
    expect.stringMatching(/^request 0 \d+: it is longer than is taken$/),
  );
  for (const event of events) expect(Number(/\d+$/.exec(event)?.[0] ?? 0)).toBeLessThan(100_001);
});

/** A generator of numbers below a bound, the same for a seed. */
function numbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

test("damaged captures end, and give no more than they hold", async () => {
  const small = pcapng(await packetsOf([1, 30, 6000]));
  const whole = followed(small);
  let differed = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const next = numbers(seed);
    const damaged = small.slice(0, next(4) === 0 ? next(small.length) : small.length);
    for (let hits = next(12); hits >= 0; hits--) damaged[next(damaged.length)] = next(256);
    let octets = 0;
    const shown: string[] = [];
    for (const event of followCapture(damaged)) {
      if ("stub" in event) octets += event.stub.length;
      shown.push(show(event));
    }
    expect(octets).toBeLessThanOrEqual(small.length);
    if (shown.join() !== whole.join()) differed++;
  }
  expect(differed).toBeGreaterThan(100);
});

test("random PDUs in well-formed packets end, and nothing is thrown", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const next = numbers(seed);
    const stream = new TcpStream(
      { ip: Uint8Array.of(127, 0, 0, 1), port: 1 },
      { ip: Uint8Array.of(127, 0, 0, 1), port: 2 },
    );
    const random = Array.from({ length: 20 }, () => {
      const pdu = Uint8Array.from({ length: 16 + next(120) }, () => next(256));
      pdu.set([5, 0, [0, 2, 3, 11, 12, 13, 14, 15, 16, 18][next(10)] ?? 0, next(4), 0x10, 0, 0, 0]);
      new DataView(pdu.buffer).setUint16(8, next(8) === 0 ? next(200) : pdu.length, true);
      new DataView(pdu.buffer).setUint16(10, next(3) === 0 ? next(60) : 0, true);
      new DataView(pdu.buffer).setUint32(12, next(4), true);
      return stream.data(next(2) === 0, pdu);
    });
    const events = [...followCapture(pcapng([...stream.open(), ...random.flat()]))];
    expect(events.length).toBeLessThan(200);
  }
});
