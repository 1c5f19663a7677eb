/** What a registry is to its server: trees of keys with values ([MS-RRP] 3.1.1). `memoryRegistry` is one; others implement this. */
import type { SecurityDescriptor } from "@msrpc/auth";

/** At once, or later. */
export type MaybePromise<T> = T | Promise<T>;

/** Keys at the root of a tree. The server makes the other predefined keys of these ([MS-RRP] 3.1.1.7). */
export type StoredRoot =
  | "HKEY_LOCAL_MACHINE"
  | "HKEY_USERS"
  | "HKEY_PERFORMANCE_DATA"
  | "HKEY_PERFORMANCE_TEXT"
  | "HKEY_PERFORMANCE_NLSTEXT";

export interface Registry {
  /** Null for a tree that it doesn't have. */
  root(name: StoredRoot): MaybePromise<RegistryKey | null>;
}

/** REG_VALUE_TYPE ([MS-RRP] 3.1.1.5). */
export const valueTypes = {
  none: 0,
  sz: 1,
  expandSz: 2,
  binary: 3,
  dword: 4,
  dwordBigEndian: 5,
  link: 6,
  multiSz: 7,
  qword: 11,
} as const;

export interface RegistryValue {
  /** Empty for the default value of a key. */
  readonly name: string;
  /** One of `valueTypes`, or what a client has given. */
  readonly type: number;
  /** Texts are UTF-16, little-endian, with their terminator. */
  readonly data: Uint8Array;
}

/** What becomes of a key when the registry is started anew, or that it leads to another one ([MS-RRP] 3.1.1.2). */
export type KeyType = "stable" | "volatile" | "link";

export interface NewKey {
  readonly type: KeyType;
  readonly className: string | null;
  readonly security: SecurityDescriptor;
}

/** What changes about a key. */
export interface KeyInfo {
  readonly className: string | null;
  readonly security: SecurityDescriptor;
  /** Milliseconds since 1970. */
  readonly lastWrite: number;
}

/** Lengths of names and classes count UTF-16 units, those of data octets. */
export interface KeySizes {
  readonly subkeyCount: number;
  readonly longestSubkeyName: number;
  readonly longestSubkeyClass: number;
  readonly valueCount: number;
  readonly longestValueName: number;
  readonly longestData: number;
}

/**
 * A key. Names are found whatever their case. The members that are optional are for keys that can be written: where one is
 * missing, clients get ERROR_ACCESS_DENIED. To answer with another status a method throws an `RpcError`.
 */
export interface RegistryKey {
  readonly name: string;
  readonly type: KeyType;
  /** Null once it is deleted, and its handles answer ERROR_KEY_DELETED. */
  info(): MaybePromise<KeyInfo | null>;
  sizes(): MaybePromise<KeySizes>;
  subkey(name: string): MaybePromise<RegistryKey | null>;
  /** In any order that stays as long as nothing is changed. */
  subkeyAt(index: number): MaybePromise<RegistryKey | null>;
  value(name: string): MaybePromise<RegistryValue | null>;
  valueAt(index: number): MaybePromise<RegistryValue | null>;
  /** Null where there is one of that name. */
  createSubkey?(name: string, key: NewKey): MaybePromise<RegistryKey | null>;
  /** Whether it was deleted: false where there is none of that name, or one with subkeys. */
  deleteSubkey?(name: string): MaybePromise<boolean>;
  setValue?(value: RegistryValue): MaybePromise<void>;
  /** Whether there was one. */
  deleteValue?(name: string): MaybePromise<boolean>;
  setSecurity?(security: SecurityDescriptor): MaybePromise<void>;
  /** Has everything below it kept. Without it there is nothing to do. */
  flush?(): MaybePromise<void>;
}
