/** Signatures and encryption of messages with extended session security ([MS-NLMP] 3.4.4.2). */
import { SecurityError } from "@msrpc/rpc";
import { concat, isSame, viewOf } from "../bytes.ts";
import { hmacMd5 } from "../crypto/hash.ts";
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
  readonly #signKey: Uint8Array;
  readonly #sealKey: Uint8Array;
  readonly #encryptsChecksum: boolean;
  #cipher: Rc4;
  #sequence = 0;

  constructor(negotiated: number, sessionKey: Uint8Array, side: Side) {
    this.#signKey = signKey(sessionKey, side);
    this.#sealKey = sealKey(negotiated, sessionKey, side);
    this.#encryptsChecksum = has(negotiated, flags.keyExchange);
    this.#cipher = new Rc4(this.#sealKey);
  }

  reset(): void {
    this.#cipher = new Rc4(this.#sealKey);
  }

  crypt(octets: Uint8Array): void {
    this.#cipher.apply(octets);
  }

  /** MAC of the next message; the sequence number goes on with it. */
  mac(message: Uint8Array): Uint8Array {
    const result = new Uint8Array(signatureLength);
    const view = viewOf(result);
    view.setUint32(0, 1, true);
    view.setUint32(12, this.#sequence, true);
    const checksum = hmacMd5(this.#signKey, result.subarray(12), message).subarray(0, 8);
    if (this.#encryptsChecksum) this.#cipher.apply(checksum);
    result.set(checksum, 4);
    this.#sequence = (this.#sequence + 1) >>> 0;
    return result;
  }

  get sequence(): number {
    return this.#sequence;
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
    return this.#sending.mac(message);
  }

  seal(message: Uint8Array, { start, end }: Range): Uint8Array {
    // The checksum is encrypted behind the message, but computed over what the message was before.
    const plain = Uint8Array.from(message);
    this.#sending.crypt(message.subarray(start, end));
    return this.#sending.mac(plain);
  }

  verify(message: Uint8Array, _body: Range, signature: Uint8Array): void {
    const sequence = this.#receiving.sequence;
    const expected = this.#receiving.mac(message);
    if (signature.length !== signatureLength) throw badSignature(`has ${signature.length} octets`);
    if (viewOf(signature).getUint32(12, true) !== sequence)
      throw badSignature("is out of sequence");
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
