/** Calls, counted and logged: what was asked for, what came of it, and how long it took. */
import { performance } from "node:perf_hooks";
import { Status } from "@msrpc/ms-cmrp";
import { RpcError, RpcFault, type ServerCall, type ServerInterceptor } from "@msrpc/rpc";
import type { Log } from "../log.ts";
import type { Metrics } from "./exposition.ts";

/** Seconds: most calls take less than a millisecond, some wait for what they have begun. */
const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

const statusNames: ReadonlyMap<number, string> = new Map(
  Object.entries(Status).map(([name, status]) => [status, name]),
);

export function measuredCalls(metrics: Metrics, log: Log): ServerInterceptor {
  const total = metrics.counter("msrpc_calls_total", "Calls that were answered, by outcome.");
  const duration = metrics.histogram(
    "msrpc_call_duration_seconds",
    "Time from the decoded request to its answer.",
    bounds,
  );
  let running = 0;
  metrics.gauge("msrpc_calls_running", "Calls that are not answered yet.", () => [[{}, running]]);
  return (next) => async (call) => {
    const start = performance.now();
    let outcome = "failed";
    running++;
    try {
      const result = await next(call);
      outcome = outcomeOfResult(call, result);
      return result;
    } catch (error) {
      outcome = outcomeOfError(call, error);
      throw error;
    } finally {
      running--;
      const seconds = (performance.now() - start) / 1000;
      const { name, version } = call.interface;
      const labels = {
        interface: name,
        version: `${version.major}.${version.minor}`,
        operation: call.operation.name,
      };
      total.add({ ...labels, outcome });
      duration.observe(seconds, labels);
      logCall(log, call, outcome, seconds);
    }
  };
}

/** Some statuses are given rather than thrown: ERROR_IO_PENDING. */
function outcomeOfResult({ operation }: ServerCall, result: unknown): string {
  if (typeof result !== "object" || result === null) return "done";
  const members = result as Readonly<Record<string, unknown>>;
  const status = (operation.status ?? []).map((name) => members[name]).find((value) => value);
  return typeof status === "number" ? nameOf(status) : "done";
}

function outcomeOfError({ context }: ServerCall, error: unknown): string {
  if (error instanceof RpcError) return nameOf(error.status);
  if (error instanceof RpcFault) return error.statusName;
  return context.signal.aborted ? "abandoned" : "failed";
}

function nameOf(status: number): string {
  return statusNames.get(status) ?? `status ${status}`;
}

function logCall(log: Log, call: ServerCall, outcome: string, seconds: number): void {
  const { principal, address } = call.context.caller;
  const operation = call.operation.name;
  const user = principal?.name ?? "";
  log.debug("call", `${operation} of ${user || "nobody"} at ${address}: ${outcome}`, {
    interface: call.interface.name,
    operation,
    outcome,
    user,
    address,
    seconds,
  });
}
