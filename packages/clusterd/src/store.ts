/** The store that the command line names, and copies of it. */
import { existsSync, statSync } from "node:fs";
import { memoryStore, openSqliteStore, type StateStore } from "@msrpc/cluster";
import { because, type Log } from "./log.ts";
import type { Options } from "./options.ts";

/** Stands for one that is forgotten at the end. */
const inMemory = "memory:";

export interface OpenStore extends StateStore, Disposable {
  /** Writes a copy; null for what no file keeps. */
  readonly backup: ((file: string) => void) | null;
}

/** @throws StoreError; Error for what is there and no file */
export function openStore(file: string): OpenStore {
  if (file === inMemory) return { ...memoryStore(), backup: null };
  // Opening a pipe would wait for somebody at its other end.
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === false) {
    throw new Error(`the store ${file} is no file`);
  }
  const store = openSqliteStore(file);
  return {
    load: () => store.load(),
    commit: (changes, now) => store.commit(changes, now),
    backup: (to) => store.backup(to),
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
}

/** Opens a store that is there: looking at one doesn't make it. @throws StoreError, Error for one that isn't there */
export function openExisting(file: string): OpenStore {
  if (file === inMemory) throw new TypeError("--store needs a file");
  if (!existsSync(file)) throw new Error(`there is no store ${file}`);
  return openStore(file);
}

/** Copies a store that nobody has open. @throws StoreError */
export function backUp({ store: file, backup: to }: Pick<Options, "store" | "backup">): void {
  using store = openExisting(file);
  // What can't be read is no copy of anything.
  store.load();
  if (to !== null) store.backup?.(to);
}

/** Writes a copy at each SIGUSR2, where there is a file for it. @throws TypeError for a store that is in no file */
export function backUpOnSignal(store: OpenStore, to: string | null, log: Log): Disposable {
  const { backup } = store;
  if (to !== null && backup === null) throw new TypeError("--backup needs a --store in a file");
  const write = (): void => {
    if (to === null || backup === null) {
      log.warn("backup.none", "The store was not copied: no --backup says into which file");
      return;
    }
    try {
      backup(to);
      log.info("backup", `The store was copied into ${to}`, { file: to });
    } catch (error) {
      log.error("backup.error", `The store was not copied: ${because(error)}`, { file: to });
    }
  };
  process.on("SIGUSR2", write);
  return { [Symbol.dispose]: () => void process.off("SIGUSR2", write) };
}
