/** What was wrong with connections, in the log: of each address a few lines a minute, and how many more there were. */
import type { ErrorOrigin } from "@msrpc/rpc/tcp";
import { because, type Log } from "./log.ts";

/** Lines of one address until the next count. */
const mostLines = 10;
/** Addresses with lines of their own until then. */
const mostAddresses = 1000;
/** Milliseconds between counts. */
const interval = 60_000;

export interface ConnectionErrors extends Disposable {
  readonly say: (error: unknown, origin: ErrorOrigin) => void;
  /** Says how many lines were left out since the last time. It is done every minute. */
  readonly count: () => void;
}

export function connectionErrors(log: Log): ConnectionErrors {
  const byHost = new Map<string, { said: number; leftOut: number }>();
  let others = 0;
  const count = (): void => {
    for (const [host, { leftOut }] of byHost) {
      if (leftOut === 0) continue;
      const message = `Connections of ${host}: ${leftOut} more errors like that`;
      log.warn("connection.errors", message, { address: host, count: leftOut });
    }
    if (others > 0) {
      const message = `Connections of other addresses: ${others} errors`;
      log.warn("connection.errors", message, { address: null, count: others });
    }
    byHost.clear();
    others = 0;
  };
  const timer = setInterval(count, interval).unref();
  return {
    say(error, { address }) {
      // Behind the last colon stands the port.
      const host = address.slice(0, Math.max(address.lastIndexOf(":"), 0)) || "nobody";
      if (!byHost.has(host) && byHost.size >= mostAddresses) return void others++;
      const seen = byHost.get(host) ?? { said: 0, leftOut: 0 };
      byHost.set(host, seen);
      if (seen.said >= mostLines) return void seen.leftOut++;
      seen.said++;
      const message = `Connection of ${address || "nobody"}: ${because(error)}`;
      log.warn("connection.error", message, { address });
    },
    count,
    [Symbol.dispose]() {
      clearInterval(timer);
      count();
    },
  };
}
