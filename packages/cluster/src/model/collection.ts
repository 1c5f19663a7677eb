/** Objects of one kind, by ID and by name. Both are compared without regard to case ([MS-CMRP] 3.1.1.1). */
import { fold } from "../registry/key.ts";
import { Removals } from "../registry/ordered.ts";

export interface Identified {
  readonly id: string;
  readonly name: string;
}

export class Collection<T extends Identified> implements Iterable<T> {
  readonly #byId = new Map<string, T>();
  readonly #byName = new Map<string, T>();

  get size(): number {
    return this.#byId.size;
  }

  /** The one of that ID. */
  get(id: string): T | undefined {
    return this.#byId.get(fold(id));
  }

  /** The one of that name or, where no name fits, of that ID. */
  find(nameOrId: string): T | undefined {
    return this.#byName.get(fold(nameOrId)) ?? this.get(nameOrId);
  }

  has(object: T): boolean {
    return this.get(object.id) === object;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#byId.values();
  }

  add(object: T): void {
    this.#byId.set(fold(object.id), object);
    this.#byName.set(fold(object.name), object);
  }

  /** Has an object, which stays in its place, found by its present name and no more by its former one. */
  rename(object: T, former: string): void {
    if (this.#byName.get(fold(former)) === object) this.#byName.delete(fold(former));
    this.#byName.set(fold(object.name), object);
  }

  /** Gives how to put the object back, as long as nothing else has changed; where it was, as soon as the order of removals is. */
  remove(object: T, removals: Removals = new Removals()): () => void {
    const putBack = removals.remove(this.#byId, fold(object.id));
    this.#byName.delete(fold(object.name));
    return () => {
      putBack();
      this.#byName.set(fold(object.name), object);
    };
  }
}
