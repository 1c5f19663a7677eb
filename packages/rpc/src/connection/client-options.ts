/** What a client's connection goes by. */
import type { ByteOrder, TransferSyntax } from "@msrpc/ndr";
import { type Kinds, kinds } from "../check-options.ts";
import type { AuthLevel, ClientSecurityProvider } from "../security.ts";

export interface ClientLimits {
  /** Octets of the longest fragment, sent or taken. Between 1,432 and 65,528. Default: 65,528. */
  readonly maxFragment: number;
  /** Octets of a response's stub. Default: 64 MiB. */
  readonly maxResponse: number;
  /**
   * Calls on one connection, after which another one of the same association group takes its place: ids of
   * calls do not start over ([MS-RPCE] 3.3.3.5.2). Default: 2,147,000,000.
   */
  readonly maxCalls: number;
}

export const defaultClientLimits: ClientLimits = {
  maxFragment: 65_528,
  maxResponse: 64 << 20,
  maxCalls: 2_147_000_000,
};

/** How many connections carry a transport's calls. */
export interface ConnectionsOptions {
  /**
   * So many at the most for each of its identities. While all of them have calls to be answered, another one is
   * made: calls in turn need only one. Default: 1.
   */
  readonly max?: number;
  /** Milliseconds after which one without calls ends, unless it is the last. Default: 10,000. */
  readonly idleTime?: number;
}

/** Credentials and level of calls. */
export interface IdentityOptions {
  /**
   * Credentials for a mechanism, or for several: the first are used, unless a binding names another mechanism.
   * Default: calls are not authenticated.
   */
  readonly security?: ClientSecurityProvider | readonly ClientSecurityProvider[];
  /** Default with `security`: "privacy". Any but "none" needs `security`. */
  readonly level?: AuthLevel;
  /** Name of the server's host for the security provider. Default: the binding's host. */
  readonly targetHostname?: string;
  /** Name of the service for the security provider: `host/server.example.com`. Default: its own choice. */
  readonly targetPrincipal?: string;
}

export interface ConnectionOptions extends IdentityOptions {
  /** Transfer syntaxes to offer, the preferred one first. Default: "ndr", "ndr64". */
  readonly syntaxes?: readonly TransferSyntax[];
  /** Of what is sent. Default: "little". */
  readonly byteOrder?: ByteOrder;
  /** Object UUID that every request carries. Default: none. */
  readonly object?: string;
  /**
   * Sends a verification trailer with requests that are signed: what the client believes to have agreed on
   * ([MS-RPCE] 2.2.2.13), as binds are not signed. true: with all of them, false: with none. Default: with all of them
   * where headers are not signed, otherwise until the server has answered one on the same presentation context.
   */
  readonly verificationTrailer?: boolean;
  /** Milliseconds that the server may take to answer a bind or alter_context. Default: 60,000. */
  readonly patience?: number;
  readonly limits?: Partial<ClientLimits>;
}

export const identityKinds: Kinds<IdentityOptions> = {
  security: kinds.provider,
  level: kinds.level,
  targetHostname: kinds.text,
  targetPrincipal: kinds.text,
};

export const connectionKinds: Kinds<ConnectionOptions> = {
  ...identityKinds,
  syntaxes: kinds.syntaxes,
  byteOrder: kinds.byteOrder,
  object: kinds.text,
  verificationTrailer: kinds.flag,
  patience: kinds.number,
  limits: kinds.object,
};
