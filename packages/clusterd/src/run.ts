/** clusterd: a cluster served over TCP with its endpoint mapper, until it is told to stop. */
import { randomUUID } from "node:crypto";
import {
  define,
  genericApplication,
  keepTime,
  openCluster,
  resourceHost,
  serveCluster,
} from "@msrpc/cluster";
import { createRouter } from "@msrpc/rpc";
import { tcpServer } from "@msrpc/rpc/tcp";
import { EndpointMap, serveEndpointMapper, serveManagement } from "@msrpc/services";
import { definitionOf } from "./definition/chosen.ts";
import { because, type Log } from "./log.ts";
import type { Options } from "./options.ts";
import { openStore } from "./store.ts";
import { mechanismsOf, policyOf } from "./security.ts";

/**
 * Serves until `stopped` resolves.
 *
 * @throws TypeError for options that can't be followed; StoreError for a store that it can't open; the system's error where
 * it can't listen
 */
export async function runClusterd(
  options: Options,
  log: Log,
  stopped: Promise<unknown>,
): Promise<void> {
  const { listen, store: file, testMode } = options;
  const security = await mechanismsOf(options);
  const policy = policyOf(options);

  const surroundings = { now: () => Date.now(), newId: randomUUID };
  const host = resourceHost({
    types: [genericApplication],
    onError: (error, id) => {
      const name = cluster.state.resources.get(id)?.name ?? id;
      log.warn("resource.error", `Resource ${name}: ${because(error)}`, { resource: name });
    },
  });
  const definition = definitionOf(options);
  using store = openStore(file);
  let isNew = false;
  const cluster = openCluster({
    store,
    surroundings,
    host,
    define(tx) {
      isNew = true;
      define(tx, definition);
    },
  });
  if (options.definition !== null && !isNew) {
    const message = `${options.definition} was not used: ${file} has a cluster already`;
    log.warn("definition.unused", message, { definition: options.definition, store: file });
  }
  const stopTime = keepTime(cluster, (error) => log.error("cluster.error", because(error)));
  const router = createRouter({
    onError: (error, { operation, phase }) => {
      // A request that can't be decoded is its client's failure, all else is ours.
      const say = phase === "decode" ? log.warn : log.error;
      say("call.error", `${operation} (${phase}): ${because(error)}`, { operation, phase });
    },
  });
  serveCluster(router, cluster, { policy, ...(testMode && { minimumLevel: "none" }) });
  await using server = tcpServer(router, {
    security,
    onError: (error, { address }) => {
      const message = `Connection of ${address || "nobody"}: ${because(error)}`;
      log.warn("connection.error", message, { address });
    },
  });
  serveManagement(router, server);
  const endpoints = new EndpointMap();
  serveEndpointMapper(router, endpoints);
  const bindings: string[] = [];
  for (const binding of listen) bindings.push(await server.listen(binding));
  endpoints.register(router.interfaces, bindings);
  const { name, nodes, groups, resources } = cluster.state;
  for (const binding of bindings) {
    log.info("listening", `Cluster ${name} listens at ${binding}`, { cluster: name, binding });
  }
  if (testMode) {
    const warning = "TEST MODE: whoever reaches it may do everything, and calls need no sealing";
    log.warn("test-mode", warning);
  }
  log.info("started", `Cluster ${name} has started`, {
    cluster: name,
    nodes: nodes.size,
    groups: groups.size,
    resources: resources.size,
  });
  await stopped;
  stopTime();
  await host.close();
}
