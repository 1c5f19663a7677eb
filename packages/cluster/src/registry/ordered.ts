/** Maps that things are enumerated from by number. */

/** What a command takes out of maps, so that all of it can be put back where it was. */
export class Removals {
  /** Keys in the order in which they were before the first one was taken out: once for each map, however many follow. */
  readonly #orders = new Map<Map<unknown, unknown>, readonly unknown[]>();

  /** Takes an entry out. Gives how to put it back; where it was, as soon as the order is. */
  remove<K, V extends object>(map: Map<K, V>, key: K): () => void {
    const value = map.get(key);
    if (value === undefined) return () => undefined;
    if (!this.#orders.has(map)) this.#orders.set(map, [...map.keys()]);
    map.delete(key);
    return () => map.set(key, value);
  }

  /** Puts the entries of all those maps in order again, when everything else is as it was. */
  restoreOrder(): void {
    for (const [map, keys] of this.#orders) {
      for (const key of keys) {
        const value = map.get(key);
        // It was added by the command, and is gone again.
        if (value === undefined) continue;
        map.delete(key);
        map.set(key, value);
      }
    }
    this.#orders.clear();
  }
}
