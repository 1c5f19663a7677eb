/** Endpoints as text, and as towers. */
import {
  decodeTower,
  type Endpoint,
  encodeTower,
  endpointOf,
  formatEndpoint,
  parseEndpoint,
  towerOf,
  type TowerProtocol,
} from "@msrpc/services";
import { BindingError } from "@msrpc/rpc";
import fc from "fast-check";
import { expect, test } from "vitest";
import { other } from "./support/mapper.ts";

const texts: readonly (readonly [string, TowerProtocol, string, string])[] = [
  ["ncacn_ip_tcp:[135]", "ncacn_ip_tcp", "", "135"],
  ["NCACN_IP_TCP:server.example.com[0]", "ncacn_ip_tcp", "server.example.com", "0"],
  ["ncacn_ip_tcp:192.0.2.1[65535]", "ncacn_ip_tcp", "192.0.2.1", "65535"],
  ["ncacn_ip_tcp:[::1][5000]", "ncacn_ip_tcp", "::1", "5000"],
  ["ncacn_ip_tcp:[fe80::1%eth0][5000]", "ncacn_ip_tcp", "fe80::1%eth0", "5000"],
  ["ncadg_ip_udp:192.0.2.1[135]", "ncadg_ip_udp", "192.0.2.1", "135"],
  ["ncacn_http:[593]", "ncacn_http", "", "593"],
  ["ncacn_np:\\\\SERVER[\\pipe\\lsass]", "ncacn_np", "\\\\SERVER", "\\pipe\\lsass"],
  ["ncacn_np:[\\\\pipe\\\\lsass]", "ncacn_np", "", "\\pipe\\lsass"],
  ["ncalrpc:[OLE\\]\\,1]", "ncalrpc", "", "OLE],1"],
  ["ncacn_unix_stream:[/run/echo]", "ncacn_unix_stream", "", "/run/echo"],
];

test.each(texts)("%s is an endpoint", (text, protocol, host, endpoint) => {
  expect(parseEndpoint(text)).toEqual({ protocol, host, endpoint });
});

test.each([
  "",
  "ncacn_ip_tcp",
  "ncacn_ip_tcp:host",
  "ncacn_ip_tcp:host[]",
  "ncacn_ip_tcp:host[ldap]",
  "ncacn_ip_tcp:host[65536]",
  "ncacn_ip_tcp:host[-1]",
  "ncacn_ip_tcp:host[135,seal]",
  "ncacn_ip_tcp:host[135",
  "ncacn_ip_tcp:host[135]x",
  "ncacn_spx:host[1]",
  "toString:host[1]",
  "11111111-1111-4111-8111-111111111111@ncacn_ip_tcp:host[1]",
])("%j is none", (text) => {
  expect(() => parseEndpoint(text)).toThrow(BindingError);
});

const names = fc.string({
  minLength: 1,
  unit: fc.constantFrom("a", "\\", "]", "[", ",", "=", "/", "é"),
});

test("any name comes back from its text and from its tower", () => {
  fc.assert(
    fc.property(
      fc.constantFrom<TowerProtocol[]>("ncacn_np", "ncalrpc", "ncacn_unix_stream"),
      names,
      (protocol, endpoint) => {
        const value: Endpoint = { protocol, host: "", endpoint };
        expect(parseEndpoint(formatEndpoint(value))).toEqual(value);
        expect(endpointOf(decodeTower(encodeTower(towerOf(other, value))))).toEqual(value);
      },
    ),
  );
});

test("a tower has no room for a name or an IPv6 address: they are any address", () => {
  for (const host of ["", "0.0.0.0", "::1", "server.example.com"]) {
    const tower = towerOf(other, { protocol: "ncacn_ip_tcp", host, endpoint: "1" });
    expect(endpointOf(tower)).toEqual({ protocol: "ncacn_ip_tcp", host: "", endpoint: "1" });
  }
});

test("protocols in an order that nobody uses lead nowhere", () => {
  const { floors, ...rest } = towerOf(other, {
    protocol: "ncacn_ip_tcp",
    host: "",
    endpoint: "1",
  });
  expect(endpointOf({ ...rest, floors: floors.toReversed() })).toBeNull();
  expect(endpointOf({ ...rest, floors: floors.slice(0, 2) })).toBeNull();
});
