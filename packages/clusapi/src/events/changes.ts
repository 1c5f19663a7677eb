/** What happens to objects of each kind, by the names that the bindings give ([MS-CMRP] 2.2.2.11 to 2.2.2.24). */
import {
  GroupState,
  NetInterfaceState,
  NetworkState,
  NodeState,
  ResourceState,
} from "@msrpc/ms-cmrp";
import {
  ClusterChangeV2,
  GroupChangeV2,
  GroupSetChangeV2,
  type Notification,
  NetInterfaceChangeV2,
  NetworkChangeV2,
  NodeChangeV2,
  ObjectType,
  QuorumChangeV2,
  RegistryChangeV2,
  ResourceChangeV2,
  ResourceTypeChangeV2,
  SharedVolumeChangeV2,
  SpaceportChangeV2,
  UpgradePhaseV2,
} from "@msrpc/ms-cmrp/clusapi3";
import { nameOf } from "../objects/state-name.ts";

interface Changes {
  readonly Cluster: typeof ClusterChangeV2;
  readonly Group: typeof GroupChangeV2;
  readonly Resource: typeof ResourceChangeV2;
  readonly ResourceType: typeof ResourceTypeChangeV2;
  readonly NetworkInterface: typeof NetInterfaceChangeV2;
  readonly Network: typeof NetworkChangeV2;
  readonly Node: typeof NodeChangeV2;
  readonly Registry: typeof RegistryChangeV2;
  readonly Quorum: typeof QuorumChangeV2;
  readonly SharedVolume: typeof SharedVolumeChangeV2;
  readonly Spaceport: typeof SpaceportChangeV2;
  readonly Upgrade: typeof UpgradePhaseV2;
  readonly GroupSet: typeof GroupSetChangeV2;
}

const changes: Changes = {
  Cluster: ClusterChangeV2,
  Group: GroupChangeV2,
  Resource: ResourceChangeV2,
  ResourceType: ResourceTypeChangeV2,
  NetworkInterface: NetInterfaceChangeV2,
  Network: NetworkChangeV2,
  Node: NodeChangeV2,
  Registry: RegistryChangeV2,
  Quorum: QuorumChangeV2,
  SharedVolume: SharedVolumeChangeV2,
  Spaceport: SpaceportChangeV2,
  Upgrade: UpgradePhaseV2,
  GroupSet: GroupSetChangeV2,
};

export type EventKind = keyof Changes;

export const eventKinds: readonly EventKind[] = Object.keys(changes) as EventKind[];

interface Told {
  /** Name of the object that it happened to. */
  readonly name: string;
  readonly id: string;
  /** ID of what the object belongs to: a resource's group, a group's node. */
  readonly parentId: string;
  /** A resource's type. */
  readonly type: string;
  /** The state that an object has now, where that is what has changed; null of other events, and of ports of version 1. */
  readonly state: string | null;
  /** What it is now, as the document lays it out for this event. */
  readonly data: Uint8Array;
}

/** `{ kind: "Group", what: "State", name: "SQL", ... }` */
export type ClusterEvent = {
  [Kind in EventKind]: Told & { readonly kind: Kind; readonly what: keyof Changes[Kind] };
}[EventKind];

/** Events that a client makes itself, and never asks for. */
const ownEvents: ReadonlySet<string> = new Set(["HandleClose"]);
const ownEventsOfCluster: ReadonlySet<string> = new Set(["HandleClose", "Reconnect", "State"]);

/** All that can be asked for about a kind. */
export function askableOf(kind: EventKind): bigint {
  const own = kind === "Cluster" ? ownEventsOfCluster : ownEvents;
  return Object.entries<number>(changes[kind]).reduce(
    (flags, [what, flag]) => (own.has(what) ? flags : flags | BigInt(flag)),
    0n,
  );
}

/** Null for events that have no name here: of a kind or a sort that a later version has. */
export function eventOf({ notificationData: told }: Notification): ClusterEvent | null {
  const { objectType, filterFlags } = told.filterAndType;
  const kind = eventKinds.find((one) => ObjectType[one] === objectType);
  if (kind === undefined) return null;
  const what = Object.entries<number>(changes[kind]).find(
    ([, flag]) => BigInt(flag) === filterFlags,
  );
  if (what === undefined) return null;
  const data = told.buffer ?? new Uint8Array(0);
  return {
    kind,
    what: what[0],
    name: told.name ?? "",
    id: told.objectId ?? "",
    parentId: told.parentId ?? "",
    type: told.type ?? "",
    state: what[0] === "State" ? stateIn(kind, data) : null,
    data,
  } as ClusterEvent;
}

/** An event of which nothing is known but what happened to whom: those of version 1, and the client's own. */
export function plainEvent(kind: EventKind, what: string, name: string): ClusterEvent {
  const nothing = { id: "", parentId: "", type: "", state: null, data: new Uint8Array(0) };
  // Callers have kind and what of one table.
  return { kind, what, name, ...nothing } as ClusterEvent;
}

const states: Readonly<
  Partial<Record<EventKind, Readonly<Record<string, number>> & { Unknown: number }>>
> = {
  Node: NodeState,
  Group: GroupState,
  Resource: ResourceState,
  Network: NetworkState,
  NetworkInterface: NetInterfaceState,
};

/** Null where it isn't a state that has a name here. */
function stateIn(kind: EventKind, data: Uint8Array): string | null {
  const table = states[kind];
  if (table === undefined || data.length !== 4) return null;
  return nameOf(table, new DataView(data.buffer, data.byteOffset).getUint32(0, true));
}
