/** Values of the registry as programs have them, and as octets ([MS-RRP] 3.1.1.5). */
import {
  dword,
  multiSz,
  numberOf,
  type RegistryValue as StoredValue,
  sz,
  textOf,
  textsOf,
} from "@msrpc/cluster-data";
import { RegistryType } from "@msrpc/ms-cmrp";

export type RegistryValue =
  | { readonly type: "Sz" | "ExpandSz"; readonly value: string }
  | { readonly type: "MultiSz"; readonly value: readonly string[] }
  | { readonly type: "Dword"; readonly value: number }
  | { readonly type: "Qword"; readonly value: bigint }
  | { readonly type: "Binary" | "None"; readonly value: Uint8Array }
  /** A type that has no name here, or octets that are not as their type wants them. */
  | { readonly type: number; readonly value: Uint8Array };

/** @throws RangeError for a number that its type doesn't hold */
export function encodeValue(value: RegistryValue): StoredValue {
  const type = typeof value.type === "number" ? value.type : RegistryType[value.type];
  return { type, data: dataOf(value) };
}

function dataOf(value: RegistryValue): Uint8Array {
  switch (value.type) {
    case "Sz":
    case "ExpandSz":
      return sz(value.value).data;
    case "MultiSz":
      return multiSz(value.value).data;
    case "Dword":
      if (!Number.isInteger(value.value) || value.value < 0 || value.value > 0xffff_ffff) {
        throw new RangeError(`${value.value} is no Dword: it is not from 0 to 4294967295`);
      }
      return dword(value.value).data;
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
  const stored = { type, data };
  const isText = data.length % 2 === 0;
  const text = isText ? textOf(stored) : null;
  if (text !== null) return { type: type === RegistryType.Sz ? "Sz" : "ExpandSz", value: text };
  const texts = isText ? textsOf(stored) : null;
  if (texts !== null) return { type: "MultiSz", value: texts };
  const number = numberOf(stored);
  if (number !== null) return { type: "Dword", value: number };
  if (type === RegistryType.Qword && data.length === 8) {
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    return { type: "Qword", value: view.getBigUint64(0, true) };
  }
  if (type === RegistryType.Binary) return { type: "Binary", value: data };
  return type === RegistryType.None ? { type: "None", value: data } : { type, value: data };
}
