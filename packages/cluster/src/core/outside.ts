/**
 * What clients write into the registry below an object's key reaches the object: its members are read again, and who
 * watches it hears of a changed property. What names objects and ties them together is left to the commands that keep it
 * whole.
 */
import { Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { byKind, type ByKind } from "../model/by-kind.ts";
import type { Kind } from "../model/kinds.ts";
import { functionalLevel } from "../model/cluster-version.ts";
import { clusterName } from "../model/state.ts";
import {
  findKey,
  fold,
  type NamedValue,
  namesIn,
  pathOf,
  type RegistryKey,
  valueOf,
} from "../registry/key.ts";
import { endSharing } from "./shared-volumes.ts";
import { settleReleased } from "./settle.ts";
import type { Transaction } from "./transaction.ts";

const byKey: ReadonlyMap<string, keyof ByKind> = new Map(
  Object.entries(byKind).map(([kind, { keys }]) => [fold(keys.key), kind as keyof ByKind]),
);

/** Names of the properties of an object that were changed, common ones and private ones; null for none. */
interface Touched {
  common: Set<string> | null;
  private: Set<string> | null;
}

const parameters = fold("Parameters");

/** Runs a command that changes the registry by itself. */
export function fromOutside<T>(tx: Transaction, command: (tx: Transaction) => T): T {
  const before = tx.changes.length;
  const result = command(tx);
  const touched = new Map<keyof ByKind, Map<string, Touched>>();
  for (const change of tx.changes.slice(before)) {
    const [first = "", id = "", below, ...deeper] = namesIn(change.path).map(fold);
    const kind = byKey.get(first);
    const isProperty = (below === undefined || below === parameters) && deeper.length === 0;
    if (kind === undefined || !isProperty) continue;
    const ofKind = touched.get(kind) ?? new Map<string, Touched>();
    const names = ofKind.get(id) ?? { common: null, private: null };
    touched.set(kind, ofKind.set(id, names));
    const part = below === undefined ? "common" : "private";
    if (change.type === "setValue" || change.type === "deleteValue") {
      (names[part] ??= new Set()).add(change.name);
    } else if (change.type === "deleteKey") {
      names[part] ??= new Set();
    }
  }
  for (const [kind, objects] of touched) rereadAll(tx, kind, objects);
  // What else follows from values of the registry: whether volumes are shared, and what groups wait for.
  if (tx.changes.slice(before).some(({ path }) => path === "")) endSharing(tx);
  settleReleased(tx);
  return result;
}

function rereadAll(
  tx: Transaction,
  kind: keyof ByKind,
  objects: ReadonlyMap<string, Touched>,
): void {
  for (const [id, touched] of objects) {
    const object = byKind[kind].collection(tx.state).get(id);
    if (object === undefined) continue;
    const key = tx.keyOf(kind, object);
    if (touched.common !== null) tx.reread(kind, object, valuesOf(key, touched.common));
    if (touched.private === null) continue;
    const properties = valuesOf(findKey(key, parameters), touched.private);
    tx.tell(kind, "privateProperty", object, { properties });
  }
}

/** Those that are still there. */
function valuesOf(key: RegistryKey | null, names: Iterable<string>): NamedValue[] {
  return key === null ? [] : [...names].flatMap((name) => valueOf(key, name) ?? []);
}

/**
 * Keys that objects are kept under come and go with them.
 *
 * @throws RpcError ERROR_ACCESS_DENIED for one of those
 */
export function guardKey(path: readonly string[]): void {
  if (path.length <= 2 && byKey.has(fold(path[0] ?? ""))) {
    throw new RpcError(Status.ERROR_ACCESS_DENIED);
  }
}

/** @throws RpcError ERROR_ACCESS_DENIED for a value that only commands may change */
export function guardValue(key: RegistryKey, name: string): void {
  const path = namesIn(pathOf(key));
  const tied =
    path.length === 0
      ? [clusterName.value, functionalLevel.value]
      : path.length === 2
        ? tiedIn(path)
        : [];
  if (tied.some((one) => fold(one) === fold(name))) {
    throw new RpcError(Status.ERROR_ACCESS_DENIED);
  }
}

function tiedIn([first = ""]: readonly string[]): string[] {
  const kind = byKey.get(fold(first));
  const keys: Pick<Kind<never>, "fields"> | null = kind === undefined ? null : byKind[kind].keys;
  return keys?.fields.flatMap(([, { value, isTied }]) => (isTied === true ? value : [])) ?? [];
}
