/** The events that follow from what becomes of an object, and what each says ([MS-CMRP] 2.2.2.7, 3.1.4.2.138). */
import { NodeState, RegistryType } from "@msrpc/ms-cmrp";
import { byKind, type ByKind } from "../model/by-kind.ts";
import {
  dependencyExpression,
  dependentsOf,
  groupState,
  isQuorum,
  networkState,
  providersOf,
} from "../model/derived.ts";
import { providerSet } from "../model/kinds.ts";
import { volumeStateInfo } from "../model/shared-volumes.ts";
import { dependentsOfSet, setExpression } from "../model/sets.ts";
import type { Collection, Identified } from "../model/collection.ts";
import type { Resource } from "../model/objects.ts";
import type { ClusterState } from "../model/state.ts";
import type { NamedValue } from "../registry/key.ts";
import type { EventValue, Happenings, ObjectEvent } from "./event.ts";

interface Told<T> {
  /** ID of what an object is in. */
  readonly parent?: (object: T) => string;
  readonly state?: (object: T, state: ClusterState) => number;
  /** What events say of a new object, and of one that is gone. */
  readonly added?: (object: T) => EventValue;
  readonly deleted?: (object: T) => EventValue;
  /** What those that an object is in, or needs, hear when it comes or goes. */
  readonly around?: (object: T, what: "added" | "deleted", state: ClusterState) => ObjectEvent[];
  /** Members with events of their own. All others that last are properties. */
  readonly members?: {
    readonly [M in keyof T]?: (object: T, before: T, state: ClusterState) => ObjectEvent[];
  };
}

const told: { readonly [K in keyof ByKind]: Told<ByKind[K]> } = {
  node: { state: ({ state }) => state, added: ({ state }) => state, deleted: ({ state }) => state },
  group: {
    parent: ({ owner }) => owner,
    state: (group, state) => groupState(state, group),
    added: ({ type }) => type,
    members: {
      owner: (group, before, { nodes }) => [
        eventOf("group", "owner", group, group.owner),
        ...named(nodes, before.owner, (node) => eventOf("node", "groupLost", node, group.id)),
        ...named(nodes, group.owner, (node) => eventOf("node", "groupGained", node, group.id)),
      ],
      preferredNodes: (group) => [eventOf("group", "preferredNodes", group, group.preferredNodes)],
      contains: (group, { contains }) => [
        ...without(contains, group.contains).map((id) =>
          eventOf("group", "resourceLost", group, id),
        ),
        ...without(group.contains, contains).map((id) =>
          eventOf("group", "resourceGained", group, id),
        ),
      ],
      providerSet: (group, before, state) => [
        eventOf("group", "property", group, {
          properties: [{ name: providerSet.value, ...providerSet.write(group.providerSet) }],
        }),
        ...setDependents(state, [before.providerSet, group.providerSet]),
      ],
    },
  },
  groupSet: {
    members: {
      state: (groupSet) => [eventOf("groupSet", "state", groupSet, groupSet.state)],
      groups: (groupSet, { groups }) => [
        ...without(groups, groupSet.groups).map((id) =>
          eventOf("groupSet", "groupRemoved", groupSet, id),
        ),
        ...without(groupSet.groups, groups).map((id) =>
          eventOf("groupSet", "groupAdded", groupSet, id),
        ),
      ],
      providers: (groupSet, { providers }, state) => [
        eventOf("groupSet", "dependencies", groupSet, setExpression(groupSet)),
        ...setDependents(state, [
          ...without(providers, groupSet.providers),
          ...without(groupSet.providers, providers),
        ]),
      ],
    },
  },
  resource: {
    parent: ({ group }) => group,
    state: ({ state }) => state,
    deleted: ({ group }) => group,
    around: (resource, what, state) => [
      ...(what === "added"
        ? named(state.groups, resource.group, (group) => ({
            ...eventOf("group", "resourceAdded", group, group.id),
            other: { id: resource.id, name: resource.name },
          }))
        : []),
      ...dependents(state, providersOf(resource), what === "added" ? resource : undefined),
    ],
    members: {
      group: (resource) => [eventOf("resource", "group", resource, resource.group)],
      isShared: sharedVolume,
      volumeMaintenance: sharedVolume,
      volumeRedirected: sharedVolume,
      possibleOwners: (resource) => [
        eventOf("resource", "possibleOwners", resource, resource.possibleOwners),
      ],
      dependencies: (resource, before, state) => [
        eventOf("resource", "dependencies", resource, dependencyExpression(resource)),
        ...dependents(state, [
          ...without(providersOf(before), providersOf(resource)),
          ...without(providersOf(resource), providersOf(before)),
        ]),
      ],
    },
  },
  resourceType: {},
  network: { state: (network, state) => networkState(state, network) },
  netInterface: {
    parent: ({ node }) => node,
    state: ({ state }) => state,
    around: (one, what, { nodes }) =>
      what === "deleted"
        ? []
        : named(nodes, one.node, (node) => ({
            ...eventOf("node", "netInterfaceAdded", node, node.id),
            other: { id: one.id, name: one.name },
          })),
  },
};

/** An event of an object as it is now. */
export function eventOf<K extends keyof ByKind>(
  kind: K,
  what: Happenings[K],
  object: ByKind[K],
  value?: EventValue,
): ObjectEvent<K> {
  const { id, name } = object;
  return {
    kind,
    what,
    id,
    name,
    parent: told[kind].parent?.(object) ?? "",
    type: "type" in object && typeof object.type === "string" ? object.type : "",
    sequence: "sequence" in object ? object.sequence : 0,
    ...(value !== undefined && { value }),
  };
}

/** Of an object that is new, or gone. */
export function comeOrGone<K extends keyof ByKind>(
  state: ClusterState,
  kind: K,
  what: "added" | "deleted",
  object: ByKind[K],
): ObjectEvent[] {
  const { [what]: value, around } = told[kind];
  return [eventOf(kind, what, object, value?.(object)), ...(around?.(object, what, state) ?? [])];
}

/** Of a new state. A node's is one of the membership as well. */
export function entered<K extends keyof ByKind>(
  state: ClusterState,
  kind: K,
  object: ByKind[K],
): ObjectEvent[] {
  const what = "state" as Happenings[K];
  const event = eventOf(kind, what, object, told[kind].state?.(object, state));
  if (kind === "node") return [event, ofCluster(state, "membership", membership(state))];
  if (kind !== "resource") return [event];
  const resource = object as Resource;
  return [
    event,
    ...(resource.isShared === 1 ? sharedVolume(resource, resource, state) : []),
    ...(isQuorum(state, resource) ? [ofQuorum(resource)] : []),
  ];
}

/** Of what counts for quorum: a resource with its state, or nodes alone. */
export function ofQuorum(resource: Resource | null): ObjectEvent<"quorum"> {
  const { id = "", name = "", type = "" } = resource ?? {};
  const event = { kind: "quorum", what: "state", id, name, parent: "", type, sequence: 0 } as const;
  return resource === null ? event : { ...event, value: resource.state };
}

/** Of the volume of a disk, which is shared, or was. */
function sharedVolume(disk: Resource, before: Resource, state: ClusterState): ObjectEvent[] {
  // What is no shared volume any more, or wasn't one yet, is told of once.
  if (disk.isShared === 0 && before.isShared === 0) return [];
  const { id, name, type } = disk;
  const info = { name: "SharedVolumeState", type: RegistryType.Binary };
  const properties = [{ ...info, data: volumeStateInfo(state, disk) }];
  return [
    {
      kind: "sharedVolume",
      what: "state",
      id,
      name,
      parent: "",
      type,
      sequence: 0,
      value: { properties },
    },
  ];
}

/** Of members that have events of their own. */
export function changed<K extends keyof ByKind>(
  state: ClusterState,
  kind: K,
  object: ByKind[K],
  before: ByKind[K],
): ObjectEvent[] {
  const { members = {} }: Told<ByKind[K]> = told[kind];
  const events: ObjectEvent[] = [];
  for (const member of Object.keys(members) as (keyof ByKind[K])[]) {
    if (isSame(object[member], before[member])) continue;
    events.push(...(members[member]?.(object, before, state) ?? []));
  }
  return events;
}

/** Of properties, where some have changed: those that are members, with their new values. */
export function configured<K extends keyof ByKind>(
  kind: K,
  object: ByKind[K],
  before: ByKind[K],
): ObjectEvent[] {
  const { members = {} } = told[kind];
  const properties = byKind[kind].keys.fields.flatMap(([member, { value, write }]): NamedValue[] =>
    member in members || isSame(object[member], before[member])
      ? []
      : [{ name: value, ...write(object[member]) }],
  );
  return properties.length === 0 ? [] : [eventOf(kind, "property", object, { properties })];
}

/** An event of the cluster itself. */
export function ofCluster(
  { name }: ClusterState,
  what: Happenings["cluster"],
  value?: EventValue,
): ObjectEvent<"cluster"> {
  const event = { kind: "cluster", what, id: "", name, parent: "", type: "", sequence: 0 } as const;
  return value === undefined ? event : { ...event, value };
}

/** CLUSTER_MEMBERSHIP_INFO ([MS-CMRP] 2.2.3.42): with quorum, and an octet for each node that is up. */
function membership({ nodes }: ClusterState): Uint8Array {
  const up = [...nodes].filter(({ state }) => state === NodeState.Up).map(({ id }) => Number(id));
  const octets = new Uint8Array(5 + up.length);
  octets[0] = 1;
  new DataView(octets.buffer).setUint32(1, up.length, true);
  octets.set(up, 5);
  return octets;
}

/** What resources hear of those that need them: which ones they are now. */
function dependents(
  state: ClusterState,
  providers: readonly string[],
  added?: Resource,
): ObjectEvent[] {
  return [...new Set(providers)].flatMap((id) =>
    named(state.resources, id, (provider) => {
      // One that is new isn't among those of its group yet.
      const need = new Set(dependentsOf(state, provider));
      if (added !== undefined) need.add(added);
      const ids = Array.from(need, (other) => other.id);
      return eventOf("resource", "dependents", provider, ids);
    }),
  );
}

/** What group sets hear of those that need them: which ones they are now. */
function setDependents(state: ClusterState, providers: readonly string[]): ObjectEvent[] {
  return providers.flatMap((id) =>
    named(state.groupSets, id, (provider) =>
      eventOf(
        "groupSet",
        "dependents",
        provider,
        dependentsOfSet(state, provider).map((one) => one.id),
      ),
    ),
  );
}

function named<T extends Identified>(
  objects: Collection<T>,
  id: string,
  event: (object: T) => ObjectEvent,
): ObjectEvent[] {
  const object = objects.get(id);
  return object === undefined ? [] : [event(object)];
}

function without(ids: readonly string[], others: readonly string[]): string[] {
  // Most changes leave them as they were.
  if (ids === others) return [];
  const known = new Set(others);
  return ids.filter((id) => !known.has(id));
}

function isSame(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((one, index) => one === b[index]);
}
