/** Things by name and by number, in the order they came: enumerating them one by one takes time that grows with their number. */
export class Indexed<T> {
  readonly #byName = new Map<string, T>();
  /** The same in a row; null after a change that isn't one at its end. */
  #row: T[] | null = [];

  get size(): number {
    return this.#byName.size;
  }

  get(name: string): T | null {
    return this.#byName.get(name) ?? null;
  }

  at(index: number): T | null {
    this.#row ??= [...this.#byName.values()];
    return this.#row[index] ?? null;
  }

  set(name: string, one: T): void {
    if (this.#byName.has(name)) this.#row = null;
    else this.#row?.push(one);
    this.#byName.set(name, one);
  }

  delete(name: string): boolean {
    this.#row = null;
    return this.#byName.delete(name);
  }

  /** The greatest of what each measures; 0 where there is none. */
  most(measure: (one: T) => number): number {
    let most = 0;
    for (const one of this.#byName.values()) most = Math.max(most, measure(one));
    return most;
  }
}
