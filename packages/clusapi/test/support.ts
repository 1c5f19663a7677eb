/** Clusters that tests manage: the real server over TCP, logged on and sealed, or in memory; and servers made for a test. */
import { ntlmServer, wellKnownSids } from "@msrpc/auth";
import { Cluster } from "@msrpc/clusapi";
import * as server from "@msrpc/cluster";
import { clusapi2, clusapi3 } from "@msrpc/ms-cmrp";
import type { ClusterHandle } from "@msrpc/ms-cmrp/clusapi3";
import {
  createRouter,
  handleKind,
  type Handlers,
  inMemoryTransport,
  type Router,
} from "@msrpc/rpc";
import { tcpServer, type TcpServer } from "@msrpc/rpc/tcp";
import { EndpointMap, endpointResolver, serveEndpointMapper } from "@msrpc/services";
import { alice, storeOf, withSpnego } from "../../../test/support/accounts.ts";

const strict = {
  onError: (error: unknown): void => {
    throw error;
  },
};

/** Everything for whoever calls. */
export const forAll: server.ServeClusterOptions = { policy: () => "all", minimumLevel: "none" };

/** The default cluster, or a bigger one. */
export function newCluster(
  definition: Partial<server.ClusterDefinition> = {},
  host?: server.Host,
): server.Cluster {
  const surroundings = { now: () => 1000, newId: () => crypto.randomUUID() };
  const defined = { ...server.defaultDefinition, ...definition };
  const state = server.defineCluster(defined, surroundings);
  return new server.Cluster(state, { surroundings, ...(host && { host }) });
}

/** A cluster behind its interface. */
export function clusterRouter(
  options: server.ServeClusterOptions = {},
  definition: Partial<server.ClusterDefinition> = {},
  host?: server.Host,
): Router {
  return routerOf(newCluster(definition, host), options);
}

function routerOf(cluster: server.Cluster, options: server.ServeClusterOptions = forAll): Router {
  return server.serveCluster(createRouter(strict), cluster, options);
}

export interface Entrance {
  readonly server: TcpServer;
  readonly binding: string;
}

/** Several ways into one cluster, as its nodes are, each of which can be closed. */
export async function entrances(
  cluster: server.Cluster,
  count: number,
  options: server.ServeClusterOptions = forAll,
): Promise<Entrance[]> {
  const all: Entrance[] = [];
  // One router, as one server has: its batch ports hear of the batches that come by whatever entrance.
  const router = routerOf(cluster, options);
  for (let at = 0; at < count; at++) {
    const tcp = tcpServer(router);
    all.push({ server: tcp, binding: await tcp.listen("ncacn_ip_tcp:127.0.0.145[0]") });
  }
  return all;
}

export interface TwoWays extends AsyncDisposable {
  /** By the first entrance, until that is closed. */
  readonly cluster: Cluster;
  /** By the second one. */
  readonly other: Cluster;
  closeFirst(): Promise<void>;
}

/** A cluster with two entrances, and a client by each. */
export async function twoWays(served: server.Cluster = newCluster()): Promise<TwoWays> {
  const [one, two] = await entrances(served, 2);
  if (one === undefined || two === undefined) throw new TypeError("there are two");
  const candidates = [one.binding, two.binding];
  const cluster = await Cluster.connect(one.binding, { candidates });
  const other = await Cluster.connect(two.binding, { candidates: [] });
  return {
    cluster,
    other,
    closeFirst: () => one.server.close({ graceTime: 0 }),
    async [Symbol.asyncDispose]() {
      await cluster[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
      await Promise.all([one, two].map(({ server }) => server.close({ graceTime: 0 })));
    },
  };
}

export interface Served extends AsyncDisposable {
  /** Without its port, which the mapper knows. */
  readonly binding: string;
  readonly mapper: string;
  readonly resolveEndpoint: ReturnType<typeof endpointResolver>;
}

/** Serves a router over TCP, at an address of its own, with its endpoint mapper. */
export async function serveOverTcp(
  router: Router,
  address: string,
  versions: readonly (2 | 3)[] = [3],
): Promise<Served> {
  const accounts = storeOf([alice], [wellKnownSids.administrators]);
  const tcp = tcpServer(router, { security: withSpnego(ntlmServer({ accounts })) });
  const endpoints = new EndpointMap();
  serveEndpointMapper(router, endpoints);
  const mapper = await tcp.listen(`ncacn_ip_tcp:${address}[0]`);
  const binding = await tcp.listen(`ncacn_ip_tcp:${address}[0]`);
  const interfaces = { 2: clusapi2, 3: clusapi3 };
  endpoints.register(
    versions.map((version) => interfaces[version]),
    [binding],
  );
  return {
    binding: `ncacn_ip_tcp:${address}`,
    mapper,
    resolveEndpoint: endpointResolver({ mapper }),
    [Symbol.asyncDispose]: () => tcp.close({ graceTime: 0 }),
  };
}

/** The real server, without a network, for whoever calls. */
export async function connectInMemory(
  definition: Partial<server.ClusterDefinition> = {},
  host?: server.Host,
): Promise<Cluster> {
  return await Cluster.over(inMemoryTransport(clusterRouter(forAll, definition, host)));
}

const clusters = handleKind<ClusterHandle, string>("cluster");

/** A server with these operations, and a name. */
export function fakeRouter(handlers: Handlers<(typeof clusapi3)["operations"]>): Router {
  return createRouter(strict).serve(clusapi3, {
    getClusterName: () => ({ clusterName: "cluster1", nodeName: "node1" }),
    openClusterEx: (_request, { handles }) => ({
      grantedAccess: 0,
      returnValue: handles.open(clusters, "cluster1"),
    }),
    closeCluster({ cluster }, { handles }) {
      handles.close(clusters, cluster);
    },
    ...handlers,
  });
}

export async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
