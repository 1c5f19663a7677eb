/** What has to be so for a method to answer an error, and what calls have to say. */
import type { ServeClusterOptions } from "@msrpc/cluster";
import { ResourceState } from "@msrpc/ms-cmrp";
import { createAffinityRule } from "../../../src/core/affinity-rules.ts";
import { nodeWentDown, pauseNode } from "../../../src/core/nodes.ts";
import { lockResource } from "../../../src/core/online.ts";
import { AffinityType } from "../../../src/model/affinity.ts";
import type { ResourceType } from "../../../src/model/objects.ts";
import type { StatusName } from "../../../src/service/methods/row.ts";
import type { Version } from "../../../src/service/methods/table.ts";
import type { Key } from "../requests.ts";
import type { Handles, Scene } from "../scene.ts";

export interface ErrorCase {
  readonly keys: readonly Key[];
  readonly error: StatusName;
  /** By default those whose table has the error. */
  readonly version?: Version;
  /** What is other about the server. */
  readonly options?: ServeClusterOptions;
  /** What becomes so in the scene before the call. */
  readonly given?: (scene: Scene) => void;
  /** Members of the request that are not as in the one that succeeds. */
  readonly but?: (handles: Handles) => object;
}

/** Something that has to be there. */
export function known<T>(one: T | undefined): T {
  if (one === undefined) throw new TypeError("the scene has no such thing");
  return one;
}

export function all(...given: readonly ((scene: Scene) => void)[]): (scene: Scene) => void {
  return (scene) => {
    for (const one of given) one(scene);
  };
}

export function inState(name: string, state: number): (scene: Scene) => void {
  return ({ cluster }) => {
    const resource = known(cluster.state.resources.find(name));
    cluster.run((tx) => tx.enter("resource", resource, { state }));
  };
}

export const pending = (name: string): ((scene: Scene) => void) =>
  inState(name, ResourceState.OnlinePending);

export function locked(name: string): (scene: Scene) => void {
  return ({ cluster }) => {
    const { id } = known(cluster.state.resources.find(name));
    cluster.run((tx) => lockResource(tx, id, true));
  };
}

export function paused(name: string): (scene: Scene) => void {
  return ({ cluster }) => cluster.run((tx) => pauseNode(tx, known(cluster.state.nodes.find(name))));
}

export function down(name: string): (scene: Scene) => void {
  return ({ cluster }) =>
    cluster.run((tx) => nodeWentDown(tx, known(cluster.state.nodes.find(name))));
}

/** The empty group is about to be deleted. */
export function deletingEmpty({ cluster }: Scene): void {
  const group = known(cluster.state.groups.find("Empty"));
  cluster.run((tx) => tx.update("group", group, { isDeleting: true }));
}

export const slow = (scene: Scene): void => void (scene.hosts = "slow");
export const failing = (scene: Scene): void => void (scene.hosts = "failing");

/** The resource may run on the server's own node alone. */
export function onlyHere(name: string): (scene: Scene) => void {
  return ({ cluster }) => {
    const resource = known(cluster.state.resources.find(name));
    const possibleOwners = [cluster.state.localNode];
    cluster.run((tx) => tx.configure("resource", resource, { possibleOwners }));
  };
}

/** A rule keeps groups together or apart. */
export function bound(
  type: keyof typeof AffinityType,
  ...names: readonly string[]
): (scene: Scene) => void {
  return ({ cluster }) => {
    const rule = { type: AffinityType[type], groups: names, isEnabled: true, isSoft: false };
    cluster.run((tx) => createAffinityRule(tx, "Rule", rule));
  };
}

/** The group is on the other node. */
export function elsewhere(name: string): (scene: Scene) => void {
  return ({ cluster }) => {
    const group = known(cluster.state.groups.find(name));
    const { id: owner } = known(cluster.state.nodes.find("node2"));
    cluster.run((tx) => tx.enter("group", group, { owner }));
  };
}

export function withType(
  name: string,
  given: Partial<Pick<ResourceType, "characteristics">>,
): (scene: Scene) => void {
  return ({ cluster }) => {
    const type = known(cluster.state.resourceTypes.find(name));
    cluster.run((tx) => tx.configure("resourceType", type, given));
  };
}
