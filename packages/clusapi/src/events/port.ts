/** Notification ports over a link, of the version that the server has. */
import { type CallOptions, RpcError, RpcFault } from "@msrpc/rpc";
import type { Link } from "../session/link.ts";
import type { Session } from "../session/session.ts";
import type { ClusterEvent } from "./changes.ts";
import type { Filter } from "./filter.ts";
import { openPort1 } from "./port1.ts";
import { openPort2 } from "./port2.ts";

export interface Port {
  /** Waits until there is something to tell. */
  next(options?: CallOptions): Promise<readonly ClusterEvent[]>;
  /** Ends what waits, and closes it. */
  close(): Promise<void>;
}

/** Of ports, which have versions of their own: 2 is a part of 3.0 since Windows Server 2012. */
export type PortVersion = 1 | 2;

/** `version` null is the best that there is. */
export async function openPort(
  session: Session,
  link: Link,
  filters: readonly Filter[],
  version: PortVersion | null,
): Promise<Port> {
  if (version === 1 || (version === null && session.version === 2)) {
    return await openPort1(session, link, filters);
  }
  try {
    return await openPort2(session, link, filters);
  } catch (error) {
    if (version === 2 || !isAbsent(error)) throw error;
    return await openPort1(session, link, filters);
  }
}

const absent: ReadonlySet<string> = new Set([
  "nca_s_op_rng_error",
  "RPC_S_PROCNUM_OUT_OF_RANGE",
  "ERROR_CALL_NOT_IMPLEMENTED",
]);

/** The server has no such operation. */
function isAbsent(error: unknown): boolean {
  return (error instanceof RpcError || error instanceof RpcFault) && absent.has(error.statusName);
}
