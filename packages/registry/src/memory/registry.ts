/** A registry in memory, which ends with its process. */
import { inheritedDescriptor, readSddl, type SecurityDescriptor } from "@msrpc/auth";
import { namesIn } from "../names.ts";
import type { Registry, StoredRoot } from "../registry.ts";
import { MemoryKey } from "./key.ts";
import { type PlainValue, valueOf } from "./values.ts";

/** Values by name, by the path of their key. The default value's name is empty. */
export type PlainTree = Readonly<Record<string, Readonly<Record<string, PlainValue>>>>;

export interface MemoryRegistryOptions {
  /** Of keys at the root; those below inherit it. Default: administrators and the system do everything, users read. */
  readonly security?: SecurityDescriptor;
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number;
}

export interface MemoryRegistry extends Registry {
  root(name: StoredRoot): MemoryKey;
  /**
   * The key of a path, such as `HKEY_LOCAL_MACHINE\SOFTWARE\Acme`, made where there is none.
   *
   * @throws TypeError for a path that begins with no root; RpcError ERROR_INVALID_PARAMETER for names that can't be
   */
  key(path: string): MemoryKey;
  /** Sets values. @throws as `key`; TypeError or RangeError for what is no value */
  add(tree: PlainTree): void;
}

const roots: readonly StoredRoot[] = [
  "HKEY_LOCAL_MACHINE",
  "HKEY_USERS",
  "HKEY_PERFORMANCE_DATA",
  "HKEY_PERFORMANCE_TEXT",
  "HKEY_PERFORMANCE_NLSTEXT",
];

/** Keys that predefined keys and the view of 32-bit programs lead to. */
const needed = [
  "HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes\\Wow6432Node",
  "HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node",
  "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Hardware Profiles\\Current",
  "HKEY_USERS\\.DEFAULT\\Software\\Classes",
];

const defaultSecurity: SecurityDescriptor = readSddl(
  "O:BAG:SYD:P(A;CI;KA;;;BA)(A;CI;KA;;;SY)(A;CI;KR;;;BU)(A;CI;KR;;;AU)",
);

/** `memoryRegistry({ "HKEY_LOCAL_MACHINE\\SOFTWARE\\Acme": { Version: "1.0" } })` */
export function memoryRegistry(
  tree: PlainTree = {},
  options: MemoryRegistryOptions = {},
): MemoryRegistry {
  const { security = defaultSecurity, now = () => Date.now() } = options;
  const stable = { type: "stable", className: null } as const;
  const keys = new Map(
    roots.map((name) => [name, new MemoryKey(name, { ...stable, security }, now)]),
  );
  const registry: MemoryRegistry = {
    root(name) {
      const key = keys.get(name);
      if (key === undefined) throw new TypeError(`a registry has no ${name}`);
      return key;
    },
    key(path) {
      const [root = "", ...names] = namesIn(path);
      const first = keys.get(root as StoredRoot);
      if (first === undefined)
        throw new TypeError(`${path} doesn't begin with one of ${roots.join(", ")}`);
      return names.reduce((at, name) => childOf(at, name), first);
    },
    add(more) {
      for (const [path, values] of Object.entries(more)) {
        const key = registry.key(path);
        for (const [name, value] of Object.entries(values)) key.setValue(valueOf(name, value));
      }
    },
  };
  for (const path of needed) registry.key(path);
  registry.add(tree);
  return registry;

  function childOf(parent: MemoryKey, name: string): MemoryKey {
    const there = parent.subkey(name);
    if (there !== null) return there;
    const made = { ...stable, security: inheritedDescriptor(parent.security) };
    return parent.createSubkey(name, made) ?? childOf(parent, name);
  }
}
