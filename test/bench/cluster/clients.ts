/** What clients ask of a cluster, and how long it takes. */
import { performance } from "node:perf_hooks";
import { clusapi3, type NotifyHandle, type ResourceHandle } from "@msrpc/ms-cmrp";
import {
  ClusterChangeV2,
  ClusterEnum,
  type ObjectHandle,
  ObjectType,
} from "@msrpc/ms-cmrp/clusapi3";
import type { ContextHandle } from "@msrpc/ndr";
import { type Client, createClient } from "@msrpc/rpc";
import { tcpTransport } from "@msrpc/rpc/tcp";
import type { Size } from "./world.ts";

export type ClusterClient = Client<typeof clusapi3.operations>;

export function connect(binding: string): ClusterClient {
  return createClient(clusapi3, tcpTransport(binding));
}

/** The names of all resources. */
export async function enumerateNames(client: ClusterClient, size: Size): Promise<void> {
  const { returnEnum } = await client.createEnum({ type: ClusterEnum.Resource });
  demandCount(returnEnum?.entries.length, size);
}

/** All resources with their groups. */
export async function enumerateWithGroups(client: ClusterClient, size: Size): Promise<void> {
  await using cluster = await client.openCluster();
  const asked = { cluster, properties: null, roProperties: null };
  const { resultList } = await client.createResourceEnum(asked);
  demandCount(resultList?.entries.length, size);
}

/** The cluster has two of its own. */
function demandCount(count: number | undefined, { resources }: Size): void {
  if (count !== resources + 2) throw new Error(`${count ?? 0} resources of ${resources}`);
}

/** CLUSCTL_RESOURCE_GET_COMMON_PROPERTIES. */
const getCommonProperties = 0x0100_0059;
const atOnce = 16;

/** Resources all over the cluster, so many. */
export async function openSome(
  client: ClusterClient,
  { resources }: Size,
  count: number,
): Promise<ResourceHandle[]> {
  const opened: ResourceHandle[] = [];
  for (let i = 0; i < count; i++) {
    const resourceName = `Resource ${Math.floor((i * resources) / count)}`;
    opened.push(await client.openResource({ resourceName }));
  }
  return opened;
}

/** The common properties of each, 16 at once. */
export async function readProperties(
  client: ClusterClient,
  opened: readonly ResourceHandle[],
): Promise<void> {
  const request = { controlCode: getCommonProperties, inBuffer: null, outBufferSize: 4096 };
  let next = 0;
  const readOn = async (): Promise<void> => {
    for (let resource = opened[next++]; resource !== undefined; resource = opened[next++]) {
      const { outBuffer } = await client.resourceControl({ resource, ...request });
      if (outBuffer.length === 0) throw new Error("a resource has no properties");
    }
  };
  await Promise.all(Array.from({ length: atOnce }, readOn));
}

/** Takes each offline, and brings it online again. */
export async function restart(
  client: ClusterClient,
  opened: readonly ResourceHandle[],
): Promise<void> {
  for (const resource of opened) {
    await client.offlineResource({ resource });
    await client.onlineResource({ resource });
  }
}

/** Makes so many resources in a group, and deletes them again. */
export async function makeAndDelete(client: ClusterClient, count: number): Promise<void> {
  await using group = await client.openGroup({ groupName: "Group 0" });
  const type = { resourceType: "Generic Application", flags: 0 };
  for (let i = 0; i < count; i++) {
    await using resource = await client.createResource({ group, resourceName: "Made", ...type });
    await client.deleteResource({ resource });
  }
}

/** Clients whose ports all watch for groups that are made. */
export class Watchers implements AsyncDisposable {
  readonly #clients: ClusterClient[] = [];
  readonly #ports: (readonly [ClusterClient, NotifyHandle])[] = [];

  async add(binding: string, { clients, ports }: Size): Promise<void> {
    for (let i = 0; i < clients; i++) {
      const client = connect(binding);
      this.#clients.push(client);
      const cluster = await client.openCluster();
      for (let port = 0; port < ports / clients; port++) {
        const notify = await client.createNotifyV2();
        await client.addNotifyV2({
          notify,
          object: cluster as ContextHandle as ObjectHandle,
          filter: {
            objectType: ObjectType.Cluster,
            filterFlags: BigInt(ClusterChangeV2.GroupAdded),
          },
          notifyKey: 0,
          version: 2,
          isTargetedAtObject: 0,
        });
        this.#ports.push([client, notify]);
      }
    }
  }

  /** Milliseconds until all but one in a hundred ports have told of a group that somebody makes. */
  async hearOfGroup(manager: ClusterClient): Promise<number> {
    let start = 0;
    const delays: number[] = [];
    const hear = async ([client, notify]: readonly [ClusterClient, NotifyHandle]) => {
      const { notifications } = await client.getNotifyV2({ notify });
      delays.push(performance.now() - start);
      const [told, ...more] = notifications ?? [];
      if (more.length > 0 || told?.notificationData.name !== "Made") {
        throw new Error("a port tells of something else");
      }
    };
    const all = Promise.all(this.#ports.map(hear));
    // What is sent first is there first: then every port waits.
    await Promise.all(this.#clients.map((client) => client.getClusterName()));
    start = performance.now();
    const made = manager.createGroup({ groupName: "Made" });
    await all;
    await manager.deleteGroup({ group: await made, force: 0 });
    return delays.toSorted((a, b) => a - b)[Math.ceil(delays.length * 0.99) - 1] ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#clients.map((client) => client[Symbol.asyncDispose]()));
  }
}
