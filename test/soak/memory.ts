/** What a process holds, time after time, and whether it grows. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** MiB. */
export interface MemorySample {
  readonly heap: number;
  readonly external: number;
  readonly rss: number;
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** After a collection of what nobody holds. */
export function sampleMemory(): MemorySample {
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed / 2 ** 20, external: external / 2 ** 20, rss: rss / 2 ** 20 };
}

/** By how much a straight line through the values rises from the first to the last. */
export function growthOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = meanOf(values);
  let rise = 0;
  let run = 0;
  for (const [at, value] of values.entries()) {
    rise += (at - middle) * (value - mean);
    run += (at - middle) ** 2;
  }
  return run === 0 ? 0 : (rise / run) * (values.length - 1);
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
