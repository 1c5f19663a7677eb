/** How a cluster stops: what runs here goes, and comes back to its persistent state when the cluster starts again. */
import type { Cluster } from "./cluster.ts";
import { unwant } from "./online.ts";
import { settle } from "./settle.ts";
import type { Transaction } from "./transaction.ts";

/** Takes every resource offline, after what needs it. Persistent states stay what they are; locks are no hindrance. */
export function stopResources(tx: Transaction): void {
  for (const resource of tx.state.resources) unwant(tx, resource, { isPassing: true }, true);
  for (const group of tx.state.groups) settle(tx, group);
}

/** Waits until hosts have let go of every resource, or the signal is aborted. Says whether they have. */
export function resourcesStopped(cluster: Cluster, signal: AbortSignal): Promise<boolean> {
  const isOver = (): boolean =>
    [...cluster.state.resources].every(({ hosting }) => hosting === "none");
  return new Promise((resolve) => {
    const end = (hasStopped: boolean): void => {
      stopListening();
      signal.removeEventListener("abort", giveUp);
      resolve(hasStopped);
    };
    const giveUp = (): void => end(false);
    const stopListening = cluster.listen(() => {
      if (isOver()) end(true);
    });
    signal.addEventListener("abort", giveUp);
    if (isOver()) end(true);
    else if (signal.aborted) end(false);
  });
}
