/** What a client's connection goes by. */
import type { ByteOrder, TransferSyntax } from "@msrpc/ndr";
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

export interface ConnectionOptions {
  /** Credentials for one mechanism. Default: calls are not authenticated. */
  readonly security?: ClientSecurityProvider;
  /** Default with `security`: "privacy". */
  readonly level?: AuthLevel;
  /** Transfer syntaxes to offer, the preferred one first. Default: "ndr", "ndr64". */
  readonly syntaxes?: readonly TransferSyntax[];
  /** Of what is sent. Default: "little". */
  readonly byteOrder?: ByteOrder;
  /** Object UUID that every request carries. Default: none. */
  readonly object?: string;
  /**
   * Sends a verification trailer with every request that is signed. Default: false, as header signing
   * protects what it does.
   */
  readonly verificationTrailer?: boolean;
  readonly limits?: Partial<ClientLimits>;
}
