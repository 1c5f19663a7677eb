/** Gathers PDUs side by side, so that those of one turn, and those that have to wait, leave in one write. */
import type { ByteChannel } from "./channel.ts";
import { giveSlab, takeSlab } from "./slabs.ts";

const none = new Uint8Array(0);

/** PDUs in a slab, from its start. */
interface Gathered {
  readonly slab: Uint8Array;
  readonly length: number;
}

type Way = Pick<ByteChannel, "write" | "defer">;

export class Outbox {
  readonly #channel: Way;
  readonly #counters: { packetsOut: number };
  /** What is gathered. Most connections of a crowd are idle, and have no slab. */
  #slab: Uint8Array = none;
  #length = 0;
  /** The end of the turn is awaited, or of what holds it. */
  #isHeld = false;
  /** Given to the channel, which has not sent all of it yet. */
  #sending: Gathered | null = null;
  /** Full slabs that wait for that, in order. */
  #waiting: Gathered[] = [];

  constructor(channel: Way, counters: { packetsOut: number } = { packetsOut: 0 }) {
    this.#channel = channel;
    this.#counters = counters;
  }

  /** The peer doesn't read as fast as it is sent to: there is still something to send. */
  get isFull(): boolean {
    return this.#sending !== null;
  }

  /** Octets that the channel has not sent yet. */
  get unsent(): number {
    const waiting = this.#waiting.reduce((sum, { length }) => sum + length, 0);
    return (this.#sending?.length ?? 0) + waiting + this.#length;
  }

  /** Room for a PDU, to be filled in before anything else happens. Not necessarily zeros. */
  reserve(length: number): Uint8Array {
    if (this.#length + length > this.#slab.length) this.#makeRoom(length);
    const at = this.#length;
    this.#length = at + length;
    this.#counters.packetsOut++;
    this.#schedule();
    return this.#slab.subarray(at, this.#length);
  }

  /** Takes back the place that was reserved last: nothing of it is sent. */
  takeBack(octets: Uint8Array): void {
    octets.fill(0);
    this.#length -= octets.length;
    this.#counters.packetsOut--;
  }

  send(octets: Uint8Array): void {
    this.reserve(octets.length).set(octets);
  }

  /** Writes nothing before `release`, unless there is more than fits. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Writes what was gathered, if the channel is ready for it. */
  release(): void {
    this.#isHeld = false;
    if (!this.isFull) this.#write();
  }

  /** The channel has sent what it was given. */
  drained(): void {
    if (this.#sending === null) return;
    giveSlab(this.#sending.slab);
    this.#sending = null;
    while (!this.isFull) {
      const next = this.#waiting.shift();
      if (next === undefined) return this.#write();
      this.#give(next.slab, next.length);
    }
  }

  /** Gives all to the channel, as nothing else follows. */
  flush(): void {
    for (const { slab, length } of this.#waiting.splice(0)) {
      this.#channel.write(slab.subarray(0, length));
    }
    if (this.#length === 0) return;
    this.#channel.write(this.#slab.subarray(0, this.#length));
    this.#forget();
  }

  /** The channel has ended: nothing is to be sent any more. */
  abandon(): void {
    this.#sending = null;
    this.#waiting = [];
    this.#forget();
  }

  /** In a larger slab, or in an empty one. */
  #makeRoom(need: number): void {
    const slab = this.#slab;
    const length = this.#length;
    const larger = takeSlab(length + need);
    this.#slab = larger;
    if (length === 0) return;
    if (larger.length >= length + need) {
      larger.set(slab.subarray(0, length));
      giveSlab(slab);
      return;
    }
    this.#length = 0;
    if (this.isFull) this.#waiting.push({ slab, length });
    else this.#give(slab, length);
  }

  #schedule(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.#channel.defer(this.#endTurn);
  }

  readonly #endTurn = (): void => this.release();

  #write(): void {
    if (this.#length === 0) return;
    const slab = this.#slab;
    const length = this.#length;
    this.#forget();
    this.#give(slab, length);
  }

  #give(slab: Uint8Array, length: number): void {
    if (this.#channel.write(slab.subarray(0, length))) giveSlab(slab);
    else this.#sending = { slab, length };
  }

  #forget(): void {
    this.#slab = none;
    this.#length = 0;
  }
}
