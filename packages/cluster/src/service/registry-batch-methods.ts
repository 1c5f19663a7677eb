/** Batches on the cluster registry ([MS-CMRP] 3.1.4.2.112 to 3.1.4.2.115, 3.1.4.2.141, 3.1.4.2.145). */
import { type AccessToken, keyRights } from "@msrpc/auth";
import { type BatchCommand, BatchError, readBatch, writeBatch } from "@msrpc/cluster-data";
import { type KeyHandle, Status } from "@msrpc/ms-cmrp";
import type { BatchPortHandle } from "@msrpc/ms-cmrp/clusapi3";
import { type CallContext, handleKind, type HandleKind, RpcError } from "@msrpc/rpc";
import { type Demand, executeBatch, readValues } from "../core/batch.ts";
import { fromOutside } from "../core/outside.ts";
import type { RegistryKey } from "../registry/key.ts";
import { accessTo } from "../registry/security.ts";
import { BatchPort } from "./batch-port.ts";
import { demandAccess } from "./opened.ts";
import { granted, keyHandles, tokenFor, useKey } from "./opened-key.ts";
import type { Handlers3, Served } from "./served.ts";

interface OpenPort {
  readonly port: BatchPort;
  /** It is told of batches on this key and on those below it. */
  readonly key: RegistryKey;
}

export function registryBatchMethods({ cluster, policy }: Served): Handlers3 {
  const ports = new Set<OpenPort>();
  const end = (open: OpenPort): void => {
    ports.delete(open);
    open.port.close();
  };
  const portHandles: HandleKind<BatchPortHandle, OpenPort> = handleKind("batch port", end);

  /** The handle has its rights; other keys are asked for theirs. */
  const demandOf = ({ handles }: CallContext, handle: KeyHandle, token: AccessToken): Demand => {
    const opened = handles.get(keyHandles, handle);
    return (key, right) => {
      const isRefused = key === opened.key && (right & ~opened.granted) !== 0;
      if (isRefused) throw new RpcError(Status.ERROR_ACCESS_DENIED);
      if (key !== opened.key) granted(accessTo(key, token, right));
    };
  };

  const read = (
    handle: KeyHandle,
    inData: Uint8Array,
    context: CallContext,
  ): { readonly outData: Uint8Array } => {
    const token = tokenFor(policy, context.caller);
    const from = useKey(context, handle, 0);
    const answers = readValues(from, batchIn(inData), demandOf(context, handle, token));
    return { outData: writeBatch(answers) };
  };

  const tell = (from: RegistryKey, batch: Uint8Array): void => {
    for (const { port, key } of ports) if (isBelow(from, key)) port.push(batch);
  };

  return {
    executeBatch({ key, data }, context) {
      demandAccess(policy, context.caller, "all");
      const from = useKey(context, key, 0);
      const demand = demandOf(context, key, tokenFor(policy, context.caller));
      const commands = batchIn(data);
      const told = cluster.run((tx) =>
        fromOutside(tx, () => executeBatch(tx, from, commands, demand)),
      );
      if (told.length > 0) tell(from, writeBatch(told));
      return { failedCommand: 0 };
    },
    createBatchPort({ key }, context) {
      demandAccess(policy, context.caller, "read");
      const open = { port: new BatchPort(), key: useKey(context, key, keyRights.notify) };
      ports.add(open);
      return context.handles.open(portHandles, open);
    },
    async getBatchNotification({ batchNotify }, { caller, handles, signal }) {
      demandAccess(policy, caller, "read");
      return { data: await handles.get(portHandles, batchNotify).port.next(signal) };
    },
    closeBatchPort({ batchPort }, { caller, handles }) {
      demandAccess(policy, caller, "read");
      end(handles.close(portHandles, batchPort));
    },
    executeReadBatch: ({ key, inData }, context) => read(key, inData, context),
    // Nothing else runs while a batch is read: it is apart from writes with and without the flag that asks for it.
    executeReadBatchEx: ({ key, inData }, context) => read(key, inData, context),
  };
}

/** @throws RpcError ERROR_INVALID_DATA, which says where the octets are no batch */
function batchIn(octets: Uint8Array): BatchCommand[] {
  try {
    return readBatch(octets);
  } catch (cause) {
    if (!(cause instanceof BatchError)) throw cause;
    throw new RpcError(Status.ERROR_INVALID_DATA, { detail: cause.message, cause });
  }
}

function isBelow(key: RegistryKey, above: RegistryKey): boolean {
  for (let at: RegistryKey | null = key; at !== null; at = at.parent) if (at === above) return true;
  return false;
}
