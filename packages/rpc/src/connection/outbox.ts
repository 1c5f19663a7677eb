/** Gathers PDUs side by side, so that those of one turn leave in one write. */
import type { ByteChannel } from "./channel.ts";

const slabSize = 0x1_0000;

export class Outbox {
  readonly #channel: ByteChannel;
  #slab = new Uint8Array(0);
  /** What is filled and not yet written, from and to. */
  #start = 0;
  #end = 0;
  #scheduled = false;
  #full = false;

  constructor(channel: ByteChannel) {
    this.#channel = channel;
  }

  /** The channel has asked for less, and `drained` was not called since. */
  get isFull(): boolean {
    return this.#full;
  }

  /** Room for a PDU, to be filled in before anything else happens. Not necessarily zeros. */
  reserve(length: number): Uint8Array {
    if (this.#end + length > this.#slab.length) {
      this.#write();
      // A small slab at first: most connections of a crowd are idle.
      const size = this.#slab.length === 0 ? slabSize >> 4 : slabSize;
      this.#slab = new Uint8Array(Math.max(length, size));
      this.#start = 0;
      this.#end = 0;
    }
    const at = this.#end;
    this.#end = at + length;
    this.#schedule();
    return this.#slab.subarray(at, this.#end);
  }

  send(octets: Uint8Array): void {
    this.reserve(octets.length).set(octets);
  }

  drained(): void {
    this.#full = false;
  }

  /** Writes what was gathered. */
  flush(): void {
    this.#write();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#channel.defer(() => {
      this.#scheduled = false;
      this.#write();
    });
  }

  #write(): void {
    if (this.#end === this.#start) return;
    const octets = this.#slab.subarray(this.#start, this.#end);
    this.#start = this.#end;
    if (!this.#channel.write(octets)) this.#full = true;
  }
}
