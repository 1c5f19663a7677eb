/** The tables of a store in SQLite, and how a file of one version becomes one of the next. */
import type { DatabaseSync } from "node:sqlite";
import { withoutPaths } from "./paths.ts";

/** What makes the version that follows. It runs in a transaction; a throw leaves the file as it was. */
export type Migration = (database: DatabaseSync) => void;

/** "mCRg": tells a store from other programs' files (PRAGMA application_id). */
export const applicationId = 0x6d43_5267;

/**
 * Paths and names are UTF-16, as the registry has them: not all of them would be valid UTF-8. Rows are in the order of their
 * IDs, which is that of enumerations. SQLite checks its own structure; the checksums are for what stands in it.
 */
const first: Migration = (database) => {
  database.exec(`
    CREATE TABLE keys (
      id INTEGER PRIMARY KEY,
      path BLOB NOT NULL UNIQUE, -- folded; empty for the root
      name BLOB NOT NULL,
      security BLOB,
      last_write INTEGER NOT NULL, -- milliseconds since 1970
      checksum INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE entries (
      id INTEGER PRIMARY KEY,
      key INTEGER NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
      folded BLOB NOT NULL,
      name BLOB NOT NULL,
      type INTEGER NOT NULL,
      data BLOB NOT NULL,
      checksum INTEGER NOT NULL,
      UNIQUE (key, folded)
    ) STRICT;
  `);
};

/** From version 0, an empty file, on. */
export const migrations: readonly Migration[] = [first, withoutPaths];

/** The version of a file: how many migrations it has seen. */
export function versionOf(database: DatabaseSync): number {
  return pragma(database, "user_version");
}

export function migrate(database: DatabaseSync, steps: readonly Migration[]): void {
  for (let version = versionOf(database); version < steps.length; version++) {
    inTransaction(database, () => {
      steps[version]?.(database);
      database.exec(`PRAGMA application_id = ${applicationId}`);
      database.exec(`PRAGMA user_version = ${version + 1}`);
    });
  }
}

/** All of it or nothing. */
export function inTransaction(database: DatabaseSync, run: () => void): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    run();
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** A pragma that gives a number. */
export function pragma(database: DatabaseSync, name: string): number {
  const row = database.prepare(`PRAGMA ${name}`).get();
  return Number(Object.values(row ?? {})[0]);
}
