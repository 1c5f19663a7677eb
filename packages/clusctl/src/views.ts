/** What there is, gathered: rows for tables, and the JSON of the same commands. */
import {
  type Cluster,
  ClusterError,
  type Group,
  type GroupStatus,
  type Resource,
  type ResourceStatus,
  statusName,
} from "@msrpc/clusapi";
import { listOf, together } from "./output/together.ts";

export interface NodeView {
  readonly name: string;
  readonly id: string;
  readonly state: string;
}

export interface GroupView extends GroupStatus {
  readonly name: string;
  readonly id: string;
  /** Groups and group sets, while it waits for them to start. */
  readonly waitsFor?: readonly string[];
}

export interface ResourceView extends ResourceStatus {
  readonly name: string;
  readonly type: string;
  /** Why it failed. */
  readonly reason?: string;
}

export interface InterfaceView {
  readonly name: string;
  readonly node: string;
  readonly network: string;
  readonly state: string;
}

export interface NetworkView {
  readonly name: string;
  readonly id: string;
  readonly state: string;
}

export async function nodesOf(cluster: Cluster): Promise<NodeView[]> {
  return await together(await listOf(cluster.nodes()), async (node) => ({
    name: node.name,
    id: await node.id(),
    state: await node.state(),
  }));
}

export async function groupsOf(cluster: Cluster): Promise<GroupView[]> {
  return await together(await listOf(cluster.groups()), groupView);
}

export async function groupView(group: Group): Promise<GroupView> {
  return { name: group.name, id: await group.id(), ...(await group.status()) };
}

/** The same, with what those wait for that wait. */
export async function waitingGroupsOf(cluster: Cluster): Promise<GroupView[]> {
  return await together(await listOf(cluster.groups()), async (group) => {
    const view = await groupView(group);
    const names = view.state === "Offline" ? await waitsFor(cluster, group) : null;
    return names === null ? view : { ...view, waitsFor: names };
  });
}

/** Of a cluster, or of one group. @throws ClusterError for a group that there isn't */
export async function resourcesOf(owner: Cluster | Group): Promise<ResourceView[]> {
  return await together(await listOf(owner.resources()), resourceView);
}

export async function resourceView(resource: Resource): Promise<ResourceView> {
  const status = await resource.status();
  return {
    name: resource.name,
    type: await resource.type(),
    ...status,
    ...(status.state === "Failed" && (await failureOf(resource))),
  };
}

/** What its node says of why it failed, in words or as a status. */
async function failureOf({ common }: Resource): Promise<Pick<ResourceView, "reason">> {
  const { ResourceSpecificStatus: text, LastOperationStatusCode: code } = await common.get();
  if (text !== undefined && text !== "") return { reason: text };
  return code === undefined || code === 0n ? {} : { reason: statusName(Number(code)) };
}

/** What starts before a group; nothing where the server is older than that. */
export async function providersOf(group: Group): ReturnType<Group["providers"]> {
  return await group.providers().catch((error: unknown) => {
    if (ClusterError.is(error, "ERROR_INVALID_FUNCTION", "RPC_S_PROCNUM_OUT_OF_RANGE")) {
      return { groups: [], groupSets: [] };
    }
    throw error;
  });
}

/** CLUSGRP_STATUS_WAITING_FOR_DEPENDENCIES of the property StatusInformation. */
const waiting = 0x1000n;

/** What a group that waits before it starts does so for: groups and group sets, by name; null where it doesn't wait. */
export async function waitsFor(cluster: Cluster, group: Group): Promise<readonly string[] | null> {
  const { StatusInformation: status } = await group.common.get();
  if (((status ?? 0n) & waiting) === 0n) return null;
  const { groups, groupSets } = await providersOf(group);
  const before = await together(await listOf(cluster.groupSets()), async (set) => {
    const inside = (await listOf(set.groups())).some(({ name }) => name === group.name);
    return inside ? (await listOf(set.providers())).map(({ name }) => name) : [];
  });
  return [...new Set([...groups, ...groupSets, ...before.flat()])];
}

export async function networksOf(cluster: Cluster): Promise<NetworkView[]> {
  return await together(await listOf(cluster.networks()), async (network) => ({
    name: network.name,
    id: await network.id(),
    state: await network.state(),
  }));
}

/** An interface says neither its node nor its network: they say which interfaces they have. */
export async function interfacesOf(cluster: Cluster): Promise<InterfaceView[]> {
  const nodeOf = await owners(cluster.nodes());
  const networkOf = await owners(cluster.networks());
  return await together(await listOf(cluster.netInterfaces()), async (one) => ({
    name: one.name,
    node: nodeOf.get(one.name) ?? "",
    network: networkOf.get(one.name) ?? "",
    state: await one.state(),
  }));
}

interface WithInterfaces {
  readonly name: string;
  netInterfaces(): AsyncIterable<{ readonly name: string }>;
}

/** Whose each interface is. */
async function owners(objects: AsyncIterable<WithInterfaces>): Promise<Map<string, string>> {
  const pairs = await together(await listOf(objects), async (owner) =>
    (await listOf(owner.netInterfaces())).map(({ name }) => [name, owner.name] as const),
  );
  return new Map(pairs.flat());
}
