/** A server for the tour: a handful of objects behind the generated bindings of both versions. */
import { clusapi2, NetInterfaceState, NetworkState, Status } from "@msrpc/ms-cmrp";
import type {
  GroupHandle,
  NetInterfaceHandle,
  NetworkHandle,
  NotifyHandle,
  ResourceHandle,
} from "@msrpc/ms-cmrp/clusapi3";
import { clusapi3 } from "@msrpc/ms-cmrp";
import { createRouter, handleKind, RpcError, type Router } from "@msrpc/rpc";

interface Thing {
  readonly name: string;
  state: number;
  /** Counts changes of state. */
  sequence: number;
  isGone: boolean;
}

const things = new Map<string, Thing>(
  (
    [
      ["Cluster Network 1", NetworkState.Up],
      ["node1 - Ethernet", NetInterfaceState.Up],
      ["Cluster Name", 2],
      ["SQL Group", 0],
    ] as const
  ).map(([name, state]) => [name, { name, state, sequence: 7, isGone: false }]),
);

const networks = handleKind<NetworkHandle, Thing>("network");
const netInterfaces = handleKind<NetInterfaceHandle, Thing>("network interface");
const resources = handleKind<ResourceHandle, Thing>("resource");
const groups = handleKind<GroupHandle, Thing>("group");
const ports = handleKind<NotifyHandle, Thing[]>("notify port");

function find(name: string, missing: number): Thing {
  const thing = things.get(name);
  if (thing === undefined || thing.isGone) throw new RpcError(missing);
  return thing;
}

/** An object may go while handles to it are open. */
function present(thing: Thing, missing: number = Status.ERROR_INVALID_HANDLE): Thing {
  if (thing.isGone) throw new RpcError(missing);
  return thing;
}

/** Takes an object away, so that the next call on its handle fails. */
export function remove(name: string): void {
  find(name, 0).isGone = true;
}

export function tourServer(): Router {
  return createRouter({ onError: (error) => console.error(error) })
    .serve(clusapi2, {
      openNetwork: ({ networkName }, { handles }) =>
        handles.open(networks, find(networkName, Status.ERROR_CLUSTER_NETWORK_NOT_FOUND)),
      openNetInterface: ({ netInterfaceName }, { handles }) =>
        handles.open(
          netInterfaces,
          find(netInterfaceName, Status.ERROR_CLUSTER_NETINTERFACE_NOT_FOUND),
        ),
      createNotify: (_, { handles }) => handles.open(ports, []),
      getNetworkState: ({ network }, { handles }) => ({
        state: present(handles.get(networks, network)).state,
      }),
      getNetInterfaceState: ({ netInterface }, { handles }) => ({
        state: present(handles.get(netInterfaces, netInterface)).state,
      }),
      addNotifyNetInterface({ notify, netInterface }, { handles }) {
        const thing = present(handles.get(netInterfaces, netInterface));
        handles.get(ports, notify).push(thing);
        return { stateSequence: thing.sequence };
      },
    })
    .serve(clusapi3, {
      openGroup: ({ groupName }, { handles }) =>
        handles.open(groups, find(groupName, Status.ERROR_GROUP_NOT_FOUND)),
      openResource: ({ resourceName }, { handles }) =>
        handles.open(resources, find(resourceName, Status.ERROR_RESOURCE_NOT_FOUND)),
      failResource({ resource }, { handles }) {
        const thing = present(
          handles.get(resources, resource),
          Status.ERROR_RESOURCE_NOT_AVAILABLE,
        );
        thing.state = 4;
        thing.sequence++;
      },
    });
}
