/** A key in memory. */
import type { SecurityDescriptor } from "@msrpc/auth";
import { fold } from "../names.ts";
import type {
  KeyInfo,
  KeySizes,
  KeyType,
  NewKey,
  RegistryKey,
  RegistryValue,
} from "../registry.ts";
import { Indexed } from "./indexed.ts";

export class MemoryKey implements RegistryKey {
  readonly name: string;
  readonly type: KeyType;
  readonly #className: string | null;
  readonly #now: () => number;
  readonly #subkeys = new Indexed<MemoryKey>();
  readonly #values = new Indexed<RegistryValue>();
  #security: SecurityDescriptor;
  #lastWrite: number;
  #isDeleted = false;

  constructor(name: string, { type, className, security }: NewKey, now: () => number) {
    this.name = name;
    this.type = type;
    this.#className = className;
    this.#security = security;
    this.#now = now;
    this.#lastWrite = now();
  }

  info(): KeyInfo | null {
    if (this.#isDeleted) return null;
    return {
      className: this.#className,
      security: this.#security,
      lastWrite: this.#lastWrite,
    };
  }

  sizes(): KeySizes {
    return {
      subkeyCount: this.#subkeys.size,
      longestSubkeyName: this.#subkeys.most(({ name }) => name.length),
      longestSubkeyClass: this.#subkeys.most((key) => key.#className?.length ?? 0),
      valueCount: this.#values.size,
      longestValueName: this.#values.most(({ name }) => name.length),
      longestData: this.#values.most(({ data }) => data.length),
    };
  }

  get security(): SecurityDescriptor {
    return this.#security;
  }

  subkey(name: string): MemoryKey | null {
    return this.#subkeys.get(fold(name));
  }

  subkeyAt(index: number): MemoryKey | null {
    return this.#subkeys.at(index);
  }

  value(name: string): RegistryValue | null {
    return this.#values.get(fold(name));
  }

  valueAt(index: number): RegistryValue | null {
    return this.#values.at(index);
  }

  createSubkey(name: string, key: NewKey): MemoryKey | null {
    if (this.#subkeys.get(fold(name)) !== null) return null;
    const made = new MemoryKey(name, key, this.#now);
    this.#subkeys.set(fold(name), made);
    this.#written();
    return made;
  }

  deleteSubkey(name: string): boolean {
    const key = this.subkey(name);
    if (key === null || key.#subkeys.size > 0) return false;
    this.#subkeys.delete(fold(name));
    key.#isDeleted = true;
    this.#written();
    return true;
  }

  /** A value that is there keeps its place and the case of its name. */
  setValue({ name, type, data }: RegistryValue): void {
    const there = this.value(name);
    this.#values.set(fold(name), { name: there?.name ?? name, type, data });
    this.#written();
  }

  deleteValue(name: string): boolean {
    const isThere = this.#values.delete(fold(name));
    if (isThere) this.#written();
    return isThere;
  }

  setSecurity(security: SecurityDescriptor): void {
    this.#security = security;
    this.#written();
  }

  #written(): void {
    this.#lastWrite = this.#now();
  }
}
