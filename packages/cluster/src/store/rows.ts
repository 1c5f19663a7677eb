/** The rows of a store: a registry read from them, and changes written to them. */
import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import { splitPath } from "../registry/apply.ts";
import type { RegistryChange } from "../registry/change.ts";
import { fold, newKey, type RegistryKey } from "../registry/key.ts";

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** Thrown for rows that no store has written. */
export class DamagedRows extends Error {
  override readonly name = "DamagedRows";
}

/** The registry in the tables; null for empty ones. @throws DamagedRows */
export function readRegistry(database: DatabaseSync): RegistryKey | null {
  const byId = new Map<number, RegistryKey>();
  let root: RegistryKey | null = null;
  for (const row of database.prepare("SELECT * FROM keys ORDER BY id").iterate()) {
    const { id, key } = readKey(row, byId, root === null);
    root ??= key;
    byId.set(id, key);
  }
  for (const row of database.prepare("SELECT * FROM entries ORDER BY id").iterate()) {
    const key = byId.get(integer(row, "key"));
    const [name, data] = [octets(row, "name"), octets(row, "data")];
    const type = integer(row, "type");
    const folded = fold(text(name));
    const isWhole =
      key !== undefined &&
      text(octets(row, "folded")) === folded &&
      integer(row, "checksum") === entryChecksum(integer(row, "key"), name, type, data);
    if (!isWhole) throw new DamagedRows(`value ${integer(row, "id")} is not what was kept`);
    key.values.set(folded, { name: text(name), type, data: Uint8Array.from(data) });
  }
  return root;
}

function readKey(
  row: Row,
  byId: ReadonlyMap<number, RegistryKey>,
  isFirst: boolean,
): { readonly id: number; readonly key: RegistryKey } {
  const id = integer(row, "id");
  const name = octets(row, "name");
  const security = row["security"] === null ? null : octets(row, "security");
  const lastWrite = integer(row, "last_write");
  const above = row["parent"] === null ? null : integer(row, "parent");
  const parent = above === null ? null : byId.get(above);
  const folded = fold(text(name));
  const isWhole =
    parent !== undefined &&
    (parent === null) === isFirst &&
    folded === text(octets(row, "folded")) &&
    integer(row, "checksum") === keyChecksum(above, name, lastWrite, security);
  if (!isWhole) throw new DamagedRows(`key ${id} is not what was kept`);
  const key = newKey(parent, text(name), lastWrite);
  key.security = security && Uint8Array.from(security);
  parent?.subkeys.set(folded, key);
  return { id, key };
}

/** Writes changes into the tables, with statements that are prepared once. */
export class RowWriter {
  readonly #statements: Readonly<Record<keyof typeof statements, StatementSync>>;

  constructor(database: DatabaseSync) {
    const prepared = Object.entries(statements).map(([name, sql]) => [name, database.prepare(sql)]);
    this.#statements = Object.fromEntries(prepared) as Record<
      keyof typeof statements,
      StatementSync
    >;
  }

  /** In a transaction that somebody else begins and ends. Keys below one that is deleted are deleted first. */
  write(changes: readonly RegistryChange[], now: number): void {
    const ids: Ids = new Map();
    const touched = new Map<number, Uint8Array | null | undefined>();
    if (this.#idOf("", ids) === undefined) this.#insertKey(null, "", now);
    for (const change of changes) {
      const path = fold(change.path);
      if (change.type === "createKey") {
        const parent = this.#known(splitPath(path)[0], ids);
        ids.set(path, this.#insertKey(parent, splitPath(change.path)[1], now));
        touched.set(parent, touched.get(parent));
      } else if (change.type === "deleteKey") {
        const [parent, id] = [this.#known(splitPath(path)[0], ids), this.#known(path, ids)];
        this.#statements.deleteKey.run(id);
        ids.delete(path);
        touched.delete(id);
        touched.set(parent, touched.get(parent));
      } else {
        const id = this.#known(path, ids);
        touched.set(id, change.type === "setSecurity" ? change.security : touched.get(id));
        if (change.type !== "setSecurity") this.#writeValue(id, change);
      }
    }
    for (const [id, security] of touched) this.#touch(id, security, now);
  }

  /** Looks from the root down, as far as it isn't known from another change. */
  #idOf(path: string, ids: Ids): number | undefined {
    const known = ids.get(path);
    if (known !== undefined) return known;
    const [parentPath, name] = splitPath(path);
    const parent = path === "" ? null : this.#idOf(parentPath, ids);
    if (parent === undefined) return undefined;
    const { findRoot, findKey } = this.#statements;
    const row = parent === null ? findRoot.get() : findKey.get(parent, blob(name));
    const id = row && integer(row, "id");
    if (id !== undefined) ids.set(path, id);
    return id;
  }

  #known(path: string, ids: Ids): number {
    const id = this.#idOf(path, ids);
    if (id === undefined) throw new DamagedRows(`there is no key ${path}`);
    return id;
  }

  #insertKey(parent: number | null, name: string, now: number): number {
    const checksum = keyChecksum(parent, blob(name), now, null);
    const { insertKey } = this.#statements;
    return Number(
      insertKey.run(parent, blob(fold(name)), blob(name), now, checksum).lastInsertRowid,
    );
  }

  #writeValue(
    key: number,
    change: Extract<RegistryChange, { type: "setValue" | "deleteValue" }>,
  ): void {
    const folded = blob(fold(change.name));
    if (change.type === "deleteValue") {
      this.#statements.deleteEntry.run(key, folded);
      return;
    }
    const { type, data } = change.value;
    const before = this.#statements.findEntry.get(key, folded);
    // A value keeps the name that it was first set by.
    const name = before === undefined ? blob(change.name) : octets(before, "name");
    const checksum = entryChecksum(key, name, type, data);
    this.#statements.putEntry.run(key, folded, name, type, data, checksum);
  }

  /** Gives a key a time and, where there is a new one, a descriptor. */
  #touch(id: number, security: Uint8Array | null | undefined, now: number): void {
    const row = this.#statements.readKey.get(id);
    if (row === undefined) throw new DamagedRows(`there is no key ${id}`);
    const kept = row["security"] === null ? null : octets(row, "security");
    const next = security === undefined ? kept : security;
    const parent = row["parent"] === null ? null : integer(row, "parent");
    const checksum = keyChecksum(parent, octets(row, "name"), now, next);
    this.#statements.touchKey.run(next, now, checksum, id);
  }
}

/** Of keys, by their folded path. */
type Ids = Map<string, number>;

const statements = {
  findRoot: "SELECT id FROM keys WHERE parent IS NULL",
  findKey: "SELECT id FROM keys WHERE parent = ? AND folded = ?",
  readKey: "SELECT parent, name, security FROM keys WHERE id = ?",
  insertKey: "INSERT INTO keys (parent, folded, name, last_write, checksum) VALUES (?, ?, ?, ?, ?)",
  touchKey: "UPDATE keys SET security = ?, last_write = ?, checksum = ? WHERE id = ?",
  deleteKey: "DELETE FROM keys WHERE id = ?",
  findEntry: "SELECT name FROM entries WHERE key = ? AND folded = ?",
  putEntry: `INSERT INTO entries (key, folded, name, type, data, checksum) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (key, folded) DO UPDATE SET type = excluded.type, data = excluded.data, checksum = excluded.checksum`,
  deleteEntry: "DELETE FROM entries WHERE key = ? AND folded = ?",
} as const;

export function keyChecksum(
  parent: number | null,
  name: Uint8Array,
  lastWrite: number,
  security: Uint8Array | null,
): number {
  const start = crc32(name, crc32(`${parent} ${lastWrite}`));
  return crc32(security ?? "none", start);
}

function entryChecksum(key: number, name: Uint8Array, type: number, data: Uint8Array): number {
  return crc32(data, crc32(name, crc32(`${key} ${type}`)));
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw new DamagedRows(`${column} is no number`);
  return value;
}

export function octets(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new DamagedRows(`${column} is no blob`);
  return value;
}

export function blob(name: string): Uint8Array {
  return Buffer.from(name, "utf16le");
}

export function text(name: Uint8Array): string {
  return Buffer.from(name.buffer, name.byteOffset, name.length).toString("utf16le");
}
