/** What happens to the cluster's objects, in the log. */
import { type Cluster, networkState, type ObjectKind } from "@msrpc/cluster";
import {
  GroupState,
  NetInterfaceState,
  NetworkState,
  NodeState,
  ResourceState,
} from "@msrpc/ms-cmrp";
import type { Log } from "./log.ts";

const titles: Readonly<Partial<Record<ObjectKind, string>>> = {
  node: "Node",
  group: "Group",
  resource: "Resource",
  network: "Network",
  netInterface: "Interface",
};

/** Gives back how to stop. */
export function logChanges(cluster: Cluster, log: Log): () => void {
  return cluster.listen((event) => {
    if (event.kind === "key") return;
    const { kind, what, id, name } = event;
    const title = titles[kind];
    if (title === undefined) return;
    if (what === "state") {
      const state = stateOf(cluster, kind, id);
      const say = state === "Failed" ? log.warn : log.info;
      say(`${kind}.state`, `${title} ${name} is ${state}`, { [kind]: name, state });
    } else if (what === "added" || what === "deleted") {
      log.info(`${kind}.${what}`, `${title} ${name} was ${what}`, { [kind]: name });
    } else if (kind === "group" && what === "owner") {
      const owner = cluster.state.nodes.get(event.parent)?.name ?? "";
      log.info("group.owner", `${title} ${name} is on ${owner}`, { group: name, node: owner });
    }
  });
}

function stateOf({ state }: Cluster, kind: ObjectKind, id: string): string {
  const named = (names: Readonly<Record<string, number>>, value: number | undefined): string =>
    Object.entries(names).find(([, one]) => one === value)?.[0] ?? "gone";
  switch (kind) {
    case "node":
      return named(NodeState, state.nodes.get(id)?.state);
    case "group":
      return named(GroupState, state.groups.get(id)?.state);
    case "resource":
      return named(ResourceState, state.resources.get(id)?.state);
    case "netInterface":
      return named(NetInterfaceState, state.netInterfaces.get(id)?.state);
    default: {
      const network = state.networks.get(id);
      return named(NetworkState, network && networkState(state, network));
    }
  }
}
