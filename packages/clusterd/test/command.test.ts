/** The command line, and what comes of it. */
import metadata from "../package.json" with { type: "json" };
import { Cluster } from "@msrpc/clusapi";
import { readOptions } from "@msrpc/clusterd";
import { expect, test } from "vitest";
import { account, anyPort, Daemon, file, namesOf, spawned, start } from "./support.ts";

test("whoever has an account manages the default cluster", async () => {
  const daemon = start();
  const cluster = await daemon.connect();
  const groups = await namesOf(cluster.groups());
  expect(groups).toEqual(["Cluster Group", "Available Storage"]);
});

test("it serves one cluster at each of several bindings", async () => {
  const daemon = start(...anyPort);
  await daemon.connect();
  await daemon.says("started");
  const bindings = daemon.bindings;
  expect(new Set(bindings).size).toBe(2);
  const one = await daemon.connect();
  await one.createGroup("SQL");
  const [, other = ""] = bindings;
  await using cluster = await Cluster.connect(other, { credentials: account });
  const groups = await namesOf(cluster.groups());
  expect(groups).toContain("SQL");
});

test("a store outlasts the process, also one that was killed", async () => {
  const store = file("cluster.db", "");
  const first = spawned("--store", store);
  await (await first.connect()).createGroup("SQL");
  first.signal("SIGKILL");
  await first.ended;
  const cluster = await start("--store", store).connect();
  const groups = await namesOf(cluster.groups());
  expect(groups).toContain("SQL");
});

test.each([
  ["an option that there isn't", ["--lisen", "x"], "--lisen"],
  ["no binding", ["--store", "memory:"], "--listen needs a binding"],
  [
    "a word that an option doesn't take",
    [...anyPort, "--log-level", "loud"],
    "debug, info, warn or error",
  ],
])("%s is no command line", (_, args, said) => {
  expect(() => readOptions(args)).toThrow(TypeError);
  expect(() => readOptions(args)).toThrow(said);
});

test.each([
  ["what is no descriptor", ["--security", "everybody"], "--security"],
  ["accounts that aren't there", ["--users", "/nowhere/at-all"], "can't be read"],
  ["a keytab that isn't there", ["--keytab", "/nowhere/at-all"], "ENOENT"],
  ["a keytab that is none", ["--keytab", import.meta.filename], "is no file with keys"],
  ["a store that is no file", ["--store", "/dev/null"], "is no file"],
  ["what keeps no copies", ["--backup", "/tmp/x"], "--backup needs a --store"],
])("it doesn't start with %s", async (_, args, said) => {
  await expect(start(...args).ended).rejects.toThrow(said);
});

test("where it was used wrongly it ends at once, and says why", async () => {
  const daemon = new Daemon(["--listen", "127.0.0.1"]);
  expect((await daemon.ended).code).toBe(2);
  expect(daemon.err).toMatch(/^clusterd: .*nobody could log on.*--test-mode.*\n$/);
  expect(daemon.out).toBe("");
  const empty = new Daemon([]);
  expect((await empty.ended).code).toBe(2);
  expect(empty.err).toContain("clusterd --listen BINDING");
});

test("what can't be listened at is told with its option, and what it should look like", async () => {
  const daemon = spawned("--listen", "foo");
  expect((await daemon.ended).code).toBe(2);
  expect(daemon.err).toMatch(
    /^clusterd: --listen: .* foo; one is ncacn_ip_tcp:127\.0\.0\.1\[49153\]\n$/,
  );
  const taken = await start().binding();
  await expect(start("--listen", taken).ended).rejects.toThrow(
    /^--listen ncacn.*EADDRINUSE.*another program listens there$/,
  );
});

test("a definition that isn't there is told so", async () => {
  const missing = start("--definition", "/nowhere/at-all.yaml");
  await expect(missing.ended).rejects.toThrow(
    "--definition /nowhere/at-all.yaml: there is no such file",
  );
});

test("it says its version", async () => {
  const daemon = new Daemon(["--version"]);
  expect((await daemon.ended).code).toBe(0);
  expect(daemon.out).toBe(`${metadata.version}\n`);
});

test("told to stop, it ends in good order", async () => {
  const daemon = spawned();
  await daemon.says("started");
  daemon.signal("SIGINT");
  expect(await daemon.ended).toEqual({ code: 0, signal: null });
  expect(daemon.err).toBe("");
});

test("test mode is loud, and lets in who hasn't logged on", async () => {
  const daemon = start("--test-mode");
  expect(await daemon.says("test-mode")).toMatchObject({ level: "warn" });
  const cluster = await daemon.connect({});
  expect(await cluster.names()).toMatchObject({ name: "cluster1" });
});

test("without it whoever hasn't logged on is refused", async () => {
  const daemon = start();
  await expect(daemon.connect({})).rejects.toThrow();
});
