/** A call that failed because of the connection it was to go over, not of what it asked for. */

export type TransportErrorCode =
  /** The server can't be reached, or nobody listens there. */
  | "unreachable"
  /** The connection ended before the call or while it was under way: `mayHaveRun` says which. */
  | "closed"
  /** The client or its transport was disposed before the call, which was not sent. */
  | "disposed"
  /** The server refused the bind; the message says why. */
  | "refused"
  /** Client and server have no transfer syntax in common. */
  | "no_transfer_syntax"
  /** The server sent what the protocol doesn't allow. The connection was closed. */
  | "protocol"
  /** A response is larger than the client takes. */
  | "too_large"
  /** Authentication failed, or a response's signature doesn't fit. */
  | "security"
  /** The binding has no endpoint, and there is nothing to look it up with. */
  | "no_endpoint";

/** Those of a connection that was there and had taken requests. */
const midway: ReadonlySet<TransportErrorCode> = new Set([
  "closed",
  "protocol",
  "too_large",
  "security",
] as const);

export interface TransportErrorOptions extends ErrorOptions {
  /** Default: by the code. */
  readonly mayHaveRun?: boolean;
  /** Default: null. */
  readonly extendedError?: Uint8Array | null;
}

export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly code: TransportErrorCode;
  /** False where no part of the request was sent. */
  readonly mayHaveRun: boolean;
  /** What the server says of it, as of a bind that it refused: [MS-EERR] records by type serialization; else null. */
  readonly extendedError: Uint8Array | null;

  constructor(code: TransportErrorCode, message: string, options: TransportErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.mayHaveRun = options.mayHaveRun ?? midway.has(code);
    this.extendedError = options.extendedError ?? null;
  }
}

/** The failure of a connection as that of a call which came too late for it, or didn't get as far as being sent. */
export function unsent(failure: TransportError): TransportError {
  const { code, message, cause, mayHaveRun } = failure;
  return mayHaveRun ? new TransportError(code, message, { cause, mayHaveRun: false }) : failure;
}
