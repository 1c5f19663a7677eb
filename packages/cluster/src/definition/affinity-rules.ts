/** Rules that keep groups together or apart. */
import { createAffinityRule } from "../core/affinity-rules.ts";
import type { Transaction } from "../core/transaction.ts";
import { isName } from "../core/resources.ts";
import { affinityKey, AffinityType } from "../model/affinity.ts";
import { findKey } from "../registry/key.ts";
import { checkedPath } from "../registry/names.ts";
import {
  type AffinityRuleDefinition,
  type AffinityRuleKind,
  DefinitionError,
} from "./definition.ts";
import { ids } from "./names.ts";
import { refusing } from "./values.ts";

const types: Readonly<Record<AffinityRuleKind, number>> = {
  sameFaultDomain: AffinityType.SameFaultDomain,
  sameNode: AffinityType.SameNode,
  differentFaultDomain: AffinityType.DifferentFaultDomain,
  differentNode: AffinityType.DifferentNode,
};

/** When all groups are there. @throws DefinitionError */
export function defineAffinityRules(
  tx: Transaction,
  rules: readonly AffinityRuleDefinition[],
): void {
  for (const [at, { name, type, groups, enabled = true, soft = false }] of rules.entries()) {
    const path = ["affinityRules", at];
    if (!isName(name) || name.includes("\\")) {
      throw new DefinitionError([...path, "name"], "a name without backslashes is needed");
    }
    refusing([...path, "name"], () => checkedPath(name));
    if (findKey(tx.state.registry, `${affinityKey}\\${name}`) !== null) {
      throw new DefinitionError([...path, "name"], `there is another ${JSON.stringify(name)}`);
    }
    const rule = { type: types[type], isEnabled: enabled, isSoft: soft };
    const members = ids(tx.state.groups, groups, [...path, "groups"]);
    createAffinityRule(tx, name, { ...rule, groups: members });
  }
}
