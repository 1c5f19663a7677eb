/** Operations on nodes ([MS-CMRP] 3.1.4.2.49, 3.1.4.2.67 to 3.1.4.2.72, 3.1.4.2.101, 3.1.4.2.117, 3.1.4.2.123 to 3.1.4.2.127). */
import { type NodeHandle, Status } from "@msrpc/ms-cmrp";
import { NodeEnum, PauseFlags } from "@msrpc/ms-cmrp/clusapi3";
import type { CallContext } from "@msrpc/rpc";
import type { Failback } from "../core/failback.ts";
import * as core from "../core/nodes.ts";
import type { Identified } from "../model/collection.ts";
import type { Node } from "../model/objects.ts";
import { type AccessLevel, kinds, use } from "./opened.ts";
import {
  demandFlags,
  type Handlers3,
  hasFlag,
  invalidParameter,
  opener,
  present,
  type Served,
} from "./served.ts";
import type { Answer } from "./settling.ts";

/** What resumeNodeEx has come back. */
const failbacks: readonly Failback[] = ["none", "all", "byPolicy"];

export function nodeMethods(served: Served): Handlers3 {
  const { cluster } = served;
  const { state } = cluster;
  const nodes = opener(served, kinds.node, state.nodes, Status.ERROR_CLUSTER_NODE_NOT_FOUND);
  const used = (context: CallContext, handle: NodeHandle, needed?: AccessLevel): Node =>
    present(state.nodes, use(context, kinds.node, handle, needed), Status.ERROR_NODE_NOT_AVAILABLE);
  const drain = (node: Node, to: Node | null, flags: number): Answer => {
    demandFlags(flags, PauseFlags);
    const mayRemain = hasFlag(flags, PauseFlags.RemainOnPausedNodeOnMoveError);
    cluster.run((tx) => core.drainNode(tx, node, { to, mayRemain }));
    return { returnValue: Status.ERROR_IO_PENDING };
  };
  /** What a node has, of the kinds asked for. */
  const related = ({ id }: Node, asked: number): { type: number; object: Identified }[] => {
    const interfaces = [...state.netInterfaces].filter(({ node }) => node === id);
    const groups = [...state.groups].filter(({ owner }) => owner === id);
    return [
      ...interfaces.map((object) => ({ type: NodeEnum.NetInterfaces, object })),
      ...groups.map((object) => ({ type: NodeEnum.Groups, object })),
    ].filter(({ type }) => (asked & type) !== 0);
  };
  return {
    openNode: ({ nodeName }, context) => nodes.open(nodeName, context),
    openNodeEx: ({ nodeName, desiredAccess }, context) =>
      nodes.openEx(nodeName, desiredAccess, context),
    closeNode({ node }, { handles }) {
      handles.close(kinds.node, node);
    },
    getNodeId: ({ node }, context) => ({ id: used(context, node).id }),
    getNodeState: ({ node }, context) => ({ state: used(context, node).state }),
    pauseNode({ node }, context) {
      const paused = used(context, node, "all");
      cluster.run((tx) => core.pauseNode(tx, paused));
    },
    pauseNodeEx({ node, drainNode, pauseFlags }, context) {
      const paused = used(context, node, "all");
      if (drainNode !== 0) return drain(paused, null, pauseFlags);
      cluster.run((tx) => core.pauseNode(tx, paused));
      return { returnValue: 0 };
    },
    pauseNodeWithDrainTarget({ node, pauseFlags, nodeDrainTarget }, context) {
      const target = used(context, nodeDrainTarget, "all");
      return drain(used(context, node, "all"), target, pauseFlags);
    },
    resumeNode({ node }, context) {
      const resumed = used(context, node, "all");
      cluster.run((tx) => core.resumeNode(tx, resumed));
    },
    resumeNodeEx({ node, resumeFailbackType }, context) {
      const resumed = used(context, node, "all");
      const failback = failbacks[resumeFailbackType];
      if (failback === undefined) throw invalidParameter();
      cluster.run((tx) => core.resumeNode(tx, resumed, failback));
    },
    evictNode({ node }, context) {
      const evicted = used(context, node, "all");
      cluster.run((tx) => core.evictNode(tx, evicted));
    },
    createNodeEnum({ node, type }, context) {
      // Bits that stand for nothing are passed over.
      const entries = related(used(context, node), type).map(
        ({ type: kind, object: { name } }) => ({
          type: kind,
          name,
        }),
      );
      return { returnEnum: { entries } };
    },
    createNodeEnumEx({ node, type, options }, context) {
      const asked = used(context, node);
      demandFlags(type, NodeEnum);
      if (options !== 0 || type === 0) throw invalidParameter();
      const all = related(asked, type);
      return {
        returnIdEnum: {
          entries: all.map(({ type: kind, object: { id } }) => ({ type: kind, name: id })),
        },
        returnNameEnum: {
          entries: all.map(({ type: kind, object: { name } }) => ({ type: kind, name })),
        },
      };
    },
  };
}
