/** Groups and resources with their properties in one answer, and control codes on nodes of choice, against the real server. */
import { fromUtf16 } from "@msrpc/cluster-data";
import { expect, test } from "vitest";
import { connectInMemory } from "./support.ts";

const twoNodes = { nodes: [{ name: "node1" }, { name: "node2" }] };

test("groups are listed with their states and the properties that were asked for", async () => {
  await using cluster = await connectInMemory();
  const group = await cluster.createGroup("SQL", { type: 107 });
  await group.common.set({ Priority: 3000, AntiAffinityClassNames: ["a", "b"] });
  const found = await cluster.listGroups({
    properties: ["priority", "AntiAffinityClassNames"],
    readOnlyProperties: ["StatusInformation"],
  });
  expect(found.find(({ name }) => name === "SQL")).toEqual({
    name: "SQL",
    id: await group.id(),
    state: "Offline",
    owner: "node1",
    flags: 0,
    properties: { Priority: 3000, AntiAffinityClassNames: ["a", "b"], StatusInformation: 0n },
  });
  expect(found.map(({ name }) => name)).toContain("Cluster Group");
});

test("resources are listed with their groups, without properties, or with all of them", async () => {
  await using cluster = await connectInMemory();
  const [first] = await cluster.listResources();
  expect(first).toMatchObject({ name: "Cluster Name", group: "Cluster Group", properties: {} });
  const all = await cluster.listResources({ properties: ["*"], readOnlyProperties: ["*"] });
  const { common } = cluster.resource("Cluster Name");
  expect(all[0]?.properties).toEqual(await common.get());
});

test("a property that groups don't have is an error", async () => {
  await using cluster = await connectInMemory();
  await expect(cluster.listGroups({ properties: ["None"] })).rejects.toMatchObject({
    codeName: "ERROR_INVALID_PARAMETER",
  });
});

test("a control code is run on the node of choice, whatever it is about", async () => {
  await using cluster = await connectInMemory(twoNodes);
  const set = await cluster.createGroupSet("Front");
  const objects = [
    [cluster, 7],
    [cluster.node("node1"), 4],
    [cluster.group("Cluster Group"), 3],
    [set, 8],
    [cluster.resource("Cluster Name"), 1],
    [cluster.resourceType("Physical Disk"), 2],
    [cluster.network("Cluster Network 1"), 5],
    [cluster.netInterface("node1 - Ethernet"), 6],
  ] as const;
  for (const [object, kind] of objects) {
    const properties = kind * 0x100_0000 + 0x59;
    const here = await object.control(properties);
    expect(await object.control(properties, null, { on: "node2" }), String(kind)).toEqual(here);
    await expect(object.control(properties, null, { on: "node9" })).rejects.toMatchObject({
      codeName: "ERROR_CLUSTER_NODE_NOT_FOUND",
      object: 'node "node9"',
    });
  }
  const id = await cluster.group("Cluster Group").control(0x0300_0039, null, { on: "node2" });
  expect(fromUtf16(id).replace(/\0.*/s, "")).toBe(await cluster.group("Cluster Group").id());
});
