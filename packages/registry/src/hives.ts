/** Files of registries ([MS-RRP] 3.1.1.7): trees that clients have saved by name, and load, restore and replace keys from. */
import type { KeyType, MaybePromise, RegistryKey, RegistryValue } from "./registry.ts";
import type { SecurityDescriptor } from "@msrpc/auth";

/** A key with all below it, as a file has it. */
export interface Hive {
  readonly name: string;
  readonly type: KeyType;
  readonly className: string | null;
  readonly security: SecurityDescriptor;
  readonly values: readonly RegistryValue[];
  readonly subkeys: readonly Hive[];
}

/** Where the files are. */
export interface HiveStore {
  /** Null where there is none of that name. */
  read(file: string): MaybePromise<Hive | null>;
  /** Makes a file, or writes it anew. */
  write(file: string, hive: Hive): MaybePromise<void>;
}

/** Files in memory, whose names are the same in any case. */
export function memoryHives(): HiveStore {
  const hives = new Map<string, Hive>();
  return {
    read: (file) => hives.get(file.toUpperCase()) ?? null,
    write: (file, hive) => void hives.set(file.toUpperCase(), hive),
  };
}

/** A key with all below it, as it is now. A key that is deleted meanwhile is left out. */
export async function hiveOf(key: RegistryKey): Promise<Hive | null> {
  const info = await key.info();
  if (info === null) return null;
  const values: RegistryValue[] = [];
  for (let value; (value = await key.valueAt(values.length)) !== null;) values.push(value);
  const subkeys: Hive[] = [];
  for (let index = 0; ; index++) {
    const below = await key.subkeyAt(index);
    if (below === null) break;
    const hive = await hiveOf(below);
    if (hive !== null) subkeys.push(hive);
  }
  const { className, security } = info;
  return { name: key.name, type: key.type, className, security, values, subkeys };
}

/** Gives a key the values and subkeys of a hive in place of its own. `type` is for all keys that are made, where it is given. */
export async function restore(key: RegistryKey, hive: Hive, type?: KeyType): Promise<void> {
  await clear(key);
  await key.setSecurity?.(hive.security);
  await fill(key, hive, type);
}

/** Makes the values and subkeys of a hive. */
export async function fill(key: RegistryKey, hive: Hive, type?: KeyType): Promise<void> {
  for (const value of hive.values) await key.setValue?.(value);
  for (const below of hive.subkeys) {
    const { className, security } = below;
    const made = { type: type ?? below.type, className, security };
    const child = await key.createSubkey?.(below.name, made);
    if (child !== null && child !== undefined) await fill(child, below, type);
  }
}

/** Takes everything out of a key. */
export async function clear(key: RegistryKey): Promise<void> {
  for (let value; (value = await key.valueAt(0)) !== null;) {
    if ((await key.deleteValue?.(value.name)) !== true) break;
  }
  for (let below; (below = await key.subkeyAt(0)) !== null;) {
    await clear(below);
    if ((await key.deleteSubkey?.(below.name)) !== true) break;
  }
}
