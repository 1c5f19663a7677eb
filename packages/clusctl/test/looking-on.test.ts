/** Commands that look on: events, and a status that is watched. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Cluster } from "@msrpc/clusapi";
import { defaultDefinition } from "@msrpc/cluster";
import { run } from "@msrpc/clusctl";
import { TransportError } from "@msrpc/rpc";
import { tcpServer } from "@msrpc/rpc/tcp";
import { expect, onTestFinished, test } from "vitest";
import { clusterRouter, forAll } from "../../clusapi/test/support.ts";
import { following } from "../src/following.ts";
import { terminal } from "./support.ts";

const main = new URL("../src/main.ts", import.meta.url).pathname;
const nodes = [{ name: "node1" }, { name: "node2" }];

/** What `events` prints of what is done as soon as it listens. */
async function heard(args: readonly string[], ...line: readonly string[]): Promise<string[]> {
  const { run, follow } = terminal({ definition: { ...defaultDefinition, nodes } });
  const lines: string[] = [];
  await follow(["events", "--count", "1", ...args], (text) => {
    if (text.startsWith("listening")) void run(...line);
    lines.push(text);
  });
  return lines;
}

test("events begin with a line that they are listened for, apart from them", async () => {
  const [first] = await heard(["--about", "group"], "group", "offline", "Cluster Group", "-y");
  expect(first).toMatch(/^listening/);
});

test("an event of a new owner says its name, and one of the registry which value it is", async () => {
  const moved = ["group", "move", "Available Storage", "node2"];
  const { run, follow } = terminal({ definition: { ...defaultDefinition, nodes } });
  let owner = "";
  await follow(["events", "--of", "group:Available Storage"], (text, interrupt) => {
    if (text.startsWith("listening")) void run(...moved);
    if (!text.includes("Owner node")) return;
    owner = text;
    interrupt();
  });
  expect(owner).toMatch(/^Group +Owner node +Available Storage: on node2\n$/);
  const set = ["registry", "set", "Groups", "Answer", "42"];
  const [, value] = await heard(["--of", "key:Groups"], ...set);
  expect(value).toMatch(/^Registry +Value +Groups: Answer\n$/);
});

test("events have their time where that is asked for", async () => {
  const set = ["registry", "set", "Groups", "Answer", "42"];
  const [, line] = await heard(["--of", "key:Groups", "--timestamps"], ...set);
  expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z {2}Registry/);
  const [, json = ""] = await heard(["--of", "key:Groups", "--timestamps", "--json"], ...set);
  expect(JSON.parse(json)).toMatchObject({ time: expect.stringMatching(/Z$/) as string });
});

test("of several objects the one that isn't there is named", async () => {
  const args = ["events", "--of", "group:Cluster Group", "node:node7"];
  expect(await terminal().run(...args)).toMatchObject({
    code: 1,
    err: expect.stringContaining('error: node "node7": there is no node of that name') as string,
  });
});

test("who interrupts events has exit code 130", async () => {
  const code = await terminal().follow(["events"], (_, interrupt) => interrupt());
  expect(code).toBe(130);
});

/** A cluster over TCP that goes away, and comes back at the same place. */
async function comesAndGoes(): Promise<{
  readonly server: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}> {
  const serve = (): ReturnType<typeof tcpServer> => tcpServer(clusterRouter(forAll));
  let tcp = serve();
  const binding = await tcp.listen("ncacn_ip_tcp:127.0.0.146[0]");
  const stop = (): Promise<void> => tcp.close({ graceTime: 0 });
  onTestFinished(stop);
  return {
    server: binding,
    stop,
    async start() {
      tcp = serve();
      await tcp.listen(binding);
    },
  };
}

test.each([
  [["status", "--watch"], /^cluster1 /, 130],
  [["events", "--retry"], /^listening/, 130],
])("%j goes on when the cluster is back", async (args, start, code) => {
  const { server, ...cluster } = await comesAndGoes();
  let interrupt = (): void => {};
  const heard: string[] = [];
  const hear = (text: string): void => {
    heard.push(text);
    const starts = heard.filter((one) => start.test(one)).length;
    if (starts === 1 && start.test(text)) void cluster.stop();
    if (text.includes("asked again")) void cluster.start();
    if (starts === 2) interrupt();
  };
  const ended = await run([...args, "--server", server], {
    isTerminal: false,
    out: hear,
    err: hear,
    env: () => undefined,
    read: () => Promise.resolve(""),
    ask: () => Promise.resolve(""),
    askSecret: () => Promise.resolve(""),
    onInterrupt(callback) {
      interrupt = callback;
      return () => {};
    },
    connect: (binding, options) => Cluster.connect(binding, { ...options, candidates: [] }),
  });
  expect(ended).toBe(code);
  expect(heard.filter((text) => text.includes("asked again"))).toHaveLength(1);
});

test("who only looks on isn't told that something may have been done", async () => {
  const io = { onInterrupt: () => () => {}, err: () => {} } as unknown as Parameters<
    typeof following
  >[0];
  const lost = new TransportError("closed", "gone", { mayHaveRun: true });
  const looking = following(io, false, () => Promise.reject(lost));
  await expect(looking).rejects.toMatchObject({ code: "closed", mayHaveRun: false });
});

/** What is left to say when nobody reads what it prints: its exit code, and its standard error. */
async function unread(args: readonly string[]): Promise<{ code: unknown; err: string }> {
  const options = ["--conditions=source", "--disable-warning=ExperimentalWarning", main];
  const child = spawn(process.execPath, [...options, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  child.stdout.destroy();
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const [code] = (await once(child, "close")) as [unknown];
  return { code, err };
}

test("what nobody reads any more ends without a word", async () => {
  expect(await unread(["help", "group"])).toEqual({ code: 0, err: "" });
  const { server } = await comesAndGoes();
  expect(await unread(["status", "--watch", "--server", server])).toEqual({ code: 0, err: "" });
});
