/** Operations on groups ([MS-CMRP] 3.1.4.2.42 to 3.1.4.2.55, 3.1.4.2.118, 3.1.4.2.128 to 3.1.4.2.133, 3.1.4.2.139). */
import { GroupEnum, type GroupHandle, type NodeHandle, Status } from "@msrpc/ms-cmrp";
import { GroupMoveFlags, GroupOfflineFlags, GroupOnlineFlags } from "@msrpc/ms-cmrp/clusapi3";
import type { CallContext } from "@msrpc/rpc";
import { groupFlags } from "../control/traits.ts";
import * as core from "../core/groups.ts";
import * as moving from "../core/moving.ts";
import { demandFree } from "../core/resources.ts";
import { groupState, resourcesOf } from "../model/derived.ts";
import type { Group, Node } from "../model/objects.ts";
import { columnsOf } from "./enum-columns.ts";
import { type AccessLevel, demandAccess, kinds, use } from "./opened.ts";
import {
  demandFlags,
  type Handlers3,
  hasFlag,
  invalidParameter,
  opener,
  present,
  type Served,
  usedGroup,
} from "./served.ts";
import { type Answer, answerGroup, groupSettled } from "./settling.ts";

export function groupMethods(served: Served): Handlers3 {
  const { cluster, policy } = served;
  const { state } = cluster;
  const groups = opener(served, kinds.group, state.groups, Status.ERROR_GROUP_NOT_FOUND);
  const used = (context: CallContext, handle: GroupHandle, needed: AccessLevel = "read"): Group =>
    usedGroup(served, context, handle, needed);
  const targetOf = (context: CallContext, handle: NodeHandle): Node => {
    const node = use(context, kinds.node, handle, "all");
    return present(state.nodes, node, Status.ERROR_CLUSTER_NODE_NOT_FOUND);
  };
  const create = (name: string, type: number | undefined, context: CallContext): GroupHandle => {
    demandAccess(policy, context.caller, "all");
    const object = cluster.run((tx) => core.addGroup(tx, name, type));
    return context.handles.open(kinds.group, { object, access: "all" });
  };
  const run = (group: Group, ...[command]: Parameters<typeof cluster.run<void>>): Answer => {
    cluster.run(command);
    return answerGroup(state, group);
  };
  return {
    openGroup: ({ groupName }, context) => groups.open(groupName, context),
    openGroupEx: ({ groupName, desiredAccess }, context) =>
      groups.openEx(groupName, desiredAccess, context),
    closeGroup({ group }, { handles }) {
      handles.close(kinds.group, group);
    },
    createGroup: ({ groupName }, context) => create(groupName, undefined, context),
    createGroupEx({ groupName, groupInfo }, context) {
      if (groupInfo !== null && groupInfo.version !== 1) throw invalidParameter();
      return create(groupName, groupInfo?.groupType, context);
    },
    deleteGroup({ group, force }, context) {
      const deleted = usedGroup(served, context, group, "all", Status.ERROR_GROUP_NOT_FOUND);
      cluster.run((tx) => core.deleteGroup(tx, deleted, force !== 0));
    },
    getGroupState({ group }, context) {
      const asked = used(context, group);
      const nodeName = state.nodes.get(asked.owner)?.name ?? "";
      return { state: groupState(state, asked), nodeName };
    },
    setGroupName({ group, groupName: name }, context) {
      const renamed = used(context, group, "all");
      demandFree(state.groups, renamed, name);
      cluster.run((tx) => tx.configure("group", renamed, { name }));
    },
    getGroupId: ({ group }, context) => ({ id: used(context, group).id }),
    createGroupResourceEnum({ group, type }, context) {
      const asked = used(context, group);
      const { Contains, Nodes } = GroupEnum;
      const contained = resourcesOf(state, asked).map(({ name }) => ({ type: Contains, name }));
      const preferred = asked.preferredNodes.flatMap((id) => {
        const name = state.nodes.get(id)?.name;
        return name === undefined ? [] : { type: Nodes, name };
      });
      // Bits that stand for nothing are passed over.
      const entries = [...contained, ...preferred].filter((one) => (one.type & type) !== 0);
      return { returnEnum: { entries } };
    },
    setGroupNodeList({ group, nodeList }, context) {
      const changed = used(context, group, "all");
      const ids = nodeIds(nodeList ?? "");
      cluster.run((tx) => core.setPreferredNodes(tx, changed, ids));
    },
    onlineGroup({ group }, context) {
      const started = used(context, group, "all");
      return run(started, (tx) => core.onlineGroup(tx, started));
    },
    async onlineGroupEx({ group, onlineFlags: flags, inBuffer: parameters }, context) {
      const started = used(context, group, "all");
      demandFlags(flags, GroupOnlineFlags);
      cluster.run((tx) =>
        core.onlineGroup(tx, started, {
          ignoresLocks: hasFlag(flags, GroupOnlineFlags.IgnoreResourceStatus),
          picksNode: hasFlag(flags, GroupOnlineFlags.BestPossibleNode),
          ignoresRules: hasFlag(flags, GroupOnlineFlags.IgnoreAffinityRule),
          parameters,
        }),
      );
      if (hasFlag(flags, GroupOnlineFlags.Synchronous)) {
        await groupSettled(cluster, started, context.signal);
      }
      return answerGroup(state, started);
    },
    offlineGroup({ group }, context) {
      const stopped = used(context, group, "all");
      return run(stopped, (tx) => core.offlineGroup(tx, stopped));
    },
    offlineGroupEx({ group, offlineFlags: flags, inBuffer: parameters }, context) {
      const stopped = used(context, group, "all");
      demandFlags(flags, GroupOfflineFlags);
      const ignoresLocks = hasFlag(flags, GroupOfflineFlags.IgnoreResourceStatus);
      return run(stopped, (tx) => core.offlineGroup(tx, stopped, { ignoresLocks, parameters }));
    },
    moveGroup({ group }, context) {
      const moved = used(context, group, "all");
      return run(moved, (tx) => moving.moveGroup(tx, moved));
    },
    moveGroupEx({ group, moveFlags, inBuffer }, context) {
      const moved = used(context, group, "all");
      const request = moveRequest(moveFlags, inBuffer);
      return run(moved, (tx) => moving.moveGroup(tx, moved, request));
    },
    moveGroupToNode({ group, node }, context) {
      const moved = used(context, group, "all");
      const target = targetOf(context, node);
      return run(moved, (tx) => moving.moveGroupToNode(tx, moved, target));
    },
    moveGroupToNodeEx({ group, node, moveFlags, inBuffer }, context) {
      const moved = used(context, group, "all");
      const target = targetOf(context, node);
      const request = moveRequest(moveFlags, inBuffer);
      return run(moved, (tx) => moving.moveGroupToNode(tx, moved, target, request));
    },
    cancelClusterGroupOperation({ group, cancelFlags }, context) {
      const canceled = used(context, group, "all");
      if (cancelFlags !== 0) throw invalidParameter();
      return run(canceled, (tx) => moving.cancelMove(tx, canceled));
    },
    createGroupEnum({ cluster: handle, ...asked }, context) {
      use(context, kinds.cluster, handle);
      const columns = columnsOf(state, "group", asked);
      const entries = Array.from(state.groups, (group) => ({
        name: group.name,
        id: group.id,
        state: groupState(state, group),
        owner: state.nodes.get(group.owner)?.name ?? "",
        flags: groupFlags(state, group),
        ...columns({ kind: "group", object: group }),
      }));
      return { resultList: { entries } };
    },
  };
}

/** @throws RpcError ERROR_INVALID_PARAMETER for flags that there are not, or that exclude each other */
function moveRequest(flags: number, parameters: Uint8Array): moving.MoveRequest {
  demandFlags(flags, GroupMoveFlags);
  const ignoresLocks = hasFlag(flags, GroupMoveFlags.IgnoreResourceStatus);
  const waits = hasFlag(flags, GroupMoveFlags.QueueEnabled);
  if (ignoresLocks && waits) throw invalidParameter();
  const returnsOnError =
    hasFlag(flags, GroupMoveFlags.ReturnToSourceNodeOnError) ||
    hasFlag(flags, GroupMoveFlags.Failback);
  const ignoresRules = hasFlag(flags, GroupMoveFlags.IgnoreAffinityRule);
  return { ignoresLocks, waits, returnsOnError, ignoresRules, parameters };
}

/** The strings of a MULTI_SZ, as far as the first empty one. @throws RpcError ERROR_INVALID_PARAMETER without its end */
function nodeIds(list: string): string[] {
  if (list.length <= 1) return [];
  if (!list.endsWith("\0")) throw invalidParameter();
  const ids = list.split("\0");
  return ids.slice(0, ids.indexOf(""));
}
