/** `clusctl status`, as it looks. */
import { readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { bursts } from "../src/output/bursts.ts";
import { terminal } from "./support.ts";

test("the status of a cluster is one screen", async () => {
  expect(await terminal().run("status")).toEqual({
    code: 0,
    err: "",
    out: `cluster1  all well

NODES
  ● node1               Up

GROUPS
  ● Cluster Group       Online   on node1
    ● Cluster Name      Online   Network Name
    ● Network Name      Online   Network Name
  ○ Available Storage   Offline  on node1

NETWORKS
  ● Cluster Network 1   Up
    ● node1 - Ethernet  Up       node1

answered by node1
`,
  });
});

test.each(["../README.md", "../../../README.md"])(
  "%s shows the status as it looks",
  async (readme) => {
    const text = readFileSync(new URL(readme, import.meta.url), "utf8");
    const [, shown] = /^\$ clusctl status\n([^]*?)```/m.exec(text) ?? [];
    expect(shown).toBe((await terminal().run("status")).out);
  },
);

test("the status says first what is wrong", async () => {
  const { run } = terminal();
  await run("resource", "offline", "Network Name", "--yes");
  expect((await run("status")).out).toMatch(
    /^cluster1 {2}1 pending, paused or partly online\n[^]*◐ Cluster Group +Partial online[^]*○ Network Name +Offline/,
  );
  await run("resource", "fail", "Cluster Name", "--yes");
  await run("node", "pause", "node1");
  expect((await run("status")).out).toMatch(/^[^]*◐ node1 +Paused/);
});

test("on a terminal, states have their colours", async () => {
  const { out } = await terminal({ isTerminal: true }).run("status");
  expect(out).toContain("\u001b[1mcluster1\u001b[0m  \u001b[32mall well\u001b[0m\n");
  expect(out).toContain("\u001b[32m●\u001b[0m node1");
});

test("the status as JSON has groups with their resources and networks with their interfaces", async () => {
  const { code, out } = await terminal().run("status", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    name: "cluster1",
    answeringNode: "node1",
    nodes: [{ name: "node1", id: "1", state: "Up" }],
    groups: [
      {
        name: "Cluster Group",
        state: "Online",
        owner: "node1",
        resources: [
          { name: "Cluster Name", type: "Network Name", state: "Online" },
          { name: "Network Name", type: "Network Name", state: "Online" },
        ],
      },
      { name: "Available Storage", state: "Offline", resources: [] },
    ],
    networks: [
      {
        name: "Cluster Network 1",
        state: "Up",
        interfaces: [{ name: "node1 - Ethernet", node: "node1", state: "Up" }],
      },
    ],
  });
});

test("names that would move the cursor are shown without that", async () => {
  const { run } = terminal();
  await run("group", "create", "a\u001b[2Jb");
  expect((await run("status")).out).toContain("○ a\u{fffd}[2Jb");
  expect((await run("group")).out).toContain("a\u{fffd}[2Jb");
});

test("a status that is watched is shown again when something changes, until interrupted", async () => {
  const { run, follow } = terminal({ isTerminal: true });
  const screens: string[] = [];
  const code = await follow(["status", "--watch"], (text, interrupt) => {
    if (text !== "") screens.push(text);
    if (screens.length === 1) void run("group", "create", "SQL");
    if (text.includes("SQL")) interrupt();
  });
  expect(code).toBe(130);
  expect(screens[0]).toMatch(/^\u001b\[H\u001b\[2J[^]*Available Storage[^]*answered by/);
  expect(screens.at(-1)).toContain("SQL");
});

test("items that come while the reader is at work are one burst, and an error is thrown", async () => {
  const second = Promise.withResolvers<void>();
  async function* items(): AsyncGenerator<number> {
    yield 1;
    yield 2;
    yield 3;
    await second.promise;
    throw new Error("over");
  }
  let count = 0;
  const reading = (async () => {
    for await (const _burst of bursts(items())) {
      if (++count === 2) second.resolve();
      // Until all that can happen has happened.
      await setImmediate();
    }
  })();
  await expect(reading).rejects.toThrow("over");
  expect(count).toBe(2);
});
