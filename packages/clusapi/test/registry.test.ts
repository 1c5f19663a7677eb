/** The client's view of the cluster registry, against the real server. */
import type { RegistryValue } from "@msrpc/clusapi";
import { expect, test } from "vitest";
import { decodeValue, encodeValue } from "../src/registry/value.ts";
import { connectInMemory, listOf } from "./support.ts";

const octets = new Uint8Array([1, 2, 3]);

const values: readonly RegistryValue[] = [
  { type: "Sz", value: "Grüße" },
  { type: "Sz", value: "\ufeffa\ud83d" },
  { type: "ExpandSz", value: "%SystemRoot%\\x" },
  { type: "MultiSz", value: ["a", "b"] },
  { type: "MultiSz", value: ["\ufeff", "\ude00b"] },
  { type: "MultiSz", value: [] },
  { type: "Dword", value: 4_294_967_295 },
  { type: "Qword", value: 18_446_744_073_709_551_615n },
  { type: "Binary", value: octets },
  { type: "Binary", value: new Uint8Array(5000).fill(7) },
];

test.each(values.map((value, at) => [at, value.type, value] as const))(
  "a value comes back as it was set: %i, of type %s",
  async (_at, _type, value) => {
    await using cluster = await connectInMemory();
    const key = await cluster.registry.create("Example\\Values");
    await key.set("one", value);
    expect(await key.get("ONE")).toEqual(value);
    expect(await listOf(key.values())).toEqual([{ name: "one", ...value }]);
  },
);

test("keys and values are listed, and go", async () => {
  await using cluster = await connectInMemory();
  const root = cluster.registry;
  expect(await listOf(root.keys())).toContain("Groups");
  expect(await root.get("ClusterName")).toEqual({ type: "Sz", value: "cluster1" });
  const key = await root.create("Example");
  await key.create("A");
  await key.create("B");
  await key.set("x", { type: "Dword", value: 1 });
  expect(await listOf(key.keys())).toEqual(["A", "B"]);
  await key.remove("x");
  expect(await key.get("x")).toBeNull();
  await key.delete("A");
  expect(await listOf(key.keys())).toEqual(["B"]);
});

test("a key that isn't there is an error that names it", async () => {
  await using cluster = await connectInMemory();
  await expect(cluster.registry.key("No\\Such").get("x")).rejects.toMatchObject({
    codeName: "ERROR_FILE_NOT_FOUND",
    object: 'key "No\\Such"',
  });
});

test("a number that its type doesn't hold is not sent", async () => {
  await using cluster = await connectInMemory();
  await expect(cluster.registry.set("x", { type: "Dword", value: -1 })).rejects.toThrow(RangeError);
  await expect(cluster.registry.set("x", { type: "Qword", value: -1n })).rejects.toThrow(
    RangeError,
  );
});

test.each<[string, number, Uint8Array]>([
  ["of no type", 0, octets],
  ["of a type without a name", 42, octets],
  ["a Dword of three octets", 4, octets],
  ["a text with half a unit", 1, octets],
])("octets that are no value of a type are kept as they are: %s", (_what, type, data) => {
  const value = decodeValue(type, data);
  expect(value.value).toEqual(octets);
  expect(encodeValue(value)).toEqual({ type, data });
});
