/** Properties, dependencies, drains, the registry and events at a terminal. */
import { defaultDefinition } from "@msrpc/cluster";
import { expect, test } from "vitest";
import { terminal } from "./support.ts";

const twoNodes = { ...defaultDefinition, nodes: [{ name: "node1" }, { name: "node2" }] };

test("properties are a table with their formats", async () => {
  const { out } = await terminal().run("group", "show", "Cluster Group");
  expect(out).toMatch(/^PROPERTY +VALUE +FORMAT\n/);
  expect(out).toMatch(/^Name +Cluster Group +Sz +common, read only$/m);
  expect(out).toMatch(/^Priority +2000 +Dword +common$/m);
});

test.each([
  [["cluster", "properties"], "DefaultNetworkRole"],
  [["node", "show", "node1"], "NodeName"],
  [["resource", "show", "Network Name"], "RestartAction"],
  [["network", "show", "Cluster Network 1"], "Role"],
  [["interface", "show", "node1 - Ethernet"], "Adapter"],
])("%j has properties as JSON", async (args, name) => {
  const { code, out } = await terminal().run(...args, "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toContainEqual(expect.objectContaining({ name, scope: "common" }));
});

test("properties are set as what they are, and given their defaults back", async () => {
  const { run } = terminal();
  const args = ["Priority=0xBB8", "description=a=b", "AntiAffinityClassNames=x,y"];
  expect(await run("group", "set", "Cluster Group", ...args)).toEqual({
    code: 0,
    err: "",
    out: "set Priority, description, AntiAffinityClassNames of group Cluster Group\n",
  });
  const { out } = await run("group", "show", "Cluster Group");
  expect(out).toMatch(/^Priority +3000 /m);
  expect(out).toMatch(/^Description +a=b /m);
  expect(out).toMatch(/^AntiAffinityClassNames +x, y /m);
  await run("group", "set", "Cluster Group", "Priority=");
  expect((await run("group", "show", "Cluster Group")).out).toMatch(/^Priority +2000 /m);
});

test("private properties are added, numbers as numbers", async () => {
  const { run } = terminal();
  await run("cluster", "set", "Answer=42", "Question=unknown", "--private");
  const { out } = await run("cluster", "properties");
  expect(out).toMatch(/^Answer +42 +Dword +private$/m);
  expect(out).toMatch(/^Question +unknown +Sz +private$/m);
});

test.each([
  [["Priority=high"], 'Priority is a number, and not "high"'],
  [["Priority"], '"Priority" is no NAME=VALUE'],
])("%j can't be set", async (args, said) => {
  expect(await terminal().run("group", "set", "Cluster Group", ...args)).toMatchObject({
    code: 2,
    err: `error: ${said}\n`,
  });
});

test("a number that a property doesn't hold is a mistake in the command", async () => {
  const { code, err } = await terminal().run("group", "set", "Cluster Group", "Priority=-1");
  expect(code).toBe(2);
  expect(err).toBe("error: Priority (Dword) is from 0 to 4294967295\n");
});

test("a node is drained and resumed, and its groups come back", async () => {
  const { run } = terminal({ definition: twoNodes });
  expect((await run("node", "pause", "node1", "--drain", "--to", "node2")).out).toBe(
    "paused node node1 and moved its groups away\n",
  );
  expect((await run("group")).out).toMatch(/Cluster Group +● Online +node2/);
  expect((await run("node", "resume", "node1", "--failback", "all")).out).toBe(
    "resumed node node1\n",
  );
  expect((await run("group")).out).toMatch(/Cluster Group +● Online +node1/);
});

test("what a resource needs is shown and changed", async () => {
  const { run } = terminal();
  expect((await run("resource", "depend", "Cluster Name")).out).toBe(
    "resource Cluster Name needs nothing\n",
  );
  expect((await run("resource", "depend", "Cluster Name", "--on", "Network Name")).out).toBe(
    "resource Cluster Name needs Network Name\n",
  );
  const { out } = await run("resource", "depend", "Cluster Name", "--set", "", "--json");
  expect(JSON.parse(out)).toEqual({ name: "Cluster Name", needs: [], expression: "" });
});

test("a resource is restarted and deleted, a group goes with its resources", async () => {
  const { run } = terminal();
  expect((await run("resource", "restart", "Network Name", "--yes")).out).toBe(
    "resource Network Name is Online on node1\n",
  );
  await run("group", "create", "SQL");
  await run("resource", "create", "A", "--type", "Physical Disk", "--group", "SQL");
  await run("resource", "create", "B", "--type", "Physical Disk", "--group", "SQL");
  expect((await run("resource", "delete", "A", "--yes")).out).toBe("deleted resource A\n");
  expect((await run("group", "delete", "SQL", "--yes")).code).toBe(1);
  expect((await run("group", "delete", "SQL", "--force", "--yes")).out).toBe("deleted group SQL\n");
});

test("the registry is read and written", async () => {
  const { run } = terminal();
  const created = await run("registry", "set", "Groups", "Answer", "42", "--type", "Dword");
  expect(created).toMatchObject({ code: 0, out: "set Answer of Groups\n" });
  expect((await run("registry", "list", "Groups")).out).toMatch(
    /^[\da-f-]{36}\\\n[\da-f-]{36}\\\nVALUE +TYPE +DATA\nAnswer +Dword +42\n$/,
  );
  expect(JSON.parse((await run("registry", "list", "--json")).out)).toMatchObject({
    keys: expect.arrayContaining(["Groups", "Resources"]) as string[],
  });
  expect((await run("registry", "delete", "Groups", "Answer", "--yes")).out).toBe(
    "deleted value Answer of Groups\n",
  );
  expect(await run("registry", "set", "Groups", "x", "y", "--type", "Dword")).toMatchObject({
    code: 2,
    err: 'error: "y" is no value of type Dword\n',
  });
});

test("events are shown as they happen", async () => {
  const { run } = terminal();
  const end = new AbortController();
  const watching = run("events", "--about", "cluster", "--count", "1").finally(() => end.abort());
  // Until the watcher has its port, nobody hears of what happens.
  for (let at = 0; !end.signal.aborted; at++) await run("group", "create", `SQL ${at}`);
  expect((await watching).out).toMatch(/^Cluster +Group added +SQL \d+\n$/);
});

test("events of a kind that there isn't are not waited for", async () => {
  expect(await terminal().run("events", "--about", "Group,Sofas")).toMatchObject({
    code: 2,
    err: 'error: there are no events about "Sofas"\n',
  });
});
