/** Every flag of every enumeration is told by something, and clients' own ones by nothing ([MS-CMRP] 2.2.2.7 to 2.2.2.26). */
import type { ClusterEvent, Happenings, ObjectKind } from "@msrpc/cluster";
import { ClusterChange } from "@msrpc/ms-cmrp";
import * as clusapi3 from "@msrpc/ms-cmrp/clusapi3";
import { ObjectType } from "@msrpc/ms-cmrp/clusapi3";
import { expect, test } from "vitest";
import { askable, askableV2 } from "../src/notify/askable.ts";
import { type View, viewOf } from "../src/notify/views.ts";

const common = { added: 1, deleted: 1, property: 1, privateProperty: 1 } as const;
const happenings: { readonly [K in ObjectKind]: Readonly<Record<Happenings[K], 1>> } = {
  cluster: { property: 1, privateProperty: 1, renamed: 1, membership: 1, upgraded: 1 },
  node: { ...common, state: 1, netInterfaceAdded: 1, groupGained: 1, groupLost: 1 },
  group: {
    ...common,
    state: 1,
    owner: 1,
    preferredNodes: 1,
    resourceAdded: 1,
    resourceGained: 1,
    resourceLost: 1,
  },
  resource: {
    ...common,
    state: 1,
    group: 1,
    dependencies: 1,
    dependents: 1,
    possibleOwners: 1,
    dllUpgraded: 1,
  },
  resourceType: { ...common, possibleOwners: 1, dllUpgraded: 1, specific: 1 },
  network: { ...common, state: 1 },
  netInterface: { ...common, state: 1 },
  groupSet: {
    ...common,
    state: 1,
    groupAdded: 1,
    groupRemoved: 1,
    dependencies: 1,
    dependents: 1,
  },
  quorum: { state: 1 },
  sharedVolume: { state: 1 },
  spaceport: { customPnp: 1 },
  upgrade: { prepare: 1, commit: 1, postCommit: 1 },
};

const keys = ["added", "deleted", "value", "security"].map((what) => ({ kind: "key", what }));
const objects = Object.entries(happenings).flatMap(([kind, whats]) =>
  Object.keys(whats).map((what) => ({ kind, what })),
);
const views: readonly View[] = [...keys, ...objects].map((event) => viewOf(event as ClusterEvent));

const byClients = ["Reconnect", "State", "HandleClose"];
const ofTypes: readonly (readonly [number, Readonly<Record<string, number>>, string[]])[] = [
  // What was lost is told by ports themselves.
  [ObjectType.Cluster, clusapi3.ClusterChangeV2, [...byClients, "LostNotifications"]],
  [ObjectType.Group, clusapi3.GroupChangeV2, ["HandleClose"]],
  [ObjectType.Resource, clusapi3.ResourceChangeV2, ["HandleClose"]],
  [ObjectType.ResourceType, clusapi3.ResourceTypeChangeV2, []],
  [ObjectType.NetworkInterface, clusapi3.NetInterfaceChangeV2, ["HandleClose"]],
  [ObjectType.Network, clusapi3.NetworkChangeV2, ["HandleClose"]],
  [ObjectType.Node, clusapi3.NodeChangeV2, ["HandleClose"]],
  [ObjectType.Registry, clusapi3.RegistryChangeV2, ["Subtree", "HandleClose"]],
  [ObjectType.Quorum, clusapi3.QuorumChangeV2, []],
  [ObjectType.SharedVolume, clusapi3.SharedVolumeChangeV2, []],
  [ObjectType.Spaceport, clusapi3.SpaceportChangeV2, []],
  [ObjectType.Upgrade, clusapi3.UpgradePhaseV2, []],
  [ObjectType.GroupSet, clusapi3.GroupSetChangeV2, ["HandleClose"]],
];

test.each(ofTypes)("version 2 tells every flag of objects of type %i", (type, flags, not) => {
  const expected = Object.entries(flags).flatMap(([name, flag]) =>
    not.includes(name) ? [] : flag,
  );
  const told = views.flatMap(({ v2 }) => (v2?.type === type ? v2.flag : []));
  expect(new Set(told)).toEqual(new Set(expected));
});

test("version 1 tells every flag but those of clients", () => {
  const not = new Set<number>([
    ClusterChange.RegistrySubtree,
    ClusterChange.ClusterReconnect,
    ClusterChange.ClusterState,
    ClusterChange.HandleClose,
  ]);
  const told = new Set(views.flatMap(({ v1 }) => v1 ?? []));
  expect(told).toEqual(new Set(Object.values(ClusterChange).filter((flag) => !not.has(flag))));
});

test("whatever is told can be asked for", () => {
  for (const { v1, v2 } of views) {
    if (v1 !== null) expect(askable.cluster & v1).toBe(v1);
    if (v2 !== null) expect((askableV2.get(v2.type) ?? 0) & v2.flag).toBe(v2.flag);
  }
});

test("types without an enumeration can't be asked for", () => {
  expect([...askableV2.keys()].toSorted((a, b) => a - b)).toEqual(
    ofTypes.map(([type]) => type).toSorted((a, b) => a - b),
  );
});
