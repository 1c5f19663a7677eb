/** Stores: what is kept is there again, in SQLite after any end of the process, and nothing else is taken for it. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import {
  Cluster,
  type ClusterState,
  defaultDefinition,
  define,
  memoryStore,
  openCluster,
  openSqliteStore,
  type StateStore,
  StoreError,
} from "@msrpc/cluster";
import { ResourceState } from "@msrpc/ms-cmrp";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { deleteKey, deleteValue, setSecurity, setValue } from "../src/core/registry.ts";
import { createGroup, createResource } from "../src/core/create.ts";
import { plain } from "./crash/crash.ts";
import { type NamedValue, newKey } from "../src/registry/key.ts";
import { migrate, migrations, versionOf } from "../src/store/schema.ts";

const folder = mkdtempSync(join(tmpdir(), "msrpc-store-"));
let files = 0;
afterAll(() => rmSync(folder, { recursive: true }));

function newFile(): string {
  return join(folder, `${++files}.store`);
}

function surroundings(): { now: () => number; newId: () => string } {
  let time = 1_700_000_000_000;
  let made = 0;
  return {
    now: () => ++time,
    newId: () => `00000000-0000-4000-8000-${String(++made).padStart(12, "0")}`,
  };
}

function open(store: StateStore): Cluster {
  return openCluster({
    store,
    surroundings: surroundings(),
    define: (tx) => define(tx, defaultDefinition),
  });
}

/** All objects but what is for the moment only. */
function objectsOf(state: ClusterState): object {
  const lists = [state.nodes, state.groups, state.resources, state.resourceTypes, state.networks];
  return {
    name: state.name,
    lists: lists.map((list) =>
      Array.from<object, object>(list, (one) => ({
        ...one,
        sequence: 0,
        askedAt: 0,
        beganAt: 0,
        stateChanged: 0,
      })),
    ),
  };
}

function codeOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error instanceof StoreError ? error.code : error;
  }
  return "opened";
}

test("a cluster is defined once, and found again as it was", () => {
  const file = newFile();
  let before: object;
  {
    using store = openSqliteStore(file);
    const { state } = open(store);
    before = { objects: objectsOf(state), registry: plain(state.registry) };
  }
  using store = openSqliteStore(file);
  const { state } = openCluster({
    store,
    surroundings: surroundings(),
    define() {
      throw new Error("the store is not empty");
    },
  });
  expect({ objects: objectsOf(state), registry: plain(state.registry) }).toEqual(before);
});

test("after a restart those resources are online that were to be", () => {
  const store = memoryStore();
  const cluster = open(store);
  cluster.run((tx) => {
    const group = createGroup(tx, { name: "SQL", persistentState: 1 });
    const online = { persistentState: 1, state: ResourceState.Online, type: "Generic Application" };
    const disk = createResource(tx, group, { ...online, name: "Disk" });
    createResource(tx, group, { ...online, name: "Service", dependencies: [disk.id] });
    createResource(tx, group, { type: "Generic Application", name: "Idle" });
  });
  const { state } = open(store);
  const states = Array.from(state.resources, ({ name, state }) => [name, state]);
  expect(Object.fromEntries(states)).toEqual({
    "Cluster Name": ResourceState.Online,
    "Network Name": ResourceState.Online,
    Disk: ResourceState.Online,
    Service: ResourceState.Online,
    Idle: ResourceState.Offline,
  });
});

const names = fc.constantFrom("a", "A", "b", "Ab", "\ud800", "\ufeff", "ß");
const command = fc.record({
  what: fc.constantFrom("createKey", "deleteKey", "setValue", "deleteValue", "setSecurity"),
  path: fc.array(names, { minLength: 1, maxLength: 3 }),
  name: fc.oneof(names, fc.constant("")),
  data: fc.uint8Array({ maxLength: 5 }),
});

test("SQLite keeps what memory keeps, after any changes", () => {
  fc.assert(
    fc.property(fc.array(fc.array(command, { maxLength: 5 }), { maxLength: 10 }), (runs) => {
      const file = newFile();
      const store = openSqliteStore(file);
      const cluster = open(store);
      const memory = memoryStore();
      const twin = open(memory);
      for (const run of runs) {
        for (const one of [cluster, twin]) {
          one.run((tx) => {
            for (const { what, path, name, data } of run) {
              const key = tx.createKey(tx.state.registry, path.join("\\"));
              if (what === "deleteKey") tx.deleteKey(key);
              if (what === "setValue") tx.setValue(key, name, { type: 3, data });
              if (what === "deleteValue") tx.deleteValue(key, name);
              if (what === "setSecurity") tx.setSecurity(key, data);
            }
          });
        }
      }
      store[Symbol.dispose]();
      using again = openSqliteStore(file);
      const kept = again.load();
      expect(kept && plain(kept)).toEqual(plain(cluster.state.registry));
      const copy = memory.load();
      expect(copy && plain(copy)).toEqual(plain(cluster.state.registry));
    }),
    { numRuns: 30 },
  );
});

test("what a store can't keep has not happened", () => {
  const store = memoryStore();
  const cluster = open({
    load: store.load,
    commit(changes, now) {
      if (changes.some((change) => change.type === "setValue" && change.name === "full")) {
        throw new StoreError("unavailable", "x", "has no room");
      }
      store.commit(changes, now);
    },
  });
  const before = plain(cluster.state.registry);
  const set = (name: string): void =>
    cluster.run((tx) => {
      setValue(tx, tx.createKey(tx.state.registry, "App"), name, {
        type: 3,
        data: new Uint8Array(1),
      });
    });
  expect(() => set("full")).toThrow("has no room");
  expect(plain(cluster.state.registry)).toEqual(before);
  set("fits");
  expect(plain(cluster.state.registry)).not.toEqual(before);
});

test("a command that fails half way leaves the order of keys and values as it was", () => {
  const cluster = open(memoryStore());
  cluster.run((tx) => {
    for (const name of ["a", "b", "c"]) {
      const key = tx.createKey(tx.state.registry, `App\\${name}`);
      tx.setValue(key, "1", { type: 3, data: new Uint8Array(1) });
      tx.setValue(key, "2", { type: 3, data: new Uint8Array(1) });
    }
  });
  const before = plain(cluster.state.registry);
  const objects = objectsOf(cluster.state);
  expect(() =>
    cluster.run((tx) => {
      const [a, b] = ["App\\a", "App\\b"].map((path) => tx.createKey(tx.state.registry, path));
      if (a === undefined || b === undefined) return;
      deleteValue(tx, a, "1");
      setSecurity(
        tx,
        b,
        { control: 0, owner: null, group: null, dacl: null, sacl: null, resourceManager: 0 },
        1,
      );
      deleteKey(tx, b);
      const [group] = tx.state.groups;
      if (group !== undefined) tx.remove("group", group);
      throw new Error("half way");
    }),
  ).toThrow("half way");
  expect(plain(cluster.state.registry)).toEqual(before);
  expect(objectsOf(cluster.state)).toEqual(objects);
});

test("a store is its owner's to read", () => {
  const file = newFile();
  using _store = openSqliteStore(file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("a store that is open is not opened again", () => {
  const file = newFile();
  using store = openSqliteStore(file);
  open(store);
  expect(codeOf(() => openSqliteStore(file))).toBe("in_use");
});

test("a folder that isn't there holds no store", () => {
  expect(codeOf(() => openSqliteStore(join(folder, "none", "x")))).toBe("unavailable");
});

test("text is not taken for a store, nor is another program's database", () => {
  const file = newFile();
  const words = "This is a letter, and not a database at all. ".repeat(50);
  writeFileSync(file, words);
  expect(codeOf(() => openSqliteStore(file))).toBe("damaged");
  expect(readFileSync(file, "utf8")).toBe(words);
  const other = newFile();
  const database = new DatabaseSync(other);
  database.exec("CREATE TABLE t (a)");
  database.close();
  const octets = readFileSync(other);
  expect(codeOf(() => openSqliteStore(other))).toBe("foreign");
  expect(readFileSync(other)).toEqual(octets);
});

test("an empty file becomes a store", () => {
  const file = newFile();
  writeFileSync(file, "");
  chmodSync(file, 0o600);
  using store = openSqliteStore(file);
  expect(store.load()).toBeNull();
});

test("a store is brought to the version of the program, and one of a later version is refused", () => {
  const file = newFile();
  openSqliteStore(file)[Symbol.dispose]();
  const second = [
    ...migrations,
    (database: DatabaseSync) => database.exec("CREATE TABLE more (a)"),
  ];
  const failing = (database: DatabaseSync): void => {
    database.exec("CREATE TABLE half (a)");
    throw new Error("no");
  };
  expect(() => openSqliteStore(file, { migrations: [...migrations, failing] })).toThrow("no");
  openSqliteStore(file)[Symbol.dispose]();
  openSqliteStore(file, { migrations: second })[Symbol.dispose]();
  expect(codeOf(() => openSqliteStore(file))).toBe("newer");
  expect(() => openSqliteStore(file)).toThrow(
    `is of version ${second.length}; this program knows them up to ${migrations.length}`,
  );
  openSqliteStore(file, { migrations: second })[Symbol.dispose]();
});

/** A store as version 1 wrote it, of keys and values by path. */
function firstVersion(keys: readonly string[], values: Readonly<Record<string, string>>): string {
  const file = newFile();
  using database = new DatabaseSync(file);
  migrate(database, migrations.slice(0, 1));
  const put = database.prepare("INSERT INTO keys VALUES (?, ?, ?, NULL, 7, ?)");
  for (const [index, path] of keys.entries()) {
    const name = Buffer.from(path.split("\\").at(-1) ?? "", "utf16le");
    const folded = Buffer.from(path.toUpperCase(), "utf16le");
    put.run(index + 1, folded, name, crc32("none", crc32(name, crc32(folded, crc32("7")))));
  }
  const set = database.prepare(
    "INSERT INTO entries (key, folded, name, type, data, checksum) VALUES (?, ?, ?, 1, ?, ?)",
  );
  for (const [path, value] of Object.entries(values)) {
    const [key, name, data] = [
      keys.indexOf(path) + 1,
      Buffer.from("v", "utf16le"),
      Buffer.from(value),
    ];
    const sum = crc32(data, crc32(name, crc32(`${key} 1`)));
    set.run(key, Buffer.from("V", "utf16le"), name, data, sum);
  }
  return file;
}

test("a store of version 1 is taken over, keys in their order, and goes on as one of this version", () => {
  const file = firstVersion(["", "b", "b\\Deep", "a", "b\\Deep\\er"], {
    "b\\Deep": "one",
    a: "two",
  });
  const root = newKey(null, "", 7);
  const value = (text: string): NamedValue => ({
    name: "v",
    type: 1,
    data: Uint8Array.from(Buffer.from(text)),
  });
  const [b, a] = ["b", "a"].map((name) => newKey(root, name, 7));
  if (a === undefined || b === undefined) throw new TypeError("two names are two keys");
  root.subkeys.set("B", b).set("A", a);
  const deep = newKey(b, "Deep", 7);
  b.subkeys.set("DEEP", deep);
  deep.subkeys.set("ER", newKey(deep, "er", 7));
  deep.values.set("V", value("one"));
  a.values.set("V", value("two"));
  {
    using store = openSqliteStore(file);
    expect(plain(store.load() ?? root)).toEqual(plain(root));
    store.commit([{ type: "createKey", path: "B\\deep\\New" }], 8);
  }
  using again = openSqliteStore(file);
  const kept = again.load();
  expect([...(kept?.subkeys.get("B")?.subkeys.get("DEEP")?.subkeys.keys() ?? [])]).toEqual([
    "ER",
    "NEW",
  ]);
});

test("a store of version 1 that is damaged is refused, and stays as it is", () => {
  const file = firstVersion(["", "a"], {});
  {
    using database = new DatabaseSync(file);
    database.exec("UPDATE keys SET last_write = 8 WHERE id = 2");
  }
  expect(codeOf(() => openSqliteStore(file))).toBe("damaged");
  using database = new DatabaseSync(file);
  expect(versionOf(database)).toBe(1);
});

/** Octets of a store of keys, each in the one before. */
function sizeOfChain(depth: number): number {
  const file = newFile();
  const names = Array.from({ length: depth }, (_, at) => `a key ${at}`);
  const paths = names.map((_, at) => names.slice(0, at + 1).join("\\"));
  using store = openSqliteStore(file);
  store.commit(
    paths.map((path) => ({ type: "createKey", path })),
    1,
  );
  store.backup(`${file}.copy`);
  return statSync(`${file}.copy`).size;
}

test("deep keys take no more room than their names", () => {
  expect(sizeOfChain(2000)).toBeLessThan(5 * sizeOfChain(500));
});

test("a backup is a store with all that was kept", () => {
  const file = newFile();
  const copy = newFile();
  using store = openSqliteStore(file);
  const cluster = open(store);
  store.backup(copy);
  cluster.run((tx) => createGroup(tx, { name: "Later" }));
  store.backup(copy);
  expect(codeOf(() => store.backup(join(folder, "none", "x")))).toBe("unavailable");
  using other = openSqliteStore(copy);
  const kept = other.load();
  expect(kept && plain(kept)).toEqual(plain(cluster.state.registry));
});

test("a store that was cut off is refused", () => {
  const file = newFile();
  {
    using store = openSqliteStore(file);
    open(store);
  }
  const octets = readFileSync(file);
  for (const length of [1, 99, 100, 4096, octets.length >> 1, octets.length - 1]) {
    const cut = newFile();
    writeFileSync(cut, octets.subarray(0, length));
    expect(
      codeOf(() => openSqliteStore(cut).load()),
      `${length} octets`,
    ).toBe("damaged");
  }
});

test("a store with an octet changed is refused, or the change is of no account", () => {
  const file = newFile();
  {
    using store = openSqliteStore(file);
    open(store);
  }
  const octets = readFileSync(file);
  using store = openSqliteStore(file);
  const whole = store.load();
  const refused = new Set<unknown>();
  const changed = newFile();
  fc.assert(
    fc.property(fc.nat(octets.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const copy = Buffer.from(octets);
      copy[at] = (copy[at] ?? 0) ^ flip;
      rmSync(`${changed}-wal`, { force: true });
      writeFileSync(changed, copy);
      const code = codeOf(() => {
        using store = openSqliteStore(changed);
        const kept = store.load();
        expect(kept && plain(kept)).toEqual(whole && plain(whole));
      });
      refused.add(code);
      expect(code === "opened" || typeof code === "string").toBe(true);
    }),
    { numRuns: 300, examples: Array.from({ length: 100 }, (_, at) => [at, 0xff]) },
  );
  expect([...refused]).toContain("damaged");
});
