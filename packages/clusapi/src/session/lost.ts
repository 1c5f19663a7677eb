/** Which errors mean that the node can't be worked with any more, and another one should be ([MS-CMRP] 3.2.4.6). */
import { Status } from "@msrpc/ms-cmrp";
import { RpcError, RpcFault, TransportError, type TransportErrorCode } from "@msrpc/rpc";

/** Statuses that the cluster answers, or that stand for failures of RPC in an answer. */
const statuses: ReadonlySet<number> = new Set([
  1702, // RPC_S_INVALID_BINDING
  1717, // RPC_S_UNKNOWN_IF
  1722, // RPC_S_SERVER_UNAVAILABLE
  1723, // RPC_S_SERVER_TOO_BUSY
  1726, // RPC_S_CALL_FAILED
  1727, // RPC_S_CALL_FAILED_DNE
  1747, // RPC_S_UNKNOWN_AUTHN_SERVICE
  1753, // EPT_S_NOT_REGISTERED
  1775, // RPC_X_SS_IN_NULL_CONTEXT
  1825, // RPC_S_SEC_PKG_ERROR
  Status.ERROR_CLUSTER_NODE_DOWN,
  Status.ERROR_CLUSTER_NODE_NOT_READY,
  Status.ERROR_CLUSTER_NODE_SHUTTING_DOWN,
]);

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

export function isLost(error: unknown): boolean {
  if (error instanceof RpcError) return statuses.has(error.status);
  if (error instanceof RpcFault) return faultNames.has(error.statusName);
  return error instanceof TransportError && failures.has(error.code);
}
