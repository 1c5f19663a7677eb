/** Waits that can be given up. */
import { onAbort } from "./on-abort.ts";

/** The promise's value, or the signal's reason at once when it is aborted before. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const stop = onAbort(signal, () => reject(signal.reason));
    // Also where nobody waits any more: what it rejects with is then no unhandled rejection.
    promise.then(resolve, reject).finally(stop);
  });
}

/** Lets time pass; rejects with the reason of the first signal that is aborted. */
export function pause(milliseconds: number, signals: readonly AbortSignal[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  const stops = signals.map((signal) => onAbort(signal, () => reject(signal.reason)));
  return promise.finally(() => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  });
}
