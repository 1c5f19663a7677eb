/** Security descriptors of the registry's keys ([MS-CMRP] 3.1.4.2.40, 3.1.4.2.41). */
import { readDescriptor, type SecurityDescriptor, writeDescriptor } from "@msrpc/auth";
import { Status } from "@msrpc/ms-cmrp";
import { type CallOptions, RpcError } from "@msrpc/rpc";
import type { UseKey } from "./batch.ts";

/** SECURITY_INFORMATION: the owner, the group, and who may do what. */
const usualParts = 7;
/** Octets that a descriptor is first asked for with, and the most that one has: its access list's size is 16 bits wide. */
const firstSize = 1024;
const longest = 0x2_0000;

export async function readSecurity(
  use: UseKey,
  options?: CallOptions,
): Promise<SecurityDescriptor> {
  return await use(async (api, key) => {
    for (let size = firstSize; ; size *= 2) {
      const room = { inSecurityDescriptorSize: size, outSecurityDescriptorSize: 0 };
      const securityDescriptor = { securityDescriptor: new Uint8Array(0), ...room };
      const request = { key, securityInformation: usualParts, securityDescriptor };
      try {
        const found = await api.getKeySecurity(request, options);
        return readDescriptor(found.securityDescriptor.securityDescriptor ?? new Uint8Array(0));
      } catch (error) {
        const isTooSmall =
          error instanceof RpcError && error.status === Status.ERROR_INSUFFICIENT_BUFFER;
        if (!isTooSmall || size >= longest) throw error;
      }
    }
  });
}

/** The parts that a descriptor has are set, the others stay. */
export async function writeSecurity(
  use: UseKey,
  descriptor: SecurityDescriptor,
  options?: CallOptions,
): Promise<void> {
  const octets = writeDescriptor(descriptor);
  const securityDescriptor = {
    securityDescriptor: octets,
    inSecurityDescriptorSize: octets.length,
    outSecurityDescriptorSize: octets.length,
  };
  const { owner, group, dacl } = descriptor;
  const securityInformation = (owner ? 1 : 0) + (group ? 2 : 0) + (dacl ? 4 : 0);
  await use((api, key) =>
    api.setKeySecurity({ key, securityInformation, securityDescriptor }, options),
  );
}
