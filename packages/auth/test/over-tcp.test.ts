/** NTLM and SPNEGO on connections. */
import { createServer, connect, type Socket } from "node:net";
import {
  type AuthLevel,
  type Caller,
  type ClientSecurityProvider,
  createClient,
  createRouter,
} from "@msrpc/rpc";
import { type ErrorOrigin, tcpServer, tcpTransport } from "@msrpc/rpc/tcp";
import { afterEach, expect, test } from "vitest";
import { alice, storeOf, withSpnego } from "../../../test/support/accounts.ts";
import { echo } from "../../rpc/test/echo.ts";
import { type NtlmCredentials, ntlmClient, ntlmServer, spnegoClient } from "../src/index.ts";
import { hex } from "./support.ts";

const closers: AsyncDisposable[] = [];
afterEach(async () => {
  for (const closer of closers.splice(0).toReversed()) await closer[Symbol.asyncDispose]();
});

const accounts = storeOf([alice]);
const mechanisms = ["ntlm", "spnego"] as const;
type Mechanism = (typeof mechanisms)[number];

function clientOf(mechanism: Mechanism, credentials: NtlmCredentials): ClientSecurityProvider {
  const ntlm = ntlmClient(credentials);
  return mechanism === "ntlm" ? ntlm : spnegoClient([ntlm]);
}

/** A server that takes both mechanisms, and whoever called it. */
async function serve(): Promise<{ readonly binding: string; readonly callers: Caller[] }> {
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
  return { binding: await server.listen("ncacn_ip_tcp:127.0.0.1[0]"), callers };
}

function client(
  binding: string,
  mechanism: Mechanism,
  level: AuthLevel,
  credentials: NtlmCredentials = alice,
) {
  const security = clientOf(mechanism, credentials);
  const transport = tcpTransport(binding, { security, level });
  closers.push(transport);
  return createClient(echo, transport);
}

/** So many octets, which are not all the same. */
function octetsOf(length: number): Uint8Array {
  return new Uint8Array(length).map((_, index) => index % 251);
}

const levels = ["connect", "packet", "integrity", "privacy"] as const;
const combinations = mechanisms.flatMap((mechanism) =>
  levels.map((level) => [mechanism, level] as const),
);

test.for(combinations)(
  "%s at %s carries calls, and handlers know who calls",
  async (combination) => {
    const [mechanism, level] = combination;
    const { binding, callers } = await serve();
    const caller = client(binding, mechanism, level);
    for (const length of [0, 1, 200_000]) {
      const data = octetsOf(length);
      expect(hex((await caller.echoData({ data })).data)).toBe(hex(data));
    }
    expect(callers[0]?.principal).toMatchObject({ name: "EXAMPLE\\alice", mechanism: "ntlm" });
    expect(callers[0]?.level).toBe(level);
  },
);

test.for(mechanisms)(
  "many sealed calls at once over one connection, with %s",
  async (mechanism) => {
    const { binding } = await serve();
    const caller = client(binding, mechanism, "privacy");
    const lengths = Array.from({ length: 100 }, (_, index) => index * 1001);
    const answers = await Promise.all(
      lengths.map((length) => caller.echoData({ data: octetsOf(length) })),
    );
    expect(answers.map(({ data }) => data.length)).toEqual(lengths);
  },
);

test.for(mechanisms)(
  "a wrong password is refused, with %s, and others are served",
  async (mechanism) => {
    const { binding, callers } = await serve();
    const wrong = client(binding, mechanism, "privacy", { ...alice, password: "wrong" });
    await expect(wrong.echoData({ data: octetsOf(4) })).rejects.toThrow();
    expect(callers).toEqual([]);
    const right = client(binding, mechanism, "privacy");
    await right.echoData({ data: octetsOf(4) });
    expect(callers).toHaveLength(1);
  },
);

test.for(mechanisms)("what is sealed can't be read on its way, with %s", async (mechanism) => {
  const { binding } = await serve();
  const passed: Buffer[] = [];
  const between = await proxy(binding, (chunk) => passed.push(Buffer.from(chunk)));
  const data = Buffer.from("nobody is to read this ".repeat(40));
  await client(between, mechanism, "privacy").echoData({ data });
  expect(Buffer.concat(passed).includes("nobody is to read this")).toBe(false);
  await client(between, mechanism, "integrity").echoData({ data });
  expect(Buffer.concat(passed).includes("nobody is to read this")).toBe(true);
});

test.for(mechanisms)(
  "what is changed on its way ends the connection, with %s",
  async (mechanism) => {
    const { binding, callers } = await serve();
    let isChanging = false;
    const between = await proxy(binding, (chunk) => {
      if (isChanging && chunk.length > 500) chunk[400]! ^= 1;
    });
    const caller = client(between, mechanism, "integrity");
    await caller.echoData({ data: octetsOf(1000) });
    isChanging = true;
    await expect(caller.echoData({ data: octetsOf(1000) })).rejects.toThrow();
    expect(callers).toHaveLength(1);
  },
);

/** Passes everything on to a server, both ways, and shows it first. */
async function proxy(binding: string, see: (chunk: Buffer) => void): Promise<string> {
  const port = Number(/\[(\d+)\]/.exec(binding)?.[1]);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const onward = connect(port, "127.0.0.1");
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroy());
      from.on("data", (chunk: Buffer) => {
        see(chunk);
        to.write(chunk);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push({
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  const address = server.address();
  return `ncacn_ip_tcp:127.0.0.1[${typeof address === "object" ? address?.port : ""}]`;
}

test("a server hears from where somebody failed to log on, and why", async () => {
  const heard: string[] = [];
  const origins: ErrorOrigin[] = [];
  const router = createRouter({ onError: () => {} }).serve(echo, {});
  const ntlm = ntlmServer({
    accounts,
    onLogon: ({ user, address, reason }) => heard.push(`${user} ${address} ${reason}`),
  });
  const onError = (_error: unknown, origin: ErrorOrigin): void => void origins.push(origin);
  const server = tcpServer(router, { security: withSpnego(ntlm), onError });
  closers.push(server);
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.165[0]");
  const calling = client(binding, "spnego", "privacy", { ...alice, password: "x" }).echoData({
    data: new Uint8Array(1),
  });
  await expect(calling).rejects.toThrow(Error);
  expect(heard).toEqual([expect.stringMatching(/^alice 127\.0\.0\.\d+:\d+ the password is wrong/)]);
  const [origin] = origins;
  expect(origin?.endpoint).toBe(binding.replace(/.*\[|\]/g, ""));
  expect(heard[0]).toContain(` ${origin?.address} `);
});
