/** Fields of a PDU, in the byte order that its header announces. */
import { formatUuid, putUuid } from "@msrpc/ndr";
import { PduError } from "./error.ts";

export function get16(octets: Uint8Array, at: number, little: boolean): number {
  const a = octets[at] as number;
  const b = octets[at + 1] as number;
  return little ? a | (b << 8) : (a << 8) | b;
}

export function get32(octets: Uint8Array, at: number, little: boolean): number {
  const low = get16(octets, little ? at : at + 2, little);
  const high = get16(octets, little ? at + 2 : at, little);
  return high * 0x1_0000 + low;
}

export function put16(octets: Uint8Array, at: number, value: number, little: boolean): void {
  octets[little ? at : at + 1] = value;
  octets[little ? at + 1 : at] = value >>> 8;
}

export function put32(octets: Uint8Array, at: number, value: number, little: boolean): void {
  put16(octets, little ? at : at + 2, value, little);
  put16(octets, little ? at + 2 : at, value >>> 16, little);
}

export function getUuid(octets: Uint8Array, at: number, little: boolean): string {
  return formatUuid(new DataView(octets.buffer, octets.byteOffset + at, 16), 0, little);
}

export function setUuid(octets: Uint8Array, at: number, uuid: string, little: boolean): void {
  putUuid(new DataView(octets.buffer, octets.byteOffset + at, 16), 0, little, uuid);
}

/** Reads one field after the other and never beyond the end. */
export class OctetReader {
  readonly #octets: Uint8Array;
  readonly #little: boolean;
  #position: number;

  constructor(octets: Uint8Array, position: number, little: boolean) {
    this.#octets = octets;
    this.#position = position;
    this.#little = little;
  }

  get left(): number {
    return this.#octets.length - this.#position;
  }

  u8(): number {
    return this.#octets[this.#take(1)] as number;
  }

  u16(): number {
    return get16(this.#octets, this.#take(2), this.#little);
  }

  u32(): number {
    return get32(this.#octets, this.#take(4), this.#little);
  }

  uuid(): string {
    return getUuid(this.#octets, this.#take(16), this.#little);
  }

  bytes(count: number): Uint8Array {
    const at = this.#take(count);
    return this.#octets.subarray(at, at + count);
  }

  skip(count: number): void {
    this.#take(count);
  }

  align(to: number): void {
    this.skip(-this.#position & (to - 1));
  }

  #take(count: number): number {
    const at = this.#position;
    if (count > this.#octets.length - at) {
      throw new PduError("too_short", `${count} octets at ${at} of ${this.#octets.length}`);
    }
    this.#position = at + count;
    return at;
  }
}

/** Writes one field after the other. */
export class OctetWriter {
  #octets = new Uint8Array(256);
  readonly #little: boolean;
  #position: number;

  /** Leaves `position` octets for a header. */
  constructor(position: number, little: boolean) {
    this.#position = position;
    this.#little = little;
  }

  u8(value: number): void {
    const at = this.#room(1);
    this.#octets[at] = value;
  }

  u16(value: number): void {
    const at = this.#room(2);
    put16(this.#octets, at, value, this.#little);
  }

  u32(value: number): void {
    const at = this.#room(4);
    put32(this.#octets, at, value, this.#little);
  }

  uuid(uuid: string): void {
    const at = this.#room(16);
    setUuid(this.#octets, at, uuid, this.#little);
  }

  bytes(octets: Uint8Array): void {
    const at = this.#room(octets.length);
    this.#octets.set(octets, at);
  }

  zeros(count: number): void {
    this.#room(count);
  }

  align(to: number): void {
    this.#room(-this.#position & (to - 1));
  }

  /** What was written, with the octets left for the header. */
  finish(): Uint8Array {
    return this.#octets.subarray(0, this.#position);
  }

  #room(count: number): number {
    const at = this.#position;
    const end = at + count;
    if (end > this.#octets.length) {
      const larger = new Uint8Array(Math.max(end, this.#octets.length * 2));
      larger.set(this.#octets);
      this.#octets = larger;
    }
    this.#position = end;
    return at;
  }
}
