/** What keys and values may be called ([MS-RRP] 3.1.1.1, 3.1.1.5), with the limits that Windows has. */
import { Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { namesIn } from "./key.ts";

const longestKeyName = 255;
const longestValueName = 16_383;
/** Keys on the way from the root to the deepest one, with that one. */
export const deepest = 512;

/**
 * The names of a path from a key. Clients name keys below the one that they have, never one from the root.
 *
 * @throws RpcError ERROR_INVALID_PARAMETER
 */
export function checkedPath(path: string): string[] {
  const names = namesIn(path);
  const isWrong = (name: string): boolean => name.length > longestKeyName || name.includes("\0");
  if (path.startsWith("\\") || names.length > deepest || names.some(isWrong)) {
    throw new RpcError(Status.ERROR_INVALID_PARAMETER, { detail: "a key can't be called that" });
  }
  return names;
}

/** The empty name is that of a key's default value. @throws RpcError ERROR_INVALID_PARAMETER */
export function checkValueName(name: string): void {
  if (name.length > longestValueName || name.includes("\0")) {
    throw new RpcError(Status.ERROR_INVALID_PARAMETER, { detail: "a value can't be called that" });
  }
}
