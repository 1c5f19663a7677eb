/** What a server keeps of the octets that came, beyond the turn in which they did. */
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { encodePdu, type Pdu } from "@msrpc/rpc/pdu";
import { expect, test } from "vitest";
import { echoServer, octetsOf } from "./echo.ts";
import { lend } from "./support/lend.ts";
import { bind, request, Wire } from "./support/wire.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const cancel = {
  type: "cancel",
  flags: 3,
  callId: 900,
  littleEndian: true,
  verifier: null,
} as const;
const crowd = Buffer.concat(Array.from({ length: 500 }, () => encodePdu(cancel)));

/** Sends PDUs with many others in one read, whose buffer is given back as far as it is still there. */
function sendInCrowd(w: Wire, ...pdus: readonly Pdu[]): WeakRef<ArrayBuffer> {
  const octets = Uint8Array.from(Buffer.concat([...pdus.map(encodePdu), crowd]));
  w.connection.received(octets);
  return new WeakRef(octets.buffer);
}

const waiting = request({ opnum: 2, body: octetsOf(16) });

test.each([
  ["a call under way", 0x13, [], waiting],
  ["a call that waits for its turn", 3, [waiting], { ...waiting, callId: 3 }],
  ["a fragment", 0x13, [], { ...waiting, flags: 1 }],
] as const)("%s holds no more than its own octets", async (_, flags, before, pdu) => {
  const w = new Wire(echoServer().router);
  await w.send(bind({ flags }), ...before);
  const chunk = sendInCrowd(w, pdu);
  await w.answers();
  collect();
  expect(chunk.deref()).toBe(undefined);
  expect(w.host.stubs.held).toBe(16 * (before.length + 1));
});

test("several fragments, of which the first is empty, hold no more than their own octets", async () => {
  const w = new Wire(echoServer().router);
  await w.send(bind({ flags: 0x13 }));
  const first = { ...waiting, flags: 1 };
  const later = { ...waiting, flags: 0 };
  const chunks = [
    sendInCrowd(w, { ...first, body: octetsOf(0) }),
    sendInCrowd(w, later, later),
    sendInCrowd(w, later),
  ];
  await w.send(cancel);
  collect();
  expect(chunks.map((chunk) => chunk.deref())).toEqual([undefined, undefined, undefined]);
  expect(w.host.stubs.held).toBe(48);
});

test("the beginnings of PDUs hold no more than twice their own octets, whatever they announce", async () => {
  const { router } = echoServer();
  const { length } = encodePdu(bind());
  const long = encodePdu(request({ body: octetsOf(65_000) })).subarray(0, 2 * length);
  const held = (count: number): Wire[] =>
    Array.from({ length: count }, () => {
      const w = new Wire(router);
      lend(w.connection, encodePdu(bind()));
      lend(w.connection, long);
      return w;
    });
  const kept = held(10);
  await turn();
  collect();
  const before = process.memoryUsage().arrayBuffers;
  kept.push(...held(100));
  await turn();
  collect();
  expect(kept.map(({ ended }) => ended)).not.toContain(true);
  const each = (process.memoryUsage().arrayBuffers - before) / 100;
  expect(each).toBeLessThan(4096);
});
