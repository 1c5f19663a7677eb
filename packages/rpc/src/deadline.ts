/** One signal out of a caller's signal, a deadline and a default timeout. */

/** What timers take; a later deadline is none. */
const longestTimer = 0x7fff_ffff;

export interface Limit extends Disposable {
  readonly signal: AbortSignal | undefined;
}

/** Disposing the result stops its timer. */
export function deadlineSignal(
  options: { readonly signal?: AbortSignal; readonly deadline?: Date },
  timeout: number | undefined,
): Limit {
  const { signal, deadline } = options;
  const left = deadline === undefined ? timeout : deadline.getTime() - Date.now();
  if (left === undefined || left > longestTimer) return { signal, [Symbol.dispose]() {} };
  const controller = new AbortController();
  const expire = (): void => {
    controller.abort(new DOMException("The call's deadline has passed", "TimeoutError"));
  };
  if (left <= 0) expire();
  const timer = setTimeout(expire, Math.max(0, left));
  const joined =
    signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]);
  return { signal: joined, [Symbol.dispose]: () => clearTimeout(timer) };
}
