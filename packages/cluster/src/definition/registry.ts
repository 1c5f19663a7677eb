/** Values of the registry beside those that objects are kept in. */
import type { Transaction } from "../core/transaction.ts";
import { affinityKey } from "../model/affinity.ts";
import { byKind } from "../model/by-kind.ts";
import { functionalLevel } from "../model/cluster-version.ts";
import { clusterName } from "../model/state.ts";
import { storedValue } from "../property/stored-value.ts";
import { fold } from "../registry/key.ts";
import { checkedPath, checkValueName } from "../registry/names.ts";
import { type DefinedValues, DefinitionError, type DefinitionPath } from "./definition.ts";
import { refusing, valueOf } from "./values.ts";

/** Keys that objects, affinity rules and the choice of a quorum are kept under. */
const kept: ReadonlySet<string> = new Set(
  [...Object.values(byKind).map(({ keys }) => keys.key), "Quorum", affinityKey].map(fold),
);

/** @throws DefinitionError for what the cluster itself keeps, and for what no key or value can be called */
export function defineRegistry(
  tx: Transaction,
  keys: Readonly<Record<string, DefinedValues>>,
  path: DefinitionPath,
): void {
  for (const [key, values] of Object.entries(keys)) {
    const below = [...path, key];
    const [first = ""] = refusing(below, () => checkedPath(key));
    if (kept.has(fold(first))) {
      throw new DefinitionError(below, `what is below ${first} is defined by the objects`);
    }
    const made = tx.createKey(tx.state.registry, key);
    for (const [name, value] of Object.entries(values)) {
      const at = [...below, name];
      refusing(at, () => checkValueName(name));
      if (key === "" && fold(name) === fold(clusterName.value)) {
        throw new DefinitionError(at, "the cluster's name is defined by the name");
      }
      if (key === "" && fold(name) === fold(functionalLevel.value)) {
        throw new DefinitionError(at, "the cluster's version is defined by functionalLevel");
      }
      tx.setValue(made, name, storedValue(valueOf(value, undefined, at)));
    }
  }
}
