/** What is kept of calls until their answers come: the latest, within a weight, whatever a capture holds. */

/** Octets of stubs that values were made of; values are many times as large. */
const mostOctets = 1 << 20;
const mostEntries = 4096;

export class Recent<V> {
  readonly #entries = new Map<string, { readonly value: V; readonly octets: number }>();
  #octets = 0;

  /** Takes an entry out. */
  take(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#octets -= entry.octets;
    return entry.value;
  }

  /** Keeps an entry, and gives those that it leaves no room for, which may be itself. */
  keep(key: string, value: V, octets: number): V[] {
    const before = this.take(key);
    const gone = before === undefined ? [] : [before];
    this.#entries.set(key, { value, octets });
    this.#octets += octets;
    for (const oldest of this.#entries.keys()) {
      if (this.#octets <= mostOctets && this.#entries.size <= mostEntries) break;
      const dropped = this.take(oldest);
      if (dropped !== undefined) gone.push(dropped);
    }
    return gone;
  }

  values(): V[] {
    return [...this.#entries.values()].map(({ value }) => value);
  }
}
