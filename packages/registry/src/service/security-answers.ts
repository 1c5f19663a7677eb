/** Times and security descriptors as operations take and give them. */
import { DescriptorError, readDescriptor, type SecurityDescriptor } from "@msrpc/auth";
import type { FileTime } from "@msrpc/ms-dtyp";
import { type RpcSecurityAttributes, type RpcSecurityDescriptor, Status } from "@msrpc/ms-rrp";
import { RpcError } from "@msrpc/rpc";

const from1601 = 11_644_473_600_000n;

/** FILETIME ([MS-DTYP] 2.3.3) of milliseconds since 1970: tenths of a microsecond since 1601. */
export function fileTime(milliseconds: number): FileTime {
  const ticks = (BigInt(Math.trunc(milliseconds)) + from1601) * 10_000n;
  return { lowDateTime: Number(ticks & 0xffff_ffffn), highDateTime: Number(ticks >> 32n) };
}

/** @throws RpcError ERROR_INVALID_PARAMETER for what is no descriptor */
export function descriptorIn({ securityDescriptor }: RpcSecurityDescriptor): SecurityDescriptor {
  try {
    return readDescriptor(securityDescriptor ?? new Uint8Array(0));
  } catch (error) {
    if (!(error instanceof DescriptorError)) throw error;
    throw new RpcError(Status.ERROR_INVALID_PARAMETER, { cause: error });
  }
}

/** The descriptor in attributes; null where they have none. @throws as `descriptorIn` */
export function givenDescriptor(
  attributes: RpcSecurityAttributes | null,
): SecurityDescriptor | null {
  const buffer = attributes?.rpcSecurityDescriptor;
  const octets = buffer?.securityDescriptor ?? null;
  return buffer === undefined || octets === null || octets.length === 0
    ? null
    : descriptorIn(buffer);
}
