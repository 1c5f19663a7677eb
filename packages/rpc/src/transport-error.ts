/** A call that failed because of the connection it was to go over, not of what it asked for. */

export type TransportErrorCode =
  /** The server can't be reached, or nobody listens there. */
  | "unreachable"
  /** The connection ended while the call was under way; whether it ran is not known. */
  | "closed"
  /** The client was disposed before the call, which was not sent. */
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

export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly code: TransportErrorCode;

  constructor(code: TransportErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
