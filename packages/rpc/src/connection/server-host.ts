/** What a server's connections have in common. */
import type { TransferSyntax } from "@msrpc/ndr";
import type { Router } from "../router.ts";
import type { ServerSecurityProvider } from "../security.ts";
import { AssociationGroups } from "./association-groups.ts";
import { defaultServerLimits, type ServerLimits, type ServerOptions } from "./server-options.ts";

export interface ServerHost {
  readonly groups: AssociationGroups;
  readonly limits: ServerLimits;
  readonly security: readonly ServerSecurityProvider[];
  readonly syntaxes: readonly TransferSyntax[];
  /** The endpoint as text, which clients are told in the bind_ack. */
  readonly port: string;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** Hears of what ends a connection: tokens, signatures and PDUs that are refused. */
  readonly onError: (error: unknown) => void;
}

/** @throws RangeError for limits that nothing could keep to */
export function serverHost(
  router: Router,
  options: ServerOptions,
  shared: Pick<ServerHost, "port" | "now" | "onError">,
): ServerHost {
  const limits = { ...defaultServerLimits, ...options.limits };
  if (limits.maxFragment < 1432 || limits.maxFragment > 65_528) {
    throw new RangeError(`maxFragment ${limits.maxFragment} is not between 1432 and 65528`);
  }
  return {
    groups: new AssociationGroups(router),
    limits,
    security: options.security ?? [],
    syntaxes: options.syntaxes ?? ["ndr", "ndr64"],
    ...shared,
  };
}
