/** Values of registry keys ([MS-CMRP] 3.1.1.3.2, [MS-RRP] 3.1.1.5): a type and octets, and what programs make of them. */
import { RegistryType } from "@msrpc/ms-cmrp";
import { fromUtf16, utf16 } from "./utf16.ts";

export interface RegistryValue {
  /** Of `RegistryType`. */
  readonly type: number;
  readonly data: Uint8Array;
}

export function sz(text: string): RegistryValue {
  return { type: RegistryType.Sz, data: utf16(`${text}\0`) };
}

/** Texts one after the other, ended by an empty one. */
export function multiSz(texts: readonly string[]): RegistryValue {
  const all = texts.map((text) => `${text}\0`).join("");
  return { type: RegistryType.MultiSz, data: utf16(`${all}\0`) };
}

export function dword(number: number): RegistryValue {
  const data = new Uint8Array(4);
  new DataView(data.buffer).setUint32(0, number, true);
  return { type: RegistryType.Dword, data };
}

/** The text of a value of type Sz or ExpandSz; null for another one. */
export function textOf({ type, data }: RegistryValue): string | null {
  if (type !== RegistryType.Sz && type !== RegistryType.ExpandSz) return null;
  return fromUtf16(data).replace(/\0.*$/s, "");
}

/** The texts of a MultiSz up to an empty one, which may be missing; null for a value of another type. */
export function textsOf({ type, data }: RegistryValue): string[] | null {
  if (type !== RegistryType.MultiSz) return null;
  const texts = fromUtf16(data).split("\0");
  const end = texts.indexOf("");
  return end === -1 ? texts : texts.slice(0, end);
}

/** The number of a Dword; null for a value of another type or size. */
export function numberOf({ type, data }: RegistryValue): number | null {
  if (type !== RegistryType.Dword || data.length !== 4) return null;
  return new DataView(data.buffer, data.byteOffset).getUint32(0, true);
}

export function sameValue(a: RegistryValue, b: RegistryValue): boolean {
  if (a.type !== b.type || a.data.length !== b.data.length) return false;
  return a.data.every((octet, at) => octet === b.data[at]);
}
