/** What the connections of a server go by. */
import type { TransferSyntax } from "@msrpc/ndr";
import type { ServerSecurityProvider } from "../security.ts";

export interface ServerLimits {
  /** Octets of the longest fragment of a call, sent or taken. Between 1,432 and 65,528. Default: 65,528. */
  readonly maxFragment: number;
  /** Octets of a request's stub; larger ones are answered with ERROR_ACCESS_DENIED. Default: 4 MiB. */
  readonly maxRequest: number;
  /** Octets of stubs of the calls under way on one connection. Default: 64 MiB. */
  readonly maxRequestsTotal: number;
  /** Calls under way on one connection; more are answered with nca_s_server_too_busy. Default: 4,096. */
  readonly maxCalls: number;
  /** Presentation contexts of one connection. Default: 256. */
  readonly maxContexts: number;
  /** Security contexts of one connection. Default: 64. */
  readonly maxSecurityContexts: number;
  /** Connections of one server; further ones are closed at once. Default: 4,096. */
  readonly maxConnections: number;
  /** Milliseconds that a client has for its bind, and for each fragment that it has begun. Default: 60,000. */
  readonly patience: number;
}

export const defaultServerLimits: ServerLimits = {
  maxFragment: 65_528,
  maxRequest: 4 << 20,
  maxRequestsTotal: 64 << 20,
  maxCalls: 4096,
  maxContexts: 256,
  maxSecurityContexts: 64,
  maxConnections: 4096,
  patience: 60_000,
};

export interface ServerOptions {
  /** Mechanisms that clients may authenticate with. Default: none. */
  readonly security?: readonly ServerSecurityProvider[];
  /** Transfer syntaxes, the preferred one first. Default: "ndr", "ndr64". */
  readonly syntaxes?: readonly TransferSyntax[];
  readonly limits?: Partial<ServerLimits>;
}
