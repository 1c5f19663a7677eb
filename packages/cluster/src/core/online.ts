/** Commands that bring resources online and offline ([MS-CMRP] 3.1.4.2.17 to 3.1.4.2.19, 3.1.4.2.134, 3.1.4.2.135). */
import { NodeState, ResourceState, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { isKeptOff, running } from "../model/affinity.ts";
import { dependentsOf, isPending, isQuorum, providerSets } from "../model/derived.ts";
import type { Group, Resource } from "../model/objects.ts";
import { fail } from "./outcome.ts";
import { placements } from "./placement.ts";
import { settle } from "./settle.ts";
import type { Transaction } from "./transaction.ts";
import { beginMove } from "./transfer.ts";

export interface Request {
  /** Locked resources are no hindrance. */
  readonly ignoresLocks?: boolean;
  /** The persistent state stays what it is. */
  readonly isPassing?: boolean;
  /** What the request has for hosts. */
  readonly parameters?: Uint8Array;
}

export interface OnlineRequest extends Request {
  /** The group moves to where it suits best first. */
  readonly picksNode?: boolean;
  /** Nothing keeps its group together with others or apart. */
  readonly ignoresRules?: boolean;
}

export interface OfflineRequest extends Request {
  /** Its host ends it rather than asks it to go. */
  readonly isForced?: boolean;
}

const settled: ReadonlySet<number> = new Set([
  ResourceState.Initializing,
  ResourceState.Online,
  ResourceState.Offline,
  ResourceState.Failed,
]);

export function groupOf(tx: Transaction, resource: Resource): Group {
  const group = tx.state.groups.get(resource.group);
  if (group === undefined) throw new RpcError(Status.ERROR_RESOURCE_NOT_AVAILABLE);
  return group;
}

/**
 * Has a resource come online, after what it needs: all of its providers that stand alone, and one of each set.
 *
 * @throws RpcError ERROR_INVALID_STATE, ERROR_SHARING_PAUSED, ERROR_CLUSTER_RESOURCE_LOCKED_STATUS,
 *   ERROR_NODE_CANT_HOST_RESOURCE
 */
export function onlineResource(
  tx: Transaction,
  resource: Resource,
  request: OnlineRequest = {},
): void {
  const group = groupOf(tx, resource);
  if (!settled.has(resource.state)) throw new RpcError(Status.ERROR_INVALID_STATE);
  demandUnpaused(tx, resource, group);
  const needed = withProviders(tx, resource);
  if (request.ignoresLocks !== true) demandUnlocked(needed);
  if (running(tx.state, group) === null) demandRoom(tx, group, request);
  for (const one of needed) want(tx, one, request, one === resource);
  if (request.picksNode === true) moveToBest(tx, group, request);
  settle(tx, group);
}

function demandUnpaused(tx: Transaction, resource: Resource, { owner }: Group): void {
  const node = tx.state.nodes.get(owner);
  if (node?.state === NodeState.Paused && !isQuorum(tx.state, resource)) {
    throw new RpcError(Status.ERROR_SHARING_PAUSED);
  }
}

function demandUnlocked(resources: readonly Resource[]): void {
  if (resources.some(({ isLocked }) => isLocked)) {
    throw new RpcError(Status.ERROR_CLUSTER_RESOURCE_LOCKED_STATUS);
  }
}

/** A resource and what it needs to be online; of each set the one that is online, or wanted, or the first that works. */
function withProviders(tx: Transaction, resource: Resource): Resource[] {
  const needed = new Set<Resource>([resource]);
  for (const one of needed) {
    for (const set of providerSets(one)) {
      const providers = set.flatMap((id) => tx.state.resources.get(id) ?? []);
      const chosen =
        providers.find(({ state }) => state === ResourceState.Online) ??
        providers.find(({ isWanted, state }) => isWanted && state !== ResourceState.Failed) ??
        providers.find(({ state }) => state !== ResourceState.Failed) ??
        providers[0];
      if (chosen !== undefined) needed.add(chosen);
    }
  }
  return [...needed];
}

/** Says that a resource is to be online. One that has failed is tried again at once. */
export function want(
  tx: Transaction,
  resource: Resource,
  { isPassing = false, parameters = new Uint8Array() }: Request,
  isNamed: boolean,
): void {
  if (!(isPassing && isNamed)) tx.update("resource", resource, { persistentState: 1 });
  const isUp = resource.state === ResourceState.Online;
  tx.update("resource", resource, {
    isWanted: true,
    restarts: isUp ? resource.restarts : [],
    retryAt: resource.state === ResourceState.Failed ? tx.steady : null,
    ...(!isUp && { parameters }),
  });
}

/**
 * Has the rules that keep a group together with others or apart count from now on, or not.
 *
 * @throws RpcError ERROR_NODE_CANT_HOST_RESOURCE where they keep it off its node, or off all nodes that it may go to
 */
export function demandRoom(
  tx: Transaction,
  group: Group,
  { picksNode = false, ignoresRules = false }: OnlineRequest,
): void {
  tx.update("group", group, { ignoresRules });
  if (!isKeptOff(tx.state, group)) return;
  if (!picksNode || placements(tx.state, group).length === 0) {
    throw new RpcError(Status.ERROR_NODE_CANT_HOST_RESOURCE);
  }
}

/** Sets a group out for where it suits best, where that is another node. */
export function moveToBest(
  tx: Transaction,
  group: Group,
  { ignoresRules = false }: OnlineRequest,
): void {
  const [best] = placements(tx.state, group, ignoresRules);
  if (best === undefined || best.id === group.owner) return;
  const move = { from: group.owner, to: best.id, returnsOnError: false, ignoresRules };
  beginMove(tx, group, { ...move, parameters: new Uint8Array() });
}

/**
 * Has a resource go offline, after what needs it. One that has failed is only no longer wanted.
 *
 * @throws RpcError ERROR_INVALID_STATE, ERROR_CLUSTER_RESOURCE_LOCKED_STATUS
 */
export function offlineResource(
  tx: Transaction,
  resource: Resource,
  request: OfflineRequest = {},
): void {
  const { state } = resource;
  if (!settled.has(state) || state === ResourceState.Initializing) {
    throw new RpcError(Status.ERROR_INVALID_STATE);
  }
  const leaving = withDependents(tx, resource);
  if (request.ignoresLocks !== true) demandUnlocked(leaving);
  for (const one of leaving) unwant(tx, one, request, one === resource);
  if (request.isForced === true) for (const one of leaving.toReversed()) terminate(tx, one);
  settle(tx, groupOf(tx, resource));
}

/** A resource and what can't be online without it. */
function withDependents(tx: Transaction, resource: Resource): Resource[] {
  const leaving = new Set<Resource>([resource]);
  for (const one of leaving) {
    for (const dependent of dependentsOf(tx.state, one)) {
      const isLost = providerSets(dependent).some((set) =>
        set.every((id) => {
          const provider = tx.state.resources.get(id);
          return (
            provider === undefined ||
            leaving.has(provider) ||
            provider.state !== ResourceState.Online
          );
        }),
      );
      if (isLost && (dependent.isWanted || dependent.hosting !== "none")) leaving.add(dependent);
    }
  }
  return [...leaving];
}

export function unwant(
  tx: Transaction,
  resource: Resource,
  { isPassing = false, parameters = new Uint8Array() }: Request,
  isNamed: boolean,
): void {
  if (!(isPassing && isNamed)) tx.update("resource", resource, { persistentState: 0 });
  tx.update("resource", resource, { isWanted: false, retryAt: null, parameters });
}

/** Ends a resource at once, whatever is going on with it: what its host has of it is let go of. */
function terminate(tx: Transaction, resource: Resource): void {
  if (resource.hosting === "none") return;
  const attempt = resource.attempt + 1;
  const { id, parameters } = resource;
  tx.effects.push({ type: "terminate", resource: id, attempt, parameters });
  tx.update("resource", resource, { hosting: "none", attempt });
  tx.enter("resource", resource, { state: ResourceState.Offline });
}

const mayFail: ReadonlySet<number> = new Set([
  ResourceState.Online,
  ResourceState.OnlinePending,
  ResourceState.OfflinePending,
]);

/** @throws RpcError ERROR_INVALID_STATE */
export function failResource(tx: Transaction, resource: Resource): void {
  if (!mayFail.has(resource.state)) throw new RpcError(Status.ERROR_INVALID_STATE);
  const group = groupOf(tx, resource);
  const text = "a client had it fail";
  fail(tx, resource, group, { code: Status.ERROR_RESOURCE_FAILED, text });
  settle(tx, group);
}

/**
 * Takes a resource offline and has it come back to its persistent state, with what needs it.
 *
 * @throws RpcError ERROR_INVALID_STATE, ERROR_CLUSTER_RESOURCE_LOCKED_STATUS
 */
export function restartResource(tx: Transaction, resource: Resource): void {
  if (isPending(resource)) throw new RpcError(Status.ERROR_INVALID_STATE);
  demandUnlocked([resource]);
  const isWanted = resource.persistentState === 1;
  const isFailed = resource.state === ResourceState.Failed;
  tx.update("resource", resource, {
    isWanted,
    isBouncing: resource.hosting !== "none",
    retryAt: isWanted && isFailed ? tx.steady : null,
  });
  settle(tx, groupOf(tx, resource));
}

/** A resource's host has clients leave it as it is, or lets them at it again. */
export function lockResource(tx: Transaction, id: string, isLocked: boolean): void {
  const resource = tx.state.resources.get(id);
  if (resource === undefined) return;
  tx.update("resource", resource, { isLocked });
  settle(tx, groupOf(tx, resource));
}
