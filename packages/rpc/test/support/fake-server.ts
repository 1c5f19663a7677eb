/** A client's connection without a socket: the test sees what it sends and says what it gets. */
import { transferSyntaxes } from "@msrpc/ndr";
import type { ConnectionOptions, Reply } from "@msrpc/rpc";
import { type BindAckPdu, decodePdu, encodePdu, type Pdu } from "@msrpc/rpc/pdu";
import { ClientConnection } from "../../src/connection/client-connection.ts";
import type { ClientContext } from "../../src/connection/client-context.ts";
import type { TransportCallOptions } from "../../src/transport.ts";
import { echo, octetsOf } from "../echo.ts";
import { lend } from "./lend.ts";

const { ndr } = transferSyntaxes;
export const none = { result: 2, reason: 2, transferSyntax: ndr };
export const accepted = { result: 0, reason: 0, transferSyntax: ndr };
export const common = { flags: 3, littleEndian: true, verifier: null } as const;
export const answer = { allocHint: 0, contextId: 0, cancelCount: 0, ...common } as const;

export function ack(changes: Partial<BindAckPdu> = {}): BindAckPdu {
  return {
    type: "bind_ack",
    ...common,
    flags: 0x13,
    callId: 1,
    maxTransmit: 4280,
    maxReceive: 4280,
    groupId: 7,
    secondaryAddress: "135",
    results: [accepted, none, { result: 3, reason: 2, transferSyntax: ndr }],
    ...changes,
  };
}

export function response(callId: number, body: Uint8Array, flags = 3): Pdu {
  return { type: "response", callId, ...answer, body, flags };
}

export class FakeServer {
  readonly connection: ClientConnection;
  isOver = false;
  /** What the client's writes are told. */
  reads = true;
  #sent: Uint8Array[] = [];

  constructor(options: ConnectionOptions = {}) {
    const over = (): void => {
      this.isOver = true;
    };
    const write = (octets: Uint8Array): boolean => {
      this.#sent.push(octets.slice());
      return this.reads;
    };
    const idle = (): void => {};
    const channel = { write, end: over, destroy: over, pause: idle, resume: idle };
    this.connection = new ClientConnection(
      { ...channel, defer: queueMicrotask, later: setImmediate },
      "host",
      options,
    );
  }

  /** What the client has sent since the last time. */
  async received(): Promise<Pdu[]> {
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

  send(...pdus: Pdu[]): void {
    lend(this.connection, Buffer.concat(pdus.map(encodePdu)));
  }

  /** A context for the echo interface, by this answer to its bind. */
  async bound(changes: Partial<BindAckPdu> = {}): Promise<ClientContext> {
    const context = this.connection.context(echo);
    await this.received();
    this.send(ack(changes));
    return await context;
  }

  /** Octets that are PDUs, or not. */
  sendOctets(octets: Uint8Array): void {
    lend(this.connection, octets);
  }

  call(
    context: ClientContext,
    stub: Uint8Array = octetsOf(4),
    options: TransportCallOptions = {},
  ): Promise<Reply> {
    return this.connection.call(context, 0, stub, options);
  }
}

export function fault(callId: number, status: number, flags = 3): Pdu {
  const body = new Uint8Array(0);
  return { type: "fault", callId, ...answer, flags, extended: false, status, body };
}
