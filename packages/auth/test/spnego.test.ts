import { type SecurityContext, SecurityError, type SecurityStep, authTypes } from "@msrpc/rpc";
import { expect, test } from "vitest";
import {
  type ClientMechanism,
  type Mechanism,
  Secret,
  type ServerMechanism,
  ntlmClient,
  ntlmServer,
  spnegoClient,
  spnegoServer,
} from "../src/index.ts";
import { ntHashOf } from "../src/ntlm/responses.ts";
import { readToken, writeInit, writeMechTypes, writeResp } from "../src/spnego/tokens.ts";
import { bodyOf, exchange, hex, octets, pduOf, repeat } from "./support.ts";

const ntlmOid = "1.3.6.1.4.1.311.2.2.10";
const otherOids = ["1.2.840.48018.1.2.2", "1.2.840.113554.1.2.2"];
const request = { level: "privacy", host: "server.example.com" } as const;

const token = Uint8Array.of(1);
/** Steps of mechanisms: one token from the client alone, a token each, and three tokens. */
const single = { client: [{ token, complete: true }], server: [{ token: null, complete: true }] };
const mutual = {
  client: [
    { token, complete: false },
    { token: null, complete: true },
  ],
  server: [{ token, complete: true }],
};
const threeLegs = {
  client: [
    { token, complete: false },
    { token, complete: true },
  ],
  server: [
    { token, complete: false },
    { token: null, complete: true },
  ],
};

/** A mechanism of given steps, whose signature is the message turned round. */
class Scripted implements Mechanism {
  readonly supportsHeaderSigning = false;
  readonly hasIntegrity = true;
  readonly wantsMechListMic = false;
  readonly peer = { name: "somebody", anonymous: false, mechanism: "scripted" };
  readonly sessionKey = null;
  readonly #steps: SecurityStep[];

  constructor(steps: readonly SecurityStep[]) {
    this.#steps = [...steps];
  }

  step(): SecurityStep {
    const step = this.#steps.shift();
    if (step === undefined) throw new SecurityError("bad_token", "no step is left");
    return step;
  }

  getMic(message: Uint8Array): Uint8Array {
    return message.toReversed();
  }

  verifyMic(message: Uint8Array, mic: Uint8Array): void {
    if (hex(message.toReversed()) !== hex(mic)) throw new SecurityError("bad_signature", "MIC");
  }

  signatureLength(): number {
    return 0;
  }

  sign(): Uint8Array {
    return new Uint8Array(0);
  }

  seal(): Uint8Array {
    return new Uint8Array(0);
  }

  verify(): void {
    this.sign();
  }

  unseal(): void {
    this.sign();
  }

  dispose(): void {
    this.#steps.length = 0;
  }
}

function scripted(
  steps: readonly SecurityStep[],
  oids = otherOids,
): ClientMechanism & ServerMechanism {
  return { authType: authTypes.kerberos, oids, createContext: () => new Scripted(steps) };
}

/** A mechanism that this machine can't use. */
const unavailable: ClientMechanism = {
  ...scripted([]),
  createContext: () =>
    Object.assign(new Scripted([]), {
      step: () => {
        throw new SecurityError("unavailable", "no library");
      },
    }),
};

const accounts = {
  lookUp: () => ({ user: "alice", domain: "", ntHash: new Secret(ntHashOf("secret")) }),
};
const clientNtlm = ntlmClient({ user: "alice", password: "secret" });
const serverNtlm = ntlmServer({ accounts, computerName: "SERVER" });

function sides(
  client: readonly ClientMechanism[],
  server: readonly ServerMechanism[],
): { readonly client: SecurityContext; readonly server: SecurityContext } {
  return {
    client: spnegoClient(client).createContext(request),
    server: spnegoServer(server).createContext(request),
  };
}

/** What the tokens of an exchange are, in short. */
function outline(tokens: readonly Uint8Array[]): string[] {
  return tokens.map((each) => {
    const read = readToken(each);
    const mic = read.mechListMic === null ? "" : " mic";
    if (read.type === "init") return `init${read.mechToken === null ? "" : " token"}${mic}`;
    const state = ["completed", "incomplete", "reject", "request-mic"][read.negState ?? 4] ?? "-";
    return `${state}${read.responseToken === null ? "" : " token"}${mic}`;
  });
}

test("NTLM goes through in four tokens, and the list of mechanisms is signed", async () => {
  const { client, server } = sides([clientNtlm], [serverNtlm]);
  const tokens = await exchange(client, server);
  expect(outline(tokens)).toEqual([
    "init token",
    "incomplete token",
    "- token mic",
    "completed mic",
  ]);
  expect(server.peer).toMatchObject({ name: "alice", mechanism: "ntlm" });
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    const pdu = pduOf(Buffer.from("sealed"));
    to.unseal(pdu, from.seal(pdu));
    expect(Buffer.from(bodyOf(pdu)).toString()).toBe("sealed");
  }
});

test("the server takes what it knows, and has the list signed, as somebody may have changed it", async () => {
  const { client, server } = sides([scripted(single.client), clientNtlm], [serverNtlm]);
  const tokens = await exchange(client, server);
  expect(outline(tokens)).toEqual([
    "init token",
    "request-mic",
    "- token",
    "incomplete token",
    "- token mic",
    "completed mic",
  ]);
  expect(server.peer?.mechanism).toBe("ntlm");
});

test("a mechanism that can't sign leaves the list unsigned, also after a fallback", async () => {
  const level = "connect";
  for (const offered of [[clientNtlm], [scripted(single.client), clientNtlm]]) {
    const client = spnegoClient(offered).createContext({ ...request, level });
    const server = spnegoServer([serverNtlm]).createContext({ level });
    const tokens = await exchange(client, server);
    expect(outline(tokens).join()).not.toContain(" mic");
    expect(server.peer?.name).toBe("alice");
  }
});

test("a mechanism of one token that both prefer is over after one round", async () => {
  const { client, server } = sides(
    [scripted(single.client), clientNtlm],
    [serverNtlm, scripted(single.server)],
  );
  const tokens = await exchange(client, server);
  expect(outline(tokens)).toEqual(["init token", "completed"]);
  expect(server.peer?.mechanism).toBe("scripted");
});

test("a mechanism of two tokens, which are mutual, is over with the second", async () => {
  const { client, server } = sides([scripted(mutual.client)], [scripted(mutual.server)]);
  expect(outline(await exchange(client, server))).toEqual(["init token", "completed token"]);
});

test("a mechanism of three tokens is over when the server says so", async () => {
  const { client, server } = sides([scripted(threeLegs.client)], [scripted(threeLegs.server)]);
  const tokens = await exchange(client, server);
  expect(outline(tokens)).toEqual(["init token", "incomplete token", "- token", "completed"]);
});

test("a server that ends before the mechanism does is refused", async () => {
  const { client, server } = sides([scripted(threeLegs.client)], [scripted(mutual.server)]);
  await expect(exchange(client, server)).rejects.toThrow("ends before its mechanism does");
});

test("the server answers with the name of the mechanism that the client used", async () => {
  for (const oids of [otherOids, otherOids.toReversed()]) {
    const { client, server } = sides([scripted(single.client, oids)], [scripted(single.server)]);
    const resp = await server.step((await client.step(null)).token);
    expect(readToken(resp.token ?? new Uint8Array())).toMatchObject({ supportedMech: oids[0] });
  }
});

test("a mechanism that this machine can't use is not offered", async () => {
  const { client, server } = sides(
    [unavailable, clientNtlm],
    [scripted(single.server), serverNtlm],
  );
  const [init] = await exchange(client, server);
  expect(readToken(init ?? new Uint8Array())).toMatchObject({ mechTypes: [ntlmOid] });
  const none = sides([unavailable], [serverNtlm]);
  await expect(none.client.step(null)).rejects.toMatchObject({ code: "unavailable" });
});

test("peers without a common mechanism say so", async () => {
  const { client, server } = sides([scripted(single.client)], [serverNtlm]);
  const init = await client.step(null);
  await expect(server.step(init.token)).rejects.toMatchObject({ code: "unsupported" });
  await expect(client.step(writeResp({ negState: 2 }))).rejects.toMatchObject({
    code: "unsupported",
  });
});

test("a list of mechanisms that was changed on its way is noticed by both", async () => {
  const { client, server } = sides(
    [scripted(single.client), clientNtlm],
    [scripted(single.server), serverNtlm],
  );
  await client.step(null);
  // Somebody takes the mechanism out that both prefer.
  let next: Uint8Array | null = writeInit(writeMechTypes([ntlmOid]), null, false);
  const run = async (): Promise<void> => {
    for (const side of [server, client, server, client, server]) {
      const step: SecurityStep = await side.step(next);
      next = step.token;
    }
  };
  await expect(run()).rejects.toMatchObject({ code: "bad_signature" });
});

test("a server that signs nothing is not believed", async () => {
  const { client, server } = sides([clientNtlm], [serverNtlm]);
  const challenge = await server.step((await client.step(null)).token);
  await client.step(challenge.token);
  await expect(client.step(writeResp({ negState: 0 }))).rejects.toThrow("lacks a mechListMIC");
});

test("a signature that is asked for and wrong is refused", async () => {
  const { client, server } = sides([clientNtlm], [serverNtlm]);
  const challenge = await server.step((await client.step(null)).token);
  await client.step(challenge.token);
  const mechListMic = repeat(1, 16);
  await expect(client.step(writeResp({ negState: 0, mechListMic }))).rejects.toMatchObject({
    code: "bad_signature",
  });
});

test("NTLM without a frame is taken where NTLM is", async () => {
  const client = clientNtlm.createContext(request);
  const server = spnegoServer([serverNtlm]).createContext(request);
  await exchange(client, server);
  expect(server.peer?.name).toBe("alice");
  const without = spnegoServer([scripted(single.server)]).createContext(request);
  const negotiate = await clientNtlm.createContext(request).step(null);
  await expect(without.step(negotiate.token)).rejects.toMatchObject({ code: "unsupported" });
});

test("a server that speaks first gives its mechanisms, and the client keeps to them", async () => {
  const { client, server } = sides([scripted(single.client), clientNtlm], [serverNtlm]);
  const hints = await server.step(null);
  expect(readToken(hints.token ?? new Uint8Array())).toMatchObject({
    mechTypes: [ntlmOid],
    hasHints: true,
  });
  const first = await client.step(hints.token);
  expect(readToken(first.token ?? new Uint8Array())).toMatchObject({ mechTypes: [ntlmOid] });
  let next = first.token;
  for (const side of [server, client, server, client]) {
    const step: SecurityStep = await side.step(next);
    next = step.token;
  }
  expect(server.peer?.name).toBe("alice");
});

/** The example of [MS-SPNG] 4. */
const example = octets(`
  6082015d06062b0601050502a08201513082014da01a3018060a2b06010401823702021e060a2b0601040182
  3702020aa28201010481fe4e45474f4558545301000000000000006000000070000000cffa11765e12599a34
  7d766852bfce7097458710bb8242b4c7dfbad2da897aa311a7d868463430952562dc13c554f2010000000000
  000000600000000100000000000000000000005c33530deaf90d4db2ec4ae3786ec3084e45474f4558545303
  00000001000000400000008e000000cffa11765e12599a347d766852bfce705c33530deaf90d4db2ec4ae378
  6ec308400000004e000000304ca04a3048302a80283026312430220603550403131b584d4c50726f76696465
  7220496e7465726d656469617465204341301a80183016311430120603550403130b584d4c50726f76696465
  72a32a3028a0261b246e6f745f646566696e65645f696e5f5246433431373840706c656173655f69676e6f72
  65`);

test("a NegTokenInit2 of Windows reads as it is annotated ([MS-SPNG] 4)", () => {
  const read = readToken(example);
  expect(read).toMatchObject({
    mechTypes: ["1.3.6.1.4.1.311.2.2.30", ntlmOid],
    hasHints: true,
    mechListMic: null,
  });
  const mechToken = read.type === "init" ? read.mechToken : null;
  expect(mechToken).toHaveLength(254);
  expect(Buffer.from(mechToken?.subarray(0, 8) ?? []).toString()).toBe("NEGOEXTS");
});

test("tokens out of turn are refused, and so are all after them", async () => {
  const { client, server } = sides([clientNtlm], [serverNtlm]);
  await expect(server.step(writeResp({ negState: 1 }))).rejects.toThrow("no NegTokenInit");
  await expect(server.step(null)).rejects.toThrow("out of turn");
  await client.step(null);
  await expect(client.step(null)).rejects.toThrow("no NegTokenResp");
  expect(() => client.sign(pduOf(repeat(1, 4)))).toThrow("no session");
});

test("a server without mechanisms is refused when it is made", () => {
  expect(() => spnegoServer([])).toThrow(new TypeError("spnegoServer needs a mechanism"));
});
