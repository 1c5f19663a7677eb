/** Signatures and encryption without extended session security ([MS-NLMP] 3.4.4.1). */
import { concat, isSame, viewOf } from "../bytes.ts";
import { crc32 } from "../crypto/crc32.ts";
import { Rc4 } from "../crypto/rc4.ts";
import { type NtlmSession, type Range, badSignature, signatureLength } from "./session.ts";
import { sealKey } from "./session-keys.ts";

/**
 * One key stream and one sequence for both sides, which take turns; only the body is signed.
 *
 * It protects against little: a CRC under a stream cipher can be changed to fit. Nobody gets it unasked.
 */
export class LegacySession implements NtlmSession {
  readonly #sealKey: Uint8Array;
  #cipher: Rc4;
  #sequence = 0;

  constructor(negotiated: number, sessionKey: Uint8Array) {
    this.#sealKey = sealKey(negotiated, sessionKey, "client");
    this.#cipher = new Rc4(this.#sealKey);
  }

  sign(message: Uint8Array, { start, end }: Range): Uint8Array {
    return this.#mac(crc32(message.subarray(start, end)));
  }

  seal(message: Uint8Array, { start, end }: Range): Uint8Array {
    const body = message.subarray(start, end);
    const checksum = crc32(body);
    this.#cipher.apply(body);
    return this.#mac(checksum);
  }

  verify(message: Uint8Array, body: Range, signature: Uint8Array): void {
    const expected = this.sign(message, body);
    if (signature.length !== signatureLength) throw badSignature(`has ${signature.length} octets`);
    // The four octets after the version are a pad that anything may stand in.
    const fits =
      viewOf(signature).getUint32(0, true) === 1 &&
      isSame(expected.subarray(8), signature.subarray(8));
    if (!fits) throw badSignature("does not fit its message");
  }

  unseal(message: Uint8Array, body: Range, signature: Uint8Array): void {
    this.#cipher.apply(message.subarray(body.start, body.end));
    this.verify(message, body, signature);
  }

  resetCipher(): void {
    this.#cipher = new Rc4(this.#sealKey);
  }

  #mac(checksum: Uint8Array): Uint8Array {
    const sequence = new Uint8Array(4);
    viewOf(sequence).setUint32(0, this.#sequence, true);
    this.#sequence = (this.#sequence + 1) >>> 0;
    const secret = concat(new Uint8Array(4), checksum, sequence);
    this.#cipher.apply(secret);
    return concat(Uint8Array.of(1, 0, 0, 0), secret);
  }
}
