/** Operations that change groups, resources and nodes, by callers that may only read ([MS-CMRP] 3.1.1.11). */
import type { ResourceHandle } from "@msrpc/ms-cmrp";
import { expect, test } from "vitest";
import { pictureOf, scene } from "./model-support.ts";
import { answerOf, serve } from "./served-scene.ts";

const on = scene({ G: { a: [], b: ["a"] }, H: {} }, "software");
const { client, resource: resourceOf, group: groupOf, node: nodeOf } = serve(on);
const inBuffer = new Uint8Array();
const resource = await resourceOf("a", "read");
const group = await groupOf("G", "read");
const node = await nodeOf("n1", "read");
const full: ResourceHandle = await resourceOf("a");
const other = await resourceOf("b", "read");

const refused: Readonly<Record<string, () => Promise<unknown>>> = {
  createResource: () =>
    client.createResource({ group, resourceName: "x", resourceType: "T", flags: 0 }),
  deleteResource: () => client.deleteResource({ resource }),
  setResourceName: () => client.setResourceName({ resource, resourceName: "x" }),
  failResource: () => client.failResource({ resource }),
  onlineResource: () => client.onlineResource({ resource }),
  offlineResource: () => client.offlineResource({ resource }),
  onlineResourceEx: () => client.onlineResourceEx({ resource, onlineFlags: 0, inBuffer }),
  offlineResourceEx: () => client.offlineResourceEx({ resource, offlineFlags: 0, inBuffer }),
  restartResource: () => client.restartResource({ resource, flags: 0 }),
  addResourceDependency: () => client.addResourceDependency({ resource: full, dependsOn: other }),
  removeResourceDependency: () =>
    client.removeResourceDependency({ resource: other, dependsOn: full }),
  setResourceDependencyExpression: () =>
    client.setResourceDependencyExpression({ resource, dependencyExpression: "" }),
  addResourceNode: () => client.addResourceNode({ resource: full, node }),
  removeResourceNode: () => client.removeResourceNode({ resource: full, node }),
  changeResourceGroup: () => client.changeResourceGroup({ resource: full, group }),
  changeResourceGroupEx: () => client.changeResourceGroupEx({ resource: full, group, flags: 0n }),
  deleteGroup: () => client.deleteGroup({ group, force: 1 }),
  setGroupName: () => client.setGroupName({ group, groupName: "x" }),
  setGroupNodeList: () => client.setGroupNodeList({ group, nodeList: null }),
  onlineGroup: () => client.onlineGroup({ group }),
  offlineGroup: () => client.offlineGroup({ group }),
  onlineGroupEx: () => client.onlineGroupEx({ group, onlineFlags: 0, inBuffer }),
  offlineGroupEx: () => client.offlineGroupEx({ group, offlineFlags: 0, inBuffer }),
  moveGroup: () => client.moveGroup({ group }),
  moveGroupEx: () => client.moveGroupEx({ group, moveFlags: 0, inBuffer }),
  moveGroupToNode: () => client.moveGroupToNode({ group, node }),
  moveGroupToNodeEx: () => client.moveGroupToNodeEx({ group, node, moveFlags: 0, inBuffer }),
  cancelClusterGroupOperation: () => client.cancelClusterGroupOperation({ group, cancelFlags: 0 }),
  pauseNode: () => client.pauseNode({ node }),
  pauseNodeEx: () => client.pauseNodeEx({ node, drainNode: 1, pauseFlags: 0 }),
  pauseNodeWithDrainTarget: () =>
    client.pauseNodeWithDrainTarget({ node, pauseFlags: 0, nodeDrainTarget: node }),
  resumeNode: () => client.resumeNode({ node }),
  resumeNodeEx: () => client.resumeNodeEx({ node, resumeFailbackType: 0, resumeFlagsReserved: 0 }),
  evictNode: () => client.evictNode({ node }),
};

test.each(Object.keys(refused))(
  "%s is refused to handles that were opened to read",
  async (name) => {
    const before = pictureOf(on.state);
    expect(await answerOf(refused[name]?.() ?? Promise.resolve())).toBe("ERROR_ACCESS_DENIED");
    expect(pictureOf(on.state)).toBe(before);
  },
);

const reading: Readonly<Record<string, () => Promise<unknown>>> = {
  getResourceState: () => client.getResourceState({ resource }),
  getResourceId: () => client.getResourceId({ resource }),
  getResourceType: () => client.getResourceType({ resource }),
  canResourceBeDependent: () =>
    client.canResourceBeDependent({ resource: other, resourceDependent: resource }),
  createResEnum: () => client.createResEnum({ resource, type: 1 }),
  getResourceDependencyExpression: () => client.getResourceDependencyExpression({ resource }),
  getGroupState: () => client.getGroupState({ group }),
  getGroupId: () => client.getGroupId({ group }),
  createGroupResourceEnum: () => client.createGroupResourceEnum({ group, type: 1 }),
  getNodeId: () => client.getNodeId({ node }),
  getNodeState: () => client.getNodeState({ node }),
  createNodeEnum: () => client.createNodeEnum({ node, type: 1 }),
  createNodeEnumEx: () => client.createNodeEnumEx({ node, type: 1, options: 0 }),
};

test.each(Object.keys(reading))("%s is open to handles that were opened to read", async (name) => {
  expect(await answerOf(reading[name]?.() ?? Promise.resolve())).not.toBe("ERROR_ACCESS_DENIED");
});

test("callers that may only read make no groups or types", async () => {
  const reader = serve(on, "read").client;
  const denied = "ERROR_ACCESS_DENIED";
  expect(await answerOf(reader.createGroup({ groupName: "x" }))).toBe(denied);
  expect(await answerOf(reader.createGroupEx({ groupName: "x", groupInfo: null }))).toBe(denied);
  const type = { typeName: "x", displayName: "", dllName: "", looksAlive: 1, isAlive: 1 };
  expect(await answerOf(reader.createResourceType(type))).toBe(denied);
  expect(await answerOf(reader.deleteResourceType({ typeName: "T" }))).toBe(denied);
});
