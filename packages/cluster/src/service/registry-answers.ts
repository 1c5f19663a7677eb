/** What operations on the registry take and give as structures: times, sizes, security descriptors. */
import {
  DescriptorError,
  readDescriptor,
  type SecurityDescriptor,
  writeDescriptor,
} from "@msrpc/auth";
import { type SecurityDescriptorBuffer, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { fileTimeTicks } from "../model/file-time.ts";
import type { RegistryKey } from "../registry/key.ts";
import { securityOf } from "../registry/security.ts";

/** FILETIME ([MS-DTYP] 2.3.3): tenths of a microsecond since 1601. */
export function fileTime(milliseconds: number): { lowDateTime: number; highDateTime: number } {
  const ticks = fileTimeTicks(milliseconds);
  return { lowDateTime: Number(ticks & 0xffff_ffffn), highDateTime: Number(ticks >> 32n) };
}

/** Lengths of names count characters, those of data and of the descriptor octets ([MS-CMRP] 3.1.4.2.39). */
export function sizesOf(key: RegistryKey): {
  readonly subKeyCount: number;
  readonly maxSubKeyLen: number;
  readonly valueCount: number;
  readonly maxValueNameLen: number;
  readonly maxValueLen: number;
  readonly securityDescriptorSize: number;
} {
  return {
    subKeyCount: key.subkeys.size,
    maxSubKeyLen: longest(key.subkeys, ({ name }) => name.length),
    valueCount: key.values.size,
    maxValueNameLen: longest(key.values, ({ name }) => name.length),
    maxValueLen: longest(key.values, ({ data }) => data.length),
    securityDescriptorSize: writeDescriptor(securityOf(key)).length,
  };
}

function longest<T>(map: ReadonlyMap<string, T>, lengthOf: (one: T) => number): number {
  let most = 0;
  for (const one of map.values()) most = Math.max(most, lengthOf(one));
  return most;
}

/** What stands at a place of a map. */
export function at<T>(map: ReadonlyMap<string, T>, index: number): T | undefined {
  if (index >= map.size) return undefined;
  let place = 0;
  for (const one of map.values()) if (place++ === index) return one;
  return undefined;
}

/** A buffer of that size, with a descriptor at its start. */
export function bufferOf(descriptor: Uint8Array, size: number): SecurityDescriptorBuffer {
  return {
    securityDescriptor: descriptor,
    inSecurityDescriptorSize: size,
    outSecurityDescriptorSize: descriptor.length,
  };
}

/** The descriptor in a buffer; null for an empty one. @throws RpcError with the status for one that is not well formed */
export function descriptorIn(
  { securityDescriptor }: SecurityDescriptorBuffer,
  malformed: number,
): SecurityDescriptor | null {
  if (securityDescriptor === null || securityDescriptor.length === 0) return null;
  try {
    return readDescriptor(securityDescriptor);
  } catch (error) {
    if (error instanceof DescriptorError) throw new RpcError(malformed, { cause: error });
    throw error;
  }
}

/** ERROR_MORE_DATA, and how much room it takes. */
export function moreData(response: object): RpcError {
  return new RpcError(Status.ERROR_MORE_DATA, { response });
}
