/** What a client owes its server, and since when: whoever waits for something says so, and says when it has come. */
import type { SecuritySession } from "./security-session.ts";

/**
 * Its bind, the rest of a PDU, the rest of a request, that it reads what it was sent, the end of its connection, or
 * the next leg of a logon.
 */
export type Debt = "bind" | "pdu" | "request" | "reading" | "end" | SecuritySession;

/** Octets in a second that a client has to send of a request, so that it isn't taken for one that has stopped. */
const leastRate = 16 << 10;

export class Debts {
  readonly #now: () => number;
  readonly #since = new Map<Debt, number>();
  /** Since when nothing is read of the client, so that it can pay nothing but by reading. */
  #pausedAt: number | null = null;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Since when the oldest is owed; null where nothing is that the client can pay now. */
  get since(): number | null {
    let oldest: number | null = null;
    for (const [debt, since] of this.#since) {
      const isDue = this.#pausedAt === null || debt === "reading";
      if (isDue && (oldest === null || since < oldest)) oldest = since;
    }
    return oldest;
  }

  /** What is owed already is so since then. */
  owe(debt: Debt): void {
    if (!this.#since.has(debt)) this.#since.set(debt, this.#now());
  }

  paid(debt: Debt): void {
    this.#since.delete(debt);
  }

  /** So many octets of it have come. */
  paidInPart(debt: Debt, octets: number): void {
    const since = this.#since.get(debt);
    if (since === undefined || octets === 0) return;
    this.#since.set(debt, Math.min(this.#now(), since + (octets * 1000) / leastRate));
  }

  /** Only this is owed from now on. */
  oweOnly(debt: Debt): void {
    this.#since.clear();
    this.#pausedAt = null;
    this.owe(debt);
  }

  /** Nothing is read of the client for a while, which is not held against it. */
  pause(): void {
    this.#pausedAt ??= this.#now();
  }

  resume(): void {
    if (this.#pausedAt === null) return;
    const lost = this.#now() - this.#pausedAt;
    this.#pausedAt = null;
    for (const [debt, since] of this.#since) {
      if (debt !== "reading") this.#since.set(debt, since + lost);
    }
  }
}
