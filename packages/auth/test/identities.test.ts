/** Several identities and levels of one client, over shared connections. */
import {
  type AuthLevel,
  type Caller,
  type Client,
  type ClientSecurityProvider,
  createClient,
  createRouter,
  type Transport,
} from "@msrpc/rpc";
import { tcpServer, type TcpTransport, tcpTransport } from "@msrpc/rpc/tcp";
import { afterEach, expect, test } from "vitest";
import { alice, storeOf, withSpnego } from "../../../test/support/accounts.ts";
import { echo } from "../../rpc/test/echo.ts";
import { ntlmClient, ntlmServer, spnegoClient } from "../src/index.ts";

const closers: AsyncDisposable[] = [];
afterEach(async () => {
  for (const closer of closers.splice(0).toReversed()) await closer[Symbol.asyncDispose]();
});

const bob = { user: "bob", domain: "EXAMPLE", password: "correct horse" };
const accounts = storeOf([alice, bob]);

interface Setup {
  readonly callers: Caller[];
  readonly transport: TcpTransport;
  client(over?: Transport): Client<(typeof echo)["operations"]>;
}

async function setUp(security: ClientSecurityProvider, level: AuthLevel): Promise<Setup> {
  const callers: Caller[] = [];
  const router = createRouter({ onError: () => {} }).serve(echo, {
    echoData({ data }, { caller }) {
      callers.push(caller);
      return { data };
    },
  });
  const ntlm = ntlmServer({ accounts, computerName: "SERVER" });
  const server = tcpServer(router, { security: withSpnego(ntlm) });
  closers.push(server);
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  const transport = tcpTransport(binding, { security, level });
  closers.push(transport);
  return { callers, transport, client: (over = transport) => createClient(echo, over) };
}

/** Calls of several clients, mixed: what each has sent must come back to it. */
async function callMixed(...clients: Client<(typeof echo)["operations"]>[]): Promise<void> {
  for (let round = 0; round < 3; round++) {
    const calls = clients.map(async (client, i) => {
      const data = new Uint8Array(round * 7000).fill(i + 1);
      expect(await client.echoData({ data })).toEqual({ data });
    });
    await Promise.all(calls);
  }
}

/** Who called, at which level, from how many connections. */
function seen(callers: readonly Caller[]): { who: string[]; connections: number } {
  const who = callers.map(({ principal, level }) => `${principal?.name ?? "nobody"} ${level}`);
  return {
    who: [...new Set(who)].toSorted(),
    connections: new Set(callers.map(({ address }) => address)).size,
  };
}

for (const level of ["connect", "packet", "integrity", "privacy"] as const) {
  test(`two users at level ${level}, and two mechanisms of one, share a connection`, async () => {
    const { callers, transport, client } = await setUp(ntlmClient(alice), level);
    const asBob = transport.as({ security: ntlmClient(bob) });
    const negotiated = transport.as({ security: spnegoClient([ntlmClient(bob)]) });
    await client().echoData({ data: new Uint8Array(1) });
    await callMixed(client(), client(asBob), client(negotiated));
    expect(seen(callers)).toEqual({
      who: [`EXAMPLE\\alice ${level}`, `EXAMPLE\\bob ${level}`],
      connections: 1,
    });
  });
}

test("levels below that of the first share its connection", async () => {
  const { callers, transport, client } = await setUp(ntlmClient(alice), "privacy");
  const clients = (["integrity", "packet", "connect"] as const).map((level) =>
    client(transport.as({ level })),
  );
  await client().echoData({ data: new Uint8Array(1) });
  await callMixed(client(), ...clients);
  expect(seen(callers)).toEqual({
    who: ["connect", "integrity", "packet", "privacy"].map((level) => `EXAMPLE\\alice ${level}`),
    connections: 1,
  });
});

test("what is signed does not follow on a connection for which no header signing was offered", async () => {
  const { callers, transport, client } = await setUp(ntlmClient(alice), "connect");
  await callMixed(client(), client(transport.as({ level: "privacy" })));
  expect(seen(callers)).toEqual({
    who: ["EXAMPLE\\alice connect", "EXAMPLE\\alice privacy"],
    connections: 2,
  });
});

test("calls without authentication have a connection of their own", async () => {
  const { callers, transport, client } = await setUp(ntlmClient(alice), "connect");
  await callMixed(client(), client(transport.as({ level: "none" })));
  expect(seen(callers)).toEqual({ who: ["EXAMPLE\\alice connect", "nobody none"], connections: 2 });
});

test("many calls at once of an identity that needs its own connection make one", async () => {
  const { callers, transport, client } = await setUp(ntlmClient(alice), "privacy");
  const data = new Uint8Array(1);
  await client().echoData({ data });
  const nobody = client(transport.as({ level: "none" }));
  await Promise.all(Array.from({ length: 50 }, () => nobody.echoData({ data })));
  expect(seen(callers).connections).toBe(2);
});

test("an identity with a wrong password fails its own calls, and those that come later are served", async () => {
  const { callers, transport, client } = await setUp(ntlmClient(alice), "privacy");
  const data = new Uint8Array(1);
  const right = client();
  await right.echoData({ data });
  const wrong = client(transport.as({ security: ntlmClient({ ...bob, password: "wrong" }) }));
  await expect(wrong.echoData({ data })).rejects.toThrow(Error);
  // The server may have ended the connection for it.
  const answer = await right.echoData({ data }).catch(() => right.echoData({ data }));
  expect(answer).toEqual({ data });
  expect(seen(callers).who).toEqual(["EXAMPLE\\alice privacy"]);
});

test("credentials that can't even begin leave the connection to the others", async () => {
  const { callers, transport, client } = await setUp(ntlmClient(alice), "privacy");
  const data = new Uint8Array(1);
  const right = client();
  await right.echoData({ data });
  const none: ClientSecurityProvider = {
    authType: 9,
    createContext: () => {
      throw new Error("no ticket");
    },
  };
  await expect(client(transport.as({ security: none })).echoData({ data })).rejects.toMatchObject({
    name: "TransportError",
    code: "security",
    mayHaveRun: false,
  });
  await right.echoData({ data });
  expect(seen(callers).connections).toBe(1);
});

test("a level without credentials is refused", () => {
  const transport = tcpTransport("ncacn_ip_tcp:localhost[1]");
  expect(() => transport.as({ level: "privacy" })).toThrow(TypeError);
});

test("of several credentials a binding chooses by its mechanism, and the first are used otherwise", async () => {
  const { callers, transport } = await setUp(ntlmClient(alice), "privacy");
  const security = [ntlmClient(alice), spnegoClient([ntlmClient(bob)])];
  const { host, endpoint } = transport.binding;
  for (const options of ["", ",spnego,sign"]) {
    await using over = tcpTransport(`ncacn_ip_tcp:${host}[${endpoint}${options}]`, { security });
    await createClient(echo, over).echoData({ data: new Uint8Array(1) });
  }
  const who = callers.map(({ principal, level }) => `${principal?.name} ${level}`);
  expect(who).toEqual(["EXAMPLE\\alice privacy", "EXAMPLE\\bob integrity"]);
});

test("the target that a binding names is what the server checks", async () => {
  const router = createRouter({ onError: () => {} }).serve(echo, {
    echoData: ({ data }) => ({ data }),
  });
  const ntlm = ntlmServer({ accounts, targetNames: ["cluster/n.example.com"] });
  const server = tcpServer(router, { security: [ntlm], onError: () => {} });
  closers.push(server);
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  const security = ntlmClient(alice, { targetName: "host/other" });
  const data = new Uint8Array(1);
  const named = binding.replace("]", ",target_principal=cluster/n.example.com]");
  await using right = tcpTransport(named, { security });
  expect(await createClient(echo, right).echoData({ data })).toEqual({ data });
  await using wrong = tcpTransport(binding, { security });
  await expect(createClient(echo, wrong).echoData({ data })).rejects.toThrow(Error);
});
