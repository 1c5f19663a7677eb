/** Properties of objects of the real server; and property lists, octet by octet. */
import { expect, test } from "vitest";
import { readPropertyList, writePropertyList } from "../src/properties/list.ts";
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

test.each(["node", "network", "netInterface"] as const)("a %s has properties", async (kind) => {
  await using cluster = await connectInMemory();
  const name = { node: "node1", network: "Cluster Network 1", netInterface: "node1 - Ethernet" };
  await cluster[kind](name[kind]).common.set({ Description: "d" });
  expect(await cluster[kind](name[kind]).common.get()).toMatchObject({ Description: "d" });
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
  await expect(common.set(wrong)).rejects.toThrow("property Priority is a Dword");
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
  expect(readPropertyList(writePropertyList([property]))).toEqual([property]);
});

test("a list is a count, names and values with padding, and end marks", () => {
  const list = writePropertyList([{ name: "a", format: "Dword", value: 5 }]);
  expect(Buffer.from(list).toString("hex")).toBe(
    "01000000" +
      "0300040004000000" +
      "61000000" +
      "0200010004000000" +
      "05000000" +
      "00000000".repeat(2),
  );
  expect(readPropertyList(list.subarray(0, -4))).toHaveLength(1);
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
  expect(readPropertyList(octets)).toEqual([{ name: "a", format: "ExpandSz", value: "x" }]);
});

test.each(["", "01000000", "0100000003000400ff000000", "01000000020001000400000005000000"])(
  "octets that are no property list are refused: %s",
  (hex) => {
    expect(() => readPropertyList(Buffer.from(hex, "hex"))).toThrow(
      expect.objectContaining({ name: "PropertyListError" }),
    );
  },
);
