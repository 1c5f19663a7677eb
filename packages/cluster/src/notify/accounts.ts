/** What the notification ports of each client hold together, so that nobody loses what others don't fetch. */
import type { Room } from "./port.ts";

export interface AccountLimits {
  readonly maxQueuedOfCaller: number;
  readonly maxQueuedOfAll: number;
}

/** The ports of one client. */
export interface Account extends Room {
  readonly client: string;
  filters: number;
}

interface Entry {
  readonly account: Account;
  ports: number;
}

export class Accounts {
  readonly #limits: AccountLimits;
  readonly #entries = new Map<string, Entry>();
  /** Of all clients, and the number of those that have some. */
  #queued = 0;
  #holders = 0;

  constructor(limits: AccountLimits) {
    this.#limits = limits;
  }

  /** The account of a client, with one port more. */
  enter(client: string): Account {
    const entry = this.#entries.get(client) ?? { account: this.#open(client), ports: 0 };
    entry.ports++;
    this.#entries.set(client, entry);
    return entry.account;
  }

  /** The account has one port less, which holds nothing any more. */
  leave({ client }: Account): void {
    const entry = this.#entries.get(client);
    if (entry !== undefined && --entry.ports === 0) this.#entries.delete(client);
  }

  #open(client: string): Account {
    let used = 0;
    const change = (size: number): void => {
      this.#holders += Number(used + size > 0) - Number(used > 0);
      this.#queued += size;
      used += size;
    };
    const isFull = (): boolean => {
      const { maxQueuedOfCaller, maxQueuedOfAll } = this.#limits;
      if (used >= maxQueuedOfCaller) return true;
      // Who has less than its share may have it, though others have more than theirs.
      return this.#queued >= maxQueuedOfAll && used >= maxQueuedOfAll / Math.max(this.#holders, 1);
    };
    return {
      client,
      filters: 0,
      take: change,
      get isFull() {
        return isFull();
      },
    };
  }
}
