/** What a client takes for the answer to a call that is protected. */
import { transferSyntaxes } from "@msrpc/ndr";
import type { AuthLevel, ClientSecurityProvider, SecurityStep } from "@msrpc/rpc";
import { encodePdu, type Pdu, readHeader } from "@msrpc/rpc/pdu";
import { expect, test } from "vitest";
import type { ClientContext } from "../src/connection/client-context.ts";
import { SecuritySession } from "../src/connection/security-session.ts";
import { echo, octetsOf } from "./echo.ts";
import { accepted, ack, FakeServer, fault, none, response } from "./support/fake-server.ts";
import { toyClient, toyServer, toyType } from "./support/toy-security.ts";

const levels: readonly (readonly [AuthLevel & ("integrity" | "privacy"), number])[] = [
  ["integrity", 5],
  ["privacy", 6],
];

class SecuredServer extends FakeServer {
  readonly #session: SecuritySession;

  private constructor(level: "integrity" | "privacy", number: number) {
    super({ security: toyClient({ legs: 2 }), level });
    const context = toyServer({ legs: 2 }).createContext({ level });
    this.#session = new SecuritySession(context, toyType, number, 1);
    this.#session.signHeader = true;
  }

  static async open(
    level: "integrity" | "privacy" = "privacy",
    number = 6,
  ): Promise<{ server: SecuredServer; context: ClientContext }> {
    const server = new SecuredServer(level, number);
    const { connection } = server;
    const context = connection.context(echo);
    const [bind] = await server.received();
    const token = bind?.type === "bind" ? (bind.verifier?.token ?? null) : null;
    const step = await server.#session.context.step(token);
    const verifier = server.#session.verifier(step.token ?? octetsOf(1));
    const features = { result: 3, reason: 3, transferSyntax: transferSyntaxes.ndr };
    server.send(ack({ flags: 0x17, verifier, results: [accepted, none, features] }));
    return { server, context: await context };
  }

  /** A context for the same interface under another security context. */
  async bindAnother(): Promise<ClientContext> {
    const request = { level: "privacy", host: "" } as const;
    const identity = { provider: toyClient({ legs: 2 }), request };
    const context = this.connection.context(echo, identity);
    const [alter] = await this.received();
    if (alter?.type !== "alter_context") throw new Error(`a ${alter?.type}`);
    expect(alter.proposals).toMatchObject([
      { contextId: 0, transferSyntaxes: [transferSyntaxes.ndr] },
    ]);
    const { verifier, callId } = alter;
    const toy = toyServer({ legs: 2 }).createContext({ level: "privacy" });
    const step = await toy.step(verifier?.token ?? null);
    const session = new SecuritySession(toy, toyType, 6, 2);
    const answer = session.verifier(step.token ?? octetsOf(1));
    this.send(ack({ type: "alter_context_resp", callId, flags: 0x17, verifier: answer }));
    return await context;
  }

  /** A PDU signed, or sealed, as the next one of the connection. */
  sign(pdu: Pdu, bodyStart: number): Uint8Array {
    const plain = encodePdu(pdu);
    const padLength = (bodyStart - plain.length) & 15;
    const bodyEnd = plain.length + padLength;
    const octets = new Uint8Array(bodyEnd + this.#session.overhead(bodyEnd - bodyStart));
    octets.set(plain);
    octets[8] = octets.length & 0xff;
    octets[9] = octets.length >> 8;
    this.#session.protect(octets, bodyStart, bodyEnd, padLength, true);
    expect(readHeader(octets, 0).authLength).toBeGreaterThan(0);
    return octets;
  }
}

for (const [level, number] of levels) {
  test(`a fault that is signed at level ${level} is verified, and answers after it still fit`, async () => {
    const { server, context } = await SecuredServer.open(level, number);
    const calls = [server.call(context), server.call(context)];
    server.sendOctets(server.sign(fault(2, 0x1c010014, 0x23), 32));
    await expect(calls[0]).rejects.toMatchObject({ status: 0x1c010014, mayHaveRun: false });
    server.sendOctets(server.sign(response(3, octetsOf(4)), 24));
    expect((await calls[1])?.stub).toEqual(octetsOf(4));
  });
}

test("a signed fault to a call that was given up counts as well", async () => {
  const { server, context } = await SecuredServer.open();
  const controller = new AbortController();
  const given = server.call(context, octetsOf(4), { signal: controller.signal });
  controller.abort();
  await expect(given).rejects.toMatchObject({ name: "AbortError" });
  const call = server.call(context);
  server.sendOctets(server.sign(fault(2, 5), 32));
  server.sendOctets(server.sign(response(3, octetsOf(4)), 24));
  expect((await call).stub).toEqual(octetsOf(4));
});

test("a fault whose signature doesn't fit ends the connection", async () => {
  const { server, context } = await SecuredServer.open();
  const call = server.call(context);
  const octets = server.sign(fault(2, 5), 32);
  octets[24] = 6;
  server.sendOctets(octets);
  await expect(call).rejects.toMatchObject({ code: "security" });
  expect(server.isOver).toBe(true);
});

test("an unsigned fault fails its call, and its word that nothing ran is not taken", async () => {
  const { server, context } = await SecuredServer.open();
  const call = server.call(context);
  server.send(fault(2, 0x1c010014, 0x23));
  await expect(call).rejects.toMatchObject({ status: 0x1c010014, mayHaveRun: true });
  expect(server.isOver).toBe(false);
});

test("an unsigned response to a protected call ends the connection", async () => {
  const { server, context } = await SecuredServer.open();
  const call = server.call(context);
  server.send(response(2, octetsOf(4)));
  await expect(call).rejects.toMatchObject({ code: "security" });
});

test("an answer under a security context that nobody has ends the connection", async () => {
  const { server, context } = await SecuredServer.open();
  const call = server.call(context);
  const octets = server.sign(response(2, octetsOf(4)), 24);
  // auth_context_id, before a token of 16 octets.
  octets[octets.length - 20] = 9;
  server.sendOctets(octets);
  await expect(call).rejects.toMatchObject({
    code: "security",
    message: "a response of an unknown security context",
  });
});

test("an answer signed under another security context than its call's ends the connection", async () => {
  const { server } = await SecuredServer.open();
  const other = await server.bindAnother();
  const call = server.call(other);
  expect(await server.received()).toMatchObject([{ type: "request", verifier: { contextId: 2 } }]);
  server.sendOctets(server.sign(response(3, octetsOf(4)), 24));
  await expect(call).rejects.toMatchObject({
    code: "security",
    message: "a response of another security context than its call",
  });
});

test("what comes unasked, or for calls given up, takes no room and does no harm", async () => {
  const server = new FakeServer();
  const context = await server.bound();
  const controller = new AbortController();
  const given = server.call(context, octetsOf(4), { signal: controller.signal });
  controller.abort();
  await expect(given).rejects.toMatchObject({ name: "AbortError" });
  const part = response(2, new Uint8Array(60_000), 1);
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 2000; i++) server.send(part, fault(99, 5), fault(2, 5));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 << 20);
  expect([server.isOver, server.connection.load]).toEqual([false, 0]);
  const call = server.call(context);
  server.send(response(3, octetsOf(4)));
  expect((await call).stub).toEqual(octetsOf(4));
});

test("a security context whose first token comes after the end of the connection is let go", async () => {
  const token = Promise.withResolvers<SecurityStep>();
  const disposed: boolean[] = [];
  const provider: ClientSecurityProvider = {
    authType: toyType,
    createContext: (request) => {
      const context = toyClient({ legs: 2 }).createContext(request);
      return Object.assign(context, {
        step: () => token.promise,
        dispose: () => void disposed.push(true),
      });
    },
  };
  const server = new FakeServer({ security: provider });
  const context = expect(server.connection.context(echo)).rejects.toMatchObject({ code: "closed" });
  await server.received();
  server.connection.closed(null);
  token.resolve({ token: octetsOf(4), complete: false });
  await context;
  expect(disposed).toEqual([true]);
});
