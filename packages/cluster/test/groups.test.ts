/** Groups: made, deleted, renamed, brought online and offline, listed ([MS-CMRP] 3.1.4.2.42 to 3.1.4.2.55, 3.1.4.2.128 to 3.1.4.2.130, 3.1.4.2.139). */
import { GroupEnum, GroupState, ResourceState } from "@msrpc/ms-cmrp";
import { GroupOfflineFlags, GroupOnlineFlags } from "@msrpc/ms-cmrp/clusapi3";
import { expect, test } from "vitest";
import { scene, type Scene } from "./model-support.ts";
import { answerOf, serve, type ServedScene } from "./served-scene.ts";

function start(hosts: "manual" | "software" = "software"): ServedScene & { on: Scene } {
  const on = scene({ G: { a: [], b: ["a"] }, H: { h: [] }, E: {} }, hosts);
  return { on, ...serve(on) };
}

const none = new Uint8Array();

test("a new group is offline, on the node that this is, of no known type", async () => {
  const { client, on } = start();
  expect(await answerOf(client.createGroup({ groupName: "new" }))).toBe("ERROR_SUCCESS");
  expect(on.group("new")).toMatchObject({ owner: "1", type: 0x270f, preferredNodes: [] });
  expect(await answerOf(client.createGroup({ groupName: "NEW" }))).toBe(
    "ERROR_OBJECT_ALREADY_EXISTS",
  );
  expect(await answerOf(client.createGroup({ groupName: " " }))).toBe("ERROR_INVALID_NAME");
  const [longest, tooLong] = ["x".repeat(260), "x".repeat(261)];
  expect(await answerOf(client.createGroup({ groupName: tooLong }))).toBe("ERROR_INVALID_NAME");
  expect(await answerOf(client.createGroup({ groupName: longest }))).not.toBe("ERROR_INVALID_NAME");
});

test("a group is made with a type that isn't the cluster's own", async () => {
  const { client, on } = start();
  const make = (groupName: string, groupType: number, version = 1): Promise<unknown> =>
    answerOf(client.createGroupEx({ groupName, groupInfo: { version, groupType } }));
  expect(await make("new", 107)).toBe("ERROR_SUCCESS");
  expect(on.group("new").type).toBe(107);
  expect(await make("new", 107)).toBe("ERROR_OBJECT_ALREADY_EXISTS");
  for (const reserved of [1, 2, 4, 5]) {
    expect(await make("other", reserved)).toBe("ERROR_INVALID_PARAMETER");
  }
  expect(await make("other", 107, 2)).toBe("ERROR_INVALID_PARAMETER");
  const plain = client.createGroupEx({ groupName: "plain", groupInfo: null });
  expect(await answerOf(plain)).toBe("ERROR_SUCCESS");
});

test("a group is deleted when it is empty", async () => {
  const { client, on, group } = start();
  expect(await answerOf(client.deleteGroup({ group: await group("G"), force: 0 }))).toBe(
    "ERROR_DIR_NOT_EMPTY",
  );
  const empty = await group("E");
  expect(await answerOf(client.deleteGroup({ group: empty, force: 0 }))).toBe("ERROR_SUCCESS");
  expect(on.state.groups.find("E")).toBeUndefined();
  const gone = "ERROR_GROUP_NOT_AVAILABLE";
  expect(await answerOf(client.deleteGroup({ group: empty, force: 0 }))).toBe(
    "ERROR_GROUP_NOT_FOUND",
  );
  expect(await answerOf(client.getGroupState({ group: empty }))).toBe(gone);
  expect(await answerOf(client.getGroupId({ group: empty }))).toBe(gone);
  expect(await answerOf(client.onlineGroup({ group: empty }))).toBe(gone);
  expect(await answerOf(client.offlineGroup({ group: empty }))).toBe(gone);
  expect(await answerOf(client.setGroupName({ group: empty, groupName: "x" }))).toBe(gone);
  expect(await answerOf(client.setGroupNodeList({ group: empty, nodeList: null }))).toBe(gone);
  expect(await answerOf(client.moveGroup({ group: empty }))).toBe(gone);
});

test("by force a group is deleted with its resources, as soon as they have stopped", async () => {
  const { client, on, group } = start("manual");
  const handle = await group("G");
  await client.onlineGroup({ group: handle });
  on.settle();
  expect(await answerOf(client.deleteGroup({ group: handle, force: 1 }))).toBe("ERROR_SUCCESS");
  expect(on.state.groups.find("G")).toBeDefined();
  expect(await answerOf(client.getGroupState({ group: handle }))).toBe("ERROR_GROUP_NOT_AVAILABLE");
  on.settle();
  expect(on.state.groups.find("G")).toBeUndefined();
  expect(on.state.resources.find("a")).toBeUndefined();
});

test("a group with a core resource stays", async () => {
  const { client, on, group } = start();
  on.cluster.run((tx) => tx.update("resource", on.resource("a"), { isCore: 1 }));
  const handle = await group("G");
  for (const force of [0, 1]) {
    expect(await answerOf(client.deleteGroup({ group: handle, force }))).toBe(
      "ERROR_CORE_RESOURCE",
    );
  }
});

test("a group has another name, but no other's name or ID, nor none", async () => {
  const { client, on, group } = start();
  const handle = await group("G");
  const rename = (groupName: string): Promise<unknown> =>
    answerOf(client.setGroupName({ group: handle, groupName }));
  expect(await rename("SQL")).toBe("ERROR_SUCCESS");
  expect(on.group("sql").id).toBe((await client.getGroupId({ group: handle })).id);
  expect(await rename("h")).toBe("ERROR_ALREADY_EXISTS");
  expect(await rename(on.group("H").id)).toBe("ERROR_ALREADY_EXISTS");
  expect(await rename("")).toBe("ERROR_INVALID_NAME");
  expect(await answerOf(client.openGroup({ groupName: "G" }))).toBe("ERROR_GROUP_NOT_FOUND");
});

test("a group comes online with all of its resources, and goes offline with them", async () => {
  const { client, on, group } = start("manual");
  const handle = await group("G");
  const stateOf = async (): Promise<number> =>
    (await client.getGroupState({ group: handle })).state;
  expect(await answerOf(client.onlineGroup({ group: handle }))).toBe("ERROR_IO_PENDING");
  expect(await stateOf()).toBe(GroupState.Pending);
  expect(await answerOf(client.onlineGroup({ group: handle }))).toBe("ERROR_INVALID_STATE");
  expect(await answerOf(client.offlineGroup({ group: handle }))).toBe("ERROR_INVALID_STATE");
  on.settle();
  expect(await stateOf()).toBe(GroupState.Online);
  expect(on.group("G").persistentState).toBe(1);
  expect(await answerOf(client.offlineGroup({ group: handle }))).toBe("ERROR_IO_PENDING");
  on.settle();
  expect(await stateOf()).toBe(GroupState.Offline);
  expect(on.resource("a")).toMatchObject({ state: ResourceState.Offline, persistentState: 0 });
});

test("software groups are online when the call is answered, and the state follows from what nothing needs", async () => {
  const { client, on, group, resource } = start();
  const handle = await group("G");
  expect(await answerOf(client.onlineGroup({ group: handle }))).toBe("ERROR_SUCCESS");
  const { sequence } = on.group("G");
  const given = { group: handle, resourceName: "c", resourceType: "T", flags: 0 };
  await client.createResource(given);
  expect(on.group("G")).toMatchObject({ state: GroupState.PartialOnline, sequence: sequence + 1 });
  on.cluster.run((tx) => tx.update("resource", on.resource("b"), { restartAction: 0 }));
  await client.failResource({ resource: await resource("b") });
  expect(on.group("G").state).toBe(GroupState.Failed);
});

test("a group doesn't come online on a paused node, nor beside one that it is to keep away from", async () => {
  const { client, on, group, node } = start();
  on.cluster.run((tx) => {
    for (const name of ["G", "H"]) {
      tx.update("group", on.group(name), { antiAffinity: ["sql"] });
    }
  });
  const [handle, other] = [await group("G"), await group("H")];
  await client.onlineGroup({ group: other });
  expect(await answerOf(client.onlineGroup({ group: handle }))).toBe(
    "ERROR_NODE_CANT_HOST_RESOURCE",
  );
  const flags = { group: handle, inBuffer: none };
  const ignoring = { ...flags, onlineFlags: GroupOnlineFlags.IgnoreAffinityRule };
  expect(await answerOf(client.onlineGroupEx(ignoring))).toBe("ERROR_SUCCESS");
  await client.offlineGroup({ group: handle });
  await client.pauseNode({ node: await node("n1") });
  expect(await answerOf(client.onlineGroup({ group: handle }))).toBe("ERROR_SHARING_PAUSED");
  const elsewhere = { ...flags, onlineFlags: GroupOnlineFlags.BestPossibleNode };
  expect(await answerOf(client.onlineGroupEx(elsewhere))).toBe("ERROR_SUCCESS");
  expect(on.group("G").owner).toBe("2");
});

test("locked and special groups stay as they are", async () => {
  const { client, on, group } = start();
  const handle = await group("G");
  on.cluster.run((tx) => tx.update("resource", on.resource("a"), { isLocked: true }));
  const locked = "ERROR_CLUSTER_RESOURCE_LOCKED_STATUS";
  expect(await answerOf(client.onlineGroup({ group: handle }))).toBe(locked);
  expect(await answerOf(client.offlineGroup({ group: handle }))).toBe(locked);
  const onlineFlags = GroupOnlineFlags.IgnoreResourceStatus;
  const online = client.onlineGroupEx({ group: handle, onlineFlags, inBuffer: none });
  expect(await answerOf(online)).toBe("ERROR_SUCCESS");
  const offlineFlags = GroupOfflineFlags.IgnoreResourceStatus;
  const offline = client.offlineGroupEx({ group: handle, offlineFlags, inBuffer: none });
  expect(await answerOf(offline)).toBe("ERROR_SUCCESS");
  on.cluster.run((tx) => tx.update("group", on.group("G"), { type: 4 }));
  expect(await answerOf(client.onlineGroup({ group: handle }))).toBe("ERROR_SPECIAL_GROUP");
  expect(await answerOf(client.offlineGroup({ group: handle }))).toBe("ERROR_SPECIAL_GROUP");
  expect(await answerOf(client.setGroupNodeList({ group: handle, nodeList: null }))).toBe(
    "ERROR_SPECIAL_GROUP",
  );
});

test("a synchronous call is answered when the group is there", async () => {
  const { client, on, group } = start("manual");
  const call = client.onlineGroupEx({
    group: await group("G"),
    onlineFlags: GroupOnlineFlags.Synchronous,
    inBuffer: new Uint8Array([7]),
  });
  await expect.poll(() => on.asked.length).toBe(1);
  expect(on.asked[0]?.parameters).toEqual(new Uint8Array([7]));
  on.settle();
  expect(await call).toEqual({ returnValue: 0 });
});

test("flags that there are not are refused", async () => {
  const { client, group } = start();
  const handle = await group("G");
  const bad = "ERROR_INVALID_PARAMETER";
  const online = client.onlineGroupEx({ group: handle, onlineFlags: 16, inBuffer: none });
  expect(await answerOf(online)).toBe(bad);
  const offline = client.offlineGroupEx({ group: handle, offlineFlags: 2, inBuffer: none });
  expect(await answerOf(offline)).toBe(bad);
});

test("the preferred nodes of a group are set, and the others come after them", async () => {
  const { client, on, group } = start();
  const handle = await group("G");
  const set = (nodeList: string | null): Promise<unknown> =>
    answerOf(client.setGroupNodeList({ group: handle, nodeList }));
  expect(await set("3\0\0")).toBe("ERROR_SUCCESS");
  expect(on.group("G").preferredNodes).toEqual(["3", "1", "2"]);
  expect(await set("2\0")).toBe("ERROR_SUCCESS");
  expect(on.group("G").preferredNodes).toEqual(["2", "1", "3"]);
  expect(await set("2")).toBe("ERROR_SUCCESS");
  expect(on.group("G").preferredNodes).toEqual([]);
  expect(await set(null)).toBe("ERROR_SUCCESS");
  expect(await set("\0\0")).toBe("ERROR_SUCCESS");
  expect(await set("1\u00002")).toBe("ERROR_INVALID_PARAMETER");
  expect(await set("9\0\0")).toBe("ERROR_ASSERTION_FAILURE");
});

test("version 2.0 sets preferred nodes in octets", async () => {
  const { on, two } = start();
  const handle = await two.openGroup({ groupName: "G" });
  const nodeList = new Uint8Array(Buffer.from("3\u00002\0\0", "utf16le"));
  expect(await answerOf(two.setGroupNodeList({ group: handle, nodeList }))).toBe("ERROR_SUCCESS");
  expect(on.group("G").preferredNodes).toEqual(["3", "2", "1"]);
});

test("what a group holds and prefers is listed; bits that stand for nothing are passed over", async () => {
  const { client, on, group } = start();
  on.cluster.run((tx) => tx.update("group", on.group("G"), { preferredNodes: ["2"] }));
  const handle = await group("G");
  const list = async (type: number): Promise<unknown> => {
    const { returnEnum } = await client.createGroupResourceEnum({ group: handle, type });
    return returnEnum?.entries.map(({ name }) => name);
  };
  expect(await list(GroupEnum.Contains)).toEqual(["a", "b"]);
  expect(await list(GroupEnum.Nodes)).toEqual(["n2"]);
  expect(await list(0xff)).toEqual(["a", "b", "n2"]);
  expect(await list(0)).toEqual([]);
});

test("all groups are listed with their state and owner", async () => {
  const { client, on } = start();
  const { returnValue: cluster } = await client.openClusterEx({ desiredAccess: 0x8000_0000 });
  const { resultList } = await client.createGroupEnum({
    cluster,
    properties: null,
    roProperties: null,
  });
  expect(resultList?.entries.map(({ name }) => name)).toEqual(["G", "H", "E"]);
  const { id } = on.group("G");
  const first = { id, state: GroupState.Offline, owner: "n1", flags: 0 };
  expect(resultList?.entries[0]).toMatchObject(first);
});
