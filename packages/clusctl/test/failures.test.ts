/** What goes wrong, in words and as exit codes; and how a cluster is reached. */
import { RpcFault, TransportError } from "@msrpc/rpc";
import { run } from "@msrpc/clusctl";
import { Cluster, ClusterVersionError, PropertyListError } from "@msrpc/clusapi";
import { expect, test } from "vitest";
import { alice } from "../../../test/support/accounts.ts";
import { clusterRouter, serveOverTcp } from "../../clusapi/test/support.ts";
import { terminal } from "./support.ts";

test("what the cluster refuses is exit code 1, with what to do next", async () => {
  expect(await terminal().run("group", "online", "SQL")).toEqual({
    code: 1,
    out: "",
    err:
      'error: group "SQL": there is no group of that name. ERROR_GROUP_NOT_FOUND (5013) from ApiOpenGroupEx\n' +
      "  Names can change: list what is there, and try again.\n",
  });
});

test("an error is JSON where that is asked for", async () => {
  const { code, err } = await terminal().run("group", "online", "SQL", "--json");
  expect(code).toBe(1);
  expect(JSON.parse(err)).toMatchObject({
    error: { name: "ClusterError", code: 5013, codeName: "ERROR_GROUP_NOT_FOUND" },
  });
});

test.each([
  [["frobnicate"], "unknown command 'frobnicate'"],
  [["group", "onlin", "SQL"], "unknown command 'group onlin'; did you mean online?"],
  [
    ["group", "frobnicate", "SQL"],
    "unknown command 'group frobnicate': clusctl group --help shows what there",
  ],
  [["group", "list", "SQL"], "too many arguments for 'list'"],
  [["group", "online"], "missing required argument 'group'"],
  [["status", "--frob"], "unknown option '--frob'"],
  [["status", "--timeout", "soon"], '--timeout takes seconds, from 1 to 86400, and not "soon"'],
])("%j is exit code 2", async (args, said) => {
  const { code, err } = await terminal().run(...args);
  expect(code).toBe(2);
  expect(err).toContain(`error: ${said}`);
});

test("without a server there is nothing to manage", async () => {
  expect(await terminal({ env: {} }).run("status")).toMatchObject({
    code: 2,
    err: "error: name a node of the cluster: --server HOST, or CLUSCTL_SERVER\n",
  });
});

test("a server is a host, or a binding as it is", async () => {
  const { run, connected } = terminal();
  await run("status", "--server", "node2", "--timeout", "5");
  expect(connected).toEqual({ binding: "ncacn_ip_tcp:node2", options: { timeout: 5000 } });
  await run("status", "--server", "ncacn_ip_tcp:node2[49152]");
  expect(connected.binding).toBe("ncacn_ip_tcp:node2[49152]");
});

test.each([
  ["EXAMPLE\\alice", { domain: "EXAMPLE", user: "alice" }],
  ["alice@example.com", { domain: "example.com", user: "alice" }],
  ["alice", { domain: "", user: "alice" }],
])("%s is who logs on, with the password that is typed", async (name, user) => {
  const { run, connected } = terminal({ answer: "secret" });
  const { err } = await run("status", "--user", name);
  expect(err).toBe(`Password of ${name}: `);
  expect(connected.options.credentials).toEqual({ ...user, password: "secret" });
});

test("account and password may come from the environment", async () => {
  const env = { CLUSCTL_SERVER: "node1", CLUSCTL_USER: "alice", CLUSCTL_PASSWORD: "secret" };
  const { run, connected } = terminal({ env });
  expect(await run("status")).toMatchObject({ code: 0, err: "" });
  expect(connected.options.credentials).toEqual({ domain: "", user: "alice", password: "secret" });
});

test("a password may come from a file, of which it is the first line", async () => {
  const files = { "secret.txt": "p w\r\nnot this\n", "empty.txt": "\n" };
  const { run, connected } = terminal({ files });
  const args = ["status", "--user", "alice", "--password-file"];
  expect(await run(...args, "secret.txt")).toMatchObject({ code: 0, err: "" });
  expect(connected.options.credentials).toEqual({ domain: "", user: "alice", password: "p w" });
  expect(await run(...args, "empty.txt")).toMatchObject({
    code: 2,
    err: "error: empty.txt has no password in its first line\n",
  });
  expect(await run("status", "--password-file", "secret.txt")).toMatchObject({
    code: 2,
    err: "error: --password-file goes with --user\n",
  });
});

test("no option takes a password itself", async () => {
  const { out } = await terminal().run("--help");
  expect(out).toContain("--password-file <file>");
  expect(out).not.toMatch(/--password[ ,=]/);
});

test("version 2.0 of the interface is used where that is asked for", async () => {
  const { run, connected } = terminal();
  await run("status", "--protocol", "2");
  expect(connected.options).toMatchObject({ version: 2 });
  await run("status");
  expect(connected.options).not.toHaveProperty("version");
});

/** `clusctl status` where connecting fails. */
async function failing(error: Error): Promise<{ code: number; err: string }> {
  let err = "";
  const code = await run(["status", "--server", "node1"], {
    isTerminal: false,
    out: () => {},
    err: (text) => void (err += text),
    env: () => undefined,
    read: () => Promise.resolve(""),
    ask: () => Promise.resolve(""),
    askSecret: () => Promise.resolve(""),
    onInterrupt: () => () => {},
    connect: () => Promise.reject(error),
  });
  return { code, err };
}

test.each([
  [new TransportError("unreachable", "no connection to node1"), "Is it the right host"],
  [new TransportError("security", "authentication failed"), "Is the name right"],
  [new TransportError("closed", "the connection ended", { mayHaveRun: true }), "may have done it"],
  [
    new TransportError("closed", "the connection ended", { mayHaveRun: false }),
    "may be restarting",
  ],
  [new ClusterVersionError("ncacn_ip_tcp:node1"), "--protocol 2"],
  [new PropertyListError("ends too early"), "no property list"],
  [new RpcFault(5, "ApiGetClusterName"), "Log on as an administrator"],
  [new DOMException("late", "TimeoutError"), "--timeout SECONDS"],
])("a failure to reach the cluster says what to look at: %s", async (error, said) => {
  const { code, err } = await failing(error);
  expect(code).toBe(1);
  expect(err).toContain(said);
});

test("what lies behind a failure is said, however far", async () => {
  const cause = new Error("connect", { cause: new Error("ENOTFOUND node1") });
  const { err } = await failing(new TransportError("unreachable", "no way", { cause }));
  expect(err).toMatch(/^error: no way: connect: ENOTFOUND node1\n/);
});

test("a mistake of ours is not dressed up", async () => {
  await expect(failing(new Error("a bug"))).rejects.toThrow("a bug");
});

test("over TCP, found by the endpoint mapper and sealed, it is the same", async () => {
  await using served = await serveOverTcp(clusterRouter(), "127.0.0.143");
  const env: Record<string, string> = { CLUSCTL_PASSWORD: alice.password };
  let out = "";
  let err = "";
  const io = {
    isTerminal: false,
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    env: (name: string) => env[name],
    read: () => Promise.resolve(""),
    ask: () => Promise.resolve(""),
    askSecret: () => Promise.resolve(""),
    onInterrupt: () => () => {},
    connect: (binding: string, options: object) =>
      Cluster.connect(binding, { ...options, resolveEndpoint: served.resolveEndpoint }),
  };
  const args = ["--server", "127.0.0.143", "--user", "EXAMPLE\\alice"];
  expect(await run([...args, "group"], io)).toBe(0);
  expect(out).toContain("Cluster Group      ● Online   node1");
  env["CLUSCTL_PASSWORD"] = "wrong";
  expect(await run([...args, "group"], io)).toBe(1);
  expect(err).toContain("Is the name right, and the password?");
});
