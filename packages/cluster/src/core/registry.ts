/** Commands on the registry as clients give them ([MS-CMRP] 3.1.4.2.30 to 3.1.4.2.40). */
import { type SecurityDescriptor, withParts, writeDescriptor } from "@msrpc/auth";
import type { RegistryValue } from "@msrpc/cluster-data";
import { RegistryType, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { findKey, fold, namesIn, pathOf, type RegistryKey, valueOf } from "../registry/key.ts";
import { checkedPath, checkValueName, deepest } from "../registry/names.ts";
import { securityOf } from "../registry/security.ts";
import { guardKey, guardValue } from "./outside.ts";
import type { Transaction } from "./transaction.ts";

const commonTypes = [
  RegistryType.Sz,
  RegistryType.ExpandSz,
  RegistryType.Binary,
  RegistryType.Dword,
  RegistryType.MultiSz,
];

/** The types that values may have, by version of the protocol ([MS-CMRP] 3.1.4.1.33, 3.1.4.2.33). */
export const valueTypes: Readonly<Record<2 | 3, ReadonlySet<number>>> = {
  2: new Set([RegistryType.None, ...commonTypes]),
  3: new Set([...commonTypes, RegistryType.Qword]),
};

/** The key that a path from another one names. @throws RpcError ERROR_INVALID_PARAMETER, ERROR_FILE_NOT_FOUND */
export function keyAt(from: RegistryKey, path: string): RegistryKey {
  checkedPath(path);
  const key = findKey(from, path);
  if (key === null) throw new RpcError(Status.ERROR_FILE_NOT_FOUND);
  return key;
}

/** The value of a key. @throws RpcError ERROR_INVALID_PARAMETER, ERROR_FILE_NOT_FOUND */
export function valueAt(key: RegistryKey, name: string): RegistryValue {
  checkValueName(name);
  const value = valueOf(key, name);
  if (value === undefined) throw new RpcError(Status.ERROR_FILE_NOT_FOUND);
  return value;
}

/** Makes a key and those on the way to it. @throws RpcError ERROR_INVALID_PARAMETER, ERROR_ACCESS_DENIED */
export function createKey(tx: Transaction, from: RegistryKey, path: string): RegistryKey {
  const names = checkedPath(path);
  const found = findKey(from, path);
  if (found !== null) return found;
  const above = namesIn(pathOf(from));
  if (above.length + names.length > deepest) throw new RpcError(Status.ERROR_INVALID_PARAMETER);
  let at: RegistryKey | undefined = from;
  for (const [index, name] of names.entries()) {
    at = at?.subkeys.get(fold(name));
    if (at === undefined) guardKey([...above, ...names.slice(0, index + 1)]);
  }
  return tx.createKey(from, path);
}

/** @throws RpcError ERROR_INVALID_PARAMETER, ERROR_ACCESS_DENIED */
export function setValue(
  tx: Transaction,
  key: RegistryKey,
  name: string,
  value: RegistryValue,
  types: ReadonlySet<number> = valueTypes[3],
): void {
  checkValueName(name);
  if (!types.has(value.type)) {
    throw new RpcError(Status.ERROR_INVALID_PARAMETER, { detail: `type ${value.type}` });
  }
  guardValue(key, name);
  tx.setValue(key, name, value);
}

/** @throws RpcError ERROR_INVALID_PARAMETER, ERROR_FILE_NOT_FOUND, ERROR_ACCESS_DENIED */
export function deleteValue(tx: Transaction, key: RegistryKey, name: string): void {
  checkValueName(name);
  guardValue(key, name);
  if (!tx.deleteValue(key, name)) throw new RpcError(Status.ERROR_FILE_NOT_FOUND);
}

/** Deletes a key that has no keys below it. @throws RpcError ERROR_ACCESS_DENIED where it has some */
export function deleteKey(tx: Transaction, key: RegistryKey): void {
  if (key.subkeys.size > 0 || key.parent === null) throw new RpcError(Status.ERROR_ACCESS_DENIED);
  guardKey(namesIn(pathOf(key)));
  tx.deleteKey(key);
}

/** Sets parts of a key's descriptor, by bits of SECURITY_INFORMATION. */
export function setSecurity(
  tx: Transaction,
  key: RegistryKey,
  given: SecurityDescriptor,
  parts: number,
): void {
  tx.setSecurity(key, writeDescriptor(withParts(securityOf(key), given, parts)));
}
