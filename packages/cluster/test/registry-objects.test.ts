/** What clients write into the registry below the keys of objects ([MS-CMRP] 3.1.3.3). */
import type { ClusterEvent } from "@msrpc/cluster";
import { RegistryType } from "@msrpc/ms-cmrp";
import { expect, test } from "vitest";
import { keyAt, most, startCluster, type Started, statusOf, utf16 } from "./registry-support.ts";

function groupKey({ cluster }: Started): { readonly id: string; readonly path: string } {
  const id = cluster.state.groups.find("Available Storage")?.id ?? "";
  return { id, path: `Groups\\${id}` };
}

/** Events about objects, as `group property NAME`. */
function watch({ cluster }: Started): string[] {
  const seen: string[] = [];
  cluster.listen((event: ClusterEvent) => {
    if (event.kind !== "key") seen.push(`${event.kind} ${event.what} ${event.name}`);
  });
  return seen;
}

test("a value that is set below a group's key is the group's, and those who watch it hear of it", async () => {
  const started = startCluster();
  const { id, path } = groupKey(started);
  const events = watch(started);
  const handle = await keyAt(started.client, path);
  const valueName = "Description";
  await started.client.setValue({
    key: handle,
    valueName,
    type: RegistryType.Sz,
    data: utf16("For disks"),
  });
  expect(started.cluster.state.groups.get(id)?.description).toBe("For disks");
  expect(events).toEqual(["group property Available Storage"]);
  await started.client.deleteValue({ key: handle, valueName });
  expect(started.cluster.state.groups.get(id)?.description).toBe("");
  expect(events).toHaveLength(2);
});

test("a private property is set below the object's Parameters key", async () => {
  const started = startCluster();
  const id = started.cluster.state.resources.find("Cluster Name")?.id ?? "";
  const events = watch(started);
  const handle = await keyAt(started.client, `Resources\\${id}\\Parameters`);
  expect(events).toEqual([]);
  const value = { valueName: "DnsName", type: RegistryType.Sz, data: utf16("cluster1") };
  await started.client.setValue({ key: handle, ...value });
  expect(events).toEqual(["resource privateProperty Cluster Name"]);
  const own = await keyAt(started.client, `Resources\\${id}`);
  await started.client.deleteKey({ key: own, subKey: "Parameters" });
  expect(events).toHaveLength(2);
});

test.each([
  ["Name", RegistryType.Sz],
  ["Contains", RegistryType.MultiSz],
  ["PREFERREDOWNERS", RegistryType.MultiSz],
])("the value %s of a group is changed by its own operations only", async (valueName, type) => {
  const started = startCluster();
  const { path } = groupKey(started);
  const handle = await keyAt(started.client, path);
  const set = { key: handle, valueName, type, data: utf16("Cluster Group") };
  expect(await statusOf(started.client.setValue(set))).toBe("ERROR_ACCESS_DENIED");
  expect(await statusOf(started.client.deleteValue({ key: handle, valueName }))).toBe(
    "ERROR_ACCESS_DENIED",
  );
  expect(started.cluster.state.groups.find("Available Storage")).toBeDefined();
});

test("the cluster's name is changed by its own operation only", async () => {
  const { client } = startCluster();
  const root = await client.getRootKey({ samDesired: most });
  const set = { key: root, valueName: "clusterName", type: RegistryType.Sz, data: utf16("x") };
  expect(await statusOf(client.setValue(set))).toBe("ERROR_ACCESS_DENIED");
});

test("keys of objects come and go with them, those below are the clients'", async () => {
  const started = startCluster();
  const { client, cluster } = started;
  const { id, path } = groupKey(started);
  const root = await client.getRootKey({ samDesired: most });
  const create = (subKey: string): Promise<unknown> =>
    client.createKey({ key: root, subKey, options: 0, samDesired: most, securityAttributes: null });
  const denied = "ERROR_ACCESS_DENIED";
  expect(await statusOf(create("Groups\\other"))).toBe(denied);
  expect(await statusOf(create("Groups\\other\\Parameters"))).toBe(denied);
  expect(await statusOf(client.deleteKey({ key: root, subKey: path }))).toBe(denied);
  await create(`${path}\\Parameters`);
  await client.deleteKey({ key: root, subKey: `${path}\\Parameters` });
  expect(cluster.state.groups.get(id)).toBeDefined();
});
