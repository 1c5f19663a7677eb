// A small seeded generator of pseudo-random numbers (mulberry32), so that a failure can be had again.

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 to 2^32-1. */
  word(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** `low` to `high`, both inclusive. */
  between(low: number, high: number): number {
    return low + (this.word() % (high - low + 1));
  }

  wide(): bigint {
    return (BigInt(this.word()) << 32n) | BigInt(this.word());
  }

  chance(oneIn: number): boolean {
    return this.word() % oneIn === 0;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.word() % items.length];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at++) bytes[at] = this.word() & 0xff;
    return bytes;
  }
}
