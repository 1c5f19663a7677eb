/** States that follow from others ([MS-CMRP] 3.1.4.2.46, 3.1.4.2.83). */
import { textOf } from "@msrpc/cluster-data";
import { GroupState, NetInterfaceState, NetworkState, ResourceState } from "@msrpc/ms-cmrp";
import { findKey, fold, valueOf } from "../registry/key.ts";
import type { Group, Network, Resource } from "./objects.ts";
import type { ClusterState } from "./state.ts";

export function resourcesOf(state: ClusterState, group: Group): Resource[] {
  return group.contains.flatMap((id) => state.resources.get(id) ?? []);
}

/** What a resource needs, by ID: one of each set. A set of one is a simple dependency ([MS-CMRP] 3.1.1.1.2). */
export function providerSets(resource: Resource): string[][] {
  return resource.dependencies.map((alternatives) => alternatives.split(" or "));
}

/** The IDs of resources that a resource needs directly, in every alternative. */
export function providersOf(resource: Resource): string[] {
  return providerSets(resource).flat();
}

/** Resources that need a resource directly. They are in its group. */
export function dependentsOf(state: ClusterState, resource: Resource): Resource[] {
  const group = state.groups.get(resource.group);
  if (group === undefined) return [];
  return resourcesOf(state, group).filter((other) => providersOf(other).includes(resource.id));
}

/** Resources of a group, each after those that it needs. */
export function providersFirst(resources: readonly Resource[]): Resource[] {
  const byId = new Map(resources.map((resource) => [resource.id, resource]));
  const ordered = new Set<Resource>();
  const visit = (resource: Resource): void => {
    if (ordered.has(resource)) return;
    for (const id of providersOf(resource)) {
      const provider = byId.get(id);
      if (provider !== undefined) visit(provider);
    }
    ordered.add(resource);
  };
  resources.forEach(visit);
  return [...ordered];
}

/** What a resource needs, as clients write it ([MS-CMRP] 3.1.4.2.109): `([id]) and ([id] or [id])`. */
export function dependencyExpression(resource: Resource): string {
  const sets = providerSets(resource).map((set) => set.map((id) => `[${id}]`));
  return sets.map((set) => `(${set.join(" or ")})`).join(" and ");
}

/** Resources of a group that no other one needs. */
function topLevel(resources: readonly Resource[]): Resource[] {
  const needed = new Set(resources.flatMap(providersOf));
  return resources.filter(({ id }) => !needed.has(id));
}

export function isPending({ state }: Pick<Resource, "state">): boolean {
  return state === ResourceState.OnlinePending || state === ResourceState.OfflinePending;
}

/** A group whose move waits counts as pending: otherwise nobody could cancel the move ([MS-CMRP] 3.1.4.2.133). */
export function groupState(state: ClusterState, group: Group): number {
  const resources = resourcesOf(state, group);
  if (resources.some((resource) => resource.state === ResourceState.Failed)) {
    return GroupState.Failed;
  }
  if (group.queued !== null || resources.some(isPending)) return GroupState.Pending;
  const top = topLevel(resources);
  const online = top.filter((resource) => resource.state === ResourceState.Online).length;
  if (top.length > 0 && online === top.length) return GroupState.Online;
  return online > 0 ? GroupState.PartialOnline : GroupState.Offline;
}

/** [MS-CMRP] 3.1.1.1.4: one of its resources is locked. */
export function isLocked(state: ClusterState, group: Group): boolean {
  return resourcesOf(state, group).some((resource) => resource.isLocked);
}

/** The group type of cluster shared volumes; such groups are special ([MS-CMRP] 3.1.1.1.4). */
export const sharedVolumesType = 4;

export function isSpecial({ type }: Group): boolean {
  return type === sharedVolumesType;
}

/** The resource that decides who is the cluster, where it isn't a majority of nodes alone. */
export function isQuorum(state: ClusterState, resource: Resource): boolean {
  const value = valueOf(findKey(state.registry, "Quorum") ?? state.registry, "Resource");
  return value !== undefined && fold(textOf(value) ?? "") === fold(resource.id);
}

/** The document leaves some mixtures open; those are partitioned where two interfaces are up, otherwise down. */
export function networkState(state: ClusterState, { id }: Network): number {
  const states = [...state.netInterfaces].flatMap((one) => (one.network === id ? one.state : []));
  const all = (...wanted: number[]): boolean => states.every((one) => wanted.includes(one));
  const up = states.filter((one) => one === NetInterfaceState.Up).length;
  if (all(NetInterfaceState.Unavailable)) return NetworkState.Unavailable;
  if (all(NetInterfaceState.Failed, NetInterfaceState.Unreachable)) return NetworkState.Down;
  if (all(NetInterfaceState.Up)) return NetworkState.Up;
  const some = states.filter((one) => one !== NetInterfaceState.Unavailable);
  if (up === some.length) return NetworkState.Up;
  return up >= 2 ? NetworkState.Partitioned : NetworkState.Down;
}
