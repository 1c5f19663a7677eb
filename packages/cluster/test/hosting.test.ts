/** Resources that stand for something: programs, and types that a test makes up. */
import { genericApplication, type HostingType, keepTime, properties } from "@msrpc/cluster";
import { ResourceState } from "@msrpc/ms-cmrp";
import { expect, onTestFinished, test } from "vitest";
import { offlineResource, onlineResource } from "../src/core/online.ts";
import { hostFailed } from "../src/core/outcome.ts";
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

test("a Generic Application fails when its program ends", async () => {
  const { cluster, resource, reaches } = host(genericApplication, {
    CommandLine: `"${process.execPath}" -e 0`,
  });
  cluster.run((tx) => onlineResource(tx, resource));
  await reaches(Failed);
  expect(resource.state).toBe(Failed);
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

test("a resource that is found dead fails", async () => {
  const { type, say } = madeUp();
  const { cluster, resource, reaches } = host(type);
  cluster.run((tx) => {
    tx.update("resource", resource, { looksAliveInterval: 1 });
    onlineResource(tx, resource);
  });
  await expect.poll(() => say.start).toBeDefined();
  say.start?.();
  await reaches(Online);
  say.isAlive = false;
  await reaches(Failed);
  expect(resource.state).toBe(Failed);
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
