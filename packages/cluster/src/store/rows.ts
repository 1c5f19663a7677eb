/** The rows of a store: a registry read from them, and changes written to them. */
import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import { splitPath } from "../registry/apply.ts";
import type { RegistryChange } from "../registry/change.ts";
import { fold, newKey, type RegistryKey } from "../registry/key.ts";

type Row = Readonly<Record<string, SQLOutputValue>>;

/** Thrown for rows that no store has written. */
export class DamagedRows extends Error {
  override readonly name = "DamagedRows";
}

/** The registry in the tables; null for empty ones. @throws DamagedRows */
export function readRegistry(database: DatabaseSync): RegistryKey | null {
  const byPath = new Map<string, RegistryKey>();
  const byId = new Map<number, RegistryKey>();
  for (const row of database.prepare("SELECT * FROM keys ORDER BY id").iterate()) {
    const { id, path, key } = readKey(row, byPath);
    byPath.set(path, key);
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
  return byPath.get("") ?? null;
}

function readKey(
  row: Row,
  byPath: ReadonlyMap<string, RegistryKey>,
): { readonly id: number; readonly path: string; readonly key: RegistryKey } {
  const id = integer(row, "id");
  const name = octets(row, "name");
  const path = text(octets(row, "path"));
  const security = row["security"] === null ? null : octets(row, "security");
  const lastWrite = integer(row, "last_write");
  const [parentPath, folded] = splitPath(path);
  const parent = path === "" ? null : byPath.get(parentPath);
  const isWhole =
    parent !== undefined &&
    fold(text(name)) === folded &&
    integer(row, "checksum") === keyChecksum(path, name, lastWrite, security);
  if (!isWhole) throw new DamagedRows(`key ${id} is not what was kept`);
  const key = newKey(parent, text(name), lastWrite);
  key.security = security && Uint8Array.from(security);
  parent?.subkeys.set(folded, key);
  return { id, path, key };
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

  /** In a transaction that somebody else begins and ends. */
  write(changes: readonly RegistryChange[], now: number): void {
    const touched = new Map<string, Uint8Array | null | undefined>();
    if (this.#find("") === undefined) this.#insertKey("", "", now);
    for (const change of changes) {
      const path = fold(change.path);
      const [parent] = splitPath(path);
      if (change.type === "createKey") {
        this.#insertKey(path, splitPath(change.path)[1], now);
        touched.set(parent, touched.get(parent));
      } else if (change.type === "deleteKey") {
        this.#statements.deleteKey.run(blob(path));
        touched.delete(path);
        touched.set(parent, touched.get(parent));
      } else {
        touched.set(path, change.type === "setSecurity" ? change.security : touched.get(path));
        if (change.type !== "setSecurity") this.#writeValue(path, change);
      }
    }
    for (const [path, security] of touched) this.#touch(path, security, now);
  }

  #find(path: string): Row | undefined {
    return this.#statements.findKey.get(blob(path));
  }

  #insertKey(path: string, name: string, now: number): void {
    const checksum = keyChecksum(path, blob(name), now, null);
    this.#statements.insertKey.run(blob(path), blob(name), now, checksum);
  }

  #writeValue(
    path: string,
    change: Extract<RegistryChange, { type: "setValue" | "deleteValue" }>,
  ): void {
    const key = integer(known(this.#find(path), path), "id");
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
  #touch(path: string, security: Uint8Array | null | undefined, now: number): void {
    const row = known(this.#find(path), path);
    const kept = row["security"] === null ? null : octets(row, "security");
    const next = security === undefined ? kept : security;
    const checksum = keyChecksum(path, octets(row, "name"), now, next);
    this.#statements.touchKey.run(next, now, checksum, integer(row, "id"));
  }
}

const statements = {
  findKey: "SELECT id, name, security FROM keys WHERE path = ?",
  insertKey: "INSERT INTO keys (path, name, last_write, checksum) VALUES (?, ?, ?, ?)",
  touchKey: "UPDATE keys SET security = ?, last_write = ?, checksum = ? WHERE id = ?",
  deleteKey: "DELETE FROM keys WHERE path = ?",
  findEntry: "SELECT name FROM entries WHERE key = ? AND folded = ?",
  putEntry: `INSERT INTO entries (key, folded, name, type, data, checksum) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (key, folded) DO UPDATE SET type = excluded.type, data = excluded.data, checksum = excluded.checksum`,
  deleteEntry: "DELETE FROM entries WHERE key = ? AND folded = ?",
} as const;

function known(row: Row | undefined, path: string): Row {
  if (row === undefined) throw new DamagedRows(`there is no key ${path}`);
  return row;
}

function keyChecksum(
  path: string,
  name: Uint8Array,
  lastWrite: number,
  security: Uint8Array | null,
): number {
  const start = crc32(blob(path), crc32(String(lastWrite)));
  return crc32(security ?? "none", crc32(name, start));
}

function entryChecksum(key: number, name: Uint8Array, type: number, data: Uint8Array): number {
  return crc32(data, crc32(name, crc32(`${key} ${type}`)));
}

function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw new DamagedRows(`${column} is no number`);
  return value;
}

function octets(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new DamagedRows(`${column} is no blob`);
  return value;
}

function blob(name: string): Uint8Array {
  return Buffer.from(name, "utf16le");
}

function text(name: Uint8Array): string {
  return Buffer.from(name.buffer, name.byteOffset, name.length).toString("utf16le");
}
