/** Values of the registry as programs have them, and as octets ([MS-RRP] 3.1.1.5). */
import { RegistryType } from "@msrpc/ms-cmrp";
import { fromUtf16, utf16 } from "./utf16.ts";

export type RegistryValue =
  | { readonly type: "Sz" | "ExpandSz"; readonly value: string }
  | { readonly type: "MultiSz"; readonly value: readonly string[] }
  | { readonly type: "Dword"; readonly value: number }
  | { readonly type: "Qword"; readonly value: bigint }
  | { readonly type: "Binary" | "None"; readonly value: Uint8Array }
  /** A type that has no name here, or octets that are not as their type wants them. */
  | { readonly type: number; readonly value: Uint8Array };

/** @throws RangeError for a number that its type doesn't hold */
export function encodeValue(value: RegistryValue): { type: number; data: Uint8Array } {
  const type = typeof value.type === "number" ? value.type : RegistryType[value.type];
  return { type, data: dataOf(value) };
}

function dataOf(value: RegistryValue): Uint8Array {
  switch (value.type) {
    case "Sz":
    case "ExpandSz":
      return utf16(`${value.value}\0`);
    case "MultiSz":
      return utf16(`${value.value.map((text) => `${text}\0`).join("")}\0`);
    case "Dword": {
      if (!Number.isInteger(value.value) || value.value < 0 || value.value > 0xffff_ffff) {
        throw new RangeError(`${value.value} is no Dword: it is not from 0 to 4294967295`);
      }
      const data = new Uint8Array(4);
      new DataView(data.buffer).setUint32(0, value.value, true);
      return data;
    }
    case "Qword": {
      if (BigInt.asUintN(64, value.value) !== value.value) {
        throw new RangeError(`${value.value} is no Qword: it is not from 0 to 2 ** 64 - 1`);
      }
      const data = new Uint8Array(8);
      new DataView(data.buffer).setBigUint64(0, value.value, true);
      return data;
    }
    default:
      return value.value;
  }
}

/** What octets of a type stand for. */
export function decodeValue(type: number, data: Uint8Array): RegistryValue {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const isText = data.length % 2 === 0;
  if (type === RegistryType.Sz && isText) return { type: "Sz", value: textIn(data) };
  if (type === RegistryType.ExpandSz && isText) return { type: "ExpandSz", value: textIn(data) };
  if (type === RegistryType.MultiSz && isText) return { type: "MultiSz", value: textsIn(data) };
  if (type === RegistryType.Dword && data.length === 4) {
    return { type: "Dword", value: view.getUint32(0, true) };
  }
  if (type === RegistryType.Qword && data.length === 8) {
    return { type: "Qword", value: view.getBigUint64(0, true) };
  }
  if (type === RegistryType.Binary) return { type: "Binary", value: data };
  return type === RegistryType.None ? { type: "None", value: data } : { type, value: data };
}

/** As far as its terminator. */
function textIn(data: Uint8Array): string {
  return fromUtf16(data).replace(/\0.*$/s, "");
}

/** Texts end with a zero each, and the list with an empty one. */
function textsIn(data: Uint8Array): string[] {
  const texts = fromUtf16(data).split("\0");
  return texts.slice(0, texts.indexOf(""));
}
