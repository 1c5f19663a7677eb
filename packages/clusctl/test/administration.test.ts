/** Properties, dependencies, drains, the registry and events at a terminal. */
import { defaultDefinition, resourceHost } from "@msrpc/cluster";
import { expect, test } from "vitest";
import { clusterRouter, forAll } from "../../clusapi/test/support.ts";
import { terminal } from "./support.ts";

const twoNodes = { ...defaultDefinition, nodes: [{ name: "node1" }, { name: "node2" }] };

test("properties are a table with their formats", async () => {
  const { out } = await terminal().run("group", "show", "Cluster Group");
  expect(out).toMatch(/^State +Online on node1\n[^]*\n\nPROPERTY +VALUE +FORMAT\n/);
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
  expect(created).toMatchObject({ code: 0, out: "set Answer of Groups, a Dword\n" });
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

/** What each of these prints, in their order. */
async function steps(
  run: (...args: string[]) => Promise<{ code: number; out: string; err: string }>,
  lines: readonly (readonly [line: readonly string[], said: string])[],
): Promise<void> {
  for (const [line, out] of lines) {
    expect(await run(...line), line.join(" ")).toEqual({ code: 0, err: "", out });
  }
}

test("group sets are made, filled, ordered, listed and deleted", async () => {
  const { run } = terminal();
  for (const name of ["A", "B", "C"]) await run("group", "create", name);
  await steps(run, [
    [["set", "create", "Front"], "created group set Front\n"],
    [["set", "create", "Back"], "created group set Back\n"],
    [["set", "add", "Front", "A"], "group A is in group set Front\n"],
    [["set", "add", "Back", "A"], "group A is in group set Back\n"],
    [["set", "add", "Front", "B"], "group B is in group set Front\n"],
    [["set", "depend", "Front", "--on", "Back"], "group set Front starts after Back\n"],
    [["group", "depend", "C", "--on-set", "Front"], "group C starts after set Front\n"],
    [["group", "depend", "C", "--set", "[A]"], "group C starts after A, set Front\n"],
    [["set"], "NAME   GROUPS  STARTS AFTER\nFront  B       Back\nBack   A\n"],
    [["set", "set", "Front", "StartupDelay=5"], "set StartupDelay of set Front\n"],
    [["group", "depend", "C", "--set", "", "--off-set", "Front"], "group C starts after nothing\n"],
    [["set", "depend", "Front", "--off", "Back"], "group set Front starts after nothing\n"],
    [["set", "remove", "Back", "A"], "group A is no longer in group set Back\n"],
    [["set", "delete", "Back", "--yes"], "deleted group set Back\n"],
  ]);
  expect((await run("set", "show", "Front")).out).toMatch(/^StartupDelay +5 +Dword +common$/m);
  expect(await run("set", "set", "Front", "x=1", "--private")).toMatchObject({
    code: 2,
    err: "error: a set has no private properties\n",
  });
});

test("groups and resources are listed with properties of theirs", async () => {
  const { run } = terminal();
  await run("group", "set", "Cluster Group", "Priority=3000", "AntiAffinityClassNames=a,b");
  const columns = ["--columns", "priority, AntiAffinityClassNames"];
  expect((await run("group", "list", ...columns)).out).toMatch(
    /^NAME +STATE +OWNER +PRIORITY +ANTIAFFINITYCLASSNAMES\nCluster Group +● Online +node1 +3000 +a, b\n/,
  );
  const listed = await run("resource", "list", "--columns", "RestartAction", "--json");
  expect(JSON.parse(listed.out)).toContainEqual(
    expect.objectContaining({ name: "Cluster Name", properties: { RestartAction: 2 } }),
  );
  expect(await run("group", "list", "--columns", "Nothing")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^error: there is no common property "Nothing": /) as unknown,
  });
});

test("affinity rules are made, changed, listed and deleted", async () => {
  const { run } = terminal();
  for (const name of ["A", "B"]) await run("group", "create", name);
  await steps(run, [
    [["affinity", "create", "Apart", "--type", "differentNode"], "created affinity rule Apart\n"],
    [["affinity", "add", "Apart", "A"], "affinity rule Apart counts for group A\n"],
    [["affinity", "add", "Apart", "B"], "affinity rule Apart counts for group B\n"],
    [["affinity"], "NAME   TYPE           GROUPS  COUNTS\nApart  differentNode  A, B    always\n"],
    [["affinity", "set", "Apart", "--counts", "where-it-can"], "changed affinity rule Apart\n"],
    [["affinity", "remove", "Apart", "A"], "affinity rule Apart no longer counts for group A\n"],
    [
      ["affinity", "list"],
      "NAME   TYPE           GROUPS  COUNTS\nApart  differentNode  B       where it can\n",
    ],
    [
      ["affinity", "set", "Apart", "--counts", "no", "--type", "sameNode"],
      "changed affinity rule Apart\n",
    ],
    [["affinity", "list"], "NAME   TYPE      GROUPS  COUNTS\nApart  sameNode  B       no\n"],
    [["affinity", "delete", "Apart", "--yes"], "deleted affinity rule Apart\n"],
  ]);
  expect(await run("affinity", "set", "Apart")).toMatchObject({ code: 2 });
  expect(await run("affinity", "set", "Apart", "--counts", "no")).toMatchObject({ code: 1 });
});

test("owners of groups and resources are shown and changed", async () => {
  const { run } = terminal({ definition: twoNodes });
  await steps(run, [
    [["group", "owners", "Cluster Group"], "group Cluster Group should be on any node\n"],
    [
      ["group", "owners", "Cluster Group", "--set", "node2, node1"],
      "group Cluster Group should be on node2, node1\n",
    ],
    [
      ["resource", "owners", "Network Name", "--remove", "node2"],
      "resource Network Name may be on node1\n",
    ],
    [
      ["resource", "owners", "Network Name", "--add", "node2"],
      "resource Network Name may be on node1, node2\n",
    ],
    [["group", "create", "Other"], "created group Other\n"],
    [["resource", "move", "Network Name", "Other"], "resource Network Name is in group Other\n"],
  ]);
});

test("what counts for the quorum is shown and changed", async () => {
  const { run } = terminal();
  await run(
    "resource",
    "create",
    "Disk",
    "--type",
    "Physical Disk",
    "--group",
    "Available Storage",
  );
  await run("resource", "online", "Disk");
  const quorum = ["cluster", "quorum"];
  await steps(run, [
    [quorum, "a majority of the nodes counts for the quorum\n"],
    [
      [...quorum, "--witness", "Disk", "--path", "Q:", "--yes"],
      "a majority of the nodes with resource Disk counts for the quorum, at Q:\\Cluster\\\n",
    ],
    [
      [...quorum, "--disk", "Disk", "--yes"],
      "resource Disk counts for the quorum, at \\Cluster\\\n",
    ],
    [[...quorum, "--majority", "--yes"], "a majority of the nodes counts for the quorum\n"],
  ]);
  expect((await run(...quorum, "--majority", "--disk", "Disk")).code).toBe(2);
  expect((await run(...quorum, "--path", "Q:")).code).toBe(2);
});

test("the cluster gets another name", async () => {
  const { run } = terminal();
  const rename = ["cluster", "rename", "other", "--yes"];
  expect(await run(...rename)).toMatchObject({
    code: 1,
    err: expect.stringContaining("Take that resource offline first") as string,
  });
  await run("resource", "offline", "Cluster Name", "--yes");
  expect((await run(...rename)).out).toBe("renamed the cluster to other\n");
  expect((await run("status")).out).toMatch(/^other /);
});

test("types are made, described and deleted", async () => {
  const { run } = terminal();
  await steps(run, [
    [["type", "create", "Example", "--dll", "example.dll"], "created type Example\n"],
    [["type", "owners", "Example"], "resources of type Example may be on node1\n"],
    [["type", "set", "Example", "Description=d"], "set Description of type Example\n"],
  ]);
  expect((await run("type", "show", "Example")).out).toMatch(/^Description +d +Sz +common$/m);
  expect((await run("type", "delete", "Example", "--yes")).out).toBe("deleted type Example\n");
  expect((await run("type", "show", "Example")).code).toBe(1);
});

test("a key goes with all that is in it", async () => {
  const { run } = terminal();
  await run("registry", "set", "App\\Settings", "Answer", "42", "--type", "Dword");
  expect((await run("registry", "delete", "App", "--yes")).out).toBe("deleted key App\n");
  expect((await run("registry", "list", "App")).code).toBe(1);
});

test("a value is printed as it is", async () => {
  const { run } = terminal();
  expect((await run("registry", "get", "", "ClusterName")).out).toBe("cluster1\n");
  expect(JSON.parse((await run("registry", "get", "", "ClusterName", "--json")).out)).toEqual({
    type: "Sz",
    value: "cluster1",
  });
  expect(await run("registry", "get", "Groups", "x")).toMatchObject({
    code: 2,
    err: "error: there is no value x in Groups\n",
  });
});

test("events of an object alone are shown, with the state that it has now", async () => {
  const { run } = terminal();
  const end = new AbortController();
  const watching = run("events", "--of", "resource:Network Name", "--count", "2").finally(() =>
    end.abort(),
  );
  for (let at = 0; !end.signal.aborted; at++) {
    await run("group", "create", `SQL ${at}`);
    await run("resource", at % 2 === 0 ? "offline" : "online", "Network Name", "--yes");
  }
  expect((await watching).out).toMatch(
    /^(?:Resource +(?:State +Network Name: \w+( pending)?|\w+ \w+ +Network Name)\n){2}$/,
  );
  expect(await run("events", "--of", "sofa:x")).toMatchObject({ code: 2 });
});

test("a command that waits stops when somebody interrupts it, and says that the cluster goes on", async () => {
  const { promise, reject } = Promise.withResolvers<never>();
  const host = resourceHost({
    types: [{ type: "Generic Service", online: () => promise }],
    onError: () => {},
  });
  const router = clusterRouter(forAll, {}, host);
  const { run, follow } = terminal({ router, isTerminal: true });
  const args = ["--type", "Generic Service", "--group", "Available Storage"];
  await run("resource", "create", "Slow", ...args);
  const heard: string[] = [];
  const code = await follow(["resource", "online", "Slow"], (text, interrupt) => {
    heard.push(text);
    if (text.includes("pending")) interrupt();
  });
  expect(code).toBe(130);
  expect(heard).toEqual([
    "resource Slow: Online pending\n",
    "interrupted: the cluster goes on with what it began, which `clusctl status` shows\n",
  ]);
  reject(new Error("over"));
  await host.close();
});
