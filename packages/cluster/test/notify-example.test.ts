/** Ports of version 2.0, and the example of the document ([MS-CMRP] 3.1.4.1.66, 4.3). */
import { ClusterChange } from "@msrpc/ms-cmrp";
import { expect, test } from "vitest";
import { startCluster, statusOf } from "./registry-support.ts";

const { GroupAdded, GroupDeleted, ResourceState } = ClusterChange;

test("version 2.0 has the same ports, waits as long as it is told, and never says that something was lost", async () => {
  const { connect2, client } = startCluster({}, { notifications: { maxQueued: 1 } });
  const two = connect2();
  const notify = await two.createNotify();
  const cluster = await two.openCluster();
  await two.addNotifyCluster({ notify, cluster, filter: GroupAdded, notifyKey: 7 });
  expect(await statusOf(two.getNotify({ notify, timeout: 0 }))).toBe("WAIT_TIMEOUT");
  const waiting = two.getNotify({ notify, timeout: 0xffff_ffff });
  await client.createGroup({ groupName: "a" });
  expect(await waiting).toEqual({
    notifyKey: 7,
    filter: GroupAdded,
    stateSequence: 0,
    name: "a",
  });
  for (const groupName of ["b", "c"]) await client.createGroup({ groupName });
  expect(await two.getNotify({ notify, timeout: 0 })).toMatchObject({ name: "b" });
  expect(await statusOf(two.getNotify({ notify, timeout: 0 }))).toBe("WAIT_TIMEOUT");
});

test("a client hears of groups and of one resource as in the example of [MS-CMRP] 4.3", async () => {
  const { client, connect } = startCluster();
  const other = connect();
  const group = await other.createGroup({ groupName: "Group1" });
  const home = await other.openGroup({ groupName: "Available Storage" });
  const flags = { resourceType: "Physical Disk", flags: 0 };
  const made = await other.createResource({ group: home, resourceName: "Resource1", ...flags });
  await other.onlineResource({ resource: made });

  const cluster = await client.openCluster();
  const resource = await client.openResource({ resourceName: "Resource1" });
  const notify = await client.createNotify();
  // The thread that serves the port waits before there is a filter.
  let next = client.getNotify({ notify });
  const filter = GroupAdded | GroupDeleted;
  expect(filter).toBe(0x6000);
  await client.addNotifyCluster({ notify, cluster, filter, notifyKey: 0x1000 });
  const { stateSequence } = await client.addNotifyResource({
    notify,
    resource,
    filter: ResourceState,
    notifyKey: 0x2000,
  });

  await other.deleteGroup({ group, force: 0 });
  expect(await next).toMatchObject({ notifyKey: 0x1000, filter: GroupDeleted, name: "Group1" });
  next = client.getNotify({ notify });
  await other.offlineResource({ resource: made });
  await other.onlineResource({ resource: made });
  // As the client that asks again after it was cut off would learn it.
  const { stateSequence: latest } = await client.addNotifyResource({
    notify: await client.createNotify(),
    resource,
    filter: ResourceState,
    notifyKey: 0,
  });
  expect(latest).toBeGreaterThan(stateSequence + 1);
  const event = { notifyKey: 0x2000, filter: ResourceState, name: "Resource1" };
  for (let sequence = stateSequence + 1; sequence <= latest; sequence++) {
    expect(await next).toEqual({ ...event, stateSequence: sequence });
    if (sequence < latest) next = client.getNotify({ notify });
  }
});
