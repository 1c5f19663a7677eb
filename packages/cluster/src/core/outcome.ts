/** What hosts answer, as commands. Answers to requests that others have taken the place of change nothing. */
import { ResourceState, Status } from "@msrpc/ms-cmrp";
import type { Group, Resource, ResourceFailure } from "../model/objects.ts";
import { recover } from "./recovery.ts";
import { settle } from "./settle.ts";
import type { Transaction } from "./transaction.ts";

/** The resource is there. */
export function wentOnline(tx: Transaction, id: string, attempt: number): void {
  answered(tx, id, attempt, (resource) => {
    if (resource.hosting !== "starting") return;
    tx.update("resource", resource, { hosting: "running", failure: null });
    if (resource.state === ResourceState.OnlinePending) {
      tx.enter("resource", resource, { state: ResourceState.Online });
    }
  });
}

/** The resource is gone. */
export function wentOffline(tx: Transaction, id: string, attempt: number): void {
  answered(tx, id, attempt, (resource) => {
    if (resource.hosting !== "stopping") return;
    tx.update("resource", resource, { hosting: "none", failure: null });
    tx.enter("resource", resource, { state: ResourceState.Offline });
  });
}

/** The resource didn't come, didn't go, or is no longer alive. */
export function hostFailed(
  tx: Transaction,
  id: string,
  attempt: number,
  failure: ResourceFailure = unsaid,
): void {
  answered(tx, id, attempt, (resource, group) => {
    if (resource.hosting !== "none") fail(tx, resource, group, failure);
  });
}

const unsaid: ResourceFailure = { code: Status.ERROR_RESOURCE_FAILED, text: "" };

/** Puts a resource into the failed state, has its host let go of it, and plans what follows from that. */
export function fail(
  tx: Transaction,
  resource: Resource,
  group: Group,
  failure: ResourceFailure,
): void {
  const attempt = resource.attempt + 1;
  if (resource.hosting !== "none") {
    const { id, parameters } = resource;
    tx.effects.push({ type: "terminate", resource: id, attempt, parameters });
  }
  tx.update("resource", resource, { hosting: "none", attempt, failure });
  tx.enter("resource", resource, { state: ResourceState.Failed });
  recover(tx, resource, group);
}

function answered(
  tx: Transaction,
  id: string,
  attempt: number,
  apply: (resource: Resource, group: Group) => void,
): void {
  const resource = tx.state.resources.get(id);
  if (resource === undefined || resource.attempt !== attempt) return;
  const group = tx.state.groups.get(resource.group);
  if (group === undefined) return;
  apply(resource, group);
  settle(tx, group);
}
