import { inspect } from "node:util";
import type { AuthLevel, SecurityContext, SecurityStep } from "@msrpc/rpc";
import { expect, test } from "vitest";
import {
  type Account,
  type LogonAttempt,
  type NtlmClientOptions,
  type NtlmCredentials,
  type NtlmServerOptions,
  Secret,
  ntlmClient,
  ntlmServer,
} from "../src/index.ts";
import { avIds } from "../src/ntlm/av-pairs.ts";
import { flags } from "../src/ntlm/flags.ts";
import { lmHashOf, ntHashOf } from "../src/ntlm/responses.ts";
import { bodyOf, exchange, hex, pduOf, repeat } from "./support.ts";

const alice: Account = {
  user: "alice",
  domain: "EXAMPLE",
  ntHash: new Secret(ntHashOf("Passw0rd.2")),
  lmHash: new Secret(lmHashOf("Passw0rd.2") ?? new Uint8Array(16)),
  sid: "S-1-5-21-1-2-3-1104",
  groups: ["S-1-5-21-1-2-3-513"],
};
const accounts = {
  lookUp: (user: string) => (user.toLowerCase() === "alice" ? alice : null),
};
const right: NtlmCredentials = { user: "Alice", domain: "EXAMPLE", password: "Passw0rd.2" };

interface Sides {
  readonly level?: Exclude<AuthLevel, "none" | "call">;
  readonly credentials?: NtlmCredentials;
  readonly client?: NtlmClientOptions;
  readonly server?: Partial<NtlmServerOptions>;
}

function sides({ level = "privacy", credentials = right, client = {}, server = {} }: Sides) {
  return {
    client: ntlmClient(credentials, client).createContext({ level, host: "server.example.com" }),
    server: ntlmServer({ accounts, computerName: "SERVER", ...server }).createContext({ level }),
  };
}

async function established(options: Sides = {}) {
  const both = sides(options);
  await exchange(both.client, both.server);
  return both;
}

/** Sends a sealed PDU; gives it with its token, before it is opened. */
function sealed(from: SecurityContext, text: string) {
  const pdu = pduOf(Buffer.from(text));
  return { pdu, token: from.seal(pdu) };
}

test("client and server agree on a key, and the server learns who it is", async () => {
  const { client, server } = await established();
  expect(server.peer).toEqual({
    name: "EXAMPLE\\alice",
    anonymous: false,
    mechanism: "ntlm",
    sid: "S-1-5-21-1-2-3-1104",
    groups: ["S-1-5-21-1-2-3-513"],
  });
  expect(client.sessionKey).toHaveLength(16);
  expect(hex(client.sessionKey ?? new Uint8Array())).toBe(
    hex(server.sessionKey ?? new Uint8Array(1)),
  );
});

test("three tokens are exchanged, and the last one has a MIC", async () => {
  const { client, server } = sides({});
  const [negotiate, challenge, authenticate] = await exchange(client, server);
  expect(negotiate?.length).toBe(40);
  expect(hex(challenge?.subarray(0, 12) ?? new Uint8Array())).toBe("4e544c4d5353500002000000");
  expect(hex(authenticate?.subarray(72, 88) ?? repeat(0, 16))).not.toBe("00".repeat(16));
});

test("the NT hash does as well as the password", async () => {
  const ntHash = ntHashOf("Passw0rd.2");
  const { server } = await established({
    credentials: { user: "alice", domain: "EXAMPLE", ntHash },
  });
  expect(server.peer?.name).toBe("EXAMPLE\\alice");
});

test.for(["packet", "integrity", "privacy"] as const)(
  "at %s, messages go both ways and are what they were",
  async (level) => {
    const { client, server } = await established({ level });
    for (let round = 0; round < 5; round++) {
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        const pdu = pduOf(Buffer.from(`message ${round}`));
        const token = level === "privacy" ? from.seal(pdu) : from.sign(pdu);
        expect(token).toHaveLength(from.signatureLength(level === "privacy", 9));
        const text = Buffer.from(bodyOf(pdu)).toString();
        expect(text === `message ${round}`).toBe(level !== "privacy");
        if (level === "privacy") to.unseal(pdu, token);
        else to.verify(pdu, token);
        expect(Buffer.from(bodyOf(pdu)).toString()).toBe(`message ${round}`);
      }
    }
  },
);

test("a change anywhere in a sealed PDU or its token is noticed", async () => {
  const length = pduOf(Buffer.from("secret")).octets.length;
  for (let at = 0; at < length + 16; at++) {
    const { client, server } = await established();
    const { pdu, token } = sealed(client, "secret");
    if (at < length) pdu.octets[at]! ^= 1;
    else token[at - length]! ^= 1;
    expect(() => server.unseal(pdu, token)).toThrow(
      expect.objectContaining({ code: "bad_signature" }),
    );
  }
});

test("a replayed PDU is refused", async () => {
  const { client, server } = await established();
  const { pdu, token } = sealed(client, "once");
  const again = { ...pdu, octets: Uint8Array.from(pdu.octets) };
  server.unseal(pdu, token);
  expect(() => server.unseal(again, token)).toThrow("out of sequence");
});

test("a PDU that overtakes another is refused", async () => {
  const { client, server } = await established();
  sealed(client, "first");
  const second = sealed(client, "second");
  expect(() => server.unseal(second.pdu, second.token)).toThrow("out of sequence");
});

test("after a bad signature nothing is accepted", async () => {
  const { client, server } = await established();
  const pdu = pduOf(Buffer.from("x"));
  const token = client.sign(pdu);
  expect(() => server.verify(pdu, repeat(0, 16))).toThrow("does not fit");
  expect(() => server.verify(pdu, token)).toThrow(
    expect.objectContaining({ code: "bad_signature" }),
  );
});

test("a PDU reflected to its sender is refused", async () => {
  const { client } = await established();
  const { pdu, token } = sealed(client, "mine");
  expect(() => client.unseal(pdu, token)).toThrow("does not fit");
});

test.for([
  ["a wrong password", { user: "alice", domain: "EXAMPLE", password: "wrong" }],
  ["an unknown user", { user: "mallory", domain: "EXAMPLE", password: "Passw0rd.2" }],
] as const)("%s is denied, and the message tells nothing", async ([, credentials]) => {
  const { client, server } = sides({ credentials });
  await expect(exchange(client, server)).rejects.toMatchObject({
    code: "logon_denied",
    message: "NTLM logon denied",
  });
});

test("a client that leaves the domain out of its key is let in", async () => {
  const { client, server } = sides({ credentials: { user: "alice", password: "Passw0rd.2" } });
  await exchange(client, server);
  expect(server.peer?.name).toBe("EXAMPLE\\alice");
});

test("a server hears of every attempt and what came of it", async () => {
  const attempts: LogonAttempt[] = [];
  const server = { onLogon: (attempt: LogonAttempt) => void attempts.push(attempt) };
  const client = { workstation: "WS1" };
  await established({ server, client });
  const wrong = sides({ server, client, credentials: { user: "mallory", password: "x" } });
  await expect(exchange(wrong.client, wrong.server)).rejects.toThrow("denied");
  const mistyped = sides({ server, client, credentials: { user: "alice", password: "x" } });
  await expect(exchange(mistyped.client, mistyped.server)).rejects.toThrow("denied");
  const address = "";
  const noUser = expect.stringContaining("no such user") as string;
  const wrongPassword = expect.stringContaining("password is wrong") as string;
  expect(attempts).toEqual([
    { user: "Alice", domain: "EXAMPLE", workstation: "WS1", address, accepted: true, reason: null },
    { user: "mallory", domain: "", workstation: "WS1", address, accepted: false, reason: noUser },
    {
      user: "alice",
      domain: "",
      workstation: "WS1",
      address,
      accepted: false,
      reason: wrongPassword,
    },
  ]);
});

test("nobody is refused, unless the server allows it", async () => {
  const anonymous = { credentials: { anonymous: true } } as const;
  const refused = sides(anonymous);
  await expect(exchange(refused.client, refused.server)).rejects.toMatchObject({
    code: "logon_denied",
  });
  const { client, server } = await established({ ...anonymous, server: { allowAnonymous: true } });
  expect(server.peer).toMatchObject({ anonymous: true, name: "", sid: "S-1-5-7" });
  const { pdu, token } = sealed(client, "hello");
  server.unseal(pdu, token);
  expect(Buffer.from(bodyOf(pdu)).toString()).toBe("hello");
});

test.for(["v1", "lm"] as const)("%s is refused, unless the server names it", async (version) => {
  const refused = sides({ client: { version } });
  await expect(exchange(refused.client, refused.server)).rejects.toMatchObject({
    name: "SecurityError",
  });
  const { client, server } = await established({
    client: { version },
    server: { versions: ["v2", version] },
  });
  for (const text of ["one", "two"]) {
    const { pdu, token } = sealed(client, text);
    server.unseal(pdu, token);
    expect(Buffer.from(bodyOf(pdu)).toString()).toBe(text);
    const answer = sealed(server, text);
    client.unseal(answer.pdu, answer.token);
    expect(Buffer.from(bodyOf(answer.pdu)).toString()).toBe(text);
  }
});

test("without extended session security, a changed or replayed body is noticed", async () => {
  for (const damage of ["change", "replay"]) {
    const { client, server } = await established({
      client: { version: "lm" },
      server: { versions: ["lm"] },
    });
    const pdu = pduOf(Buffer.from("once"));
    const token = client.sign(pdu);
    if (damage === "change") pdu.octets[pdu.bodyStart]! ^= 1;
    else server.verify(pdu, token);
    expect(() => server.verify(pdu, token)).toThrow("does not fit");
  }
});

/** Lets the exchange run with a token changed on its way. */
async function tampered(which: 0 | 1 | 2, change: (token: Uint8Array) => void): Promise<void> {
  const { client, server } = sides({});
  let token: Uint8Array | null = null;
  for (const [index, side] of [client, server, client, server].entries()) {
    const step: SecurityStep = await side.step(token);
    token = step.token === null ? null : Uint8Array.from(step.token);
    if (index === which && token !== null) change(token);
  }
}

type Change = (token: Uint8Array) => void;

/** Changes flags in their place. */
function flip(at: number, bits: number): Change {
  return (token) => {
    const view = new DataView(token.buffer, token.byteOffset);
    view.setUint32(at, (view.getUint32(at, true) ^ bits) >>> 0, true);
  };
}

/** Changes an octet. */
function put(at: number): Change {
  return (token) => token.fill(0x41, at, at + 1);
}

const changes: readonly (readonly [what: string, which: 0 | 1 | 2, change: Change])[] = [
  ["the client's offer", 0, flip(12, flags.identify)],
  ["the server's choice", 1, flip(20, flags.identify)],
  ["the server's name", 1, put(56)],
  ["the client's flags", 2, flip(60, flags.identify)],
  ["the MIC itself", 2, put(72)],
];

test.for(changes)("a change to %s is noticed by its MIC", async ([, which, change]) => {
  await expect(tampered(which, change)).rejects.toMatchObject({ code: "logon_denied" });
});

/** Takes a pair out of the target information of a challenge. */
function withoutPair(id: number): Change {
  return (token) => {
    const view = new DataView(token.buffer, token.byteOffset);
    const length = view.getUint16(40, true);
    const start = view.getUint32(44, true);
    let at = start;
    while (view.getUint16(at, true) !== id) at += 4 + view.getUint16(at + 2, true);
    const end = at + 4 + view.getUint16(at + 2, true);
    token.copyWithin(at, end, start + length);
    for (const place of [40, 42]) view.setUint16(place, length - (end - at), true);
  };
}

test("nobody can have the MIC left out by taking the server's time out of its challenge", async () => {
  await expect(tampered(1, withoutPair(avIds.timestamp))).rejects.toMatchObject({
    code: "logon_denied",
    message: expect.stringContaining("neither a MIC") as string,
  });
});

test("empty passwords don't do, unless the server says so", async () => {
  const ntHash = new Secret(ntHashOf(""));
  const credentials = { user: "alice", domain: "EXAMPLE", password: "" };
  const server = { accounts: { lookUp: () => ({ ...alice, ntHash }) } };
  await expect(established({ credentials, server })).rejects.toMatchObject({
    code: "logon_denied",
    cause: new Error("the password is empty"),
  });
  const lenient = { ...server, allowEmptyPasswords: true };
  const { server: context } = await established({ credentials, server: lenient });
  expect(context.peer?.name).toBe("EXAMPLE\\alice");
});

test.for([
  ["sealing", flags.seal],
  ["signing", flags.sign],
  ["128-bit keys", flags.key128],
  ["extended session security", flags.extendedSecurity],
  ["Unicode", flags.unicode],
] as const)("both sides insist on %s", async ([name, bit]) => {
  const error = {
    code: "unsupported",
    message: expect.stringContaining(name) as string,
  };
  await expect(tampered(0, flip(12, bit))).rejects.toMatchObject(error);
  await expect(tampered(1, flip(20, bit))).rejects.toMatchObject(error);
  await expect(tampered(2, flip(60, bit))).rejects.toMatchObject(error);
});

test("channel bindings have to be those of the server", async () => {
  const channelBindings = Buffer.from("tls-server-end-point:1");
  const server = { channelBindings };
  await established({ client: { channelBindings }, server });
  for (const client of [{}, { channelBindings: Buffer.from("tls-server-end-point:2") }]) {
    const both = sides({ client, server });
    await expect(exchange(both.client, both.server)).rejects.toThrow("another channel");
  }
});

test("a response for another server is refused where the server says its names", async () => {
  const server = { targetNames: ["HOST/Server.Example.com", "host/server"] };
  await established({ server });
  await established({ server, client: { targetName: "host/SERVER" } });
  const other = sides({ server, client: { targetName: "host/other" } });
  await expect(exchange(other.client, other.server)).rejects.toThrow("another server");
  const old = sides({ server: { ...server, versions: ["v1"] }, client: { version: "v1" } });
  await expect(exchange(old.client, old.server)).rejects.toMatchObject({ code: "logon_denied" });
});

test("a response from a clock that is far off is refused", async () => {
  let hours = 0;
  const surroundings = {
    now: () => 1_700_000_000_000 + hours * 3_600_000,
    random: (length: number) => repeat(7, length),
  };
  const { client, server } = sides({ server: { surroundings } });
  let token: Uint8Array | null = null;
  for (const side of [client, server, client]) {
    const step: SecurityStep = await side.step(token);
    token = step.token;
  }
  hours = 37;
  await expect(server.step(token)).rejects.toThrow("too old");
});

test("tokens out of turn are refused, and so are all after them", async () => {
  const { client, server } = sides({});
  await expect(server.step(null)).rejects.toMatchObject({ code: "bad_token" });
  await expect(client.step(repeat(1, 40))).rejects.toMatchObject({ code: "bad_token" });
  await expect(client.step(null)).rejects.toThrow("out of turn");
  const done = await established();
  await expect(done.server.step(repeat(1, 40))).rejects.toThrow("out of turn");
});

test("nothing is signed before the exchange is complete, or after the end", async () => {
  const before = sides({});
  expect(() => before.client.sign(pduOf(repeat(1, 4)))).toThrow("no session");
  const { client } = await established();
  client.dispose();
  expect(() => client.sign(pduOf(repeat(1, 4)))).toThrow("no session");
  expect(client.sessionKey).toBeNull();
});

test("a server that is let go of while it looks for an account lets nobody in", async () => {
  const found = Promise.withResolvers<Account>();
  const { client, server } = sides({ server: { accounts: { lookUp: () => found.promise } } });
  const challenge = await server.step((await client.step(null)).token);
  const { token } = await client.step(challenge.token);
  const last = server.step(token);
  server.dispose();
  found.resolve(alice);
  await expect(last).rejects.toThrow("out of turn");
  expect(server.sessionKey).toBeNull();
  expect(() => server.sign(pduOf(repeat(1, 4)))).toThrow("no session");
});

test("credentials that can't be are refused at once", () => {
  expect(() => ntlmClient({ user: "", password: "x" })).toThrow("needs a user name");
  expect(() => ntlmClient({ user: "alice", ntHash: repeat(1, 15) })).toThrow("16 octets");
});

test("nothing secret shows in an inspection or as JSON", async () => {
  const { client, server } = await established();
  const hash = hex(alice.ntHash.reveal());
  const shown = [client, server, alice]
    .flatMap((value) => [inspect(value, { depth: 9, showHidden: true }), JSON.stringify(value)])
    .join("\n");
  expect(shown).not.toContain("Passw0rd");
  expect(shown.replace(/[\s,]|0x/g, "")).not.toContain(hash);
  expect(shown).toContain("[secret]");
});
