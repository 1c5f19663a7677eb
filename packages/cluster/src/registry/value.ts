/** Values of registry keys ([MS-CMRP] 3.1.1.3.2, [MS-RRP] 3.1.1.5): a type and octets, and what programs make of them. */
import { RegistryType } from "@msrpc/ms-cmrp";

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

/** The texts of a MultiSz; null for a value of another type. */
export function textsOf({ type, data }: RegistryValue): string[] | null {
  if (type !== RegistryType.MultiSz) return null;
  return fromUtf16(data)
    .split("\0")
    .filter((text) => text !== "");
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

/** UTF-16LE, without a null of its own. */
export function utf16(text: string): Uint8Array {
  const data = new Uint8Array(text.length * 2);
  utf16Into(new DataView(data.buffer), 0, text);
  return data;
}

export function utf16Into(view: DataView, at: number, text: string): void {
  for (let index = 0; index < text.length; index++) {
    view.setUint16(at + index * 2, text.charCodeAt(index), true);
  }
}

/** By code units: what is no pair, or would be a byte order mark, is kept. An odd octet at the end is left out. */
export function fromUtf16(data: Uint8Array): string {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  let text = "";
  for (let at = 0; at + 1 < data.length; at += 2)
    text += String.fromCharCode(view.getUint16(at, true));
  return text;
}
