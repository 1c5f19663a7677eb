/** What comes of calls, in metrics and in the log. */
import { clusapi3, Status } from "@msrpc/ms-cmrp";
import {
  createClient,
  createRouter,
  inMemoryTransport,
  RpcError,
  RpcFault,
  type ServerCall,
} from "@msrpc/rpc";
import { createLog } from "@msrpc/clusterd";
import { expect, test } from "vitest";
import { measuredCalls } from "../src/metrics/calls.ts";
import { Metrics } from "../src/metrics/exposition.ts";

/** What the metrics and the log say of a call of ApiGetClusterName that is answered so. */
async function outcomeOf(
  answer: (signal: AbortSignal) => Promise<never> | { clusterName: string; nodeName: string },
  signal?: AbortSignal,
): Promise<{ outcome: string | undefined; logged: unknown }> {
  const metrics = new Metrics();
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const log = createLog({ format: "json", level: "debug", write, now: () => 0 });
  const router = createRouter({ interceptors: [measuredCalls(metrics, log)], onError: () => {} });
  router.serve(clusapi3, { getClusterName: (_, context) => answer(context.signal) });
  await using client = createClient(clusapi3, inMemoryTransport(router));
  await client.getClusterName({}, signal && { signal }).catch(() => undefined);
  await expect.poll(() => lines.length).toBe(1);
  const [, outcome] = /^msrpc_calls_total\{.*outcome="(.*)"\} 1$/m.exec(metrics.text()) ?? [];
  expect(metrics.text()).toContain("msrpc_calls_running 0\n");
  return { outcome, logged: (JSON.parse(lines[0] ?? "{}") as { outcome: unknown }).outcome };
}

const cases: readonly [string, () => Promise<never> | { clusterName: string; nodeName: string }][] =
  [
    ["done", () => ({ clusterName: "c", nodeName: "n" })],
    ["ERROR_ACCESS_DENIED", () => Promise.reject(new RpcError(Status.ERROR_ACCESS_DENIED))],
    ["status 4711", () => Promise.reject(new RpcError(4711))],
    ["nca_s_op_rng_error", () => Promise.reject(new RpcFault(0x1c01_0002))],
    ["failed", () => Promise.reject(new Error("ours"))],
  ];

test.each(cases)("a call that is answered so is %s", async (outcome, answer) => {
  expect(await outcomeOf(answer)).toEqual({ outcome, logged: outcome });
});

test("a call that its client gives up is abandoned", async () => {
  const giveUp = new AbortController();
  const waits = (signal: AbortSignal): Promise<never> =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(new Error("given up")));
      setImmediate(() => giveUp.abort());
    });
  expect(await outcomeOf(waits, giveUp.signal)).toEqual({
    outcome: "abandoned",
    logged: "abandoned",
  });
});

test("a status that is given rather than thrown counts as what it is", async () => {
  const metrics = new Metrics();
  const log = createLog({ format: "json", level: "error", write: () => {}, now: () => 0 });
  const answer = { returnValue: Status.ERROR_IO_PENDING };
  const caller = { principal: null, address: "" };
  const call = {
    interface: clusapi3,
    operation: clusapi3.operations.onlineResource,
    request: {},
    context: { caller },
  } as unknown as ServerCall;
  const given = await measuredCalls(metrics, log)(() => Promise.resolve(answer))(call);
  expect(given).toBe(answer);
  expect(metrics.text()).toContain('operation="ApiOnlineResource",outcome="ERROR_IO_PENDING"} 1');
});
