/** What a cluster and its server are like at the moment. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { performance } from "node:perf_hooks";
import {
  type Cluster,
  isWaiting,
  networkState,
  type Notifications,
  type StateStore,
} from "@msrpc/cluster";
import { GroupState, NetworkState, NodeState, ResourceState } from "@msrpc/ms-cmrp";
import { channelNames, type ConnectionEvent } from "@msrpc/rpc/diagnostics";
import type { TcpServer } from "@msrpc/rpc/tcp";
import type { Metrics, Sample } from "./exposition.ts";

/** Seconds: a commit waits for the disk. */
const commitBounds = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1,
];

export interface MeasuredStore {
  readonly store: StateStore;
  /** The last change could not be kept. */
  isFailing(): boolean;
}

/** A store whose commits are counted, with the time that they take. */
export function measuredStore(store: StateStore, metrics: Metrics): MeasuredStore {
  const failures = metrics.counter(
    "clusterd_store_failures_total",
    "Changes that could not be kept, and were undone.",
  );
  const duration = metrics.histogram(
    "clusterd_store_commit_duration_seconds",
    "Time until changes were kept.",
    commitBounds,
  );
  let isFailing = false;
  const commit: StateStore["commit"] = (changes, now) => {
    const start = performance.now();
    isFailing = true;
    try {
      store.commit(changes, now);
    } catch (error) {
      failures.add();
      throw error;
    }
    isFailing = false;
    duration.observe((performance.now() - start) / 1000);
  };
  return { store: { load: () => store.load(), commit }, isFailing: () => isFailing };
}

/** How many objects are in each state; 0 too, so that what is gone is seen to be. */
function byState(
  names: Readonly<Record<string, number>>,
  states: Iterable<number>,
): readonly Sample[] {
  const counts = new Map(Object.values(names).map((state) => [state, 0]));
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  const nameOf = (state: number): string =>
    Object.entries(names).find(([, value]) => value === state)?.[0] ?? String(state);
  return Array.from(counts, ([state, count]) => [{ state: nameOf(state) }, count] as const);
}

export function clusterMetrics({ state }: Cluster, metrics: Metrics): void {
  const { nodes, groups, resources, networks } = state;
  metrics.gauge("clusterd_nodes", "Nodes by state.", () =>
    byState(
      NodeState,
      Array.from(nodes, (node) => node.state),
    ),
  );
  metrics.gauge("clusterd_groups", "Groups by state.", () =>
    byState(
      GroupState,
      Array.from(groups, (group) => group.state),
    ),
  );
  metrics.gauge("clusterd_groups_waiting", "Groups that wait for others to start.", () => [
    [{}, [...groups].filter((group) => isWaiting(state, group)).length],
  ]);
  metrics.gauge("clusterd_resources", "Resources by state.", () =>
    byState(
      ResourceState,
      Array.from(resources, (resource) => resource.state),
    ),
  );
  metrics.gauge("clusterd_networks", "Networks by state.", () =>
    byState(
      NetworkState,
      Array.from(networks, (network) => networkState(state, network)),
    ),
  );
}

export function notificationMetrics(notifications: Notifications, metrics: Metrics): void {
  const gauge = (name: string, help: string, read: () => number): void =>
    metrics.gauge(`clusterd_notification_${name}`, help, () => [[{}, read()]]);
  gauge("ports", "Notification ports that are open.", () => notifications.size);
  gauge("queued", "Indications that nobody has fetched yet, of all ports.", () =>
    notifications.queued.reduce((sum, queued) => sum + queued, 0),
  );
  gauge("queued_longest", "Indications in the longest queue of a port.", () =>
    notifications.queued.reduce((most, queued) => Math.max(most, queued), 0),
  );
  gauge("waiting", "Calls that wait for indications.", () => notifications.waiting);
}

/** Gives back how to stop counting. */
export function serverMetrics(server: TcpServer, metrics: Metrics): Disposable {
  metrics.gauge("msrpc_connections", "Connections at present.", () => [[{}, server.connections]]);
  metrics.gauge("msrpc_handles", "Context handles at present.", () => [[{}, server.handles]]);
  metrics.counted("msrpc_pdus_received_total", "PDUs received.", () => server.statistics.packetsIn);
  metrics.counted("msrpc_pdus_sent_total", "PDUs sent.", () => server.statistics.packetsOut);
  const opened = metrics.counter("msrpc_connections_opened_total", "Connections accepted.");
  const ended = metrics.counter(
    "msrpc_connections_closed_total",
    "Connections that have ended, in order or with an error.",
  );
  const open = (message: unknown): void => {
    if ((message as ConnectionEvent).connection.role === "server") opened.add();
  };
  const close = (message: unknown): void => {
    const { connection, error } = message as ConnectionEvent;
    if (connection.role === "server") ended.add({ how: error === null ? "in order" : "error" });
  };
  subscribe(channelNames.connectionOpen, open);
  subscribe(channelNames.connectionClose, close);
  return {
    [Symbol.dispose]() {
      unsubscribe(channelNames.connectionOpen, open);
      unsubscribe(channelNames.connectionClose, close);
    },
  };
}

/** The process, by the names that Prometheus' own clients use. */
export function processMetrics(metrics: Metrics): void {
  metrics.gauge("process_resident_memory_bytes", "Memory that is resident, in octets.", () => [
    [{}, process.memoryUsage.rss()],
  ]);
  metrics.counted("process_cpu_seconds_total", "CPU time, in seconds.", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  const started = Date.now() / 1000 - process.uptime();
  metrics.gauge("process_start_time_seconds", "When it started, in seconds since 1970.", () => [
    [{}, started],
  ]);
}
