/** The client's view of the cluster registry, against the real server. */
import { type BatchChange, Cluster, ClusterBatchError, type RegistryValue } from "@msrpc/clusapi";
import type { KeyHandle } from "@msrpc/ms-cmrp/clusapi3";
import { handleKind, inMemoryTransport, TransportError } from "@msrpc/rpc";
import { readSddl, writeSddl } from "@msrpc/auth";
import { expect, test } from "vitest";
import { decodeValue, encodeValue } from "../src/registry/value.ts";
import { connectInMemory, entrances, fakeRouter, listOf, newCluster, twoWays } from "./support.ts";

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

test("a key with others below it is deleted with them where that is asked for", async () => {
  await using cluster = await connectInMemory();
  const key = await cluster.registry.create("Example");
  await key.create("A\\B");
  await key.create("C");
  await expect(cluster.registry.delete("Example")).rejects.toMatchObject({
    codeName: "ERROR_ACCESS_DENIED",
    message: expect.stringContaining("or there are keys below it.") as string,
  });
  await cluster.registry.delete("Example", { recursive: true });
  expect(await listOf(cluster.registry.keys())).not.toContain("Example");
});

test("a key that isn't there is an error that names it", async () => {
  await using cluster = await connectInMemory();
  const missing = { codeName: "ERROR_FILE_NOT_FOUND", object: 'key "No\\Such"' };
  await expect(cluster.registry.key("No\\Such").get("x")).rejects.toMatchObject(missing);
  await expect(cluster.registry.delete("No\\Such")).rejects.toMatchObject(missing);
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

const one: RegistryValue = { type: "Dword", value: 1 };
const two: RegistryValue = { type: "Dword", value: 2 };

test("a batch makes all its changes", async () => {
  await using cluster = await connectInMemory();
  const key = await cluster.registry.create("Example");
  await key.create("Old");
  await key.set("x", one);
  const batch = key.batch().set("y", two).remove("x").key("New").set("z", one).deleteKey("Old");
  await batch.execute();
  expect(await listOf(key.keys())).toEqual(["New"]);
  expect(await listOf(key.values())).toEqual([{ name: "y", ...two }]);
  expect(await key.key("New").get("z")).toEqual(one);
});

test("a batch with a condition that doesn't hold makes none, and says which one it is", async () => {
  await using cluster = await connectInMemory();
  const key = await cluster.registry.create("Example");
  await key.set("x", two);
  const failing = [
    key.batch().set("y", one).onlyIf("x", "equal", one),
    key.batch().set("y", one).onlyIf("x", "less", one),
    key.batch().set("y", one).onlyIfValue("x", "missing"),
    key.batch().set("y", one).onlyIfKey("No", "exists"),
  ];
  for (const batch of failing) {
    const error = await batch.execute().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ClusterBatchError);
    expect(error).toMatchObject({
      failedCommand: 2,
      operation: "ApiExecuteBatch",
      message: expect.stringContaining('key "Example", number 2 of the batch') as unknown,
    });
  }
  expect(await key.get("y")).toBeNull();
  await key
    .batch()
    .onlyIf("x", "greater", one)
    .onlyIf("x", "notEqual", one)
    .onlyIfValue("x", "exists")
    .onlyIfKey("No", "missing")
    .set("y", one)
    .execute();
  expect(await key.get("y")).toEqual(one);
});

test("many values are read at once, those that aren't there as errors", async () => {
  await using cluster = await connectInMemory();
  const key = await cluster.registry.create("Example");
  await key.create("A\\B");
  await key.set("x", one);
  await key.key("A\\B").set("y", two);
  expect(
    await key.read([
      { path: "A\\B", name: "y" },
      { name: "x" },
      { name: "z" },
      { path: "No", name: "x" },
    ]),
  ).toEqual([
    two,
    one,
    { type: "Error", code: 2, codeName: "ERROR_FILE_NOT_FOUND" },
    { type: "Error", code: 2, codeName: "ERROR_FILE_NOT_FOUND" },
  ]);
  expect(await key.read([])).toEqual([]);
});

test("what is read at once is asked to be of one point in time", async () => {
  const keys = handleKind<KeyHandle, string>("key");
  const flagsSeen: number[] = [];
  const router = fakeRouter({
    getRootKey: (_request, { handles }) => handles.open(keys, "root"),
    closeKey({ key }, { handles }) {
      handles.close(keys, key);
    },
    executeReadBatchEx({ inData, flags }) {
      flagsSeen.push(flags);
      return { outData: inData };
    },
  });
  await using cluster = await Cluster.over(inMemoryTransport(router));
  await cluster.registry.read([{ name: "x" }]);
  // CLUSREG_DATABASE_ISOLATE_READ.
  expect(flagsSeen).toEqual([2]);
});

test("batches of others are told as they are done, with what was there before", async () => {
  await using cluster = await connectInMemory();
  const key = await cluster.registry.create("Example");
  await key.set("x", one);
  const batches = key.batches();
  const heard: (readonly BatchChange[])[] = [];
  const hearing = batches.next().then(({ value }) => heard.push(value ?? []));
  // The port is open from one of them on.
  for (let count = 2; heard.length === 0; count++) {
    await key.batch().set("x", { type: "Dword", value: count }).execute();
  }
  await hearing;
  const [before, after, ...more] = heard[0] ?? [];
  const count = Number(after?.value?.value);
  expect([before, after, more]).toEqual([
    { what: "ValueDeleted", name: "x", value: { type: "Dword", value: count - 1 } },
    { what: "SetValue", name: "x", value: { type: "Dword", value: count } },
    [],
  ]);
  await batches.return();
});

test("batches of others are heard over the next node where one is lost, with an empty list for what was between", async () => {
  await using ways = await twoWays();
  const { cluster, other } = ways;
  const key = await cluster.registry.create("Example");
  const batches = key.batches();
  const next = async (): Promise<readonly BatchChange[]> => {
    const heard: (readonly BatchChange[])[] = [];
    const hearing = batches.next().then(({ value }) => heard.push(value ?? []));
    // The port is open from one of them on.
    const changed = other.registry.key("Example");
    for (let count = 1; heard.length === 0; count++) {
      await changed.batch().set("x", { type: "Dword", value: count }).execute();
    }
    await hearing;
    return heard[0] ?? [];
  };
  expect((await next()).map(({ name }) => name)).toContain("x");
  await ways.closeFirst();
  // What was told before the node went comes first.
  for (let list = await next(); list.length > 0;) list = await next();
  expect((await next()).map(({ name }) => name)).toContain("x");
  await batches.return();
});

test("batches end with an error where no node is left", async () => {
  const [one] = await entrances(newCluster(), 1);
  await using cluster = await Cluster.connect(one?.binding ?? "", { candidates: [] });
  const batches = (await cluster.registry.create("Example")).batches();
  const ended = expect(batches.next()).rejects.toThrow(TransportError);
  await one?.server.close({ graceTime: 0 });
  await ended;
});

test("a key says how much is in it, and when it was changed", async () => {
  await using cluster = await connectInMemory();
  const key = await cluster.registry.create("Example");
  await key.create("A");
  await key.set("x", one);
  // The clock of the server stands at a second after 1970.
  expect(await key.info()).toEqual({ keys: 1, values: 1, lastWrite: new Date(1000) });
});

test("who may do what with a key is read and set", async () => {
  await using cluster = await connectInMemory();
  const key = await cluster.registry.create("Example");
  await key.setSecurity(readSddl("D:P(A;CI;KA;;;BA)(A;CI;KR;;;AU)"));
  expect(writeSddl(await key.security())).toMatch(/D:P\(A;CI;KA;;;BA\)\(A;CI;KR;;;AU\)$/);
  const many = Array.from({ length: 100 }, (_, at) => `(A;;KR;;;S-1-5-21-1-2-3-${at})`).join("");
  await key.setSecurity(readSddl(`D:${many}`));
  expect((await key.security()).dacl?.aces).toHaveLength(100);
});
