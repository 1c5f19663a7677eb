/** Octets of answers that the clients of a server have not read, all together. */

export class Backlog {
  #octets = 0;
  /** Connections that have some. */
  #holders = 0;

  get octets(): number {
    return this.#octets;
  }

  /** A connection has so many, which were so many before. */
  change(before: number, now: number): void {
    this.#octets += now - before;
    this.#holders += Number(now > 0) - Number(before > 0);
  }

  /** Whether all are too many, and a connection with so many has more than its share of what there may be. */
  isExceededBy(own: number, limit: number): boolean {
    return this.#octets > limit && own > limit / this.#holders;
  }
}
