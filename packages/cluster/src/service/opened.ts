/** Handles to the objects of a cluster, each with the access that it was opened with ([MS-CMRP] 3.1.1.11). */
import {
  type ClusterHandle,
  type GroupHandle,
  type NetInterfaceHandle,
  type NetworkHandle,
  type NodeHandle,
  type ResourceHandle,
  Status,
} from "@msrpc/ms-cmrp";
import { Access, type GroupSetHandle } from "@msrpc/ms-cmrp/clusapi3";
import type { ContextHandle } from "@msrpc/ndr";
import { type CallContext, type Caller, handleKind, type HandleKind, RpcError } from "@msrpc/rpc";
import type { Group, GroupSet, NetInterface, Network, Node, Resource } from "../model/objects.ts";
import type { ClusterState } from "../model/state.ts";

export type AccessLevel = "read" | "all";

/** What a caller may do with the cluster: null for one that may do nothing. */
export type AccessPolicy = (caller: Caller) => AccessLevel | null;

export interface Opened<T> {
  readonly object: T;
  readonly access: AccessLevel;
}

export const kinds: {
  readonly cluster: HandleKind<ClusterHandle, Opened<ClusterState>>;
  readonly node: HandleKind<NodeHandle, Opened<Node>>;
  readonly group: HandleKind<GroupHandle, Opened<Group>>;
  readonly groupSet: HandleKind<GroupSetHandle, Opened<GroupSet>>;
  readonly resource: HandleKind<ResourceHandle, Opened<Resource>>;
  readonly network: HandleKind<NetworkHandle, Opened<Network>>;
  readonly netInterface: HandleKind<NetInterfaceHandle, Opened<NetInterface>>;
} = {
  cluster: handleKind("cluster"),
  node: handleKind("node"),
  group: handleKind("group"),
  groupSet: handleKind("group set"),
  resource: handleKind("resource"),
  network: handleKind("network"),
  netInterface: handleKind("network interface"),
};

/** What a handle stands for. @throws RpcError ERROR_ACCESS_DENIED where it was opened for less */
export function use<Handle extends ContextHandle, T>(
  { handles }: CallContext,
  kind: HandleKind<Handle, Opened<T>>,
  handle: Handle,
  needed: AccessLevel = "read",
): T {
  const { object, access } = handles.get(kind, handle);
  if (needed === "all" && access !== "all") throw new RpcError(Status.ERROR_ACCESS_DENIED);
  return object;
}

/** @throws RpcError ERROR_ACCESS_DENIED where the caller may do less */
export function demandAccess(policy: AccessPolicy, caller: Caller, needed: AccessLevel): void {
  const has = policy(caller);
  if (has === null || (needed === "all" && has !== "all")) {
    throw new RpcError(Status.ERROR_ACCESS_DENIED);
  }
}

const change = Access.Change;
/** Each of the generic rights stands for these ([MS-CMRP] 3.1.4.2.116). */
const generic: readonly (readonly [number, number])[] = [
  [Access.GenericRead, Access.Read],
  [Access.GenericWrite, Access.Read | change],
  [Access.GenericExecute, Access.Read | change],
  [Access.GenericAll, Access.Read | change],
];

/**
 * The access that an Ex operation grants, and how it is told.
 *
 * @throws RpcError ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER
 */
export function grant(
  policy: AccessPolicy,
  caller: Caller,
  desired: number,
): { readonly access: AccessLevel; readonly grantedAccess: number } {
  const has = policy(caller);
  if (has === null) throw new RpcError(Status.ERROR_ACCESS_DENIED);
  const asked = generic.reduce(
    (rights, [right, stands]) => ((desired & right) === 0 ? rights : rights | stands),
    desired & (Access.Read | change),
  );
  const isMost = (desired & Access.MaximumAllowed) !== 0;
  if (!isMost && (asked & Access.Read) === 0) throw new RpcError(Status.ERROR_INVALID_PARAMETER);
  const wants: AccessLevel = (asked & change) !== 0 ? "all" : isMost ? has : "read";
  if (wants === "all" && has !== "all") throw new RpcError(Status.ERROR_ACCESS_DENIED);
  return {
    access: wants,
    grantedAccess: wants === "all" ? Access.GenericAll : Access.GenericRead,
  };
}
