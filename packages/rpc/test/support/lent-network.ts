/** Connections of ours with a network between them that cuts what is sent anywhere, and lends it to who gets it. */
import type { ConnectionOptions } from "@msrpc/rpc";
import type { ByteChannel, ChannelListener } from "../../src/connection/channel.ts";
import { ClientConnection } from "../../src/connection/client-connection.ts";
import { ServerConnection } from "../../src/connection/server-connection.ts";
import type { ServerHost } from "../../src/connection/server-host.ts";
import type { Random } from "./hostile.ts";
import { lend } from "./lend.ts";

const address = {
  transport: "tcp",
  host: "192.0.2.1",
  text: "192.0.2.1:49152",
  reached: "192.0.2.9",
} as const;

/** One direction of a connection. */
class Way {
  readonly #random: Random;
  #octets: Uint8Array = new Uint8Array(0);
  isPaused = false;
  /** Its writer waits for `drained`. */
  isBehind = false;
  sender: ChannelListener | null = null;
  receiver: ChannelListener | null = null;

  constructor(random: Random) {
    this.#random = random;
  }

  write(octets: Uint8Array): boolean {
    this.#octets = Uint8Array.from(Buffer.concat([this.#octets, octets]));
    this.isBehind = this.#random(3) === 0;
    return !this.isBehind;
  }

  /** Whether anything could be moved. */
  move(): boolean {
    if (this.isBehind && this.#random(2) === 0) {
      this.isBehind = false;
      this.sender?.drained();
      return true;
    }
    const { length } = this.#octets;
    if (this.isPaused || length === 0) return this.isBehind;
    const counts = [40, 4000, length].map((most) => Math.min(length, 1 + this.#random(most)));
    const count = counts[this.#random(5)] ?? length;
    const moved = this.#octets.subarray(0, count);
    this.#octets = this.#octets.subarray(count);
    if (this.receiver !== null) lend(this.receiver, moved);
    return true;
  }
}

export class LentNetwork {
  readonly #random: Random;
  readonly #ways: Way[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  connect(host: ServerHost, options: ConnectionOptions): ClientConnection {
    const [there, back] = [new Way(this.#random), new Way(this.#random)];
    const client = new ClientConnection(channelOf(there, back), "host", options);
    const server = new ServerConnection(host, channelOf(back, there), address);
    there.sender = back.receiver = client;
    there.receiver = back.sender = server;
    this.#ways.push(there, back);
    return client;
  }

  /** Moves octets until nobody is waiting for any. */
  async carry(work: Promise<unknown>): Promise<void> {
    const progress = { isDone: false };
    const end = (): void => void (progress.isDone = true);
    work.then(end, end);
    while (!progress.isDone) {
      const way = this.#ways[this.#random(this.#ways.length)];
      if (way?.move() !== true || this.#random(4) === 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }
}

function channelOf(out: Way, incoming: Way): ByteChannel {
  return {
    write: (octets) => out.write(octets),
    end() {},
    destroy() {},
    pause: () => void (incoming.isPaused = true),
    resume: () => void (incoming.isPaused = false),
    defer: queueMicrotask,
    later: setImmediate,
  };
}
