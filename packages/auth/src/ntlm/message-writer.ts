/** Writes an NTLM message: fixed fields by their place, the payload in the order it is added. */
import { concat, viewOf } from "../bytes.ts";
import { malformed, signature } from "./message-reader.ts";

export class MessageWriter {
  readonly #fixed: Uint8Array;
  readonly #view: DataView;
  readonly #payload: Uint8Array[] = [];
  #length: number;

  constructor(type: number, fixed: number) {
    this.#fixed = new Uint8Array(fixed);
    this.#view = viewOf(this.#fixed);
    this.#length = fixed;
    this.#fixed.set(signature);
    this.u32(8, type);
  }

  u32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  octets(at: number, octets: Uint8Array): void {
    this.#fixed.set(octets, at);
  }

  /** Adds to the payload, and points to it from `at`. */
  field(at: number, octets: Uint8Array, name: string): void {
    if (octets.length > 0xffff) throw malformed(`${name} is too long: ${octets.length} octets`);
    this.#view.setUint16(at, octets.length, true);
    this.#view.setUint16(at + 2, octets.length, true);
    this.u32(at + 4, this.#length);
    this.#payload.push(octets);
    this.#length += octets.length;
  }

  finish(): Uint8Array {
    return concat(this.#fixed, ...this.#payload);
  }
}
