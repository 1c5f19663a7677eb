/** The end in good order: clients are sent on, resources stop, calls finish. */
import { type Cluster, type Notifications, resourcesStopped, stopResources } from "@msrpc/cluster";
import type { TcpServer } from "@msrpc/rpc/tcp";
import type { Log } from "./log.ts";

interface Stopping {
  readonly cluster: Cluster;
  readonly notifications: Notifications;
  readonly server: TcpServer;
  readonly log: Log;
  /** Milliseconds that resources have. */
  readonly timeout: number;
}

/** When the server takes no further calls. What has not stopped in time is left to whoever ends the host. */
export async function stopCluster(stopping: Stopping): Promise<void> {
  const { cluster, notifications, server, log, timeout } = stopping;
  const { name, resources } = cluster.state;
  log.info("stopping", `Cluster ${name} stops`, { cluster: name });
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), timeout);
  cluster.run(stopResources);
  const haveStopped = await resourcesStopped(cluster, giveUp.signal);
  clearTimeout(timer);
  if (!haveStopped) {
    for (const resource of resources) {
      if (resource.hosting === "none") continue;
      const message = `Resource ${resource.name} didn't stop in time, and is ended`;
      log.warn("resource.ended", message, { resource: resource.name });
    }
  }
  // Those who watch have heard of all that: the calls that wait for more would never finish.
  notifications.leave();
  await server.close();
  log.info("stopped", `Cluster ${name} has stopped`, { cluster: name });
}
