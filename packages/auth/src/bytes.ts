/** Small helpers on octets. */
import { timingSafeEqual } from "node:crypto";

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Octets of their own. What a peer sends may be a Buffer, whose `slice` would share them. */
export function copyOf(octets: Uint8Array, start = 0, end: number = octets.length): Uint8Array {
  return Uint8Array.from(octets.subarray(start, end));
}

export function toHex(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString("hex");
}

/** Octets of hexadecimal digits, in pairs; null for any other text. */
export function fromHex(digits: string): Uint8Array | null {
  return /^(?:[0-9a-fA-F]{2})*$/.test(digits) ? copyOf(Buffer.from(digits, "hex")) : null;
}

/** UTF-16, little-endian, without a byte order mark. */
export function toUtf16(text: string): Uint8Array {
  return Buffer.from(text, "utf16le");
}

/** The text of an even number of octets. */
export function fromUtf16(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString("utf16le");
}

/** Whether two secrets are the same, in a time that tells nothing of where they differ. */
export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

export function isZero(octets: Uint8Array): boolean {
  return octets.every((octet) => octet === 0);
}

export function viewOf(octets: Uint8Array): DataView {
  return new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
}

/** Writes 32 bits, little-endian: for every PDU, where a DataView would be one more object. */
export function putU32(octets: Uint8Array, at: number, value: number): void {
  octets[at] = value;
  octets[at + 1] = value >>> 8;
  octets[at + 2] = value >>> 16;
  octets[at + 3] = value >>> 24;
}

/** Reads 32 bits, little-endian. */
export function getU32(octets: Uint8Array, at: number): number {
  const low = octets[at]! | (octets[at + 1]! << 8);
  return (low | (octets[at + 2]! << 16) | (octets[at + 3]! << 24)) >>> 0;
}

/** Upper case by single code points, as Windows compares names: the length never changes. */
export function upcase(text: string): string {
  if (/^[\0-\x7f]*$/.test(text)) return text.toUpperCase();
  let result = "";
  for (const character of text) {
    const upper = character.toUpperCase();
    result += upper.length === character.length ? upper : character;
  }
  return result;
}
