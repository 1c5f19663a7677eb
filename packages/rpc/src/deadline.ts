/** One signal out of a caller's signal, a deadline and a default timeout. */
import { onAbort } from "./on-abort.ts";

/** What timers take; a later deadline is none. */
const longestTimer = 0x7fff_ffff;

export interface Limit extends Disposable {
  readonly signal: AbortSignal | undefined;
}

/**
 * Disposing the result stops its timer.
 *
 * @throws TypeError for options that are none
 */
export function deadlineSignal(
  options: { readonly signal?: AbortSignal; readonly deadline?: Date; readonly timeout?: number },
  timeout: number | undefined,
): Limit {
  checkOptions(options);
  const { signal } = options;
  const left = timeLeft(options) ?? timeout;
  if (left === undefined || left > longestTimer) return { signal, [Symbol.dispose]() {} };
  const controller = new AbortController();
  const expire = (): void => {
    controller.abort(new DOMException("The call's deadline has passed", "TimeoutError"));
  };
  const stop = signal === undefined ? null : onAbort(signal, () => controller.abort(signal.reason));
  if (left <= 0) expire();
  const timer = setTimeout(expire, Math.max(0, left));
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      stop?.();
    },
  };
}

/** Milliseconds that a call may take, by its own options. */
function timeLeft(options: {
  readonly deadline?: Date;
  readonly timeout?: number;
}): number | undefined {
  const { deadline, timeout } = options;
  if (deadline === undefined) return timeout;
  return Math.min(deadline.getTime() - Date.now(), timeout ?? Infinity);
}

/** Callers without types get here too. */
function checkOptions(options: unknown): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`the options of a call are ${String(options)}, which is no object`);
  }
  const { signal, deadline, ...times } = options as Readonly<Record<string, unknown>>;
  for (const name of ["timeout", "cancelTimeout"]) {
    const time = times[name];
    if (time === undefined || (typeof time === "number" && !Number.isNaN(time))) continue;
    throw new TypeError(`${name} is no number of milliseconds`);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new TypeError("signal is no AbortSignal");
  }
  if (deadline !== undefined && !(deadline instanceof Date && !Number.isNaN(deadline.getTime()))) {
    throw new TypeError("deadline is no valid Date");
  }
}
