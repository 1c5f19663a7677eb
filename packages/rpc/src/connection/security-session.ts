/** A security context in its place on a connection: what it signs, and what its verifiers must say. */
import {
  type PduHeader,
  putTrailer,
  trailerLength,
  type Verifier,
  verifierOffset,
} from "../pdu/index.ts";
import { put16 } from "../pdu/octets.ts";
import { authLevels, type SecurityContext, SecurityError } from "../security.ts";

/** The sec_trailer stands at a multiple of this from the start of the stub data ([MS-RPCE] 2.2.2.11). */
export const paddingUnit = 16;

/** The token of PDUs that are not protected and name their context all the same. */
const placeholder: Uint8Array = Uint8Array.of(1, ...new Uint8Array(15));

export class SecuritySession {
  readonly context: SecurityContext;
  /** auth_type, auth_level and auth_context_id of all its verifiers. */
  readonly type: number;
  readonly level: number;
  readonly contextId: number;
  /** Its mechanism can sign headers. */
  readonly canSignHeader: boolean;
  /** Headers are signed: both sides have said that they can. */
  signHeader = false;
  complete = false;
  /** It failed, and nothing can be done with it any more. */
  invalid = false;
  /** The connection has several contexts: PDUs at connect level, too, have to say which one is theirs. */
  isNamed = false;

  constructor(context: SecurityContext, type: number, level: number, contextId: number) {
    this.context = context;
    this.type = type;
    this.level = level;
    this.contextId = contextId;
    this.canSignHeader = context.supportsHeaderSigning;
  }

  /** Whether PDUs of calls carry a signature. At connect level they may go without any verifier. */
  get protects(): boolean {
    return this.level > authLevels.connect;
  }

  /** A client offers to sign headers where it would be of use. */
  get offersHeaderSigning(): boolean {
    return this.level >= authLevels.integrity && this.canSignHeader;
  }

  /** Whether requests of this context have a verifier ([MS-RPCE] 3.3.1.5.4). */
  get hasVerifier(): boolean {
    return this.protects || this.isNamed;
  }

  get seals(): boolean {
    return this.level === authLevels.privacy;
  }

  /** Octets that sec_trailer and token take behind a body of this length. */
  overhead(bodyLength: number): number {
    if (!this.protects) return trailerLength + placeholder.length;
    return trailerLength + this.context.signatureLength(this.seals, bodyLength);
  }

  /** A verifier of the exchange that builds the context. */
  verifier(token: Uint8Array): Verifier {
    const { type, level, contextId } = this;
    return { type, level, padLength: 0, contextId, token };
  }

  matches({ type, level, contextId }: Verifier): boolean {
    return type === this.type && level === this.level && contextId === this.contextId;
  }

  /**
   * Completes a PDU whose header, body and padding are in place, with room for the verifier behind: sets
   * auth_length, signs or seals, and adds the token.
   */
  protect(
    octets: Uint8Array,
    bodyStart: number,
    bodyEnd: number,
    padLength: number,
    little: boolean,
  ): void {
    const { type, level, contextId, context } = this;
    putTrailer(octets, bodyEnd, { type, level, padLength, contextId }, little);
    const signed = bodyEnd + trailerLength;
    const room = octets.length - signed;
    put16(octets, 10, room, little);
    const pdu = {
      octets: octets.subarray(0, signed),
      bodyStart,
      bodyEnd,
      signHeader: this.signHeader,
    };
    const token = this.seals ? context.seal(pdu) : this.protects ? context.sign(pdu) : placeholder;
    if (token.length > room) {
      throw new SecurityError("unsupported", "a signature is longer than it was said to be");
    }
    octets.set(token, signed);
    octets.fill(0, signed + token.length);
  }

  /**
   * Checks a PDU and decrypts its body in place.
   *
   * @throws SecurityError bad_signature
   */
  unprotect(octets: Uint8Array, header: PduHeader, bodyStart: number, token: Uint8Array): void {
    const bodyEnd = verifierOffset(header);
    const signed = octets.subarray(0, bodyEnd + trailerLength);
    const pdu = { octets: signed, bodyStart, bodyEnd, signHeader: this.signHeader };
    if (this.seals) this.context.unseal(pdu, token);
    else this.context.verify(pdu, token);
  }
}
