/** Networks of the local node, as the system has them. */
import { networkInterfaces } from "node:os";
import { defaultDefinition, localNetworks } from "@msrpc/cluster";
import { expect, test } from "vitest";
import { defineCluster } from "../src/definition/define.ts";

type Found = NonNullable<Parameters<typeof localNetworks>[1]>;
const rest = { mac: "00:00:00:00:00:00", cidr: null };
const loopback = { address: "127.0.0.1", netmask: "255.0.0.0", family: "IPv4", internal: true };

test("each subnet with an address of the system's is a network with the node's interface", () => {
  const ethernet = { address: "192.0.2.77", netmask: "255.255.255.192", family: "IPv4" };
  const found = {
    lo: [{ ...rest, ...loopback }],
    eth0: [
      { ...rest, ...ethernet, internal: false },
      { ...rest, ...ethernet, address: "192.0.2.78", internal: false },
    ],
    eth1: [{ ...rest, ...ethernet, address: "198.51.100.9", internal: false }],
  } as Found;
  expect(localNetworks("node1", found)).toEqual([
    {
      name: "Cluster Network 1",
      address: "192.0.2.64",
      addressMask: "255.255.255.192",
      interfaces: [{ name: "node1 - eth0", node: "node1", address: "192.0.2.77" }],
    },
    {
      name: "Cluster Network 2",
      address: "198.51.100.0",
      addressMask: "255.255.255.192",
      interfaces: [{ name: "node1 - eth1", node: "node1", address: "198.51.100.9" }],
    },
  ]);
});

test("a system with nothing but loopback has that", () => {
  const found = { lo: [{ ...rest, ...loopback }] } as Found;
  expect(localNetworks("node1", found)).toMatchObject([{ address: "127.0.0.0" }]);
});

test("a cluster is defined on the networks of this machine", () => {
  const networks = localNetworks("node1");
  const surroundings = { now: () => 0, newId: () => crypto.randomUUID() };
  const state = defineCluster({ ...defaultDefinition, networks }, surroundings);
  const addresses = new Set(
    Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address)),
  );
  expect([...state.netInterfaces].every(({ address }) => addresses.has(address))).toBe(true);
  expect(state.networks.size).toBe(networks.length);
});
