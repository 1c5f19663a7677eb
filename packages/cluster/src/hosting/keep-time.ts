/** Has a cluster do what time alone brings: one timer, for what is due first. */
import type { Cluster } from "../core/cluster.ts";
import { elapse, nextDue } from "../core/elapse.ts";

/** Milliseconds until it is looked again: the clock of the day, by which groups return, may have been set. */
const longest = 60_000;

/** Gives back how to stop. `onError` hears when what is due can't be done; it is tried again with the next change. */
export function keepTime(cluster: Cluster, onError?: (error: unknown) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isPlanned = false;
  let isOver = false;
  const plan = (): void => {
    isPlanned = false;
    clearTimeout(timer);
    const due = isOver ? null : nextDue(cluster.state, cluster.now - cluster.steady);
    if (due === null) return;
    timer = setTimeout(pass, Math.min(Math.max(due - cluster.steady, 0), longest));
    timer.unref();
  };
  const pass = (): void => {
    try {
      cluster.run(elapse);
      planSoon();
    } catch (error) {
      onError?.(error);
    }
  };
  // Many changes at once need one look at what is due.
  const planSoon = (): void => {
    if (isPlanned) return;
    isPlanned = true;
    setImmediate(plan);
  };
  const stopListening = cluster.listen(planSoon);
  planSoon();
  return () => {
    isOver = true;
    stopListening();
    clearTimeout(timer);
  };
}
