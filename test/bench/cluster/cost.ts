/** What something costs: as long as others let it run, and in processor time, which a busy machine doesn't change. */
import { performance } from "node:perf_hooks";

export interface Cost {
  readonly milliseconds: number;
  /** Milliseconds of processor time, that of garbage collectors included. */
  readonly processor: number;
}

export const unmeasured: Cost = { milliseconds: Infinity, processor: Infinity };

/** Milliseconds of processor time that this process has used. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** `processorTimes` gives what all have used whose work is counted. */
export async function costOf(
  run: () => Promise<void>,
  processorTimes: () => Promise<number> | number,
): Promise<Cost> {
  const before = await processorTimes();
  const start = performance.now();
  await run();
  const milliseconds = performance.now() - start;
  return { milliseconds, processor: (await processorTimes()) - before };
}

/** The best of both, each by itself. */
export function best(a: Cost, b: Cost): Cost {
  return {
    milliseconds: Math.min(a.milliseconds, b.milliseconds),
    processor: Math.min(a.processor, b.processor),
  };
}

/** That of one of so many. */
export function share({ milliseconds, processor }: Cost, count: number): Cost {
  return { milliseconds: milliseconds / count, processor: processor / count };
}
