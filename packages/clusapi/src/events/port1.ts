/** A notification port of version 1 ([MS-CMRP] 3.2.4.5.1): one event at a time, of which it says what and whose. */
import { ClusterChange } from "@msrpc/ms-cmrp";
import type { NotifyHandle } from "@msrpc/ms-cmrp/clusapi3";
import {
  clusterKind,
  groupKind,
  keyKind,
  netInterfaceKind,
  networkKind,
  nodeKind,
  resourceKind,
} from "../session/kinds.ts";
import type { Link } from "../session/link.ts";
import type { Session } from "../session/session.ts";
import { type ClusterEvent, type EventKind, plainEvent } from "./changes.ts";
import type { Filter } from "./filter.ts";
import type { Port } from "./port.ts";

/** What version 2 calls the events of version 1. */
const names: readonly (readonly [change: keyof typeof ClusterChange, EventKind, what: string])[] = [
  ["NodeState", "Node", "State"],
  ["NodeDeleted", "Node", "Deleted"],
  ["NodeAdded", "Cluster", "NodeAdded"],
  ["NodeProperty", "Node", "CommonProperty"],
  ["RegistryName", "Registry", "Name"],
  ["RegistryAttributes", "Registry", "Attributes"],
  ["RegistryValue", "Registry", "Value"],
  ["ResourceState", "Resource", "State"],
  ["ResourceDeleted", "Resource", "Deleted"],
  ["ResourceAdded", "Group", "ResourceAdded"],
  ["ResourceProperty", "Resource", "CommonProperty"],
  ["GroupState", "Group", "State"],
  ["GroupDeleted", "Group", "Deleted"],
  ["GroupAdded", "Cluster", "GroupAdded"],
  ["GroupProperty", "Group", "CommonProperty"],
  ["ResourceTypeDeleted", "ResourceType", "Deleted"],
  ["ResourceTypeAdded", "Cluster", "ResourceTypeAdded"],
  ["ResourceTypeProperty", "ResourceType", "CommonProperty"],
  ["NetworkState", "Network", "State"],
  ["NetworkDeleted", "Network", "Deleted"],
  ["NetworkAdded", "Cluster", "NetworkAdded"],
  ["NetworkProperty", "Network", "CommonProperty"],
  ["NetInterfaceState", "NetworkInterface", "State"],
  ["NetInterfaceDeleted", "NetworkInterface", "Deleted"],
  ["NetInterfaceAdded", "Node", "NetInterfaceAdded"],
  ["NetInterfaceProperty", "NetworkInterface", "CommonProperty"],
  ["QuorumState", "Quorum", "State"],
  ["ClusterProperty", "Cluster", "CommonProperty"],
];

/** Added objects are told of with all objects alone: one that is watched is there already. */
const ofAll: ReadonlySet<string> = new Set([
  "NodeAdded",
  "GroupAdded",
  "NetworkAdded",
  "ResourceAdded",
  "NetInterfaceAdded",
]);

/** Null for what has no name here. ClusterReconnect of a server stands for events that it had to drop. */
function eventOf(filter: number, name: string): ClusterEvent | null {
  if (filter === ClusterChange.ClusterReconnect) {
    return plainEvent("Cluster", "LostNotifications", name);
  }
  const found = names.find(([change]) => ClusterChange[change] === filter);
  return found === undefined ? null : plainEvent(found[1], found[2], name);
}

function flagsOf({ about, target }: Filter): number {
  // Types are watched all or none.
  if (about === "ResourceType" && target !== null) return 0;
  const asked = names.filter(
    ([, kind, what]) => kind === about && (target === null || !ofAll.has(what)),
  );
  const flags = asked.reduce((all, [change]) => (all | ClusterChange[change]) >>> 0, 0);
  return about === "Registry" && target === null
    ? (flags | ClusterChange.RegistrySubtree) >>> 0
    : flags;
}

/** @throws TypeError for events that these ports don't tell of */
export async function openPort1(
  session: Session,
  link: Link,
  filters: readonly Filter[],
): Promise<Port> {
  const { api } = link;
  const notify = await api.createNotify();
  try {
    for (const [notifyKey, filter] of filters.entries()) {
      const flags = flagsOf(filter);
      if (flags !== 0) await add(session, link, { notify, filter: flags, notifyKey }, filter);
      else if (!filter.isOptional) {
        throw new TypeError(`the server has no events about ${filter.about}`);
      }
    }
  } catch (error) {
    await notify[Symbol.asyncDispose]();
    throw error;
  }
  return {
    async next(options) {
      const told = await api.getNotify({ notify }, options);
      const filter = filters[told.notifyKey];
      if (filter !== undefined && filter.target !== null) filter.sequence = told.stateSequence;
      return [eventOf(told.filter, told.name ?? "") ?? []].flat();
    },
    async close() {
      await api.unblockGetNotifyCall({ notify });
      await notify[Symbol.asyncDispose]();
    },
  };
}

interface Request {
  readonly notify: NotifyHandle;
  readonly filter: number;
  readonly notifyKey: number;
}

/** Where an object was watched before, the server is told its last known state, and tells of a change since. */
async function add(
  session: Session,
  link: Link,
  request: Request,
  watching: Filter,
): Promise<void> {
  const { api } = link;
  const { target, sequence } = watching;
  const name = target?.name ?? "";
  const again = { ...request, stateSequence: sequence ?? 0 };
  const isAgain = sequence !== null;
  const keep = ({ stateSequence }: { readonly stateSequence: number }): void => {
    watching.sequence = stateSequence;
  };
  switch (target === null ? "Cluster" : watching.about) {
    case "Node": {
      const node = await session.handle(link, nodeKind, name);
      if (isAgain) await api.reAddNotifyNode({ ...again, node });
      else keep(await api.addNotifyNode({ ...request, node }));
      break;
    }
    case "Group": {
      const group = await session.handle(link, groupKind, name);
      if (isAgain) await api.reAddNotifyGroup({ ...again, group });
      else keep(await api.addNotifyGroup({ ...request, group }));
      break;
    }
    case "Resource": {
      const resource = await session.handle(link, resourceKind, name);
      if (isAgain) await api.reAddNotifyResource({ ...again, resource });
      else keep(await api.addNotifyResource({ ...request, resource }));
      break;
    }
    case "Network": {
      const network = await session.handle(link, networkKind, name);
      if (isAgain) await api.reAddNotifyNetwork({ ...again, network });
      else keep(await api.addNotifyNetwork({ ...request, network }));
      break;
    }
    case "NetworkInterface": {
      const netInterface = await session.handle(link, netInterfaceKind, name);
      if (isAgain) await api.reAddNotifyNetInterface({ ...again, netInterface });
      else keep(await api.addNotifyNetInterface({ ...request, netInterface }));
      break;
    }
    case "Registry": {
      const key = await session.handle(link, keyKind, name);
      await api.addNotifyKey({ ...request, key, watchSubTree: 1 });
      break;
    }
    default: {
      const cluster = await session.handle(link, clusterKind, "");
      await api.addNotifyCluster({ ...request, cluster });
    }
  }
}
