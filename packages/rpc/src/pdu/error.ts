/** What is wrong with octets that should be a PDU. */

export type PduErrorCode =
  /** The fragment ends inside a field. */
  | "too_short"
  /** frag_length or auth_length contradict each other or the octets at hand. */
  | "bad_length"
  /** A protocol version other than 5.0. */
  | "bad_version"
  /** Integers, characters or floats in a form that nobody sends. */
  | "bad_representation"
  | "unknown_type"
  /** A verifier where none may be, none where one must be, or padding longer than the body. */
  | "bad_verifier"
  /** A field with a value that the protocol doesn't define. */
  | "bad_value";

export class PduError extends Error {
  override readonly name = "PduError";
  readonly code: PduErrorCode;

  constructor(code: PduErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
