/** Changing an endpoint map: from here, and from elsewhere by ept_insert, ept_delete and ept_mgmt_delete. */
import { epm, Status } from "@msrpc/dce-rpc/epm";
import { NdrWriter, nilUuid } from "@msrpc/ndr";
import { createClient } from "@msrpc/rpc";
import { tcpServer, tcpTransport } from "@msrpc/rpc/tcp";
import { EndpointMap, formatEndpoint, endpointOf } from "@msrpc/services";
import { expect, test } from "vitest";
import { entryFor, mgmt, objects, other, setUp, towerFor } from "./support/mapper.ts";

const binding = "ncacn_ip_tcp:192.0.2.1[5001]";

/** Interface, endpoint, object and annotation of each entry, as far as they say anything. */
function contents(map: EndpointMap): string[] {
  return [...map.entries()].map(({ tower, object, annotation }) => {
    const endpoint = endpointOf(tower);
    const parts = [
      tower.interface.uuid === other.uuid ? "other" : "mgmt",
      endpoint === null ? "?" : formatEndpoint(endpoint),
      object === nilUuid ? "" : object.slice(0, 4),
      annotation,
    ];
    return parts.filter((part) => part !== "").join(" ");
  });
}

test("interfaces are registered at each endpoint, for each object, until they are disposed of", () => {
  const map = new EndpointMap();
  {
    using _kept = map.register([other, mgmt], [binding, "ncacn_np:[\\pipe\\x]"], {
      objects,
      annotation: "note",
    });
    expect(contents(map)).toEqual([
      `other ${binding} 1111 note`,
      `other ${binding} 2222 note`,
      "other ncacn_np:[\\pipe\\x] 1111 note",
      "other ncacn_np:[\\pipe\\x] 2222 note",
      `mgmt ${binding} 1111 note`,
      `mgmt ${binding} 2222 note`,
      "mgmt ncacn_np:[\\pipe\\x] 1111 note",
      "mgmt ncacn_np:[\\pipe\\x] 2222 note",
    ]);
  }
  expect(map.size).toBe(0);
});

test("what was registered twice stays until both are disposed of", () => {
  const map = new EndpointMap();
  const first = map.register([other], [binding], { annotation: "first" });
  const second = map.register([other], [binding], { annotation: "second" });
  expect(contents(map)).toEqual([`other ${binding} second`]);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  expect(map.size).toBe(1);
  second[Symbol.dispose]();
  expect(map.size).toBe(0);
});

const bad: readonly (readonly [string, () => unknown])[] = [
  ["BindingError", () => new EndpointMap().register([other], ["ncacn_ip_tcp:host"])],
  ["BindingError", () => new EndpointMap().register([other], ["ncacn_ip_tcp:host[http]"])],
  ["BindingError", () => new EndpointMap().register([other], ["ncacn_ip_tcp:host[65536]"])],
  ["BindingError", () => new EndpointMap().register([other], ["ncacn_spx:host[1]"])],
  ["TypeError", () => new EndpointMap().register([other], [binding], { objects: ["x"] })],
  [
    "TypeError",
    () => new EndpointMap().register([other], [binding], { annotation: "x".repeat(64) }),
  ],
  ["TypeError", () => new EndpointMap().register([other], [binding], { annotation: "€" })],
  ["TowerError", () => new EndpointMap().register([other], ["ncacn_np:[€]"])],
];

test.each(bad)("%s is thrown for what can't be registered: %s", (name, register) => {
  expect(register).toThrow(expect.objectContaining({ name }));
});

test("nothing is registered where a part can't be", () => {
  const map = new EndpointMap();
  expect(() => map.register([other], [binding, "ncacn_ip_tcp:"])).toThrow(SyntaxError);
  expect(map.size).toBe(0);
});

test("a local client inserts and deletes entries", async () => {
  const { map, client } = setUp();
  const entries = [
    entryFor(other, binding, objects[0], "first"),
    entryFor(mgmt, "ncalrpc:[MGMT]", nilUuid, "second"),
  ];
  await client.insert({ entries, replace: 0 });
  expect(contents(map)).toEqual([`other ${binding} 1111 first`, "mgmt ncalrpc:[MGMT] second"]);
  await client.insert({ entries: [{ ...entries[0]!, annotation: "third" }], replace: 0 });
  expect(contents(map)).toEqual([`other ${binding} 1111 third`, "mgmt ncalrpc:[MGMT] second"]);
  await client.delete_({ entries });
  expect(map.size).toBe(0);
});

test("replacing takes away what differs in nothing but the endpoint", async () => {
  const { map, client } = setUp();
  const kept = [
    entryFor(other, "ncacn_ip_tcp:192.0.2.2[5001]"),
    entryFor(other, "ncacn_http:192.0.2.1[5001]"),
    entryFor(other, binding, objects[0]),
    entryFor({ ...other, version: { major: 1, minor: 4 } }, binding),
    entryFor(mgmt, binding),
  ];
  await client.insert({ entries: [...kept, entryFor(other, binding)], replace: 0 });
  const before = contents(map).slice(0, kept.length);
  const entries = [entryFor(other, "ncacn_ip_tcp:192.0.2.1[5005]")];
  await client.insert({ entries, replace: 1 });
  expect(contents(map)).toEqual([...before, "other ncacn_ip_tcp:192.0.2.1[5005]"]);
  await client.insert({ entries: [entryFor(other, binding)], replace: 0 });
  expect(map.size).toBe(kept.length + 2);
});

test("entries of one insertion don't replace each other", async () => {
  const { map, client } = setUp();
  const entries = [1, 2].map((port) => entryFor(other, `ncacn_ip_tcp:192.0.2.1[${port}]`));
  for (let i = 0; i < 2; i++) {
    await client.insert({ entries, replace: 1 });
    expect(contents(map)).toEqual([
      "other ncacn_ip_tcp:192.0.2.1[1]",
      "other ncacn_ip_tcp:192.0.2.1[2]",
    ]);
  }
});

test("deleting is for all entries or for none", async () => {
  const { map, client } = setUp();
  const [there, missing] = [entryFor(other, binding), entryFor(mgmt, binding)];
  await client.insert({ entries: [there], replace: 0 });
  await expect(client.delete_({ entries: [there, missing] })).rejects.toMatchObject({
    status: Status.ept_s_not_registered,
  });
  await expect(
    client.delete_({ entries: [{ ...there, object: objects[0] }] }),
  ).rejects.toMatchObject({ statusName: "ept_s_not_registered" });
  expect(map.size).toBe(1);
  await client.delete_({ entries: [{ ...there, annotation: "another" }] });
  expect(map.size).toBe(0);
});

test("what a client sees is what it can delete", async () => {
  const { map, client } = setUp();
  map.register([other], ["ncacn_ip_tcp:[5001]"]);
  const { entries } = await client.lookup({
    inquiryType: 0,
    object: null,
    interfaceId: null,
    versionOption: 1,
    entryHandle: null,
    maxEntries: 10,
  });
  await client.delete_({ entries });
  expect(map.size).toBe(0);
});

test("ept_mgmt_delete deletes a tower, of one object or of all", async () => {
  const { map, client } = setUp();
  map.register([other], [binding], { objects: [...objects, nilUuid] });
  const tower = towerFor(other, binding);
  await client.mgmtDelete({ hasObject: 1, object: objects[0], tower });
  expect(contents(map)).toEqual([`other ${binding} 2222`, `other ${binding}`]);
  await client.mgmtDelete({ hasObject: 1, object: null, tower });
  expect(contents(map)).toEqual([`other ${binding} 2222`]);
  map.register([other], [binding]);
  await client.mgmtDelete({ hasObject: 0, object: null, tower });
  expect(map.size).toBe(0);
  await expect(client.mgmtDelete({ hasObject: 0, object: null, tower })).rejects.toMatchObject({
    statusName: "ept_s_not_registered",
  });
});

test("an entry without a tower, or with octets that are none, is EPT_S_INVALID_ENTRY", async () => {
  const { map, client } = setUp();
  const good = entryFor(other, binding);
  const invalid = { statusName: "EPT_S_INVALID_ENTRY" };
  for (const tower of [null, { octets: Uint8Array.of(1) }]) {
    const entries = [good, { ...good, tower }];
    await expect(client.insert({ entries, replace: 0 })).rejects.toMatchObject(invalid);
    await expect(client.delete_({ entries })).rejects.toMatchObject(invalid);
    const request = { hasObject: 0, object: null, tower };
    await expect(client.mgmtDelete(request)).rejects.toMatchObject(invalid);
  }
  expect(map.size).toBe(0);
});

test("clients can't fill the map beyond its limit", async () => {
  const { map, client } = setUp({ maxEntries: 2 });
  const [first, second, third] = [1, 2, 3].map((port) =>
    entryFor(other, `ncacn_ip_tcp:192.0.2.1[${port}]`),
  );
  await client.insert({ entries: [first!, second!], replace: 0 });
  await client.insert({ entries: [second!], replace: 0 });
  await expect(client.insert({ entries: [third!], replace: 0 })).rejects.toMatchObject({
    statusName: "EPT_S_CANT_PERFORM_OP",
  });
  expect(map.size).toBe(2);
});

test("remote clients change nothing unless policy lets them", async () => {
  const { map, router } = setUp();
  map.register([other], [binding]);
  const open = setUp({ mayChange: ({ address }) => address.startsWith("127.") });
  for (const [served, isAllowed] of [
    [router, false],
    [open.router, true],
  ] as const) {
    await using server = tcpServer(served);
    await using transport = tcpTransport(await server.listen("ncacn_ip_tcp:127.0.0.1[0]"));
    const client = createClient(epm, transport);
    const entries = [entryFor(other, binding)];
    const calls = [
      () => client.insert({ entries, replace: 1 }),
      () => client.delete_({ entries }),
      () => client.insert({ entries, replace: 1 }),
      () => client.mgmtDelete({ hasObject: 0, object: null, tower: towerFor(other, binding) }),
    ];
    for (const call of calls) {
      if (isAllowed) await call();
      else {
        await expect(call()).rejects.toMatchObject({ status: Status.EPT_S_CANT_PERFORM_OP });
      }
    }
  }
  expect([map.size, open.map.size]).toEqual([1, 0]);
});

test("a caller over TCP is a remote one though its address is not known", async () => {
  const { map, router } = setUp();
  const w = new NdrWriter({ syntax: "ndr" });
  epm.operations.insert.encodeRequest(w, { entries: [entryFor(other, binding)], replace: 0 });
  const stub = w.finish();
  const sizes = (["tcp", "unix", "memory"] as const).map((transport) => {
    const caller = { principal: null, level: "none", transport, address: "", reached: "" } as const;
    const { signal } = new AbortController();
    const bound = router.open().bind(epm, { syntax: "ndr", byteOrder: "little" });
    bound?.call(epm.operations.insert.opnum, stub.slice(), { signal, caller }, () => {});
    return map.size;
  });
  expect(sizes).toEqual([0, 1, 1]);
});

test("a map has a UUID of its own, always the same one", async () => {
  const { client } = setUp();
  const { object } = await client.inqObject();
  expect(object).not.toBe(nilUuid);
  expect(await client.inqObject()).toEqual({ object });
});
