/** States of interfaces that follow what can be reached, by a clock that the test moves. */
import { networkInterfaces } from "node:os";
import {
  Cluster,
  defaultDefinition,
  defineCluster,
  localNetworks,
  memoryStore,
  systemProbes,
  watchNetworks,
} from "@msrpc/cluster";
import { NetInterfaceState, NetworkState } from "@msrpc/ms-cmrp";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { nodeCameUp, nodeWentDown } from "../src/core/nodes.ts";
import { takeNetworks } from "../src/network/take-networks.ts";
import { networkState } from "../src/model/derived.ts";

afterEach(() => {
  vi.useRealTimers();
});

const surroundings = { now: () => 1000, newId: () => crypto.randomUUID() };
const { Up, Failed, Unreachable, Unavailable } = NetInterfaceState;
const delay = 1000;
const threshold = 3;

/** Two nodes, of which the first one is here, and what is found of their addresses. */
function watched() {
  vi.useFakeTimers();
  const [network] = defaultDefinition.networks;
  const state = defineCluster(
    {
      ...defaultDefinition,
      properties: { SameSubnetDelay: delay, SameSubnetThreshold: threshold },
      nodes: [{ name: "node1" }, { name: "node2" }],
      networks: [
        {
          ...network!,
          interfaces: ["node1", "node2"].map((node) => ({ name: node, node, address: node })),
        },
      ],
    },
    surroundings,
  );
  const cluster = new Cluster(state, { surroundings });
  const found = { here: ["node1"], answering: ["node1", "node2"], asked: 0 };
  const probes = {
    isHere: (address: string) => found.here.includes(address),
    answers: (address: string) => {
      found.asked++;
      return Promise.resolve(found.answering.includes(address));
    },
  };
  const stop = watchNetworks(cluster, { probes });
  onTestFinished(stop);
  const states = () => Array.from(state.netInterfaces, (one) => one.state);
  const network1 = state.networks.find("Cluster Network 1")!;
  return { cluster, found, states, stop, ofNetwork: () => networkState(state, network1) };
}

type Address = NonNullable<ReturnType<typeof networkInterfaces>[string]>[number];
const rest = { mac: "", internal: false };
const four = (address: string): Address => ({
  ...rest,
  address,
  netmask: "255.255.255.0",
  family: "IPv4",
  cidr: `${address}/24`,
});
const six = (address: string): Address => ({
  ...rest,
  address,
  netmask: "ffff:ffff:ffff:ffff::",
  family: "IPv6",
  cidr: `${address}/64`,
  scopeid: 0,
});

const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

test("an interface that its machine no longer has has failed, and is up when it is back", async () => {
  const { found, states } = watched();
  await pass(0);
  expect(states()).toEqual([Up, Up]);
  found.here = [];
  await pass(delay);
  expect(states()).toEqual([Failed, Up]);
  found.here = ["node1"];
  await pass(delay);
  expect(states()).toEqual([Up, Up]);
});

test("an interface is unreachable after as many misses as the threshold says, and its network is down", async () => {
  const { found, states, ofNetwork } = watched();
  await pass(0);
  found.answering = ["node1"];
  await pass((threshold - 1) * delay);
  expect(states()).toEqual([Up, Up]);
  await pass(delay);
  expect(states()).toEqual([Up, Unreachable]);
  expect(ofNetwork()).toBe(NetworkState.Down);
  found.answering = ["node1", "node2"];
  await pass(delay);
  expect(states()).toEqual([Up, Up]);
  expect(ofNetwork()).toBe(NetworkState.Up);
});

test("an answer in between begins the count anew", async () => {
  const { found, states } = watched();
  for (let round = 0; round < 3 * threshold; round++) {
    found.answering = round % threshold === threshold - 1 ? ["node1", "node2"] : ["node1"];
    await pass(delay);
    expect(states()).toEqual([Up, Up]);
  }
});

test("interfaces of a node that is down stay unavailable, whatever answers", async () => {
  const { cluster, found, states } = watched();
  const node = cluster.state.nodes.find("node2")!;
  cluster.run((tx) => nodeWentDown(tx, node));
  await pass(delay);
  expect(states()).toEqual([Up, Unavailable]);
  found.answering = ["node1"];
  cluster.run((tx) => nodeCameUp(tx, node));
  await pass(threshold * delay);
  expect(states()).toEqual([Up, Unreachable]);
});

test("a change of the delay counts from the next round on, and nobody asks once it has stopped", async () => {
  const { cluster, found, stop } = watched();
  await pass(0);
  const first = found.asked;
  await pass(2 * delay);
  expect(found.asked).toBe(3 * first);
  stop();
  await pass(10 * delay);
  expect(found.asked).toBe(3 * first);
  expect(cluster.state.netInterfaces.size).toBe(2);
});

test("an adapter that comes while the cluster runs is taken in, once, with its IPv6 addresses", async () => {
  vi.useFakeTimers();
  const cluster = new Cluster(defineCluster(defaultDefinition, surroundings), { surroundings });
  let address = "192.0.2.7";
  let looks = 0;
  const local = (): ReturnType<typeof localNetworks> => {
    looks++;
    return looks < 2 ? [] : localNetworks("node1", { eth9: [four(address), six("2001:db8::7")] });
  };
  const probes = { isHere: () => true, answers: () => Promise.resolve(true) };
  onTestFinished(watchNetworks(cluster, { probes, local }));
  const events: string[] = [];
  cluster.listen((event) => {
    if (event.kind !== "key") events.push(`${event.kind} ${event.what}`);
  });
  await pass(0);
  expect(events).toEqual([]);
  await pass(2 * delay);
  const added = cluster.state.netInterfaces.find("node1 - eth9");
  expect(added).toMatchObject({ address, ipv6Addresses: ["2001:db8::7"] });
  expect(cluster.state.networks.find("Cluster Network 2")).toMatchObject({
    ipv6Addresses: ["2001:db8::"],
    ipv6PrefixLengths: ["64"],
  });
  const count = events.length;
  await pass(3 * delay);
  expect(events).toHaveLength(count);
  address = "192.0.2.8";
  await pass(delay);
  expect(added?.address).toBe("192.0.2.8");
  expect(events.slice(count)).toEqual(["netInterface property"]);
});

test("a cluster that can't keep a network that was found says so, and tries again", async () => {
  vi.useFakeTimers();
  let isFull = true;
  const store = {
    ...memoryStore(),
    commit() {
      if (isFull) throw new Error("no room");
    },
  };
  const state = defineCluster(defaultDefinition, surroundings);
  const cluster = new Cluster(state, { surroundings, store });
  const errors: unknown[] = [];
  const probes = { isHere: () => true, answers: () => Promise.resolve(true) };
  const local = (): ReturnType<typeof localNetworks> =>
    localNetworks("node1", { eth9: [four("192.0.2.7")] });
  onTestFinished(watchNetworks(cluster, { probes, local, onError: (one) => errors.push(one) }));
  await pass(delay);
  expect(errors.map(String)).toContain("Error: no room");
  isFull = false;
  await pass(delay);
  expect(cluster.state.netInterfaces.find("node1 - eth9")).toBeDefined();
});

test("the system's probe finds loopback here and answering, and an address for documents neither", async () => {
  expect(systemProbes.isHere("127.0.0.1")).toBe(true);
  expect(await systemProbes.answers("127.0.0.1", 10_000)).toBe(true);
  expect(systemProbes.isHere("192.0.2.1")).toBe(false);
  expect(await systemProbes.answers("not an address", 1)).toBe(false);
});

test("a cluster that is there takes in networks that its machine is on, once", () => {
  const state = defineCluster(defaultDefinition, surroundings);
  const cluster = new Cluster(state, { surroundings });
  const ethernet = { netmask: "255.255.255.0", family: "IPv4", mac: "", cidr: null } as const;
  const found = (address: string): ReturnType<typeof networkInterfaces> => ({
    eth0: [{ ...ethernet, address, internal: false }],
  });
  for (const address of ["192.0.2.7", "192.0.2.7", "192.0.2.8"]) {
    cluster.run((tx) => takeNetworks(tx, localNetworks("node1", found(address))));
  }
  expect(Array.from(state.networks, ({ name, address }) => [name, address])).toEqual([
    ["Cluster Network 1", "127.0.0.0"],
    ["Cluster Network 2", "192.0.2.0"],
  ]);
  expect(Array.from(state.netInterfaces, ({ name, address }) => [name, address])).toEqual([
    ["node1 - Ethernet", "127.0.0.1"],
    ["node1 - eth0", "192.0.2.8"],
  ]);
});
