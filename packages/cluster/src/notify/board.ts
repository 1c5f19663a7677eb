/** The ports of one version with their filters: an event goes to the filters that ask for its flag, and looks at no other. */
import type { ClusterEvent } from "../core/event.ts";
import { FilterIndex, type Watched } from "./filter-index.ts";
import { Port, type Room } from "./port.ts";

interface Filter<Told> {
  readonly port: Port<Told>;
  readonly key: number;
  /** What it asks for: flags of version 1, types and flags of version 2. */
  readonly topics: readonly number[];
  readonly watched: Watched;
}

/** What is said in the place of indications that were lost. */
export interface Loss<Told> {
  readonly told: Told;
  /** Filters that hear of it ask for this; null where it goes to the first filter that lost one. */
  readonly topic: number | null;
}

export interface BoardOptions<Told> {
  /** Room of a port. */
  readonly maxQueued: number;
  readonly sizeOf: (told: Told) => number;
}

export class Board<Told> {
  readonly #options: BoardOptions<Told>;
  readonly #topics = new Map<number, FilterIndex<Filter<Told>>>();
  readonly #ports = new Map<Port<Told>, Filter<Told>[]>();

  constructor(options: BoardOptions<Told>) {
    this.#options = options;
  }

  /** Ports that are open. */
  get size(): number {
    return this.#ports.size;
  }

  get ports(): Iterable<Port<Told>> {
    return this.#ports.keys();
  }

  /** `loss` is null where nothing is said of it; `shared` is the room of its client. */
  open(loss: Loss<Told> | null, shared: Room): Port<Told> {
    const filters: Filter<Told>[] = [];
    const hearing = (topic: number): number[] =>
      filters.flatMap(({ topics, key }) => (topics.includes(topic) ? key : []));
    const { maxQueued, sizeOf } = this.#options;
    const port = new Port<Told>({
      room: maxQueued,
      shared,
      sizeOf,
      lost(first) {
        if (loss === null) return [];
        const keys = loss.topic === null ? [first] : hearing(loss.topic);
        return keys.map((key) => ({ key, told: loss.told }));
      },
    });
    this.#ports.set(port, filters);
    return port;
  }

  /** Adds a filter to a port. The same one twice is told everything twice. */
  watch(port: Port<Told>, topics: readonly number[], watched: Watched, key: number): void {
    const filters = this.#ports.get(port);
    if (filters === undefined) return;
    const filter = { port, key, topics, watched };
    filters.push(filter);
    for (const topic of topics) {
      const found = this.#topics.get(topic);
      const index = found ?? new FilterIndex<Filter<Told>>();
      if (found === undefined) this.#topics.set(topic, index);
      index.add(filter, watched);
    }
  }

  filtersOf(port: Port<Told>): number {
    return this.#ports.get(port)?.length ?? 0;
  }

  /** `tell` is called once, and only where somebody hears of it. */
  post(topic: number, event: ClusterEvent, tell: () => Told): void {
    const index = this.#topics.get(topic);
    if (index === undefined) return;
    let told: Told | undefined;
    for (const { port, key } of index.matching(event)) port.push({ key, told: (told ??= tell()) });
  }

  /** Closes a port, and forgets its filters. Gives how many it had. */
  close(port: Port<Told>): number {
    const filters = this.#ports.get(port) ?? [];
    for (const filter of filters) {
      for (const topic of filter.topics) {
        const index = this.#topics.get(topic);
        index?.delete(filter, filter.watched);
        if (index?.isEmpty === true) this.#topics.delete(topic);
      }
    }
    this.#ports.delete(port);
    port.close();
    return filters.length;
  }
}
