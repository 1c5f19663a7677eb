// The cluster that other clients manage: that of the default definition, with the second node that rpcclient pauses.
import { ntlmServer, wellKnownSids } from "@msrpc/auth";
import {
  Cluster,
  type ClusterDefinition,
  defaultDefinition,
  defineCluster,
  serveCluster,
} from "@msrpc/cluster";
import { type AuthLevel, createRouter } from "@msrpc/rpc";
import { tcpServer } from "@msrpc/rpc/tcp";
import { EndpointMap, serveEndpointMapper, serveManagement } from "@msrpc/services";
import { alice, storeOf, withSpnego } from "../../support/accounts.ts";

const definition: ClusterDefinition = {
  ...defaultDefinition,
  nodes: [...defaultDefinition.nodes, { name: "CTDB_NODE_0" }],
};

export interface ClusterServer extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly port: number;
  /** What went wrong at the server. */
  readonly errors: readonly unknown[];
}

/** `address`: where its endpoint mapper has port 135. */
export async function startCluster(
  address: string,
  minimumLevel: AuthLevel = "privacy",
): Promise<ClusterServer> {
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const surroundings = { now: () => Date.now(), newId: () => crypto.randomUUID() };
  const cluster = new Cluster(defineCluster(definition, surroundings), { surroundings });
  const router = createRouter({ onError });
  serveCluster(router, cluster, { minimumLevel });
  const accounts = storeOf([alice], [wellKnownSids.administrators]);
  const server = tcpServer(router, { security: withSpnego(ntlmServer({ accounts })), onError });
  serveManagement(router, server);
  const map = new EndpointMap();
  serveEndpointMapper(router, map);
  await server.listen(`ncacn_ip_tcp:${address}[135]`);
  const binding = await server.listen(`ncacn_ip_tcp:${address}[0]`);
  map.register(router.interfaces, [binding]);
  return {
    cluster,
    port: Number(/\[(\d+)\]/.exec(binding)?.[1]),
    errors,
    [Symbol.asyncDispose]: () => server.close({ graceTime: 0 }),
  };
}
