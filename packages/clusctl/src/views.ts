/** What there is, gathered: rows for tables, and the JSON of the same commands. */
import type { Cluster, Group, GroupStatus, ResourceStatus } from "@msrpc/clusapi";
import { listOf, together } from "./output/together.ts";

export interface NodeView {
  readonly name: string;
  readonly id: string;
  readonly state: string;
}

export interface GroupView extends GroupStatus {
  readonly name: string;
  readonly id: string;
}

export interface ResourceView extends ResourceStatus {
  readonly name: string;
  readonly type: string;
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

export async function resourcesOf(cluster: Cluster): Promise<ResourceView[]> {
  return await together(await listOf(cluster.resources()), async (resource) => ({
    name: resource.name,
    type: await resource.type(),
    ...(await resource.status()),
  }));
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
