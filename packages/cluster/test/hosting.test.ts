/** Resources that stand for something: programs, and types that a test makes up. */
import { genericApplication, type HostingType, keepTime, properties } from "@msrpc/cluster";
import { ResourceState, Status } from "@msrpc/ms-cmrp";
import { expect, onTestFinished, test } from "vitest";
import { offlineResource, onlineResource } from "../src/core/online.ts";
import { hostFailed } from "../src/core/outcome.ts";
import { boundedOutput } from "../src/hosting/output.ts";
import { wordsOf } from "../src/hosting/process.ts";
import { host } from "./hosting-support.ts";

const { Online, OnlinePending, Offline, OfflinePending, Failed } = ResourceState;
const forever = `"${process.execPath}" -e "setInterval(() => {}, 1000)"`;

test("a Generic Application runs its program in its directory as long as it is online", async () => {
  const { cluster, resource, reaches } = host(genericApplication, {
    CommandLine: forever,
    CurrentDirectory: "/",
  });
  cluster.run((tx) => onlineResource(tx, resource));
  expect(resource.state).toBe(OnlinePending);
  await reaches(Online);
  cluster.run((tx) => offlineResource(tx, resource));
  expect(resource.state).toBe(OfflinePending);
  await reaches(Offline);
});

/** A program of Node's as a command line. */
function program(code: string): string {
  return `"${process.execPath}" -e "${code}"`;
}

test.each([
  ["with a code", "process.exit(3)", "ended with 3"],
  ["by a signal", "process.kill(process.pid, 'SIGKILL')", "was ended by SIGKILL"],
  [
    "after saying why",
    "console.error('first'); console.error('no such table'); process.exitCode = 4",
    "ended with 4: no such table",
  ],
])("a Generic Application fails when its program ends %s, and says so", async (_, code, how) => {
  const { resource, errors, online, reaches } = host(genericApplication, {
    CommandLine: program(code),
  });
  online();
  await reaches(Failed);
  expect(errors).toEqual([`Error: ${process.execPath} ${how}`]);
  expect(resource.failure).toEqual({
    code: Status.ERROR_RESOURCE_FAILED,
    text: `${process.execPath} ${how}`,
  });
});

test("what a program prints is heard line by line", async () => {
  const { output, online, reaches } = host(genericApplication, {
    CommandLine: program("console.log('one\\ntwo'); process.stderr.write('no end')"),
  });
  online();
  await reaches(Failed);
  expect(output.toSorted()).toEqual(["stderr: no end", "stdout: one", "stdout: two"]);
});

test("of a line without end, and of lines without number, only some is heard", async () => {
  const lines = "console.log('x'.repeat(1e6)); for (let i = 0; i < 1e5; i++) console.log(i)";
  const { output, online, reaches } = host(genericApplication, { CommandLine: program(lines) });
  online();
  await reaches(Failed);
  expect(output[0]).toBe(`stdout: ${"x".repeat(1000)}…`);
  expect(output.at(-1)).toMatch(/^stdout: \d+ more lines were left out$/);
  const told = output.filter((line) => /^stdout: \d+$/.test(line)).length;
  const left = output.flatMap((line) => /(\d+) more lines/.exec(line)?.[1] ?? []);
  expect(told + left.reduce((sum, number) => sum + Number(number), 0)).toBe(100_000);
  expect(told).toBeLessThan(50_000);
});

test("lines are left out of a period, and heard again in the next one", () => {
  const heard: string[] = [];
  let now = 0;
  const { line } = boundedOutput(
    (text) => heard.push(text),
    () => now,
  );
  for (let i = 0; i < 150; i++) line(String(i), "stdout");
  expect(heard).toHaveLength(100);
  now = 10_000;
  line("next", "stdout");
  expect(heard.slice(100)).toEqual(["50 more lines were left out", "next"]);
});

test.each([
  ["no command line", {}],
  ["a program that there isn't", { CommandLine: "/nowhere/at-all" }],
  ["a directory that there isn't", { CommandLine: forever, CurrentDirectory: "/nowhere" }],
])("a Generic Application with %s fails, and says why", async (_, parameters) => {
  const { cluster, resource, errors, reaches } = host(genericApplication, { ...parameters });
  cluster.run((tx) => onlineResource(tx, resource));
  await reaches(Failed);
  expect(errors).toHaveLength(1);
});

test("the words of a command line are between blanks or in quotation marks", () => {
  expect(wordsOf('  "a b" c --d="e f"  g')).toEqual(["a b", "c", "--d=e f", "g"]);
  expect(wordsOf("  ")).toEqual([]);
});

test("a program that fails is started again when it is time", async () => {
  const { cluster, resource, reaches } = host(genericApplication, { CommandLine: forever });
  onTestFinished(keepTime(cluster));
  cluster.run((tx) => {
    tx.update("resource", resource, { restartAction: 1, restartDelay: 1 });
    onlineResource(tx, resource);
  });
  await reaches(Online);
  const { attempt } = resource;
  cluster.run((tx) => tx.update("resource", resource, { restartThreshold: 5 }));
  const failed = reaches(Failed);
  cluster.run((tx) => hostFailed(tx, resource.id, attempt));
  await failed;
  await reaches(Online);
  expect(resource.attempt).toBeGreaterThan(attempt);
  expect(resource.restarts).toHaveLength(1);
});

/** A type that does what a test says. */
function madeUp(): {
  readonly type: HostingType;
  readonly log: string[];
  readonly say: { start?: (error?: Error) => void; fail?: () => void; isAlive: boolean };
} {
  const log: string[] = [];
  const say: { start?: (error?: Error) => void; fail?: () => void; isAlive: boolean } = {
    isAlive: true,
  };
  const type: HostingType = {
    type: "Made Up",
    online({ fail, text, parameters }, signal) {
      log.push(`online ${text("Address")} ${parameters.length}`);
      signal.addEventListener("abort", () => log.push("aborted"));
      say.fail = fail;
      const running = {
        offline: (with_: Uint8Array) => void log.push(`offline ${with_.length}`),
        terminate: () => void log.push("terminate"),
        looksAlive: () => say.isAlive,
      };
      return new Promise((resolve, reject) => {
        say.start = (error) => (error === undefined ? resolve(running) : reject(error));
      });
    },
  };
  return { type, log, say };
}

test("a type sees the properties of a resource, and what the request has for it", async () => {
  const { type, log, say } = madeUp();
  const { cluster, resource, reaches } = host(type, { Address: "10.0.0.1" });
  cluster.run((tx) => onlineResource(tx, resource, { parameters: new Uint8Array(3) }));
  await expect.poll(() => say.start).toBeDefined();
  say.start?.();
  await reaches(Online);
  cluster.run((tx) => offlineResource(tx, resource, { parameters: new Uint8Array(5) }));
  await reaches(Offline);
  expect(log).toEqual(["online 10.0.0.1 3", "offline 5"]);
});

test("a resource that says so fails, and what there is of it ends", async () => {
  const { type, log, say } = madeUp();
  const { cluster, resource, reaches } = host(type);
  cluster.run((tx) => onlineResource(tx, resource));
  await expect.poll(() => say.start).toBeDefined();
  say.start?.();
  await reaches(Online);
  say.fail?.();
  await reaches(Failed);
  expect(log).toContain("terminate");
  say.fail?.();
  expect(resource.state).toBe(Failed);
});

test("a resource that is found dead fails, and says by which look", async () => {
  const { type, say } = madeUp();
  const { cluster, resource, errors, reaches } = host(type);
  cluster.run((tx) => {
    tx.update("resource", resource, { looksAliveInterval: 1 });
    onlineResource(tx, resource);
  });
  await expect.poll(() => say.start).toBeDefined();
  say.start?.();
  await reaches(Online);
  say.isAlive = false;
  await reaches(Failed);
  expect(errors).toEqual(["looksAlive found it dead"]);
});

test("a resource that starts is told when nobody waits for it any more", async () => {
  const { type, log, say } = madeUp();
  const { cluster, resource, reaches } = host(type);
  cluster.run((tx) => onlineResource(tx, resource));
  await expect.poll(() => say.start).toBeDefined();
  cluster.run((tx) => {
    tx.update("resource", resource, { pendingTimeout: 0 });
  });
  onTestFinished(keepTime(cluster));
  await reaches(Failed);
  expect(log).toContain("aborted");
  expect(resource.failure?.code).toBe(Status.ERROR_TIMEOUT);
  say.start?.();
  await expect.poll(() => log).toContain("terminate");
  expect(resource.state).toBe(Failed);
});

test("a type brings the private properties of its resources along", async () => {
  const { type, log, say } = madeUp();
  const { resource, online, reaches } = host(
    { ...type, properties: [properties.expandSz("Address"), properties.flag("Loud")] },
    { Address: "%NOBODY_HAS_THIS%/x", Loud: true },
  );
  online();
  await expect.poll(() => say.start).toBeDefined();
  say.start?.();
  await reaches(Online);
  expect(log).toEqual(["online %NOBODY_HAS_THIS%/x 0"]);
  expect(resource.state).toBe(Online);
  const wrong = { Loud: 2 };
  expect(() => host({ ...type, properties: [properties.flag("Loud")] }, wrong)).toThrow("Loud");
});
