/** Binds that are out of the ordinary, and what a server has to answer to each. */
import { transferSyntaxes } from "@msrpc/ndr";
import { encodePdu, featureSyntax } from "@msrpc/rpc/pdu";
import { expect, test } from "vitest";
import { echo, echoServer, otherEcho } from "../echo.ts";
import { changed, expectFault } from "../support/outcomes.ts";
import { toyServer, toyType } from "../support/toy-security.ts";
import { bind, bound, expectNak, propose, request, wire, Wire } from "../support/wire.ts";

const { ndr, ndr64 } = transferSyntaxes;
const token = Uint8Array.of(0, ...new TextEncoder().encode("right"));
const verifier = { type: toyType, level: 5, padLength: 0, contextId: 1, token };
const security = [toyServer({ legs: 3 })];
const reasons = {
  notSpecified: 0,
  temporaryCongestion: 1,
  localLimitExceeded: 2,
  versionNotSupported: 4,
  authenticationTypeNotRecognized: 8,
  invalidChecksum: 9,
} as const;

for (const flags of [0x00, 0x01, 0x02, 0x08, 0x20, 0x40, 0x80]) {
  test(`pfc_flags 0x${flags.toString(16)} mean nothing in a bind`, async () => {
    const [answer] = await wire().send(bind({ flags }));
    expect(answer).toMatchObject({ type: "bind_ack", flags: 0x03 });
  });
}

test("multiplexing and header signing are agreed to by their flags", async () => {
  expect(await wire().send(bind({ flags: 0x13 }))).toMatchObject([{ flags: 0x13 }]);
  expect(await wire().send(bind({ flags: 0x07 }))).toMatchObject([{ flags: 0x07 }]);
  expect(await wire().send(bind({ flags: 0xff }))).toMatchObject([{ flags: 0x17 }]);
});

test("header signing is not agreed to for a mechanism that can't", async () => {
  const w = wire({ security: [toyServer({ legs: 3, headerSigning: false })] });
  expect(await w.send(bind({ flags: 0x07, verifier }))).toMatchObject([
    { type: "bind_ack", flags: 0x03 },
  ]);
});

for (const [major, minor] of [
  [4, 0],
  [5, 1],
  [5, 2],
  [6, 0],
] as const) {
  test(`version ${major}.${minor} hears of 5.0, under its call id`, async () => {
    const octets = changed(encodePdu(bind({ callId: 77 })), [0, major], [1, minor]);
    const w = wire();
    expect(await w.send(octets)).toMatchObject([
      {
        type: "bind_nak",
        callId: 77,
        reason: reasons.versionNotSupported,
        versions: [{ major: 5, minor: 0 }],
      },
    ]);
    expect(w.ended).toBe(true);
  });
}

test("a request of version 5.1 is a protocol error, under its call id", async () => {
  await expectFault(await bound(), changed(encodePdu(request({ callId: 9 })), [1, 1]), "protocol", {
    callId: 9,
    contextId: 0,
    notRun: true,
    ends: true,
  });
});

test("big-endian binds are answered in kind", async () => {
  const [answer] = await wire().send(bind({ littleEndian: false, callId: 0x01020304 }));
  expect(answer).toMatchObject({ type: "bind_ack", littleEndian: false, callId: 0x01020304 });
});

for (const [at, octet, what] of [
  [4, 0x11, "EBCDIC"],
  [5, 1, "VAX floats"],
  [5, 2, "Cray floats"],
  [4, 0x20, "an unknown byte order"],
] as const) {
  test(`${what} before the bind end the connection, and behind it are a protocol error`, async () => {
    const w = wire();
    expect(await w.send(changed(encodePdu(bind()), [at, octet]))).toEqual([]);
    expect(w.ended).toBe(true);
    await expectFault(await bound(), changed(encodePdu(request()), [at, octet]), "protocol", {
      callId: 2,
      contextId: 0,
      notRun: true,
      ends: true,
    });
  });
}

test("reserved octets of the data representation are not looked at", async () => {
  const octets = changed(encodePdu(bind()), [6, 0xaa], [7, 0x55]);
  expect(await wire().send(octets)).toMatchObject([{ type: "bind_ack" }]);
});

test("sizes: the smaller of the two that the client states, for both directions", async () => {
  const agreed = async (maxTransmit: number, maxReceive: number): Promise<number[]> => {
    const [answer] = await wire({ limits: { maxFragment: 5840 } }).send(
      bind({ maxTransmit, maxReceive }),
    );
    if (answer?.type !== "bind_ack") throw new Error("no bind_ack");
    return [answer.maxTransmit, answer.maxReceive];
  };
  expect(await agreed(0xffff, 0xffff)).toEqual([5840, 5840]);
  expect(await agreed(3199, 0xffff)).toEqual([3192, 3192]);
  expect(await agreed(0xffff, 3199)).toEqual([3192, 3192]);
  expect(await agreed(0, 0)).toEqual([2048, 2048]);
  expect(await agreed(0, 0xffff)).toEqual([2048, 2048]);
  expect(await agreed(100, 0xffff)).toEqual([1432, 1432]);
});

test("a response goes out in fragments of the agreed size", async () => {
  const w = wire();
  await w.send(bind({ maxTransmit: 0xffff, maxReceive: 1500 }));
  const answers = await w.send(request({ opnum: 1, body: Uint8Array.of(0xb8, 0x0b, 0, 0) }));
  expect(answers.map(({ flags }) => flags)).toEqual([1, 0, 2]);
});

test("a second bind is refused, whatever the first came to", async () => {
  await expectNak(await bound(), bind({ callId: 5 }), reasons.notSpecified);
});

test("a bind without contexts, or with a context without syntaxes: reason_not_specified", async () => {
  await expectNak(wire(), bind({ proposals: [] }), reasons.notSpecified);
  const some = [propose(0, echo, ndr), propose(1, otherEcho)];
  await expectNak(wire(), bind({ proposals: some }), reasons.notSpecified);
});

test("255 contexts are decided one by one, and a limit of them refuses the bind", async () => {
  const proposals = Array.from({ length: 255 }, (_, id) => propose(id, echo, ndr));
  const [answer] = await wire().send(bind({ proposals }));
  expect(answer).toMatchObject({ type: "bind_ack", results: { length: 255 } });
  const two = [propose(0, echo, ndr), propose(1, otherEcho, ndr)];
  const w = wire({ limits: { maxContexts: 1 } });
  await expectNak(w, bind({ proposals: two }), reasons.localLimitExceeded);
});

test("255 transfer syntaxes are looked through for one that is known", async () => {
  const strange = { uuid: "01234567-89ab-cdef-0123-456789abcdef", version: { major: 1, minor: 0 } };
  const syntaxes = Array.from({ length: 254 }, () => strange);
  const [answer] = await wire().send(bind({ proposals: [propose(0, echo, ...syntaxes, ndr)] }));
  expect(answer).toMatchObject({ results: [{ result: 0, transferSyntax: ndr }] });
});

test("an interface that is known in no proposed syntax is rejected, and the connection stands", async () => {
  const w = wire({ syntaxes: ["ndr"] });
  const [answer] = await w.send(bind({ proposals: [propose(0, echo, ndr64)] }));
  expect(answer).toMatchObject({ type: "bind_ack", results: [{ result: 2, reason: 2 }] });
  await expectFault(w, request(), "unknownInterface", {
    callId: 2,
    contextId: 0,
    notRun: true,
    ends: false,
  });
});

for (const [mask, agreed] of [
  [0x00, 0],
  [0x01, 1],
  [0x02, 2],
  [0x03, 3],
  [0x04, 0],
  [0xfc, 0],
  [0xff, 3],
] as const) {
  test(`features 0x${mask.toString(16)} are answered with ${agreed}`, async () => {
    const proposals = [propose(0, echo, ndr), propose(1, echo, featureSyntax(mask))];
    const [answer] = await wire().send(bind({ proposals }));
    expect(answer).toMatchObject({
      results: [
        { result: 0 },
        { result: 3, reason: agreed, transferSyntax: { version: { major: 0 } } },
      ],
    });
  });
}

test("features count only as the first syntax of a context, and only once", async () => {
  const second = propose(1, echo, ndr64, featureSyntax(3));
  const [answer] = await wire().send(bind({ proposals: [propose(0, echo, ndr), second] }));
  expect(answer).toMatchObject({ results: [{ result: 0 }, { result: 2, reason: 2 }] });
  const both = [propose(0, echo, featureSyntax(1)), propose(1, echo, featureSyntax(2))];
  await expectNak(wire(), bind({ proposals: both }), reasons.notSpecified);
});

test("a group that isn't there, or is another host's: reason_not_specified", async () => {
  await expectNak(wire(), bind({ groupId: 12345 }), reasons.notSpecified);
  const { router } = echoServer();
  const first = new Wire(router);
  const [ack] = await first.send(bind());
  if (ack?.type !== "bind_ack") throw new Error("no bind_ack");
  const { groupId } = ack;
  await expectNak(new Wire(router, {}, first.host, "192.0.2.2"), bind({ groupId }), 0);
  const second = new Wire(router, {}, first.host);
  expect(await second.send(bind({ groupId }))).toMatchObject([{ type: "bind_ack", groupId }]);
});

test("auth levels that there are not: reason_not_specified, before the type is looked at", async () => {
  for (const level of [0, 1, 7, 255]) {
    for (const type of [0, toyType, 200]) {
      await expectNak(wire({ security }), bind({ verifier: { ...verifier, level, type } }), 0);
    }
  }
});

test("types that no provider has: authentication_type_not_recognized", async () => {
  for (const type of [0, 10, 200]) {
    const w = wire({ security });
    await expectNak(w, bind({ verifier: { ...verifier, type } }), 8);
  }
});

test("a token that the mechanism refuses: invalid_checksum", async () => {
  const bad = { ...verifier, token: Uint8Array.of(9, 9) };
  await expectNak(wire({ security }), bind({ verifier: bad }), reasons.invalidChecksum);
});

test("more security contexts than the server has room for: temporary_congestion", async () => {
  const w = wire({ security, limits: { maxSecurityContextsOfServer: 0 } });
  await expectNak(w, bind({ verifier }), reasons.temporaryCongestion);
});

test("auth_length beyond the PDU: protocol_version_not_supported, as Windows has it", async () => {
  await expectNak(wire(), changed(encodePdu(bind()), [10, 0xff]), reasons.versionNotSupported);
});

test("auth_pad_length that reaches before octet 24: protocol_version_not_supported", async () => {
  const octets = encodePdu(bind({ verifier }));
  const trailer = octets.length - token.length - 8;
  const padded = (length: number): Uint8Array => changed(octets, [trailer + 2, length]);
  await expectNak(wire({ security }), padded(trailer - 23), reasons.versionNotSupported);
  expect(await wire({ security }).send(padded(trailer - 24))).toMatchObject([{ type: "bind_ack" }]);
});

test("a sec_trailer that stands askew: reason_not_specified", async () => {
  const octets = encodePdu(bind({ verifier }));
  const trailer = octets.length - token.length - 8;
  const askew = Uint8Array.from([
    ...octets.subarray(0, trailer),
    0,
    0,
    ...octets.subarray(trailer),
  ]);
  await expectNak(wire({ security }), changed(askew, [8, askew.length]), reasons.notSpecified);
});
