/** How what resources stand for ends: in good order, by force, and where it won't. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { genericApplication, genericScript, type HostingType, keepTime } from "@msrpc/cluster";
import { ResourceState } from "@msrpc/ms-cmrp";
import { expect, onTestFinished, test, vi } from "vitest";
import { folder, host, pipe, script } from "./hosting-support.ts";

const { Online, Offline, Failed } = ResourceState;

test("a Generic Script that hangs while it takes its resource offline is killed, and may come online again", async () => {
  const held = pipe(join(folder(), "pipe"));
  const { path, calls } = script(`[ "$1" != offline ] || { exec 9> ${held.path}; sleep 1000; }`);
  const { cluster, resource, online, offline, reaches } = host(genericScript, {
    ScriptFilepath: path,
  });
  onTestFinished(keepTime(cluster));
  online();
  await reaches(Online);
  offline();
  await expect.poll(calls).toContain("offline");
  cluster.run((tx) => tx.update("resource", resource, { pendingTimeout: 0 }));
  await reaches(Failed);
  await held.ended;
  cluster.run((tx) => tx.update("resource", resource, { pendingTimeout: 1_000_000 }));
  online();
  await reaches(Online);
  expect(calls()).toEqual(["online", "offline", "terminate", "online"]);
});

test("a Generic Script that hangs while it ends its resource is killed in time, before anything else is begun", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { path, calls, does } = script('[ "$1" = terminate ] || exit 1; sleep 1000');
  const { online, reaches } = host(genericScript, { ScriptFilepath: path });
  online();
  await reaches(Failed);
  await expect.poll(calls).toEqual(["online", "terminate"]);
  does("");
  online();
  // Polling has let some of the ten seconds pass.
  await vi.advanceTimersByTimeAsync(5000);
  expect(calls()).toEqual(["online", "terminate"]);
  await vi.advanceTimersByTimeAsync(5000);
  await reaches(Online);
  expect(calls()).toEqual(["online", "terminate", "online"]);
});

test("what a program has started ends with it when it ends by itself", async () => {
  const held = pipe(join(folder(), "pipe"));
  const { path } = script(`exec 9> ${held.path}; sleep 1000 & exit 1`);
  const { online, reaches } = host(genericApplication, { CommandLine: path });
  online();
  await reaches(Failed);
  await held.ended;
});

test("what a program leaves behind when it goes offline may end in good order, and is waited for", async () => {
  const at = folder();
  const said = join(at, "said");
  const ready = pipe(join(at, "ready"));
  const child = script(`leader=$1
    trap 'while kill -0 $leader 2> /dev/null; do sleep 0.01; done; echo done > ${said}; exit' TERM
    echo > ${ready.path}
    while :; do sleep 0.01; done`);
  const { path } = script(`trap 'exit 0' TERM; ${child.path} $$ & wait`);
  const { online, offline, reaches } = host(genericApplication, { CommandLine: path });
  online();
  await Promise.all([reaches(Online), ready.ended]);
  offline();
  await reaches(Offline);
  expect(readFileSync(said, "utf8")).toBe("done\n");
});

test("what won't end is not waited for for ever", async () => {
  const never = new Promise<never>(() => undefined);
  const type: HostingType = {
    type: "Stubborn",
    online: () => ({ offline: () => never, terminate: () => never }),
  };
  const { online, offline, close, reaches } = host(type, {}, { patience: 1 });
  online();
  await reaches(Online);
  offline();
  await close();
});
