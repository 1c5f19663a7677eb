/** Commands on resources and their types that aren't about their state ([MS-CMRP] 3.1.4.2.10 to 3.1.4.2.28). */
import { NodeState, ResourceState, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { characteristicsOf } from "../control/traits.ts";
import type { Collection, Identified } from "../model/collection.ts";
import { dependentsOf, isLocked, isSpecial, isQuorum, resourcesOf } from "../model/derived.ts";
import { availableStorageType } from "../model/kinds.ts";
import type { Group, Node, Resource, ResourceType } from "../model/objects.ts";
import type { ClusterState } from "../model/state.ts";
import { createResource, createResourceType } from "./create.ts";
import { dependencyTree } from "./dependencies.ts";
import { endSpecial } from "./forget-group.ts";
import { groupOf } from "./online.ts";
import { settle } from "./settle.ts";
import type { Transaction } from "./transaction.ts";

/** CLUS_CHARACTERISTICS ([MS-CMRP] 2.2.2.4) that commands heed. */
const characteristic = {
  deleteRequiresAllNodes: 0x2,
  singleClusterInstance: 0x40,
  singleGroupInstance: 0x80,
  monitorDetach: 0x400,
} as const;

/** Characters of a name at most. The document has no limit; this is that of a path of Windows (MAX_PATH). */
const longestName = 260;

/** What a name is, in messages. */
export const aName: string = `a name of ${longestName} characters at most`;

/** Whether a string may be a name ([MS-CMRP] 3.1.1.1.1): something other than blanks, without a NUL, and no longer than names are. */
export function isName(text: string): boolean {
  return text.length <= longestName && /[^ \t\r\n]/.test(text) && !text.includes("\0");
}

/** Gives another name to an object. @throws RpcError ERROR_INVALID_NAME, ERROR_ALREADY_EXISTS */
export function demandFree<T extends Identified>(
  objects: Collection<T>,
  object: T,
  name: string,
): void {
  if (!isName(name)) throw new RpcError(Status.ERROR_INVALID_NAME);
  const others = [objects.find(name), objects.get(name)];
  if (others.some((other) => other !== undefined && other !== object)) {
    throw new RpcError(Status.ERROR_ALREADY_EXISTS);
  }
}

function hasCharacteristic(state: ClusterState, { type }: Resource, bit: number): boolean {
  const found = state.resourceTypes.find(type);
  return found !== undefined && (characteristicsOf(found) & bit) !== 0;
}

/**
 * Makes a resource for a client.
 *
 * @throws RpcError ERROR_INVALID_NAME, ERROR_OBJECT_ALREADY_EXISTS, ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND,
 *   ERROR_CLUSTER_SINGLETON_RESOURCE, ERROR_CLUSTER_GROUP_SINGLETON_RESOURCE, ERROR_CLUSTER_USE_SHARED_VOLUMES_API
 */
export function addResource(
  tx: Transaction,
  group: Group,
  name: string,
  typeName: string,
  separateMonitor: number,
): Resource {
  if (!isName(name)) throw new RpcError(Status.ERROR_INVALID_NAME);
  if (tx.state.resources.find(name) !== undefined) {
    throw new RpcError(Status.ERROR_OBJECT_ALREADY_EXISTS);
  }
  if (isSpecial(group)) throw new RpcError(Status.ERROR_CLUSTER_USE_SHARED_VOLUMES_API);
  const type = tx.state.resourceTypes.find(typeName);
  if (type === undefined) throw new RpcError(Status.ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND);
  demandSingle(tx.state, group, type);
  return createResource(tx, group, { name, type: type.name, separateMonitor });
}

function demandSingle(state: ClusterState, group: Group, type: ResourceType): void {
  const { singleClusterInstance, singleGroupInstance } = characteristic;
  // There may be many resources to look at, and few types ask for it.
  if ((characteristicsOf(type) & (singleClusterInstance | singleGroupInstance)) === 0) return;
  const same = [...state.resources].filter((one) => one.type === type.name);
  if (same.length > 0 && (characteristicsOf(type) & singleClusterInstance) !== 0) {
    throw new RpcError(Status.ERROR_CLUSTER_SINGLETON_RESOURCE);
  }
  demandSingleInGroup(group, type, same);
}

function demandSingleInGroup(group: Group, type: ResourceType, same: readonly Resource[]): void {
  const isSingle = (characteristicsOf(type) & characteristic.singleGroupInstance) !== 0;
  if (isSingle && same.some((one) => one.group === group.id)) {
    throw new RpcError(Status.ERROR_CLUSTER_GROUP_SINGLETON_RESOURCE);
  }
}

/**
 * Deletes a resource.
 *
 * @throws RpcError ERROR_RESOURCE_ONLINE, ERROR_DEPENDENT_RESOURCE_EXISTS, ERROR_CORE_RESOURCE,
 *   ERROR_ALL_NODES_NOT_AVAILABLE
 */
export function deleteResource(tx: Transaction, resource: Resource): void {
  const { state } = resource;
  const isDown = state === ResourceState.Offline || state === ResourceState.Failed;
  const mayDetach = hasCharacteristic(tx.state, resource, characteristic.monitorDetach);
  if (resource.isCore !== 0) throw new RpcError(Status.ERROR_CORE_RESOURCE);
  if (!isDown && !mayDetach) throw new RpcError(Status.ERROR_RESOURCE_ONLINE);
  if (dependentsOf(tx.state, resource).length > 0) {
    throw new RpcError(Status.ERROR_DEPENDENT_RESOURCE_EXISTS);
  }
  const needsAll = hasCharacteristic(tx.state, resource, characteristic.deleteRequiresAllNodes);
  const isActive = ({ state: now }: Node): boolean =>
    now === NodeState.Up || now === NodeState.Paused;
  if (needsAll && ![...tx.state.nodes].every(isActive)) {
    throw new RpcError(Status.ERROR_ALL_NODES_NOT_AVAILABLE);
  }
  const group = groupOf(tx, resource);
  tx.configure("group", group, { contains: group.contains.filter((id) => id !== resource.id) });
  tx.remove("resource", resource);
  settle(tx, group);
  if (resource.isShared === 1) endSpecial(tx, group);
}

/** Adds a node to those that may host a resource. @throws RpcError ERROR_OBJECT_ALREADY_EXISTS */
export function addPossibleOwner(tx: Transaction, resource: Resource, { id }: Node): void {
  const { possibleOwners } = resource;
  if (possibleOwners.includes(id)) throw new RpcError(Status.ERROR_OBJECT_ALREADY_EXISTS);
  tx.configure("resource", resource, { possibleOwners: [...possibleOwners, id] });
  settle(tx, groupOf(tx, resource));
}

/** @throws RpcError ERROR_CLUSTER_NODE_NOT_FOUND, ERROR_INVALID_STATE where the node has it online */
export function removePossibleOwner(tx: Transaction, resource: Resource, { id }: Node): void {
  const { possibleOwners, hosting, state } = resource;
  if (possibleOwners.length > 0 && !possibleOwners.includes(id)) {
    throw new RpcError(Status.ERROR_CLUSTER_NODE_NOT_FOUND);
  }
  const isUp = hosting !== "none" || state === ResourceState.OnlinePending;
  if (isUp && groupOf(tx, resource).owner === id) throw new RpcError(Status.ERROR_INVALID_STATE);
  tx.configure("resource", resource, {
    possibleOwners: possibleOwners.filter((one) => one !== id),
  });
  settle(tx, groupOf(tx, resource));
}

/**
 * Takes a resource and all that is tied to it by dependencies to another group.
 *
 * @throws RpcError ERROR_ALREADY_EXISTS, ERROR_CLUSTER_USE_SHARED_VOLUMES_API, ERROR_CLUSTER_RESOURCE_LOCKED_STATUS,
 *   ERROR_RESOURCE_ONLINE, ERROR_HOST_NODE_NOT_RESOURCE_OWNER, ERROR_CLUSTER_GROUP_SINGLETON_RESOURCE,
 *   ERROR_QUORUM_NOT_ALLOWED_IN_THIS_GROUP
 */
export function changeGroup(
  tx: Transaction,
  resource: Resource,
  to: Group,
  isForcedToSharedVolumes = false,
): void {
  const from = groupOf(tx, resource);
  if (from === to) throw new RpcError(Status.ERROR_ALREADY_EXISTS);
  if (isSpecial(from) || (isSpecial(to) && !isForcedToSharedVolumes)) {
    throw new RpcError(Status.ERROR_CLUSTER_USE_SHARED_VOLUMES_API);
  }
  if (isLocked(tx.state, from) || isLocked(tx.state, to)) {
    throw new RpcError(Status.ERROR_CLUSTER_RESOURCE_LOCKED_STATUS);
  }
  const moved = dependencyTree(tx.state, resource);
  demandMovable(tx.state, moved, from, to);
  handOver(tx, moved, from, to);
}

/** Takes resources out of a group and puts them into another one, in the order that they had. */
export function handOver(
  tx: Transaction,
  moved: readonly Resource[],
  from: Group,
  to: Group,
): void {
  const ids = new Set(moved.map(({ id }) => id));
  const stays = (id: string): boolean => !ids.has(id);
  const order = resourcesOf(tx.state, from).filter((one) => moved.includes(one));
  tx.configure("group", from, { contains: from.contains.filter(stays) });
  tx.configure("group", to, { contains: [...to.contains, ...order.map(({ id }) => id)] });
  for (const one of order) {
    tx.configure("resource", one, { group: to.id, sequence: one.sequence + 1 });
    // What failed in a move waits for the move's end to be tried again, and that won't come for it any more.
    if (from.move !== null && one.state === ResourceState.Failed && one.isWanted) {
      tx.enter("resource", one, { state: ResourceState.Offline });
    }
  }
  settle(tx, from);
  settle(tx, to);
}

function demandMovable(
  state: ClusterState,
  moved: readonly Resource[],
  from: Group,
  to: Group,
): void {
  const isBusy = from.move !== null || to.move !== null;
  const isDown = (one: Resource): boolean =>
    one.state === ResourceState.Offline || one.state === ResourceState.Failed;
  if ((from.owner !== to.owner || isBusy) && !moved.every(isDown)) {
    throw new RpcError(Status.ERROR_RESOURCE_ONLINE);
  }
  const mayRun = moved.every(({ possibleOwners }) => possibleOwners.includes(to.owner));
  if (from.owner !== to.owner && !mayRun) {
    throw new RpcError(Status.ERROR_HOST_NODE_NOT_RESOURCE_OWNER);
  }
  for (const one of moved) {
    const type = state.resourceTypes.find(one.type);
    if (type !== undefined) {
      const there = resourcesOf(state, to).filter((other) => other.type === one.type);
      demandSingleInGroup(to, type, there);
    }
  }
  if (to.type === availableStorageType && moved.some((one) => isQuorum(state, one))) {
    throw new RpcError(Status.ERROR_QUORUM_NOT_ALLOWED_IN_THIS_GROUP);
  }
}

/** The most octets that the name of a resource type may have ([MS-CMRP] 3.1.1.1.3). */
const longestTypeName = 514;

/** @throws RpcError ERROR_INVALID_NAME, ERROR_ALREADY_EXISTS */
export function addResourceType(
  tx: Transaction,
  given: Pick<ResourceType, "name" | "displayName" | "dllName"> &
    Pick<ResourceType, "looksAliveInterval" | "isAliveInterval">,
): ResourceType {
  const { name } = given;
  if (!isName(name) || name.includes("\\") || name.length * 2 > longestTypeName) {
    throw new RpcError(Status.ERROR_INVALID_NAME);
  }
  if (tx.state.resourceTypes.find(name) !== undefined) {
    throw new RpcError(Status.ERROR_ALREADY_EXISTS);
  }
  return createResourceType(tx, given);
}

/** @throws RpcError ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND, ERROR_DIR_NOT_EMPTY where resources have it */
export function deleteResourceType(tx: Transaction, name: string): void {
  const type = tx.state.resourceTypes.find(name);
  if (type === undefined) throw new RpcError(Status.ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND);
  if ([...tx.state.resources].some((one) => one.type === type.name)) {
    throw new RpcError(Status.ERROR_DIR_NOT_EMPTY);
  }
  tx.remove("resourceType", type);
}
