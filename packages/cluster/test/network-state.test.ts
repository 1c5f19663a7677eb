/** What nodes that go and come do to their network interfaces and to networks, and who hears of it. */
import { Cluster, defaultDefinition, defineCluster } from "@msrpc/cluster";
import { NetInterfaceState, NetworkState } from "@msrpc/ms-cmrp";
import { expect, test } from "vitest";
import { evictNode, nodeCameUp, nodeWentDown } from "../src/core/nodes.ts";
import { networkState } from "../src/model/derived.ts";

/** Two nodes on one network. */
function start(): { cluster: Cluster; events: unknown[] } {
  const surroundings = { now: () => 1000, newId: () => crypto.randomUUID() };
  const [network] = defaultDefinition.networks;
  const definition = {
    ...defaultDefinition,
    nodes: [{ name: "node1" }, { name: "node2" }],
    networks: [
      {
        ...network!,
        interfaces: [1, 2].map((at) => ({
          name: `node${at} - Ethernet`,
          node: `node${at}`,
          address: `10.0.0.${at}`,
        })),
      },
    ],
  };
  const cluster = new Cluster(defineCluster(definition, surroundings), { surroundings });
  const events: unknown[] = [];
  cluster.listen((event) => {
    if (event.kind !== "network" && event.kind !== "netInterface") return;
    events.push([event.what, event.name, event.value, event.sequence]);
  });
  return { cluster, events };
}

const { Up, Unavailable } = NetInterfaceState;

test("the interfaces of a node that goes down are unavailable, and up when it is back", () => {
  const { cluster, events } = start();
  const node = cluster.state.nodes.find("node2")!;
  cluster.run((tx) => nodeWentDown(tx, node));
  cluster.run((tx) => nodeWentDown(tx, node));
  cluster.run((tx) => nodeCameUp(tx, node));
  expect(events).toEqual([
    ["state", "node2 - Ethernet", Unavailable, 1],
    ["state", "node2 - Ethernet", Up, 2],
  ]);
});

test("a network is unavailable when all of its interfaces are, and says so", () => {
  const { cluster, events } = start();
  const network = cluster.state.networks.find("Cluster Network 1")!;
  for (const node of cluster.state.nodes) cluster.run((tx) => nodeWentDown(tx, node));
  expect(networkState(cluster.state, network)).toBe(NetworkState.Unavailable);
  expect(events.at(-1)).toEqual(["state", "Cluster Network 1", NetworkState.Unavailable, 1]);
  cluster.run((tx) => nodeCameUp(tx, cluster.state.nodes.find("node1")!));
  expect(events.at(-1)).toEqual(["state", "Cluster Network 1", NetworkState.Up, 2]);
});

test("the interfaces of a node that is evicted go with it", () => {
  const { cluster, events } = start();
  cluster.run((tx) => evictNode(tx, cluster.state.nodes.find("node2")!));
  expect(events).toEqual([
    ["state", "node2 - Ethernet", Unavailable, 1],
    ["deleted", "node2 - Ethernet", undefined, 1],
  ]);
});

test("a failed interface is not up because its node is", () => {
  const { cluster } = start();
  const one = cluster.state.netInterfaces.find("node2 - Ethernet")!;
  const node = cluster.state.nodes.find("node2")!;
  cluster.run((tx) => tx.enter("netInterface", one, { state: NetInterfaceState.Failed }));
  cluster.run((tx) => tx.enter("node", node, { state: 3 }));
  cluster.run((tx) => nodeCameUp(tx, node));
  expect(one.state).toBe(NetInterfaceState.Failed);
});
