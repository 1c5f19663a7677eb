/** What keys say of themselves, and their security ([MS-RRP] 3.1.5.10, 3.1.5.13, 3.1.5.16, 3.1.5.21). */
import {
  keyRights,
  onlyParts,
  rightsToRead,
  rightsToSet,
  securityParts,
  withParts,
  writeDescriptor,
} from "@msrpc/auth";
import { Status } from "@msrpc/ms-rrp";
import { RpcError } from "@msrpc/rpc";
import { fitted, terminated } from "../names.ts";
import { type RegistryHandlers, type Served, useKey, writable } from "./opened-key.ts";
import { descriptorIn, fileTime } from "./security-answers.ts";

/** LABEL_SECURITY_INFORMATION and the like are parts that nothing here has. */
const anyPart = securityParts.owner | securityParts.group | securityParts.dacl | securityParts.sacl;
const none = { length: 0, maximumLength: 0, buffer: null };

export function infoMethods(served: Served): RegistryHandlers {
  return {
    async enumKey({ key: handle, index, nameIn, classIn, lastWriteTime }, context) {
      const { key } = await useKey(served, context, handle, keyRights.enumerateSubKeys);
      const below = await key.subkeyAt(index);
      const info = (await below?.info()) ?? null;
      if (below === null || info === null) throw new RpcError(Status.ERROR_NO_MORE_ITEMS);
      const { className } = info;
      const classOut = className === null ? none : classIn && fitted(className, classIn);
      return {
        nameOut: fitted(below.name, nameIn),
        lplpClassOut: classIn && classOut,
        lastWriteTime: lastWriteTime && fileTime(info.lastWrite),
      };
    },
    /** Lengths of names come in octets: as many as the largest take, or more. */
    async queryInfoKey({ key: handle, classIn }, context) {
      const { key, info } = await useKey(served, context, handle, keyRights.queryValue);
      const { className, security, lastWrite } = info;
      if (className !== null) fitted(className, classIn);
      const sizes = await key.sizes();
      return {
        classOut: className === null ? none : terminated(className),
        subKeyCount: sizes.subkeyCount,
        maxSubKeyLen: 2 * sizes.longestSubkeyName,
        maxClassLen: 2 * sizes.longestSubkeyClass,
        valueCount: sizes.valueCount,
        maxValueNameLen: 2 * sizes.longestValueName,
        maxValueLen: sizes.longestData,
        securityDescriptorSize: writeDescriptor(security).length,
        lastWriteTime: fileTime(lastWrite),
      };
    },
    async getKeySecurity({ key: handle, securityInformation, rpcSecurityDescriptorIn }, context) {
      const asked = served.kind;
      const { path } = context.handles.get(asked, handle);
      if (isPerformance(path) && (securityInformation & securityParts.sacl) !== 0) {
        throw new RpcError(Status.ERROR_PRIVILEGE_NOT_HELD);
      }
      const { info } = await useKey(served, context, handle, rightsToRead(securityInformation));
      const octets = writeDescriptor(onlyParts(info.security, securityInformation & anyPart));
      const { inSecurityDescriptorSize: size } = rpcSecurityDescriptorIn;
      const answer = { inSecurityDescriptorSize: octets.length, outSecurityDescriptorSize: 0 };
      if (octets.length > size) {
        const response = { rpcSecurityDescriptorOut: { ...answer, securityDescriptor: null } };
        throw new RpcError(Status.ERROR_INSUFFICIENT_BUFFER, { response });
      }
      return {
        rpcSecurityDescriptorOut: {
          securityDescriptor: octets,
          inSecurityDescriptorSize: size,
          outSecurityDescriptorSize: octets.length,
        },
      };
    },
    async setKeySecurity({ key: handle, securityInformation, rpcSecurityDescriptor }, context) {
      const needed = rightsToSet(securityInformation);
      const { key, info } = await useKey(served, context, handle, needed);
      const given = descriptorIn(rpcSecurityDescriptor);
      writable(key.setSecurity);
      await key.setSecurity?.(withParts(info.security, given, securityInformation & anyPart));
    },
  };
}

export function isPerformance([root = ""]: readonly string[]): boolean {
  return root.startsWith("HKEY_PERFORMANCE_");
}
