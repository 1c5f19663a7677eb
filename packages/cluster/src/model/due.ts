/** What time alone changes of resources, and which ones these are: looked at all the time, so nobody goes through all for it. */
import { ResourceState } from "@msrpc/ms-cmrp";
import { never } from "./kinds.ts";
import type { Resource } from "./objects.ts";
import type { ClusterState } from "./state.ts";

/** When time alone changes a resource, in milliseconds of the steady clock; null for never. */
export function dueAt(resource: Resource): number | null {
  const { state, hosting, retryAt, askedAt, pendingTimeout } = resource;
  if (state === ResourceState.Failed) return resource.isWanted ? retryAt : null;
  const isAsked = hosting === "starting" || hosting === "stopping";
  return isAsked && pendingTimeout !== never ? askedAt + pendingTimeout : null;
}

/** Has those be known that time changes, after something of a resource was changed; `isThere` is false for one that goes. */
export function noteDue({ timed }: ClusterState, resource: Resource, isThere: boolean): void {
  if (isThere && dueAt(resource) !== null) timed.add(resource);
  else timed.delete(resource);
}
