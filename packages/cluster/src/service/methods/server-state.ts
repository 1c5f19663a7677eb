/** The protocol server state ([MS-CMRP] 3.1.1): which calls a server takes before it is an active node, and after. */
import { ClusterEnum, Status } from "@msrpc/ms-cmrp/clusapi3";
import { RpcError, type ServerInterceptor } from "@msrpc/rpc";
import { serverStateFor } from "../../control/operations.ts";
import { methods, type Version } from "./table.ts";
import type { NeededState } from "./row.ts";

/** `leaving`: it was an active node, and takes nothing more. */
export type ServerState = "none" | "readOnly" | "readWrite" | "leaving";

/** Answers ERROR_SHARING_PAUSED to what the state of the server doesn't allow. */
export function guardState(version: Version, current: () => ServerState): ServerInterceptor {
  return (next) => (call) => {
    const state = current();
    if (state === "leaving") throw new RpcError(Status.ERROR_CLUSTER_NODE_SHUTTING_DOWN);
    if (state === "readWrite") return next(call);
    const { opnum } = call.operation;
    const needed = methods[version].get(opnum)?.state;
    if (state === "none" || !takesReadOnly(needed, call.request, opnum)) {
      throw new RpcError(Status.ERROR_SHARING_PAUSED);
    }
    return next(call);
  };
}

function takesReadOnly(needed: NeededState | undefined, request: object, opnum: number): boolean {
  if (needed === "nodesOnly") {
    return (request as { readonly type: number }).type === ClusterEnum.Node;
  }
  if (needed === "byCode") {
    const { controlCode } = request as { readonly controlCode: number };
    return serverStateFor(opnum, controlCode) === "readOnly";
  }
  return needed === "readOnly";
}
