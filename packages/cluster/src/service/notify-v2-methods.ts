/** Notification ports of version 2 ([MS-CMRP] 3.1.4.2.136 to 3.1.4.2.138, 3.1.4.2.144). */
import { Status } from "@msrpc/ms-cmrp";
import { ObjectType, RegistryChangeV2 } from "@msrpc/ms-cmrp/clusapi3";
import type { ContextHandle } from "@msrpc/ndr";
import { type CallContext, type HandleKind, ownerOf, RpcFault } from "@msrpc/rpc";
import type { Collection, Identified } from "../model/collection.ts";
import type { ClusterState } from "../model/state.ts";
import { askableV2 } from "../notify/askable.ts";
import type { Watched } from "../notify/filter-index.ts";
import type { Notifications } from "../notify/notifications.ts";
import { demandAccess, kinds, type Opened, use } from "./opened.ts";
import { type PortHandles, portV2, watchedObject, watchedPath } from "./opened-port.ts";
import { found, type Handlers3, invalidParameter, type Served } from "./served.ts";

const { Attributes, Name, Value, Subtree } = RegistryChangeV2;

/** What a handle names, by the type of object that a filter is for. */
type Target = (context: CallContext, handle: ContextHandle) => Watched;

export function notifyV2Methods(
  { cluster: { state }, policy }: Served,
  notifications: Notifications,
  ports: PortHandles,
): Handlers3 {
  const targets = targetsIn(state);
  return {
    createNotifyV2(_request, { caller, handles }) {
      demandAccess(policy, caller, "read");
      return handles.open(ports, notifications.openV2(ownerOf(caller)));
    },
    addNotifyV2({ notify, object, filter, notifyKey, version, isTargetedAtObject }, context) {
      demandAccess(policy, context.caller, "read");
      const port = portV2(context, ports, notify);
      const type = filter.objectType;
      const asked = demandFilter(version, type, filter.filterFlags);
      const target = isTargetedAtObject === 0 ? theCluster : targets.get(type);
      const watched = (target ?? unknownHandle)(context, object);
      if (type !== ObjectType.Registry) {
        return notifications.watchV2(port, type, asked, watched, notifyKey);
      }
      const subtree = (asked & Subtree) !== 0;
      // The subtree alone stands for all that can happen in it.
      const flags = asked === Subtree ? Attributes | Name | Value : asked & ~Subtree;
      const path = "path" in watched ? watched.path : "";
      notifications.watchV2(port, type, flags, { path, subtree }, notifyKey);
    },
    addNotifyResourceTypeV2({ notify, filter, notifyKey, resTypeName, version }, context) {
      demandAccess(policy, context.caller, "read");
      const port = portV2(context, ports, notify);
      const flags = demandFilter(version, ObjectType.ResourceType, filter);
      const missing = Status.ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND;
      const { id } = found(state.resourceTypes.find(resTypeName), missing);
      notifications.watchV2(port, ObjectType.ResourceType, flags, { id }, notifyKey);
    },
    getNotifyV2({ notify }, context) {
      demandAccess(policy, context.caller, "read");
      const port = portV2(context, ports, notify);
      return port.fetch(context.signal, (indications) => ({
        notifications: indications.map(({ key, told: notificationData }) => ({
          notifyKey: BigInt(key),
          notificationData,
        })),
      }));
    },
  };
}

const theCluster: Target = (context, handle) => {
  use(context, kinds.cluster, handle);
  return { everything: true };
};

/** There are no handles for objects of such a type. */
const unknownHandle: Target = () => {
  throw RpcFault.contextMismatch();
};

function targetsIn(state: ClusterState): ReadonlyMap<number, Target> {
  const one =
    <Handle extends ContextHandle, T extends Identified>(
      kind: HandleKind<Handle, Opened<T>>,
      objects: Collection<T>,
    ): Target =>
    (context, handle) => ({ id: watchedObject(context, kind, handle as Handle, objects).id });
  return new Map<number, Target>([
    [ObjectType.Cluster, theCluster],
    [ObjectType.Quorum, theCluster],
    [ObjectType.ResourceType, theCluster],
    [ObjectType.SharedVolume, theCluster],
    [ObjectType.Spaceport, theCluster],
    [ObjectType.Upgrade, theCluster],
    [ObjectType.Group, one(kinds.group, state.groups)],
    [ObjectType.GroupSet, one(kinds.groupSet, state.groupSets)],
    [ObjectType.Resource, one(kinds.resource, state.resources)],
    [ObjectType.Network, one(kinds.network, state.networks)],
    [ObjectType.NetworkInterface, one(kinds.netInterface, state.netInterfaces)],
    [ObjectType.Node, one(kinds.node, state.nodes)],
    [
      ObjectType.Registry,
      (context, handle) => ({
        path: watchedPath(context, handle as ContextHandle<"HKEY_RPC">),
        subtree: false,
      }),
    ],
  ]);
}

/** The flags that a filter asks for. @throws RpcError ERROR_INVALID_PARAMETER */
function demandFilter(version: number, type: number, flags: bigint): number {
  const askable = askableV2.get(type);
  if (version !== 2 || askable === undefined) throw invalidParameter();
  if (flags <= 0n || (flags & ~BigInt(askable)) !== 0n) throw invalidParameter();
  return Number(flags);
}
