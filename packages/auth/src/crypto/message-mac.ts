/** The checksum of [MS-NLMP] 3.4.4.2 under one key for many messages. */
import { createHash, hash } from "node:crypto";
import { getU32, putU32 } from "../bytes.ts";
import { md5Block, md5Start } from "./md5-block.ts";

const block = 64;
/** Messages up to this length are hashed here, longer ones by Node, whose MD5 takes longer to call. */
const small = 1024;

/** HMAC_MD5(key, sequence number + message), of which the first eight octets are used. */
export class MessageMac {
  /** The key as RFC 2104 mixes it for the inner and the outer hash; behind it room for the inner one. */
  readonly #innerKey = new Uint8Array(block + 4).fill(0x36, 0, block);
  readonly #outerKey = new Uint8Array(block + 16).fill(0x5c, 0, block);
  /** MD5's states behind those keys. */
  readonly #inner: Int32Array;
  readonly #outer: Int32Array;
  readonly #state = new Int32Array(4);
  readonly #words = new Int32Array(16);

  /** @param key of at most 64 octets */
  constructor(key: Uint8Array) {
    key.forEach((octet, at) => {
      this.#innerKey[at]! ^= octet;
      this.#outerKey[at]! ^= octet;
    });
    this.#inner = stateBehind(this.#innerKey);
    this.#outer = stateBehind(this.#outerKey);
  }

  /** Eight octets. */
  of(sequence: number, message: Uint8Array): Uint8Array {
    return message.length > small
      ? this.#ofLarge(sequence, message)
      : this.#ofSmall(sequence, message);
  }

  #ofLarge(sequence: number, message: Uint8Array): Uint8Array {
    putU32(this.#innerKey, block, sequence);
    const inner = createHash("md5").update(this.#innerKey).update(message).digest();
    this.#outerKey.set(inner, block);
    return hash("md5", this.#outerKey, "buffer").subarray(0, 8);
  }

  #ofSmall(sequence: number, message: Uint8Array): Uint8Array {
    const state = this.#state;
    const words = this.#words;
    const { length } = message;
    state.set(this.#inner);
    words[0] = sequence;
    let next = 1;
    let at = 0;
    for (; at + 4 <= length; at += 4) {
      words[next++] = getU32(message, at);
      if (next === 16) {
        md5Block(state, words);
        next = 0;
      }
    }
    let last = 0x80 << (8 * (length - at));
    for (let shift = 0; at < length; at++, shift += 8) last |= message[at]! << shift;
    words[next++] = last;
    this.#finish(next, block + 4 + length);
    words.set(state);
    words[4] = 0x80;
    state.set(this.#outer);
    this.#finish(5, block + 16);
    const result = new Uint8Array(8);
    putU32(result, 0, state[0]!);
    putU32(result, 4, state[1]!);
    return result;
  }

  /** Pads from a word on, and ends a hash of so many octets. */
  #finish(from: number, length: number): void {
    const words = this.#words;
    words.fill(0, from);
    if (from > 14) {
      md5Block(this.#state, words);
      words.fill(0);
    }
    words[14] = length * 8;
    md5Block(this.#state, words);
  }
}

function stateBehind(key: Uint8Array): Int32Array {
  const state = Int32Array.from(md5Start);
  const words = Int32Array.from({ length: 16 }, (_, word) => getU32(key, word * 4));
  md5Block(state, words);
  return state;
}
