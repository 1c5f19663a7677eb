/** What SPNEGO needs of a mechanism beyond what a connection does. */
import type {
  ClientContextRequest,
  ClientSecurityProvider,
  SecurityContext,
  ServerContextRequest,
  ServerSecurityProvider,
} from "@msrpc/rpc";

export interface Mechanism extends SecurityContext {
  /** Once complete, it can sign: the list of mechanisms too, where there is reason to. */
  readonly hasIntegrity: boolean;
  /** Both sides are sure of each other's messages, so that negotiation is to be protected in any case. */
  readonly wantsMechListMic: boolean;
  /** A signature of the list of mechanisms, once complete. */
  getMic(message: Uint8Array): Uint8Array;
  /** @throws SecurityError bad_signature */
  verifyMic(message: Uint8Array, mic: Uint8Array): void;
  dispose(): void;
}

/** A provider that works by itself and within SPNEGO. */
export interface ClientMechanism extends ClientSecurityProvider {
  /** Object identifiers, the preferred one first: `1.3.6.1.4.1.311.2.2.10`. */
  readonly oids: readonly string[];
  createContext(request: ClientContextRequest): Mechanism;
}

/** A provider that works by itself and within SPNEGO. */
export interface ServerMechanism extends ServerSecurityProvider {
  /** Object identifiers that mean this mechanism. */
  readonly oids: readonly string[];
  createContext(request: ServerContextRequest): Mechanism;
}
