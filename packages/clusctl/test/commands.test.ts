/** Commands on the objects of a cluster: what they print and do. */
import { defaultDefinition } from "@msrpc/cluster";
import { expect, test } from "vitest";
import { terminal } from "./support.ts";

const twoNodes = { ...defaultDefinition, nodes: [{ name: "node1" }, { name: "node2" }] };

test.each([
  [
    "node",
    `NAME   STATE  ID
node1  ● Up   1
`,
  ],
  [
    "group",
    `NAME               STATE      OWNER
Cluster Group      ● Online   node1
Available Storage  ○ Offline  node1
`,
  ],
  [
    "resource",
    `NAME          STATE     TYPE          GROUP          OWNER
Cluster Name  ● Online  Network Name  Cluster Group  node1
Network Name  ● Online  Network Name  Cluster Group  node1
`,
  ],
  [
    "network",
    `NAME               STATE
Cluster Network 1  ● Up
`,
  ],
  [
    "interface",
    `NAME              STATE  NODE   NETWORK
node1 - Ethernet  ● Up   node1  Cluster Network 1
`,
  ],
  [
    "cluster",
    `Name         cluster1
Answered by  node1
System       10.0.20348
Software     Microsoft(R) Cluster service
Versions     11.3 to 11.3
`,
  ],
])("%s without a command lists what there is", async (kind, out) => {
  expect(await terminal().run(kind)).toEqual({ code: 0, err: "", out });
});

test("types are listed by name", async () => {
  expect((await terminal().run("type")).out).toMatch(/^NAME\n(?:.*\n)*Generic Service\n/);
});

test("lists are JSON where that is asked for, before the command or behind it", async () => {
  const { run } = terminal();
  const { out } = await run("--json", "interface", "list");
  expect(JSON.parse(out)).toEqual([
    { name: "node1 - Ethernet", node: "node1", network: "Cluster Network 1", state: "Up" },
  ]);
  expect(JSON.parse((await run("node", "list", "--json")).out)).toEqual([
    { name: "node1", id: "1", state: "Up" },
  ]);
});

test("a group is made, filled, brought online, moved, taken offline, renamed and deleted", async () => {
  const { run } = terminal({ definition: twoNodes });
  const steps: readonly (readonly [line: string[], said: string])[] = [
    [["group", "create", "SQL"], "created group SQL\n"],
    [
      ["resource", "create", "Disk 1", "--type", "Physical Disk", "--group", "SQL"],
      "created resource Disk 1 in group SQL\n",
    ],
    [["group", "online", "SQL"], "group SQL is Online on node1\n"],
    [["group", "move", "SQL", "node2"], "group SQL is Online on node2\n"],
    [["group", "move", "SQL"], "group SQL is Online on node1\n"],
    [["group", "offline", "SQL", "--yes"], "group SQL is Offline on node1\n"],
    [["resource", "online", "Disk 1"], "resource Disk 1 is Online on node1\n"],
    [["resource", "rename", "Disk 1", "Disk 2"], "renamed resource Disk 1 to Disk 2\n"],
    [["group", "rename", "SQL", "SQL 2"], "renamed group SQL to SQL 2\n"],
    [["group", "create", "Empty"], "created group Empty\n"],
    [["group", "delete", "Empty", "--yes"], "deleted group Empty\n"],
    [
      ["network", "rename", "Cluster Network 1", "Front"],
      "renamed network Cluster Network 1 to Front\n",
    ],
    [["node", "pause", "node2"], "paused node node2\n"],
    [["node", "resume", "node2"], "resumed node node2\n"],
  ];
  for (const [line, out] of steps) {
    expect(await run(...line), line.join(" ")).toEqual({ code: 0, err: "", out });
  }
  expect(JSON.parse((await run("resource", "list", "--group", "sql 2", "--json")).out)).toEqual([
    { name: "Disk 2", type: "Physical Disk", state: "Online", owner: "node1", group: "SQL 2" },
  ]);
});

test("what takes something away is done on a yes", async () => {
  const options = { isTerminal: true, answer: "yes" };
  const { code, err } = await terminal(options).run("resource", "offline", "Network Name");
  expect(code).toBe(0);
  expect(err).toBe("Take resource Network Name and what needs it offline? [y/N] ");
});

test("what takes something away is not done on anything else", async () => {
  const { run } = terminal({ isTerminal: true, answer: "" });
  expect(await run("resource", "fail", "Network Name")).toMatchObject({
    code: 1,
    err: "Fail resource Network Name? [y/N] nothing was done\n",
  });
  expect((await run("resource")).out).toContain("● Online");
});

test("where nobody can be asked, --yes is needed", async () => {
  expect(await terminal().run("group", "delete", "SQL")).toMatchObject({
    code: 2,
    err: "error: Delete group SQL: give --yes to have it done without a question\n",
  });
});
