/** What the connections of a server go by. */
import type { TransferSyntax } from "@msrpc/ndr";
import { type Kinds, kinds } from "../check-options.ts";
import type { HandleLimits } from "../handle-room.ts";
import type { ServerSecurityProvider } from "../security.ts";

export interface ServerLimits extends HandleLimits {
  /** Octets of the longest fragment of a call, sent or taken. Between 1,432 and 65,528. Default: 65,528. */
  readonly maxFragment: number;
  /** Octets of a request's stub; a larger one is answered with ERROR_ACCESS_DENIED, and ends its connection. Default: 4 MiB. */
  readonly maxRequest: number;
  /**
   * Octets of stubs that arrive or whose calls are under way on one connection; requests beyond are answered with
   * nca_s_server_too_busy. Default: 64 MiB.
   */
  readonly maxRequestsTotal: number;
  /** The same for all connections together. Default: 512 MiB. */
  readonly maxRequestsOfServer: number;
  /** Those of them whose callers have not logged on, or as nobody. Default: 128 MiB. */
  readonly maxRequestsOfStrangers: number;
  /** Octets of answers that a client doesn't read; with more its connection is ended. Default: 256 MiB. */
  readonly maxUnread: number;
  /**
   * The same for all connections together; with more, those are ended that have more than their share of it. Default:
   * 512 MiB.
   */
  readonly maxUnreadOfServer: number;
  /** Calls under way on one connection; more are answered with nca_s_server_too_busy. Default: 4,096. */
  readonly maxCalls: number;
  /** Presentation contexts of one connection. Default: 256. */
  readonly maxContexts: number;
  /** Security contexts of one connection; Windows takes as many. Default: 2,049. */
  readonly maxSecurityContexts: number;
  /** Those of them that are not complete, or have failed: logons at once on one connection. Default: 8. */
  readonly maxLogons: number;
  /**
   * Complete ones of all connections together. Those that are not are no more than `maxConnections` times `maxLogons`.
   * Default: 65,536.
   */
  readonly maxSecurityContextsOfServer: number;
  /**
   * Connections of one server. For a further one the oldest gives way on which nobody has logged on and no call is under way;
   * where there is none, it is closed at once. Default: 4,096.
   */
  readonly maxConnections: number;
  /** Connections from one address, and from all Unix sockets together. Default: 1,024. */
  readonly maxConnectionsPerAddress: number;
  /**
   * Milliseconds that a client has for its bind, for each logon, for each fragment and each request that it has begun, to
   * read on where it has stopped, and to end a connection that was ended here. A request of which 16 KiB come in a second
   * may take longer. Default: 60,000.
   */
  readonly patience: number;
  /** Milliseconds after which a connection without a call is asked to go, and ended. Default: Infinity, never. */
  readonly maxIdle: number;
  /** The same where nobody has logged on, or as nobody. Default: Infinity. */
  readonly maxIdleOfStrangers: number;
}

export const defaultServerLimits: ServerLimits = {
  maxFragment: 65_528,
  maxRequest: 4 << 20,
  maxRequestsTotal: 64 << 20,
  maxRequestsOfServer: 512 << 20,
  maxRequestsOfStrangers: 128 << 20,
  maxUnread: 256 << 20,
  maxUnreadOfServer: 512 << 20,
  maxCalls: 4096,
  maxContexts: 256,
  maxSecurityContexts: 2049,
  maxLogons: 8,
  maxSecurityContextsOfServer: 65_536,
  maxHandlesOfCaller: 65_536,
  maxHandlesOfStrangers: 16_384,
  maxHandlesOfServer: 262_144,
  maxConnections: 4096,
  maxConnectionsPerAddress: 1024,
  patience: 60_000,
  maxIdle: Infinity,
  maxIdleOfStrangers: Infinity,
};

export interface ServerOptions {
  /** Mechanisms that clients may authenticate with. Default: none. */
  readonly security?: readonly ServerSecurityProvider[];
  /** Transfer syntaxes, the preferred one first. Default: "ndr", "ndr64". */
  readonly syntaxes?: readonly TransferSyntax[];
  readonly limits?: Partial<ServerLimits>;
}

export const serverKinds: Kinds<ServerOptions> = {
  security: kinds.providers,
  syntaxes: kinds.syntaxes,
  limits: kinds.object,
};
