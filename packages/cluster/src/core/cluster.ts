/** A running cluster: commands one after the other, each kept by the store before anybody hears of it. */
import type { ClusterState } from "../model/state.ts";
import type { RegistryChange } from "../registry/change.ts";
import type { Effect } from "./effect.ts";
import type { RegistryKey } from "../registry/key.ts";
import type { ClusterEvent } from "./event.ts";
import { addSchemas, type Host, softwareHost } from "./host.ts";
import { startCluster } from "./start.ts";
import { type Surroundings, systemSurroundings, Transaction } from "./transaction.ts";

/** Keeps what lasts. */
export interface StateStore {
  /** The registry that it keeps; null as long as nothing was ever kept. */
  load(): RegistryKey | null;
  /**
   * Keeps changes, all or none, before it gives back.
   *
   * @param now of the changes: milliseconds since 1970
   */
  commit(changes: readonly RegistryChange[], now: number): void;
}

/** Hears of events after they were kept, in order. It must not throw. */
export type EventListener = (event: ClusterEvent) => void;

export interface ClusterOptions {
  /** Default: nothing outlasts the process. */
  readonly store?: StateStore;
  /** Default: the system's clocks and random GUIDs. */
  readonly surroundings?: Surroundings;
  /** What resources stand for. Default: nothing but their state. */
  readonly host?: Host;
}

export class Cluster {
  readonly state: ClusterState;
  readonly #store: StateStore | null;
  readonly #surroundings: Surroundings;
  readonly #host: Host;
  readonly #listeners = new Set<EventListener>();
  readonly #effects: Effect[] = [];
  #isPerforming = false;

  /** Brings what the state has into its persistent states. */
  constructor(state: ClusterState, options: ClusterOptions = {}) {
    this.state = state;
    this.#store = options.store ?? null;
    this.#surroundings = options.surroundings ?? systemSurroundings;
    this.#host = options.host ?? softwareHost;
    addSchemas(state, this.#host);
    this.run(startCluster);
  }

  /** Milliseconds since 1970, as commands see it. */
  get now(): number {
    return this.#surroundings.now();
  }

  /** Milliseconds by a clock that nobody sets, as commands see it. */
  get steady(): number {
    return (this.#surroundings.steady ?? this.#surroundings.now)();
  }

  /**
   * Runs a command. Where it throws, or what it changed can't be kept, nothing has changed. Hosts that answer at once
   * have answered when it gives back.
   *
   * @throws what the command or the store throws
   */
  run<T>(command: (tx: Transaction) => T): T {
    const tx = new Transaction(this.state, this.#surroundings);
    let result: T;
    try {
      result = command(tx);
      if (tx.changes.length > 0) this.#store?.commit(tx.changes, tx.now);
    } catch (error) {
      tx.rollback();
      throw error;
    }
    for (const event of tx.events) for (const listener of this.#listeners) listener(event);
    this.#effects.push(...tx.effects);
    this.#perform();
    return result;
  }

  /** Gives back how to stop listening. */
  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Answers of hosts add effects to those that wait, and leave them to the call that is at it. */
  #perform(): void {
    if (this.#isPerforming) return;
    this.#isPerforming = true;
    try {
      for (let next = this.#effects.shift(); next !== undefined; next = this.#effects.shift()) {
        this.#host.perform(next, this);
      }
    } finally {
      this.#isPerforming = false;
    }
  }
}
