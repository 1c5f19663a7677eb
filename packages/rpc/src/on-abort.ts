/** Listening to signals that thousands of calls may share. */

/** Everyone who listens to a signal, and the one listener that the signal itself knows of. */
interface Hub {
  readonly listeners: Set<() => void>;
  readonly tell: () => void;
}

const hubs = new WeakMap<AbortSignal, Hub>();

/**
 * Calls `listener` once when the signal is aborted, at once where it is already. Calling the result ends that.
 *
 * Whoever comes or goes takes the same time however many listen: an EventTarget walks a list of them.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) {
    listener();
    return () => {};
  }
  const hub = hubs.get(signal) ?? openHub(signal);
  // A function of its own for each: the same listener may be given twice.
  const entry = (): void => listener();
  hub.listeners.add(entry);
  return () => {
    hub.listeners.delete(entry);
    if (hub.listeners.size > 0) return;
    signal.removeEventListener("abort", hub.tell);
    if (hubs.get(signal) === hub) hubs.delete(signal);
  };
}

function openHub(signal: AbortSignal): Hub {
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  signal.addEventListener("abort", tell, { once: true });
  const hub = { listeners, tell };
  hubs.set(signal, hub);
  return hub;
}
