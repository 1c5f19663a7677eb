/** Commands on what starts before groups and group sets ([MS-CMRP] 3.1.4.2.153, 3.1.4.2.154, 3.1.4.2.157 to 3.1.4.2.161). */
import { Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import type { Identified, Collection } from "../model/collection.ts";
import type { Group, GroupSet } from "../model/objects.ts";
import { parseConjunction } from "./expression.ts";
import { reorder } from "./reorder.ts";
import type { Transaction } from "./transaction.ts";

/**
 * Has a group set start after another one.
 *
 * @throws RpcError ERROR_INVALID_PARAMETER for a set that has no groups, and where one would wait for itself;
 *   ERROR_DEPENDENCY_ALREADY_EXISTS, ERROR_DEPENDENCY_TREE_TOO_COMPLEX
 */
export function addSetDependency(tx: Transaction, dependent: GroupSet, provider: GroupSet): void {
  if (dependent.groups.length === 0 || provider.groups.length === 0) throw invalid();
  if (dependent.providers.includes(provider.id)) throw alreadyThere();
  setProviders(tx, dependent, [...dependent.providers, provider.id]);
}

/** @throws RpcError ERROR_DEPENDENCY_NOT_FOUND */
export function removeSetDependency(
  tx: Transaction,
  dependent: GroupSet,
  provider: GroupSet,
): void {
  if (!dependent.providers.includes(provider.id)) throw notThere();
  setProviders(
    tx,
    dependent,
    dependent.providers.filter((id) => id !== provider.id),
  );
}

/**
 * Has a group set start after those of an expression, and no others.
 *
 * @throws RpcError ERROR_INVALID_PARAMETER for what is no expression of group sets, and where one would wait for itself;
 *   ERROR_DEPENDENCY_TREE_TOO_COMPLEX
 */
export function setSetExpression(tx: Transaction, dependent: GroupSet, text: string): void {
  setProviders(tx, dependent, named(tx.state.groupSets, text));
}

/**
 * Has a group start after a group set. It may name one only ([MS-CMRP] 3.1.4.2.154).
 *
 * @throws RpcError ERROR_CLUSTER_GROUP_MOVING, ERROR_NOT_SUPPORTED for a group that depends on another set,
 *   ERROR_DEPENDENCY_ALREADY_EXISTS, ERROR_INVALID_PARAMETER where it would wait for itself,
 *   ERROR_DEPENDENCY_TREE_TOO_COMPLEX
 */
export function addDependencyOnSet(tx: Transaction, dependent: Group, provider: GroupSet): void {
  if (dependent.move !== null) throw new RpcError(Status.ERROR_CLUSTER_GROUP_MOVING);
  if (dependent.providerSet === provider.id) throw alreadyThere();
  if (dependent.providerSet !== "") throw new RpcError(Status.ERROR_NOT_SUPPORTED);
  tx.update("group", dependent, { providerSet: provider.id });
  reorder(tx, Status.ERROR_INVALID_PARAMETER);
}

/** @throws RpcError ERROR_DEPENDENCY_NOT_FOUND */
export function removeDependencyOnSet(tx: Transaction, dependent: Group, provider: GroupSet): void {
  if (dependent.providerSet !== provider.id) throw notThere();
  tx.update("group", dependent, { providerSet: "" });
  reorder(tx, Status.ERROR_INVALID_PARAMETER);
}

/**
 * Has a group start after the groups of an expression, and no others.
 *
 * @throws RpcError as setSetExpression
 */
export function setGroupExpression(tx: Transaction, dependent: Group, text: string): void {
  setProviderGroups(tx, dependent, named(tx.state.groups, text));
}

/** @throws RpcError ERROR_DEPENDENCY_NOT_FOUND */
export function removeGroupDependency(tx: Transaction, dependent: Group, provider: Group): void {
  if (!dependent.providerGroups.includes(provider.id)) throw notThere();
  setProviderGroups(
    tx,
    dependent,
    dependent.providerGroups.filter((id) => id !== provider.id),
  );
}

function setProviders(tx: Transaction, dependent: GroupSet, providers: readonly string[]): void {
  tx.update("groupSet", dependent, { providers });
  reorder(tx, Status.ERROR_INVALID_PARAMETER);
}

function setProviderGroups(
  tx: Transaction,
  dependent: Group,
  providerGroups: readonly string[],
): void {
  tx.configure("group", dependent, { providerGroups });
  reorder(tx, Status.ERROR_INVALID_PARAMETER);
}

/** The IDs of what an expression names, by name or by ID. @throws RpcError ERROR_INVALID_PARAMETER */
function named<T extends Identified>(objects: Collection<T>, text: string): string[] {
  const names = parseConjunction(text);
  if (names === null) throw invalid(text);
  const ids = names.map((name) => {
    const object = objects.find(name);
    if (object === undefined) throw invalid(`nothing is called ${name}`);
    return object.id;
  });
  return [...new Set(ids)];
}

function invalid(detail?: string): RpcError {
  return new RpcError(Status.ERROR_INVALID_PARAMETER, detail === undefined ? {} : { detail });
}

function alreadyThere(): RpcError {
  return new RpcError(Status.ERROR_DEPENDENCY_ALREADY_EXISTS);
}

function notThere(): RpcError {
  return new RpcError(Status.ERROR_DEPENDENCY_NOT_FOUND);
}
