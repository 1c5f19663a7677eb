/** How many context handles a server keeps, of all its associations together. */

export interface HandleLimits {
  /** Of one principal, over all its connections; opening another is answered with nca_s_fault_remote_no_memory. Default: 65,536. */
  readonly maxHandlesOfCaller: number;
  /**
   * Of callers that have not logged on, or as nobody, together; beyond them the oldest one of them is run down for each
   * that is opened. Default: 16,384.
   */
  readonly maxHandlesOfStrangers: number;
  /** Of all callers; opening another is answered with nca_s_fault_remote_no_memory. Default: 262,144. */
  readonly maxHandlesOfServer: number;
}

/** What `ownerOf` says of callers that nobody knows. */
const strangers: ReadonlySet<string> = new Set(["", "anonymous"]);

export class HandleRoom {
  readonly #limits: HandleLimits;
  readonly #byOwner = new Map<string, number>();
  /** How each of theirs is run down, by its UUID, the oldest first. */
  readonly #ofStrangers = new Map<string, () => void>();
  #size = 0;

  constructor(limits: HandleLimits) {
    this.#limits = limits;
  }

  /** Handles of everybody. */
  get size(): number {
    return this.#size;
  }

  /** Counts a handle; false where there is no room for it. `giveWay` runs it down, and gives its place back. */
  take(owner: string, uuid: string, giveWay: () => void): boolean {
    const { maxHandlesOfCaller, maxHandlesOfStrangers, maxHandlesOfServer } = this.#limits;
    const isStranger = strangers.has(owner);
    if (isStranger && this.#ofStrangers.size >= maxHandlesOfStrangers) {
      const [oldest] = this.#ofStrangers.values();
      oldest?.();
    }
    const own = this.#byOwner.get(owner) ?? 0;
    if (isStranger ? maxHandlesOfStrangers === 0 : own >= maxHandlesOfCaller) return false;
    if (this.#size >= maxHandlesOfServer) return false;
    if (isStranger) this.#ofStrangers.set(uuid, giveWay);
    this.#byOwner.set(owner, own + 1);
    this.#size++;
    return true;
  }

  give(owner: string, uuid: string): void {
    this.#ofStrangers.delete(uuid);
    const left = (this.#byOwner.get(owner) ?? 0) - 1;
    if (left > 0) this.#byOwner.set(owner, left);
    else this.#byOwner.delete(owner);
    this.#size--;
  }
}
