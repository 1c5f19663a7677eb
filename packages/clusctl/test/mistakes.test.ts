/** What people get wrong, and what they are told then. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import metadata from "../package.json" with { type: "json" };
import { Cluster } from "@msrpc/clusapi";
import { run } from "@msrpc/clusctl";
import { defaultDefinition } from "@msrpc/cluster";
import { expect, test } from "vitest";
import { checkExpression } from "../src/output/expression.ts";
import { near } from "../src/output/near.ts";
import { terminal } from "./support.ts";

test("it says its version", async () => {
  expect(await terminal().run("--version")).toMatchObject({
    code: 0,
    out: `${metadata.version}\n`,
  });
});

test("resources of a group that there isn't are no empty table", async () => {
  expect(await terminal().run("resource", "list", "--group", "Nope")).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringContaining('group "Nope": there is no group of that name') as string,
  });
});

const disk = (name: string, more: object = {}): { name: string; type: string } => ({
  name,
  type: "Physical Disk",
  ...more,
});

test("advice is of the operation that failed", async () => {
  const groups = [
    {
      name: "A",
      online: true,
      resources: [disk("Disk 1"), disk("Disk 2", { dependsOn: ["Disk 1"] })],
    },
    { name: "B", resources: [disk("Disk 3")] },
  ];
  const { run } = terminal({ definition: { ...defaultDefinition, groups } });
  const across = await run("resource", "depend", "Disk 3", "--on", "Disk 1");
  expect(across).toMatchObject({ code: 1 });
  expect(across.err).toContain("resources of different groups can't depend on each other");
  const quorum = await run("cluster", "quorum", "--disk", "Disk 1", "--yes");
  expect(quorum).toMatchObject({ code: 1 });
  expect(quorum.err).toMatch(/other resources need it\.[^]*Take these dependencies away first/);
});

test("a property that there isn't is named, with the one that was meant", async () => {
  const { run } = terminal();
  expect(await run("group", "set", "Cluster Group", "Prioritty=3")).toMatchObject({
    code: 2,
    err: "error: a group has no common property Prioritty; did you mean Priority?\n",
  });
  expect((await run("group", "set", "Cluster Group", "X=1", "--private")).code).toBe(0);
});

test.each([
  ["resources", "[A] [B]", "and is missing here", 4],
  ["resources", "[A] and", "a [name] is missing here", 7],
  ["resources", "[A] and [B] or [C]", "and and or are mixed", 12],
  ["resources", "([A] or [B]", "this is not closed", 0],
  ["resources", "[A])", "nothing was opened", 3],
  ["resources", "A and B", "a name in brackets", 0],
  ["resources", "([A] and [B])", "parentheses hold alternatives", 5],
  ["groups", "[A] or [B]", "all are needed", 4],
] as const)("of %s, %j is no expression: %s", (form, text, why, at) => {
  expect(() => checkExpression(text, form)).toThrow(why);
  expect(() => checkExpression(text, form)).toThrow(`\n  ${text}\n  ${" ".repeat(at)}^\n`);
});

test.each(["", "[A]", "[A] and ([B] or [C]) AND [D]", "([A])", "[A] or [B]"])(
  "%j is an expression",
  (text) => {
    expect(() => checkExpression(text, "resources")).not.toThrow();
  },
);

test("an expression is looked at before it is sent", async () => {
  const { code, err } = await terminal().run("group", "depend", "Cluster Group", "--set", "[A");
  expect(code).toBe(2);
  expect(err).toMatch(/^error: no expression: .*\n {2}\[A\n {2}\^\n/);
});

test("a value of the registry keeps its type, unless another one is named", async () => {
  const { run } = terminal();
  const set = ["registry", "set", "Groups", "Answer"];
  await run(...set, "42", "--type", "Dword");
  expect((await run(...set, "43")).out).toBe("set Answer of Groups, a Dword\n");
  expect((await run(...set, "text")).err).toBe('error: "text" is no value of type Dword\n');
  expect((await run(...set, "text", "--type", "Sz")).out).toBe("set Answer of Groups, a Sz\n");
  const bogus = await run(...set, "x", "--type", "Bogus");
  expect(bogus.code).toBe(2);
  expect(bogus.err).toContain("Sz, ExpandSz, MultiSz, Dword, Qword, Binary");
});

test("a group with nothing in it says why it is offline", async () => {
  const { run } = terminal();
  await run("group", "create", "Empty");
  expect((await run("group", "online", "Empty")).out).toBe(
    "group Empty is Offline on node1: there is nothing in it that could be online\n",
  );
});

test("a group that waits says for what", async () => {
  const groups = [
    { name: "Front", online: true, dependsOnSet: "Back", resources: [disk("Disk 1")] },
    { name: "Base", online: true, resources: [disk("Disk 2")] },
  ];
  const groupSets = [{ name: "Back", groups: ["Base"], properties: { StartupDelay: 20 } }];
  const { run } = terminal({ definition: { ...defaultDefinition, groups, groupSets } });
  expect((await run("status")).out).toMatch(/Front +Offline +on node1, waiting for Back\n/);
  expect((await run("group", "show", "Front")).out).toMatch(
    /^State +Offline on node1, waiting for Back\n/,
  );
});

test("a resource that failed says why", async () => {
  const { run } = terminal();
  await run("resource", "set", "Network Name", "RestartAction=0");
  await run("resource", "fail", "Network Name", "--yes");
  expect((await run("status")).out).toMatch(/Network Name +Failed +Network Name: a client had it/);
  expect((await run("resource", "show", "Network Name")).out).toMatch(
    /^State +Failed on node1: a client had it fail\nType +Network Name\nGroup +Cluster Group\n/,
  );
});

test("a port of another service is named, with what to do next", async () => {
  const other = createServer((socket) => socket.write("SSH-2.0-OpenSSH_9.6p1 Ubuntu-3\r\n"));
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  let err = "";
  const code = await run(["status", "--server", `127.0.0.1[${port}]`], {
    isTerminal: false,
    out: () => {},
    err: (text) => void (err += text),
    env: () => undefined,
    read: () => Promise.resolve(""),
    ask: () => Promise.resolve(""),
    askSecret: () => Promise.resolve(""),
    onInterrupt: () => () => {},
    connect: (binding, options) => Cluster.connect(binding, options),
  });
  other.close();
  expect(code).toBe(1);
  expect(err).toContain(`ncacn_ip_tcp:127.0.0.1[${port}]: what answers there isn't RPC`);
  expect(err).toContain("Is it the right port?");
});

test("what is near is found, and what is far isn't", () => {
  expect(near("onlnie", ["offline", "online"])).toBe("online");
  expect(near("PRIORITTY", ["Name", "Priority"])).toBe("Priority");
  expect(near("sofa", ["Name", "Priority"])).toBeNull();
});
