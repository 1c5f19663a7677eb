/** Security contexts on connections: their legs, what they protect, who is let in. */
import {
  type AuthLevel,
  type Caller,
  type ContextRequest,
  createClient,
  createRouter,
  type ServicePolicy,
} from "@msrpc/rpc";
import { tcpServer, type TcpOptions, tcpTransport } from "@msrpc/rpc/tcp";
import { afterEach, expect, test } from "vitest";
import { echo, octetsOf } from "./echo.ts";
import { bind, bound, expectEnd, expectNak, protocolError, request, wire } from "./support/wire.ts";
import { toyClient, type ToyOptions, toyServer, toyType } from "./support/toy-security.ts";

const closers: AsyncDisposable[] = [];
afterEach(async () => {
  for (const closer of closers.splice(0).toReversed()) await closer[Symbol.asyncDispose]();
});

interface Setup {
  readonly client: ReturnType<typeof createClient<(typeof echo)["operations"]>>;
  readonly callers: Caller[];
  readonly errors: unknown[];
  readonly requests: ContextRequest[];
}

async function setUp(
  toy: ToyOptions,
  options: TcpOptions = {},
  serverToy: ToyOptions = toy,
  policy: ServicePolicy = {},
): Promise<Setup> {
  const callers: Caller[] = [];
  const errors: unknown[] = [];
  const requests: ContextRequest[] = [];
  const onContext = (asked: ContextRequest): void => void requests.push(asked);
  const router = createRouter({ onError: () => {} }).serve(
    echo,
    {
      echoData({ data }, { caller }) {
        callers.push(caller);
        return { data };
      },
    },
    policy,
  );
  const server = tcpServer(router, {
    security: [toyServer({ ...serverToy, onContext })],
    onError: (error) => errors.push(error),
  });
  closers.push(server);
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  const security = toyClient({ ...toy, onContext });
  const transport = tcpTransport(binding, { security, ...options });
  closers.push(transport);
  return { client: createClient(echo, transport), callers, errors, requests };
}

for (const legs of [2, 3, 4, 5]) {
  test(`a context of ${legs} legs is built, and calls are sealed, in fragments too`, async () => {
    const { client, callers, requests } = await setUp({ legs }, { limits: { maxFragment: 1432 } });
    for (const length of [0, 1, 1300, 1400, 10_000]) {
      const data = octetsOf(length);
      expect(await client.echoData({ data })).toEqual({ data });
    }
    expect(callers[0]).toEqual({
      principal: { name: "TOY\\alice", anonymous: false, mechanism: "toy" },
      level: "privacy",
      transport: "tcp",
      address: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string,
      reached: "127.0.0.1",
    });
    const { address = "" } = callers[0] ?? {};
    const accepted = { level: "privacy", address };
    expect(requests).toEqual([{ level: "privacy", host: "127.0.0.1" }, accepted]);
  });
}

for (const level of ["connect", "call", "packet", "integrity", "privacy"] as const) {
  for (const byteOrder of ["little", "big"] as const) {
    test(`level ${level} protects calls, ${byteOrder}-endian, with and without header signing`, async () => {
      for (const headerSigning of [true, false]) {
        const toy = { legs: 3, headerSigning };
        const { client, callers } = await setUp(toy, { level, byteOrder });
        const data = octetsOf(33);
        expect(await client.echoData({ data })).toEqual({ data });
        expect(callers).toMatchObject([{ level: level === "call" ? "packet" : level }]);
      }
    });
  }
}

test("headers are signed only where both sides can", async () => {
  const { client } = await setUp({ legs: 3 }, {}, { legs: 3, headerSigning: false });
  const data = octetsOf(5);
  expect(await client.echoData({ data })).toEqual({ data });
});

test("a verification trailer goes with signed requests on demand, and fits", async () => {
  const { client } = await setUp({ legs: 3 }, { verificationTrailer: true });
  for (const length of [0, 3, 4]) {
    const data = octetsOf(length);
    expect(await client.echoData({ data })).toEqual({ data });
  }
});

for (const legs of [2, 3, 4]) {
  test(`a wrong password is refused where ${legs} legs are taken, and the connection ends`, async () => {
    const { client, errors } = await setUp({ legs, password: "wrong" }, {}, { legs });
    const data = octetsOf(1);
    await expect(client.echoData({ data })).rejects.toThrow(Error);
    expect(errors).toMatchObject([{ name: "SecurityError", code: "logon_denied" }]);
  });
}

test("a changed request is a fault, and the connection ends", async () => {
  const change = { legs: 3, tamper: ({ octets }: { octets: Uint8Array }) => (octets[22] = 1) };
  const { client, errors } = await setUp(change, {}, { legs: 3 });
  await expect(client.echoData({ data: octetsOf(1) })).rejects.toMatchObject({ status: 0x721 });
  expect(errors).toMatchObject([{ name: "SecurityError", code: "bad_signature" }]);
});

test("a changed response fails its call and ends the connection", async () => {
  const change = { legs: 3, tamper: ({ octets }: { octets: Uint8Array }) => (octets[25] = 7) };
  const { client } = await setUp({ legs: 3 }, {}, change);
  await expect(client.echoData({ data: octetsOf(1) })).rejects.toMatchObject({
    name: "TransportError",
    code: "security",
  });
});

const tooLow: readonly (readonly [minimum: AuthLevel, level: AuthLevel])[] = [
  ["privacy", "integrity"],
  ["packet", "connect"],
  ["connect", "none"],
];
for (const [minimumLevel, level] of tooLow) {
  test(`an interface for ${minimumLevel} and above refuses ${level}`, async () => {
    const toy = { legs: 3 };
    const { client, callers } = await setUp(toy, { level }, toy, { minimumLevel });
    const call = client.echoData({ data: octetsOf(1) });
    await expect(call).rejects.toMatchObject({ status: 5 });
    expect(callers).toEqual([]);
  });
}

const verifier = { type: toyType, level: 5, padLength: 0, contextId: 3 };
const token = (leg: number): Uint8Array => Uint8Array.of(leg, ...new TextEncoder().encode("right"));
const security = [toyServer({ legs: 3 })];

test("mechanisms that the server doesn't have are named as the reason", async () => {
  await expectNak(wire(), bind({ verifier: { ...verifier, token: token(0) } }), 8);
  const unknown = bind({ verifier: { ...verifier, type: 10, token: token(0) } });
  await expectNak(wire({ security }), unknown, 8);
  const noLevel = bind({ verifier: { ...verifier, level: 7, token: token(0) } });
  await expectNak(wire({ security }), noLevel, 0);
});

test("a token that is refused in the bind: invalid_checksum", async () => {
  await expectNak(wire({ security }), bind({ verifier: { ...verifier, token: token(4) } }), 9);
});

test("calls wait for the last leg", async () => {
  const w = wire({ security });
  await w.send(bind({ verifier: { ...verifier, token: token(0) } }));
  const body = new Uint8Array(16);
  const signed = request({ body, verifier: { ...verifier, token: new Uint8Array(12) } });
  await expectEnd(w, signed, protocolError);
});

test("after a refused auth3 requests are denied", async () => {
  const w = wire({ security });
  await w.send(bind({ verifier: { ...verifier, token: token(0) } }));
  const common = { flags: 3, callId: 1, littleEndian: true } as const;
  const auth3 = { type: "auth3", ...common, verifier: { ...verifier, token: token(9) } } as const;
  expect(await w.send(auth3)).toEqual([]);
  const body = new Uint8Array(16);
  await expectEnd(w, request({ body, verifier: { ...verifier, token: new Uint8Array(12) } }), 5);
});

test("verifiers of a context that isn't there, or not of its kind, are denied", async () => {
  const body = new Uint8Array(16);
  const signature = new Uint8Array(12);
  const unknown = request({ body, verifier: { ...verifier, token: signature } });
  await expectEnd(await bound({ security }), unknown, 5);
  const w = wire({ security: [toyServer({ legs: 2 })] });
  await w.send(bind({ verifier: { ...verifier, token: token(0) } }));
  await expectEnd(w, request({ body, verifier: { ...verifier, level: 6, token: signature } }), 5);
});

test("an auth3 without a context to go on with is a protocol error", async () => {
  const common = { flags: 3, callId: 1, littleEndian: true } as const;
  const auth3 = { type: "auth3", ...common, verifier: { ...verifier, token: token(2) } } as const;
  await expectEnd(await bound({ security }), auth3, protocolError);
});

test("security contexts beyond the limit are protocol errors", async () => {
  const w = await bound({ security, limits: { maxSecurityContexts: 1 } });
  const leg = (contextId: number) =>
    ({ ...bind({ callId: contextId }), type: "alter_context" }) as const;
  const first = { ...leg(2), verifier: { ...verifier, contextId: 1, token: token(0) } };
  expect(await w.send(first)).toMatchObject([{ type: "alter_context_resp", callId: 2 }]);
  const second = { ...leg(3), verifier: { ...verifier, contextId: 2, token: token(0) } };
  await expectEnd(w, second, protocolError);
});
