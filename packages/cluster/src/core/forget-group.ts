/** How groups leave: their group set, and the cluster. */
import { resourcesOf } from "../model/derived.ts";
import { unknownGroupType } from "../model/kinds.ts";
import type { Group } from "../model/objects.ts";
import { leaveRules } from "./affinity-rules.ts";
import { tellSetState } from "./set-state.ts";
import type { Transaction } from "./transaction.ts";

/** Takes a group out of its group set, where it is in one. */
export function leaveGroupSet(tx: Transaction, group: Group): void {
  const groupSet = tx.state.groupSets.get(group.groupSet);
  if (groupSet === undefined) return;
  tx.update("groupSet", groupSet, { groups: groupSet.groups.filter((id) => id !== group.id) });
  tx.update("group", group, { groupSet: "" });
  tellSetState(tx, groupSet.id);
}

/** Takes a group that is about to go out of its group set, and out of what others wait for. */
function forgetGroup(tx: Transaction, group: Group): void {
  tx.hold(group, undefined);
  leaveGroupSet(tx, group);
  leaveRules(tx, group);
  if (group.providerSet !== "") tx.update("group", group, { providerSet: "" });
  for (const other of tx.state.groups) {
    if (!other.providerGroups.includes(group.id)) continue;
    const providerGroups = other.providerGroups.filter((id) => id !== group.id);
    tx.configure("group", other, { providerGroups });
  }
}

/** Takes a group away that has no resources. */
export function removeGroup(tx: Transaction, group: Group): void {
  forgetGroup(tx, group);
  tx.remove("group", group);
}

/** Whether a group was made for the volume of one disk: it is called by its ID. */
export function isMadeForSharing({ id, name }: Group): boolean {
  return id === name;
}

/** Has a group be an ordinary one, where no volume is shared in it any more. One that was made for such a volume goes. */
export function endSpecial(tx: Transaction, group: Group): void {
  const left = resourcesOf(tx.state, group);
  if (left.some(({ isShared }) => isShared === 1)) return;
  if (left.length === 0 && isMadeForSharing(group)) removeGroup(tx, group);
  else tx.configure("group", group, { type: unknownGroupType });
}
