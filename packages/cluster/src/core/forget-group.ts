/** How a group leaves its group set, and what others know of it. */
import type { Group } from "../model/objects.ts";
import type { Transaction } from "./transaction.ts";

/** Takes a group out of its group set, where it is in one. */
export function leaveGroupSet(tx: Transaction, group: Group): void {
  const groupSet = tx.state.groupSets.get(group.groupSet);
  if (groupSet === undefined) return;
  tx.update("groupSet", groupSet, { groups: groupSet.groups.filter((id) => id !== group.id) });
  tx.update("group", group, { groupSet: "" });
}

/** Takes a group that is about to go out of its group set, and out of what others wait for. */
export function forgetGroup(tx: Transaction, group: Group): void {
  tx.hold(group, undefined);
  leaveGroupSet(tx, group);
  if (group.providerSet !== "") tx.update("group", group, { providerSet: "" });
  for (const other of tx.state.groups) {
    if (!other.providerGroups.includes(group.id)) continue;
    const providerGroups = other.providerGroups.filter((id) => id !== group.id);
    tx.configure("group", other, { providerGroups });
  }
}
