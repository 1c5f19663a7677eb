/** Rates of several functions measured side by side. */
import { performance } from "node:perf_hooks";

/** One round of one function, in milliseconds: short, so that some rounds meet no disturbance. */
const slice = 2;

/**
 * Calls per second of each function. They take turns, so that a disturbance meets all of them, and each
 * keeps the best of its rounds, the one disturbed least.
 */
export function measure(
  functions: readonly (() => unknown)[],
  options: { readonly rounds: number },
): number[] {
  const best = functions.map(() => 0);
  const batches = functions.map((run) => batchSize(run));
  for (let round = 0; round < options.rounds; round++) {
    for (const [i, run] of functions.entries()) {
      best[i] = Math.max(best[i] ?? 0, rate(run, batches[i] ?? 1));
    }
  }
  return best;
}

function rate(run: () => unknown, batch: number): number {
  const start = performance.now();
  for (let i = 0; i < batch; i++) run();
  return (batch * 1000) / (performance.now() - start);
}

/** So many calls that they fill a slice, after enough of them to be compiled. */
function batchSize(run: () => unknown): number {
  let batch = 10_000;
  for (let i = 0; i < 5; i++) batch = Math.max(1, Math.round((rate(run, batch) * slice) / 1000));
  return batch;
}
