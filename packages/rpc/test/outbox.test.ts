/** Gathering PDUs for a channel that may be slow, in buffers that are used again. */
import { expect, test } from "vitest";
import type { ByteChannel } from "../src/connection/channel.ts";
import { IncomingStub, sendMessage } from "../src/connection/fragments.ts";
import { Outbox } from "../src/connection/outbox.ts";
import { octetsOf } from "./echo.ts";

/** Keeps what it is given as it is given, and says whether that has been sent. */
class SlowChannel implements ByteChannel {
  readonly written: Uint8Array[] = [];
  isBehind = true;
  #deferred: (() => void)[] = [];

  write(octets: Uint8Array): boolean {
    this.written.push(this.isBehind ? octets : octets.slice());
    return !this.isBehind;
  }

  defer(run: () => void): void {
    this.#deferred.push(run);
  }

  later(run: () => void): void {
    this.#deferred.push(run);
  }

  /** Ends a turn. */
  turn(): void {
    for (const run of this.#deferred.splice(0)) run();
  }

  end(): void {}
  destroy(): void {}
  pause(): void {}
  resume(): void {}
}

function pdu(octet: number, length = 100): Uint8Array {
  return new Uint8Array(length).fill(octet);
}

test("PDUs of one turn are one write", () => {
  const channel = new SlowChannel();
  channel.isBehind = false;
  const outbox = new Outbox(channel);
  outbox.send(pdu(1));
  outbox.send(pdu(2));
  expect(channel.written).toHaveLength(0);
  channel.turn();
  expect(channel.written).toEqual([Uint8Array.from([...pdu(1), ...pdu(2)])]);
});

test("many short PDUs move to a larger buffer and are still one write", () => {
  const channel = new SlowChannel();
  channel.isBehind = false;
  const outbox = new Outbox(channel);
  const sent = Array.from({ length: 500 }, (_, i) => pdu(i & 0xff));
  for (const octets of sent) outbox.send(octets);
  channel.turn();
  expect(channel.written).toHaveLength(1);
  expect(channel.written[0]).toEqual(Uint8Array.from(sent.flatMap((octets) => [...octets])));
});

test("what a channel is still sending is not written over, and the rest follows in order", () => {
  const channel = new SlowChannel();
  const outbox = new Outbox(channel);
  outbox.send(pdu(1));
  channel.turn();
  expect(outbox.isFull).toBe(true);
  // More than one slab of them, and another outbox that takes slabs as well.
  for (let i = 2; i < 12; i++) outbox.send(pdu(i, 30_000));
  const other = new Outbox(new SlowChannel());
  for (let i = 0; i < 100; i++) other.send(pdu(99, 5000));
  channel.turn();
  expect(channel.written).toEqual([pdu(1)]);
  while (outbox.isFull) outbox.drained();
  const order = channel.written.flatMap((octets) => [...octets]);
  const expected = [pdu(1)];
  for (let i = 2; i < 12; i++) expected.push(pdu(i, 30_000));
  expect(Buffer.from(order).equals(Buffer.concat(expected))).toBe(true);
});

test("what waits leaves before the channel ends", () => {
  const channel = new SlowChannel();
  const outbox = new Outbox(channel);
  for (let i = 1; i < 9; i++) outbox.send(pdu(i, 50_000));
  outbox.flush();
  const order = Buffer.concat(channel.written);
  expect(order).toHaveLength(8 * 50_000);
  for (let i = 1; i < 9; i++) expect(order[50_000 * i - 1]).toBe(i);
});

test("a buffer that was abandoned while it was sent is not used again", () => {
  const channel = new SlowChannel();
  const outbox = new Outbox(channel);
  outbox.send(pdu(7));
  channel.turn();
  outbox.abandon();
  outbox.drained();
  const others = Array.from({ length: 40 }, () => new Outbox(new SlowChannel()));
  for (const other of others) other.send(pdu(8, 4000));
  expect(channel.written).toEqual([pdu(7)]);
});

test("a message does not show what its buffer was used for before", () => {
  const message = {
    head: { type: "response", contextId: 1, cancelCount: 0 },
    callId: 5,
    littleEndian: true,
    stub: Uint8Array.from({ length: 3001 }, (_, i) => i & 0xff),
  } as const;
  const octetsWith = (dirt: number): Uint8Array => {
    const channel = new SlowChannel();
    channel.isBehind = false;
    const soiled = Array.from({ length: 20 }, () => new Outbox(channel));
    for (const outbox of soiled) outbox.send(pdu(dirt, 4096));
    channel.turn();
    channel.written.length = 0;
    sendMessage(new Outbox(channel), message, 1432, null);
    channel.turn();
    return Uint8Array.from(channel.written.flatMap((octets) => [...octets]));
  };
  expect(octetsWith(0xff)).toEqual(octetsWith(0));
});

test("a stub in very many fragments, some of them empty, is put together in order", () => {
  const stub = new IncomingStub();
  const expected: number[] = [];
  for (let i = 0; i < 1000; i++) {
    const body = Uint8Array.from({ length: i % 5 }, (_, j) => (i + j) & 0xff);
    stub.add(body, 0, true);
    expected.push(...body);
  }
  expect(stub.length).toBe(expected.length);
  expect([...stub.join()]).toEqual(expected);
});

test("a stub whose fragments came in several reads, with others, is put together in order", () => {
  const stub = new IncomingStub();
  const expected: number[] = [];
  for (let read = 0; read < 60; read++) {
    const octets = Uint8Array.from({ length: 24 }, (_, i) => read * 5 + i);
    for (let i = 0; i < read % 4; i++) {
      const body = octets.subarray(6 * i, 6 * i + 6);
      // Some say how much follows, some too little, some what nobody will ever send.
      stub.add(body, [0, 600, 3, 0xffff_ffff][i] ?? 0, true);
      expected.push(...body);
    }
    stub.settle();
    octets.fill(0xee);
  }
  expect([...stub.join()]).toEqual(expected);
});

test("a stub takes no more than twice its own octets, whatever its fragments announce", () => {
  const stub = new IncomingStub();
  for (let i = 1; i <= 20; i++) {
    stub.add(octetsOf(100), 0xffff_ffff, true);
    stub.settle();
    expect(stub.join().buffer.byteLength).toBeLessThanOrEqual(2 * 100 * i);
  }
});

test("a stub that says how long it will be is put together in one place", () => {
  const stub = new IncomingStub();
  const buffers = new Set<ArrayBufferLike>();
  for (const left of [1000, 400, 200]) {
    const length = left === 1000 ? 600 : 200;
    stub.add(octetsOf(length), left, true);
    stub.settle();
    buffers.add(stub.join().buffer);
  }
  expect([...buffers].map(({ byteLength }) => byteLength)).toEqual([1000]);
});
