/** Commands on group sets and on what is in them ([MS-CMRP] 3.1.4.2.146, 3.1.4.2.149 to 3.1.4.2.152, 3.1.4.2.165). */
import { Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import type { Group, GroupSet } from "../model/objects.ts";
import { dependentsOfSet, groupsIn } from "../model/sets.ts";
import { createGroupSet } from "./create.ts";
import { leaveGroupSet } from "./forget-group.ts";
import { isName } from "./resources.ts";
import { reorder } from "./reorder.ts";
import { tellSetState } from "./set-state.ts";
import type { Transaction } from "./transaction.ts";

/** @throws RpcError ERROR_INVALID_NAME, ERROR_OBJECT_ALREADY_EXISTS */
export function addGroupSet(tx: Transaction, name: string): GroupSet {
  if (!isName(name)) throw new RpcError(Status.ERROR_INVALID_NAME);
  if (tx.state.groupSets.find(name) !== undefined) {
    throw new RpcError(Status.ERROR_OBJECT_ALREADY_EXISTS);
  }
  return createGroupSet(tx, { name });
}

/**
 * Deletes a group set. The groups in it stay.
 *
 * @throws RpcError ERROR_DIR_NOT_EMPTY where something depends on it; ERROR_CIRCULAR_DEPENDENCY where its groups, outside
 *   of it, would wait for what waits for them
 */
export function deleteGroupSet(tx: Transaction, groupSet: GroupSet): void {
  if (dependentsOfSet(tx.state, groupSet).length > 0) {
    throw new RpcError(Status.ERROR_DIR_NOT_EMPTY);
  }
  for (const group of groupsIn(tx.state, groupSet)) leaveGroupSet(tx, group);
  tx.update("groupSet", groupSet, { providers: [] });
  tx.remove("groupSet", groupSet);
  reorder(tx, Status.ERROR_CIRCULAR_DEPENDENCY);
}

/** The places of a group in an availability set, by number. */
export interface Domains {
  readonly faultDomain: number;
  readonly updateDomain: number;
}

/**
 * Puts a group into a group set.
 *
 * @throws RpcError ERROR_ALREADY_EXISTS for one that is in it, ERROR_INVALID_STATE for one that is in another,
 *   ERROR_INVALID_PARAMETER for a domain that the set doesn't have, ERROR_CIRCULAR_DEPENDENCY,
 *   ERROR_DEPENDENCY_TREE_TOO_COMPLEX
 */
export function addToGroupSet(
  tx: Transaction,
  groupSet: GroupSet,
  group: Group,
  domains: Domains | null = null,
): void {
  if (group.groupSet === groupSet.id) throw new RpcError(Status.ERROR_ALREADY_EXISTS);
  if (group.groupSet !== "") throw new RpcError(Status.ERROR_INVALID_STATE);
  tx.update("group", group, { groupSet: groupSet.id });
  tx.update("groupSet", groupSet, { groups: [...groupSet.groups, group.id] });
  tellSetState(tx, groupSet.id);
  if (domains !== null) {
    const { faultDomain, updateDomain } = domains;
    demandDomain(faultDomain, groupSet.faultDomains);
    demandDomain(updateDomain, groupSet.updateDomains);
    tx.configure("group", group, { faultDomain, updateDomain });
  }
  reorder(tx, Status.ERROR_CIRCULAR_DEPENDENCY);
}

function demandDomain(domain: number, count: number): void {
  if (count > 0 && domain >= count) throw new RpcError(Status.ERROR_INVALID_PARAMETER);
}

/**
 * Takes a group out of its group set.
 *
 * @throws RpcError ERROR_INVALID_STATE for one that is in none, ERROR_CIRCULAR_DEPENDENCY
 */
export function removeFromGroupSet(tx: Transaction, group: Group): void {
  if (group.groupSet === "") throw new RpcError(Status.ERROR_INVALID_STATE);
  leaveGroupSet(tx, group);
  reorder(tx, Status.ERROR_CIRCULAR_DEPENDENCY);
}

/**
 * Takes a group out of its group set, where it is in one, and puts it into a group set.
 *
 * @throws RpcError ERROR_CIRCULAR_DEPENDENCY, ERROR_DEPENDENCY_TREE_TOO_COMPLEX
 */
export function moveToGroupSet(tx: Transaction, groupSet: GroupSet, group: Group): void {
  leaveGroupSet(tx, group);
  addToGroupSet(tx, groupSet, group);
}
