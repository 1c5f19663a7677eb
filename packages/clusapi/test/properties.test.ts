/** Properties of objects of the real server; and property lists, octet by octet. */
import { expect, test } from "vitest";
import { readProperties, writeProperties } from "../src/properties/list.ts";
import type { Format, PropertyValue } from "../src/properties/value.ts";
import { connectInMemory } from "./support.ts";

test("common properties are an object by name, with numbers, texts and lists of texts", async () => {
  await using cluster = await connectInMemory();
  const properties = await cluster.group("Cluster Group").common.get();
  expect(properties).toMatchObject({
    Name: "Cluster Group",
    GroupType: 1,
    Priority: 2000,
    AntiAffinityClassNames: [],
  });
  expect(typeof properties.StatusInformation).toBe("bigint");
});

test("a property that is set has its new value, and null gives its default back", async () => {
  await using cluster = await connectInMemory();
  const { common } = cluster.group("Cluster Group");
  expect(await common.set({ priority: 3000, Description: "Grüße" })).toBe("applied");
  expect(await common.get()).toMatchObject({ Priority: 3000, Description: "Grüße" });
  await common.set({ Priority: null });
  expect(await common.get()).toMatchObject({ Priority: 2000 });
});

test("properties are listed with their formats, and whether they can be set", async () => {
  await using cluster = await connectInMemory();
  const list = await cluster.resource("Network Name").common.list();
  expect(list).toContainEqual({
    name: "Type",
    format: "Sz",
    value: "Network Name",
    isReadOnly: true,
  });
  expect(list).toContainEqual({
    name: "RestartThreshold",
    format: "Dword",
    value: 1,
    isReadOnly: false,
  });
});

test("somebody may add private properties, of the type of their values", async () => {
  await using cluster = await connectInMemory();
  const bag = cluster.group("Cluster Group").private;
  const values = {
    Number: 7,
    Large: 2n ** 63n,
    Text: "a",
    Texts: ["a", "b"],
    Octets: new Uint8Array([1, 2, 3]),
  };
  await bag.set(values);
  expect(await bag.get()).toEqual(values);
});

test("a text is set and read unit by unit: byte order marks and surrogates alone are kept", async () => {
  await using cluster = await connectInMemory();
  const { common } = cluster.group("Cluster Group");
  const Description = "\ufeffa\ud83d";
  await common.set({ Description, AntiAffinityClassNames: ["\ufeff", "\ude00b"] });
  const properties = await common.get();
  expect(properties).toMatchObject({
    Description,
    AntiAffinityClassNames: ["\ufeff", "\ude00b"],
  });
});

test.each(["node", "network", "netInterface"] as const)("a %s has properties", async (kind) => {
  await using cluster = await connectInMemory();
  const name = { node: "node1", network: "Cluster Network 1", netInterface: "node1 - Ethernet" };
  await cluster[kind](name[kind]).common.set({ Description: "d" });
  expect(await cluster[kind](name[kind]).common.get()).toMatchObject({ Description: "d" });
});

test("properties can be tried without being set, and are there as octets", async () => {
  await using cluster = await connectInMemory();
  const { common } = cluster.group("Cluster Group");
  await common.validate({ Priority: 3000 });
  await expect(common.validate({ Priority: 99_999 })).rejects.toMatchObject({
    name: "ClusterError",
  });
  expect(await common.get()).toMatchObject({ Priority: 2000 });
  const octets = await common.octets();
  expect(octets.length).toBeGreaterThan(200);
  expect(readProperties(octets).map(({ name }) => name)).toContain("Priority");
});

test("the cluster has properties", async () => {
  await using cluster = await connectInMemory();
  await cluster.common.set({ Description: "d" });
  expect(await cluster.common.get()).toMatchObject({ Description: "d", DefaultNetworkRole: 2 });
});

test("a value that the format of a property doesn't hold is not sent", async () => {
  await using cluster = await connectInMemory();
  const { common } = cluster.group("Cluster Group");
  await expect(common.set({ Priority: -1 })).rejects.toThrow(RangeError);
  await expect(common.set({ Priority: 1.5 })).rejects.toThrow(RangeError);
  const wrong: Record<string, PropertyValue> = { Priority: "high" };
  await expect(common.set(wrong)).rejects.toThrow("property Priority has the format Dword");
});

test("what the cluster doesn't take as a property is its error", async () => {
  await using cluster = await connectInMemory();
  await expect(
    cluster.group("Cluster Group").common.set({ GroupType: 1, Priority: 99_999 }),
  ).rejects.toMatchObject({ name: "ClusterError", operation: "ApiGroupControl" });
});

test.each<[Format, PropertyValue]>([
  ["Word", 0xffff],
  ["Long", -2],
  ["LargeInteger", -(2n ** 63n)],
  ["FileTime", 1n],
  ["ExpandSz", "%X%"],
  ["SecurityDescriptor", new Uint8Array([1])],
])("a %s is written and read", (format, value) => {
  const property = { name: "p", format, value };
  expect(readProperties(writeProperties([property]))).toEqual([property]);
});

test("a list is a count, names and values with padding, and end marks", () => {
  const list = writeProperties([{ name: "a", format: "Dword", value: 5 }]);
  expect(Buffer.from(list).toString("hex")).toBe(
    "01000000" +
      "0300040004000000" +
      "61000000" +
      "0200010004000000" +
      "05000000" +
      "00000000".repeat(2),
  );
  expect(readProperties(list.subarray(0, -4))).toHaveLength(1);
});

test("a text with variables is read as what it stands for", () => {
  const octets = Buffer.from(
    "01000000" +
      "0300040004000000" +
      "61000000" +
      "0400010004000000" +
      "25000000" +
      "0800010004000000" +
      "78000000" +
      "00000000",
    "hex",
  );
  expect(readProperties(octets)).toEqual([{ name: "a", format: "ExpandSz", value: "x" }]);
});

const named = "01000000030004000400000061000000";

test.each<[string, Format, PropertyValue, string]>([
  ["a number of two octets", "Dword", new Uint8Array([1, 0]), "02000100020000000100000000000000"],
  ["a text without a null", "Sz", new Uint8Array([0x61, 0]), "03000100020000006100000000000000"],
  ["a format that isn't known", "Unknown", new Uint8Array([1]), "0d000100010000000100000000000000"],
  ["no octets for a number", "Dword", new Uint8Array(0), "020001000000000000000000"],
  ["no octets for a text", "Sz", "", "030001000000000000000000"],
  ["no octets for texts", "MultiSz", [], "050001000000000000000000"],
])("%s is given as far as it goes", (_, format, value, hex) => {
  const octets = Buffer.from(named + hex, "hex");
  expect(readProperties(octets)).toEqual([{ name: "a", format, value }]);
});

test("several values of one property are given as the octets of a value list", () => {
  const list = "02000100040000000100000002000100040000000200000000000000";
  const [property] = readProperties(Buffer.from(named + list, "hex"));
  expect(property).toEqual({
    name: "a",
    format: "Dword",
    value: new Uint8Array(Buffer.from(list, "hex")),
  });
});

test("a property whose format isn't known can go back to its default, and not be set", () => {
  const property = { name: "a", format: "Unknown" } as const;
  expect(readProperties(writeProperties([{ ...property, value: null }]))).toHaveLength(1);
  expect(() => writeProperties([{ ...property, value: "x" }])).toThrow(
    "property a has the format Unknown",
  );
});

test.each(["", "01000000", "0100000003000400ff000000", "01000000020001000400000005000000"])(
  "octets that are no property list are refused: %s",
  (hex) => {
    expect(() => readProperties(Buffer.from(hex, "hex"))).toThrow(
      expect.objectContaining({ name: "PropertyListError" }),
    );
  },
);
