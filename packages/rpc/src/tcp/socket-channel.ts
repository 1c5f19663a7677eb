/** A socket, TCP or Unix, as a channel. */
import type { Socket } from "node:net";
import type { ByteChannel, ChannelListener } from "../connection/channel.ts";

export class SocketChannel implements ByteChannel {
  readonly #socket: Socket;
  readonly #lingers: boolean;
  #paused = false;

  /** `lingers`: the peer is to end the connection as well, so that it surely reads what was sent last. */
  constructor(socket: Socket, { lingers }: { readonly lingers: boolean }) {
    this.#socket = socket;
    this.#lingers = lingers;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
  }

  /** Starts to tell a listener what happens. */
  attach(listener: ChannelListener): void {
    const socket = this.#socket;
    let failure: Error | null = null;
    // A Buffer's `slice` would be a view where readers want a copy.
    socket.on("data", ({ buffer, byteOffset, length }: Uint8Array) => {
      listener.received(new Uint8Array(buffer, byteOffset, length));
    });
    socket.on("drain", () => listener.drained());
    // The peer sends no more, and nobody waits for answers on half a connection.
    socket.on("end", () => socket.end());
    socket.on("error", (error) => {
      failure = error;
    });
    socket.on("close", () => listener.closed(failure));
  }

  write(octets: Uint8Array): boolean {
    return this.#socket.writable ? this.#socket.write(octets) : true;
  }

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
}
