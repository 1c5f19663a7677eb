/** A call that a client waits for. */
import { onAbort } from "../on-abort.ts";
import { RpcFault } from "../rpc-fault.ts";
import { faults } from "../status-names.ts";
import type { Reply } from "../transport.ts";
import type { IncomingStub } from "./fragments.ts";
import type { SecuritySession } from "./security-session.ts";

export interface PendingCall {
  /** Of its request, and so of its answer. */
  readonly session: SecuritySession | null;
  /** The presentation context that its verification trailer speaks of; null for a call without one. */
  readonly verified: number | null;
  readonly stub: IncomingStub;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The same call, given up when the signal is aborted: `cancel` asks the server to stop. The answer is waited
 * for `cancelTimeout` milliseconds longer, and `leave` comes when it isn't waited for any more.
 */
export function untilAborted(
  call: PendingCall,
  signal: AbortSignal,
  cancelTimeout: number,
  { cancel, leave }: { readonly cancel: () => void; readonly leave: () => void },
): PendingCall {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let cancelled = false;
  const stop = onAbort(signal, () => {
    cancelled = true;
    const end = (): void => {
      leave();
      call.reject(signal.reason);
    };
    cancel();
    if (cancelTimeout > 0) timer = setTimeout(end, cancelTimeout);
    else end();
  });
  const done = (): void => {
    stop();
    clearTimeout(timer);
  };
  return {
    ...call,
    resolve(reply) {
      done();
      call.resolve(reply);
    },
    reject(error) {
      done();
      const heeded = cancelled && error instanceof RpcFault && error.status === faults.cancel;
      call.reject(heeded ? signal.reason : error);
    },
  };
}
