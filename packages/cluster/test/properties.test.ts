/** Properties of every kind of object: read, set, validated, kept, told of. */
import {
  Format,
  type Property,
  type PropertyValue,
  readPropertyList,
  sameValue,
  writePropertyList,
} from "@msrpc/cluster-data";
import { Status } from "@msrpc/ms-cmrp";
import type { ClusterEvent } from "@msrpc/cluster";
import { expect, test } from "vitest";
import { allCodes } from "../src/control/all-codes.ts";
import { byKind } from "../src/model/by-kind.ts";
import { commonSchemas } from "../src/property/common-schemas.ts";
import { storedValue } from "../src/property/stored-value.ts";
import type { Subject, SubjectKind } from "../src/property/subject.ts";
import { fold } from "../src/registry/key.ts";
import {
  bringOnline,
  dword,
  namesIn,
  read,
  refusal,
  resourceOf,
  run,
  set,
  subjectOf,
  sz,
} from "./control-support.ts";
import { startCluster } from "./registry-support.ts";

/** Group sets have few of the codes, and are told of in group-sets.test.ts. */
const kinds = (Object.keys(commonSchemas) as SubjectKind[]).filter((kind) => kind !== "groupSet");
const kindsWithFormats = kinds.filter((kind) =>
  allCodes[kind].some(({ name }) => name.endsWith("GET_COMMON_PROPERTY_FMTS")),
);

test.each(kinds)("of a %s the common properties are those of its schema", (kind) => {
  const started = startCluster();
  const subject = subjectOf(started, kind);
  const schema = [...commonSchemas[kind].values()];
  const writable = schema.filter((one) => one.isReadOnly !== true).map(({ name }) => name);
  const readOnly = schema.filter((one) => one.isReadOnly === true).map(({ name }) => name);
  expect(Object.keys(read(started, subject, "GET_COMMON_PROPERTIES"))).toEqual(writable);
  expect(Object.keys(read(started, subject, "GET_RO_COMMON_PROPERTIES"))).toEqual(readOnly);
  expect(namesIn(run(started, subject, "ENUM_COMMON_PROPERTIES"))).toEqual(writable);
});

test.each(kindsWithFormats.filter((kind) => kind !== "resourceType"))(
  "of a %s the formats of common properties are those of their values",
  (kind) => {
    const started = startCluster();
    const subject = subjectOf(started, kind);
    const formats = read(started, subject, "GET_COMMON_PROPERTY_FMTS");
    const values = Object.entries(read(started, subject, "GET_COMMON_PROPERTIES"));
    expect(formats).toEqual(
      Object.fromEntries(
        values.map(([name, value]) => [name, { format: Format.Word, number: value?.format }]),
      ),
    );
  },
);

test.each(kinds)("of a %s a description is validated, set, read and kept in its key", (kind) => {
  const started = startCluster();
  const subject = subjectOf(started, kind);
  const text = "of the first floor";
  const described = { name: "DESCRIPTION", value: sz(text) };
  const list = writePropertyList([described]);
  expect(run(started, subject, "VALIDATE_COMMON_PROPERTIES", list).octets).toHaveLength(0);
  expect(read(started, subject, "GET_COMMON_PROPERTIES")["Description"]).toEqual(sz(""));
  expect(set(started, subject, "COMMON", described)).toBe(0);
  expect(read(started, subject, "GET_COMMON_PROPERTIES")["Description"]).toEqual(described.value);
  if ("description" in subject.object) expect(subject.object.description).toBe(text);
});

test.each(kinds)(
  "of a %s unknown properties are private, kept in every format, and deleted",
  (kind) => {
    const started = startCluster();
    const subject = subjectOf(started, kind);
    const before = read(started, subject, "GET_PRIVATE_PROPERTIES");
    const given: Record<string, PropertyValue> = {
      Colour: sz("blue"),
      Rack: dword(7),
      Doors: { format: Format.MultiSz, texts: ["front", "back"] },
      Blob: { format: Format.Binary, data: new Uint8Array([1, 2]) },
      Size: { format: Format.UlargeInteger, number: 2n ** 40n },
    };
    const list = Object.entries(given).map(([name, value]) => ({ name, value }));
    expect(set(started, subject, "PRIVATE", ...list)).toBe(0);
    expect(read(started, subject, "GET_PRIVATE_PROPERTIES")).toEqual({ ...before, ...given });
    expect(namesIn(run(started, subject, "ENUM_PRIVATE_PROPERTIES"))).toEqual(
      Object.keys({ ...before, ...given }),
    );
    set(started, subject, "PRIVATE", ...list.map(({ name }) => ({ name, value: null })));
    expect(read(started, subject, "GET_PRIVATE_PROPERTIES")).toEqual(before);
  },
);

test.each(kinds)(
  "of a %s nothing that is wrong in a list is set, nor what stands before it",
  (kind) => {
    const started = startCluster();
    const subject = subjectOf(started, kind);
    const good = { name: "Description", value: sz("changed") };
    const readOnly = [...commonSchemas[kind].values()].find((one) => one.isReadOnly === true);
    const wrong: Property[] = [
      { name: "Description", value: dword(1) },
      { name: "Colour", value: sz("blue") },
      { name: readOnly?.name ?? "", value: readOnly?.otherwise ?? null },
      { name: "Description", value: { format: Format.ExpandSz, text: "%a%", expanded: "b" } },
    ];
    for (const bad of wrong) {
      const list = writePropertyList([good, bad]);
      for (const what of ["VALIDATE_COMMON_PROPERTIES", "SET_COMMON_PROPERTIES"]) {
        expect(refusal(() => run(started, subject, what, list))).toBe(
          Status.ERROR_INVALID_PARAMETER,
        );
      }
    }
    for (const list of [null, new Uint8Array(3), new Uint8Array(8), new Uint8Array(64).fill(1)]) {
      expect(refusal(() => run(started, subject, "SET_COMMON_PROPERTIES", list))).toBe(
        Status.ERROR_INVALID_DATA,
      );
    }
    expect(read(started, subject, "GET_COMMON_PROPERTIES")["Description"]).toEqual(sz(""));
  },
);

test("a common property's name isn't free for a private one", () => {
  const started = startCluster();
  const subject = subjectOf(started, "group");
  const taken = { name: "priority", value: dword(1) };
  expect(refusal(() => set(started, subject, "PRIVATE", taken))).toBe(
    Status.ERROR_INVALID_PARAMETER,
  );
});

const numbers = kinds.flatMap((kind) =>
  [...commonSchemas[kind].values()].flatMap((one) =>
    one.otherwise.format === Format.Dword && one.isReadOnly !== true
      ? [[kind, one.name, one] as const]
      : [],
  ),
);

test.each(numbers)("of a %s %s is a number of its range", (kind, name, definition) => {
  const started = startCluster();
  const subject = subjectOf(started, kind);
  const { minimum = 0, maximum = 0, otherwise } = definition;
  for (const number of [minimum, maximum]) {
    set(started, subject, "COMMON", { name, value: dword(number) });
    expect(read(started, subject, "GET_COMMON_PROPERTIES")[name]).toEqual(dword(number));
  }
  const beyond = [minimum - 1, maximum + 1].filter(
    (number) =>
      number >= 0 && number <= 0xffff_ffff && number !== (otherwise as { number: number }).number,
  );
  for (const number of beyond) {
    const value = { name, value: dword(number) };
    expect(refusal(() => set(started, subject, "COMMON", value))).toBe(
      Status.ERROR_INVALID_PARAMETER,
    );
  }
  set(started, subject, "COMMON", { name, value: null });
  expect(read(started, subject, "GET_COMMON_PROPERTIES")[name]).toEqual(otherwise);
});

test("what objects go by without a value is what properties say then", () => {
  for (const kind of kinds) {
    if (kind === "cluster") continue;
    for (const [member, { value, isTied, read: readField, write }] of byKind[kind].keys.fields) {
      const definition = commonSchemas[kind].get(fold(value));
      if (definition === undefined || isTied === true || definition.isReadOnly === true) continue;
      const without = write(readField(undefined));
      const said = storedValue(definition.otherwise);
      expect(sameValue(without, said), `${kind} ${member}`).toBe(true);
    }
  }
});

test("a property that a member goes by reaches it", () => {
  const started = startCluster();
  const subject = subjectOf(started, "resource");
  set(started, subject, "COMMON", { name: "RestartAction", value: dword(0) });
  expect(subject.object).toMatchObject({ restartAction: 0 });
  set(started, subject, "COMMON", { name: "RestartAction", value: null });
  expect(subject.object).toMatchObject({ restartAction: 2 });
});

test("nodes say what runs on them", () => {
  const started = startCluster();
  expect(read(started, subjectOf(started, "node"), "GET_RO_COMMON_PROPERTIES")).toEqual({
    NodeName: sz("node1"),
    NodeHighestVersion: dword(0x000b_0003),
    NodeLowestVersion: dword(0x000b_0003),
    MajorVersion: dword(10),
    MinorVersion: dword(0),
    BuildNumber: dword(20_348),
    CSDVersion: sz(""),
    NodeInstanceID: sz("00000000-0000-0000-0000-000000000001"),
    NodeDrainStatus: dword(0),
    NodeDrainTarget: dword(0xffff_ffff),
    DynamicWeight: dword(1),
    NeedsPreventQuorum: dword(0),
  });
});

test("networks and interfaces say where they are by name and address", () => {
  const started = startCluster();
  expect(read(started, subjectOf(started, "network"), "GET_RO_COMMON_PROPERTIES")).toMatchObject({
    Name: sz("Cluster Network 1"),
    Address: sz("127.0.0.0"),
    IPv4PrefixLengths: { texts: ["8"] },
  });
  const netInterface = subjectOf(started, "netInterface");
  expect(read(started, netInterface, "GET_RO_COMMON_PROPERTIES")).toMatchObject({
    Node: sz("node1"),
    Network: sz("Cluster Network 1"),
    IPv4Addresses: { texts: ["127.0.0.1"] },
  });
});

test.each(["group", "node", "network", "netInterface", "cluster"] as const)(
  "a %s has four octets of read-only private properties",
  (kind) => {
    const started = startCluster();
    const { octets } = run(started, subjectOf(started, kind), "GET_RO_PRIVATE_PROPERTIES");
    expect(octets).toEqual(new Uint8Array(4));
  },
);

test("a client reads an address as the example does ([MS-CMRP] 4.1)", async () => {
  const started = startCluster();
  const { client } = started;
  const subject = await resourceOf(started, "IP Address");
  set(started, subject, "PRIVATE", { name: "Address", value: sz("10.1.2.3") });
  await using resource = await client.openResource({ resourceName: "a IP Address" });
  const request = { resource, controlCode: 0x0100_0081, inBuffer: null };
  const error: unknown = await client
    .resourceControl({ ...request, outBufferSize: 0 })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ statusName: "ERROR_MORE_DATA" });
  const { requiredSize } = (error as { response: { requiredSize: number } }).response;
  const { outBuffer } = await client.resourceControl({ ...request, outBufferSize: requiredSize });
  expect(outBuffer).toHaveLength(requiredSize);
  const address = readPropertyList(outBuffer).find(({ name }) => name === "Address");
  expect(address?.value).toEqual(sz("10.1.2.3"));
});

test("private properties are what was set, or what the type says, or the default", async () => {
  const started = startCluster();
  const subject = await resourceOf(started, "Generic Application");
  const type = started.cluster.state.resourceTypes.find("Generic Application");
  if (type === undefined) throw new TypeError("no such type");
  const line = (): unknown => read(started, subject, "GET_PRIVATE_PROPERTIES")["CommandLine"];
  const ofType: Subject = { kind: "resourceType", object: type };
  expect(line()).toEqual(sz(""));
  set(started, ofType, "PRIVATE", { name: "CommandLine", value: sz("of the type") });
  expect(line()).toEqual(sz("of the type"));
  set(started, subject, "PRIVATE", { name: "commandline", value: sz("of its own") });
  expect(line()).toEqual(sz("of its own"));
  set(started, subject, "PRIVATE", { name: "CommandLine", value: null });
  expect(line()).toEqual(sz("of the type"));
});

test("texts with variables come with what they expand to", async () => {
  const started = startCluster();
  const subject = await resourceOf(started, "Generic Script");
  const text = "%Tools%\\run %nobody% 100%";
  set(started, subject, "PRIVATE", {
    name: "ScriptFilepath",
    value: { format: Format.ExpandSz, text },
  });
  const { octets } = run(started, subject, "GET_PRIVATE_PROPERTIES", null, {
    environment: { TOOLS: "/opt" },
  });
  expect(readPropertyList(octets)).toEqual([
    {
      name: "ScriptFilepath",
      value: { format: Format.ExpandSz, text, expanded: "/opt\\run %nobody% 100%" },
    },
  ]);
});

test("what an online resource reads when it starts is stored, and says that it takes a restart", async () => {
  const started = startCluster();
  const { client } = started;
  const subject = await resourceOf(started, "Generic Service");
  const service = (text: string): Property => ({ name: "ServiceName", value: sz(text) });
  expect(set(started, subject, "PRIVATE", service("a"))).toBe(0);
  bringOnline(started, subject);
  await using resource = await client.openResource({ resourceName: "a Generic Service" });
  const change = (text: string): Promise<{ returnValue: number }> =>
    client.resourceControl({
      resource,
      controlCode: 0x0140_0086,
      inBuffer: writePropertyList([service(text)]),
      outBufferSize: 0,
    });
  expect(await change("a")).toMatchObject({ returnValue: 0 });
  expect(await change("b")).toMatchObject({ returnValue: Status.ERROR_RESOURCE_PROPERTIES_STORED });
  expect(read(started, subject, "GET_PRIVATE_PROPERTIES")["ServiceName"]).toEqual(sz("b"));
  const own = { name: "Colour", value: sz("blue") };
  expect(set(started, subject, "PRIVATE", own)).toBe(0);
  const action = { name: "RestartAction", value: dword(1) };
  expect(set(started, subject, "COMMON", action)).toBe(0);
  const monitor = { name: "SeparateMonitor", value: dword(1) };
  expect(set(started, subject, "COMMON", monitor)).toBe(Status.ERROR_RESOURCE_PROPERTIES_STORED);
});

test.each(kinds)(
  "who watches a %s hears of properties with their values, once, and not of none",
  (kind) => {
    const started = startCluster();
    const subject = subjectOf(started, kind);
    const events: ClusterEvent[] = [];
    started.cluster.listen((event) => {
      if (event.kind !== "key") events.push(event);
    });
    const given = { name: "Description", value: sz("new") };
    const stored = { name: "Description", ...storedValue(given.value) };
    set(started, subject, "COMMON", given);
    set(started, subject, "COMMON", given);
    set(started, subject, "PRIVATE", { name: "Colour", value: sz("blue") });
    const colour = { name: "Colour", ...storedValue(sz("blue")) };
    expect(events).toMatchObject([
      { kind, what: "property", value: { properties: [stored] } },
      { kind, what: "privateProperty", value: { properties: [colour] } },
    ]);
  },
);
