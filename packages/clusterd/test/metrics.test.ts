/** Metrics and health, as those read them who watch the daemon. */
import { request } from "node:http";
import { Metrics } from "../src/metrics/exposition.ts";
import { serveMetrics } from "../src/metrics/http.ts";
import { measuredStore } from "../src/metrics/cluster.ts";
import { clusapi3 } from "@msrpc/ms-cmrp";
import { createClient, defineInterface, RpcFault } from "@msrpc/rpc";
import { tcpTransport } from "@msrpc/rpc/tcp";
import { memoryStore } from "@msrpc/cluster";
import { expect, onTestFinished, test } from "vitest";
import { account, start } from "./support.ts";

test("metrics are lines of name, labels and value, with what they are", () => {
  const metrics = new Metrics();
  const calls = metrics.counter("calls_total", "Calls.");
  calls.add({ operation: "A" });
  calls.add({ operation: "A" });
  calls.add({ operation: 'b"\\\n' });
  metrics.gauge("open", "Open\nones.", () => [[{}, 1.5]]);
  metrics.gauge("none", "None.", () => []);
  expect(metrics.text()).toBe(
    [
      "# HELP calls_total Calls.",
      "# TYPE calls_total counter",
      'calls_total{operation="A"} 2',
      'calls_total{operation="b\\"\\\\\\n"} 1',
      "# HELP open Open\\nones.",
      "# TYPE open gauge",
      "open 1.5",
      "# HELP none None.",
      "# TYPE none gauge",
      "",
    ].join("\n"),
  );
});

test("a histogram counts what is at most as great as each of its bounds", () => {
  const metrics = new Metrics();
  const taken = metrics.histogram("taken", "Taken.", [1, 2]);
  for (const value of [0.5, 1, 1.5, 7]) taken.observe(value, { of: "x" });
  expect(metrics.text().split("\n").slice(2, -1)).toEqual([
    'taken_bucket{of="x",le="1"} 2',
    'taken_bucket{of="x",le="2"} 3',
    'taken_bucket{of="x",le="+Inf"} 4',
    'taken_sum{of="x"} 10',
    'taken_count{of="x"} 4',
  ]);
});

test("a store that can't keep a change is failing until it keeps one", () => {
  const metrics = new Metrics();
  let isFull = true;
  const kept = measuredStore(
    {
      ...memoryStore(),
      commit() {
        if (isFull) throw new Error("no room");
      },
    },
    metrics,
  );
  expect(() => kept.store.commit([], 0)).toThrow("no room");
  expect(kept.isFailing()).toBe(true);
  expect(metrics.text()).toContain("clusterd_store_failures_total 1\n");
  isFull = false;
  kept.store.commit([], 0);
  expect(kept.isFailing()).toBe(false);
  expect(metrics.text()).toContain("clusterd_store_commit_duration_seconds_count 1\n");
});

async function urlOf(daemon: ReturnType<typeof start>): Promise<string> {
  const { url } = await daemon.says("metrics");
  return url as string;
}

test("a daemon tells of its calls, connections, handles, ports and objects", async () => {
  const daemon = start("--metrics", "0");
  const cluster = await daemon.connect();
  await cluster.createGroup("SQL");
  await expect(cluster.group("None").status()).rejects.toThrow();
  const events = cluster.events({ about: ["Group"] });
  await events.open();
  const url = await urlOf(daemon);
  const response = await fetch(`${url}/metrics`);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const lines = (await response.text()).split("\n");
  const one = (name: string): string => lines.find((line) => line.startsWith(`${name} `)) ?? name;
  const api = 'interface="clusapi",version="3.0"';
  expect(lines).toContain(`msrpc_calls_total{${api},operation="ApiCreateGroup",outcome="done"} 1`);
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/operation="ApiOpenGroup\w*",outcome="ERROR_GROUP_NOT_FOUND"\} 1$/),
      `msrpc_call_duration_seconds_count{${api},operation="ApiCreateGroup"} 1`,
      'clusterd_resources{state="Online"} 2',
      'clusterd_resources{state="Failed"} 0',
      "clusterd_notification_ports 1",
      "clusterd_notification_queued 0",
    ]),
  );
  expect(one("msrpc_connections")).toMatch(/ [1-9]\d*$/);
  expect(one("msrpc_handles")).toMatch(/ [1-9]\d*$/);
  expect(one("clusterd_store_commit_duration_seconds_count")).toMatch(/ [1-9]\d*$/);
  expect(lines.every((line) => /^$|^# |^\w+(?:\{.*\})? [\d.e+-]+$|^\w+ \+Inf$/.test(line))).toBe(
    true,
  );
});

test("requests that can't be decoded are counted, by operation", async () => {
  const daemon = start("--test-mode", "--metrics", "0");
  const { url } = await daemon.says("metrics");
  // Without the name that is to be opened.
  const openGroup = { ...clusapi3.operations.openGroup, encodeRequest: () => {} };
  const broken = defineInterface({
    ...clusapi3,
    operations: { ...clusapi3.operations, openGroup },
  });
  await using client = createClient(broken, tcpTransport(await daemon.binding()));
  await expect(client.openGroup({ groupName: "" })).rejects.toThrow(RpcFault);
  const text = await (await fetch(`${String(url)}/metrics`)).text();
  expect(text).toContain('msrpc_undecodable_requests_total{operation="ApiOpenGroup"} 1\n');
});

test("nothing is served over HTTP unless it is asked for, and by default on loopback", async () => {
  const silent = start();
  await silent.says("started");
  expect(silent.log.some(({ event }) => event === "metrics")).toBe(false);
  expect(await urlOf(start("--metrics", "0"))).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

test("health is 200 while it serves, and the log never has what is secret", async () => {
  const daemon = start("--metrics", "127.0.0.1:0", "--log-level", "debug");
  const cluster = await daemon.connect();
  await cluster.createGroup("SQL");
  const wrong = { credentials: { ...account, password: "not the word" } };
  await expect(daemon.connect(wrong)).rejects.toThrow();
  const response = await fetch(`${await urlOf(daemon)}/health`);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: "serving", cluster: "cluster1" });
  const call = await daemon.says("call", { operation: "ApiCreateGroup" });
  expect(call).toMatchObject({ level: "debug", outcome: "done" });
  expect(call["user"]).toMatch(/alice/i);
  await daemon.says("connection.error");
  const all = daemon.out;
  expect(all).not.toContain(account.password);
  expect(all).not.toContain("not the word");
});

test("what is being started, stopped or can't keep changes is not healthy", async () => {
  for (const status of ["starting", "stopping", "failing"] as const) {
    await using server = await serveMetrics("0", new Metrics(), () => ({ status, cluster: "c" }));
    expect((await fetch(`${server.url}/health`)).status).toBe(503);
  }
});

test.each([
  ["POST", "/metrics", 405],
  ["GET", "/other", 404],
  ["HEAD", "/metrics?x=1", 200],
  ["GET", "//[", 404],
])("%s %s answers %i", async (method, path, status) => {
  await using server = await serveMetrics("0", new Metrics(), () => ({
    status: "serving",
    cluster: "c",
  }));
  const answered = new Promise((resolve, reject) => {
    request(server.url, { method, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
  expect(await answered).toBe(status);
});

test.each(["x", "127.0.0.1:", "127.0.0.1:65536", ":1", "[::1]", "a b:1 "])(
  "%j is no address",
  async (address) => {
    const health = () => ({ status: "serving", cluster: "c" }) as const;
    await expect(serveMetrics(address, new Metrics(), health)).rejects.toThrow(TypeError);
  },
);

test("whoever opens it to a network is told so", async () => {
  const server = await serveMetrics("0.0.0.0:0", new Metrics(), () => ({
    status: "serving",
    cluster: "c",
  }));
  onTestFinished(() => server[Symbol.asyncDispose]());
  expect(server.isLoopback).toBe(false);
});
