/** Finds the filters that an event matches without a look at any other. */
import type { ClusterEvent, KeyEvent } from "../core/event.ts";
import { fold } from "../registry/key.ts";

/** What a filter watches: every object, one by its ID, or a registry key. */
export type Watched =
  | { readonly everything: true }
  | { readonly id: string }
  | { readonly path: string; readonly subtree: boolean };

/** The filters of one flag. */
export class FilterIndex<Filter> {
  readonly #everywhere = new Set<Filter>();
  readonly #byObject = new Map<string, Set<Filter>>();
  readonly #byKey = new Map<string, Set<Filter>>();
  readonly #bySubtree = new Map<string, Set<Filter>>();

  add(filter: Filter, watched: Watched): void {
    const { map, key } = this.#placeOf(watched);
    if (map === null) return void this.#everywhere.add(filter);
    const found = map.get(key);
    if (found === undefined) map.set(key, new Set([filter]));
    else found.add(filter);
  }

  delete(filter: Filter, watched: Watched): void {
    const { map, key } = this.#placeOf(watched);
    if (map === null) return void this.#everywhere.delete(filter);
    const found = map.get(key);
    found?.delete(filter);
    if (found?.size === 0) map.delete(key);
  }

  get isEmpty(): boolean {
    const maps = [this.#byObject, this.#byKey, this.#bySubtree];
    return this.#everywhere.size === 0 && maps.every(({ size }) => size === 0);
  }

  /** Each filter once. */
  *matching(event: ClusterEvent): Iterable<Filter> {
    yield* this.#everywhere;
    if (event.kind !== "key") yield* this.#byObject.get(event.id) ?? [];
    else if (this.#byKey.size > 0 || this.#bySubtree.size > 0) yield* this.#matchingKey(event);
  }

  /** A key that comes or goes is news for the one above it as well. */
  *#matchingKey({ path, what }: KeyEvent): Iterable<Filter> {
    let at: string | null = fold(path);
    yield* this.#byKey.get(at) ?? [];
    const above = parentOf(at);
    if (above !== null && (what === "added" || what === "deleted")) {
      yield* this.#byKey.get(above) ?? [];
    }
    for (; at !== null; at = parentOf(at)) yield* this.#bySubtree.get(at) ?? [];
  }

  #placeOf(watched: Watched): { map: Map<string, Set<Filter>> | null; key: string } {
    if ("everything" in watched) return { map: null, key: "" };
    if ("id" in watched) return { map: this.#byObject, key: watched.id };
    const map = watched.subtree ? this.#bySubtree : this.#byKey;
    return { map, key: fold(watched.path) };
  }
}

/** The path of the key above; null for the root. */
function parentOf(path: string): string | null {
  return path === "" ? null : path.slice(0, Math.max(path.lastIndexOf("\\"), 0));
}
