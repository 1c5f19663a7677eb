/**
 * Notification ports, and the filters and calls of version 1 ([MS-CMRP] 3.1.4.2.56 to 3.1.4.2.66, 3.1.4.2.90,
 * 3.1.4.2.91, 3.1.4.2.99, 3.1.4.2.100, 3.1.4.2.107, 3.1.4.2.143).
 */
import { ClusterChange, type NotifyHandle } from "@msrpc/ms-cmrp";
import type { ContextHandle } from "@msrpc/ndr";
import { type CallContext, type HandleKind, ownerOf } from "@msrpc/rpc";
import type { Collection, Identified } from "../model/collection.ts";
import { askable } from "../notify/askable.ts";
import type { Notifications } from "../notify/notifications.ts";
import { demandAccess, kinds, type Opened, use } from "./opened.ts";
import { type PortHandles, portV1, watchedObject, watchedPath } from "./opened-port.ts";
import { type Handlers3, invalidParameter, type Served } from "./served.ts";

/** What requests of filters have in common. */
interface Asked {
  readonly notify: NotifyHandle;
  readonly filter: number;
  readonly notifyKey: number;
}

/** Filters for the objects of one kind. */
interface Watcher<Handle> {
  add(asked: Asked, handle: Handle, context: CallContext): { stateSequence: number };
  /** Tells at once of a state that isn't the one that the client knew. */
  readd(asked: Asked & { stateSequence: number }, handle: Handle, context: CallContext): void;
}

export function notifyMethods(
  { cluster: { state }, policy }: Served,
  notifications: Notifications,
  ports: PortHandles,
): Handlers3 {
  const nodes = watcher(notifications, ports, kinds.node, state.nodes, {
    all: askable.node,
    state: ClusterChange.NodeState,
  });
  const groups = watcher(notifications, ports, kinds.group, state.groups, {
    all: askable.group,
    state: ClusterChange.GroupState,
  });
  const resources = watcher(notifications, ports, kinds.resource, state.resources, {
    all: askable.resource,
    state: ClusterChange.ResourceState,
  });
  const networks = watcher(notifications, ports, kinds.network, state.networks, {
    all: askable.network,
    state: ClusterChange.NetworkState,
  });
  const netInterfaces = watcher(notifications, ports, kinds.netInterface, state.netInterfaces, {
    all: askable.netInterface,
    state: ClusterChange.NetInterfaceState,
  });
  return {
    createNotify(_request, { caller, handles, interface: { version } }) {
      demandAccess(policy, caller, "read");
      return handles.open(ports, notifications.openV1(ownerOf(caller), version.major >= 3));
    },
    closeNotify({ notify }, { caller, handles }) {
      demandAccess(policy, caller, "read");
      notifications.close(handles.close(ports, notify));
    },
    unblockGetNotifyCall({ notify }, { caller, handles }) {
      demandAccess(policy, caller, "read");
      handles.get(ports, notify).port.unblock();
    },
    getNotify({ notify }, context) {
      demandAccess(policy, context.caller, "read");
      const port = portV1(context, ports, notify);
      return port.fetchOne(context.signal, ({ key: notifyKey, told }) => ({ notifyKey, ...told }));
    },
    getNotifyAsync({ notify }, context) {
      demandAccess(policy, context.caller, "read");
      const port = portV1(context, ports, notify);
      return port.fetch(context.signal, (indications) => ({
        notifications: indications.map(({ key: notifyKey, told: { filter, name } }) => ({
          notifyKey,
          filter,
          name,
        })),
      }));
    },
    addNotifyCluster({ notify, cluster, filter, notifyKey }, context) {
      const port = portV1(context, ports, notify);
      use(context, kinds.cluster, cluster);
      demandFlags(filter, askable.cluster);
      const ofKeys = filter & (askable.key | ClusterChange.RegistrySubtree);
      const ofObjects = (filter & ~ofKeys) >>> 0;
      if (ofObjects !== 0) notifications.watch(port, ofObjects, { everything: true }, notifyKey);
      if (ofKeys === 0) return;
      const subtree = (ofKeys & ClusterChange.RegistrySubtree) !== 0;
      // The subtree alone stands for all that can happen in it.
      const flags = (ofKeys & askable.key) === 0 ? askable.key : ofKeys & askable.key;
      notifications.watch(port, flags, { path: "", subtree }, notifyKey);
    },
    addNotifyKey({ notify, key, filter, notifyKey, watchSubTree }, context) {
      demandAccess(policy, context.caller, "read");
      const port = portV1(context, ports, notify);
      const path = watchedPath(context, key);
      demandFlags(filter, askable.key);
      notifications.watch(port, filter, { path, subtree: watchSubTree !== 0 }, notifyKey);
    },
    addNotifyNode: (asked, context) => nodes.add(asked, asked.node, context),
    reAddNotifyNode: (asked, context) => nodes.readd(asked, asked.node, context),
    addNotifyGroup: (asked, context) => groups.add(asked, asked.group, context),
    reAddNotifyGroup: (asked, context) => groups.readd(asked, asked.group, context),
    addNotifyResource: (asked, context) => resources.add(asked, asked.resource, context),
    reAddNotifyResource: (asked, context) => resources.readd(asked, asked.resource, context),
    addNotifyNetwork: (asked, context) => networks.add(asked, asked.network, context),
    reAddNotifyNetwork: (asked, context) => networks.readd(asked, asked.network, context),
    addNotifyNetInterface: (asked, context) =>
      netInterfaces.add(asked, asked.netInterface, context),
    reAddNotifyNetInterface: (asked, context) =>
      netInterfaces.readd(asked, asked.netInterface, context),
  };
}

/** Filters for one object of a kind. The sequence number of its state is what a client gives when it asks again. */
function watcher<
  Handle extends ContextHandle,
  T extends Identified & { readonly sequence: number },
>(
  notifications: Notifications,
  ports: PortHandles,
  kind: HandleKind<Handle, Opened<T>>,
  objects: Collection<T>,
  { all, state }: { readonly all: number; readonly state: number },
): Watcher<Handle> {
  const watch = (asked: Asked, handle: Handle, context: CallContext): T => {
    const port = portV1(context, ports, asked.notify);
    const object = watchedObject(context, kind, handle, objects);
    demandFlags(asked.filter, all);
    notifications.watch(port, asked.filter, { id: object.id }, asked.notifyKey);
    return object;
  };
  return {
    add: (asked, handle, context) => ({ stateSequence: watch(asked, handle, context).sequence }),
    readd(asked, handle, context) {
      const { name, sequence: stateSequence } = watch(asked, handle, context);
      if (stateSequence === asked.stateSequence) return;
      const port = portV1(context, ports, asked.notify);
      port.push({ key: asked.notifyKey, told: { filter: state, stateSequence, name } });
    },
  };
}

/** @throws RpcError ERROR_INVALID_PARAMETER for none, and for some that can't be asked for */
function demandFlags(flags: number, askable: number): void {
  if (flags === 0 || (flags & ~askable) !== 0) throw invalidParameter();
}
