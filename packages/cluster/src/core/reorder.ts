/** What follows when groups start in another order than before. */
import { settleReleased } from "./settle.ts";
import { demandOrder } from "./start-order.ts";
import type { Transaction } from "./transaction.ts";

/** @throws RpcError as demandOrder */
export function reorder(tx: Transaction, circular: number): void {
  demandOrder(tx.state, circular);
  settleReleased(tx);
}
