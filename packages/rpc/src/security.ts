/**
 * The seam to security providers ([MS-RPCE] 3.3.1.5.2): a connection hands tokens to a context until it is
 * complete, then has every PDU signed or sealed by it. `@msrpc/auth` has the providers.
 */

/** Values of auth_type ([MS-RPCE] 2.2.1.1.7). */
export const authTypes = {
  none: 0,
  spnego: 9,
  ntlm: 10,
  schannel: 14,
  kerberos: 16,
  netlogon: 68,
} as const;

/** `call` travels as `packet` ([MS-RPCE] 2.2.1.1.8). */
export type AuthLevel = "none" | "connect" | "call" | "packet" | "integrity" | "privacy";

/** Values of auth_level. */
export const authLevels: Readonly<Record<AuthLevel, number>> = {
  none: 1,
  connect: 2,
  call: 3,
  packet: 4,
  integrity: 5,
  privacy: 6,
};

/** Who is at the other end, as its security provider has established it. */
export interface Principal {
  /** For people and logs: `EXAMPLE\\alice`, `alice@EXAMPLE.COM`. Empty when anonymous. */
  readonly name: string;
  /** No credentials were given. */
  readonly anonymous: boolean;
  /** `ntlm`, `kerberos`: the mechanism that was used in the end. */
  readonly mechanism: string;
  /** `S-1-5-21-...`, where it is known. */
  readonly sid?: string;
  /** SIDs of groups, where they are known. */
  readonly groups?: readonly string[];
}

/** Why a context refuses. What the peer hears does not depend on it. */
export type SecurityErrorCode =
  /** A token that can't be read, or comes out of turn. */
  | "bad_token"
  /** Unknown user, wrong password, expired ticket, anonymous where that is not allowed. */
  | "logon_denied"
  /** A signature that does not fit: the PDU was changed, replayed or reordered. */
  | "bad_signature"
  /** The two sides have no mechanism or protection in common. */
  | "unsupported"
  /** The client's own credentials are missing or can't be used. */
  | "no_credentials"
  /** A library or service that the provider needs is not there. */
  | "unavailable";

/** A security context failed. Messages never contain secrets. */
export class SecurityError extends Error {
  override readonly name = "SecurityError";
  readonly code: SecurityErrorCode;

  constructor(code: SecurityErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What a context is asked to be able to do. */
export interface ContextRequest {
  /** Never `none` or `call`. */
  readonly level: Exclude<AuthLevel, "none" | "call">;
}

export interface ServerContextRequest extends ContextRequest {
  /** Whose connection it is, as `caller.address` has it: `192.0.2.7:49152`, empty for a Unix socket. Default: not known. */
  readonly address?: string;
}

export interface ServerContextRequest extends ContextRequest {
  /** Whose connection it is, as `caller.address` has it: `192.0.2.7:49152`, empty for a Unix socket. Default: not known. */
  readonly address?: string;
}

export interface ClientContextRequest extends ContextRequest {
  /** Host that the binding names, for a service principal name or target information; without a port. */
  readonly host: string;
  /** Service principal name that the program or its binding names. Default: the provider's choice. */
  readonly principal?: string;
}

/** A leg: what to send to the peer, and whether this side is complete. */
export interface SecurityStep {
  /**
   * Goes into the next PDU. A client sends what it has when it is complete by auth3, and by alter_context
   * otherwise. A server answers with it, with no octets where it is null. After `complete: false` there
   * must be one.
   */
  readonly token: Uint8Array | null;
  /** No further token is expected from the peer. */
  readonly complete: boolean;
}

/**
 * One PDU to protect, in place. `octets` is the whole PDU but its authentication token: header, body
 * (stub data, verification trailer and padding), sec_trailer; frag_length and auth_length are filled in.
 */
export interface ProtectedPdu {
  readonly octets: Uint8Array;
  /** The body: signed always, encrypted at `privacy`. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
  /** Header signing was agreed on: header and sec_trailer are signed as well. */
  readonly signHeader: boolean;
}

/**
 * One side of a security context. Sequence numbers are the context's own: PDUs come to it in the order they
 * are sent, and those received in the order they arrived.
 */
export interface SecurityContext {
  /** Integrity and confidentiality can cover the header as well. Asked before the first leg. */
  readonly supportsHeaderSigning: boolean;
  /**
   * Takes the peer's token and gives the next one. A client's first call gets null.
   *
   * @throws SecurityError any code but bad_signature
   */
  step(token: Uint8Array | null): SecurityStep | Promise<SecurityStep>;
  /** Who the peer is, once complete. On a client what is known of the server, often null. */
  readonly peer: Principal | null;
  /** The key that higher protocols derive theirs from, once complete; null where there is none. */
  readonly sessionKey: Uint8Array | null;
  /** Octets of the token that `sign` (or `seal`) gives for a body of this length: known beforehand. */
  signatureLength(seal: boolean, bodyLength: number): number;
  /** The token for a PDU at `packet` or `integrity`. */
  sign(pdu: ProtectedPdu): Uint8Array;
  /** Encrypts the body in place and gives the token, which covers the plain text. */
  seal(pdu: ProtectedPdu): Uint8Array;
  /** @throws SecurityError bad_signature */
  verify(pdu: ProtectedPdu, token: Uint8Array): void;
  /** Decrypts the body in place. @throws SecurityError bad_signature */
  unseal(pdu: ProtectedPdu, token: Uint8Array): void;
  /** Lets go of native resources and keys. The connection calls it once, at its end. */
  dispose?(): void;
}

/** Makes contexts for a client, one or more for a connection: a user's credentials for one mechanism. */
export interface ClientSecurityProvider {
  /** Value of auth_type. */
  readonly authType: number;
  createContext(request: ClientContextRequest): SecurityContext;
}

/** Makes contexts for a server, one for each that a client starts. */
export interface ServerSecurityProvider {
  /** Value of auth_type. */
  readonly authType: number;
  createContext(request: ServerContextRequest): SecurityContext;
}
