/** Commands that move groups between nodes ([MS-CMRP] 3.1.4.2.52, 3.1.4.2.53, 3.1.4.2.131 to 3.1.4.2.133). */
import { GroupState, NodeState, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { groupState, isLocked, isPending, resourcesOf } from "../model/derived.ts";
import type { Group, Node } from "../model/objects.ts";
import { isKeptOffNode, mayHost, nodeToMoveTo } from "./placement.ts";
import { settle } from "./settle.ts";
import type { Transaction } from "./transaction.ts";
import { beginMove } from "./transfer.ts";

export interface MoveRequest {
  readonly ignoresLocks?: boolean;
  /** The group goes back where it can't be brought to its persistent state. */
  readonly returnsOnError?: boolean;
  /** A move that can't be made now waits. */
  readonly waits?: boolean;
  /** The rules that keep the group together with others or apart don't count. */
  readonly ignoresRules?: boolean;
  /** What the request has for hosts. */
  readonly parameters?: Uint8Array;
}

/**
 * Moves a group to the node that suits it best, other than its own.
 *
 * @throws RpcError ERROR_INVALID_STATE while it is pending, ERROR_CLUSTER_RESOURCE_LOCKED_STATUS,
 *   ERROR_HOST_NODE_NOT_AVAILABLE
 */
export function moveGroup(tx: Transaction, group: Group, request: MoveRequest = {}): void {
  const node = nodeToMoveTo(tx.state, group, request.ignoresRules);
  move(tx, group, request, null, () => {
    if (node === undefined) throw new RpcError(Status.ERROR_HOST_NODE_NOT_AVAILABLE);
    return node;
  });
}

/**
 * Moves a group to a node.
 *
 * @throws RpcError as moveGroup; ERROR_SHARING_PAUSED, ERROR_HOST_NODE_NOT_RESOURCE_OWNER, ERROR_NODE_CANT_HOST_RESOURCE
 */
export function moveGroupToNode(
  tx: Transaction,
  group: Group,
  node: Node,
  request: MoveRequest = {},
): void {
  if (group.owner === node.id && group.move === null) return;
  move(tx, group, request, node.id, () => {
    if (node.state === NodeState.Paused) throw new RpcError(Status.ERROR_SHARING_PAUSED);
    if (node.state !== NodeState.Up) throw new RpcError(Status.ERROR_HOST_NODE_NOT_AVAILABLE);
    if (!mayHost(tx.state, group, node)) {
      throw new RpcError(Status.ERROR_HOST_NODE_NOT_RESOURCE_OWNER);
    }
    if (request.ignoresRules !== true && isKeptOffNode(tx.state, group, node)) {
      throw new RpcError(Status.ERROR_NODE_CANT_HOST_RESOURCE);
    }
    return node;
  });
}

function move(
  tx: Transaction,
  group: Group,
  request: MoveRequest,
  asked: string | null,
  choose: () => Node,
): void {
  const { ignoresLocks = false, waits = false } = request;
  const { returnsOnError = false, ignoresRules = false } = request;
  const { parameters = new Uint8Array() } = request;
  try {
    if (!ignoresLocks && isLocked(tx.state, group)) {
      throw new RpcError(Status.ERROR_CLUSTER_RESOURCE_LOCKED_STATUS);
    }
    const isBusy = group.move !== null || resourcesOf(tx.state, group).some(isPending);
    if (isBusy) throw new RpcError(Status.ERROR_INVALID_STATE);
    const { id: to } = choose();
    const move = { from: group.owner, to, returnsOnError, ignoresRules, parameters };
    beginMove(tx, group, move);
  } catch (error) {
    if (!waits) throw error;
    tx.update("group", group, {
      queued: { to: asked, returnsOnError, ignoresRules, parameters },
    });
  }
  for (const resource of resourcesOf(tx.state, group)) {
    if (resource.hosting !== "none") tx.update("resource", resource, { parameters });
  }
  settle(tx, group);
}

/**
 * Calls off a move that waits, or one whose resources have not all stopped yet: they come back where they were.
 *
 * @throws RpcError ERROR_INVALID_STATE where there is none
 */
export function cancelMove(tx: Transaction, group: Group): void {
  const isUnderWay = group.move !== null || group.queued !== null;
  if (!isUnderWay || groupState(tx.state, group) !== GroupState.Pending) {
    throw new RpcError(Status.ERROR_INVALID_STATE);
  }
  tx.update("group", group, { move: null, queued: null });
  settle(tx, group);
}
