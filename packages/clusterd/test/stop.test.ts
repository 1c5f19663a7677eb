/** How it ends, and what is left of it. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { Daemon, file, folder, namesOf, start } from "./support.ts";

/** A definition with a program, and a second one that needs it. Each writes down when it stops. */
function programs(stopped: string): string {
  const script = file(
    "program.sh",
    `#!/bin/sh\ntrap 'echo "$1" >> ${stopped}; exit 0' TERM\necho "$1 runs" >> ${stopped}\nwhile :; do sleep 0.05; done\n`,
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
  const first = start("--store", store, "--definition", programs(stopped));
  await first.says("resource.state", { resource: "front", state: "Online" });
  await expect.poll(() => readFileSync(stopped, "utf8")).toBe("back runs\nfront runs\n");
  expect(await first.stop()).toEqual({ code: 0, signal: null });
  expect(readFileSync(stopped, "utf8")).toBe("back runs\nfront runs\nfront\nback\n");
  expect(first.log.at(-1)).toMatchObject({ event: "stopped" });
  const second = start("--store", store);
  await second.says("resource.state", { resource: "front", state: "Online" });
  await second.stop();
});

test("what doesn't stop in time is ended", async () => {
  const definition = {
    groups: [
      {
        name: "G",
        online: true,
        resources: [
          {
            name: "deaf",
            type: "Generic Application",
            privateProperties: { CommandLine: `sh -c "trap '' TERM; sleep 1000; sleep 1000"` },
          },
        ],
      },
    ],
  };
  const path = file("definition.json", JSON.stringify(definition));
  const daemon = start("--definition", path, "--stop-timeout", "0");
  await daemon.says("resource.state", { resource: "deaf", state: "Online" });
  expect((await daemon.stop()).code).toBe(0);
  expect(await daemon.says("resource.ended")).toMatchObject({ resource: "deaf", level: "warn" });
});

test("calls that wait for events end, those who watch have heard of the end of resources", async () => {
  const daemon = start();
  const cluster = await daemon.connect({
    credentials: { user: "alice", domain: "EXAMPLE", password: "Passw0rd.2" },
    candidates: [],
  });
  const events = cluster.events({ about: ["Resource"] });
  await events.open();
  const heard: string[] = [];
  const reading = (async () => {
    for await (const { kind, what, name } of events) heard.push(`${kind} ${what} ${name}`);
  })().catch(() => undefined);
  await daemon.says("started");
  expect((await daemon.stop()).code).toBe(0);
  await cluster[Symbol.asyncDispose]();
  await reading;
  expect(heard).toContain("Resource State Cluster Name");
});

test("a second signal ends it at once", async () => {
  const path = file(
    "definition.json",
    JSON.stringify({
      groups: [
        {
          name: "G",
          online: true,
          resources: [
            {
              name: "slow",
              type: "Generic Application",
              privateProperties: { CommandLine: `sh -c "trap '' TERM; sleep 3; sleep 3"` },
            },
          ],
        },
      ],
    }),
  );
  const daemon = start("--definition", path);
  await daemon.says("resource.state", { resource: "slow", state: "Online" });
  daemon.signal("SIGTERM");
  await daemon.says("stopping");
  daemon.signal("SIGTERM");
  expect(await daemon.ended).toEqual({ code: null, signal: "SIGTERM" });
});

test("a port that is taken keeps it from starting", async () => {
  const taken = await start().binding();
  const daemon = start("--listen", taken);
  expect((await daemon.ended).code).toBe(1);
  expect(daemon.err).toContain("EADDRINUSE");
});

test("SIGUSR2 has it copy its store, which starts as the cluster that it was", async () => {
  const copy = join(folder(), "copy.db");
  const daemon = start("--store", join(folder(), "cluster.db"), "--backup", copy);
  await (await daemon.connect()).createGroup("SQL");
  daemon.signal("SIGUSR2");
  expect(await daemon.says("backup")).toMatchObject({ level: "info", file: copy });
  const restored = await start("--store", copy).connect();
  expect(await namesOf(restored.groups())).toContain("SQL");
});

test("a copy that can't be written is an error in the log, and nothing else", async () => {
  const daemon = start("--store", join(folder(), "c.db"), "--backup", "/nowhere/at/all");
  await daemon.says("started");
  daemon.signal("SIGUSR2");
  expect(await daemon.says("backup.error")).toMatchObject({ level: "error" });
  expect((await daemon.stop()).code).toBe(0);
});

test("without --listen a store is copied at once", async () => {
  const store = join(folder(), "cluster.db");
  const daemon = start("--store", store);
  await daemon.says("started");
  const copy = join(folder(), "copy.db");
  const busy = new Daemon(["--store", store, "--backup", copy]);
  expect((await busy.ended).code).toBe(1);
  expect(busy.err).toContain("in use");
  await daemon.stop();
  const done = new Daemon(["--store", store, "--backup", copy]);
  expect((await done.ended).code).toBe(0);
  expect(existsSync(copy)).toBe(true);
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
  for (const daemon of [start("--store", store), new Daemon(["--check", "--store", store])]) {
    expect((await daemon.ended).code).toBe(1);
    expect(daemon.err).toMatch(new RegExp(`^clusterd: the store ${store} .*\n$`));
    expect(daemon.err).toContain(said);
  }
});
