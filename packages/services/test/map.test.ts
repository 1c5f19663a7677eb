/** ept_map: towers completed by our mapper, for the generated client. */
import { epm, Status } from "@msrpc/dce-rpc/epm";
import { nilUuid, transferSyntaxes } from "@msrpc/ndr";
import { createClient, createRouter } from "@msrpc/rpc";
import { tcpServer, tcpTransport } from "@msrpc/rpc/tcp";
import {
  encodeTower,
  EndpointMap,
  parseEndpoint,
  serveEndpointMapper,
  towerOf,
} from "@msrpc/services";
import { expect, test } from "vitest";
import {
  bindingsOf,
  type Mapper,
  mgmt,
  objects,
  other,
  setUp,
  towerFor,
} from "./support/mapper.ts";

interface Asked {
  readonly binding?: string;
  readonly target?: typeof other;
  readonly object?: string | null;
  readonly maxTowers?: number;
}

async function ask({ client }: Mapper, asked: Asked = {}): Promise<[string[], number]> {
  const { binding = "ncacn_ip_tcp:0.0.0.0[0]", target = other, object = null } = asked;
  const tower = towerFor(target, binding);
  const { maxTowers = 10 } = asked;
  const answer = await client.map({ object, tower, entryHandle: null, maxTowers });
  return [bindingsOf(answer.towers), answer.status];
}

const none = [[], Status.ept_s_not_registered];

test("a tower is completed with the endpoints of its protocols, in the order of registration", async () => {
  const mapper = setUp();
  mapper.map.register(
    [other, mgmt],
    [
      "ncacn_ip_tcp:192.0.2.1[5001]",
      "ncacn_np:\\\\SERVER[\\pipe\\other]",
      "ncadg_ip_udp:192.0.2.1[5002]",
      "ncacn_http:192.0.2.1[593]",
      "ncalrpc:[OTHER]",
      "ncacn_unix_stream:[/run/other]",
      "ncacn_ip_tcp:192.0.2.1[5003]",
    ],
  );
  const tcp = ["ncacn_ip_tcp:192.0.2.1[5001]", "ncacn_ip_tcp:192.0.2.1[5003]"];
  expect(await ask(mapper)).toEqual([tcp, 0]);
  for (const [binding, found] of [
    ["ncacn_np:[x]", "ncacn_np:\\\\SERVER[\\pipe\\other]"],
    ["ncadg_ip_udp:[0]", "ncadg_ip_udp:192.0.2.1[5002]"],
    ["ncacn_http:[0]", "ncacn_http:192.0.2.1[593]"],
    ["ncalrpc:[x]", "ncalrpc:[OTHER]"],
    ["ncacn_unix_stream:[x]", "ncacn_unix_stream:[/run/other]"],
  ] as const) {
    expect(await ask(mapper, { binding })).toEqual([[found], 0]);
  }
});

test("the interface and its major version have to be the same, the minor version at least", async () => {
  const mapper = setUp();
  mapper.map.register([other], ["ncacn_ip_tcp:192.0.2.1[5001]"]);
  const found = [["ncacn_ip_tcp:192.0.2.1[5001]"], 0];
  const version = (major: number, minor: number): Asked => {
    return { target: { ...other, version: { major, minor } } };
  };
  expect(await ask(mapper, version(1, 0))).toEqual(found);
  expect(await ask(mapper, version(1, 3))).toEqual(found);
  expect(await ask(mapper, version(1, 4))).toEqual(none);
  expect(await ask(mapper, version(2, 0))).toEqual(none);
  expect(await ask(mapper, version(0, 3))).toEqual(none);
  expect(await ask(mapper, { target: mgmt })).toEqual(none);
});

test("an endpoint for an object comes before one for any, and is nobody else's", async () => {
  const mapper = setUp();
  const [first, second] = objects;
  mapper.map.register([other], ["ncacn_ip_tcp:192.0.2.1[5001]"]);
  mapper.map.register([other], ["ncacn_ip_tcp:192.0.2.1[5002]"], { objects: [first] });
  const any = "ncacn_ip_tcp:192.0.2.1[5001]";
  expect(await ask(mapper, { object: first })).toEqual([["ncacn_ip_tcp:192.0.2.1[5002]", any], 0]);
  expect(await ask(mapper, { object: second })).toEqual([[any], 0]);
  expect(await ask(mapper, { object: nilUuid })).toEqual([[any], 0]);
  expect(await ask(mapper)).toEqual([[any], 0]);
});

test("another transfer syntax than NDR 2.0 is not registered", async () => {
  const { map, client } = setUp();
  map.register([other], ["ncacn_ip_tcp:192.0.2.1[5001]"]);
  const endpoint = parseEndpoint("ncacn_ip_tcp:[0]");
  const octets = encodeTower(towerOf(other, endpoint, transferSyntaxes.ndr64));
  const request = { object: null, tower: { octets }, entryHandle: null, maxTowers: 4 };
  expect(await client.map(request)).toEqual({
    entryHandle: null,
    towers: [],
    status: Status.ept_s_not_registered,
  });
});

for (const syntax of ["ndr", "ndr64"] as const) {
  for (const byteOrder of ["little", "big"] as const) {
    test(`towers come a few at a time, in ${syntax}, ${byteOrder}-endian`, async () => {
      const { map, client } = setUp({}, { syntax, byteOrder });
      const bindings = [1, 2, 3, 4, 5].map((port) => `ncacn_ip_tcp:192.0.2.1[${port}]`);
      map.register([other], bindings);
      const tower = towerFor(other, "ncacn_ip_tcp:[0]");
      const request = { object: null, tower, maxTowers: 2 };
      const one = await client.map({ ...request, entryHandle: null });
      const two = await client.map({ ...request, entryHandle: one.entryHandle });
      expect(two.entryHandle?.equals(one.entryHandle)).toBe(true);
      const three = await client.map({ ...request, entryHandle: two.entryHandle });
      const towers = [...one.towers, ...two.towers, ...three.towers];
      expect(bindingsOf(towers)).toEqual(bindings);
      expect(three).toMatchObject({ entryHandle: null, status: 0 });
    });
  }
}

test("no handle is left with the last tower, or where there is none", async () => {
  const { map, client } = setUp();
  map.register([other], ["ncacn_ip_tcp:192.0.2.1[1]", "ncacn_ip_tcp:192.0.2.1[2]"]);
  const tower = towerFor(other, "ncacn_ip_tcp:[0]");
  const request = { object: null, tower, entryHandle: null };
  expect((await client.map({ ...request, maxTowers: 2 })).entryHandle).toBeNull();
  expect((await client.map({ ...request, maxTowers: 1 })).entryHandle).not.toBeNull();
  expect(await client.map({ ...request, maxTowers: 0 })).toMatchObject({
    entryHandle: null,
    status: Status.ept_s_not_registered,
  });
});

test("no tower is not registered, and octets that are none are EPT_S_INVALID_ENTRY", async () => {
  const { client, errors } = setUp();
  const request = { object: null, entryHandle: null, maxTowers: 4 };
  expect(await client.map({ ...request, tower: null })).toMatchObject({
    towers: [],
    status: Status.ept_s_not_registered,
  });
  const tower = { octets: Uint8Array.of(5, 0, 1) };
  await expect(client.map({ ...request, tower })).rejects.toMatchObject({
    statusName: "EPT_S_INVALID_ENTRY",
  });
  expect(errors).toEqual([]);
});

test("who listens at any address is where the client reached the mapper", async () => {
  const router = createRouter({ onError: console.error });
  const map = new EndpointMap();
  serveEndpointMapper(router, map);
  await using server = tcpServer(router);
  const port = /\[(\d+)\]/.exec(await server.listen("ncacn_ip_tcp:[0]"))?.[1] ?? "";
  map.register(
    [other],
    [
      "ncacn_ip_tcp:192.0.2.1[1]",
      "ncacn_ip_tcp:[::1][2]",
      "ncacn_ip_tcp:[3]",
      "ncacn_ip_tcp:0.0.0.0[4]",
      "ncacn_ip_tcp:[::][5]",
      "ncacn_ip_tcp:localhost[6]",
      "ncacn_ip_tcp:127.0.0.2[7]",
    ],
  );
  const asked = { object: null, tower: towerFor(other, "ncacn_ip_tcp:[0]"), entryHandle: null };
  for (const host of ["127.0.0.1", "127.0.0.2"]) {
    await using transport = tcpTransport(`ncacn_ip_tcp:${host}[${port}]`);
    const { towers } = await createClient(epm, transport).map({ ...asked, maxTowers: 10 });
    const here = ["3", "4", "5", "6"].map((found) => `ncacn_ip_tcp:${host}[${found}]`);
    const elsewhere = ["ncacn_ip_tcp:192.0.2.1[1]", "ncacn_ip_tcp:[2]"];
    const own = "ncacn_ip_tcp:127.0.0.2[7]";
    expect(bindingsOf(towers)).toEqual(
      host === "127.0.0.2" ? [...here, own, ...elsewhere] : [...here, ...elsewhere, own],
    );
  }
});

test("pointers of an answer have other referent ids than those of its request", async () => {
  const stubs: Uint8Array[] = [];
  const { map, client } = setUp(
    {},
    { onStub: (event) => "stub" in event && stubs.push(event.stub) },
  );
  map.register([other], ["ncacn_ip_tcp:192.0.2.1[1]"]);
  const tower = towerFor(other, "ncacn_ip_tcp:[0]");
  await client.map({ object: objects[0], tower, entryHandle: null, maxTowers: 1 });
  const [request, response] = stubs.map((stub) => Buffer.from(stub));
  // The object's and the tower's; the tower's behind handle and counts.
  const ids = [request?.readUInt32LE(0), request?.readUInt32LE(20), response?.readUInt32LE(36)];
  expect(new Set(ids).size).toBe(3);
});

test("a client on the same machine is told its loopback address", async () => {
  const mapper = setUp();
  mapper.map.register([other], ["ncacn_ip_tcp:[5001]"]);
  expect(await ask(mapper)).toEqual([["ncacn_ip_tcp:127.0.0.1[5001]"], 0]);
});
