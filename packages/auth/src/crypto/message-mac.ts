/** HMAC-MD5 (RFC 2104) under one key for many messages. */
import { createHash, hash } from "node:crypto";

const block = 64;
/** Messages up to this length are hashed in one go; the others are not copied for it. */
const shortest = 4096;

/** What a session signs with. To set up an HMAC of Node's takes longer than to hash a PDU with it. */
export class MessageMac {
  /** The key for the inner hash, and room for a message. */
  readonly #inner = new Uint8Array(block + shortest);
  /** The key for the outer hash, and room for the inner one. */
  readonly #outer = new Uint8Array(block + 16);

  /** @param key of at most 64 octets */
  constructor(key: Uint8Array) {
    this.#inner.fill(0x36, 0, block);
    this.#outer.fill(0x5c, 0, block);
    key.forEach((octet, at) => {
      this.#inner[at]! ^= octet;
      this.#outer[at]! ^= octet;
    });
  }

  /** The HMAC of two parts. */
  of(head: Uint8Array, message: Uint8Array): Uint8Array {
    this.#outer.set(this.#hash(head, message), block);
    return hash("md5", this.#outer, "buffer");
  }

  #hash(head: Uint8Array, message: Uint8Array): Uint8Array {
    const inner = this.#inner;
    const length = block + head.length + message.length;
    if (length > inner.length) {
      return createHash("md5")
        .update(inner.subarray(0, block))
        .update(head)
        .update(message)
        .digest();
    }
    inner.set(head, block);
    inner.set(message, block + head.length);
    return hash("md5", inner.subarray(0, length), "buffer");
  }
}
