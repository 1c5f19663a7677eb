/** Commands on groups ([MS-CMRP] 3.1.4.2.43 to 3.1.4.2.55, 3.1.4.2.128 to 3.1.4.2.130). */
import { GroupState, NodeState, ResourceState, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { groupState, isLocked, isSpecial, resourcesOf } from "../model/derived.ts";
import { unknownGroupType } from "../model/kinds.ts";
import type { Group } from "../model/objects.ts";
import { createGroup } from "./create.ts";
import {
  demandRoom,
  moveToBest,
  type OnlineRequest,
  type Request,
  unwant,
  want,
} from "./online.ts";
import { isApart } from "./placement.ts";
import { isName } from "./resources.ts";
import { settle } from "./settle.ts";
import { groupsBefore } from "./start-order.ts";
import type { Transaction } from "./transaction.ts";

/** Types of groups that the cluster makes itself ([MS-CMRP] 3.1.4.2.128). */
const reservedTypes: ReadonlySet<number> = new Set([1, 2, 4, 5]);

/**
 * Makes a group for a client.
 *
 * @throws RpcError ERROR_INVALID_NAME, ERROR_INVALID_PARAMETER for a type that is reserved, ERROR_OBJECT_ALREADY_EXISTS
 */
export function addGroup(tx: Transaction, name: string, type: number = unknownGroupType): Group {
  if (!isName(name)) throw new RpcError(Status.ERROR_INVALID_NAME);
  if (reservedTypes.has(type)) throw new RpcError(Status.ERROR_INVALID_PARAMETER);
  if (tx.state.groups.find(name) !== undefined) {
    throw new RpcError(Status.ERROR_OBJECT_ALREADY_EXISTS);
  }
  return createGroup(tx, { name, type });
}

/**
 * Deletes a group, with its resources where that is forced: they are brought offline first.
 *
 * @throws RpcError ERROR_CORE_RESOURCE, ERROR_DIR_NOT_EMPTY
 */
export function deleteGroup(tx: Transaction, group: Group, isForced: boolean): void {
  const resources = resourcesOf(tx.state, group);
  if (resources.some(({ isCore }) => isCore !== 0)) throw new RpcError(Status.ERROR_CORE_RESOURCE);
  if (resources.length > 0 && !isForced) throw new RpcError(Status.ERROR_DIR_NOT_EMPTY);
  for (const resource of resources) unwant(tx, resource, {}, false);
  tx.update("group", group, { isDeleting: true, move: null, queued: null });
  settle(tx, group);
}

function demandReady(tx: Transaction, group: Group, { ignoresLocks = false }: Request): void {
  if (isSpecial(group)) throw new RpcError(Status.ERROR_SPECIAL_GROUP);
  if (!ignoresLocks && isLocked(tx.state, group)) {
    throw new RpcError(Status.ERROR_CLUSTER_RESOURCE_LOCKED_STATUS);
  }
  if (group.move !== null || groupState(tx.state, group) === GroupState.Pending) {
    throw new RpcError(Status.ERROR_INVALID_STATE);
  }
}

/**
 * Has all resources of a group come online, after the groups that it starts after: they come online with it.
 *
 * @throws RpcError ERROR_SPECIAL_GROUP, ERROR_CLUSTER_RESOURCE_LOCKED_STATUS, ERROR_INVALID_STATE, ERROR_SHARING_PAUSED,
 *   ERROR_NODE_CANT_HOST_RESOURCE
 */
export function onlineGroup(tx: Transaction, group: Group, request: OnlineRequest = {}): void {
  demandReady(tx, group, request);
  const node = tx.state.nodes.get(group.owner);
  const staysHere = request.picksNode !== true;
  if (staysHere && node?.state === NodeState.Paused) {
    throw new RpcError(Status.ERROR_SHARING_PAUSED);
  }
  const isClose = node !== undefined && isApart(tx.state, group, node);
  if (staysHere && request.ignoresRules !== true && isClose) {
    throw new RpcError(Status.ERROR_NODE_CANT_HOST_RESOURCE);
  }
  demandRoom(tx, group, request);
  tx.update("group", group, { persistentState: 1 });
  for (const resource of resourcesOf(tx.state, group)) want(tx, resource, request, false);
  if (!staysHere) moveToBest(tx, group, request);
  onlineBefore(tx, group);
  settle(tx, group);
}

/** Has what a group starts after come online, where it may: other groups that are locked, or the cluster's own, stay. */
function onlineBefore(tx: Transaction, group: Group): void {
  const groups = groupsBefore(tx.state, group).filter(
    (one) => !one.isDeleting && !isSpecial(one) && !isLocked(tx.state, one),
  );
  for (const one of groups) {
    const resources = resourcesOf(tx.state, one).filter(({ isWanted }) => !isWanted);
    if (resources.length === 0) continue;
    tx.update("group", one, { persistentState: 1 });
    for (const resource of resources) want(tx, resource, {}, false);
  }
  for (const one of groups) settle(tx, one);
}

/**
 * Has all resources of a group go offline.
 *
 * @throws RpcError ERROR_SPECIAL_GROUP, ERROR_CLUSTER_RESOURCE_LOCKED_STATUS, ERROR_INVALID_STATE
 */
export function offlineGroup(tx: Transaction, group: Group, request: Request = {}): void {
  demandReady(tx, group, request);
  tx.update("group", group, { persistentState: 0 });
  for (const resource of resourcesOf(tx.state, group)) {
    unwant(tx, resource, request, false);
    if (resource.state === ResourceState.Initializing) {
      tx.enter("resource", resource, { state: ResourceState.Offline });
    }
  }
  settle(tx, group);
}

/**
 * Says on which nodes a group is to run, the best first. The other nodes come after them; an empty list is no preference.
 *
 * @throws RpcError ERROR_SPECIAL_GROUP, ERROR_ASSERTION_FAILURE for what is no ID of a node
 */
export function setPreferredNodes(tx: Transaction, group: Group, ids: readonly string[]): void {
  if (isSpecial(group)) throw new RpcError(Status.ERROR_SPECIAL_GROUP);
  const { nodes } = tx.state;
  if (ids.some((id) => nodes.get(id) === undefined)) {
    throw new RpcError(Status.ERROR_ASSERTION_FAILURE);
  }
  const all = ids.length === 0 ? [] : [...ids, ...Array.from(nodes, ({ id }) => id)];
  tx.configure("group", group, { preferredNodes: [...new Set(all)] });
}
