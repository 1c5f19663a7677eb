/**
 * What becomes of a resource that failed although it is to be online: it is restarted as often as its properties allow
 * in a period, then its group moves as often as that one's allow, and then it waits. Time comes from the transaction.
 */
import { never } from "../model/kinds.ts";
import type { Group, Resource } from "../model/objects.ts";
import { nodeAfter } from "./placement.ts";
import type { Transaction } from "./transaction.ts";
import { beginMove } from "./transfer.ts";

const action = { none: 0, restart: 1, restartThenMove: 2 } as const;
const hour = 3_600_000;

/** Plans what follows from a failure. Nothing does for one that is to be offline ([MS-CMRP] 3.1.4.2.19). */
export function recover(tx: Transaction, resource: Resource, group: Group): void {
  const { isWanted, restartAction, restartDelay, restartPeriod, restartThreshold } = resource;
  if (!isWanted || group.move !== null || group.isDeleting) return;
  if (group.returnTo !== null) {
    const to = group.returnTo;
    const parameters = new Uint8Array();
    beginMove(tx, group, { from: group.owner, to, returnsOnError: false, parameters });
    return;
  }
  if (restartAction === action.none) {
    tx.update("resource", resource, { retryAt: null });
    return;
  }
  const restarts = within(resource.restarts, restartPeriod, tx.steady);
  if (restarts.length < restartThreshold) {
    tx.update("resource", resource, {
      restarts: [...restarts, tx.steady],
      retryAt: tx.steady + restartDelay,
    });
    return;
  }
  if (restartAction === action.restartThenMove && failOver(tx, group)) return;
  const { retryPeriodOnFailure: period } = resource;
  tx.update("resource", resource, {
    restarts: [],
    retryAt: period === never ? null : tx.steady + period,
  });
}

/** Moves a group because of a failure. Says whether it may move so often, and has somewhere to go. */
function failOver(tx: Transaction, group: Group): boolean {
  const { owner: from, failoverPeriod, failoverThreshold } = group;
  const failovers = within(group.failovers, failoverPeriod * hour, tx.steady);
  const most = failoverThreshold === never ? tx.state.nodes.size - 1 : failoverThreshold;
  const node = failovers.length < most ? nodeAfter(tx.state, group) : undefined;
  if (node === undefined) return false;
  tx.update("group", group, { failovers: [...failovers, tx.steady] });
  const parameters = new Uint8Array();
  beginMove(tx, group, { from, to: node.id, returnsOnError: false, parameters });
  return true;
}

function within(times: readonly number[], period: number, now: number): number[] {
  return period === never ? [...times] : times.filter((time) => time > now - period);
}
