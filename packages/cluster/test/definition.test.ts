/** Clusters that are written down. */
import {
  Cluster,
  type ClusterDefinition,
  defaultDefinition,
  defineCluster,
  DefinitionError,
} from "@msrpc/cluster";
import { numberOf, type RegistryValue, textOf, textsOf } from "@msrpc/cluster-data";
import { NodeState, RegistryType, ResourceState } from "@msrpc/ms-cmrp";
import { expect, test } from "vitest";
import { quorumOf } from "../src/core/quorum.ts";
import { readOnlyProperties, scopeOf } from "../src/property/scope.ts";
import type { Subject } from "../src/property/subject.ts";
import { dependencyExpression } from "../src/model/derived.ts";
import type { ClusterState } from "../src/model/state.ts";
import { findKey, valueOf } from "../src/registry/key.ts";

const surroundings = { now: () => 1000, newId: () => crypto.randomUUID() };

function defined(parts: Partial<ClusterDefinition>): ClusterState {
  return defineCluster({ ...defaultDefinition, ...parts }, surroundings);
}

function value(state: ClusterState, path: string, name: string): RegistryValue {
  const key = findKey(state.registry, path);
  return (key && valueOf(key, name)) ?? { type: -1, data: new Uint8Array() };
}

const service = { name: "S", type: "Generic Service" };

test("resources need what their definitions say, wherever it stands in the group", () => {
  const { resources } = defined({
    groups: [
      {
        name: "G",
        resources: [
          { ...service, name: "A", dependsOn: ["B", "C"] },
          { ...service, name: "B", dependsOn: "[C] or [D]" },
          { ...service, name: "C" },
          { ...service, name: "D" },
        ],
      },
    ],
  });
  const [b, c, d] = ["B", "C", "D"].map((name) => resources.find(name)?.id);
  const expressions = Array.from(resources, dependencyExpression);
  expect(expressions).toEqual([`([${b}]) and ([${c}])`, `([${c}] or [${d}])`, "", ""]);
});

test("properties are of the formats that the schemas say, and count", () => {
  const state = defined({
    properties: { Description: "ours", DynamicQuorum: false },
    nodes: [{ name: "n1", properties: { Description: "first" } }],
    networks: [],
    groups: [
      {
        name: "G",
        properties: { AntiAffinityClassNames: ["a", "b"], FailoverThreshold: 3 },
        privateProperties: { Note: "x" },
        resources: [
          {
            ...service,
            properties: { RestartAction: 0, looksalivepollinterval: 10 },
            privateProperties: { ServiceName: "nginx", Extra: 7, Flag: true, List: ["a"] },
          },
        ],
      },
    ],
  });
  const group = state.groups.find("G");
  const resource = state.resources.find("S");
  expect(group).toMatchObject({ antiAffinity: ["a", "b"], failoverThreshold: 3 });
  expect(resource).toMatchObject({ restartAction: 0, looksAliveInterval: 10 });
  const parameters = `Resources\\${resource?.id}\\Parameters`;
  expect(textOf(value(state, parameters, "ServiceName"))).toBe("nginx");
  expect(numberOf(value(state, parameters, "Extra"))).toBe(7);
  expect(numberOf(value(state, parameters, "Flag"))).toBe(1);
  expect(textsOf(value(state, parameters, "List"))).toEqual(["a"]);
  expect(textOf(value(state, "", "Description"))).toBe("ours");
  expect(numberOf(value(state, "", "DynamicQuorum"))).toBe(0);
  expect(textOf(value(state, "Nodes\\1", "Description"))).toBe("first");
  expect(textOf(value(state, `Groups\\${group?.id}\\Parameters`, "Note"))).toBe("x");
});

test("values of the registry are of the types that they are written with", () => {
  const state = defined({
    registry: {
      "Software\\Contoso": {
        Text: "a",
        Number: 4_294_967_295,
        Path: { type: "expandSz", value: "%TEMP%" },
        Big: { type: "qword", value: "18446744073709551615" },
        Octets: { type: "binary", value: "00fF" },
        "": "default",
      },
      "": { Owner: "me" },
    },
  });
  const at = (name: string): RegistryValue => value(state, "Software\\Contoso", name);
  expect(at("Text")).toMatchObject({ type: RegistryType.Sz });
  expect(numberOf(at("Number"))).toBe(0xffff_ffff);
  expect(at("Path")).toMatchObject({ type: RegistryType.ExpandSz });
  expect(at("Big")).toMatchObject({ type: RegistryType.Qword, data: new Uint8Array(8).fill(0xff) });
  expect(at("Octets")).toMatchObject({
    type: RegistryType.Binary,
    data: new Uint8Array([0, 0xff]),
  });
  expect(textOf(at(""))).toBe("default");
  expect(textOf(value(state, "", "Owner"))).toBe("me");
});

test("owners, states and paused nodes are as they are defined when the cluster starts", () => {
  const state = defined({
    nodes: [{ name: "n1" }, { name: "n2", paused: true }],
    networks: [],
    groups: [
      {
        name: "G",
        online: true,
        preferredOwners: ["n2", "n1"],
        resources: [
          { ...service, name: "A", possibleOwners: ["n1"] },
          { ...service, name: "B", online: false },
        ],
      },
    ],
  });
  void new Cluster(state, { surroundings });
  expect(state.nodes.find("n2")?.state).toBe(NodeState.Paused);
  expect(state.groups.find("G")?.preferredNodes).toEqual(["2", "1"]);
  expect(state.resources.find("A")).toMatchObject({
    possibleOwners: ["1"],
    state: ResourceState.Online,
  });
  expect(state.resources.find("B")?.state).toBe(ResourceState.Offline);
});

test("groups start after the groups and the sets that their definitions name", () => {
  const { groups, groupSets } = defined({
    groups: [
      { name: "A", dependsOn: ["B"], dependsOnSet: "First", resources: [] },
      { name: "B", resources: [] },
      { name: "C", resources: [] },
      { name: "D", resources: [] },
    ],
    groupSets: [
      { name: "Second", groups: ["B"], dependsOn: ["First"] },
      { name: "First", groups: ["C", "D"] },
    ],
  });
  const [a, b, c, d] = ["A", "B", "C", "D"].map((name) => groups.find(name));
  const first = groupSets.find("First");
  expect(a).toMatchObject({ providerGroups: [b?.id], providerSet: first?.id });
  expect(first?.groups).toEqual([c?.id, d?.id]);
  expect(groupSets.find("Second")).toMatchObject({ groups: [b?.id], providers: [first?.id] });
});

const around = [
  { name: "A", dependsOn: ["B"], resources: [] },
  { name: "B", dependsOn: ["A"], resources: [] },
];
const twice = [
  { name: "G", resources: [] },
  { name: "g", resources: [] },
];
const inGroup = (
  ...resources: ClusterDefinition["groups"][number]["resources"]
): Partial<ClusterDefinition> => ({
  groups: [{ name: "G", resources }],
});

test.each<[string, Partial<ClusterDefinition>, string]>([
  ["a blank name", { name: " " }, "name: a cluster needs a name"],
  ["no node", { nodes: [] }, "nodes: a cluster needs a node"],
  ["a name twice", { groups: twice }, 'groups[1].name: there is another "g"'],
  [
    "a type that isn't there",
    inGroup({ name: "A", type: "No" }),
    'groups[0].resources[0].type: there is no "No"',
  ],
  [
    "a dependency on itself",
    inGroup({ ...service, dependsOn: ["S"] }),
    "groups[0].resources[0].dependsOn: ",
  ],
  [
    "a dependency on nothing",
    inGroup({ ...service, dependsOn: ["T"] }),
    'groups[0].resources[0].dependsOn[0]: there is no "T"',
  ],
  [
    "no expression",
    inGroup({ ...service, dependsOn: "[S] or" }),
    "groups[0].resources[0].dependsOn: ",
  ],
  ["groups that wait for each other", { groups: around }, "groups[1].dependsOn: "],
  [
    "a group in two sets",
    {
      groupSets: [
        { name: "S", groups: ["Cluster Group"] },
        { name: "T", groups: ["Cluster Group"] },
      ],
    },
    "groupSets[1].groups[0]: ERROR_INVALID_STATE",
  ],
  [
    "a set that isn't there",
    { groups: [{ name: "G", dependsOnSet: "S", resources: [] }] },
    'groups[0].dependsOnSet: there is no "S"',
  ],
  ["a property that isn't known", { properties: { Colour: 1 } }, "properties.Colour: "],
  [
    "a property that can't be set",
    inGroup({ ...service, properties: { Name: "T" } }),
    "groups[0].resources[0].properties.Name: ",
  ],
  [
    "a number out of range",
    inGroup({ ...service, properties: { RestartAction: 3 } }),
    "groups[0].resources[0].properties.RestartAction: ",
  ],
  [
    "a text for a number",
    { properties: { DynamicQuorum: "yes" } },
    'properties.DynamicQuorum: a number from 0 to 4294967295 is needed, and this is "yes"',
  ],
  ["a fraction", { registry: { K: { V: 0.5 } } }, "registry.K.V: 0.5 fits no DWORD"],
  [
    "half an octet",
    { registry: { K: { V: { type: "binary", value: "0" } } } },
    "registry.K.V: octets",
  ],
  [
    "a key of an object",
    { registry: { "groups\\x": {} } },
    'registry["groups\\\\x"]: what is below groups',
  ],
  ["a key that nothing can be called", { registry: { "\\x": {} } }, 'registry["\\\\x"]: '],
  [
    "the cluster's name as a value",
    { registry: { "": { clustername: "x" } } },
    'registry[""].clustername: ',
  ],
  [
    "an owner that isn't there",
    inGroup({ ...service, possibleOwners: ["n9"] }),
    "groups[0].resources[0].possibleOwners[0]: ",
  ],
])("%s is refused, with the place of it", (_, parts, said) => {
  expect(() => defined(parts)).toThrow(DefinitionError);
  expect(() => defined(parts)).toThrow(said);
});

test("affinity rules count for the groups that they name, and stand in the registry", () => {
  const groups = ["A", "B"].map((name) => ({ name, online: true, resources: [] }));
  const rule = { name: "Apart", type: "differentNode", groups: ["A", "b"] } as const;
  const state = defined({
    groups,
    affinityRules: [rule, { ...rule, name: "R", enabled: false, soft: true }],
  });
  const ids = Array.from(state.groups, ({ id }) => id);
  const at = (name: string, of = "Apart"): RegistryValue =>
    value(state, `AffinityRules\\${of}`, name);
  expect(textsOf(at("Groups"))).toEqual(ids);
  expect(["RuleType", "Enabled", "SoftAntiAffinity"].map((name) => numberOf(at(name)))).toEqual([
    4, 1, 0,
  ]);
  expect(["Enabled", "SoftAntiAffinity"].map((name) => numberOf(at(name, "R")))).toEqual([0, 1]);
});

test.each([
  ["a\\b", "affinityRules[0].name: a name without backslashes is needed"],
  [" ", "affinityRules[0].name: a name without backslashes is needed"],
  ["a".repeat(256), "affinityRules[0].name: ERROR_INVALID_PARAMETER"],
])("an affinity rule can't be called %j", (name, said) => {
  const rule = { name, type: "sameNode", groups: [] } as const;
  expect(() => defined({ affinityRules: [rule] })).toThrow(said);
});

test("an affinity rule has a name of its own, and names groups that there are", () => {
  const rule = { name: "R", type: "sameNode", groups: [] } as const;
  expect(() => defined({ affinityRules: [rule, { ...rule, name: "r" }] })).toThrow(
    'affinityRules[1].name: there is another "r"',
  );
  expect(() => defined({ affinityRules: [{ ...rule, groups: ["none"] }] })).toThrow(
    'affinityRules[0].groups[0]: there is no "none"',
  );
});

const witness = { name: "W", type: "File Share Witness" };

test("what counts for quorum is defined, and counts as soon as the cluster starts", () => {
  const groups = [{ name: "G", online: true, resources: [witness] }];
  const state = defined({ groups, quorum: { type: "witness", resource: "w" } });
  const resource = state.resources.find("W");
  expect(quorumOf(state)).toEqual({ resource, path: "\\Cluster\\", logSize: 0x400 });
  expect(resource?.isCore).toBe(1);
  const cluster = new Cluster(state, { surroundings });
  expect(cluster.state.resources.find("W")?.state).toBe(ResourceState.Online);
  const disk = { name: "D", type: "Physical Disk" };
  const quorum = { type: "disk", resource: "D", path: "Q:" } as const;
  const other = defined({ groups: [{ name: "G", online: true, resources: [disk] }], quorum });
  expect(quorumOf(other)).toMatchObject({ path: "Q:\\Cluster\\", logSize: 0x40_0000 });
  expect(quorumOf(defined({ quorum: { type: "majority" } })).resource).toBeNull();
});

test.each([
  ["there is none", {}, "X", 'quorum.resource: there is no "X"'],
  ["it stays offline", { online: false }, "W", "quorum.resource: ERROR_RESOURCE_NOT_ONLINE"],
  ["of a type that can't", { type: "Generic Service" }, "W", "quorum.resource: ERROR_NOT_QUORUM"],
] as const)("a resource doesn't count for quorum where %s", (_why, but, resource, said) => {
  const groups = [{ name: "G", online: true, resources: [{ ...witness, ...but }] }];
  expect(() => defined({ groups, quorum: { type: "witness", resource } })).toThrow(said);
});

test("a resource that others need doesn't count for quorum", () => {
  const resources = [witness, { ...service, dependsOn: ["W"] }];
  const groups = [{ name: "G", online: true, resources }];
  expect(() => defined({ groups, quorum: { type: "witness", resource: "W" } })).toThrow(
    "quorum.resource: ERROR_DEPENDENCY_NOT_ALLOWED",
  );
});

test("networks and interfaces have the IPv6 addresses that they are defined with", () => {
  const network = {
    name: "N",
    address: "192.0.2.0",
    addressMask: "255.255.255.0",
    ipv6Prefixes: ["2001:db8::/64"],
    interfaces: [
      { name: "I", node: "node1", address: "192.0.2.1", ipv6Addresses: ["2001:db8::1", "fe80::1"] },
    ],
  };
  const state = defined({ networks: [network] });
  const of = (kind: "network" | "netInterface", name: string) => {
    const objects = kind === "network" ? state.networks : state.netInterfaces;
    const subject = { kind, object: objects.find(name)! } as Subject;
    return Object.fromEntries(
      readOnlyProperties(scopeOf(state, subject, "common")).map((one) => [one.name, one.value]),
    );
  };
  expect(of("network", "N")).toMatchObject({
    IPv6Addresses: { texts: ["2001:db8::"] },
    IPv6PrefixLengths: { texts: ["64"] },
  });
  expect(of("netInterface", "I")).toMatchObject({
    IPv6Addresses: { texts: ["2001:db8::1", "fe80::1"] },
  });
  const wrong = (but: object) => (): ClusterState =>
    defined({ networks: [{ ...network, ...but }] });
  for (const prefix of ["2001:db8::", "2001:db8::/129", "192.0.2.0/24", "x/64", "::/1/2"]) {
    expect(wrong({ ipv6Prefixes: [prefix] }), prefix).toThrow("networks[0].ipv6Prefixes[0]: ");
  }
  const interfaces = [{ ...network.interfaces[0]!, ipv6Addresses: ["192.0.2.1"] }];
  expect(wrong({ interfaces })).toThrow("networks[0].interfaces[0].ipv6Addresses[0]: ");
});

test("affinity rules are defined by themselves, not by the registry", () => {
  const registry = { "affinityrules\\R": { RuleType: 1 } };
  expect(() => defined({ registry })).toThrow("is defined by the objects");
});

test("a cluster works at the version that it is defined with, which nothing else sets", () => {
  const level = (state: ClusterState): number | null =>
    numberOf(value(state, "", "ClusterFunctionalLevel"));
  expect(level(defined({}))).toBe(11);
  expect(level(defined({ functionalLevel: 9 }))).toBe(9);
  for (const functionalLevel of [7, 12, 9.5]) {
    expect(() => defined({ functionalLevel })).toThrow("functionalLevel: a number from 8 to 11");
  }
  expect(() => defined({ registry: { "": { clusterfunctionallevel: 9 } } })).toThrow(
    "is defined by functionalLevel",
  );
});
