/** Values as programs write them, and as a registry has them. */
import { type RegistryValue, valueTypes } from "../registry.ts";

/** A text, a number of 32 bits, one of 64, texts, octets; or octets of a type that is named. */
export type PlainValue =
  | string
  | number
  | bigint
  | readonly string[]
  | Uint8Array
  | { readonly type: number; readonly data: Uint8Array };

/** @throws RangeError for a number that doesn't fit its type; TypeError for what is no value */
export function valueOf(name: string, value: PlainValue): RegistryValue {
  if (typeof value === "string") return { name, type: valueTypes.sz, data: utf16(`${value}\0`) };
  if (typeof value === "number") return { name, type: valueTypes.dword, data: dword(value) };
  if (typeof value === "bigint") return { name, type: valueTypes.qword, data: qword(value) };
  if (value instanceof Uint8Array) return { name, type: valueTypes.binary, data: value };
  if ("type" in value) return { name, type: value.type, data: value.data };
  const texts = value.map((text) => `${text}\0`).join("");
  return { name, type: valueTypes.multiSz, data: utf16(`${texts}\0`) };
}

/** UTF-16 units as they are, surrogates too. */
export function utf16(text: string): Uint8Array {
  const octets = new Uint8Array(2 * text.length);
  const view = new DataView(octets.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), true);
  return octets;
}

function dword(value: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
    throw new RangeError(`${value} is no number of 32 bits`);
  }
  const octets = new Uint8Array(4);
  new DataView(octets.buffer).setUint32(0, value, true);
  return octets;
}

function qword(value: bigint): Uint8Array {
  if (BigInt.asUintN(64, value) !== value) throw new RangeError(`${value} is no number of 64 bits`);
  const octets = new Uint8Array(8);
  new DataView(octets.buffer).setBigUint64(0, value, true);
  return octets;
}
