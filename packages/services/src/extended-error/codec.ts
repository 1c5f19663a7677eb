/** Chains of error records as octets: one pointer by type serialization version 1 ([MS-EERR] 2.2.2). */
import { deserializeV1, serializeV1 } from "@msrpc/ndr";
import {
  type ExtendedErrorInfo,
  readExtendedErrorInfo,
  readExtendedErrorInfoTargets,
  writeExtendedErrorInfo,
  writeExtendedErrorInfoTargets,
} from "@msrpc/ms-eerr";
import { RpcFault, TransportError } from "@msrpc/rpc";
import type { ErrorRecord } from "./record.ts";
import { infoOf, recordOf } from "./wire.ts";

/**
 * The records of a chain: the error that was answered with first, its cause behind it.
 *
 * @throws NdrError
 */
export function readExtendedError(octets: Uint8Array): ErrorRecord[] {
  let info = deserializeV1(octets).next((r) => {
    const first = r.pointer<ExtendedErrorInfo>("ExtendedErrorInfoPtr");
    if (first === null) return null;
    const target = readExtendedErrorInfo(r);
    readExtendedErrorInfoTargets(r, target);
    return target;
  });
  const records: ErrorRecord[] = [];
  for (; info !== null; info = info.next) records.push(recordOf(info));
  return records;
}

/**
 * A chain of records, the error that is answered with first.
 *
 * @throws NdrError for values that don't fit; TypeError for text of `ansi` that has no place in it
 */
export function writeExtendedError(records: readonly ErrorRecord[]): Uint8Array {
  const first = records.reduceRight<ExtendedErrorInfo | null>(
    (next, record) => infoOf(record, next),
    null,
  );
  return serializeV1([
    (w) => {
      w.pointer(first, "ExtendedErrorInfoPtr");
      if (first === null) return;
      writeExtendedErrorInfo(w, first);
      writeExtendedErrorInfoTargets(w, first);
    },
  ]);
}

/**
 * What a server said of a fault, or of a bind that it refused; nothing for other errors, and where it said no more.
 *
 * @throws NdrError where it is malformed
 */
export function extendedErrorOf(error: unknown): ErrorRecord[] {
  const isServers = error instanceof RpcFault || error instanceof TransportError;
  if (!isServers || error.extendedError === null) return [];
  return readExtendedError(error.extendedError);
}
