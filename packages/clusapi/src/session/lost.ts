/** Which errors mean that the node can't be worked with any more, and another one should be ([MS-CMRP] 3.2.4.6). */
import { Status } from "@msrpc/ms-cmrp";
import { RpcError, RpcFault, TransportError, type TransportErrorCode } from "@msrpc/rpc";
import type { InterfaceVersion } from "./link.ts";

/** Statuses that the cluster answers, or that stand for failures of RPC in an answer. */
const both: readonly number[] = [
  Status.RPC_S_INVALID_BINDING,
  Status.RPC_S_UNKNOWN_IF,
  Status.RPC_S_SERVER_UNAVAILABLE,
  Status.RPC_S_SERVER_TOO_BUSY,
  Status.RPC_S_CALL_FAILED,
  Status.RPC_S_CALL_FAILED_DNE,
  Status.RPC_S_UNKNOWN_AUTHN_SERVICE,
  Status.EPT_S_NOT_REGISTERED,
  Status.RPC_X_SS_IN_NULL_CONTEXT,
  Status.ERROR_CLUSTER_NODE_NOT_READY,
  Status.ERROR_CLUSTER_NODE_SHUTTING_DOWN,
];

const statuses: Readonly<Record<InterfaceVersion, ReadonlySet<number>>> = {
  2: new Set([
    ...both,
    Status.ERROR_INVALID_HANDLE,
    Status.ERROR_SHUTDOWN_IN_PROGRESS,
    Status.ERROR_SERVER_SHUTDOWN_IN_PROGRESS,
  ]),
  3: new Set([...both, Status.RPC_S_SEC_PKG_ERROR, Status.ERROR_CLUSTER_NODE_DOWN]),
};

/** The same as faults: the runtime refused the interface, was too busy, or no longer knows a handle. */
const faultNames: ReadonlySet<string> = new Set([
  "nca_s_unk_if",
  "nca_s_server_too_busy",
  "nca_s_fault_context_mismatch",
]);

const failures: ReadonlySet<TransportErrorCode> = new Set([
  "unreachable",
  "closed",
  "refused",
] as const);

export function isLost(error: unknown, version: InterfaceVersion): boolean {
  if (error instanceof RpcError) return statuses[version].has(error.status);
  if (error instanceof RpcFault) return faultNames.has(error.statusName);
  return error instanceof TransportError && failures.has(error.code);
}

/**
 * Whether the operation may have run before its node was lost: not where the server refused it, or it wasn't sent.
 */
export function mayHaveRun(error: unknown): boolean {
  if (error instanceof TransportError) return error.mayHaveRun;
  return error instanceof RpcError && error.status === Status.RPC_S_CALL_FAILED;
}
