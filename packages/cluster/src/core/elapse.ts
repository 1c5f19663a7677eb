/** What time alone changes: restarts that have waited long enough, and hosts that have taken too long. */
import { ResourceState } from "@msrpc/ms-cmrp";
import type { Group } from "../model/objects.ts";
import { overdueGroups } from "./holding.ts";
import { fail } from "./outcome.ts";
import { dueAt } from "./recovery.ts";
import { settle, settleReleased } from "./settle.ts";
import type { Transaction } from "./transaction.ts";

/** Does all that is due. */
export function elapse(tx: Transaction): void {
  const groups = new Set<Group>();
  for (const resource of Array.from(tx.state.resources)) {
    const due = dueAt(resource);
    const group = tx.state.groups.get(resource.group);
    if (due === null || due > tx.now || group === undefined) continue;
    if (resource.state !== ResourceState.Failed) fail(tx, resource, group);
    groups.add(group);
  }
  for (const group of overdueGroups(tx)) groups.add(group);
  for (const group of groups) settle(tx, group);
  settleReleased(tx);
}
