/** What time alone changes: restarts and groups that have waited long enough, hosts that have taken too long, hours that have come. */
import { ResourceState, Status } from "@msrpc/ms-cmrp";
import { dueAt } from "../model/due.ts";
import type { Group } from "../model/objects.ts";
import type { ClusterState } from "../model/state.ts";
import { failBackDue, failbackTimes } from "./failback.ts";
import { overdueGroups, releaseTimes } from "./holding.ts";
import { fail } from "./outcome.ts";
import { settle, settleReleased } from "./settle.ts";
import type { Transaction } from "./transaction.ts";

/** Does all that is due. */
export function elapse(tx: Transaction): void {
  const groups = new Set<Group>();
  for (const resource of Array.from(tx.state.timed)) {
    const due = dueAt(resource);
    const group = tx.state.groups.get(resource.group);
    if (due === null || due > tx.steady || group === undefined) continue;
    if (resource.state !== ResourceState.Failed) {
      const text = `it took longer than ${resource.pendingTimeout} ms to come or to go`;
      fail(tx, resource, group, { code: Status.ERROR_TIMEOUT, text });
    }
    groups.add(group);
  }
  for (const group of overdueGroups(tx)) groups.add(group);
  for (const group of groups) settle(tx, group);
  settleReleased(tx);
  failBackDue(tx);
}

/**
 * The first moment at which time alone changes something, by the clock that nobody sets.
 *
 * @param ahead how many milliseconds the clock of the day is ahead of that
 */
export function nextDue(state: ClusterState, ahead = 0): number | null {
  const times = [
    ...[...state.timed].flatMap((resource) => dueAt(resource) ?? []),
    ...releaseTimes(state),
    ...failbackTimes(state).map((at) => at - ahead),
  ];
  return times.length === 0 ? null : times.reduce((first, time) => Math.min(first, time));
}
