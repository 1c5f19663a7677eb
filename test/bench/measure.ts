/** Rates of several functions measured side by side. */
import { performance } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** One round of one function, in milliseconds: short, so that some rounds meet no disturbance. */
const slice = 2;

setFlagsFromString("--expose-gc");
export const collectGarbage = runInNewContext("gc") as () => void;

/** What a function gave last is kept, lest a compiler find out that nobody looks at it. */
const kept: { result?: unknown } = {};

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
  let result: unknown;
  const start = performance.now();
  for (let i = 0; i < batch; i++) result = run();
  const elapsed = performance.now() - start;
  kept.result = result;
  return (batch * 1000) / elapsed;
}

/**
 * So many calls that they fill a slice, after enough of them to be compiled. What others left behind
 * is collected first: V8 decides in this time where it allocates a function's objects.
 */
function batchSize(run: () => unknown): number {
  collectGarbage();
  let batch = 10_000;
  for (let i = 0; i < 5; i++) batch = Math.max(1, Math.round((rate(run, batch) * slice) / 1000));
  return batch;
}
