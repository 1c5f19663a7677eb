/** Tells the channels of one connection. Where nobody subscribes, it looks no further than that. */
import { type PduHeader, readHeader } from "../pdu/index.ts";
import {
  closeChannel,
  type ConnectionEvent,
  type ConnectionInfo,
  type Endpoint,
  openChannel,
  pduChannel,
  type PduEvent,
} from "./events.ts";

/** What a socket knows of its ends, while it is open. */
export interface ObservedSocket {
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

let connections = 0;

export class ConnectionObserver {
  readonly #socket: ObservedSocket;
  readonly #role: ConnectionInfo["role"];
  readonly #path: string | null;
  readonly #id = ++connections;
  #info: ConnectionInfo | null = null;

  /** `path`: of a Unix socket; null for TCP. */
  constructor(socket: ObservedSocket, role: ConnectionInfo["role"], path: string | null) {
    this.#socket = socket;
    this.#role = role;
    this.#path = path;
  }

  opened(): void {
    if (openChannel.hasSubscribers) openChannel.publish(this.#connectionEvent(null));
  }

  closed(error: Error | null): void {
    if (closeChannel.hasSubscribers) closeChannel.publish(this.#connectionEvent(error));
  }

  /** PDUs, one behind the other. */
  sent(octets: Uint8Array): void {
    if (!pduChannel.hasSubscribers) return;
    for (let at = 0; at < octets.length;) {
      const header = readHeader(octets, at);
      const end = at + header.fragLength;
      this.#publish("sent", header, octets.subarray(at, end));
      at = end;
    }
  }

  /** One PDU, or with null what is none. */
  received(octets: Uint8Array, header: PduHeader | null): void {
    if (pduChannel.hasSubscribers) this.#publish("received", header, octets);
  }

  #publish(direction: PduEvent["direction"], header: PduHeader | null, octets: Uint8Array): void {
    const connection = this.#connection;
    // Received ones are decrypted in place, and those sent stand in a buffer with others.
    const event: PduEvent = { connection, time: now(), direction, header, octets: octets.slice() };
    pduChannel.publish(event);
  }

  #connectionEvent(error: Error | null): ConnectionEvent {
    return { connection: this.#connection, time: now(), error };
  }

  get #connection(): ConnectionInfo {
    return (this.#info ??= { id: this.#id, role: this.#role, ...this.#endpoints() });
  }

  #endpoints(): { local: Endpoint; remote: Endpoint } {
    const path = this.#path;
    if (path !== null) {
      const named = { address: path, port: null };
      const unnamed = { address: "", port: null };
      return this.#role === "server"
        ? { local: named, remote: unnamed }
        : { local: unnamed, remote: named };
    }
    const { localAddress = "", localPort = 0, remoteAddress = "", remotePort = 0 } = this.#socket;
    return {
      local: { address: localAddress, port: localPort },
      remote: { address: remoteAddress, port: remotePort },
    };
  }
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
