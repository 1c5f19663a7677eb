/** What happens to the cluster's objects, in the log. */
import { type Cluster, isWaiting, type ObjectKind, waitsFor } from "@msrpc/cluster";
import {
  GroupState,
  NetInterfaceState,
  NetworkState,
  NodeState,
  ResourceState,
} from "@msrpc/ms-cmrp";
import type { Log } from "./log.ts";

interface Logged {
  readonly title: string;
  /** Names of its states. */
  readonly states: Readonly<Record<string, number>>;
}

const logged: Readonly<Partial<Record<ObjectKind, Logged>>> = {
  node: { title: "Node", states: NodeState },
  group: { title: "Group", states: GroupState },
  resource: { title: "Resource", states: ResourceState },
  network: { title: "Network", states: NetworkState },
  netInterface: { title: "Interface", states: NetInterfaceState },
};

/** Gives back how to stop. */
export function logChanges(cluster: Cluster, log: Log): () => void {
  /** By ID. What is as it was is no news: groups that move are told of at each step. */
  const known = new Map<string, string>();
  /** Nodes of groups, as they were at each event: by now a group may be elsewhere. */
  const owners = new Map(Array.from(cluster.state.groups, ({ id, owner }) => [id, owner]));
  const placeOf = (id: string): Readonly<Record<string, string>> => ({
    group: cluster.state.groups.get(id)?.name ?? "",
    node: cluster.state.nodes.get(owners.get(id) ?? "")?.name ?? "",
  });
  const waiting = new Set<string>();
  /** That a group waits is no event. */
  const sayWaiting = (): void => {
    for (const id of waiting) if (!cluster.state.held.has(id)) waiting.delete(id);
    for (const id of cluster.state.held.keys()) {
      const group = cluster.state.groups.get(id);
      if (group === undefined || waiting.has(id) || !isWaiting(cluster.state, group)) continue;
      waiting.add(id);
      const { name } = group;
      const others = waitsFor(cluster.state, group, cluster.steady).join(", ");
      log.info("group.waiting", `Group ${name} waits for ${others} to start`, {
        group: name,
        for: others,
      });
    }
  };
  sayWaiting();
  return cluster.listen((event) => {
    sayWaiting();
    if (event.kind === "key") return;
    const { kind, what, id, name, parent, value } = event;
    if (kind === "group") owners.set(id, parent);
    const of = logged[kind];
    if (of === undefined) return;
    const fields = { [kind]: name, ...(kind === "resource" && placeOf(parent)) };
    if (what === "state") {
      // As it was when this happened; by now it may be in another one.
      const state = Object.entries(of.states).find(([, one]) => one === value)?.[0] ?? "Unknown";
      if (known.get(id) === state) return;
      known.set(id, state);
      const say = state === "Failed" ? log.warn : log.info;
      const where = "node" in fields ? ` on ${fields.node}` : "";
      const failure = state === "Failed" ? cluster.state.resources.get(id)?.failure?.text : "";
      const why = failure === undefined || failure === "" ? {} : { reason: failure };
      const said = why.reason === undefined ? "" : `: ${why.reason}`;
      const message = `${of.title} ${name} is ${state}${where}${said}`;
      say(`${kind}.state`, message, { ...fields, state, ...why });
    } else if (what === "added" || what === "deleted") {
      if (what === "deleted") for (const map of [known, owners]) map.delete(id);
      log.info(`${kind}.${what}`, `${of.title} ${name} was ${what}`, fields);
    } else if (kind === "group" && what === "owner") {
      const owner = cluster.state.nodes.get(parent)?.name ?? "";
      log.info("group.owner", `Group ${name} is on ${owner}`, { ...fields, node: owner });
    }
  });
}
