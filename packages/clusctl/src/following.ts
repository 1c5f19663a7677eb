/** Commands that look on until somebody interrupts them, and may outlast the cluster's absence. */
import { setTimeout as delay } from "node:timers/promises";
import { ClusterError } from "@msrpc/clusapi";
import { RpcFault, SecurityError, TransportError } from "@msrpc/rpc";
import type { Io } from "./io.ts";
import { Interruption } from "./usage-error.ts";

/** Milliseconds until the cluster is asked again. */
const pause = 1000;

/**
 * Runs `look` until it ends, or somebody interrupts it.
 *
 * @param retries whether to start again where the cluster can't be reached; what it can't be is said once
 * @throws Interruption without words; what `look` throws
 */
export async function following(
  io: Io,
  retries: boolean,
  look: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const end = new AbortController();
  const stop = io.onInterrupt(() => end.abort());
  let isAway = false;
  try {
    for (;;) {
      try {
        return await look(end.signal);
      } catch (error) {
        if (end.signal.aborted || !isAbsence(error)) throw error;
        if (!retries) throw asReader(error);
        if (!isAway) io.err("the cluster can't be reached: it is asked again each second\n");
        isAway = true;
      }
      await delay(pause, undefined, { signal: end.signal });
    }
  } catch (error) {
    throw end.signal.aborted ? new Interruption() : error;
  } finally {
    stop();
  }
}

/** Who only looks on has nothing done: what became of the last call is nobody's worry. */
function asReader(error: unknown): unknown {
  if (!(error instanceof TransportError)) return error;
  const { code, message, cause } = error;
  return new TransportError(code, message, { cause, mayHaveRun: false });
}

/** It is not there, or it comes and goes. */
function isAbsence(error: unknown): boolean {
  if (error instanceof SecurityError) return false;
  if (ClusterError.is(error, "ERROR_CLUSTER_NODE_SHUTTING_DOWN", "ERROR_CLUSTER_NODE_NOT_READY")) {
    return true;
  }
  if (error instanceof TransportError) return error.code !== "security";
  return error instanceof RpcFault && error.statusName === "nca_s_unk_if";
}
