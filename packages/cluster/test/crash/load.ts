/** Commands by number: the same ones, on a cluster in the same state, whoever runs them. */
import {
  Cluster,
  defaultDefinition,
  define,
  openCluster,
  type StateStore,
  type Transaction,
} from "@msrpc/cluster";
import { type BatchCommand, BatchCommandType as Type, dword, numberOf } from "@msrpc/cluster-data";
import { RpcError } from "@msrpc/rpc";
import { executeBatch } from "../../src/core/batch.ts";
import { addDependency } from "../../src/core/dependencies.ts";
import { addGroup, deleteGroup } from "../../src/core/groups.ts";
import { offlineResource, onlineResource } from "../../src/core/online.ts";
import { fromOutside } from "../../src/core/outside.ts";
import { addResource, deleteResource } from "../../src/core/resources.ts";
import type { Identified } from "../../src/model/collection.ts";
import { findKey, type RegistryKey, valueOf } from "../../src/registry/key.ts";

const counter = { key: "Load", value: "Last" } as const;

/** The number of the last command that a registry has seen; 0 for one that has seen none. */
export function lastIn(registry: RegistryKey | null): number {
  const key = registry && findKey(registry, counter.key);
  const value = key && valueOf(key, counter.value);
  return value ? (numberOf(value) ?? 0) : 0;
}

export class Load {
  readonly cluster: Cluster;
  #number: number;
  #ids = 0;

  /** Goes on with what a store has kept. */
  constructor(store: StateStore) {
    this.#number = lastIn(store.load());
    const surroundings = {
      now: () => 1_700_000_000_000 + this.#number,
      newId: () => `${this.#number}-${++this.#ids}`,
    };
    this.cluster = openCluster({
      store,
      surroundings,
      define: (tx) => define(tx, defaultDefinition),
    });
  }

  get last(): number {
    return this.#number;
  }

  /** Runs the next command, and counts it in the same transaction. One that is refused is counted alone. */
  next(): number {
    const number = ++this.#number;
    this.#ids = 0;
    const count = (tx: Transaction): void => {
      tx.setValue(tx.createKey(tx.state.registry, counter.key), counter.value, dword(number));
    };
    try {
      this.cluster.run((tx) => {
        run(tx, number);
        count(tx);
      });
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      this.cluster.run(count);
    }
    return number;
  }
}

function run(tx: Transaction, number: number): void {
  const draw = random(number);
  const { groups, resources } = tx.state;
  const group = pick(groups, draw);
  const resource = pick(resources, draw);
  const commands: readonly (() => unknown)[] = [
    () => addGroup(tx, `Group ${draw(40)}`),
    () => addResource(tx, group, `Resource ${draw(80)}`, "Generic Application", 0),
    () => addResource(tx, group, `Resource ${draw(80)}`, "Generic Script", 0),
    () => deleteResource(tx, resource),
    () => deleteGroup(tx, group, false),
    () => tx.configure("group", group, { name: `Group ${draw(40)}`, description: `${number}` }),
    () => onlineResource(tx, resource),
    () => offlineResource(tx, resource),
    () => addDependency(tx, resource, pick(resources, draw)),
    () => changeRegistry(tx, draw),
    () => changeRegistry(tx, draw),
  ];
  commands[draw(commands.length)]?.();
}

function changeRegistry(tx: Transaction, draw: (below: number) => number): void {
  const name = (): string => `Name ${draw(6)}`;
  const path = (): string => Array.from({ length: 1 + draw(3) }, name).join("\\");
  const data = (): Uint8Array => Uint8Array.from({ length: draw(draw(3000) + 1) }, () => draw(256));
  const one = (type: Type, name: string): BatchCommand => {
    return { type, name, valueType: 3, data: type === Type.SetValue ? data() : new Uint8Array(0) };
  };
  const batch = Array.from({ length: 1 + draw(8) }, () =>
    [
      one(Type.CreateKey, path()),
      one(Type.CreateKey, path()),
      one(Type.SetValue, name()),
      one(Type.SetValue, name()),
      one(Type.DeleteValue, name()),
      one(Type.DeleteKey, path()),
    ].at(draw(6)),
  ).filter((command) => command !== undefined);
  const from = tx.createKey(tx.state.registry, "App");
  if (draw(10) === 0) tx.setSecurity(from, data());
  fromOutside(tx, () => executeBatch(tx, from, batch, () => {}));
}

function pick<T extends Identified>(all: Iterable<T>, draw: (below: number) => number): T {
  const list = [...all];
  const one = list[draw(list.length)];
  if (one === undefined) throw new RpcError(0);
  return one;
}

/** Numbers that look random, the same ones for the same seed (mulberry32). */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
