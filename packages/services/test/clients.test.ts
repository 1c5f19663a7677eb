/** What programs use of a mapper: resolving, listing, registering; and what hostile mappers can do to them. */
import { epm, type LookupHandle, Status } from "@msrpc/dce-rpc/epm";
import { nilUuid } from "@msrpc/ndr";
import {
  createClient,
  createRouter,
  type Handlers,
  handleKind,
  type HandleTable,
  inMemoryTransport,
  type InterfaceId,
  RpcError,
  type Transport,
  TransportError,
} from "@msrpc/rpc";
import { tcpServer, tcpTransport } from "@msrpc/rpc/tcp";
import {
  endpointResolver,
  lookupEndpoints,
  type LookupFilter,
  mapEndpoints,
  registerEndpoints,
  resolveEndpoint,
} from "@msrpc/services";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { entryFor, mgmt, objects, other, setUp, towerFor } from "./support/mapper.ts";

/** A mapper of other manners than ours, over which handles are open. */
function strange(handlers: Handlers<(typeof epm)["operations"]>): Transport {
  return inMemoryTransport(createRouter({ onError: console.error }).serve(epm, handlers));
}

const searches = handleKind<LookupHandle, null>("search");

async function listed(
  transport: Transport,
  filter: LookupFilter = {},
  entriesPerCall = 500,
): Promise<string[]> {
  const found = [];
  for await (const { tower, endpoint, object, annotation } of lookupEndpoints(transport, filter, {
    entriesPerCall,
  })) {
    const { major, minor } = tower?.interface.version ?? { major: 0, minor: 0 };
    found.push(`${major}.${minor} ${endpoint?.endpoint} ${object} ${annotation}`.trimEnd());
  }
  return found;
}

test("a binding without a port leads to the server, by the mapper that is asked", async () => {
  const { map, router } = setUp();
  router.serve(mgmt, { isServerListening: () => ({ returnValue: 1 }) });
  await using server = tcpServer(router);
  const mapper = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  using _registration = map.register([mgmt], ["ncacn_ip_tcp:127.0.0.1[1]", mapper]);
  const options = { resolveEndpoint: endpointResolver({ mapper }) };
  await using transport = tcpTransport("ncacn_ip_tcp:127.0.0.1", options);
  expect(await createClient(mgmt, transport).isServerListening()).toEqual({ returnValue: 1 });
  await using unknown = tcpTransport("ncacn_ip_tcp:127.0.0.1", options);
  await expect(unknown.associate(other)).rejects.toMatchObject({
    statusName: "EPT_S_NOT_REGISTERED",
    message: expect.stringContaining(`no ncacn_ip_tcp endpoint of ${other.uuid} 1.3`) as string,
  });
});

test("a new connection asks anew", async () => {
  const { map, router } = setUp();
  router.serve(mgmt, { isServerListening: () => ({ returnValue: 1 }) });
  await using mapperServer = tcpServer(router);
  const mapper = await mapperServer.listen("ncacn_ip_tcp:127.0.0.1[0]");
  await using transport = tcpTransport("ncacn_ip_tcp:127.0.0.1", {
    resolveEndpoint: endpointResolver({ mapper }),
  });
  const client = createClient(mgmt, transport);
  for (let i = 0; i < 2; i++) {
    await using server = tcpServer(router);
    using _there = map.register([mgmt], [await server.listen("ncacn_ip_tcp:127.0.0.1[0]")]);
    expect(await client.isServerListening()).toEqual({ returnValue: 1 });
  }
  await expect(client.isServerListening()).rejects.toMatchObject({ status: 1753 });
});

test("the object of a binding is asked for", async () => {
  const { map, router } = setUp();
  await using server = tcpServer(router);
  const mapper = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  map.register([other], ["ncacn_ip_tcp:[5001]"]);
  map.register([other], ["ncacn_ip_tcp:[5002]"], { objects });
  const resolve = endpointResolver({ mapper });
  const binding = { protocol: "ncacn_ip_tcp", host: "h", endpoint: null, options: [] } as const;
  expect(await resolve({ ...binding, object: objects[0] }, other)).toEqual(["5002", "5001"]);
  expect(await resolve({ ...binding, object: null }, other)).toEqual(["5001"]);
});

test("the mapper itself is at port 135, and nobody is asked", async () => {
  const binding = { protocol: "ncacn_ip_tcp", host: "h", endpoint: null, options: [] } as const;
  expect(await resolveEndpoint({ ...binding, object: null }, epm)).toEqual(["135"]);
});

test("a mapper that can't be reached, or never answers, is named in the error", async () => {
  const silent = createServer((socket) => socket.resume());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const address = silent.address();
  const port = typeof address === "object" ? address?.port : 0;
  const mapper = `ncacn_ip_tcp:127.0.0.1[${port}]`;
  const slow = tcpTransport("ncacn_ip_tcp:127.0.0.1", {
    resolveEndpoint: endpointResolver({ mapper, timeout: 50 }),
  });
  await expect(slow.associate(other)).rejects.toMatchObject({
    code: "unreachable",
    message: `the endpoint mapper at ${mapper} was asked for a port: no answer in 50 ms`,
  });
  await new Promise((resolve) => silent.close(resolve));
  const gone = tcpTransport("ncacn_ip_tcp:127.0.0.1", {
    resolveEndpoint: endpointResolver({ mapper }),
  });
  const failure = gone.associate(other);
  await expect(failure).rejects.toBeInstanceOf(TransportError);
  await expect(failure).rejects.toMatchObject({
    code: "unreachable",
    message: expect.stringContaining(`the endpoint mapper at ${mapper}`) as string,
  });
});

test("entries are listed by interface, versions and object, however many a call gives", async () => {
  const { map, transport } = setUp();
  const versions = [0, 1, 2].map((minor) => ({ ...other, version: { major: 1, minor } }));
  map.register(versions, ["ncacn_ip_tcp:[1]"], { annotation: "any" });
  map.register([other], ["ncacn_ip_tcp:[2]", "ncalrpc:[X]"], { objects: [objects[0]] });
  map.register([mgmt], ["ncacn_np:[\\pipe\\x]"]);
  const own = [`1.3 2 ${objects[0]}`, `1.3 X ${objects[0]}`];
  const anys = ["1.0 1 null any", "1.1 1 null any", "1.2 1 null any"];
  for (const entriesPerCall of [1, 2, 3, 6, 500]) {
    const list = (filter: LookupFilter): Promise<string[]> =>
      listed(transport, filter, entriesPerCall);
    expect(await list({})).toEqual([...anys, ...own, "1.0 \\pipe\\x null"]);
    expect(await list({ interface: other })).toEqual([...anys, ...own]);
    expect(await list({ interface: other, versions: "exact" })).toEqual(own);
    expect(await list({ interface: versions[1]!, versions: "compatible" })).toEqual([
      ...anys.slice(1),
      ...own,
    ]);
    expect(await list({ interface: versions[1]!, versions: "upTo" })).toEqual(anys.slice(0, 2));
    expect(await list({ interface: versions[1]!, versions: "major" })).toEqual([...anys, ...own]);
    expect(await list({ object: objects[0] })).toEqual(own);
    expect(await list({ interface: other, object: objects[0].toUpperCase() })).toEqual(own);
    expect(await list({ interface: mgmt, object: objects[0] })).toEqual([]);
    expect(await list({ object: objects[1] })).toEqual([]);
  }
});

test("however a listing is left, the mapper's handle is freed", async () => {
  const { map, transport } = setUp({ maxHandles: 1 });
  map.register([other, mgmt], ["ncacn_ip_tcp:[1]", "ncacn_ip_tcp:[2]"]);
  // Over one association, so that no end of one frees anything.
  const held: Transport = { associate: () => association };
  const association = transport.associate(epm).then((opened) => ({
    ...opened,
    format: opened.format,
    isClosed: false,
    call: opened.call.bind(opened),
    close: () => Promise.resolve(),
  }));
  for (let i = 0; i < 3; i++) {
    for await (const _entry of lookupEndpoints(held, {}, { entriesPerCall: 1 })) break;
    const failing = async (): Promise<void> => {
      for await (const _entry of lookupEndpoints(held, {}, { entriesPerCall: 1 })) {
        throw new Error("mine");
      }
    };
    await expect(failing()).rejects.toThrow("mine");
    const found = [];
    for await (const entry of lookupEndpoints(held, {}, { entriesPerCall: 1 })) found.push(entry);
    expect(found).toHaveLength(4);
    const one = await mapEndpoints(held, { interface: other });
    expect(one.map(({ endpoint }) => endpoint)).toEqual(["1", "2"]);
  }
});

test("a listing is given up by its signal, and the handle freed nevertheless", async () => {
  let freed = 0;
  const abort = new AbortController();
  const transport = strange({
    lookup: (_request, { handles }) => ({
      status: 0,
      entryHandle: handles.open(searches, null),
      entries: [entryFor(other, "ncacn_ip_tcp:[1]")],
    }),
    lookupHandleFree({ entryHandle }, { handles }) {
      if (entryHandle !== null) handles.close(searches, entryHandle);
      freed++;
      return { entryHandle: null };
    },
  });
  const list = async (): Promise<void> => {
    for await (const _entry of lookupEndpoints(transport, {}, { signal: abort.signal })) {
      abort.abort(new Error("enough"));
    }
  };
  await expect(list()).rejects.toThrow("enough");
  expect(freed).toBe(1);
});

test("a mapper that can't free a handle spoils no listing, and hides no error", async () => {
  const transport = strange({
    lookup: (_request, { handles }) => ({
      status: 0,
      entryHandle: handles.open(searches, null),
      entries: [entryFor(other, "ncacn_ip_tcp:[1]")],
    }),
  });
  for await (const { endpoint } of lookupEndpoints(transport)) {
    expect(endpoint?.endpoint).toBe("1");
    break;
  }
  const failing = async (): Promise<void> => {
    for await (const _entry of lookupEndpoints(transport)) throw new Error("mine");
  };
  await expect(failing()).rejects.toThrow("mine");
});

test("more than 500 entries can't be asked for at once, nor none", async () => {
  const { transport } = setUp();
  for (const entriesPerCall of [0, 501, 1.5, Number.NaN]) {
    await expect(listed(transport, {}, entriesPerCall)).rejects.toBeInstanceOf(RangeError);
  }
});

test("a mapper that gives everything whatever is asked is looked through here", async () => {
  const entries = [
    entryFor(mgmt, "ncacn_ip_tcp:[1]"),
    entryFor(other, "ncacn_ip_tcp:[2]"),
    entryFor(other, "ncacn_ip_tcp:[3]", objects[0]),
  ];
  const transport = strange({ lookup: () => ({ status: 0, entryHandle: null, entries }) });
  expect(await listed(transport, { interface: other })).toEqual([
    "1.3 2 null",
    `1.3 3 ${objects[0]}`,
  ]);
  expect(await listed(transport, { object: objects[0] })).toEqual([`1.3 3 ${objects[0]}`]);
});

test("entries with the status that says there are no more are listed too, as Samba gives them", async () => {
  const entries = [entryFor(other, "ncacn_ip_tcp:[2]")];
  for (const status of [Status.ept_s_not_registered, Status.EPT_S_NOT_REGISTERED]) {
    const transport = strange({ lookup: () => ({ entryHandle: null, entries, status }) });
    expect(await listed(transport)).toEqual(["1.3 2 null"]);
  }
});

test("octets that are no tower are an entry all the same", async () => {
  const octets = Uint8Array.of(1, 2, 3);
  const transport = strange({
    lookup: () => ({
      status: 0,
      entryHandle: null,
      entries: [
        { object: nilUuid, tower: { octets }, annotation: "broken" },
        { object: nilUuid, tower: null, annotation: "none" },
      ],
    }),
  });
  const found = [];
  for await (const entry of lookupEndpoints(transport)) found.push(entry);
  expect(found).toEqual([
    { tower: null, octets, endpoint: null, object: null, annotation: "broken" },
    { tower: null, octets: new Uint8Array(0), endpoint: null, object: null, annotation: "none" },
  ]);
});

test("a mapper that promises more for ever, and gives nothing, is not waited for", async () => {
  let calls = 0;
  const more = (handles: HandleTable): { entryHandle: LookupHandle; status: number } => {
    calls++;
    return { entryHandle: handles.open(searches, null), status: 0 };
  };
  const transport = strange({
    lookup: (_request, { handles }) => ({ ...more(handles), entries: [] }),
    map: (_request, { handles }) => ({ ...more(handles), towers: [] }),
  });
  expect(await listed(transport)).toEqual([]);
  await expect(mapEndpoints(transport, { interface: other })).rejects.toBeInstanceOf(RpcError);
  expect(calls).toBe(2);
});

test("a mapper that repeats one tower for ever is left", async () => {
  let calls = 0;
  const transport = strange({
    map(_request, { handles }) {
      calls++;
      return {
        status: 0,
        entryHandle: handles.open(searches, null),
        towers: [towerFor(other, "ncacn_ip_tcp:[1]")],
      };
    },
  });
  expect(await mapEndpoints(transport, { interface: other })).toHaveLength(1);
  expect(calls).toBeLessThan(100);
});

test("towers without a port, of another protocol, or that are none lead nowhere", async () => {
  const towers = [
    null,
    towerFor(other, "ncacn_ip_tcp:[0]"),
    towerFor(other, "ncacn_http:[1]"),
    towerFor(other, "ncacn_ip_tcp:192.0.2.1[2]"),
    towerFor(other, "ncacn_ip_tcp:192.0.2.1[2]"),
  ];
  const transport = strange({ map: () => ({ status: 0, entryHandle: null, towers }) });
  expect(await mapEndpoints(transport, { interface: other })).toEqual([
    { protocol: "ncacn_ip_tcp", host: "192.0.2.1", endpoint: "2" },
  ]);
  const broken = strange({
    map: () => ({ status: 0, entryHandle: null, towers: [{ octets: Uint8Array.of(9) }] }),
  });
  await expect(mapEndpoints(broken, { interface: other })).rejects.toMatchObject({
    name: "TowerError",
  });
});

test("a status that is another error is thrown by its name", async () => {
  const transport = strange({
    map: () => {
      throw new RpcError(Status.ept_s_cant_perform_op);
    },
  });
  await expect(mapEndpoints(transport, { interface: other })).rejects.toMatchObject({
    statusName: "ept_s_cant_perform_op",
  });
});

test("a server registers with a mapper elsewhere, and goes again", async () => {
  const { map, router } = setUp({ mayChange: () => true });
  await using server = tcpServer(router);
  const mapper = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  const interfaces: InterfaceId[] = [other, mgmt];
  map.register(interfaces, ["ncacn_ip_tcp:192.0.2.1[4999]"]);
  {
    const bindings = ["ncacn_ip_tcp:192.0.2.1[5001]"];
    await using _there = await registerEndpoints(mapper, interfaces, bindings, {
      annotation: "far",
    });
    expect([...map.entries()].map(({ annotation }) => annotation)).toEqual(["far", "far"]);
    expect(await mapEndpoints(mapper, { interface: mgmt })).toEqual([
      { protocol: "ncacn_ip_tcp", host: "192.0.2.1", endpoint: "5001" },
    ]);
  }
  expect(map.size).toBe(0);
});

test("a mapper that takes no registrations from elsewhere says so", async () => {
  const { router } = setUp();
  await using server = tcpServer(router);
  const mapper = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  await expect(registerEndpoints(mapper, [other], [mapper])).rejects.toMatchObject({
    statusName: "EPT_S_CANT_PERFORM_OP",
  });
  const bare = strange({});
  await expect(registerEndpoints(bare, [other], [mapper])).rejects.toMatchObject({
    statusName: "nca_s_op_rng_error",
  });
});
