/** Reads an NTLM message: fixed fields by their place, the payload through checked offsets and lengths. */
import { SecurityError } from "@msrpc/rpc";
import { copyOf, fromUtf16, viewOf } from "../bytes.ts";

/** `NTLMSSP` and a zero ([MS-NLMP] 2.2). */
export const signature: Uint8Array = Buffer.from("NTLMSSP\0", "latin1");

/** A message that can't be read: names the message and the field. */
export function malformed(what: string): SecurityError {
  return new SecurityError("bad_token", `NTLM ${what}`);
}

export class MessageReader {
  readonly #octets: Uint8Array;
  readonly #view: DataView;
  readonly #name: string;
  readonly #fixed: number;
  #payloadStart: number;

  /**
   * @param fixed octets that the message has at least, before any payload
   * @throws SecurityError bad_token: too short, wrong signature or type
   */
  constructor(octets: Uint8Array, type: number, name: string, fixed: number) {
    this.#octets = octets;
    this.#view = viewOf(octets);
    this.#name = name;
    this.#fixed = fixed;
    this.#payloadStart = octets.length;
    if (octets.length < fixed) {
      throw this.error(`has ${octets.length} octets; it needs at least ${fixed}`);
    }
    if (!signature.every((octet, at) => octets[at] === octet)) throw this.error("has no signature");
    if (this.u32(8) !== type) throw this.error(`is of type ${this.u32(8)}, not ${type}`);
  }

  /** Where the payload begins, as the fields read so far tell. */
  get payloadStart(): number {
    return this.#payloadStart;
  }

  u32(at: number): number {
    return this.#view.getUint32(at, true);
  }

  /** A copy of fixed octets. */
  octets(at: number, length: number): Uint8Array {
    return copyOf(this.#octets, at, at + length);
  }

  /** What a field of length, maximum length and offset at `at` points to. */
  field(at: number, name: string): Uint8Array {
    const length = this.#view.getUint16(at, true);
    if (length === 0) return new Uint8Array(0);
    const offset = this.u32(at + 4);
    if (offset < this.#fixed || offset + length > this.#octets.length) {
      throw this.error(`has ${name} outside of its payload: ${length} octets at ${offset}`);
    }
    this.#payloadStart = Math.min(this.#payloadStart, offset);
    return copyOf(this.#octets, offset, offset + length);
  }

  /** A field of UTF-16. */
  text(at: number, name: string): string {
    const octets = this.field(at, name);
    if (octets.length % 2 !== 0) throw this.error(`has ${name} of half a character`);
    return fromUtf16(octets);
  }

  error(what: string): SecurityError {
    return malformed(`${this.#name} ${what}`);
  }
}
