/** Changes of the registry done to a tree that stands apart from any cluster. */
import type { RegistryChange } from "./change.ts";
import { findKey, fold, newKey, type RegistryKey } from "./key.ts";

/** @throws TypeError for a change of a key that isn't there */
export function applyChange(root: RegistryKey, change: RegistryChange, now: number): void {
  const { path } = change;
  if (change.type === "createKey" || change.type === "deleteKey") {
    const [parentPath, name] = splitPath(path);
    const parent = known(findKey(root, parentPath), parentPath);
    if (change.type === "createKey") parent.subkeys.set(fold(name), newKey(parent, name, now));
    else parent.subkeys.delete(fold(name));
    parent.lastWrite = now;
    return;
  }
  const key = known(findKey(root, path), path);
  key.lastWrite = now;
  if (change.type === "setSecurity") {
    key.security = change.security;
    return;
  }
  const name = fold(change.name);
  if (change.type === "deleteValue") key.values.delete(name);
  else key.values.set(name, { name: key.values.get(name)?.name ?? change.name, ...change.value });
}

/** The path of the key above, and the name. */
export function splitPath(path: string): readonly [parent: string, name: string] {
  const end = path.lastIndexOf("\\");
  return [path.slice(0, Math.max(end, 0)), path.slice(end + 1)];
}

function known(key: RegistryKey | null, path: string): RegistryKey {
  if (key === null) throw new TypeError(`there is no key ${path}`);
  return key;
}
