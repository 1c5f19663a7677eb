/** What keys and values may be called ([MS-RRP] 3.1.1.1, 3.1.1.5), with the limits that Windows has. */
import { upcase } from "@msrpc/auth";
import type { RpcUnicodeString } from "@msrpc/ms-dtyp";
import { Status } from "@msrpc/ms-rrp";
import { RpcError } from "@msrpc/rpc";

const longestKeyName = 255;
const longestValueName = 16_383;
/** Keys on the way from the root to the deepest one, with that one. */
export const deepest = 512;

/** The form in which names are the same that differ in case alone. */
export const fold: (name: string) => string = upcase;

/** @throws RpcError ERROR_INVALID_PARAMETER where there is none */
export function textIn({ buffer }: RpcUnicodeString): string {
  if (buffer === null) throw new RpcError(Status.ERROR_INVALID_PARAMETER);
  // From the first of a row alone: it would look at all that follow from each of them.
  return buffer.replace(/(?<!\0)\0+$/, "");
}

/** A text with its terminator, in a buffer of just that size. */
export function terminated(text: string): RpcUnicodeString {
  const length = 2 * (text.length + 1);
  return { length, maximumLength: length, buffer: `${text}\0` };
}

/**
 * A text with its terminator, in a buffer as large as the client's.
 *
 * @throws RpcError ERROR_MORE_DATA where it doesn't fit
 */
export function fitted(text: string, { maximumLength }: RpcUnicodeString): RpcUnicodeString {
  const written = terminated(text);
  if (written.length > maximumLength) throw new RpcError(Status.ERROR_MORE_DATA);
  return { ...written, maximumLength };
}

/**
 * The names of a path that leads from a key. Empty ones, as in `A\\B` and `A\`, say nothing.
 *
 * @throws RpcError ERROR_INVALID_PARAMETER
 */
export function namesIn(path: string): string[] {
  const names = path.split("\\").filter((name) => name !== "");
  const isWrong = (name: string): boolean => name.length > longestKeyName || name.includes("\0");
  if (path.startsWith("\\") || names.length > deepest || names.some(isWrong)) {
    throw new RpcError(Status.ERROR_INVALID_PARAMETER, { detail: "a key can't be called that" });
  }
  return names;
}

/** @throws RpcError ERROR_INVALID_PARAMETER */
export function checkValueName(name: string): void {
  if (name.length > longestValueName || name.includes("\0")) {
    throw new RpcError(Status.ERROR_INVALID_PARAMETER, { detail: "a value can't be called that" });
  }
}
