/** Damaged and random PDU streams, into a server and into a client, with what came of them. */
import { transferSyntaxes } from "@msrpc/ndr";
import { RpcFault, SecurityError, type ServerOptions, TransportError } from "@msrpc/rpc";
import { encodePdu, type Pdu, PduError } from "@msrpc/rpc/pdu";
import type { ByteChannel } from "../../src/connection/channel.ts";
import { ClientConnection } from "../../src/connection/client-connection.ts";
import { echo, echoServer, octetsOf, otherEcho } from "../echo.ts";
import { lend } from "./lend.ts";
import { toyServer, toyType } from "./toy-security.ts";
import { alter, bind, features, propose, request, Wire } from "./wire.ts";

/** A whole number from 0 to below a limit. */
export type Random = (limit: number) => number;

/** Repeatable: mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}

const verifier = { type: toyType, level: 5, padLength: 0, contextId: 3 };
const firstToken = Uint8Array.of(0, ...new TextEncoder().encode("right"));
const { ndr, ndr64 } = transferSyntaxes;
const common = { flags: 3, littleEndian: true, verifier: null } as const;

/** What a client may send, in an order that makes sense before it is damaged. */
const clientPdus: readonly Pdu[] = [
  bind({ proposals: [propose(0, echo, ndr), propose(1, echo, ndr64), propose(2, echo, features)] }),
  bind({ verifier: { ...verifier, token: firstToken } }),
  alter({ proposals: [propose(4, otherEcho, ndr, ndr64)] }),
  alter({ callId: 3, verifier: { ...verifier, contextId: 9, token: firstToken } }),
  { type: "auth3", ...common, callId: 3, verifier: { ...verifier, token: Uint8Array.of(2, 3) } },
  request({ callId: 4, body: Uint8Array.of(8, 0, 0, 0, ...octetsOf(8)) }),
  request({
    callId: 5,
    flags: 1,
    allocHint: 20,
    body: Uint8Array.of(16, 0, 0, 0, ...octetsOf(12)),
  }),
  request({ callId: 5, flags: 2, body: octetsOf(4) }),
  request({ callId: 6, opnum: 2, object: echo.uuid, body: octetsOf(0) }),
  { type: "cancel", ...common, callId: 6 },
  { type: "orphaned", ...common, callId: 6 },
  request({ callId: 7, body: octetsOf(16), verifier: { ...verifier, token: octetsOf(12) } }),
  request({ callId: 8, littleEndian: false, body: Uint8Array.of(0, 0, 0, 2, 1, 2) }),
];

const answer = { allocHint: 0, contextId: 0, cancelCount: 0 } as const;
const sizes = {
  maxTransmit: 5840,
  maxReceive: 5840,
  groupId: 77,
  secondaryAddress: "135",
} as const;
const results = [
  { result: 0, reason: 0, transferSyntax: ndr },
  { result: 2, reason: 2, transferSyntax: ndr },
  { result: 3, reason: 2, transferSyntax: ndr },
];

/** What a server may send to a client that has bound and made calls 2 to 5. */
const serverPdus: readonly Pdu[] = [
  { type: "bind_ack", ...common, flags: 0x13, callId: 1, ...sizes, results },
  { type: "response", ...common, callId: 2, ...answer, body: octetsOf(12) },
  { type: "response", ...common, flags: 1, callId: 3, ...answer, body: octetsOf(8) },
  { type: "response", ...common, flags: 2, callId: 3, ...answer, body: octetsOf(8) },
  { type: "fault", ...common, callId: 4, ...answer, extended: false, status: 5, body: octetsOf(0) },
  { type: "shutdown", flags: 3, callId: 0, littleEndian: true },
  { type: "bind_nak", flags: 3, callId: 1, littleEndian: true, reason: 2, versions: [] },
];

function damage(pdus: readonly Pdu[], random: Random): Uint8Array[] {
  const stream = pdus
    .filter((_, i) => i === 0 || random(4) > 0)
    .map((pdu) => encodePdu(pdu).slice());
  if (random(8) === 0) stream.shift();
  for (let changes = random(4); changes > 0; changes--) {
    const at = random(stream.length);
    const octets = stream[at];
    if (octets === undefined || octets.length === 0) continue;
    const place = random(random(2) === 0 ? Math.min(32, octets.length) : octets.length);
    const kinds: readonly (() => void)[] = [
      () => void (octets[place] = random(256)),
      () => void (octets[place] = (octets[place] ?? 0) ^ (1 << random(8))),
      () => void (octets[place] = [0, 1, 0x7f, 0x80, 0xff][random(5)] ?? 0),
      () => void (stream[at] = octets.slice(0, place)),
      () => void stream.splice(random(stream.length), 0, octets),
      () => void stream.splice(at, 1),
      () => void (stream[at] = Uint8Array.from({ length: random(64) }, () => random(256))),
    ];
    kinds[random(kinds.length)]?.();
  }
  return stream;
}

/** The same octets, cut elsewhere. */
function chunked(stream: readonly Uint8Array[], random: Random): Uint8Array[] {
  const octets = Uint8Array.from(stream.flatMap((part) => [...part]));
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < octets.length;) {
    const length = random(4) === 0 ? 1 + random(30) : octets.length;
    chunks.push(octets.slice(at, at + length));
    at += length;
  }
  return chunks;
}

/** Errors that a peer may cause. Anything else is ours. */
export function isExpected(error: unknown): boolean {
  return (
    error instanceof PduError ||
    error instanceof SecurityError ||
    error instanceof TransportError ||
    error instanceof RpcFault
  );
}

export const hostileOptions: ServerOptions = {
  security: [toyServer({ legs: 3 })],
  limits: { maxFragment: 1432, maxRequest: 4000, maxContexts: 4, maxCalls: 8 },
};

export interface HostileOutcome {
  /** Of a client's calls, those that were answered. */
  readonly answered: number;
  /** Streams after which the connection was ended, and those that it survived. */
  readonly ended: number;
  readonly survived: number;
  /** Errors of our own. */
  readonly mistakes: readonly unknown[];
}

/** Lets so many damaged streams into one server's connections, each a new one. */
export async function attackServer(streams: number, random: Random): Promise<HostileOutcome> {
  const served = echoServer();
  const { host } = new Wire(served.router, hostileOptions);
  const mistakes: unknown[] = [];
  let ended = 0;
  for (let i = 0; i < streams; i++) {
    const wire = new Wire(served.router, {}, host);
    try {
      for (const chunk of chunked(damage(clientPdus, random), random)) lend(wire.connection, chunk);
      if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
      else await Promise.resolve();
      wire.connection.closed();
    } catch (error) {
      mistakes.push(error);
    }
    if (wire.ended) ended++;
  }
  await new Promise((resolve) => setImmediate(resolve));
  const wire = new Wire(served.router, {}, host);
  const [ack, response] = await wire.send(bind(), request());
  if (ack?.type !== "bind_ack" || response?.type !== "response") {
    mistakes.push(new Error("another client is no longer served"));
  }
  wire.connection.closed();
  if (host.groups.size > 0) mistakes.push(new Error(`${host.groups.size} groups are left`));
  return { answered: 0, ended, survived: streams - ended, mistakes };
}

/** Answers a client with so many damaged streams, each on a new connection. */
export async function attackClient(streams: number, random: Random): Promise<HostileOutcome> {
  const mistakes: unknown[] = [];
  let answered = 0;
  let ended = 0;
  for (let i = 0; i < streams; i++) {
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    const channel: ByteChannel = {
      write: () => true,
      end: over,
      destroy: over,
      pause() {},
      resume() {},
      defer: queueMicrotask,
      later: setImmediate,
    };
    const connection = new ClientConnection(channel, "host", { limits: { maxResponse: 1000 } });
    const calls = connection
      .context(echo)
      .then((context) =>
        Promise.allSettled(
          Array.from({ length: 4 }, () => connection.call(context, 0, octetsOf(4))),
        ),
      );
    const settled = Promise.allSettled([calls]);
    await Promise.resolve();
    try {
      const [ack, ...rest] = damage(serverPdus, random);
      // What follows the answer to the bind meets calls that are under way.
      if (ack !== undefined) lend(connection, ack);
      for (let turns = 0; turns < 8; turns++) await Promise.resolve();
      for (const chunk of chunked(rest, random)) lend(connection, chunk);
      if (isOver) ended++;
      connection.closed(null);
    } catch (error) {
      mistakes.push(error);
    }
    const [outcome] = await settled;
    const all = outcome?.status === "fulfilled" ? outcome.value : [outcome];
    for (const one of all) {
      if (one?.status !== "rejected") answered++;
      else if (!isExpected(one.reason)) mistakes.push(one.reason);
    }
  }
  return { answered, ended, survived: streams - ended, mistakes };
}
