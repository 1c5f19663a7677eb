/** Affinity rules as keys of the registry: made by definitions, and rid of groups that go. */
import { dword, multiSz } from "@msrpc/cluster-data";
import { affinityKey, affinityRules, affinityValues, groupNames } from "../model/affinity.ts";
import type { Group } from "../model/objects.ts";
import { fold } from "../registry/key.ts";
import type { Transaction } from "./transaction.ts";

export interface AffinityRule {
  /** Of `AffinityType`. */
  readonly type: number;
  /** IDs. */
  readonly groups: readonly string[];
  readonly isEnabled: boolean;
  readonly isSoft: boolean;
}

/** Makes a rule. Its name is that of its key. */
export function createAffinityRule(tx: Transaction, name: string, rule: AffinityRule): void {
  const key = tx.createKey(tx.state.registry, `${affinityKey}\\${name}`);
  const { type, groups, enabled, soft } = affinityValues;
  tx.setValue(key, type, dword(rule.type));
  tx.setValue(key, groups, multiSz(rule.groups));
  tx.setValue(key, enabled, dword(rule.isEnabled ? 1 : 0));
  tx.setValue(key, soft, dword(rule.isSoft ? 1 : 0));
}

/** Takes a group out of all rules. */
export function leaveRules(tx: Transaction, group: Group): void {
  const called = new Set([fold(group.id), fold(group.name)]);
  for (const key of affinityRules(tx.state)) {
    const names = groupNames(key);
    const left = names.filter((name) => !called.has(fold(name)));
    if (left.length < names.length) tx.setValue(key, affinityValues.groups, multiSz(left));
  }
}
