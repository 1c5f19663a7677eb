/** Ends connections of a group that nobody uses ([MS-RPCE] 3.3.2.2.3); the last one stays. */
import type { ClientConnection } from "./client-connection.ts";

export class IdleConnections {
  readonly #members: ReadonlySet<ClientConnection>;
  readonly #idleTime: number;
  /** Calls that each had made when it was last looked at. */
  #counts = new WeakMap<ClientConnection, number>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(members: ReadonlySet<ClientConnection>, idleTime: number) {
    this.#members = members;
    this.#idleTime = idleTime;
  }

  /** Looks after the members from now on, while there are several. */
  watch(): void {
    if (this.#timer !== null || this.#members.size < 2) return;
    this.#timer = setTimeout(() => this.#sweep(), this.#idleTime);
    // Nobody's program goes on for it.
    if (typeof this.#timer === "object") this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #sweep(): void {
    let left = this.#members.size;
    // The newest go first.
    for (const member of [...this.#members].toReversed()) {
      const { callCount, load } = member;
      if (load === 0 && this.#counts.get(member) === callCount && left > 1) {
        left--;
        member.close();
      } else {
        this.#counts.set(member, callCount);
      }
    }
    this.#timer = null;
    this.watch();
  }
}
