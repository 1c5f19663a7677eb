/** Version 1 of a store kept the whole path with each key, in which deep keys took more room than anybody had sent. */
import { crc32 } from "node:zlib";
import { splitPath } from "../registry/apply.ts";
import { fold } from "../registry/key.ts";
import { blob, DamagedRows, integer, keyChecksum, octets, text } from "./rows.ts";
import type { Migration } from "./schema.ts";

/** Puts the ID of the key above, and its own name, in the place of a key's path. @throws DamagedRows */
export const withoutPaths: Migration = (database) => {
  database.exec(`
    CREATE TABLE keys_2 (
      id INTEGER PRIMARY KEY,
      parent INTEGER REFERENCES keys_2 (id) ON DELETE CASCADE, -- null for the root
      folded BLOB NOT NULL,
      name BLOB NOT NULL,
      security BLOB,
      last_write INTEGER NOT NULL, -- milliseconds since 1970
      checksum INTEGER NOT NULL,
      UNIQUE (parent, folded)
    ) STRICT;
    CREATE TABLE entries_2 (
      id INTEGER PRIMARY KEY,
      key INTEGER NOT NULL REFERENCES keys_2 (id) ON DELETE CASCADE,
      folded BLOB NOT NULL,
      name BLOB NOT NULL,
      type INTEGER NOT NULL,
      data BLOB NOT NULL,
      checksum INTEGER NOT NULL,
      UNIQUE (key, folded)
    ) STRICT;
  `);
  const insert = database.prepare("INSERT INTO keys_2 VALUES (?, ?, ?, ?, ?, ?, ?)");
  const ids = new Map<string, number>();
  for (const row of database.prepare("SELECT * FROM keys ORDER BY id").iterate()) {
    const [id, lastWrite] = [integer(row, "id"), integer(row, "last_write")];
    const [name, path] = [octets(row, "name"), octets(row, "path")];
    const security = row["security"] === null ? null : octets(row, "security");
    const sum = crc32(name, crc32(path, crc32(String(lastWrite))));
    const [above, folded] = splitPath(text(path));
    const parent = path.length === 0 ? null : ids.get(above);
    const isWhole =
      parent !== undefined &&
      fold(text(name)) === folded &&
      integer(row, "checksum") === crc32(security ?? "none", sum);
    if (!isWhole) throw new DamagedRows(`key ${id} is not what was kept`);
    ids.set(text(path), id);
    const checksum = keyChecksum(parent, name, lastWrite, security);
    insert.run(id, parent, blob(folded), name, security, lastWrite, checksum);
  }
  database.exec(`
    INSERT INTO entries_2 SELECT * FROM entries;
    DROP TABLE entries;
    DROP TABLE keys;
    ALTER TABLE keys_2 RENAME TO keys;
    ALTER TABLE entries_2 RENAME TO entries;
  `);
};
