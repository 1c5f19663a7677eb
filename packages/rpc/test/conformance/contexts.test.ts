/** alter_context in every relation to what was agreed on before. */
import { transferSyntaxes } from "@msrpc/ndr";
import { encodePdu } from "@msrpc/rpc/pdu";
import { expect, test } from "vitest";
import { echo, otherEcho } from "../echo.ts";
import { changed, expectFault } from "../support/outcomes.ts";
import { secured, SigningClient } from "../support/signing-client.ts";
import { toyServer } from "../support/toy-security.ts";
import { alter, bound, propose, request, wire } from "../support/wire.ts";

const { ndr, ndr64 } = transferSyntaxes;
const security = [toyServer({ legs: 3 })];
const ending = { callId: 2, contextId: 0, notRun: true, ends: true } as const;

test("sizes and groups of an alter_context change nothing", async () => {
  const w = await bound();
  const again = alter({ groupId: 0xdeadbeef, maxTransmit: 1500, maxReceive: 1500 });
  const [answer] = await w.send(again);
  expect(answer).toMatchObject({
    type: "alter_context_resp",
    maxTransmit: 5840,
    maxReceive: 5840,
    secondaryAddress: "",
  });
  expect(answer).not.toMatchObject({ groupId: 0xdeadbeef });
});

for (const flags of [0x00, 0x01, 0x02, 0x08, 0x20, 0x40, 0x80]) {
  test(`pfc_flags 0x${flags.toString(16)} mean nothing in an alter_context`, async () => {
    expect(await (await bound()).send(alter({ flags }))).toMatchObject([
      { type: "alter_context_resp", flags: 0x03 },
    ]);
  });
}

test("multiplexing can't be had after the bind, header signing can", async () => {
  const w = wire();
  await w.send({ ...alter(), type: "bind", callId: 1, flags: 0x03 });
  expect(await w.send(alter({ flags: 0x17 }))).toMatchObject([{ flags: 0x07 }]);
});

test("a context may be proposed again as it is, and by other syntaxes that come to the same", async () => {
  const w = await bound();
  expect(
    await w.send(alter(), alter({ callId: 3, proposals: [propose(0, echo, ndr64, ndr)] })),
  ).toMatchObject([
    { results: [{ result: 0, transferSyntax: ndr }] },
    { results: [{ result: 0, transferSyntax: ndr }] },
  ]);
});

test("a context can't become another interface, or another syntax", async () => {
  await expectFault(
    await bound(),
    alter({ proposals: [propose(0, otherEcho, ndr)] }),
    "protocol",
    ending,
  );
  await expectFault(
    await bound(),
    alter({ proposals: [propose(0, echo, ndr64)] }),
    "protocol",
    ending,
  );
});

test("an alter_context without contexts, or with one without syntaxes, is a protocol error", async () => {
  await expectFault(await bound(), alter({ proposals: [] }), "protocol", ending);
  await expectFault(
    await bound(),
    alter({ proposals: [propose(1, otherEcho)] }),
    "protocol",
    ending,
  );
});

test("context ids reach over 16 bits, of which a response has 8 and a fault has all", async () => {
  const w = await bound();
  await w.send(alter({ proposals: [propose(0xffff, echo, ndr)] }));
  expect(await w.send(request({ callId: 3, contextId: 0xffff }))).toMatchObject([
    { type: "response", contextId: 0xff },
  ]);
  await expectFault(w, request({ callId: 4, contextId: 0xffff, opnum: 999 }), "operationRange", {
    callId: 4,
    contextId: 0xffff,
    notRun: true,
    ends: false,
  });
});

test("calls on contexts that were never agreed on fail alone", async () => {
  const w = await bound();
  const alone = { contextId: 0, notRun: true, ends: false } as const;
  await expectFault(w, request({ contextId: 7 }), "unknownInterface", { callId: 2, ...alone });
  expect(await w.send(request({ callId: 3 }))).toMatchObject([{ type: "response" }]);
});

test("beyond the limit a context is rejected, and those agreed on go on", async () => {
  const w = await bound({ limits: { maxContexts: 1 } });
  expect(await w.send(alter({ proposals: [propose(1, otherEcho, ndr)] }))).toMatchObject([
    { type: "alter_context_resp", results: [{ result: 2, reason: 3 }] },
  ]);
  expect(await w.send(request({ callId: 3 }))).toMatchObject([{ type: "response" }]);
});

test("a new security context may be built beside others, each with its own caller", async () => {
  const w = wire({ security });
  const first = await secured(w);
  const second = new SigningClient(2);
  expect(await second.negotiate(w, "alter_context")).toMatchObject({ type: "alter_context_resp" });
  await second.finish(w);
  expect(
    await w.send(first.sign({ callId: 3 }), second.sign({ callId: 4 }), first.sign({ callId: 5 })),
  ).toMatchObject([
    { type: "response", callId: 3, verifier: { contextId: 1 } },
    { type: "response", callId: 4, verifier: { contextId: 2 } },
    { type: "response", callId: 5, verifier: { contextId: 1 } },
  ]);
});

test("a security context that is complete can't be built again", async () => {
  const w = wire({ security });
  await secured(w);
  await expectFault(
    w,
    alter({ verifier: await new SigningClient(1).next() }),
    "accessDenied",
    ending,
  );
});

test("a leg of another type, level or none at all is refused", async () => {
  const started = async (): Promise<[ReturnType<typeof wire>, SigningClient]> => {
    const w = wire({ security });
    const client = new SigningClient(1);
    await client.negotiate(w, "bind");
    return [w, client];
  };
  const refused = [
    [{ type: 10 }, "securityPackage"],
    [{ type: 0 }, "accessDenied"],
    [{ level: 6 }, "accessDenied"],
  ] as const;
  for (const [change, code] of refused) {
    const [w, client] = await started();
    await expectFault(
      w,
      alter({ verifier: { ...(await client.next()), ...change } }),
      code,
      ending,
    );
  }
});

test("contexts that break the protocol weigh more than a leg of another type", async () => {
  const w = wire({ security });
  const client = new SigningClient(1);
  await client.negotiate(w, "bind");
  const verifier = { ...(await client.next()), type: 10 };
  await expectFault(
    w,
    alter({ proposals: [propose(0, otherEcho, ndr)], verifier }),
    "protocol",
    ending,
  );
});

test("a new context of a level or type that there is not is refused", async () => {
  for (const change of [{ type: 200 }, { level: 1 }, { level: 7 }]) {
    const w = await bound({ security });
    const verifier = { ...(await new SigningClient(5).next()), ...change };
    await expectFault(w, alter({ verifier }), "accessDenied", ending);
  }
});

test("one security context too many is a protocol error", async () => {
  const w = wire({ security, limits: { maxSecurityContexts: 1 } });
  await secured(w);
  await expectFault(w, alter({ verifier: await new SigningClient(2).next() }), "protocol", ending);
});

test("the last leg is answered with a sec_trailer and no token", async () => {
  const w = wire({ security: [toyServer({ legs: 3 })] });
  const client = new SigningClient(1);
  await client.negotiate(w, "bind");
  const answer = await client.negotiate(w, "alter_context");
  expect(answer).toMatchObject({ type: "alter_context_resp", verifier: null });
  expect(await w.send(client.sign({ callId: 3 }))).toMatchObject([{ type: "response" }]);
});

test("headers are signed from the PDU on that offers it, by contexts that are complete too", async () => {
  const w = wire({ security });
  const client = await secured(w);
  expect(await w.send(client.sign({ callId: 2 }))).toMatchObject([{ type: "response" }]);
  expect(await w.send(alter({ callId: 3, flags: 0x07 }))).toMatchObject([{ flags: 0x07 }]);
  expect(await w.send(client.sign({ callId: 4 }, true))).toMatchObject([{ type: "response" }]);
  await expectFault(w, client.sign({ callId: 5 }), "securityPackage", {
    callId: 5,
    contextId: 0,
    notRun: false,
    ends: true,
  });
});

test("an alter_context whose padding or verifier is out of place is a protocol error", async () => {
  const verifier = await new SigningClient(1).next();
  const octets = encodePdu(alter({ verifier }));
  const trailer = octets.length - verifier.token.length - 8;
  const w = await bound({ security });
  await expectFault(w, changed(octets, [trailer + 2, trailer]), "protocol", ending);
  await expectFault(await bound(), changed(encodePdu(alter()), [10, 0xff]), "protocol", ending);
});
