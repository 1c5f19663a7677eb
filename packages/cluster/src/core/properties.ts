/** The command that sets properties: all of them or none ([MS-CMRP] 3.1.4.3). */
import { type Property, sameValue } from "@msrpc/cluster-data";
import { ResourceState } from "@msrpc/ms-cmrp";
import type { ByKind } from "../model/by-kind.ts";
import { checkProperties } from "../property/check.ts";
import { type ScopeName, type Scope, scopeOf } from "../property/scope.ts";
import { storedValue } from "../property/stored-value.ts";
import type { Subject } from "../property/subject.ts";
import { fold, type NamedValue, type RegistryKey, valueOf } from "../registry/key.ts";
import { endSharing } from "./shared-volumes.ts";
import { settleReleased } from "./settle.ts";
import { ofCluster } from "./tell.ts";
import type { Transaction } from "./transaction.ts";

/**
 * Sets properties, or has those without a value go back to their defaults. Says whether it takes a restart until they
 * count: of a resource that is online, for properties that it reads when it is brought online.
 *
 * @throws RpcError ERROR_INVALID_PARAMETER
 */
export function setProperties(
  tx: Transaction,
  subject: Subject,
  name: ScopeName,
  properties: readonly Property[],
): boolean {
  const scope = scopeOf(tx.state, subject, name);
  checkProperties(scope, properties);
  const key = tx.createKey(tx.state.registry, scope.path);
  const changed = properties.flatMap((property) => setProperty(tx, scope, key, property) ?? []);
  if (changed.length === 0) return false;
  tellOf(tx, subject, name, changed);
  if (subject.kind === "cluster") endSharing(tx);
  settleReleased(tx);
  const isOnline = subject.kind === "resource" && subject.object.state === ResourceState.Online;
  return isOnline && changed.some((one) => scope.schema.get(fold(one.name))?.needsRestart === true);
}

/** What the value is from now on; null where nothing has changed. */
function setProperty(
  tx: Transaction,
  { schema }: Scope,
  key: RegistryKey,
  { name, value }: Property,
): NamedValue | null {
  const before = valueOf(key, name);
  const definition = schema.get(fold(name));
  const known = definition?.name ?? before?.name ?? name;
  if (value === null) {
    if (!tx.deleteValue(key, name)) return null;
    const now = definition?.otherwise;
    return now === undefined
      ? { name: known, type: 0, data: new Uint8Array(0) }
      : { name: known, ...storedValue(now) };
  }
  const stored = storedValue(value);
  if (before !== undefined && sameValue(before, stored)) return null;
  tx.setValue(key, known, stored);
  return { name: known, ...stored };
}

function tellOf(
  tx: Transaction,
  subject: Subject,
  name: ScopeName,
  properties: readonly NamedValue[],
): void {
  const what = name === "common" ? "property" : "privateProperty";
  if (subject.kind === "cluster") {
    tx.emit(ofCluster(tx.state, what, { properties }));
    return;
  }
  const { kind, object } = subject as { kind: keyof ByKind; object: ByKind[keyof ByKind] };
  if (name === "common") tx.reread(kind, object, properties);
  else tx.tell(kind, what, object, { properties });
}
