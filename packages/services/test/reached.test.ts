/** What clients of several addresses are told, and what they mean by it. */
import { nilUuid } from "@msrpc/ndr";
import { EndpointMap, endpointOf, parseEndpoint, towerOf } from "@msrpc/services";
import { expect, test } from "vitest";
import { rankForMap } from "../src/mapper/match.ts";
import { towerForClient, towersMeant } from "../src/mapper/reached.ts";
import { other } from "./support/mapper.ts";

const bindings = [
  "ncacn_ip_tcp:192.0.2.1[1]",
  "ncacn_ip_tcp:[2001:db8::1][2]",
  "ncacn_ip_tcp:[3]",
  "ncacn_np:[\\pipe\\x]",
];

/** Ports, with the addresses that a client is told, best first. */
function told(reached: string): string[] {
  const map = new EndpointMap();
  map.register([other], bindings);
  const asked = towerOf(other, parseEndpoint("ncacn_ip_tcp:[0]"));
  const rank = rankForMap(asked, nilUuid, reached);
  const fitting = [...map.entries()].filter((entry) => rank(entry) !== null);
  return fitting
    .toSorted((a, b) => (rank(a) ?? 0) - (rank(b) ?? 0))
    .map((entry) => {
      const { endpoint = "", host = "" } = endpointOf(towerForClient(entry, reached)) ?? {};
      return `${endpoint} ${host}`.trim();
    });
}

test("by IPv4, the address that was reached stands for any, and is preferred", () => {
  expect(told("192.0.2.1")).toEqual(["1 192.0.2.1", "3 192.0.2.1", "2"]);
  expect(told("192.0.2.9")).toEqual(["3 192.0.2.9", "1 192.0.2.1", "2"]);
});

test("by IPv6, no address stands for any, and who listens there is preferred", () => {
  expect(told("2001:db8::1")).toEqual(["2", "3", "1 192.0.2.1"]);
  expect(told("2001:db8::9")).toEqual(["3", "1 192.0.2.1", "2"]);
});

test("a client may mean a tower without an address by the one that it has seen", () => {
  const seen = towerOf(other, parseEndpoint("ncacn_ip_tcp:192.0.2.1[1]"));
  const any = towerOf(other, parseEndpoint("ncacn_ip_tcp:[1]"));
  expect(towersMeant(seen, "192.0.2.1")).toEqual([seen, any]);
  expect(towersMeant(seen, "192.0.2.9")).toEqual([seen]);
  expect(towersMeant(any, "192.0.2.1")).toEqual([any]);
});

test("a tower that asks by protocol alone is answered whatever the port's protocol", () => {
  const { floors, ...rest } = towerOf(other, parseEndpoint("ncacn_ip_tcp:[0]"));
  const rank = rankForMap({ ...rest, floors: floors.slice(0, 1) }, nilUuid, "192.0.2.1");
  const map = new EndpointMap();
  map.register([other], [...bindings, "ncalrpc:[X]"]);
  expect([...map.entries()].map(rank)).toEqual([0, 1, 0, 0, null]);
});

test("who is registered at any address keeps it beside the same port of an IPv6 address", () => {
  const map = new EndpointMap();
  map.register([other], ["ncacn_ip_tcp:[3]"]);
  map.register([other], ["ncacn_ip_tcp:[::1][3]"]);
  expect([...map.entries()].map(({ host }) => host)).toEqual([""]);
  expect(map.get(nilUuid, towerOf(other, parseEndpoint("ncacn_ip_tcp:[3]")))?.host).toBe("");
});
