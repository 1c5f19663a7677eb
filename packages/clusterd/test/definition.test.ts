/** Definition files. */
import { DefinitionFileError, jsonSchema, parseDefinition } from "@msrpc/clusterd";
import { expect, test } from "vitest";
import { Daemon, file, namesOf, spawned, start } from "./support.ts";

const example = new URL("../examples/cluster.yaml", import.meta.url).pathname;

/** What is wrong with a file called f. */
function wrongWith(text: string): string {
  try {
    parseDefinition(text, "f");
    return "nothing";
  } catch (error) {
    if (!(error instanceof DefinitionFileError)) throw error;
    return error.message;
  }
}

test("the example makes the cluster that it describes", async () => {
  const daemon = start("--definition", example);
  const cluster = await daemon.connect();
  expect(await cluster.names()).toMatchObject({ name: "contoso" });
  expect(await namesOf(cluster.groups())).toEqual([
    "Web",
    "Batch",
    "Witness",
    "Cluster Group",
    "Available Storage",
  ]);
  await daemon.says("started", { cluster: "contoso", nodes: 2, groups: 5, resources: 8 });
  expect(await cluster.resource("Web Site").private.get()).toMatchObject({
    CurrentDirectory: "/tmp",
  });
  expect(await cluster.resource("Clock").common.get()).toMatchObject({ RestartThreshold: 5 });
  expect(await cluster.resource("Queue").private.get()).toEqual({ Depth: 100 });
  expect(await cluster.quorum()).toMatchObject({ type: "witness", resource: "Witness Folder" });
  const key = cluster.registry.key("Software\\Contoso");
  expect(await key.get("Features")).toEqual({ type: "MultiSz", value: ["Search", "Mail"] });
  expect(await namesOf(cluster.resourceTypes())).toEqual(
    expect.arrayContaining(["Contoso Queue", "Generic Application"]),
  );
});

test("what is left out is as in the default cluster", () => {
  const { name, nodes, networks, groups } = parseDefinition("nodes: [{ name: hv1 }]", "f");
  expect([name, nodes]).toEqual(["cluster1", [{ name: "hv1" }]]);
  expect(networks).toMatchObject([{ interfaces: [{ name: "hv1 - Ethernet", node: "hv1" }] }]);
  expect(groups).toMatchObject([{ name: "Cluster Group" }, { name: "Available Storage" }]);
});

test("mistakes beyond the form are told all at once, each at its place", () => {
  const resource = (name: string, more: string): string =>
    `{ name: ${name}, type: Network Name, ${more} }`;
  const text = `groups:
  - name: A
    properties: { Priority: high }
    resources:
      - ${resource("a", "dependsOn: [nobody]")}
      - ${resource("b", "possibleOwners: [node7]")}
  - name: B
    preferredOwners: [node8]
    resources: []`;
  const places = wrongWith(text)
    .split("\n")
    .map((line) => Number(/^f:(\d+):\d+: /.exec(line)?.[1]));
  expect(places.toSorted((a, b) => a - b)).toEqual([3, 5, 6, 8]);
});

test("a file that says nothing, and JSON, are definitions too", () => {
  expect(parseDefinition("", "f").name).toBe("cluster1");
  expect(parseDefinition('{"$schema": "x", "name": "j"}', "f").name).toBe("j");
});

test("a group of the default cluster is replaced by one of that name", () => {
  const text = "groups: [{ name: cluster group, resources: [] }]";
  expect(parseDefinition(text, "f").groups.map(({ name }) => name)).toEqual([
    "cluster group",
    "Available Storage",
  ]);
});

const group = (resource: string): string =>
  `groups:\n  - name: G\n    resources:\n      - ${resource}`;

test.each([
  ["no YAML", "name: [a", /^f:1:\d+: /],
  ["a key twice", "name: a\nname: b", /^f:2:1: name is there twice$/],
  [
    "a value twice",
    "registry: { A: { x: 1, y: 2, x: 3 } }\nregistry: {}",
    /^f:1:30: x is there twice\nf:2:1: registry is there twice$/,
  ],
  [
    "what is nested too deeply",
    "[".repeat(20_000) + "]".repeat(20_000),
    /^f:1:\d+: it is nested too deeply$/,
  ],
  [
    "a name that is too long",
    `name: ${"x".repeat(261)}`,
    /^f:1:1: name: a cluster needs a name of 260 characters at most$/,
  ],
  [
    "a member that there isn't",
    "nodes:\n  - nmae: a",
    /^f:2:5: nodes\[0\]\.nmae: there is no such member$/m,
  ],
  [
    "a member that is missing",
    "nodes:\n  - paused: true",
    /^f:2:5: nodes\[0\]\.name: expected string/,
  ],
  ["the wrong kind of value", "name: 7", /^f:1:1: name: expected string, received number$/],
  ["a list of nothing", "- a", /^f:1:1: the definition: expected object/],
  [
    "no address",
    "networks:\n - { name: n, address: 10.0.0, addressMask: 255.0.0.0, interfaces: [] }",
    /^f:2:15: networks\[0\]\.address: .*IPv4/,
  ],
  [
    "a value of no form",
    "properties: { Description: null }",
    /^f:1:15: properties\.Description: it is of none/,
  ],
  [
    "a typed value of the wrong kind",
    "registry: { K: { V: { type: dword, value: x } } }",
    /^f:1:\d+: registry\.K\.V\.value: expected (?:int|number)/,
  ],
  [
    "a type that there isn't",
    group("{ name: R, type: Nothing }"),
    /^f:4:20: groups\[0\]\.resources\[0\]\.type: there is no "Nothing"$/,
  ],
  [
    "a property out of range",
    group("{ name: R, type: Generic Service,\n          properties: { RestartAction: 9 } }"),
    /^f:5:25: groups\[0\]\.resources\[0\]\.properties\.RestartAction: .*can't be 9/,
  ],
  [
    "a node that there isn't",
    "groups:\n  - name: G\n    preferredOwners:\n      - a",
    /^f:4:9: groups\[0\]\.preferredOwners\[0\]: there is no "a"$/,
  ],
  ["a tag that nobody knows", "name: !!binary abc", /^f:1:/],
])("%s is told with file, line and place", (_, text, said) => {
  expect(wrongWith(text)).toMatch(said);
});

test("everything that is wrong is told at once", () => {
  expect(wrongWith("name: 7\nnodes: []\ncolour: red").split("\n")).toHaveLength(3);
});

test("aliases that multiply are refused", () => {
  const level = (at: number): string => `l${at}: &l${at} [${`*l${at - 1},`.repeat(10)}]`;
  const text = ["l0: &l0 [x]", ...Array.from({ length: 9 }, (_, at) => level(at + 1))].join("\n");
  expect(wrongWith(text)).toMatch(/^f:1:1: the definition: .*alias/);
});

test("a wrong file keeps the daemon from starting, in words that editors read", async () => {
  const path = file("wrong.yaml", "name: a\nnodes: []\n");
  const daemon = spawned("--definition", path);
  expect((await daemon.ended).code).toBe(1);
  expect(daemon.err).toMatch(new RegExp(`^${path}:2:1: nodes: .*\n$`));
});

test("a store that has a cluster goes on with that, and says so", async () => {
  const store = file("cluster.db", "");
  const first = start("--store", store);
  await first.says("started", { cluster: "cluster1" });
  await first.stop();
  const second = start("--store", store, "--definition", example);
  expect(await second.says("definition.unused")).toMatchObject({ level: "warn" });
  await second.says("started", { cluster: "cluster1" });
});

test("--check says what is in a definition and in a store, and serves nothing", async () => {
  const store = file("cluster.db", "");
  const before = start("--store", store);
  await before.says("started");
  await before.stop();
  const daemon = new Daemon(["--check", "--definition", example, "--store", store]);
  expect(await daemon.ended).toEqual({ code: 0, signal: null });
  expect(daemon.out).toBe(
    `${example}: contoso, nodes: 2, groups: 5, resources: 8\n${store}: cluster1, nodes: 1, groups: 2, resources: 2\n`,
  );
});

test("the schema for editors is the one that files are checked against", async () => {
  const schema = `${JSON.stringify(jsonSchema(), null, 2)}\n`;
  await expect(schema).toMatchFileSnapshot("../definition.schema.json");
});
