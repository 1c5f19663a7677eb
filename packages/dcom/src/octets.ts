/** Octets in little-endian order without alignment: references to objects are no NDR ([MS-DCOM] 2.2.18). */
import { formatUuid, isUuid, putUuid } from "@msrpc/ndr";
import { DcomError } from "./dcom-error.ts";

/** Takes one value after the other. Every length is checked before it is used. */
export class OctetReader {
  readonly #octets: Uint8Array;
  readonly #view: DataView;
  offset = 0;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
    this.#view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  }

  get left(): number {
    return this.#octets.length - this.offset;
  }

  u16(what: string): number {
    return this.#view.getUint16(this.#take(2, what), true);
  }

  u32(what: string): number {
    return this.#view.getUint32(this.#take(4, what), true);
  }

  u64(what: string): bigint {
    return this.#view.getBigUint64(this.#take(8, what), true);
  }

  uuid(what: string): string {
    return formatUuid(this.#view, this.#take(16, what), true);
  }

  u16s(count: number, what: string): number[] {
    const start = this.#take(2 * count, what);
    return Array.from({ length: count }, (_, i) => this.#view.getUint16(start + 2 * i, true));
  }

  /** A copy. */
  bytes(length: number, what: string): Uint8Array {
    const start = this.#take(length, what);
    return this.#octets.slice(start, start + length);
  }

  /** A number that can only be one. */
  expect(value: number, what: string): void {
    const at = this.offset;
    const found = this.u32(what);
    if (found !== value)
      throw new DcomError(`${what} is 0x${found.toString(16)} and not 0x${value.toString(16)}`, at);
  }

  #take(length: number, what: string): number {
    if (length > this.left)
      throw new DcomError(`${what} takes ${length} octets, and ${this.left} are left`, this.offset);
    const start = this.offset;
    this.offset += length;
    return start;
  }
}

/** Puts one value behind the other. */
export class OctetWriter {
  #octets = new Uint8Array(128);
  #view = new DataView(this.#octets.buffer);
  #length = 0;

  get octets(): Uint8Array {
    return this.#octets.slice(0, this.#length);
  }

  u16(value: number): void {
    const at = this.#room(2);
    this.#view.setUint16(at, value, true);
  }

  u32(value: number): void {
    const at = this.#room(4);
    this.#view.setUint32(at, value, true);
  }

  u64(value: bigint): void {
    const at = this.#room(8);
    this.#view.setBigUint64(at, value, true);
  }

  /** @throws TypeError for what is no UUID */
  uuid(value: string): void {
    if (!isUuid(value)) throw new TypeError(`${value} is no UUID`);
    const at = this.#room(16);
    putUuid(this.#view, at, true, value);
  }

  bytes(value: Uint8Array): void {
    const at = this.#room(value.length);
    this.#octets.set(value, at);
  }

  #room(length: number): number {
    const start = this.#length;
    this.#length += length;
    if (this.#length > this.#octets.length) {
      const larger = new Uint8Array(Math.max(this.#length, 2 * this.#octets.length));
      larger.set(this.#octets);
      this.#octets = larger;
      this.#view = new DataView(larger.buffer);
    }
    return start;
  }
}
