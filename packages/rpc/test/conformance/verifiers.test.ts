/** Verifiers of requests and auth3: wrong types, levels, contexts, lengths, padding and signatures. */
import { encodePdu, type Verifier } from "@msrpc/rpc/pdu";
import { expect, test } from "vitest";
import { octetsOf } from "../echo.ts";
import { changed, expectFault, expectSilence } from "../support/outcomes.ts";
import { levels, secured, SigningClient } from "../support/signing-client.ts";
import { toyServer } from "../support/toy-security.ts";
import { alter, bound, request, type Wire, wire } from "../support/wire.ts";

const security = [toyServer({ legs: 3 })];
const denied = { callId: 2, contextId: 0, notRun: false, ends: true } as const;

async function begun(level: number = levels.integrity): Promise<[Wire, SigningClient]> {
  const w = wire({ security });
  const client = new SigningClient(1, level);
  await client.negotiate(w, "bind");
  return [w, client];
}

const wrong: Readonly<Record<string, Partial<Verifier>>> = {
  "another type": { type: 10 },
  "type none": { type: 0 },
  "a lower level": { level: levels.connect },
  "a higher level": { level: levels.privacy },
  "a context that isn't there": { contextId: 9 },
};
for (const [what, change] of Object.entries(wrong)) {
  test(`a request with ${what} is denied`, async () => {
    const w = wire({ security });
    const client = await secured(w);
    await expectFault(w, client.sign({}, false, change), "accessDenied", denied);
  });

  test(`a later fragment with ${what} is what its first fragment was`, async () => {
    const w = wire({ security });
    const client = await secured(w);
    await expectSilence(w, client.sign({ flags: 1, body: new Uint8Array(16) }));
    const rest = client.sign({ flags: 2, body: octetsOf(0) }, false, change);
    expect(await w.send(rest)).toMatchObject([{ type: "response", callId: 2 }]);
  });
}

test("a verifier where nothing was agreed on is denied", async () => {
  const stray = { type: 99, level: 5, padLength: 0, contextId: 1, token: octetsOf(12) };
  await expectFault(
    await bound({ security }),
    request({ verifier: stray }),
    "accessDenied",
    denied,
  );
});

test("a fragment without verifier among signed ones is a protocol error", async () => {
  const w = wire({ security });
  const client = await secured(w);
  await expectSilence(w, client.sign({ flags: 1, body: octetsOf(16) }));
  await expectFault(w, request({ flags: 2 }), "protocol", denied);
});

test("a verifier behind fragments without is denied", async () => {
  const w = wire({ security });
  const client = await secured(w);
  await expectSilence(w, request({ flags: 1 }));
  await expectFault(w, client.sign({ flags: 2 }), "accessDenied", denied);
});

test("a second identity in the middle of a request is a fault of security", async () => {
  const w = wire({ security });
  const first = await secured(w);
  const second = new SigningClient(2);
  await second.negotiate(w, "alter_context");
  await second.finish(w);
  await expectSilence(w, first.sign({ callId: 4, flags: 1, body: octetsOf(16) }));
  await expectFault(w, second.sign({ callId: 4, flags: 1 }), "securityPackage", {
    ...denied,
    callId: 4,
  });
});

test("signatures that are damaged, repeated or swapped are faults of security", async () => {
  const after = async (make: (client: SigningClient) => Uint8Array[]): Promise<void> => {
    const w = wire({ security });
    const [before, bad] = make(await secured(w));
    if (before === undefined || bad === undefined) throw new Error("two PDUs");
    if (before.length > 0) expect(await w.send(before)).toMatchObject([{ type: "response" }]);
    await expectFault(w, bad, "securityPackage", denied);
  };
  const none = octetsOf(0);
  await after((client) => {
    const octets = client.sign({});
    return [none, changed(octets, [octets.length - 6, 0xee])];
  });
  await after((client) => [none, changed(client.sign({}), [24, 1])]);
  await after((client) => {
    const octets = client.sign({});
    return [octets, octets];
  });
  await after((client) => {
    client.sign({});
    return [none, client.sign({})];
  });
});

test("without multiplexed identities, what carries no verifier is nobody's", async () => {
  const w = wire({ security });
  await secured(w);
  expect(await w.send(request())).toMatchObject([{ type: "response", verifier: null }]);
});

test("at connect level a verifier may be left out, or be anything", async () => {
  const w = wire({ security });
  const client = await secured(w, { level: levels.connect });
  const verifier = { ...client.verifier, token: octetsOf(16) };
  expect(await w.send(request(), request({ callId: 3, verifier }))).toMatchObject([
    { type: "response", callId: 2, verifier: null },
    { type: "response", callId: 3, verifier: null },
  ]);
});

test("the level call is answered as packet", async () => {
  const w = wire({ security });
  const client = await secured(w, { level: levels.call });
  expect(await w.send(client.sign({}))).toMatchObject([
    { type: "response", verifier: { level: levels.call } },
  ]);
});

test("a request before the last leg is a protocol error, with and without a verifier of it", async () => {
  const early = { callId: 2, contextId: 0, notRun: true, ends: true };
  const [w, client] = await begun();
  const verifier = { ...client.verifier, token: octetsOf(12) };
  await expectFault(w, request({ verifier }), "protocol", early);
  const [atConnect] = await begun(levels.connect);
  await expectFault(atConnect, request(), "protocol", early);
});

test("auth_length, padding and place of a request's verifier are held to its octets", async () => {
  const w = async (): Promise<[Wire, Uint8Array]> => {
    const at = wire({ security });
    return [at, (await secured(at)).sign({})];
  };
  const [tooLong, octets] = await w();
  await expectFault(tooLong, changed(octets, [10, 0xff]), "protocol", denied);
  const trailer = octets.length - 12 - 8;
  const [tooPadded, padded] = await w();
  await expectFault(tooPadded, changed(padded, [trailer + 2, 17]), "protocol", denied);
  const [misplaced, signed] = await w();
  const askew = Uint8Array.from([...signed.subarray(0, 40), 0, ...signed.subarray(40)]);
  await expectFault(misplaced, changed(askew, [8, askew.length]), "protocol", denied);
});

test("auth3 without a context that waits for it is a protocol error", async () => {
  const end = { callId: 7, contextId: 0, notRun: true, ends: true };
  const auth3 = (verifier: Verifier) =>
    ({ type: "auth3", flags: 3, callId: 7, littleEndian: true, verifier }) as const;
  const verifier = await new SigningClient(1).next();
  await expectFault(wire({ security }), auth3(verifier), "protocol", end);
  await expectFault(await bound({ security }), auth3(verifier), "protocol", end);
  const w = wire({ security });
  const client = await secured(w);
  await expectFault(w, auth3({ ...client.verifier, token: octetsOf(4) }), "protocol", end);
  const [early] = await begun();
  await expectFault(early, auth3({ ...verifier, contextId: 3 }), "protocol", end);
  const [other] = await begun();
  await expectFault(other, auth3({ ...verifier, level: levels.privacy }), "protocol", end);
});

test("an auth3 without a token is a protocol error, and one with padding lacks memory", async () => {
  const end = { callId: 1, contextId: 0, notRun: true, ends: true };
  const [w, client] = await begun();
  const verifier = await client.next();
  const auth3 = encodePdu({ type: "auth3", flags: 3, callId: 1, littleEndian: true, verifier });
  await expectFault(w, changed(auth3, [10, 0]), "protocol", end);
  const [padded] = await begun();
  await expectFault(padded, changed(auth3, [22, 1]), "remoteNoMemory", end);
});

test("an auth3 that is refused is heard of at the first request", async () => {
  const refuse = async (token: Uint8Array): Promise<void> => {
    const [w, client] = await begun();
    const verifier = { ...client.verifier, token };
    await expectSilence(w, { type: "auth3", flags: 3, callId: 1, littleEndian: true, verifier });
    await expectFault(w, client.sign({}), "accessDenied", denied);
  };
  await refuse(octetsOf(3));
  await refuse(Uint8Array.of(2, 3));
});

test("an auth3 can't be a leg that wants an answer", async () => {
  const w = wire({ security: [toyServer({ legs: 4 })] });
  const client = new SigningClient(1, levels.integrity, 4);
  await client.negotiate(w, "bind");
  await client.finish(w);
  await expectFault(w, client.sign({}), "accessDenied", denied);
});

test("two contexts at connect level: what carries no verifier is nobody's again", async () => {
  const w = wire({ security });
  await secured(w, { level: levels.connect });
  const second = new SigningClient(2, levels.connect);
  await second.negotiate(w, "alter_context");
  await second.finish(w);
  expect(await w.send(alter({ callId: 3 }), request({ callId: 4 }))).toMatchObject([
    { type: "alter_context_resp" },
    { type: "response" },
  ]);
});
