/** Identity of what full pointers point at: aliases and cycles, in both directions. */

/** Encoding: objects that already have a referent id, and those already written. */
export class WrittenReferents {
  readonly #ids = new Map<unknown, number>();
  readonly #written = new Set<unknown>();

  /** Text and numbers have no identity: each pointer to one is a referent of its own. */
  idOf(target: unknown): number | undefined {
    return typeof target === "object" ? this.#ids.get(target) : undefined;
  }

  add(target: unknown, id: number): void {
    if (typeof target === "object") this.#ids.set(target, id);
  }

  /** True the first time it is asked about an object. */
  isFirst(target: unknown): boolean {
    if (typeof target !== "object") return true;
    if (this.#written.has(target)) return false;
    this.#written.add(target);
    return true;
  }
}

/** Decoding: one for each referent id of a full pointer; stands in its place until it is read. */
export class Referent {
  isRead = false;
  /** What the IDL says it points at. Two pointers with one id must agree. */
  type = "";
  value: unknown = undefined;
}
