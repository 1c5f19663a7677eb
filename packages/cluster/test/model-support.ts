/** Small clusters whose hosts answer when a test says so, and what has to be true of every cluster. */
import { Cluster, type ClusterDefinition, type ClusterEvent, defineCluster } from "@msrpc/cluster";
import { NodeState, ResourceState } from "@msrpc/ms-cmrp";
import { expect } from "vitest";
import type { Effect } from "../src/core/effect.ts";
import { elapse } from "../src/core/elapse.ts";
import { hostFailed, wentOffline, wentOnline } from "../src/core/outcome.ts";
import { byKind } from "../src/model/by-kind.ts";
import {
  groupState,
  providersFirst,
  providerSets,
  resourcesOf,
  sharedVolumesType,
} from "../src/model/derived.ts";
import { dueAt } from "../src/model/due.ts";
import type { Group, Node, Resource } from "../src/model/objects.ts";
import type { ClusterState } from "../src/model/state.ts";
import { findKey, pathOf, type RegistryKey, valueOf } from "../src/registry/key.ts";

export interface Scene {
  readonly cluster: Cluster;
  readonly state: ClusterState;
  /** What hosts were asked and have not answered, in order. */
  readonly asked: Effect[];
  readonly events: ClusterEvent[];
  /** Which request each resource's host answered last that it is there. */
  readonly confirmed: Map<string, number>;
  /** What hosts were asked too early. */
  readonly wrong: string[];
  /** Milliseconds since 1970, as long as nobody sets the clock. */
  now: number;
  /** By how much the clock of the day was set. */
  isSetBy: number;
  group(name: string): Group;
  resource(name: string): Resource;
  node(name: string): Node;
  /** Lets time pass, and does what is due then. */
  wait(milliseconds: number): void;
  /** Answers a request to a host, by default the first one. */
  answer(how?: "done" | "failed", at?: number): void;
  /** Answers all requests, and those that come of it. */
  settle(): void;
}

type Groups = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** A cluster of three nodes, with groups of resources and what each of those needs. All are offline. */
export function scene(groups: Groups, hosts: "manual" | "software" = "manual"): Scene {
  const definition: ClusterDefinition = {
    name: "c",
    nodes: [{ name: "n1" }, { name: "n2" }, { name: "n3" }],
    networks: [],
    resourceTypes: [{ name: "T" }, { name: "Network Name" }, { name: "Physical Disk" }],
    groups: Object.entries(groups).map(([name, resources]) => ({
      name,
      resources: Object.entries(resources).map(([resource, dependsOn]) => ({
        name: resource,
        type: "T",
        dependsOn,
      })),
    })),
  };
  let ids = 0;
  const surroundings = {
    now: () => built.now + built.isSetBy,
    steady: () => built.now,
    newId: () => `id${++ids}`,
  };
  const asked: Effect[] = [];
  const events: ClusterEvent[] = [];
  const built = { now: 1_000_000, isSetBy: 0 } as { -readonly [K in keyof Scene]: Scene[K] };
  const state = defineCluster(definition, surroundings);
  const confirmed = new Map<string, number>();
  const wrong: string[] = [];
  const host = {
    perform(effect: Effect) {
      asked.push(effect);
      if (!isTimely(state, effect)) wrong.push(`${effect.type} ${effect.resource}`);
    },
  };
  const cluster = new Cluster(state, { surroundings, ...(hosts === "manual" && { host }) });
  cluster.listen((event) => events.push(event));
  const known = <T>(one: T | undefined): T => {
    if (one === undefined) throw new TypeError("nothing has that name");
    return one;
  };
  return Object.assign(built, {
    cluster,
    state,
    asked,
    events,
    confirmed,
    wrong,
    group: (name: string) => known(state.groups.find(name)),
    resource: (name: string) => known(state.resources.find(name)),
    node: (name: string) => known(state.nodes.find(name)),
    wait(milliseconds: number) {
      built.now += milliseconds;
      cluster.run(elapse);
    },
    answer(how: "done" | "failed" = "done", at = 0) {
      const [effect] = asked.splice(at, 1);
      if (effect === undefined) return;
      const { type, resource, attempt } = effect;
      const isThere = type === "online" && how === "done";
      if (isThere && attempt > (confirmed.get(resource) ?? 0)) confirmed.set(resource, attempt);
      respond(cluster, effect, how);
    },
    settle() {
      while (asked.length > 0) built.answer();
    },
  });
}

/** Providers are online before a resource starts, and no resource is there that relies on one that stops. */
function isTimely(state: ClusterState, { type, resource: id }: Effect): boolean {
  const isUp = (other: string): boolean =>
    state.resources.get(other)?.state === ResourceState.Online;
  const resource = state.resources.get(id);
  if (resource === undefined || type === "terminate") return true;
  if (type === "online") return providerSets(resource).every((set) => set.some(isUp));
  return [...state.resources].every(
    (other) =>
      other.hosting === "none" ||
      providerSets(other).every(
        (set) => !set.includes(id) || set.some((one) => one !== id && isUp(one)),
      ),
  );
}

function respond(cluster: Cluster, effect: Effect, how: "done" | "failed"): void {
  const { type, resource, attempt } = effect;
  if (type === "terminate") return;
  cluster.run((tx) => {
    if (how === "failed") hostFailed(tx, resource, attempt);
    else if (type === "online") wentOnline(tx, resource, attempt);
    else wentOffline(tx, resource, attempt);
  });
}

/** All of a state and its registry, as text. */
export function pictureOf(state: ClusterState): string {
  const objects = Object.values(byKind).map(({ collection }) => collection(state));
  const held = [...state.held];
  const timed = Array.from(state.timed, ({ id }) => id).toSorted();
  return JSON.stringify([
    ...objects.map((all) => [...all]),
    held,
    timed,
    registryOf(state.registry),
  ]);
}

/** What a registry has, for comparisons: but for the times of its changes. */
export function registryOf(key: RegistryKey): unknown {
  const values = Array.from(key.values.values(), ({ name, type, data }) => [name, type, [...data]]);
  const security = key.security === null ? null : [...key.security];
  return [pathOf(key), security, values, Array.from(key.subkeys.values(), registryOf)];
}

/** What holds of every cluster at all times. */
export function expectSound(state: ClusterState): void {
  const held = new Map<string, string>();
  for (const group of state.groups) {
    expect(state.nodes.get(group.owner), `owner of ${group.name}`).toBeDefined();
    expect(group.state, `state of ${group.name}`).toBe(groupState(state, group));
    for (const id of group.contains) {
      expect(held.get(id), `${id} is in one group`).toBeUndefined();
      held.set(id, group.id);
    }
    for (const { name, isShared } of resourcesOf(state, group)) {
      expect(isShared === 1, `${name} is shared`).toBe(group.type === sharedVolumesType);
    }
    for (const one of resourcesOf(state, group)) expectSoundResource(state, group, one);
    const order = providersFirst(resourcesOf(state, group));
    for (const [at, one] of order.entries()) {
      const later = new Set(order.slice(at).map(({ id }) => id));
      expect(
        providerSets(one)
          .flat()
          .some((id) => later.has(id)),
        "no cycle",
      ).toBe(false);
    }
  }
  expectSoundSets(state);
  const timed = [...state.resources].filter((one) => dueAt(one) !== null);
  expect(new Set(state.timed)).toEqual(new Set(timed));
  for (const { id, group } of state.resources) expect(held.get(id)).toBe(group);
  expectKept(state);
}

/** A group is in one group set at most, and both say so; what they need is there, and nothing waits for itself. */
function expectSoundSets(state: ClusterState): void {
  const inSet = new Map<string, string>();
  for (const { id, groups, providers } of state.groupSets) {
    for (const group of groups) {
      expect(inSet.get(group), "in one group set").toBeUndefined();
      inSet.set(group, id);
    }
    for (const provider of providers) expect(state.groupSets.get(provider)).toBeDefined();
  }
  for (const { id, groupSet, providerGroups, providerSet } of state.groups) {
    expect(inSet.get(id) ?? "").toBe(groupSet);
    for (const provider of providerGroups) expect(state.groups.get(provider)).toBeDefined();
    if (providerSet !== "") expect(state.groupSets.get(providerSet)).toBeDefined();
    inSet.delete(id);
  }
  expect([...inSet]).toEqual([]);
  expectNoCircle(state);
}

/** There is an order of all groups and group sets in which each comes after what it waits for. */
function expectNoCircle(state: ClusterState): void {
  const globals = [...state.groupSets].filter(({ isGlobal }) => isGlobal === 1);
  const waits = new Map<string, string[]>();
  for (const { id, groups, providers, isGlobal } of state.groupSets) {
    const all = isGlobal === 1 ? [] : globals.map((one) => one.id);
    waits.set(`${id} begins`, [...providers, ...all]);
    waits.set(id, [`${id} begins`, ...groups]);
  }
  for (const { id, groupSet, providerGroups, providerSet } of state.groups) {
    const outside = groupSet === "" ? globals.map((one) => one.id) : [`${groupSet} begins`];
    waits.set(id, [...providerGroups, ...outside, ...(providerSet === "" ? [] : [providerSet])]);
  }
  for (let size = -1; size !== waits.size;) {
    size = waits.size;
    for (const [id, before] of waits) if (!before.some((one) => waits.has(one))) waits.delete(id);
  }
  expect([...waits.keys()], "what waits for itself").toEqual([]);
}

function expectSoundResource(state: ClusterState, group: Group, resource: Resource): void {
  const { name, hosting, dependencies } = resource;
  expect(resource.group, name).toBe(group.id);
  const inGroup = new Set(group.contains);
  expect(
    providerSets(resource)
      .flat()
      .every((id) => inGroup.has(id)),
    name,
  ).toBe(true);
  expect(new Set(providerSets(resource).flat()).size).toBe(providerSets(resource).flat().length);
  if (resource.state === ResourceState.Online) {
    expect(hosting, `host of ${name}`).toBe("running");
    expect(resource.possibleOwners, name).toContain(group.owner);
    expect(state.nodes.get(group.owner)?.state, name).not.toBe(NodeState.Down);
    for (const set of providerSets(resource)) {
      const isProvided = set.some((id) => state.resources.get(id)?.state === ResourceState.Online);
      expect(isProvided, `${name} needs ${dependencies.join(", ")}`).toBe(true);
    }
  }
  if (resource.state === ResourceState.Offline || resource.state === ResourceState.Failed) {
    expect(hosting, `host of ${name}`).toBe("none");
  }
}

/** What lasts of objects stands in the registry. */
export function expectKept(state: ClusterState): void {
  for (const kind of Object.keys(byKind) as (keyof typeof byKind)[]) expectKind(state, kind);
}

function expectKind(state: ClusterState, kind: keyof typeof byKind): void {
  const { keys, collection } = byKind[kind];
  const root = findKey(state.registry, keys.key);
  expect(root?.subkeys.size ?? 0).toBe(collection(state).size);
  for (const object of collection(state)) {
    const key = root === null ? null : findKey(root, object.id);
    const kept = keys.fields.map(([member, field]) => {
      const value = key === null ? undefined : valueOf(key, field.value);
      return [member, field.read(value)];
    });
    // One comparison for all: each takes its time.
    expect(kept).toEqual(keys.fields.map(([member]) => [member, object[member as never]]));
  }
}
