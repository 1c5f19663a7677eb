/** A store in one file of SQLite. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { StateStore } from "../core/cluster.ts";
import type { RegistryChange } from "../registry/change.ts";
import type { RegistryKey } from "../registry/key.ts";
import { StoreError, type StoreErrorCode } from "./error.ts";
import { DamagedRows, readRegistry, RowWriter } from "./rows.ts";
import {
  applicationId,
  inTransaction,
  migrate,
  type Migration,
  migrations,
  pragma,
  versionOf,
} from "./schema.ts";

export interface SqliteStore extends StateStore, Disposable {
  readonly file: string;
  /**
   * Writes all that it keeps into a file, which is a store itself, and which only its owner may read. One that is there is
   * replaced, at once.
   *
   * @throws StoreError
   */
  backup(file: string): void;
}

export interface SqliteStoreOptions {
  /** Default: those of this version. */
  readonly migrations?: readonly Migration[];
}

/**
 * Opens a store, or makes one. A file that only its owner may read is made where there is none.
 *
 * @throws StoreError for a file that is damaged, newer, another program's or in use; nothing is changed in it
 */
export function openSqliteStore(
  file: string,
  { migrations: steps = migrations }: SqliteStoreOptions = {},
): SqliteStore {
  return guarded(file, () => {
    closeSync(openSync(file, "a", 0o600));
    const database = new DatabaseSync(file);
    try {
      prepare(database, file, steps);
      return new FileStore(database, file);
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/**
 * A commit appends to the write-ahead log and waits until the disk has it: synchronous=FULL is what makes it outlast a loss
 * of power too, and one such wait a commit is the least there is. `prepare` locks the file as
 * a whole, which keeps a second daemon away, and does without a file of shared memory beside it.
 */
const settings = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
`;

function prepare(database: DatabaseSync, file: string, steps: readonly Migration[]): void {
  // Before the first look at the file: the lock that this takes is kept.
  database.exec("PRAGMA locking_mode = EXCLUSIVE");
  const version = versionOf(database);
  const id = pragma(database, "application_id");
  const isNew = version === 0 && id === 0 && pragma(database, "schema_version") === 0;
  if (isNew && statSync(file).size > 0) throw damage(file, "it is too short");
  if (!isNew && id !== applicationId) {
    throw new StoreError("foreign", file, "is another program's");
  }
  if (!isNew && version <= 0) throw damage(file, "it has no version");
  if (version > steps.length) {
    throw new StoreError(
      "newer",
      file,
      `is of version ${version}; this program knows them up to ${steps.length}`,
    );
  }
  check(database, file);
  database.exec(settings);
  migrate(database, steps);
}

function damage(file: string, problem: string): StoreError {
  return new StoreError("damaged", file, `is damaged: ${problem}`);
}

function check(database: DatabaseSync, file: string): void {
  const [row] = database.prepare("PRAGMA integrity_check(1)").all();
  const found = Object.values(row ?? {})[0];
  if (found !== "ok") throw damage(file, String(found));
  const strays = database.prepare("PRAGMA foreign_key_check").all();
  if (strays.length > 0) {
    throw damage(file, `${strays.length} values have no key`);
  }
}

class FileStore implements SqliteStore {
  readonly file: string;
  readonly #database: DatabaseSync;
  readonly #writer: RowWriter;

  constructor(database: DatabaseSync, file: string) {
    this.file = file;
    this.#database = database;
    this.#writer = new RowWriter(database);
  }

  load(): RegistryKey | null {
    return guarded(this.file, () => readRegistry(this.#database));
  }

  commit(changes: readonly RegistryChange[], now: number): void {
    guarded(this.file, () => {
      inTransaction(this.#database, () => this.#writer.write(changes, now));
    });
  }

  backup(file: string): void {
    const part = `${file}.part`;
    guarded(file, () => {
      rmSync(part, { force: true });
      // SQLite takes one that is empty, and would make one that everybody may read.
      closeSync(openSync(part, "wx", 0o600));
      this.#database.prepare("VACUUM INTO ?").run(part);
      flush(part);
      renameSync(part, file);
      flush(dirname(file));
    });
  }

  [Symbol.dispose](): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

function flush(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What SQLite and the system say, as what it means for a store. */
function guarded<T>(file: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof StoreError || !(error instanceof Error)) throw error;
    const code = codeOf(error);
    if (code === null) throw error;
    const problem = { damaged: "is damaged", in_use: "is in use" }[code as string] ?? "fails";
    throw new StoreError(code, file, `${problem}: ${error.message}`, { cause: error });
  }
}

/** Primary result codes of SQLite: BUSY, LOCKED; ERROR, CORRUPT, MISMATCH, NOTADB. */
const inUse: ReadonlySet<number> = new Set([5, 6]);
const damaged: ReadonlySet<number> = new Set([1, 11, 20, 26]);

function codeOf(error: Error): StoreErrorCode | null {
  if (error instanceof DamagedRows) return "damaged";
  if (!("code" in error)) return null;
  if (error.code !== "ERR_SQLITE_ERROR") return "syscall" in error ? "unavailable" : null;
  const primary = "errcode" in error ? Number(error.errcode) & 0xff : 0;
  return inUse.has(primary) ? "in_use" : damaged.has(primary) ? "damaged" : "unavailable";
}
