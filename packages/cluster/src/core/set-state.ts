/** Tells of the state of a group set, where it isn't the one that was told last. */
import { setState } from "../model/sets.ts";
import type { Transaction } from "./transaction.ts";

/** @param id nothing happens where there is no group set of that ID */
export function tellSetState(tx: Transaction, id: string): void {
  const groupSet = tx.state.groupSets.get(id);
  if (groupSet === undefined) return;
  const state = setState(tx.state, groupSet);
  if (state !== groupSet.state) tx.update("groupSet", groupSet, { state });
}
