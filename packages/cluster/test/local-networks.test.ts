/** Networks of the local node, as the system has them. */
import { networkInterfaces } from "node:os";
import { defaultDefinition, localNetworks } from "@msrpc/cluster";
import { expect, test } from "vitest";
import { prefixOf } from "../src/network/prefix.ts";
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
      { ...rest, family: "IPv6", address: "fe80::1", cidr: "fe80::1/64" },
      { ...rest, family: "IPv6", address: "2001:db8:0:1f::7", cidr: "2001:db8:0:1f::7/60" },
    ],
    eth1: [{ ...rest, ...ethernet, address: "198.51.100.9", internal: false }],
  } as Found;
  expect(localNetworks("node1", found)).toEqual([
    {
      name: "Cluster Network 1",
      address: "192.0.2.64",
      addressMask: "255.255.255.192",
      ipv6Prefixes: ["fe80::/64", "2001:db8:0:10::/60"],
      interfaces: [
        {
          name: "node1 - eth0",
          node: "node1",
          address: "192.0.2.77",
          ipv6Addresses: ["fe80::1", "2001:db8:0:1f::7"],
        },
      ],
    },
    {
      name: "Cluster Network 2",
      address: "198.51.100.0",
      addressMask: "255.255.255.192",
      ipv6Prefixes: [],
      interfaces: [
        { name: "node1 - eth1", node: "node1", address: "198.51.100.9", ipv6Addresses: [] },
      ],
    },
  ]);
});

test.each([
  ["2001:db8::7", 64, "2001:db8::"],
  ["2001:db8:1:2:3:4:5:6", 128, "2001:db8:1:2:3:4:5:6"],
  ["2001:db8:ffff:ffff::1", 44, "2001:db8:fff0::"],
  ["fe80::1%eth0", 10, "fe80::"],
  ["::ffff:192.0.2.7", 120, "::ffff:c000:200"],
  ["2001:db8::7", 0, "::"],
])("the subnet of %s with %i bits begins at %s", (address, length, first) => {
  expect(prefixOf(address, length)).toBe(first);
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
