/** What happens to objects of each kind, by the names that the bindings give ([MS-CMRP] 2.2.2.11 to 2.2.2.24). */
import { type Changes, changes } from "@msrpc/cluster-data";
import {
  GroupState,
  NetInterfaceState,
  NetworkState,
  NodeState,
  ResourceState,
} from "@msrpc/ms-cmrp";
import { type Notification, ObjectType } from "@msrpc/ms-cmrp/clusapi3";
import { nameOf } from "../objects/state-name.ts";

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
  /** Name of the node that a group is on now, of OwnerNode; null of other events, and where it can't be asked for. */
  readonly owner: string | null;
  /** What it is now, as the document lays it out for this event. */
  readonly data: Uint8Array;
}

/** `{ kind: "Group", what: "State", name: "SQL", ... }` */
export type ClusterEvent = {
  [Kind in EventKind]: Told & { readonly kind: Kind; readonly what: keyof Changes[Kind] };
}[EventKind];

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
    owner: null,
    data,
  } as ClusterEvent;
}

/** An event of which nothing is known but what happened to whom: those of version 1, and the client's own. */
export function plainEvent(kind: EventKind, what: string, name: string): ClusterEvent {
  const nothing = {
    id: "",
    parentId: "",
    type: "",
    state: null,
    owner: null,
    data: new Uint8Array(0),
  };
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
