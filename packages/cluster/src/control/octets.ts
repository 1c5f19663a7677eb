/** What control codes take and give beside property lists: numbers, texts, lists of texts, times. */
import { Format, octetsOf, PropertyListError, textIn } from "@msrpc/cluster-data";
import { Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { fileTimeTicks } from "../model/file-time.ts";

export function dwords(...numbers: readonly number[]): Uint8Array {
  const octets = new Uint8Array(numbers.length * 4);
  const view = new DataView(octets.buffer);
  for (const [index, number] of numbers.entries()) view.setUint32(index * 4, number, true);
  return octets;
}

/** With a null. */
export function text(text: string): Uint8Array {
  return octetsOf({ format: Format.Sz, text });
}

/** Each with a null, and another one at the end. */
export function texts(texts: readonly string[]): Uint8Array {
  return octetsOf({ format: Format.MultiSz, texts });
}

/** FILETIME of milliseconds since 1970. */
export function fileTime(milliseconds: number): Uint8Array {
  return octetsOf({ format: Format.FileTime, number: fileTimeTicks(milliseconds) });
}

/** A text that a caller gave, which can't be empty. @throws RpcError ERROR_INVALID_PARAMETER */
export function givenText(input: Uint8Array): string {
  try {
    const given = textIn(input);
    if (given !== "") return given;
  } catch (error) {
    if (!(error instanceof PropertyListError)) throw error;
  }
  throw new RpcError(Status.ERROR_INVALID_PARAMETER, { detail: "the input is no text" });
}

/** A number that a caller gave. @throws RpcError ERROR_INVALID_PARAMETER */
export function givenDword(input: Uint8Array, at = 0): number {
  if (input.length < at + 4) {
    throw new RpcError(Status.ERROR_INVALID_PARAMETER, { detail: "the input is too short" });
  }
  return new DataView(input.buffer, input.byteOffset).getUint32(at, true);
}
