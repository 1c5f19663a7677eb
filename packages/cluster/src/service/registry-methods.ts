/** Operations on the cluster registry ([MS-CMRP] 3.1.4.2.29 to 3.1.4.2.41). */
import {
  keyRights,
  onlyParts,
  partsIn,
  rights,
  rightsToRead,
  rightsToSet,
  writeDescriptor,
} from "@msrpc/auth";
import { Status } from "@msrpc/ms-cmrp";
import { askedSize } from "@msrpc/ndr";
import { type CallContext, RpcError } from "@msrpc/rpc";
import { fromOutside } from "../core/outside.ts";
import * as commands from "../core/registry.ts";
import type { Transaction } from "../core/transaction.ts";
import { findKey } from "../registry/key.ts";
import { checkedPath } from "../registry/names.ts";
import { accessTo, makersAccess, securityOf } from "../registry/security.ts";
import { demandAccess } from "./opened.ts";
import { granted, keyHandles, tokenFor, useKey } from "./opened-key.ts";
import { at, bufferOf, descriptorIn, fileTime, moreData, sizesOf } from "./registry-answers.ts";
import { found, type Handlers3, invalidParameter, type Served } from "./served.ts";

const disposition = { created: 1, opened: 2 } as const;

export function registryMethods({ cluster, policy }: Served): Handlers3 {
  const { registry } = cluster.state;
  const change = <T>(command: (tx: Transaction) => T): T =>
    cluster.run((tx) => fromOutside(tx, command));
  return {
    getRootKey({ samDesired }, { caller, handles }) {
      const access = granted(accessTo(registry, tokenFor(policy, caller), samDesired));
      return handles.open(keyHandles, { key: registry, granted: access });
    },
    createKey({ key, subKey, options, samDesired, securityAttributes }, context) {
      const { caller, handles } = context;
      demandAccess(policy, caller, "all");
      // Version 3.0 doesn't look at them.
      if (versionOf(context) === 2 && options !== 0) throw invalidParameter();
      const from = useKey(context, key, 0);
      checkedPath(subKey);
      const there = findKey(from, subKey);
      const token = tokenFor(policy, caller);
      const given =
        securityAttributes &&
        descriptorIn(securityAttributes.rpcSecurityDescriptor, Status.ERROR_INVALID_SECURITY_DESCR);
      const isNew = there === null;
      if (isNew) useKey(context, key, keyRights.createSubKey);
      const access = granted(
        isNew ? makersAccess(token, samDesired) : accessTo(there, token, samDesired),
      );
      const parts = given === null ? 0 : partsIn(given);
      if (!isNew) granted(accessTo(there, token, rightsToSet(parts)));
      const made = change((tx) => {
        const made = commands.createKey(tx, from, subKey);
        if (given !== null) commands.setSecurity(tx, made, given, parts);
        return made;
      });
      return {
        disposition: isNew ? disposition.created : disposition.opened,
        returnValue: handles.open(keyHandles, { key: made, granted: access }),
      };
    },
    openKey({ key, subKey, samDesired }, context) {
      const token = tokenFor(policy, context.caller);
      const opened = commands.keyAt(useKey(context, key, 0), subKey);
      const access = granted(accessTo(opened, token, samDesired));
      return context.handles.open(keyHandles, { key: opened, granted: access });
    },
    enumKey({ key, index }, context) {
      demandAccess(policy, context.caller, "read");
      const { subkeys } = useKey(context, key, keyRights.enumerateSubKeys);
      const { name, lastWrite } = found(at(subkeys, index), Status.ERROR_NO_MORE_ITEMS);
      return { keyName: name, lastWriteTime: fileTime(lastWrite) };
    },
    setValue({ key, valueName, type, data }, context) {
      demandAccess(policy, context.caller, "all");
      const changed = useKey(context, key, keyRights.setValue);
      const types = commands.valueTypes[versionOf(context)];
      change((tx) => commands.setValue(tx, changed, valueName, { type, data }, types));
    },
    deleteValue({ key, valueName }, context) {
      demandAccess(policy, context.caller, "all");
      const changed = useKey(context, key, keyRights.setValue);
      change((tx) => commands.deleteValue(tx, changed, valueName));
    },
    queryValue({ key, valueName, dataSize }, context) {
      demandAccess(policy, context.caller, "read");
      const asked = useKey(context, key, keyRights.queryValue);
      const { type, data } = commands.valueAt(asked, valueName);
      const room = new Uint8Array(askedSize(dataSize));
      const requiredSize = data.length;
      if (room.length < requiredSize) throw moreData({ valueType: type, data: room, requiredSize });
      room.set(data);
      return { valueType: type, data: room, requiredSize };
    },
    deleteKey({ key, subKey }, context) {
      demandAccess(policy, context.caller, "all");
      const from = useKey(context, key, 0);
      if (checkedPath(subKey).length === 0) throw invalidParameter();
      const deleted = commands.keyAt(from, subKey);
      granted(accessTo(deleted, tokenFor(policy, context.caller), rights.delete));
      change((tx) => commands.deleteKey(tx, deleted));
    },
    enumValue({ key, index, dataSize }, context) {
      demandAccess(policy, context.caller, "read");
      const { values } = useKey(context, key, keyRights.queryValue);
      const { name, type, data } = found(at(values, index), Status.ERROR_NO_MORE_ITEMS);
      const totalSize = data.length;
      if (dataSize < totalSize) throw moreData({ totalSize });
      return { valueName: name, type, data, totalSize };
    },
    closeKey({ key }, { caller, handles }) {
      demandAccess(policy, caller, "read");
      handles.close(keyHandles, key);
    },
    queryInfoKey({ key }, context) {
      demandAccess(policy, context.caller, "read");
      const asked = useKey(context, key, keyRights.queryValue);
      return { ...sizesOf(asked), lastWriteTime: fileTime(asked.lastWrite) };
    },
    setKeySecurity({ key, securityInformation, securityDescriptor }, context) {
      demandAccess(policy, context.caller, "all");
      const changed = useKey(context, key, rightsToSet(securityInformation));
      const malformed = Status.ERROR_INVALID_PARAMETER;
      const given = found(descriptorIn(securityDescriptor, malformed) ?? undefined, malformed);
      change((tx) => commands.setSecurity(tx, changed, given, securityInformation));
    },
    getKeySecurity(
      { key, securityInformation, securityDescriptor: { inSecurityDescriptorSize } },
      context,
    ) {
      demandAccess(policy, context.caller, "read");
      const asked = useKey(context, key, rightsToRead(securityInformation));
      const octets = writeDescriptor(onlyParts(securityOf(asked), securityInformation));
      if (octets.length > inSecurityDescriptorSize) {
        // As much room as it takes, with nothing in it: a null pointer may not have a size in strict NDR.
        const securityDescriptor = bufferOf(new Uint8Array(0), octets.length);
        throw new RpcError(Status.ERROR_INSUFFICIENT_BUFFER, { response: { securityDescriptor } });
      }
      return { securityDescriptor: bufferOf(octets, inSecurityDescriptorSize) };
    },
  };
}

/** Of the protocol. */
function versionOf({ interface: { version } }: CallContext): 2 | 3 {
  return version.major === 2 ? 2 : 3;
}
