/** Clusters that tests manage: the real server over TCP, logged on and sealed, or in memory; and servers made for a test. */
import {
  accountList,
  ntlmServer,
  readAccounts,
  setPassword,
  spnegoServer,
  wellKnownSids,
} from "@msrpc/auth";
import { Cluster } from "@msrpc/clusapi";
import * as server from "@msrpc/cluster";
import { clusapi3 } from "@msrpc/ms-cmrp";
import { createRouter, type Handlers, inMemoryTransport, type Router } from "@msrpc/rpc";
import { tcpServer } from "@msrpc/rpc/tcp";
import { EndpointMap, endpointResolver, serveEndpointMapper } from "@msrpc/services";

export const account = { user: "alice", domain: "EXAMPLE", password: "Passw0rd.2" };

const strict = {
  onError: (error: unknown): void => {
    throw error;
  },
};

/** The default cluster, or a bigger one, behind its interface. */
export function clusterRouter(
  options: server.ServeClusterOptions = {},
  definition: Partial<server.ClusterDefinition> = {},
  host?: server.Host,
): Router {
  const surroundings = { now: () => 1000, newId: () => crypto.randomUUID() };
  const defined = { ...server.defaultDefinition, ...definition };
  const state = server.defineCluster(defined, surroundings);
  const router = createRouter(strict);
  return server.serveCluster(
    router,
    new server.Cluster(state, { surroundings, ...(host && { host }) }),
    options,
  );
}

export interface Served extends AsyncDisposable {
  /** Without its port, which the mapper knows. */
  readonly binding: string;
  readonly mapper: string;
  readonly resolveEndpoint: ReturnType<typeof endpointResolver>;
}

/** Serves a router over TCP, at an address of its own, with its endpoint mapper. */
export async function serveOverTcp(router: Router, address: string): Promise<Served> {
  const known = readAccounts(setPassword("", account));
  const groups = [wellKnownSids.administrators];
  const ntlm = ntlmServer({ accounts: accountList(known.map((one) => ({ ...one, groups }))) });
  const tcp = tcpServer(router, { security: [ntlm, spnegoServer([ntlm])] });
  const endpoints = new EndpointMap();
  serveEndpointMapper(router, endpoints);
  const mapper = await tcp.listen(`ncacn_ip_tcp:${address}[0]`);
  const binding = await tcp.listen(`ncacn_ip_tcp:${address}[0]`);
  endpoints.register([clusapi3], [binding]);
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
  const options: server.ServeClusterOptions = { policy: () => "all", minimumLevel: "none" };
  return await Cluster.over(inMemoryTransport(clusterRouter(options, definition, host)));
}

/** A server with these operations, and a name. */
export function fakeRouter(handlers: Handlers<(typeof clusapi3)["operations"]>): Router {
  return createRouter(strict).serve(clusapi3, {
    getClusterName: () => ({ clusterName: "cluster1", nodeName: "node1" }),
    ...handlers,
  });
}

export async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
