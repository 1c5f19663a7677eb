/** Octets of stubs that are held: those that arrive, and those of calls under way. */

export class StubBudget {
  readonly #limit: number;
  readonly #parents: readonly StubBudget[];
  #held = 0;

  /** What is taken here is taken of the parents' as well. */
  constructor(limit: number, ...parents: readonly StubBudget[]) {
    this.#limit = limit;
    this.#parents = parents;
  }

  get held(): number {
    return this.#held;
  }

  /** False, and nothing is taken, where it would be too much. What comes alone is never too much. */
  take(octets: number): boolean {
    if (this.#held > 0 && this.#held + octets > this.#limit) return false;
    for (const [at, parent] of this.#parents.entries()) {
      if (parent.take(octets)) continue;
      for (const earlier of this.#parents.slice(0, at)) earlier.give(octets);
      return false;
    }
    this.#held += octets;
    return true;
  }

  give(octets: number): void {
    this.#held -= octets;
    for (const parent of this.#parents) parent.give(octets);
  }
}
