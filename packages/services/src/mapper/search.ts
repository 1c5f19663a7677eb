/** A search through an endpoint map, a part at a time. It keeps its place and nothing of the map. */
import type { EndpointMap, StoredEntry } from "./endpoint-map.ts";
import type { Ranking } from "./match.ts";

export interface Found {
  readonly entries: readonly StoredEntry[];
  /** There were more than were asked for. */
  readonly more: boolean;
}

export class Search {
  /** Which operation goes on with it. */
  readonly operation: "lookup" | "map";
  readonly #map: EndpointMap;
  readonly #rank: Ranking;
  #lastRank = -1;
  #lastId = 0;

  constructor(operation: "lookup" | "map", map: EndpointMap, rank: Ranking) {
    this.operation = operation;
    this.#map = map;
    this.#rank = rank;
  }

  /** The next entries, best rank first; entries that were removed meanwhile are not among them. */
  take(count: number): Found {
    const left: { readonly rank: number; readonly entry: StoredEntry }[] = [];
    for (const entry of this.#map.entries()) {
      const rank = this.#rank(entry);
      if (rank !== null && this.#isAhead(rank, entry.id)) left.push({ rank, entry });
    }
    left.sort((a, b) => a.rank - b.rank || a.entry.id - b.entry.id);
    const taken = left.slice(0, count);
    const last = taken.at(-1);
    if (last !== undefined) {
      this.#lastRank = last.rank;
      this.#lastId = last.entry.id;
    }
    return { entries: taken.map(({ entry }) => entry), more: left.length > count };
  }

  #isAhead(rank: number, id: number): boolean {
    return rank > this.#lastRank || (rank === this.#lastRank && id > this.#lastId);
  }
}
