/** Whatever clients ask, hosts answer and time brings, in any order: a cluster stays sound, and what fails leaves no trace. */
import { NodeState, ResourceState, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createAffinityRule } from "../src/core/affinity-rules.ts";
import * as dependencies from "../src/core/dependencies.ts";
import * as order from "../src/core/group-dependencies.ts";
import * as sets from "../src/core/group-sets.ts";
import * as groups from "../src/core/groups.ts";
import * as moving from "../src/core/moving.ts";
import * as nodes from "../src/core/nodes.ts";
import * as online from "../src/core/online.ts";
import { fromOutside } from "../src/core/outside.ts";
import * as resources from "../src/core/resources.ts";
import { setProperties } from "../src/core/properties.ts";
import { demandOrder } from "../src/core/start-order.ts";
import { shareVolume, unshareVolume } from "../src/core/shared-volumes.ts";
import type { Transaction } from "../src/core/transaction.ts";
import { affinityRules, AffinityType } from "../src/model/affinity.ts";
import { isPending } from "../src/model/derived.ts";
import { availableStorageType } from "../src/model/kinds.ts";
import {
  DrainStatus,
  type Group,
  type GroupSet,
  type Node,
  type Resource,
} from "../src/model/objects.ts";
import { Format, numberOf, textsOf } from "@msrpc/cluster-data";
import { valueOf } from "../src/registry/key.ts";
import { expectSound, pictureOf, scene, type Scene } from "./model-support.ts";

interface Objects {
  readonly resource: Resource;
  readonly other: Resource;
  readonly group: Group;
  readonly otherGroup: Group;
  readonly node: Node;
  readonly set: GroupSet;
  readonly otherSet: GroupSet;
  readonly flag: boolean;
}

type Command = (tx: Transaction, objects: Objects) => void;

const commands: Readonly<Record<string, Command>> = {
  online: (tx, { resource, flag }) =>
    online.onlineResource(tx, resource, { isPassing: flag, ignoresLocks: flag }),
  onlineElsewhere: (tx, { resource }) => online.onlineResource(tx, resource, { picksNode: true }),
  offline: (tx, { resource, flag }) => online.offlineResource(tx, resource, { isPassing: flag }),
  terminate: (tx, { resource }) => online.offlineResource(tx, resource, { isForced: true }),
  fail: (tx, { resource }) => online.failResource(tx, resource),
  restart: (tx, { resource }) => online.restartResource(tx, resource),
  lock: (tx, { resource, flag }) => online.lockResource(tx, resource.id, flag),
  give: (tx, { resource, flag }) =>
    tx.update("resource", resource, { restartAction: flag ? 2 : 1, restartThreshold: 2 }),
  depend: (tx, { resource, other }) => dependencies.addDependency(tx, resource, other),
  release: (tx, { resource, other }) => dependencies.removeDependency(tx, resource, other),
  express: (tx, { resource, other, group }) => {
    const [first = resource.id] = group.contains;
    dependencies.setDependencyExpression(tx, resource, `[${other.name}] or [${first}]`);
  },
  clear: (tx, { resource }) => dependencies.setDependencyExpression(tx, resource, ""),
  allow: (tx, { resource, node }) => resources.addPossibleOwner(tx, resource, node),
  forbid: (tx, { resource, node }) => resources.removePossibleOwner(tx, resource, node),
  change: (tx, { resource, group }) => resources.changeGroup(tx, resource, group),
  rule: (tx, { group, otherGroup, flag }) =>
    fromOutside(tx, () => bind(tx, group, otherGroup, flag ? "SameNode" : "DifferentNode")),
  endRules: (tx) =>
    fromOutside(tx, () => affinityRules(tx.state).forEach((key) => tx.deleteKey(key))),
  ignoreRules: (tx, { group, node, flag }) =>
    flag
      ? moving.moveGroupToNode(tx, group, node, { ignoresRules: true })
      : groups.onlineGroup(tx, group, { ignoresRules: true }),
  add: (tx, { group, resource }) =>
    void resources.addResource(tx, group, `${resource.name}+`, "T", 0),
  remove: (tx, { resource }) => resources.deleteResource(tx, resource),
  onlineGroup: (tx, { group, flag }) => groups.onlineGroup(tx, group, { picksNode: flag }),
  offlineGroup: (tx, { group }) => groups.offlineGroup(tx, group),
  deleteGroup: (tx, { group }) => groups.deleteGroup(tx, group, true),
  join: (tx, { group, set }) => sets.addToGroupSet(tx, set, group),
  leave: (tx, { group }) => sets.removeFromGroupSet(tx, group),
  joinOther: (tx, { group, set }) => sets.moveToGroupSet(tx, set, group),
  addSet: (tx, { set }) => void sets.addGroupSet(tx, `${set.name}+`),
  deleteSet: (tx, { set }) => {
    if (tx.state.groupSets.size > 1) sets.deleteGroupSet(tx, set);
  },
  settings: (tx, { set, flag }) =>
    tx.update("groupSet", set, { startupSetting: flag ? 2 : 1, startupDelay: flag ? 20 : 0 }),
  dependSet: (tx, { set, otherSet }) => order.addSetDependency(tx, set, otherSet),
  releaseSet: (tx, { set, otherSet }) => order.removeSetDependency(tx, set, otherSet),
  expressSet: (tx, { set, otherSet, flag }) =>
    order.setSetExpression(tx, set, flag ? `[${otherSet.name}]` : ""),
  dependOnSet: (tx, { group, set }) => order.addDependencyOnSet(tx, group, set),
  releaseFromSet: (tx, { group, set }) => order.removeDependencyOnSet(tx, group, set),
  expressGroup: (tx, { group, otherGroup, flag }) =>
    order.setGroupExpression(tx, group, flag ? `[${otherGroup.name}]` : ""),
  releaseGroup: (tx, { group, otherGroup }) => order.removeGroupDependency(tx, group, otherGroup),
  globalSet: (tx, { set, flag }) => {
    const subject = { kind: "groupSet", object: set } as const;
    const value = { format: Format.Dword, number: flag ? 1 : 0 } as const;
    setProperties(tx, subject, "common", [{ name: "IsGlobal", value }]);
    demandOrder(tx.state, Status.ERROR_INVALID_PARAMETER);
  },
  share: (tx) => shareVolume(tx, diskIn(tx), "", { hasDependents: 5001, isDeployed: 5965 }),
  unshare: (tx) => unshareVolume(tx, diskIn(tx)),
  prefer: (tx, { group, node }) => groups.setPreferredNodes(tx, group, [node.id]),
  move: (tx, { group, flag }) =>
    moving.moveGroup(tx, group, { waits: flag, returnsOnError: !flag }),
  moveTo: (tx, { group, node, flag }) =>
    moving.moveGroupToNode(tx, group, node, { waits: flag, returnsOnError: !flag }),
  cancel: (tx, { group }) => moving.cancelMove(tx, group),
  pause: (tx, { node }) => nodes.pauseNode(tx, node),
  drain: (tx, { node, flag }) => nodes.drainNode(tx, node, { to: null, mayRemain: flag }),
  resume: (tx, { node, flag }) => nodes.resumeNode(tx, node, flag ? "all" : "byPolicy"),
  down: (tx, { node }) => nodes.nodeWentDown(tx, node),
  up: (tx, { node }) => nodes.nodeCameUp(tx, node),
  evict: (tx, { node }) => nodes.evictNode(tx, node),
};

function bind(tx: Transaction, one: Group, other: Group, how: keyof typeof AffinityType): void {
  const rule = { type: AffinityType[how], groups: [one.id, other.id], isEnabled: true };
  createAffinityRule(tx, `${one.name} ${other.name}`, { ...rule, isSoft: false });
}

/** @throws RpcError where it was deleted */
function diskIn(tx: Transaction): Resource {
  const disk = tx.state.resources.find("d");
  if (disk === undefined) throw new RpcError(Status.ERROR_RESOURCE_NOT_AVAILABLE);
  return disk;
}

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      command: fc.constantFrom(...Object.keys(commands)),
      picks: fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20), fc.nat(20), fc.nat(20), fc.boolean()),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      at: fc.nat(4),
      how: fc.constantFrom("done" as const, "failed" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ wait: fc.constantFrom(100, 600, 200_000, 4_000_000) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Chains and alternatives, on or off, in groups that start one after the other. */
function build(isOnline: boolean, isRuled: boolean): Scene {
  const on = scene({
    A: { a1: [], a2: ["a1"], a3: ["a2"], a4: [], a5: [] },
    B: { b1: [], b2: ["b1"] },
    C: { c1: [] },
    D: {},
  });
  on.cluster.run((tx) => {
    const [S, T] = ["S", "T", "U"].map((name) => sets.addGroupSet(tx, name));
    sets.addToGroupSet(tx, S!, on.group("A"));
    sets.addToGroupSet(tx, T!, on.group("B"));
    order.addSetDependency(tx, S!, T!);
    tx.update("groupSet", T!, { startupSetting: 2 });
    order.setGroupExpression(tx, on.group("C"), "[A]");
    dependencies.setDependencyExpression(tx, on.resource("a5"), "[a1] or [a4]");
    const D = on.group("D");
    resources.addResource(tx, D, "d", "Physical Disk", 0);
    resources.addResource(tx, D, "d2", "Physical Disk", 0);
    tx.update("group", D, { type: availableStorageType });
    if (isRuled) bind(tx, on.group("A"), on.group("C"), "DifferentNode");
    if (isRuled) bind(tx, on.group("B"), D, "SameNode");
    if (!isOnline) return;
    groups.onlineGroup(tx, D);
    groups.onlineGroup(tx, on.group("B"));
    groups.onlineGroup(tx, on.group("A"));
  });
  on.settle();
  return on;
}

function take(on: Scene, next: Step): void {
  if ("wait" in next) on.wait(next.wait);
  else if ("at" in next) on.answer(next.how, next.at % Math.max(on.asked.length, 1));
  else {
    const command = commands[next.command];
    const { state } = on.cluster;
    const of = <T>(all: Iterable<T>, at: number): T | undefined => {
      const list = [...all];
      return list[at % list.length];
    };
    const [r, o, g, h, n, flag] = next.picks;
    const picked = { resource: of(state.resources, r), other: of(state.resources, o) };
    const places = {
      group: of(state.groups, g),
      otherGroup: of(state.groups, h),
      node: of(state.nodes, n),
      set: of(state.groupSets, o),
      otherSet: of(state.groupSets, h),
    };
    if (Object.values({ ...picked, ...places }).includes(undefined)) return;
    on.cluster.run((tx) => command?.(tx, { ...picked, ...places, flag } as Objects));
  }
}

/** Whether a group has begun to start since then, also on a node where it came to from one where it ran. */
function hasBegun(group: Group, was: Group): boolean {
  return (was.beganAt === null || was.owner !== group.owner) && group.beganAt !== null;
}

/** What has begun to start since then was after what it starts after, where it hadn't waited long enough. */
function expectInTurn(
  on: Scene,
  were: ReadonlyMap<Group, Group>,
  resourcesWere: ReadonlyMap<Resource, Resource>,
  held: ReadonlyMap<string, number | null>,
): void {
  const { state } = on;
  const wantedOf = (all: Iterable<Resource>, id: string): Resource[] =>
    [...all].filter(({ group, isWanted }) => group === id && isWanted);
  const wanted = (id: string): Resource[] => wantedOf(state.resources, id);
  const areOnline = (all: readonly Resource[]): boolean =>
    all.every((one) => one.state === ResourceState.Online);
  // A drain moves one group after the other: what was there when the first one started may be on its way itself.
  const isThere = (id: string): boolean => {
    const before = wantedOf(resourcesWere.values(), id);
    return areOnline(wanted(id)) || (before.length > 0 && areOnline(before));
  };
  const hasStarted = (id: string): boolean => {
    const { groups: members, startupSetting, startupDelay } = state.groupSets.get(id)!;
    return members.every((member) => {
      if (wanted(member).length === 0) return true;
      const beganAt = state.groups.get(member)?.beganAt ?? Infinity;
      return startupSetting === 1 ? beganAt + startupDelay * 1000 <= on.now : isThere(member);
    });
  };
  const globals = [...state.groupSets].filter(({ isGlobal }) => isGlobal === 1);
  for (const [group, was] of were) {
    // One that was given resources that run has begun to start nothing.
    const isNew = hasBegun(group, was) && was.contains === group.contains;
    if (!isNew || !state.groups.has(group) || held.get(group.id) === null) continue;
    const inside = state.groupSets.get(group.groupSet);
    const before = [
      group.providerSet,
      ...(inside?.providers ?? []),
      ...(inside?.isGlobal === 1 ? [] : globals.map(({ id }) => id)),
    ];
    expect(
      group.providerGroups.filter((id) => !isThere(id)),
      `before ${group.name}`,
    ).toEqual([]);
    expect(
      before.filter((id) => id !== "" && !hasStarted(id)),
      `before ${group.name}`,
    ).toEqual([]);
  }
}

/** What has begun to start since then isn't where a rule doesn't have it, where it heeds rules. */
function expectApart(on: Scene, were: ReadonlyMap<Group, Group>): void {
  const { state } = on;
  const runs = (group: Group): boolean =>
    [...state.resources].some((one) => one.group === group.id && one.hosting !== "none");
  for (const [group, was] of were) {
    if (!hasBegun(group, was) || was.contains !== group.contains || group.ignoresRules) continue;
    for (const rule of affinityRules(state)) {
      const type = numberOf(valueOf(rule, "RuleType")!);
      const named = textsOf(valueOf(rule, "Groups")!) ?? [];
      if (!named.includes(group.id)) continue;
      for (const id of named) {
        const other = state.groups.get(id)!;
        // Those that began in the same step may have been there first, and one of them ignored the rule.
        const began = were.get(other)?.beganAt;
        if (other === group || other.ignoresRules || !runs(other)) continue;
        if (type === AffinityType.DifferentNode) {
          expect(other.owner, `${group.name} and ${other.name}`).not.toBe(group.owner);
        } else if (state.nodes.get(other.owner)?.state === NodeState.Up && began !== null) {
          expect(other.owner, `${group.name} and ${other.name}`).toBe(group.owner);
        }
      }
    }
  }
}

test("a cluster stays sound whatever happens, tells of every change, and forgets what fails", () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.boolean(),
      fc.array(step, { maxLength: 60, size: "max" }),
      (isOnline, isRuled, steps) => {
        const on = build(isOnline, isRuled);
        expectSound(on.state);
        for (const next of steps) {
          const before = pictureOf(on.state);
          const were = new Map([...on.state.resources].map((one) => [one, { ...one }]));
          const groupsWere = new Map([...on.state.groups].map((one) => [one, { ...one }]));
          const held = new Map(on.state.held);
          on.events.length = 0;
          try {
            take(on, next);
          } catch (error) {
            expect(error).toBeInstanceOf(RpcError);
            expect(pictureOf(on.state)).toBe(before);
            expect(on.events).toEqual([]);
          }
          expectSound(on.state);
          expect(on.wrong).toEqual([]);
          if (!("wait" in next)) expectInTurn(on, groupsWere, were, held);
          expectApart(on, groupsWere);
          for (const { id, state, attempt } of on.state.resources) {
            if (state === ResourceState.Online) expect(on.confirmed.get(id)).toBe(attempt);
          }
          for (const [group, was] of groupsWere) {
            expect(group.sequence).toBeGreaterThanOrEqual(was.sequence);
            if (group.state === was.state || !on.state.groups.has(group)) continue;
            expect(group.sequence).toBeGreaterThan(was.sequence);
            const { id, sequence } = group;
            expect(on.events).toContainEqual(
              expect.objectContaining({ kind: "group", what: "state", id, sequence }),
            );
          }
          for (const [resource, was] of were) {
            expect(resource.sequence).toBeGreaterThanOrEqual(was.sequence);
            if (resource.state === was.state || !on.state.resources.has(resource)) continue;
            expect(resource.sequence).toBeGreaterThan(was.sequence);
            const { id, sequence } = resource;
            expect(on.events).toContainEqual(
              expect.objectContaining({ kind: "resource", what: "state", id, sequence }),
            );
          }
        }
      },
    ),
    { numRuns: 70 },
  );
});

test("a cluster comes to rest when its hosts have answered", () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.boolean(),
      fc.array(step, { maxLength: 40, size: "max" }),
      (isOnline, isRuled, steps) => {
        const on = build(isOnline, isRuled);
        for (const next of steps) {
          try {
            take(on, next);
          } catch (error) {
            expect(error).toBeInstanceOf(RpcError);
          }
        }
        on.settle();
        for (const resource of on.state.resources) {
          expect(isPending(resource), resource.name).toBe(false);
        }
        for (const group of on.state.groups) {
          expect(group.move).toBeNull();
          expect(group.isDeleting).toBe(false);
        }
        for (const node of on.state.nodes) {
          const isBusy = [...on.state.groups].some(
            ({ owner, queued }) => owner === node.id && queued !== null,
          );
          if (!isBusy) expect(node.drainStatus).not.toBe(DrainStatus.InProgress);
        }
        on.wait(10_000_000);
        on.settle();
        const failed = [...on.state.resources].filter(
          ({ state, isWanted }) => isWanted && state === ResourceState.Failed,
        );
        expect(failed.map(({ name }) => name)).toEqual([]);
      },
    ),
    { numRuns: 400 },
  );
});
