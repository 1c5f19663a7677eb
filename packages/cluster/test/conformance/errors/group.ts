/** Errors of methods on groups and nodes. */
import { DrainStatus } from "../../../src/model/objects.ts";
import type { Scene } from "../scene.ts";
import {
  all,
  bound,
  deletingEmpty,
  down,
  type ErrorCase,
  failing,
  known,
  locked,
  onlyHere,
  paused,
  pending,
  slow,
} from "./case.ts";

/** The spare group and the other one keep away from each other. */
function apart({ cluster }: Scene): void {
  for (const name of ["Services", "Spare"]) {
    const group = known(cluster.state.groups.find(name));
    cluster.run((tx) => tx.configure("group", group, { antiAffinity: ["apart"] }));
  }
}

const online: ErrorCase["keys"] = ["onlineGroup", "onlineGroupEx"];
const offline: ErrorCase["keys"] = ["offlineGroup", "offlineGroupEx"];
const moving: ErrorCase["keys"] = [
  "moveGroup",
  "moveGroupEx",
  "moveGroupToNode",
  "moveGroupToNodeEx",
];

export const groupErrors: readonly ErrorCase[] = [
  {
    keys: ["openGroup", "openGroupEx"],
    error: "ERROR_GROUP_NOT_FOUND",
    but: () => ({ groupName: "nothing" }),
  },
  {
    keys: ["createGroup", "createGroupEx"],
    error: "ERROR_OBJECT_ALREADY_EXISTS",
    but: () => ({ groupName: "Empty" }),
  },
  {
    keys: ["createGroup", "createGroupEx"],
    error: "ERROR_INVALID_NAME",
    but: () => ({ groupName: " " }),
  },
  {
    keys: ["createGroupEx"],
    error: "ERROR_INVALID_PARAMETER",
    but: () => ({ groupInfo: { version: 2, groupType: 0 } }),
  },
  { keys: ["deleteGroup"], error: "ERROR_DIR_NOT_EMPTY", but: ({ spare }) => ({ group: spare }) },
  {
    keys: ["deleteGroup"],
    error: "ERROR_CORE_RESOURCE",
    but: ({ ownGroup }) => ({ group: ownGroup }),
  },
  {
    keys: ["deleteGroup"],
    error: "ERROR_GROUP_NOT_AVAILABLE",
    given: deletingEmpty,
  },
  { keys: ["setGroupName"], error: "ERROR_INVALID_NAME", but: () => ({ groupName: " " }) },
  { keys: ["setGroupName"], error: "ERROR_ALREADY_EXISTS", but: () => ({ groupName: "Empty" }) },
  { keys: online, error: "ERROR_SHARING_PAUSED", given: paused("node1") },
  { keys: online, error: "ERROR_IO_PENDING", given: slow },
  { keys: offline, error: "ERROR_IO_PENDING", given: slow },
  {
    keys: [...online, ...offline],
    error: "ERROR_SPECIAL_GROUP",
    but: ({ volumes }) => ({ group: volumes }),
  },
  {
    keys: [...online, ...offline, ...moving],
    error: "ERROR_INVALID_STATE",
    given: pending("Idle"),
  },
  {
    keys: [...online, ...offline, ...moving],
    error: "ERROR_CLUSTER_RESOURCE_LOCKED_STATUS",
    given: locked("Idle"),
  },
  {
    keys: online,
    error: "ERROR_NODE_CANT_HOST_RESOURCE",
    given: apart,
    but: ({ spare }) => ({ group: spare }),
  },
  {
    keys: [...online, ...offline, ...moving],
    error: "ERROR_RESOURCE_FAILED",
    given: failing,
  },
  {
    keys: ["onlineGroupEx"],
    error: "ERROR_INVALID_PARAMETER",
    but: () => ({ onlineFlags: 0x8000_0000 }),
  },
  {
    keys: ["offlineGroupEx"],
    error: "ERROR_INVALID_PARAMETER",
    but: () => ({ offlineFlags: 0x8000_0000 }),
  },
  { keys: moving, error: "ERROR_IO_PENDING", given: slow },
  { keys: moving, error: "ERROR_HOST_NODE_NOT_AVAILABLE", given: down("node2") },
  {
    keys: ["moveGroupToNode", "moveGroupToNodeEx"],
    error: "ERROR_SHARING_PAUSED",
    given: paused("node2"),
  },
  {
    keys: ["moveGroupToNode", "moveGroupToNodeEx"],
    error: "ERROR_HOST_NODE_NOT_RESOURCE_OWNER",
    given: onlyHere("Idle"),
  },
  {
    keys: ["moveGroupToNode", "moveGroupToNodeEx"],
    error: "ERROR_NODE_CANT_HOST_RESOURCE",
    given: bound("SameNode", "Services", "Shared Volumes"),
  },
  {
    keys: ["moveGroupEx", "moveGroupToNodeEx"],
    error: "ERROR_INVALID_PARAMETER",
    but: () => ({ moveFlags: 0x8000_0000 }),
  },
  {
    keys: ["cancelClusterGroupOperation"],
    error: "ERROR_INVALID_PARAMETER",
    but: () => ({ cancelFlags: 1 }),
  },
  {
    keys: ["cancelClusterGroupOperation"],
    error: "ERROR_INVALID_STATE",
    but: ({ empty }) => ({ group: empty }),
  },
  {
    keys: ["setGroupNodeList"],
    error: "ERROR_INVALID_PARAMETER",
    version: 3,
    but: () => ({ nodeList: "2x" }),
  },
  {
    keys: ["setGroupNodeList"],
    error: "ERROR_INVALID_PARAMETER",
    version: 2,
    but: () => ({ nodeList: new Uint8Array(3) }),
  },
  {
    keys: ["setGroupNodeList"],
    error: "ERROR_SPECIAL_GROUP",
    but: ({ volumes }) => ({ group: volumes }),
  },
  {
    keys: ["setGroupNodeList"],
    error: "ERROR_ASSERTION_FAILURE",
    version: 3,
    but: () => ({ nodeList: "9\0\0" }),
  },
  {
    keys: ["setGroupNodeList"],
    error: "ERROR_ASSERTION_FAILURE",
    version: 2,
    but: () => ({ nodeList: new Uint8Array(Buffer.from("9\0\0", "utf16le")) }),
  },
  {
    keys: ["createGroupEnum"],
    error: "ERROR_INVALID_PARAMETER",
    but: () => ({ properties: new Uint8Array(Buffer.from("nothing\0\0", "utf16le")) }),
  },
];

/** A drain of the node is under way. */
const draining = all(slow, ({ cluster }) => {
  const node = known(cluster.state.nodes.find("node1"));
  cluster.run((tx) => tx.update("node", node, { drainStatus: DrainStatus.InProgress }));
});

export const nodeErrors: readonly ErrorCase[] = [
  {
    keys: ["openNode", "openNodeEx"],
    error: "ERROR_CLUSTER_NODE_NOT_FOUND",
    but: () => ({ nodeName: "nothing" }),
  },
  {
    keys: ["pauseNode", "pauseNodeEx", "resumeNode", "resumeNodeEx"],
    error: "ERROR_CLUSTER_NODE_DOWN",
    given: down("node2"),
  },
  {
    keys: ["pauseNodeWithDrainTarget"],
    error: "ERROR_CLUSTER_NODE_DOWN",
    given: down("node2"),
    but: ({ node, node2 }) => ({ node: node2, nodeDrainTarget: node }),
  },
  {
    keys: ["resumeNode", "resumeNodeEx"],
    error: "ERROR_CLUSTER_NODE_NOT_PAUSED",
    but: ({ node }) => ({ node }),
  },
  {
    keys: ["resumeNodeEx"],
    error: "ERROR_INVALID_PARAMETER",
    but: () => ({ resumeFailbackType: 9 }),
  },
  { keys: ["evictNode"], error: "ERROR_CANT_EVICT_ACTIVE_NODE", but: ({ node }) => ({ node }) },
  { keys: ["pauseNodeEx"], error: "ERROR_IO_PENDING", but: () => ({ drainNode: 1 }) },
  { keys: ["pauseNodeWithDrainTarget"], error: "ERROR_IO_PENDING" },
  {
    keys: ["pauseNodeEx", "pauseNodeWithDrainTarget"],
    error: "ERROR_INVALID_PARAMETER",
    but: () => ({ drainNode: 1, pauseFlags: 0x8000_0000 }),
  },
  {
    keys: ["pauseNodeEx", "pauseNodeWithDrainTarget"],
    error: "ERROR_CLUSTER_NODE_EVACUATION_IN_PROGRESS",
    given: draining,
    but: ({ node }) => ({ node, drainNode: 1 }),
  },
  {
    keys: ["pauseNodeWithDrainTarget"],
    error: "ERROR_INVALID_TARGET_HANDLE",
    but: ({ node }) => ({ nodeDrainTarget: node }),
  },
  {
    keys: ["pauseNodeWithDrainTarget"],
    error: "ERROR_HOST_NODE_NOT_AVAILABLE",
    given: paused("node2"),
  },
  { keys: ["createNodeEnumEx"], error: "ERROR_INVALID_PARAMETER", but: () => ({ options: 1 }) },
];
