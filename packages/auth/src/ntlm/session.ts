/** Signatures and encryption of messages with extended session security ([MS-NLMP] 3.4.4.2). */
import { SecurityError } from "@msrpc/rpc";
import { concat, getU32, isSame, putU32 } from "../bytes.ts";
import { MessageMac } from "../crypto/message-mac.ts";
import { Rc4 } from "../crypto/rc4.ts";
import { flags, has } from "./flags.ts";
import { type Side, sealKey, signKey } from "./session-keys.ts";

/** Octets of a message to encrypt, within what is signed. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** How messages of an established context are protected. */
export interface NtlmSession {
  /** A signature for the next message that we send. */
  sign(message: Uint8Array, body: Range): Uint8Array;
  /** Encrypts the body in place; the signature is that of the plain text. */
  seal(message: Uint8Array, body: Range): Uint8Array;
  /** @throws SecurityError bad_signature: changed, replayed, left out or out of order */
  verify(message: Uint8Array, body: Range, signature: Uint8Array): void;
  /** Decrypts the body in place. @throws SecurityError bad_signature */
  unseal(message: Uint8Array, body: Range, signature: Uint8Array): void;
  /** Goes back to the cipher state after {@link establish}, but not to its sequence numbers. */
  resetCipher(): void;
}

/** NTLMSSP_MESSAGE_SIGNATURE ([MS-NLMP] 2.2.2.9). */
export const signatureLength = 16;

export function badSignature(why: string): SecurityError {
  return new SecurityError("bad_signature", `NTLM signature ${why}`);
}

/** Messages that one side sends. */
class Direction {
  readonly #mac: MessageMac;
  readonly #sealKey: Uint8Array;
  readonly #encryptsChecksum: boolean;
  #cipher: Rc4;
  #sequence = 0;

  constructor(negotiated: number, sessionKey: Uint8Array, side: Side) {
    this.#mac = new MessageMac(signKey(sessionKey, side));
    this.#sealKey = sealKey(negotiated, sessionKey, side);
    this.#encryptsChecksum = has(negotiated, flags.keyExchange);
    this.#cipher = new Rc4(this.#sealKey);
  }

  /** Of the next message. */
  get sequence(): number {
    return this.#sequence;
  }

  reset(): void {
    this.#cipher = new Rc4(this.#sealKey);
  }

  crypt(octets: Uint8Array): void {
    this.#cipher.apply(octets);
  }

  /** Of the next message, as it is before it is encrypted. */
  checksum(message: Uint8Array): Uint8Array {
    return this.#mac.of(this.#sequence, message);
  }

  /** The signature with that checksum, which is encrypted behind its message; the sequence goes on. */
  signature(checksum: Uint8Array): Uint8Array {
    const result = new Uint8Array(signatureLength);
    result[0] = 1;
    result.set(checksum, 4);
    putU32(result, 12, this.#sequence);
    if (this.#encryptsChecksum) this.#cipher.apply(result.subarray(4, 12));
    this.#sequence = (this.#sequence + 1) >>> 0;
    return result;
  }
}

/** Keys of their own in each direction; the whole message is signed. */
export class ExtendedSession implements NtlmSession {
  readonly #sending: Direction;
  readonly #receiving: Direction;

  constructor(negotiated: number, sessionKey: Uint8Array, side: Side) {
    const client = new Direction(negotiated, sessionKey, "client");
    const server = new Direction(negotiated, sessionKey, "server");
    this.#sending = side === "client" ? client : server;
    this.#receiving = side === "client" ? server : client;
  }

  sign(message: Uint8Array): Uint8Array {
    return this.#sending.signature(this.#sending.checksum(message));
  }

  seal(message: Uint8Array, { start, end }: Range): Uint8Array {
    const checksum = this.#sending.checksum(message);
    this.#sending.crypt(message.subarray(start, end));
    return this.#sending.signature(checksum);
  }

  verify(message: Uint8Array, _body: Range, signature: Uint8Array): void {
    const { sequence } = this.#receiving;
    const expected = this.#receiving.signature(this.#receiving.checksum(message));
    if (signature.length !== signatureLength) throw badSignature(`has ${signature.length} octets`);
    if (getU32(signature, 12) !== sequence) throw badSignature("is out of sequence");
    if (!isSame(expected, signature)) throw badSignature("does not fit its message");
  }

  unseal(message: Uint8Array, body: Range, signature: Uint8Array): void {
    this.#receiving.crypt(message.subarray(body.start, body.end));
    this.verify(message, body, signature);
  }

  resetCipher(): void {
    this.#sending.reset();
    this.#receiving.reset();
  }
}

/** Neither signing nor sealing was negotiated ([MS-NLMP] 3.4.4.3): signatures that protect nothing. */
export class UnprotectedSession implements NtlmSession {
  sign(): Uint8Array {
    return concat(Uint8Array.of(1), new Uint8Array(signatureLength - 1));
  }

  seal(): Uint8Array {
    throw new SecurityError("unsupported", "NTLM sealing was not negotiated");
  }

  verify(_message: Uint8Array, _body: Range, signature: Uint8Array): void {
    if (!isSame(signature, this.sign())) throw badSignature("is there, and none was negotiated");
  }

  unseal(): void {
    this.seal();
  }

  resetCipher(): void {
    // There is no cipher.
  }
}
