/** Keys of the cluster registry ([MS-CMRP] 3.1.1.3.1): one tree below a root without a name. */
import { upcase } from "@msrpc/auth";
import type { RegistryValue } from "@msrpc/cluster-data";

export interface NamedValue extends RegistryValue {
  readonly name: string;
}

/** Names are compared without regard to case; keys and values are found by `fold(name)`. */
export interface RegistryKey {
  /** Empty for the root. */
  readonly name: string;
  readonly parent: RegistryKey | null;
  readonly subkeys: Map<string, RegistryKey>;
  readonly values: Map<string, NamedValue>;
  /** Self-relative ([MS-DTYP] 2.4.6); null for the one that it inherits. */
  security: Uint8Array | null;
  /** Milliseconds since 1970. */
  lastWrite: number;
  /** Taken out of the tree: handles to it are of no use any more. */
  deleted: boolean;
}

export function newKey(parent: RegistryKey | null, name: string, now: number): RegistryKey {
  return {
    name,
    parent,
    subkeys: new Map(),
    values: new Map(),
    security: null,
    lastWrite: now,
    deleted: false,
  };
}

/** The form in which names are the same that differ in case alone. */
export const fold: (name: string) => string = upcase;

/** The names between backslashes. Empty ones, as in `A\\B` and `A\`, say nothing. */
export function namesIn(path: string): string[] {
  return path.split("\\").filter((name) => name !== "");
}

/** The key below `from` that a path names; null where there is none. */
export function findKey(from: RegistryKey, path: string): RegistryKey | null {
  let at: RegistryKey | undefined = from;
  for (const name of namesIn(path)) {
    at = at.subkeys.get(fold(name));
    if (at === undefined) return null;
  }
  return at;
}

export function pathOf(key: RegistryKey): string {
  const names: string[] = [];
  for (let at: RegistryKey | null = key; at?.parent; at = at.parent) names.push(at.name);
  return names.toReversed().join("\\");
}

export function valueOf(key: RegistryKey, name: string): NamedValue | undefined {
  return key.values.get(fold(name));
}

/** A key with all below it, of its own. Data of values is shared: nobody changes it. */
export function copyOf(key: RegistryKey, parent: RegistryKey | null): RegistryKey {
  const copy = {
    ...key,
    parent,
    subkeys: new Map<string, RegistryKey>(),
    values: new Map(key.values),
  };
  for (const [name, below] of key.subkeys) copy.subkeys.set(name, copyOf(below, copy));
  return copy;
}
