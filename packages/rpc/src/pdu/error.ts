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
  /** A verifier where none may be, or none where one must be. */
  | "bad_verifier"
  /** A sec_trailer that is no multiple of 4 from the start of its PDU. */
  | "misaligned"
  /** auth_pad_length is more than the octets that there are for it. */
  | "bad_padding"
  /** A field with a value that the protocol doesn't define. */
  | "bad_value";

export interface PduErrorOptions extends ErrorOptions {
  /** Default: 0. */
  readonly callId?: number;
}

export class PduError extends Error {
  override readonly name = "PduError";
  readonly code: PduErrorCode;
  /** call_id of a header that is wrong otherwise; 0 where the error is another one. */
  readonly callId: number;

  constructor(code: PduErrorCode, message: string, options?: PduErrorOptions) {
    super(message, options);
    this.code = code;
    this.callId = options?.callId ?? 0;
  }
}
