/** What a server's connections have in common. */
import type { TransferSyntax } from "@msrpc/ndr";
import { withDefaultLimits } from "../check-options.ts";
import type { Router } from "../router.ts";
import type { ServerSecurityProvider } from "../security.ts";
import { AssociationGroups } from "./association-groups.ts";
import { StubBudget } from "./stub-budget.ts";
import { Backlog } from "./backlog.ts";
import { defaultServerLimits, type ServerLimits, type ServerOptions } from "./server-options.ts";

/** What has gone through a server since it began. */
export interface ServerStatistics {
  /** Calls whose first fragment arrived. */
  readonly callsIn: number;
  /** PDUs. */
  readonly packetsIn: number;
  readonly packetsOut: number;
}

/** The same while it is counted. */
type ServerCounters = { -readonly [K in keyof ServerStatistics]: ServerStatistics[K] };

export interface ServerHost {
  readonly groups: AssociationGroups;
  readonly counters: ServerCounters;
  readonly limits: ServerLimits;
  readonly stubs: StubBudget;
  /** Stubs of callers that are not known, which are among the others as well. */
  readonly strangersStubs: StubBudget;
  readonly unread: Backlog;
  /** Security contexts of all connections whose clients have logged on. */
  readonly securityContexts: { complete: number };
  readonly security: readonly ServerSecurityProvider[];
  readonly syntaxes: readonly TransferSyntax[];
  /** The endpoint as text, which clients are told in the bind_ack. */
  readonly port: string;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** Hears of what ends a connection: tokens, signatures and PDUs that are refused. Throws nothing. */
  readonly onError: (error: unknown) => void;
}

/** @throws TypeError for limits that are none; RangeError for those that nothing could keep to */
export function serverHost(
  router: Router,
  options: ServerOptions,
  shared: Pick<ServerHost, "port" | "now" | "onError">,
): ServerHost {
  const limits = withDefaultLimits("server limits", options.limits, defaultServerLimits);
  if (limits.maxFragment < 1432 || limits.maxFragment > 65_528) {
    throw new RangeError(`maxFragment ${limits.maxFragment} is not between 1432 and 65528`);
  }
  return {
    groups: new AssociationGroups(router, limits),
    counters: { callsIn: 0, packetsIn: 0, packetsOut: 0 },
    limits,
    stubs: new StubBudget(limits.maxRequestsOfServer),
    strangersStubs: new StubBudget(limits.maxRequestsOfStrangers),
    unread: new Backlog(),
    securityContexts: { complete: 0 },
    security: options.security ?? [],
    syntaxes: options.syntaxes ?? ["ndr", "ndr64"],
    ...shared,
    onError: shielded(shared.onError),
  };
}

/** A listener whose own failures are lost: connections go on, and end, as if it had heard. */
export function shielded<Args extends readonly unknown[]>(
  listener: (...args: Args) => void,
): (...args: Args) => void {
  return (...args) => {
    try {
      listener(...args);
    } catch {
      // It has nobody to tell.
    }
  };
}
