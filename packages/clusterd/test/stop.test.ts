/** How it ends, and what is left of it. */
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { readOptions } from "@msrpc/clusterd";
import { checkFiles } from "../src/check.ts";
import { backUp } from "../src/store.ts";
import { account, Daemon, file, folder, namesOf, spawned, start } from "./support.ts";

/** A definition with a program, and a second one that needs it. Each writes down when it stops, which it does of itself in time. */
function programs(stopped: string): string {
  const script = file(
    "program.sh",
    `#!/bin/sh\ntrap 'echo "$1" >> ${stopped}; exit 0' TERM\necho "$1 runs" >> ${stopped}\nfor i in $(seq 2000); do sleep 0.05; done\n`,
  );
  const resource = (name: string, more: object): object => ({
    name,
    type: "Generic Application",
    online: true,
    privateProperties: { CommandLine: `${script} ${name}` },
    ...more,
  });
  const resources = [resource("front", { dependsOn: ["back"] }), resource("back", {})];
  return file("definition.json", JSON.stringify({ groups: [{ name: "G", resources }] }));
}

test("told to stop, it stops what runs, dependents first, and starts it again the next time", async () => {
  const stopped = join(folder(), "stopped");
  const store = join(folder(), "cluster.db");
  const first = spawned("--store", store, "--definition", programs(stopped));
  await first.says("resource.state", { resource: "front", state: "Online" });
  const written = (): string[] => readFileSync(stopped, "utf8").trimEnd().split("\n");
  await expect.poll(() => written().toSorted()).toEqual(["back runs", "front runs"]);
  first.signal("SIGTERM");
  expect(await first.ended).toEqual({ code: 0, signal: null });
  expect(written().slice(2)).toEqual(["front", "back"]);
  expect(first.log.at(-1)).toMatchObject({ event: "stopped" });
  const second = start("--store", store);
  await second.says("resource.state", { resource: "front", state: "Online" });
  await second.stop();
});

/** A definition with a program that doesn't stop when it is asked to, and the file that says that it runs. */
function deaf(): { readonly definition: string; readonly runs: string } {
  const runs = join(folder(), "runs");
  // Not for ever: a test that fails leaves it behind.
  const script = file("deaf.sh", `#!/bin/sh\ntrap '' TERM\necho > ${runs}\nsleep 5\nsleep 5\n`);
  const privateProperties = { CommandLine: script };
  const resources = [{ name: "deaf", type: "Generic Application", privateProperties }];
  const definition = { groups: [{ name: "G", online: true, resources }] };
  return { definition: file("definition.json", JSON.stringify(definition)), runs };
}

test("what doesn't stop in time is ended", async () => {
  const { definition, runs } = deaf();
  const daemon = start("--definition", definition, "--stop-timeout", "0");
  await expect.poll(() => existsSync(runs)).toBe(true);
  await daemon.stop();
  expect(await daemon.says("resource.ended")).toMatchObject({ resource: "deaf", level: "warn" });
});

test("calls that wait for events hear of the end of resources, and keep nobody waiting", async () => {
  const daemon = start("--metrics", "0");
  const cluster = await daemon.connect({ credentials: account, candidates: [] });
  const events = cluster.events({ about: ["Resource"] });
  await events.open();
  const heard: string[] = [];
  const reading = (async () => {
    for await (const { kind, what, name } of events) heard.push(`${kind} ${what} ${name}`);
  })().catch(() => undefined);
  const { url } = await daemon.says("metrics");
  const metrics = async (): Promise<string> =>
    await (await fetch(`${url as string}/metrics`)).text();
  await expect.poll(metrics).toContain("\nclusterd_notification_waiting 1\n");
  await daemon.stop();
  await cluster[Symbol.asyncDispose]();
  await reading;
  expect(heard).toContain("Resource State Cluster Name");
});

test("a second signal ends it at once", async () => {
  const { definition, runs } = deaf();
  const daemon = spawned("--definition", definition);
  await expect.poll(() => existsSync(runs)).toBe(true);
  daemon.signal("SIGTERM");
  await daemon.says("stopping");
  daemon.signal("SIGTERM");
  expect(await daemon.ended).toEqual({ code: null, signal: "SIGTERM" });
});

test("what a type of somebody else's leaves running doesn't keep it from ending", async () => {
  const lingering = `setInterval(() => {}, 1000);
    export default { type: "Lingering", online: () => ({ offline() {}, terminate() {} }) };`;
  const daemon = spawned("--type", file("lingering.mjs", lingering));
  await daemon.says("started");
  daemon.signal("SIGTERM");
  expect(await daemon.ended).toEqual({ code: 0, signal: null });
});

test("a port that is taken keeps it from starting", async () => {
  const taken = await start().binding();
  await expect(start("--listen", taken).ended).rejects.toThrow("EADDRINUSE");
});

test("SIGUSR2 has it copy its store, which starts as the cluster that it was", async () => {
  const copy = join(folder(), "copy.db");
  const daemon = spawned("--store", join(folder(), "cluster.db"), "--backup", copy);
  await (await daemon.connect()).createGroup("SQL");
  daemon.signal("SIGUSR2");
  expect(await daemon.says("backup")).toMatchObject({ level: "info", file: copy });
  expect(statSync(copy).mode & 0o777).toBe(0o600);
  const restored = await start("--store", copy).connect();
  expect(await namesOf(restored.groups())).toContain("SQL");
});

test("SIGUSR2 without --backup is a line in the log, and no more", async () => {
  const daemon = spawned();
  const { pid } = await daemon.says("started");
  process.kill(pid as number, "SIGUSR2");
  expect(await daemon.says("backup.none")).toMatchObject({ level: "warn" });
  daemon.signal("SIGTERM");
  expect((await daemon.ended).code).toBe(0);
});

test("a terminal that is closed stops it in good order", async () => {
  const daemon = spawned();
  await daemon.says("started");
  daemon.signal("SIGHUP");
  expect(await daemon.ended).toEqual({ code: 0, signal: null });
  expect(daemon.log.at(-1)).toMatchObject({ event: "stopped" });
});

test("a group that was moved is where it was at the next start", async () => {
  const store = join(folder(), "cluster.db");
  const nodes = [{ name: "n1" }, { name: "n2" }];
  const groups = [{ name: "Jobs", preferredOwners: ["n1"], resources: [] }];
  const definition = file("two.json", JSON.stringify({ nodes, groups }));
  const first = start("--store", store, "--definition", definition);
  await (await first.connect()).group("Jobs").moveTo("n2");
  await first.stop();
  const cluster = await start("--store", store).connect();
  expect(await cluster.group("Jobs").status()).toMatchObject({ owner: "n2" });
  expect(await cluster.group("Cluster Group").status()).toMatchObject({ owner: "n1" });
});

test("a copy that can't be written is an error in the log, and nothing else", async () => {
  const daemon = spawned("--store", join(folder(), "c.db"), "--backup", "/nowhere/at/all");
  await daemon.says("started");
  daemon.signal("SIGUSR2");
  expect(await daemon.says("backup.error")).toMatchObject({ level: "error" });
  daemon.signal("SIGTERM");
  expect((await daemon.ended).code).toBe(0);
});

test("without --listen a store is copied at once, unless somebody serves it", async () => {
  const store = join(folder(), "cluster.db");
  const copy = join(folder(), "copy.db");
  const daemon = spawned("--store", store);
  await daemon.says("started");
  const refused = new Daemon(["--store", store, "--backup", copy]);
  expect((await refused.ended).code).toBe(1);
  expect(refused.err).toMatch(/is in use.*whoever serves it copies it at SIGUSR2/);
  daemon.signal("SIGTERM");
  await daemon.ended;
  const done = new Daemon(["--store", store, "--backup", copy]);
  expect((await done.ended).code).toBe(0);
  expect(existsSync(copy)).toBe(true);
});

test("what isn't there, and what no file keeps, has no copy", () => {
  const none = { store: join(folder(), "none.db"), backup: join(folder(), "copy.db") };
  expect(() => backUp(none)).toThrow(`there is no store ${none.store}`);
  expect(existsSync(none.store)).toBe(false);
  expect(() => backUp({ ...none, store: "memory:" })).toThrow("--store needs a file");
});

/** The file of a cluster that has stopped. */
async function stoppedStore(): Promise<string> {
  const store = join(folder(), "cluster.db");
  const daemon = start("--store", store);
  await daemon.says("started");
  await daemon.stop();
  return store;
}

test.each<[string, (store: string) => void, string]>([
  [
    "damaged",
    (store) => {
      using database = new DatabaseSync(store);
      database.exec("UPDATE entries SET data = x'00' WHERE id = (SELECT min(id) FROM entries)");
    },
    "is damaged",
  ],
  [
    "of a later version",
    (store) => {
      using database = new DatabaseSync(store);
      database.exec("PRAGMA user_version = 99");
    },
    "is of version 99; this program knows them up to",
  ],
  [
    "of another program",
    (store) => writeFileSync(store, "a text of somebody else's\n".repeat(100)),
    "damaged",
  ],
])("a store that is %s is refused in clear words, and by --check", async (_, change, said) => {
  const store = await stoppedStore();
  change(store);
  const wanted = { name: "StoreError", message: expect.stringContaining(said) as string };
  await expect(start("--store", store).ended).rejects.toMatchObject(wanted);
  await expect(checkFiles(readOptions(["--check", "--store", store]))).rejects.toMatchObject(
    wanted,
  );
});
