/** Binds and what may follow them, at a server: contexts, groups, octets that are none of these. */
import { transferSyntaxes } from "@msrpc/ndr";
import { expect, test } from "vitest";
import { echo, echoServer, octetsOf, otherEcho } from "./echo.ts";
import {
  alter,
  bind,
  bound,
  expectEnd,
  expectNak,
  features,
  propose,
  protocolError,
  request,
  wire,
  Wire,
} from "./support/wire.ts";

const { ndr, ndr64 } = transferSyntaxes;

test("a bind is answered with sizes, group, port and a decision for each context", async () => {
  const [answer] = await wire().send(
    bind({
      callId: 9,
      maxReceive: 3000,
      proposals: [
        propose(4, echo, ndr64),
        propose(5, echo, ndr),
        propose(6, echo, features),
        propose(7, { uuid: "00000000-0000-0000-0000-000000000001", version: echo.version }, ndr),
        propose(8, { ...echo, version: { major: 1, minor: 3 } }, ndr),
        propose(9, otherEcho, { ...ndr, version: { major: 9, minor: 0 } }),
      ],
    }),
  );
  expect(answer).toMatchObject({
    type: "bind_ack",
    callId: 9,
    flags: 0x13,
    maxTransmit: 3000,
    maxReceive: 3000,
    secondaryAddress: "4242",
    results: [
      { result: 2, reason: 2 },
      { result: 0, reason: 0, transferSyntax: ndr },
      { result: 3, reason: 3 },
      { result: 2, reason: 1 },
      { result: 2, reason: 1 },
      { result: 2, reason: 2 },
    ],
  });
  expect(answer).toHaveProperty(
    "groupId",
    expect.toSatisfy((id: number) => id > 0),
  );
});

test("the server's preference among transfer syntaxes decides, whatever their order", async () => {
  const w = wire({ syntaxes: ["ndr64", "ndr"] });
  const both = propose(1, otherEcho, ndr, ndr64);
  const [answer] = await w.send(
    bind({ proposals: [propose(0, echo, ndr), propose(2, echo, ndr64), both] }),
  );
  expect(answer).toMatchObject({
    results: [
      { result: 2, reason: 2 },
      { result: 0, transferSyntax: ndr64 },
      { result: 0, transferSyntax: ndr64 },
    ],
  });
});

test("interfaces of one bind are accepted side by side, and called by their contexts", async () => {
  const w = wire();
  await w.send(bind({ proposals: [propose(3, echo, ndr), propose(7, otherEcho, ndr)] }));
  const answers = await w.send(
    request({ contextId: 7 }),
    request({ callId: 3, contextId: 3 }),
    request({ callId: 4, contextId: 0 }),
  );
  expect(answers).toMatchObject([
    { type: "response", callId: 2, contextId: 7 },
    { type: "response", callId: 3, contextId: 3 },
    { type: "fault", callId: 4, status: 0x1c010003, flags: 0x23 },
  ]);
});

test("alter_context adds a context, and repeats what is agreed on already", async () => {
  const w = await bound();
  const again = [propose(0, echo, ndr), propose(1, otherEcho, ndr)];
  expect(
    await w.send(alter({ proposals: again }), request({ callId: 3, contextId: 1 })),
  ).toMatchObject([
    {
      type: "alter_context_resp",
      callId: 2,
      secondaryAddress: "",
      results: [{ result: 0 }, { result: 0 }],
    },
    { type: "response", callId: 3 },
  ]);
});

test("an id that stands for one interface can't be given to another", async () => {
  await expectEnd(await bound(), alter({ proposals: [propose(0, otherEcho, ndr)] }), protocolError);
  await expectEnd(await bound(), alter({ proposals: [propose(0, echo, ndr64)] }), protocolError);
});

test("proposals that break the protocol are refused", async () => {
  const twice = [propose(0, echo, ndr), propose(1, echo, features), propose(2, echo, features)];
  await expectNak(wire(), bind({ proposals: [] }), 0);
  await expectNak(wire(), bind({ proposals: [propose(0, echo)] }), 0);
  await expectNak(wire(), bind({ proposals: twice }), 0);
  await expectEnd(await bound(), alter({ proposals: [] }), protocolError);
});

test("more contexts than the limit: local_limit_exceeded", async () => {
  const proposals = [propose(0, echo, ndr), propose(1, otherEcho, ndr)];
  await expectNak(wire({ limits: { maxContexts: 1 } }), bind({ proposals }), 2);
  const w = await bound({ limits: { maxContexts: 1 } });
  expect(await w.send(alter({ proposals }))).toMatchObject([
    { results: [{ result: 0 }, { result: 2, reason: 3 }] },
  ]);
});

test("a bind in another protocol version hears which one there is", async () => {
  await expectNak(wire(), Uint8Array.of(5, 1, 11, 3, 16, 0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0), 4);
});

test("a bind whose fields run out is refused", async () => {
  const octets = Uint8Array.of(5, 0, 11, 3, 16, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 1, 2, 3, 4);
  await expectNak(wire(), octets, 0);
});

test("octets of another protocol are refused, and types that nobody knows end the connection", async () => {
  await expectNak(wire(), new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"), 4);
  const w = wire();
  const unknown = Uint8Array.of(5, 0, 99, 3, 16, 0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0);
  expect(await w.send(unknown)).toEqual([]);
  expect(w.ended).toBe(true);
  await expectEnd(await bound(), unknown, protocolError);
});

test("nothing but a bind comes first, and no second one after it", async () => {
  await expectEnd(wire(), request(), protocolError);
  await expectEnd(wire(), alter(), protocolError);
  await expectNak(await bound(), bind({ callId: 5 }), 0);
});

test("PDUs that only servers send are protocol errors", async () => {
  const common = { flags: 3, callId: 4, littleEndian: true } as const;
  await expectEnd(await bound(), { type: "shutdown", ...common }, protocolError);
  await expectEnd(
    await bound(),
    { type: "bind_nak", ...common, reason: 0, versions: [] },
    protocolError,
  );
  const response = {
    allocHint: 0,
    contextId: 0,
    cancelCount: 0,
    body: octetsOf(4),
    verifier: null,
  };
  await expectEnd(await bound(), { type: "response", ...common, ...response }, protocolError);
});

test("connections of one host may share a group, and it ends with the last", async () => {
  const served = echoServer();
  const first = new Wire(served.router);
  const [ack] = await first.send(bind());
  const groupId = ack?.type === "bind_ack" ? ack.groupId : 0;
  const second = new Wire(served.router, {}, first.host);
  expect(await second.send(bind({ groupId }))).toMatchObject([{ type: "bind_ack", groupId }]);
  const stranger = new Wire(served.router, {}, first.host, "192.0.2.2");
  await expectNak(stranger, bind({ groupId }), 0);
  first.connection.closed();
  expect(first.host.groups.size).toBe(1);
  second.connection.closed();
  expect(first.host.groups.size).toBe(0);
  await expectNak(new Wire(served.router, {}, first.host), bind({ groupId }), 0);
});
