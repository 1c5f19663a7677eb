/** A socket, TCP or Unix, as a channel. */
import type { Socket } from "node:net";
import type { ByteChannel, ChannelListener } from "../connection/channel.ts";
import { ConnectionObserver } from "../diagnostics/observer.ts";
import type { PduHeader } from "../pdu/index.ts";
import type { LentReads } from "./lent-reads.ts";

export interface SocketPlace {
  readonly role: "client" | "server";
  /** Of a Unix socket; null for TCP. */
  readonly path: string | null;
}

const none = new Uint8Array(0);

export class SocketChannel implements ByteChannel {
  readonly #socket: Socket;
  readonly #reads: LentReads;
  readonly #lingers: boolean;
  readonly #observer: ConnectionObserver;
  #paused = false;
  /** Writes that the system has not taken yet: behind each stands an empty one, whose end is told. */
  #behind = 0;
  #listener: ChannelListener | null = null;

  /** Of a socket that is paused, and reads so, or gives what it reads as `data`. */
  constructor(socket: Socket, reads: LentReads, { role, path }: SocketPlace) {
    this.#socket = socket;
    this.#reads = reads;
    // The client is to end the connection as well, so that it surely reads what was sent last.
    this.#lingers = role === "server";
    this.#observer = new ConnectionObserver(socket, role, path);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
  }

  /** Starts to tell a listener what happens. */
  attach(listener: ChannelListener): void {
    const socket = this.#socket;
    this.#listener = listener;
    let failure: Error | null = null;
    this.#reads.onOctets = (octets) => listener.received(octets);
    // A Buffer's `slice` would be a view where readers want a copy.
    socket.on("data", ({ buffer, byteOffset, length }: Uint8Array) => {
      listener.received(new Uint8Array(buffer, byteOffset, length));
    });
    // The peer sends no more, and nobody waits for answers on half a connection.
    socket.on("end", () => socket.end());
    socket.on("error", (error) => {
      failure = error;
    });
    socket.on("close", () => {
      listener.closed(failure);
      this.#observer.closed(failure);
    });
    this.#observer.opened();
    socket.resume();
  }

  observe(octets: Uint8Array, header: PduHeader | null): void {
    this.#observer.received(octets, header);
  }

  write(octets: Uint8Array): boolean {
    const socket = this.#socket;
    if (!socket.writable) return true;
    this.#observer.sent(octets);
    socket.write(octets);
    // As a rule the system takes everything at once, and nobody has to be told later.
    if (socket.writableLength === 0) return true;
    this.#behind++;
    socket.write(none, this.#written);
    return false;
  }

  readonly #written = (error?: Error | null): void => {
    this.#behind--;
    if (this.#behind === 0 && !error) this.#listener?.drained();
  };

  end(): void {
    if (!this.#lingers) return this.#socket.destroySoon();
    this.#socket.end();
    // Whatever the peer still sends is read and dropped, so that it sees the end and no reset.
    this.resume();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#socket.resume();
  }

  defer(run: () => void): void {
    process.nextTick(run);
  }

  later(run: () => void): void {
    setImmediate(run);
  }
}
