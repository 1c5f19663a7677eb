/**
 * Rules that keep groups together or apart ([MS-CMRP] 3.1.1.1.4). The document names them and leaves their form and how they come
 * about to the server: here each is a key below `AffinityRules`, called by its name, with the values that Windows' tools
 * call its properties by. So clients make them with the operations on the registry, and they last.
 */
import { numberOf, textsOf } from "@msrpc/cluster-data";
import { NodeState } from "@msrpc/ms-cmrp";
import { findKey, fold, type RegistryKey, valueOf } from "../registry/key.ts";
import { resourcesOf } from "./derived.ts";
import { shareDomain } from "./fault-domains.ts";
import type { Group, Node } from "./objects.ts";
import type { ClusterState } from "./state.ts";

/** CLUS_AFFINITY_RULE_TYPE of Windows' headers; a rule of any other type says nothing. */
export const AffinityType = {
  SameFaultDomain: 1,
  SameNode: 2,
  DifferentFaultDomain: 3,
  DifferentNode: 4,
} as const;

const together: ReadonlySet<number> = new Set([
  AffinityType.SameFaultDomain,
  AffinityType.SameNode,
]);
const byDomain: ReadonlySet<number> = new Set([
  AffinityType.SameFaultDomain,
  AffinityType.DifferentFaultDomain,
]);

export const affinityKey = "AffinityRules";

/** The values of a rule. Groups are named by their IDs or names; a rule counts where it isn't disabled. */
export const affinityValues = {
  type: "RuleType",
  groups: "Groups",
  enabled: "Enabled",
  soft: "SoftAntiAffinity",
} as const;

/** The keys of all rules. */
export function affinityRules({ registry }: ClusterState): RegistryKey[] {
  return [...(findKey(registry, affinityKey)?.subkeys.values() ?? [])];
}

/** What another group asks of where a group is. */
export interface Bond {
  /** The node that the other one is on. */
  readonly node: Node;
  readonly isTogether: boolean;
  readonly isByDomain: boolean;
  /** It gives way where there is no other node. */
  readonly isSoft: boolean;
}

/** The ID of the node that a group counts on; null where it counts on none. */
export type Place = (state: ClusterState, group: Group) => string | null;

/** Where it has resources that run, start or stop. */
export function running(state: ClusterState, group: Group): string | null {
  return resourcesOf(state, group).some(({ hosting }) => hosting !== "none") ? group.owner : null;
}

/** Where it is to run. */
export function planned(state: ClusterState, group: Group): string | null {
  const isWanted = resourcesOf(state, group).some((one) => one.isWanted || one.hosting !== "none");
  return isWanted ? (group.move?.to ?? group.owner) : null;
}

/** What other groups ask of where a group is. Nothing is to be kept together with what is on a node that takes no groups. */
export function bondsOf(state: ClusterState, group: Group, placeOf: Place): Bond[] {
  const bonds = rulesOf(state, group).flatMap((key) => ofRule(state, group, key, placeOf));
  if (!isEnforced(state) || group.antiAffinity.length === 0) return bonds;
  const kind = { isTogether: false, isByDomain: false, isSoft: false };
  for (const other of state.groups) {
    if (other === group || !shareClass(other, group)) continue;
    const node = state.nodes.get(placeOf(state, other) ?? "");
    if (node !== undefined) bonds.push({ node, ...kind });
  }
  return bonds;
}

/** The rules that name a group, by its name or ID. */
function rulesOf(state: ClusterState, { id, name }: Group): readonly RegistryKey[] {
  const rules = (state.rulesByGroup ??= byGroup(affinityRules(state)));
  if (rules.size === 0) return [];
  const called = new Set([fold(id), fold(name)]);
  return [...new Set([...called].flatMap((one) => rules.get(one) ?? []))];
}

function byGroup(rules: readonly RegistryKey[]): Map<string, RegistryKey[]> {
  const found = new Map<string, RegistryKey[]>();
  for (const rule of rules) {
    for (const one of new Set(groupNames(rule).map(fold))) {
      found.set(one, [...(found.get(one) ?? []), rule]);
    }
  }
  return found;
}

/** Whether a key is a rule's, or has all of them. */
export function isAmongRules({ name, parent }: RegistryKey): boolean {
  if (parent === null) return false;
  if (parent.parent === null) return isNameOfRules(name);
  return parent.parent.parent === null && isNameOfRules(parent.name);
}

function isNameOfRules(name: string): boolean {
  return name.length === affinityKey.length && fold(name) === fold(affinityKey);
}

function ofRule(state: ClusterState, group: Group, rule: RegistryKey, placeOf: Place): Bond[] {
  const type = number(rule, affinityValues.type, 0);
  const isKnown = type >= AffinityType.SameFaultDomain && type <= AffinityType.DifferentNode;
  if (!isKnown || number(rule, affinityValues.enabled, 1) === 0) return [];
  const groups = new Set(groupNames(rule).map((name) => state.groups.find(name)));
  if (!groups.delete(group)) return [];
  const isTogether = together.has(type);
  const kind = {
    isTogether,
    isByDomain: byDomain.has(type),
    isSoft: number(rule, affinityValues.soft, 0) !== 0,
  };
  return [...groups].flatMap((other) => {
    const node = other === undefined ? null : state.nodes.get(placeOf(state, other) ?? "");
    if (node == null || (isTogether && node.state !== NodeState.Up)) return [];
    return { node, ...kind };
  });
}

/** The groups of a rule, as it names them. */
export function groupNames(rule: RegistryKey): readonly string[] {
  const value = valueOf(rule, affinityValues.groups);
  return (value === undefined ? null : textsOf(value)) ?? [];
}

function number(key: RegistryKey, name: string, otherwise: number): number {
  const value = valueOf(key, name);
  return (value === undefined ? null : numberOf(value)) ?? otherwise;
}

/** Whether a group on that node would be where another one doesn't have it. */
export function breaks({ node, isTogether, isByDomain }: Bond, at: Node): boolean {
  const isNear = isByDomain ? shareDomain(node, at) : node === at;
  return isNear !== isTogether;
}

/** Whether other groups that run keep a group from starting where it is. */
export function isKeptOff(state: ClusterState, group: Group): boolean {
  const node = state.nodes.get(group.owner);
  if (group.ignoresRules || node?.state !== NodeState.Up) return false;
  return bondsOf(state, group, running).some((bond) => !bond.isSoft && breaks(bond, node));
}

/** Whether groups have a name in common that keeps them apart. */
export function shareClass(
  { antiAffinity: some }: Group,
  { antiAffinity: others }: Group,
): boolean {
  return some.some((name) => others.includes(name));
}

/** Whether such groups are kept apart even where that leaves one of them without a node. */
function isEnforced({ registry }: ClusterState): boolean {
  return number(registry, "ClusterEnforcedAntiAffinity", 0) !== 0;
}
