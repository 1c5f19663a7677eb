/** The protocol examples of [MS-CMRP] 4.1 to 4.4: which operations go over in which order, octet by octet. */
import { Cluster } from "@msrpc/clusapi";
import { resourceHost } from "@msrpc/cluster";
import { ClusterChange, GroupState, type ResourceHandle } from "@msrpc/ms-cmrp";
import { ClusterEnum } from "@msrpc/ms-cmrp/clusapi3";
import { inMemoryTransport, RpcError } from "@msrpc/rpc";
import { expect, test } from "vitest";
import { type Message, numberAt, octets, record, type Recorded } from "./message-flow.ts";
import { clusterRouter, forAll } from "./support.ts";

const handleSize = 20;

/** What every example begins with ([MS-CMRP] 3.2.3.3). */
async function initialize({ client, flow }: Recorded): Promise<void> {
  await client.getClusterName();
  const cluster = await client.openCluster();
  await client.createEnum({ type: ClusterEnum.Node });
  const [names, opened, nodes] = flow();
  expect(names).toMatchObject({ operation: "ApiGetClusterName", request: "" });
  expect(opened).toMatchObject({
    operation: "ApiOpenCluster",
    request: "",
    // One of the operations without rpc_status.
    response: octets().u32(0).handle(cluster).hex,
  });
  expect(nodes).toMatchObject({ operation: "ApiCreateEnum", request: octets().u32(1).hex });
}

const operations = (flow: readonly Message[]): string[] => flow.map(({ operation }) => operation);

test("4.1: a client finds the address of a resource of type IP Address among its private properties", async () => {
  const router = clusterRouter(forAll);
  await using other = await Cluster.over(inMemoryTransport(router));
  const group = await other.createGroup("Front");
  const made = await group.createResource("Front Address", "IP Address");
  await made.private.set({ Address: "10.1.2.3" });

  await using recorded = record(router);
  const { client, flow } = recorded;
  await initialize(recorded);
  const { returnEnum } = await client.createEnum({ type: ClusterEnum.Resource });
  const names = returnEnum?.entries.map(({ name }) => name ?? "") ?? [];
  expect(names).toEqual(["Cluster Name", "Network Name", "Front Address"]);
  expect(flow()[0]?.request).toBe(octets().u32(4).hex);

  let address = "";
  for (const name of names) {
    const resource = await client.openResource({ resourceName: name });
    const { resourceType } = await client.getResourceType({ resource });
    const isIt = resourceType?.toLowerCase() === "ip address";
    if (isIt) address = await addressOf(recorded, resource);
    await client.closeResource({ resource });
    const messages = flow();
    const [opened, typed] = messages;
    const closed = messages.at(-1);
    expect(opened).toEqual({
      operation: "ApiOpenResource",
      request: octets().text(name).hex,
      response: octets().u32(0, 0).handle(resource).hex,
    });
    expect(typed).toEqual({
      operation: "ApiGetResourceType",
      request: octets().handle(resource).hex,
      response: octets()
        .pointed(numberAt(typed?.response ?? "", 0), resourceType ?? "")
        .u32(0, 0).hex,
    });
    expect(closed).toEqual({
      operation: "ApiCloseResource",
      request: octets().handle(resource).hex,
      // The handle is NULL afterwards.
      response: "00".repeat(handleSize + 4),
    });
    expect(operations(messages).slice(2, -1)).toEqual(
      isIt ? ["ApiResourceControl", "ApiResourceControl"] : [],
    );
    if (isIt) expectControl(resource, messages.slice(2, 4));
  }
  expect(address).toBe("10.1.2.3");
});

const getPrivateProperties = 0x0100_0081;
const moreData = 234;

async function addressOf({ client }: Recorded, resource: ResourceHandle): Promise<string> {
  const request = { resource, controlCode: getPrivateProperties, inBuffer: null };
  const refused: unknown = await client
    .resourceControl({ ...request, outBufferSize: 0 })
    .catch((error: unknown) => error);
  if (!(refused instanceof RpcError)) throw new TypeError("there are no properties");
  expect(refused.status).toBe(moreData);
  const { requiredSize } = refused.response as { readonly requiredSize: number };
  const { outBuffer } = await client.resourceControl({ ...request, outBufferSize: requiredSize });
  return addressIn(outBuffer);
}

/** The sixteen steps of the example, which go on with the next property where the name is another. */
function addressIn(list: Uint8Array): string {
  const view = new DataView(list.buffer, list.byteOffset, list.length);
  const text = (at: number, length: number): string =>
    Buffer.from(list.subarray(at, at + length))
      .toString("utf16le")
      .replace(/\0$/, "");
  const padded = (length: number): number => Math.ceil(length / 4) * 4;
  let at = 4;
  for (let left = view.getUint32(0, true); left > 0; left--) {
    expect(view.getUint32(at, true)).toBe(0x0004_0003);
    const nameSize = view.getUint32(at + 4, true);
    const name = text(at + 8, nameSize);
    at += 8 + padded(nameSize);
    const syntax = view.getUint32(at, true);
    const size = view.getUint32(at + 4, true);
    if (name.toLowerCase() === "address") {
      expect([nameSize, syntax]).toEqual([16, 0x0001_0003]);
      // The example counts two octets of padding; 2.2.3.10 doesn't, and Windows doesn't.
      expect([size, padded(size)]).toEqual([18, 20]);
      expect(view.getUint32(at + 8 + padded(size), true)).toBe(0);
      return text(at + 8, size);
    }
    at += 8 + padded(size) + 4;
  }
  return "";
}

function expectControl(resource: ResourceHandle, [asked, got]: readonly Message[]): void {
  const request = (size: number): string =>
    octets().handle(resource).u32(getPrivateProperties, 0, 0, size).hex;
  expect(asked?.request).toBe(request(0));
  // No octets of none, how many there are, and what is wrong.
  const required = numberAt(asked?.response ?? "", 16);
  expect(asked?.response).toBe(octets().u32(0, 0, 0, 0, required, 0, moreData).hex);
  expect(got?.request).toBe(request(required));
  const answer = Buffer.from(got?.response ?? "", "hex");
  const list = answer.subarray(12, 12 + required);
  expect(list.readUInt32LE(0)).toBeGreaterThan(1);
  const expected = octets().u32(required, 0, required).octets(list).u32(required, 0, 0, 0);
  expect(got?.response).toBe(expected.hex);
}

test("4.2: a client sees to it that a group is on a node, and waits until its move is complete", async () => {
  const arrived = Promise.withResolvers<void>();
  let times = 0;
  const running = { offline() {}, terminate() {} };
  const host = resourceHost({
    types: [
      {
        type: "Generic Service",
        async online() {
          if (++times > 1) await arrived.promise;
          return running;
        },
      },
    ],
    onError: () => {},
  });
  const nodes = ["NodeA", "NodeB", "NodeC"].map((name) => ({ name }));
  const networks = [{ name: "Net", address: "10.0.0.0", addressMask: "255.0.0.0", interfaces: [] }];
  const router = clusterRouter(forAll, { nodes, networks }, host);
  await using other = await Cluster.over(inMemoryTransport(router));
  const made = await other.createGroup("Application Group");
  await made.createResource("Application", "Generic Service");
  await made.online();

  await using recorded = record(router);
  const { client, flow } = recorded;
  await initialize(recorded);
  const group = await client.openGroup({ groupName: "Application Group" });
  const before = await client.getGroupState({ group });
  expect(before).toEqual({ state: GroupState.Online, nodeName: "NodeA" });
  const node = await client.openNode({ nodeName: "NodeB" });
  const { returnValue } = await client.moveGroupToNode({ group, node });
  expect(returnValue).toBe(997);
  const states: number[] = [];
  for (;;) {
    const { state } = await client.getGroupState({ group });
    states.push(state);
    if (state !== GroupState.Pending) break;
    arrived.resolve();
    await arrived.promise;
  }
  expect(states[0]).toBe(GroupState.Pending);
  expect(states.at(-1)).toBe(GroupState.Online);
  expect(await client.getGroupState({ group })).toMatchObject({ nodeName: "NodeB" });

  const [opened, asked, found, moved, ...polls] = flow();
  expect(opened).toEqual({
    operation: "ApiOpenGroup",
    request: octets().text("Application Group").hex,
    response: octets().u32(0, 0).handle(group).hex,
  });
  const stateOf = (message: Message | undefined, state: number, name: string): Message => ({
    operation: "ApiGetGroupState",
    request: octets().handle(group).hex,
    response: octets()
      .u32(state)
      .pointed(numberAt(message?.response ?? "", 4), name)
      .u32(0, 0).hex,
  });
  expect(asked).toEqual(stateOf(asked, GroupState.Online, "NodeA"));
  expect(found).toEqual({
    operation: "ApiOpenNode",
    request: octets().text("NodeB").hex,
    response: octets().u32(0, 0).handle(node).hex,
  });
  expect(moved).toEqual({
    operation: "ApiMoveGroupToNode",
    request: octets().handle(group).handle(node).hex,
    response: octets().u32(0, 997).hex,
  });
  expect(polls.at(-1)).toEqual(stateOf(polls.at(-1), GroupState.Online, "NodeB"));
  await host.close();
});

test("4.3: a client is told of groups that are added and deleted, and of the states of one resource", async () => {
  const router = clusterRouter(forAll);
  await using other = await Cluster.over(inMemoryTransport(router));
  const group1 = await other.createGroup("Group1");
  const home = other.group("Available Storage");
  const disk = await home.createResource("Disk", "Physical Disk");
  const resource1 = await home.createResource("Resource1", "Physical Disk");
  await resource1.addDependency("Disk");
  await disk.common.set({ RestartDelay: 0 });
  await home.online();

  await using recorded = record(router);
  const { client, flow } = recorded;
  await initialize(recorded);
  const cluster = await client.openCluster();
  const resource = await client.openResource({ resourceName: "Resource1" });
  const notify = await client.createNotify();
  // The thread that serves the port waits before there is a filter.
  let next = client.getNotify({ notify });
  const filter = ClusterChange.GroupAdded | ClusterChange.GroupDeleted;
  await client.addNotifyCluster({ notify, cluster, filter, notifyKey: 0x1000 });
  const { stateSequence } = await client.addNotifyResource({
    notify,
    resource,
    filter: ClusterChange.ResourceState,
    notifyKey: 0x2000,
  });
  await group1.delete();
  await next;
  next = client.getNotify({ notify });
  // What it needs fails, so that it is taken offline, and both come back.
  await disk.fail();
  // As the client that asks again after it was cut off would learn it.
  const again = await client.createNotify();
  const watching = { notify: again, resource, filter: ClusterChange.ResourceState, notifyKey: 0 };
  const { stateSequence: latest } = await client.addNotifyResource(watching);
  expect(latest).toBeGreaterThan(stateSequence + 1);
  for (let sequence = stateSequence + 1; sequence <= latest; sequence++) {
    expect(await next).toMatchObject({ name: "Resource1", stateSequence: sequence });
    if (sequence < latest) next = client.getNotify({ notify });
  }
  expect(await resource1.status()).toMatchObject({ state: "Online" });

  const messages = flow();
  expect(operations(messages).slice(0, 6)).toEqual([
    "ApiOpenCluster",
    "ApiOpenResource",
    "ApiCreateNotify",
    "ApiGetNotify",
    "ApiAddNotifyCluster",
    "ApiAddNotifyResource",
  ]);
  const [, , created, first, added, watched, second] = messages;
  expect(created?.response).toBe(octets().u32(0, 0).handle(notify).hex);
  expect(first?.request).toBe(octets().handle(notify).hex);
  expect(added).toMatchObject({
    request: octets().handle(notify).handle(cluster).u32(0x6000, 0x1000).hex,
    response: octets().u32(0, 0).hex,
  });
  expect(watched).toMatchObject({
    request: octets().handle(notify).handle(resource).u32(0x100, 0x2000).hex,
    response: octets().u32(stateSequence, 0, 0).hex,
  });
  const told = (message: Message | undefined, ...start: readonly number[]): string =>
    octets()
      .u32(...start)
      .pointed(numberAt(message?.response ?? "", 12), start[0] === 0x1000 ? "Group1" : "Resource1")
      .u32(0, 0).hex;
  const groupSequence = numberAt(first?.response ?? "", 8);
  expect(first?.response).toBe(told(first, 0x1000, 0x2000, groupSequence));
  expect(second?.response).toBe(told(second, 0x2000, 0x100, stateSequence + 1));
});

test("4.4: a client has a service need its name and one of four disks", async () => {
  const router = clusterRouter(forAll);
  await using other = await Cluster.over(inMemoryTransport(router));
  const home = await other.createGroup("Database");
  const kinds: Readonly<Record<string, string>> = {
    Name1: "Network Name",
    IP1: "IP Address",
    IP2: "IP Address",
    Disk1: "Physical Disk",
    Disk2: "Physical Disk",
    Disk3: "Physical Disk",
    Disk4: "Physical Disk",
    Service: "Generic Service",
  };
  for (const [name, type] of Object.entries(kinds)) await home.createResource(name, type);

  await using recorded = record(router);
  const { client, flow } = recorded;
  await initialize(recorded);
  const open = (resourceName: string) => client.openResource({ resourceName });
  const name1 = await open("Name1");
  const addresses = [await open("IP1"), await open("IP2")];
  const ids: string[] = [];
  for (const address of addresses) ids.push(await idOf(recorded, address));
  const needsAddress = `[${ids[0]}] OR [${ids[1]}]`;
  await client.setResourceDependencyExpression({
    resource: name1,
    dependencyExpression: needsAddress,
  });
  for (const resource of addresses) await client.closeResource({ resource });
  const first = flow();
  expect(operations(first)).toEqual([
    "ApiOpenResource",
    "ApiOpenResource",
    "ApiOpenResource",
    "ApiResourceControl",
    "ApiResourceControl",
    "ApiResourceControl",
    "ApiResourceControl",
    "ApiSetResourceDependencyExpression",
    "ApiCloseResource",
    "ApiCloseResource",
  ]);
  const [asked, got, , , set] = first.slice(3);
  const ip1 = addresses[0] ?? name1;
  const idOctets = Buffer.from(`${ids[0]}\0`, "utf16le");
  expect(idOctets).toHaveLength(74);
  expect(asked).toMatchObject({
    request: octets().handle(ip1).u32(0x0100_0039, 0, 0, 0).hex,
    response: octets().u32(0, 0, 0, 0, 74, 0, moreData).hex,
  });
  expect(got).toMatchObject({
    request: octets().handle(ip1).u32(0x0100_0039, 0, 0, 74).hex,
    response: octets().u32(74, 0, 74).octets(idOctets).u32(74, 0, 0, 0).hex,
  });
  expect(set).toMatchObject({
    request: expressed(set, name1, needsAddress),
    response: octets().u32(0, 0).hex,
  });

  const diskIds: string[] = [];
  for (const name of ["Disk1", "Disk2", "Disk3", "Disk4"]) {
    diskIds.push(await idOf(recorded, await open(name)));
  }
  const service = await open("Service");
  const disks = diskIds.map((id) => `[${id}]`).join(" OR ");
  const dependencyExpression = `[${await idOf(recorded, name1)}] AND (${disks})`;
  await client.setResourceDependencyExpression({ resource: service, dependencyExpression });
  const last = flow().at(-1);
  expect(last).toEqual({
    operation: "ApiSetResourceDependencyExpression",
    request: expressed(last, service, dependencyExpression),
    response: octets().u32(0, 0).hex,
  });

  // One address and one disk are enough, and neither is none.
  await other.resource("IP1").online();
  await other.resource("Disk3").online();
  expect(await other.resource("Service").dependencies()).toHaveLength(5);
  expect(await other.resource("Service").online()).toMatchObject({ state: "Online" });
  expect(await other.resource("Name1").status()).toMatchObject({ state: "Online" });
});

/** The text is behind a pointer that may be NULL. */
function expressed(message: Message | undefined, resource: ResourceHandle, text: string): string {
  const referent = numberAt(message?.request ?? "", handleSize);
  expect(referent).not.toBe(0);
  return octets().handle(resource).pointed(referent, text).hex;
}

async function idOf({ client }: Recorded, resource: ResourceHandle): Promise<string> {
  const request = { resource, controlCode: 0x0100_0039, inBuffer: null };
  const refused = await client
    .resourceControl({ ...request, outBufferSize: 0 })
    .catch((error: unknown) => error as RpcError);
  const { requiredSize } = (refused as RpcError).response as { readonly requiredSize: number };
  const { outBuffer } = await client.resourceControl({ ...request, outBufferSize: requiredSize });
  return Buffer.from(outBuffer).toString("utf16le").replace(/\0$/, "");
}
