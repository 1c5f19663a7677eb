/** Writes what the channels tell of connections and PDUs into a file that Wireshark reads. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import {
  channelNames,
  type ConnectionEvent,
  type ConnectionInfo,
  type PduEvent,
} from "../diagnostics/events.ts";
import { type Flow, Flows } from "./flows.ts";
import { fileHead, packetBlock, statisticsBlock } from "./pcapng.ts";

export interface CaptureOptions {
  /** Chooses connections. Default: all. Of a connection whose two ends are in this process, one end is written. */
  readonly filter?: (connection: ConnectionInfo) => boolean;
  /** Octets that may wait to be written; PDUs beyond are left out and counted. Default: 64 MiB. */
  readonly maxBuffered?: number;
}

export interface Capture extends AsyncDisposable {
  /** PDUs that were written. */
  readonly written: number;
  /** PDUs that were left out, because what was written to did not keep up. */
  readonly dropped: number;
  /**
   * Ends the capture, and with it the file or stream.
   *
   * @throws what the file or stream failed with; nothing was captured from then on
   */
  close(): Promise<void>;
}

/**
 * Captures the connections of clients and servers of `@msrpc/rpc/tcp` in this process into a file, which
 * only its owner may read, or into a stream, as pcapng.
 */
export function captureTo(target: string | Writable, options: CaptureOptions = {}): Capture {
  const out = typeof target === "string" ? createWriteStream(target, { mode: 0o600 }) : target;
  return new PcapngCapture(out, options);
}

/** Interfaces of the file, by number. */
const roles = ["client", "server"] as const;

class PcapngCapture implements Capture {
  readonly #out: Writable;
  readonly #filter: (connection: ConnectionInfo) => boolean;
  readonly #maxBuffered: number;
  readonly #flows = new Flows();
  readonly #done: Promise<void>;
  /** By interface. */
  readonly #written = [0, 0];
  readonly #dropped = [0, 0];
  #stopped = false;

  constructor(out: Writable, { filter = () => true, maxBuffered = 64 << 20 }: CaptureOptions) {
    this.#out = out;
    this.#filter = filter;
    this.#maxBuffered = maxBuffered;
    this.#done = finished(out, { readable: false });
    this.#done.catch(() => this.#stop());
    out.write(fileHead("msrpc", roles));
    for (const [name, listener] of this.#listeners) subscribe(name, listener);
  }

  get written(): number {
    return total(this.#written);
  }

  get dropped(): number {
    return total(this.#dropped);
  }

  async close(): Promise<void> {
    if (!this.#stopped) {
      this.#stop();
      const now = Date.now();
      roles.forEach((_, id) => {
        const dropped = this.#dropped[id] ?? 0;
        const received = (this.#written[id] ?? 0) + dropped;
        this.#out.write(statisticsBlock(id, now, { received, dropped }));
      });
      this.#out.end();
    }
    await this.#done;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  readonly #listeners: readonly (readonly [name: string, listener: (event: unknown) => void])[] = [
    [channelNames.connectionOpen, (event) => this.#opened(event as ConnectionEvent)],
    [channelNames.connectionClose, (event) => this.#closed(event as ConnectionEvent)],
    [channelNames.pdu, (event) => this.#pdu(event as PduEvent)],
  ];

  #stop(): void {
    this.#stopped = true;
    for (const [name, listener] of this.#listeners) unsubscribe(name, listener);
  }

  #opened({ connection, time }: ConnectionEvent): void {
    this.#flowOf(connection, time, "");
  }

  #closed({ connection, time, error }: ConnectionEvent): void {
    const flow = this.#flows.find(connection);
    this.#flows.remove(connection);
    if (flow === undefined || flow === null) return;
    flow.closed = true;
    if (!this.#hasRoom(0)) return;
    const fromClient = (connection.role === "client") === (error === null);
    this.#write(connection, time, flow.stream.close(fromClient, error === null), error?.message);
  }

  #pdu({ connection, time, direction, header, octets }: PduEvent): void {
    const flow = this.#flowOf(connection, time, ", open before the capture began");
    if (flow === null) return;
    const fromClient = (connection.role === "client") === (direction === "sent");
    const id = roles.indexOf(connection.role);
    if (!this.#hasRoom(octets.length)) {
      flow.stream.skip(fromClient, octets.length);
      this.#dropped[id] = (this.#dropped[id] ?? 0) + 1;
      return;
    }
    this.#written[id] = (this.#written[id] ?? 0) + 1;
    const comment = header === null ? "no PDU" : "";
    this.#write(connection, time, flow.stream.data(fromClient, octets), comment);
  }

  #hasRoom(length: number): boolean {
    return this.#out.writableLength + length <= this.#maxBuffered;
  }

  /** The flow of a connection, begun where it is new; null where it is not to be written. */
  #flowOf(connection: ConnectionInfo, time: number, remark: string): Flow | null {
    const known = this.#flows.find(connection);
    if (known !== undefined) return known;
    if (!this.#filter(connection)) {
      this.#flows.ignore(connection);
      return null;
    }
    const flow = this.#flows.add(connection);
    if (flow === null) return null;
    const packets = flow.stream.open();
    const comment = `${describe(connection)}${remark}`;
    if (this.#hasRoom(0)) this.#write(connection, time, packets, comment);
    return flow;
  }

  /** The comment is for the first packet. */
  #write(
    { role }: ConnectionInfo,
    time: number,
    packets: readonly Uint8Array[],
    comment = "",
  ): void {
    const id = roles.indexOf(role);
    const blocks = packets.map((packet, i) =>
      packetBlock(id, time, packet, i === 0 ? comment : ""),
    );
    this.#out.write(Buffer.concat(blocks));
  }
}

function describe({ id, role, local, remote }: ConnectionInfo): string {
  const path = local.port === null ? `, ${local.address}${remote.address}` : "";
  return `connection ${id} of a ${role}${path}`;
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
