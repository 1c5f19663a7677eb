/**
 * Clients and servers of ours with a network between them that damages what servers send: groups of connections,
 * several security contexts, further interfaces, cancels.
 */
import { TransportError } from "@msrpc/rpc";
import { ClientConnection } from "../../src/connection/client-connection.ts";
import type { ClientIdentity } from "../../src/connection/client-identity.ts";
import { ConnectionGroup } from "../../src/connection/connection-group.ts";
import { ServerConnection } from "../../src/connection/server-connection.ts";
import type { ServerHost } from "../../src/connection/server-host.ts";
import { echo, echoServer, octetsOf, otherEcho } from "../echo.ts";
import { type HostileOutcome, hostileOptions, isExpected, type Random } from "./hostile.ts";
import { lend } from "./lend.ts";
import { toyClient } from "./toy-security.ts";
import { Wire } from "./wire.ts";

const address = {
  transport: "tcp",
  host: "192.0.2.1",
  text: "192.0.2.1:49152",
  reached: "192.0.2.9",
} as const;
const identities: readonly (ClientIdentity | null)[] = [
  null,
  { provider: toyClient({ legs: 3 }), request: { level: "privacy", host: "" } },
  { provider: toyClient({ legs: 3 }), request: { level: "integrity", host: "" } },
];

/** What arrives of a write: most of the time what was written. */
function carried(octets: Uint8Array, random: Random): Uint8Array[] {
  const copy = octets.slice();
  if (random(12) > 0) return [copy];
  const place = random(Math.min(random(2) === 0 ? 32 : 1 << 20, copy.length));
  const kinds: readonly (() => Uint8Array[])[] = [
    () => [copy.with(place, random(256))],
    () => [copy.with(place, (copy[place] ?? 0) ^ (1 << random(8)))],
    () => [copy.subarray(0, place)],
    () => [copy, copy.slice()],
    () => [copy.subarray(0, place), copy.slice(place)],
    () => [],
    () => [Uint8Array.from({ length: random(64) }, () => random(256)), copy],
  ];
  return kinds[random(kinds.length)]?.() ?? [];
}

function connectTo(host: ServerHost, groupId: number, random: Random): ClientConnection {
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    queueMicrotask(() => {
      client.closed(null);
      server.closed();
    });
  };
  const idle = {
    end,
    destroy: end,
    pause() {},
    resume() {},
    defer: queueMicrotask,
    later: setImmediate,
  };
  const toServer = (octets: Uint8Array): boolean => {
    const copy = octets.slice();
    queueMicrotask(() => lend(server, copy));
    return true;
  };
  const toClient = (octets: Uint8Array): boolean => {
    for (const part of carried(octets, random)) queueMicrotask(() => lend(client, part));
    return true;
  };
  const options = { limits: { maxResponse: 10_000 } };
  const client = new ClientConnection({ ...idle, write: toServer }, "", options, groupId);
  const server = new ServerConnection(host, { ...idle, write: toClient }, address);
  return client;
}

async function call(group: ConnectionGroup, random: Random): Promise<unknown> {
  const identity = identities[random(identities.length)] ?? null;
  const target = random(3) === 0 ? otherEcho : echo;
  const { connection, context } = await group.reach(target, identity);
  const controller = new AbortController();
  const stub = Uint8Array.of(8, 0, 0, 0, ...octetsOf(8));
  const options = random(4) === 0 ? { signal: controller.signal } : {};
  const answer = connection.call(context, random(5), stub, { ...options, maybe: random(9) === 0 });
  if (random(2) === 0) controller.abort(new TransportError("disposed", "enough"));
  return await answer;
}

/** Has groups of connections make calls over a network that damages answers. */
export async function attackGroup(groups: number, random: Random): Promise<HostileOutcome> {
  const { router } = echoServer();
  const { host } = new Wire(router, hostileOptions);
  const mistakes: unknown[] = [];
  let [answered, ended] = [0, 0];
  for (let i = 0; i < groups; i++) {
    const group = new ConnectionGroup({
      max: 2,
      idleTime: 1e6,
      syntaxes: ["ndr", "ndr64"],
      connect: async (groupId) => connectTo(host, groupId, random),
      onEnd: () => ended++,
    });
    const calls = Promise.allSettled(Array.from({ length: 6 }, () => call(group, random)));
    for (let turns = 0; turns < 4; turns++) await new Promise((resolve) => setImmediate(resolve));
    if (!group.isClosed) ended--;
    // What was lost on the way has nobody to wait for it.
    group.close();
    for (const outcome of await calls) {
      if (outcome.status === "fulfilled") answered++;
      else if (!isExpected(outcome.reason)) mistakes.push(outcome.reason);
    }
  }
  await new Promise((resolve) => setImmediate(resolve));
  if (host.groups.size > 0) mistakes.push(new Error(`${host.groups.size} groups are left`));
  return { answered, ended, survived: groups - ended, mistakes };
}
