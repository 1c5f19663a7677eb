/** Commands on what resources need ([MS-CMRP] 3.1.1.1.2, 3.1.4.2.20 to 3.1.4.2.22, 3.1.4.2.109 to 3.1.4.2.111). */
import { ResourceState, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import {
  dependentsOf,
  isQuorum,
  providersFirst,
  providerSets,
  providersOf,
  resourcesOf,
} from "../model/derived.ts";
import type { Resource } from "../model/objects.ts";
import type { ClusterState } from "../model/state.ts";
import { parseExpression } from "./expression.ts";
import { groupOf } from "./online.ts";
import { settle } from "./settle.ts";
import type { Transaction } from "./transaction.ts";

/** How long a chain of dependencies may be. */
const deepest = 100;

const { Online, OnlinePending, OfflinePending } = ResourceState;

/**
 * Has a resource need another one.
 *
 * @throws RpcError ERROR_INVALID_PARAMETER, ERROR_DEPENDENCY_ALREADY_EXISTS, ERROR_CIRCULAR_DEPENDENCY,
 *   ERROR_DEPENDENCY_TREE_TOO_COMPLEX, ERROR_DEPENDENCY_NOT_ALLOWED, ERROR_RESOURCE_ONLINE
 */
export function addDependency(tx: Transaction, resource: Resource, provider: Resource): void {
  demandPossible(tx.state, resource, [provider]);
  const isLate = resource.state === Online && provider.state !== Online;
  if (isLate || resource.state === OnlinePending) throw new RpcError(Status.ERROR_RESOURCE_ONLINE);
  setDependencies(tx, resource, [...resource.dependencies, provider.id]);
}

/**
 * Says whether a resource could come to need another one. Both may not be online ([MS-CMRP] 3.1.4.2.22), although such a
 * dependency can be added.
 *
 * @throws RpcError as addDependency
 */
export function demandCanDepend(state: ClusterState, resource: Resource, provider: Resource): void {
  demandPossible(state, resource, [provider]);
  const isLate = resource.state === Online && provider.state === Online;
  if (isLate || resource.state === OnlinePending) throw new RpcError(Status.ERROR_RESOURCE_ONLINE);
}

/** @throws RpcError ERROR_DEPENDENCY_NOT_FOUND, ERROR_RESOURCE_ONLINE */
export function removeDependency(tx: Transaction, resource: Resource, provider: Resource): void {
  const sets = providerSets(resource);
  const from = sets.find((set) => set.includes(provider.id));
  if (from === undefined) throw new RpcError(Status.ERROR_DEPENDENCY_NOT_FOUND);
  const { state } = resource;
  const isUp = state === Online || state === OnlinePending || state === OfflinePending;
  if (isUp && provider.state === Online && from.length > 1) {
    throw new RpcError(Status.ERROR_RESOURCE_ONLINE);
  }
  const left = sets.map((set) => set.filter((id) => id !== provider.id));
  setDependencies(tx, resource, lines(left));
}

/**
 * Has a resource need what an expression says, and nothing else.
 *
 * @throws RpcError as addDependency; ERROR_INVALID_PARAMETER also for what is no expression, and for names that no
 *   resource of its group has
 */
export function setDependencyExpression(tx: Transaction, resource: Resource, text: string): void {
  const parsed = parseExpression(text);
  if (parsed === null) throw new RpcError(Status.ERROR_INVALID_PARAMETER, { detail: text });
  const sets = parsed.map((set) => set.map((name) => providerNamed(tx.state, name)));
  const providers = sets.flat();
  if (new Set(providers).size < providers.length) {
    throw new RpcError(Status.ERROR_DEPENDENCY_ALREADY_EXISTS);
  }
  demandPossible(tx.state, resource, providers);
  const isLate =
    resource.state === Online && sets.some((set) => set.every(({ state }) => state !== Online));
  if (isLate || resource.state === OnlinePending) throw new RpcError(Status.ERROR_RESOURCE_ONLINE);
  setDependencies(tx, resource, lines(sets.map((set) => set.map(({ id }) => id))));
}

/** The first network name that a resource needs, by itself or through others. */
export function networkNameOf(state: ClusterState, resource: Resource): Resource | undefined {
  const needed = new Set(providersOf(resource));
  for (const id of needed) {
    const provider = state.resources.get(id);
    if (provider?.type === "Network Name") return provider;
    for (const next of provider === undefined ? [] : providersOf(provider)) needed.add(next);
  }
  return undefined;
}

/** All that is tied to a resource by dependencies, in either direction; itself too. */
export function dependencyTree(state: ClusterState, resource: Resource): Resource[] {
  const tied = new Set([resource]);
  for (const one of tied) {
    for (const id of providersOf(one)) {
      const provider = state.resources.get(id);
      if (provider !== undefined) tied.add(provider);
    }
    for (const dependent of dependentsOf(state, one)) tied.add(dependent);
  }
  return [...tied];
}

function providerNamed(state: ClusterState, name: string): Resource {
  const provider = state.resources.find(name);
  if (provider === undefined) {
    throw new RpcError(Status.ERROR_INVALID_PARAMETER, { detail: `no resource ${name}` });
  }
  return provider;
}

function demandPossible(
  state: ClusterState,
  resource: Resource,
  providers: readonly Resource[],
): void {
  if (providers.some((one) => one === resource || one.group !== resource.group)) {
    const detail = "a resource can need others of its group alone";
    throw new RpcError(Status.ERROR_INVALID_PARAMETER, { detail });
  }
  const present = providersOf(resource);
  if (providers.some(({ id }) => present.includes(id))) {
    throw new RpcError(Status.ERROR_DEPENDENCY_ALREADY_EXISTS);
  }
  const depths = depthsIn(state, resource);
  const below = needing(state, resource);
  if (providers.some((one) => below.has(one))) {
    throw new RpcError(Status.ERROR_CIRCULAR_DEPENDENCY);
  }
  const above =
    Math.max(...[...below].map((one) => depths.get(one) ?? 0)) - (depths.get(resource) ?? 0);
  if (providers.some((one) => (depths.get(one) ?? 0) + 1 + above > deepest)) {
    throw new RpcError(Status.ERROR_DEPENDENCY_TREE_TOO_COMPLEX);
  }
  if (providers.length > 0 && isQuorum(state, resource)) {
    throw new RpcError(Status.ERROR_DEPENDENCY_NOT_ALLOWED);
  }
}

/** A resource and all that needs it, by itself or through others. */
function needing(state: ClusterState, resource: Resource): ReadonlySet<Resource> {
  const found = new Set([resource]);
  for (const one of found) for (const dependent of dependentsOf(state, one)) found.add(dependent);
  return found;
}

/** How long the longest chain of providers is below each resource of a group. */
function depthsIn(state: ClusterState, { group: id }: Resource): ReadonlyMap<Resource, number> {
  const depths = new Map<Resource, number>();
  const group = state.groups.get(id);
  for (const one of providersFirst(group === undefined ? [] : resourcesOf(state, group))) {
    const below = providersOf(one).map((provider) => {
      const found = state.resources.get(provider);
      return found === undefined ? 0 : (depths.get(found) ?? 0) + 1;
    });
    depths.set(one, Math.max(0, ...below));
  }
  return depths;
}

function lines(sets: readonly (readonly string[])[]): string[] {
  return sets.filter((set) => set.length > 0).map((set) => set.join(" or "));
}

function setDependencies(tx: Transaction, resource: Resource, dependencies: string[]): void {
  tx.configure("resource", resource, { dependencies });
  settle(tx, groupOf(tx, resource));
}
