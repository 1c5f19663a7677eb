/** The management interface, as our server has it and our client asks for it. */
import { mgmt } from "@msrpc/dce-rpc/mgmt";
import {
  authTypes,
  type Client,
  createClient,
  createRouter,
  inMemoryTransport,
  type Router,
} from "@msrpc/rpc";
import { tcpServer, tcpTransport } from "@msrpc/rpc/tcp";
import {
  connectManagement,
  EndpointMap,
  type ManagedServer,
  type ManagementPolicy,
  serveEndpointMapper,
  serveManagement,
} from "@msrpc/services";
import { expect, test } from "vitest";

/** Has served a while. */
const busy: ManagedServer = {
  isListening: true,
  statistics: { callsIn: 2 ** 32 + 5, packetsIn: 7, packetsOut: 8 },
  close: () => Promise.reject(new Error("it can't be closed")),
};

function setUp(
  policy: ManagementPolicy = {},
  server: ManagedServer = busy,
): { router: Router; client: Client<(typeof mgmt)["operations"]> } {
  const router = createRouter({ onError: console.error });
  serveManagement(router, server, policy);
  return { router, client: createClient(mgmt, inMemoryTransport(router)) };
}

test("a server lists what it serves, without the management interface itself", async () => {
  const { router } = setUp();
  await using management = connectManagement(inMemoryTransport(router));
  await expect(management.interfaces()).rejects.toMatchObject({
    statusName: "RPC_S_NO_INTERFACES",
  });
  serveEndpointMapper(router, new EndpointMap());
  expect(await management.interfaces()).toEqual([
    { uuid: "e1af8308-5d1f-11c9-91a4-08002b14a0fa", version: { major: 3, minor: 0 } },
  ]);
});

test("statistics come in the order of the document, as many as were asked for", async () => {
  const { client, router } = setUp({ callsOut: () => 6 });
  for (const [count, statistics] of [
    [0, []],
    [1, [5]],
    [4, [5, 6, 7, 8]],
    [50, [5, 6, 7, 8]],
  ] as const) {
    expect(await client.inqStats({ count })).toEqual({ statistics });
  }
  await using management = connectManagement(inMemoryTransport(router));
  expect(await management.statistics()).toEqual({
    callsIn: 5,
    callsOut: 6,
    packetsIn: 7,
    packetsOut: 8,
  });
});

test("a TCP server tells what went through it, and that it listens", async () => {
  const router = createRouter({ onError: console.error });
  await using server = tcpServer(router);
  serveManagement(router, server);
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  await using management = connectManagement(binding);
  expect(await management.isListening()).toBe(true);
  expect(await management.statistics()).toEqual({
    callsIn: 2,
    callsOut: 0,
    packetsIn: 3,
    packetsOut: 2,
  });
});

test("nobody stops a server unless policy lets him", async () => {
  const { client } = setUp();
  await expect(client.stopServerListening()).rejects.toMatchObject({
    statusName: "ERROR_ACCESS_DENIED",
  });
});

test("whom policy lets stops the server: his call is answered, and the server ends", async () => {
  const router = createRouter({ onError: console.error });
  await using server = tcpServer(router);
  serveManagement(router, server, { mayStop: ({ address }) => address.startsWith("127.0.0.1:") });
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  await using management = connectManagement(binding);
  await management.stopListening();
  expect(server.isListening).toBe(false);
  await server.close();
  await using late = tcpTransport(binding);
  await expect(late.associate(mgmt)).rejects.toMatchObject({ code: "unreachable" });
});

test("a server that fails to close has answered nevertheless", async () => {
  const { client } = setUp({ mayStop: () => true });
  expect(await client.stopServerListening()).toBeUndefined();
});

test("a server that was closed says so to whoever can still ask", async () => {
  const { router } = setUp({}, { ...busy, isListening: false });
  await using management = connectManagement(inMemoryTransport(router));
  expect(await management.isListening()).toBe(false);
});

test("a server has a principal name for each authentication service, or none", async () => {
  const { client, router } = setUp({ principalNames: { [authTypes.ntlm]: "EXAMPLE\\server" } });
  await using management = connectManagement(inMemoryTransport(router));
  expect(await management.principalName(authTypes.ntlm)).toBe("EXAMPLE\\server");
  for (const unknown of [authTypes.kerberos, 0xffff_ffff]) {
    await expect(management.principalName(unknown)).rejects.toMatchObject({
      statusName: "RPC_S_UNKNOWN_AUTHN_SERVICE",
    });
  }
  const request = { authenticationService: authTypes.ntlm };
  expect(await client.inqPrincName({ ...request, maxSize: 15 })).toEqual({
    principalName: "EXAMPLE\\server",
  });
  for (const maxSize of [1, 14]) {
    await expect(client.inqPrincName({ ...request, maxSize })).rejects.toMatchObject({
      statusName: "ERROR_INSUFFICIENT_BUFFER",
    });
  }
  await expect(client.inqPrincName({ ...request, maxSize: 0 })).rejects.toMatchObject({
    statusName: "RPC_X_BAD_STUB_DATA",
  });
});
