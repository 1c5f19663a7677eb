/**
 * Where a group is to go, done as far as it can be done now: resources that are wanted start when what they need is
 * online, others stop when nothing needs them any more, and a group that moves sets out when all of them have stopped.
 * Every command that changes what is wanted, and every answer of a host, ends with it.
 */
import { NodeState, ResourceState } from "@msrpc/ms-cmrp";
import {
  groupState,
  isPending,
  isQuorum,
  providersFirst,
  providerSets,
  providersOf,
  resourcesOf,
} from "../model/derived.ts";
import { DrainStatus, type Group, type Node, type Resource } from "../model/objects.ts";
import { waitsForRoom } from "../model/waiting.ts";
import { groupsToRelease, holdBack } from "./holding.ts";
import { removeGroup } from "./forget-group.ts";
import { tellSetState } from "./set-state.ts";
import type { Transaction } from "./transaction.ts";
import { arrive, evade, isOnItsWay, setOut, tellDrained } from "./transfer.ts";

export function settle(tx: Transaction, group: Group): void {
  let isMoved: boolean;
  do {
    const resources = providersFirst(resourcesOf(tx.state, group));
    const ties = tiesOf(resources);
    const isHeld = holdBack(tx, group, resources);
    if (waitsForRoom(tx.state, group)) evade(tx, group);
    const runs = isHeld ? new Set<Resource>() : willRun(tx, group, ties);
    for (const resource of resources.toReversed()) {
      if (!runs.has(resource)) stop(tx, resource, ties, runs);
    }
    for (const resource of resources) if (runs.has(resource)) start(tx, resource, runs);
    noteBeginning(tx, group, resources);
    isMoved = depart(tx, group, resources);
  } while (isMoved);
  if (tx.state.groups.has(group)) {
    tellGroupState(tx, group);
    // The last group to leave, or to come to rest where it has to stay, ends a drain.
    if (!isOnItsWay(group) || !isDraining(tx, group)) tellDrained(tx);
  }
  settleReleased(tx);
}

function isDraining(tx: Transaction, { owner }: Group): boolean {
  return tx.state.nodes.get(owner)?.drainStatus === DrainStatus.InProgress;
}

/** Has groups start that needn't wait for others any more. */
export function settleReleased(tx: Transaction): void {
  for (const group of groupsToRelease(tx)) settle(tx, group);
}

function noteBeginning(tx: Transaction, group: Group, resources: readonly Resource[]): void {
  const isUp = resources.some(({ hosting }) => hosting === "starting" || hosting === "running");
  if (isUp && group.beganAt === null) tx.update("group", group, { beganAt: tx.steady });
  const isDown = resources.every(({ hosting }) => hosting === "none");
  if (isDown && group.beganAt !== null) tx.update("group", group, { beganAt: null });
}

/** Tells of the state of a group, where it isn't the one that was told last. */
export function tellGroupState(tx: Transaction, group: Group): void {
  const state = groupState(tx.state, group);
  if (state === group.state) return;
  tx.enter("group", group, { state });
  tellSetState(tx, group.groupSet);
}

/** What is to be online now, or on its way there. */
function willRun(tx: Transaction, group: Group, { byId }: Ties): ReadonlySet<Resource> {
  const runs = new Set<Resource>();
  if (group.move !== null || group.isDeleting) return runs;
  const node = tx.state.nodes.get(group.owner);
  for (const resource of byId.values()) {
    const { isWanted, isBouncing, state, retryAt } = resource;
    if (!isWanted || isBouncing || !mayRunAt(tx, resource, node)) continue;
    if (state === ResourceState.Failed && (retryAt === null || retryAt > tx.steady)) continue;
    // What its host is at needs providers that are online; what isn't started waits for them.
    const isAtWork = resource.hosting !== "none";
    const isProvided = providerSets(resource).every((set) =>
      set.some((id) => {
        const other = byId.get(id);
        return other !== undefined && (isAtWork ? isOnline(other, runs) : runs.has(other));
      }),
    );
    if (isProvided) runs.add(resource);
  }
  return runs;
}

/** On a paused node, what is online stays online, and nothing else but the quorum resource starts. */
function mayRunAt(tx: Transaction, resource: Resource, node: Node | undefined): boolean {
  if (node === undefined || !resource.possibleOwners.includes(node.id)) return false;
  if (node.state === NodeState.Up) return true;
  if (node.state !== NodeState.Paused) return false;
  const { hosting } = resource;
  return hosting === "running" || hosting === "starting" || isQuorum(tx.state, resource);
}

function isOnline(resource: Resource, runs: ReadonlySet<Resource>): boolean {
  return resource.state === ResourceState.Online && runs.has(resource);
}

function start(tx: Transaction, resource: Resource, runs: ReadonlySet<Resource>): void {
  const { state, hosting } = resource;
  if (state === ResourceState.Online || hosting === "stopping") return;
  const isReady = providerSets(resource).every((set) =>
    set.some((id) => {
      const provider = tx.state.resources.get(id);
      return provider !== undefined && isOnline(provider, runs);
    }),
  );
  if (hosting === "running") {
    // It was to stop, and was not told yet.
    if (isReady) tx.enter("resource", resource, { state: ResourceState.Online });
    return;
  }
  if (state !== ResourceState.OnlinePending) {
    tx.enter("resource", resource, { state: ResourceState.OnlinePending, retryAt: null });
  }
  if (isReady && hosting === "none") ask(tx, resource, "online", "starting");
}

function stop(tx: Transaction, resource: Resource, ties: Ties, runs: ReadonlySet<Resource>): void {
  const { state, hosting } = resource;
  if (hosting === "none") {
    // It waits for what it needs, and comes when that is there.
    const isDue = resource.retryAt !== null && resource.retryAt <= tx.steady;
    if (state === ResourceState.OnlinePending || (state === ResourceState.Failed && isDue)) {
      tx.enter("resource", resource, { state: ResourceState.Offline, retryAt: null });
    }
    return;
  }
  if (state !== ResourceState.OfflinePending) {
    tx.enter("resource", resource, { state: ResourceState.OfflinePending });
  }
  if (hosting === "stopping") return;
  const dependents = ties.dependents().get(resource.id) ?? [];
  if (dependents.some((other) => reliesOn(other, resource, ties, runs))) return;
  ask(tx, resource, "offline", "stopping");
}

/** Whether a resource still uses a provider: its host is at it, and no other provider of the set takes its place. */
function reliesOn(
  resource: Resource,
  provider: Resource,
  { byId }: Ties,
  runs: ReadonlySet<Resource>,
): boolean {
  if (resource.hosting === "none") return false;
  const takesItsPlace = (id: string): boolean => {
    const other = byId.get(id);
    return other !== undefined && other !== provider && isOnline(other, runs);
  };
  return providerSets(resource).some(
    (set) => set.includes(provider.id) && !set.some(takesItsPlace),
  );
}

/** Resources of a group by what ties them: a group may have thousands, and every answer of a host looks at all of them. */
interface Ties {
  /** In an order in which each comes after those that it needs. */
  readonly byId: ReadonlyMap<string, Resource>;
  /** Those that need a resource directly, by its ID. */
  readonly dependents: () => ReadonlyMap<string, readonly Resource[]>;
}

function tiesOf(resources: readonly Resource[]): Ties {
  let dependents: Map<string, Resource[]> | null = null;
  return {
    byId: new Map(resources.map((resource) => [resource.id, resource])),
    dependents: () => (dependents ??= dependentsIn(resources)),
  };
}

function dependentsIn(resources: readonly Resource[]): Map<string, Resource[]> {
  const found = new Map<string, Resource[]>();
  for (const resource of resources) {
    for (const id of providersOf(resource)) {
      const known = found.get(id);
      if (known === undefined) found.set(id, [resource]);
      else known.push(resource);
    }
  }
  return found;
}

function ask(
  tx: Transaction,
  resource: Resource,
  type: "online" | "offline",
  hosting: "starting" | "stopping",
): void {
  const attempt = resource.attempt + 1;
  tx.update("resource", resource, { hosting, attempt, askedAt: tx.steady });
  const { id, parameters } = resource;
  tx.effects.push({ type, resource: id, attempt, parameters });
}

/** What follows when everything has stopped. Says whether there is more to settle. */
function depart(tx: Transaction, group: Group, resources: readonly Resource[]): boolean {
  const bounced = resources.filter(({ isBouncing, hosting }) => isBouncing && hosting === "none");
  for (const resource of bounced) tx.update("resource", resource, { isBouncing: false });
  if (group.isDeleting || group.move !== null) {
    if (!resources.every(({ hosting }) => hosting === "none")) return bounced.length > 0;
    if (group.move !== null) return arrive(tx, group, group.move, resources);
    for (const resource of resources.toReversed()) tx.remove("resource", resource);
    removeGroup(tx, group);
    return false;
  }
  if (group.queued !== null && !resources.some(isPending)) return setOut(tx, group, group.queued);
  const isThere = resources.every(
    ({ isWanted, state }) => !isWanted || state === ResourceState.Online,
  );
  if (group.returnTo !== null && isThere) tx.update("group", group, { returnTo: null });
  return bounced.length > 0;
}
