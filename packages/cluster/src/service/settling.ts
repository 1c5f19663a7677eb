/** What operations answer that bring things about: done, under way, or failed ([MS-CMRP] 3.1.4.2.18 and others). */
import { GroupState, ResourceState, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import type { Cluster } from "../core/cluster.ts";
import { groupState, isPending } from "../model/derived.ts";
import type { Group, Resource } from "../model/objects.ts";
import { isWaiting, waitsForRoom } from "../model/waiting.ts";
import type { ClusterState } from "../model/state.ts";

export interface Answer {
  readonly returnValue: number;
}

const done: Answer = { returnValue: 0 };
const underWay: Answer = { returnValue: Status.ERROR_IO_PENDING };

/** @throws RpcError for a resource that is not online, nor on its way there */
export function answerOnline(state: ClusterState, resource: Resource): Answer {
  const group = state.groups.get(resource.group);
  const isHeld =
    group !== undefined &&
    resource.isWanted &&
    (isWaiting(state, group) || waitsForRoom(state, group));
  if (isHeld || isPending(resource)) return underWay;
  if (resource.state === ResourceState.Online) return done;
  if (resource.state === ResourceState.Failed) throw new RpcError(Status.ERROR_RESOURCE_FAILED);
  throw new RpcError(Status.ERROR_CLUSTER_RESOURCE_PROVIDER_FAILED);
}

/** @throws RpcError ERROR_RESOURCE_FAILED */
export function answerOffline(resource: Resource): Answer {
  if (isPending(resource)) return underWay;
  if (resource.state === ResourceState.Failed) throw new RpcError(Status.ERROR_RESOURCE_FAILED);
  return done;
}

/** @throws RpcError ERROR_RESOURCE_FAILED */
export function answerGroup(state: ClusterState, group: Group): Answer {
  if (isBusy(state, group)) return underWay;
  if (groupState(state, group) === GroupState.Failed) {
    throw new RpcError(Status.ERROR_RESOURCE_FAILED);
  }
  return done;
}

function isBusy(state: ClusterState, group: Group): boolean {
  const isUnderWay = group.move !== null || group.queued !== null || isWaiting(state, group);
  return isUnderWay || groupState(state, group) === GroupState.Pending;
}

/** Waits until a group is no longer pending, or the caller has gone. */
export function groupSettled(cluster: Cluster, group: Group, signal: AbortSignal): Promise<void> {
  if (!isBusy(cluster.state, group)) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = (): void => {
      stopListening();
      signal.removeEventListener("abort", stop);
      resolve();
    };
    const stopListening = cluster.listen(({ kind }) => {
      if (kind !== "key" && !isBusy(cluster.state, group)) stop();
    });
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
  });
}
