/** When a client tries again: connections that can't be made, and calls that can't have run. */
import type { AnyOperation } from "./operation.ts";
import { RpcFault } from "./rpc-fault.ts";
import { faults } from "./status-names.ts";
import { TransportError, type TransportErrorCode } from "./transport-error.ts";

/**
 * Decides whether to try again: gives the milliseconds to wait before, or null for no. `attempt` counts the
 * failures in a row, from 1; `error` is the last of them.
 */
export type Reconnect = (attempt: number, error: TransportError | RpcFault) => number | null;

export interface ReconnectOptions {
  /**
   * Asked where no connection could be made or the server refused the bind, and where a call failed that
   * surely didn't run: its connection had ended before it was sent, or the server refused it with
   * nca_s_server_too_busy. Calls wait meanwhile, as long as their deadline lets them. Default: nothing is
   * tried again.
   */
  readonly reconnect?: Reconnect;
  /**
   * Operations that the IDL marks [idempotent] are tried again also where their connection broke before the
   * answer, and they may have run. Default: false.
   */
  readonly retryIdempotent?: boolean;
}

/** What may be otherwise the next time. */
const passing: ReadonlySet<TransportErrorCode> = new Set([
  "unreachable",
  "refused",
  "closed",
] as const);

/**
 * Milliseconds to wait before the next attempt; null where the error is final.
 *
 * @throws TypeError where the hook gives no time
 */
export function retryDelay(
  { reconnect, retryIdempotent = false }: ReconnectOptions,
  attempt: number,
  error: unknown,
  operation: AnyOperation | null,
): number | null {
  if (reconnect === undefined || !isPassing(error)) return null;
  const mayRepeat = retryIdempotent && operation?.idempotent === true;
  // What pipes gave is used up.
  if (operation !== null && error.mayHaveRun && !mayRepeat) return null;
  if (operation?.inPipes !== undefined) return null;
  const delay = reconnect(attempt, error);
  if (delay === null) return null;
  if (typeof delay === "number" && delay >= 0) return delay;
  throw new TypeError(`reconnect gave ${String(delay)}, which is no time`);
}

function isPassing(error: unknown): error is TransportError | RpcFault {
  if (error instanceof TransportError) return passing.has(error.code);
  return error instanceof RpcFault && error.status === faults.tooBusy;
}

export interface BackOffOptions {
  /** Milliseconds before the second attempt. Default: 100. */
  readonly first?: number;
  /** Milliseconds between attempts, at the most. Default: 30,000. */
  readonly longest?: number;
  /** Failures after which it gives up. Default: never. */
  readonly attempts?: number;
}

/**
 * A policy that waits twice as long after each failure. Half of each time is drawn by lot, so that the clients
 * of a server that comes back don't come all at once.
 */
export function backOff(options: BackOffOptions = {}): Reconnect {
  const { first = 100, longest = 30_000, attempts = Infinity } = options;
  return (attempt) => {
    if (attempt >= attempts) return null;
    const delay = Math.min(longest, first * 2 ** (attempt - 1));
    return (delay * (1 + Math.random())) / 2;
  };
}
