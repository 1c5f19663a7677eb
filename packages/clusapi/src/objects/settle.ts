/** Operations that the cluster takes on and goes on with after its answer: ERROR_IO_PENDING (997). */
import type { CallOptions } from "@msrpc/rpc";
import { ClusterStateError } from "../errors/cluster-error.ts";
import { type News, Waker } from "./waker.ts";

const ioPending = 997;
/** Milliseconds between looks: they double from the first to the longest, and start again where something changed. */
const firstPause = 20;
const longestPause = 1000;
/** The same where a notification says that there is something to see. */
const longestPauseWithNews = 10_000;
/** How often a state may be a failure, which the cluster may be about to mend. */
const patience = 4;
/** How often it may be neither what was asked for nor on the way there: it may not have left yet. */
const longPatience = 8;

export interface SettleOptions<State> {
  /** Ends the wait with its reason, and a call that is under way. The cluster goes on with what it began. */
  readonly signal?: AbortSignal;
  /** The same after so many milliseconds, with a `TimeoutError`. Default: no limit. */
  readonly timeout?: number;
  /** Is told the state whenever it has changed while the operation goes on. */
  readonly onProgress?: (state: State) => void;
}

export interface PendingOperation<State> {
  /** `group "SQL"`. */
  readonly object: string;
  begin(options: CallOptions): Promise<{ readonly returnValue: number }>;
  look(options: CallOptions): Promise<State>;
  /** Tells of changes of the object. */
  watch(): Promise<News>;
  isPending(state: State): boolean;
  isDone(state: State): boolean;
  isFailed(state: State): boolean;
  /** What it should come to, in a word. */
  readonly wanted: string;
  /** A state in a word. */
  tell(state: State): string;
}

/**
 * Begins an operation and waits until it has ended.
 *
 * @throws ClusterStateError where it ended otherwise than it should have
 */
export async function settle<State>(
  operation: PendingOperation<State>,
  { signal, timeout, onProgress }: SettleOptions<State>,
): Promise<State> {
  const limits = [signal ?? [], timeout === undefined ? [] : AbortSignal.timeout(timeout)].flat();
  const options: CallOptions = limits.length === 0 ? {} : { signal: AbortSignal.any(limits) };
  const { returnValue } = await operation.begin(options);
  let state = await operation.look(options);
  if (returnValue !== ioPending) return state;
  onProgress?.(state);
  if (operation.isDone(state)) return state;
  await using waker = await Waker.open(() => operation.watch());
  const longest = waker.isTold ? longestPauseWithNews : longestPause;
  let pause = firstPause;
  for (let idle = 0; !operation.isDone(state);) {
    idle = operation.isPending(state) ? 0 : idle + 1;
    if (idle >= (operation.isFailed(state) ? patience : longPatience)) {
      throw new ClusterStateError(operation.object, operation.wanted, operation.tell(state));
    }
    await waker.wait(pause, options.signal);
    const now = await operation.look(options);
    const hasChanged = JSON.stringify(now) !== JSON.stringify(state);
    if (hasChanged) onProgress?.(now);
    pause = hasChanged ? firstPause : Math.min(pause * 2, longest);
    state = now;
  }
  return state;
}
