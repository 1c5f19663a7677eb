/** clusterd: a cluster served over TCP with its endpoint mapper, until it is told to stop. */
import {
  type Cluster,
  type ClusterDefinition,
  createMissingTypes,
  define,
  type HostingType,
  keepTime,
  localNetworks,
  Notifications,
  openCluster,
  resourceHost,
  type ResourceHost,
  serveCluster,
  type ServerState,
  type StateStore,
  systemSurroundings,
  watchNetworks,
  type NetworkWatchOptions,
} from "@msrpc/cluster";
import { BindingError, createRouter, type Router } from "@msrpc/rpc";
import { tcpServer, type TcpServer } from "@msrpc/rpc/tcp";
import { EndpointMap, serveEndpointMapper, serveManagement } from "@msrpc/services";
import { logChanges } from "./changes.ts";
import { connectionErrors } from "./connection-errors.ts";
import { definitionOf } from "./definition/chosen.ts";
import { typesOf } from "./hosting.ts";
import { because, type Log } from "./log.ts";
import { serveMachine } from "./machine.ts";
import { measuredCalls } from "./metrics/calls.ts";
import {
  clusterMetrics,
  measuredStore,
  notificationMetrics,
  processMetrics,
  serverMetrics,
} from "./metrics/cluster.ts";
import { Metrics } from "./metrics/exposition.ts";
import { type Health, type MetricsServer, serveMetrics } from "./metrics/http.ts";
import { exampleBinding, type Options } from "./options.ts";
import { type PlayAnswer, playNode } from "./play.ts";
import { mechanismsOf, policyOf } from "./security.ts";
import { stopCluster } from "./stop.ts";
import { backUpOnSignal, openStore } from "./store.ts";

/** Octets: four of the largest answers, and about as much as is sealed in a second. */
const maxUnread = 64 << 20;
/** Milliseconds: who wants to log on does so at once, and who asks the endpoint mapper has its answer. */
const maxIdleOfStrangers = 30_000;

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
  const security = await mechanismsOf(options);
  const policy = policyOf(options);
  const types = await typesOf(options);
  const definition = definitionOf(options, types);
  const metrics = new Metrics();
  let status: "starting" | "serving" | "stopping" = "starting";

  using store = openStore(options.store);
  using _backups = backUpOnSignal(store, options.backup, log);
  const kept = measuredStore(store, metrics);
  const host = hostOf(types, log, (id) => cluster.state.resources.get(id)?.name ?? id);
  await using _hosting = { [Symbol.asyncDispose]: () => host.close() };
  const cluster = startCluster(options, definition, kept.store, host, log);
  cluster.run((tx) => createMissingTypes(tx, types));
  const onError = (error: unknown): void => log.error("cluster.error", because(error));
  using _time = disposable(keepTime(cluster, onError));
  using _networks = options.probeNetworks
    ? disposable(watchNetworks(cluster, { onError, ...localOf(options, cluster) }))
    : null;
  using _changes = disposable(logChanges(cluster, log));

  const router = routerOf(log, metrics);
  const notifications = new Notifications(cluster);
  const serverState = (): ServerState => (status === "stopping" ? "leaving" : "readWrite");
  const levels = options.testMode ? ({ minimumLevel: "none" } as const) : {};
  serveCluster(router, cluster, { policy, serverState, notifications, ...levels });
  const machine = serveMachine(router, { policy, minimumLevel: "privacy", ...levels });
  using errors = connectionErrors(log);
  await using server = tcpServer(router, {
    security,
    limits: { maxUnread, ...(!options.testMode && { maxIdleOfStrangers }) },
    onError: errors.say,
  });
  serveManagement(router, server);
  const endpoints = new EndpointMap();
  serveEndpointMapper(router, endpoints);

  using _counted = serverMetrics(server, metrics);
  clusterMetrics(cluster, metrics);
  notificationMetrics(notifications, metrics);
  processMetrics(metrics);
  await using _http = await watched(options, log, metrics, cluster, () => ({
    status: status === "serving" && kept.isFailing() ? "failing" : status,
    cluster: cluster.state.name,
  }));

  const bindings: string[] = [];
  for (const binding of options.listen) bindings.push(await listenAt(server, binding));
  endpoints.register(router.interfaces, bindings);
  status = "serving";
  machine.is(status);
  sayStarted(cluster, bindings, options, log);
  await stopped;
  status = "stopping";
  machine.is(status);
  await stopCluster({ cluster, notifications, server, log, timeout: options.stopTimeout });
}

function hostOf(
  types: readonly HostingType[],
  log: Log,
  nameOf: (id: string) => string,
): ResourceHost {
  return resourceHost({
    types,
    onError: (error, id) => {
      const name = nameOf(id);
      log.warn("resource.error", `Resource ${name}: ${because(error)}`, { resource: name });
    },
    onOutput(line, stream, id) {
      const name = nameOf(id);
      log.info("resource.output", `Resource ${name} says: ${line}`, { resource: name, stream });
    },
  });
}

/** The cluster of the store, or where that is empty of the definition. */
function startCluster(
  { definition: file, store: path }: Options,
  definition: ClusterDefinition,
  store: StateStore,
  host: ResourceHost,
  log: Log,
): Cluster {
  let isNew = false;
  const cluster = openCluster({
    store,
    surroundings: systemSurroundings,
    host,
    define(tx) {
      isNew = true;
      define(tx, definition);
    },
  });
  if (file !== null && !isNew) {
    const message = `${file} was not used: ${path} has a cluster already`;
    log.warn("definition.unused", message, { definition: file, store: path });
  }
  return cluster;
}

function localOf(
  { localNetworks: isLocal }: Options,
  { state: { nodes, localNode } }: Cluster,
): Pick<NetworkWatchOptions, "local"> {
  return isLocal ? { local: () => localNetworks(nodes.get(localNode)?.name ?? "") } : {};
}

function routerOf(log: Log, metrics: Metrics): Router {
  const undecodable = metrics.counter(
    "msrpc_undecodable_requests_total",
    "Requests that were no request of their operation, by operation.",
  );
  return createRouter({
    interceptors: [measuredCalls(metrics, log)],
    onError: (error, { operation, phase }) => {
      // A request that can't be decoded is its client's failure, all else is ours.
      const say = phase === "decode" ? log.warn : log.error;
      if (phase === "decode") undecodable.add({ operation });
      say("call.error", `${operation} (${phase}): ${because(error)}`, { operation, phase });
    },
  });
}

/** @throws TypeError for what is no binding; the system's error, with the option that it is about */
async function listenAt(server: TcpServer, binding: string): Promise<string> {
  try {
    return await server.listen(binding);
  } catch (cause) {
    const why = because(cause);
    if (cause instanceof BindingError) {
      throw new TypeError(`--listen: ${why}; one is ${exampleBinding}`, { cause });
    }
    const taken = why.includes("EADDRINUSE") ? "; another program listens there" : "";
    throw new Error(`--listen ${binding}: ${why}${taken}`, { cause });
  }
}

async function watched(
  { metrics: address, testMode }: Options,
  log: Log,
  metrics: Metrics,
  cluster: Cluster,
  health: () => Health,
): Promise<MetricsServer | null> {
  if (address === null) return null;
  const play = testMode ? (path: string): PlayAnswer | null => playNode(cluster, path) : undefined;
  const server = await serveMetrics(address, metrics, health, play).catch((cause: unknown) => {
    if (cause instanceof TypeError) throw cause;
    throw new Error(`--metrics ${address}: ${because(cause)}`, { cause });
  });
  const { url, isLoopback } = server;
  log.info("metrics", `Metrics are at ${url}/metrics, health at ${url}/health`, { url });
  if (!isLoopback) log.warn("metrics.open", `Whoever reaches ${url} may read them`, { url });
  return server;
}

function sayStarted(
  { state }: Cluster,
  bindings: readonly string[],
  { testMode }: Options,
  log: Log,
): void {
  const { name, nodes, groups, resources } = state;
  for (const binding of bindings) {
    log.info("listening", `Cluster ${name} listens at ${binding}`, { cluster: name, binding });
  }
  if (testMode) {
    const warning = "TEST MODE: whoever reaches it may do everything, and calls need no sealing";
    log.warn("test-mode", warning);
  }
  log.info("started", `Cluster ${name} has started in process ${process.pid}`, {
    cluster: name,
    nodes: nodes.size,
    groups: groups.size,
    resources: resources.size,
    pid: process.pid,
  });
}

function disposable(end: () => void): Disposable {
  return { [Symbol.dispose]: end };
}
