/** A client of hand-made PDUs, at a server's connection without a socket. */
import { transferSyntaxes, type SyntaxId } from "@msrpc/ndr";
import type { Router, ServerOptions } from "@msrpc/rpc";
import {
  type BindPdu,
  decodePdu,
  encodePdu,
  featureSyntax,
  type Pdu,
  type RequestPdu,
} from "@msrpc/rpc/pdu";
import type { ByteChannel } from "../../src/connection/channel.ts";
import { ServerConnection } from "../../src/connection/server-connection.ts";
import { serverHost, type ServerHost } from "../../src/connection/server-host.ts";
import { expect } from "vitest";
import { echo, echoServer } from "../echo.ts";
import { lend } from "./lend.ts";

export class Wire {
  readonly connection: ServerConnection;
  readonly errors: unknown[] = [];
  readonly host: ServerHost;
  ended = false;
  destroyed = false;
  paused = false;
  /** What `write` gives, and with it whether the client reads. */
  reads = true;
  #sent: Uint8Array[] = [];
  clock = 0;

  constructor(router: Router, options: ServerOptions = {}, host?: ServerHost, from = "192.0.2.1") {
    const shared = {
      port: "4242",
      now: () => this.clock,
      onError: (error: unknown): void => void this.errors.push(error),
    };
    this.host = host ?? serverHost(router, options, shared);
    const channel: ByteChannel = {
      write: (octets) => {
        this.#sent.push(octets.slice());
        return this.reads;
      },
      end: () => {
        this.ended = true;
      },
      destroy: () => {
        this.destroyed = true;
      },
      pause: () => {
        this.paused = true;
      },
      resume: () => {
        this.paused = false;
      },
      defer: queueMicrotask,
      later: setImmediate,
    };
    const address = {
      transport: "tcp",
      host: from,
      text: `${from}:49152`,
      reached: "192.0.2.9",
    } as const;
    this.connection = new ServerConnection(this.host, channel, address);
  }

  /** Sends PDUs, or octets, in one piece; gives what came back. */
  async send(...pdus: (Pdu | Uint8Array)[]): Promise<Pdu[]> {
    const octets = pdus.map((pdu) => (pdu instanceof Uint8Array ? pdu : encodePdu(pdu)));
    lend(this.connection, Buffer.concat(octets));
    return this.answers();
  }

  /** What came since the last time. */
  async answers(): Promise<Pdu[]> {
    await new Promise((resolve) => setImmediate(resolve));
    const octets = Uint8Array.from(Buffer.concat(this.#sent.splice(0)));
    const pdus: Pdu[] = [];
    for (let at = 0; at < octets.length;) {
      const length = new DataView(octets.buffer).getUint16(at + 8, octets[at + 4] === 0x10);
      pdus.push(decodePdu(octets.subarray(at, at + length)));
      at += length;
    }
    return pdus;
  }
}

const common = { littleEndian: true, verifier: null } as const;

/** A bind for the echo interface in NDR 2.0, as context 0. */
export function bind(changes: Partial<BindPdu> = {}): BindPdu {
  return {
    type: "bind",
    flags: 0x13,
    callId: 1,
    maxTransmit: 5840,
    maxReceive: 5840,
    groupId: 0,
    proposals: [propose(0, echo, transferSyntaxes.ndr)],
    ...common,
    ...changes,
  };
}

export function alter(changes: Partial<BindPdu> = {}): BindPdu {
  return bind({ callId: 2, ...changes, type: "alter_context" });
}

export function propose(
  contextId: number,
  { uuid, version }: SyntaxId,
  ...syntaxes: SyntaxId[]
): BindPdu["proposals"][number] {
  return { contextId, abstractSyntax: { uuid, version }, transferSyntaxes: syntaxes };
}

export const features: SyntaxId = featureSyntax(3);

/** EchoData of no octets, as call 2, in one fragment. */
export function request(changes: Partial<RequestPdu> = {}): RequestPdu {
  return {
    type: "request",
    flags: 3,
    callId: 2,
    allocHint: 0,
    contextId: 0,
    opnum: 0,
    object: null,
    body: new Uint8Array(4),
    ...common,
    ...changes,
  };
}
export const protocolError: number = 0x1c01000b;

export function wire(options: ServerOptions = {}): Wire {
  return new Wire(echoServer().router, options);
}

export async function bound(options: ServerOptions = {}): Promise<Wire> {
  const w = wire(options);
  await w.send(bind());
  return w;
}

/** Expects a fault and the end of the connection. */
export async function expectEnd(w: Wire, pdu: Pdu | Uint8Array, status: number): Promise<void> {
  const answers = await w.send(pdu);
  expect(answers).toMatchObject([{ type: "fault", status }]);
  expect(w.ended).toBe(true);
  expect(await w.send(request({ callId: 900 }))).toEqual([]);
}

export async function expectNak(w: Wire, pdu: Pdu | Uint8Array, reason: number): Promise<void> {
  const versions = [{ major: 5, minor: 0 }];
  expect(await w.send(pdu)).toMatchObject([{ type: "bind_nak", reason, versions }]);
  expect(w.ended).toBe(true);
}
