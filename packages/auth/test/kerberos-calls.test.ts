/** What Kerberos asks of the library, by one that only remembers. */
import { expect, test } from "vitest";
import { type KerberosCredentials, kerberosClient } from "../src/kerberos/index.ts";
import { loadGssapi } from "../src/kerberos/native/gssapi.ts";
import { FakeGssapi, micLength, wrapLength } from "./fake-gssapi.ts";
import { pduOf, repeat } from "./support.ts";

type Level = "connect" | "packet" | "integrity" | "privacy";
let libraries = 0;

/** A library of its own, and clients that use it. */
async function fake() {
  const library = `fake-${++libraries}`;
  const gssapi = new FakeGssapi();
  await loadGssapi({ library }, gssapi.import);
  const client = (credentials: KerberosCredentials = {}, options: object = {}) =>
    kerberosClient(credentials, { library, ...options });
  return { gssapi, client };
}

const host = "server.example.com";

/** A context whose exchange is complete. */
async function established(client: ReturnType<typeof kerberosClient>, level: Level = "privacy") {
  const context = client.createContext({ level, host });
  await context.step(null);
  const { token, complete } = await context.step(repeat(1, 10));
  expect(Buffer.from(token ?? []).toString()).toBe("AP-REP");
  expect(complete).toBe(true);
  return context;
}

test.each<readonly [name: string, KerberosCredentials, readonly string[]]>([
  ["the user's own cache", {}, []],
  ["a named cache", { ccache: "FILE:/tmp/tickets" }, ["ccache=FILE:/tmp/tickets"]],
  [
    "a keytab with a cache",
    { clientKeytab: "alice.keytab", ccache: "FILE:/tmp/tickets" },
    ["client_keytab=alice.keytab", "ccache=FILE:/tmp/tickets"],
  ],
])("the library opens %s", async (_name, credentials, store) => {
  const { gssapi, client } = await fake();
  await client(credentials).createContext({ level: "privacy", host }).step(null);
  expect(gssapi.stores).toEqual([store]);
});

test("a keytab without a cache has one of its own, in memory", async () => {
  const { gssapi, client } = await fake();
  await client({ clientKeytab: "keys" }).createContext({ level: "privacy", host }).step(null);
  expect(gssapi.stores[0]?.[1]).toMatch(/^ccache=MEMORY:[-0-9a-f]{36}$/);
});

test.each([
  ["the host of the binding", {}, "host@server.example.com"],
  ["a service of its own", { service: "rpc" }, "rpc@server.example.com"],
  ["a target", { target: "rpc/a.example.com" }, "rpc/a.example.com@"],
  ["a target with its realm", { target: "rpc/a@EXAMPLE.COM" }, "rpc/a@EXAMPLE.COM"],
])("the server's name comes from %s", async (_name, options, name) => {
  const { gssapi, client } = await fake();
  await client({}, options).createContext({ level: "privacy", host }).step(null);
  expect(gssapi.names).toEqual([name]);
});

test.each<readonly [Level, number]>([
  ["connect", 0x1002],
  ["packet", 0x102e],
  ["integrity", 0x102e],
  ["privacy", 0x103e],
])("at %s the library is asked for flags 0x%x", async (level, flags) => {
  const { gssapi, client } = await fake();
  await established(client(), level);
  expect(gssapi.flags).toEqual([flags, flags]);
});

test("signatures have the lengths that the library gives them", async () => {
  const { client } = await fake();
  const context = await established(client());
  expect(context.signatureLength(false, 100)).toBe(micLength);
  expect(context.signatureLength(true, 100)).toBe(wrapLength);
  expect(context.sessionKey).toEqual(repeat(7, 32));
});

test("a password is one credential for all contexts, a cache one for each", async () => {
  const { gssapi, client } = await fake();
  const byPassword = client({ principal: "alice", password: "x" });
  for (let i = 0; i < 3; i++) (await established(byPassword)).dispose();
  expect(gssapi.count("gss_acquire_cred_with_password")).toBe(1);
  expect(gssapi.count("gss_release_cred")).toBe(0);
  const byCache = client();
  for (let i = 0; i < 3; i++) (await established(byCache)).dispose();
  expect(gssapi.count("gss_acquire_cred_from")).toBe(3);
  expect(gssapi.count("gss_release_cred")).toBe(3);
});

test("what was made is let go of once", async () => {
  const { gssapi, client } = await fake();
  const context = await established(client());
  context.dispose();
  context.dispose();
  expect(gssapi.count("gss_delete_sec_context")).toBe(1);
  expect(gssapi.count("gss_release_cred")).toBe(1);
  // The server's, and what the context said of it.
  expect(gssapi.count("gss_release_name")).toBe(2);
  expect(context.sessionKey).toBeNull();
});

test("a context that is disposed of in a call stays until the call returns", async () => {
  const { gssapi, client } = await fake();
  const context = client().createContext({ level: "privacy", host });
  await context.step(null);
  gssapi.holds = true;
  const step = context.step(repeat(1, 10));
  await Promise.resolve();
  context.dispose();
  expect(gssapi.count("gss_delete_sec_context")).toBe(0);
  gssapi.release();
  await expect(step).rejects.toMatchObject({ code: "bad_token" });
  expect(gssapi.count("gss_delete_sec_context")).toBe(1);
});

test.each([0, 16, micLength - 1, micLength + 1, 300])(
  "a signature of %i octets never gets to the library",
  async (length) => {
    const { gssapi, client } = await fake();
    const context = await established(client(), "integrity");
    const failure = { code: "bad_signature" };
    const verify = () => context.verify(pduOf(repeat(0, 16)), repeat(0, length));
    expect(verify).toThrow(expect.objectContaining(failure));
    expect(gssapi.count("gss_verify_mic_iov")).toBe(0);
    expect(() => context.sign(pduOf(repeat(0, 16)))).toThrow(expect.objectContaining(failure));
  },
);

test.each([0, 31, 257])("a seal of %i octets never gets to the library", async (length) => {
  const { gssapi, client } = await fake();
  const context = await established(client());
  const unseal = () => context.unseal(pduOf(repeat(0, 16)), repeat(0, length));
  expect(unseal).toThrow(expect.objectContaining({ code: "bad_signature" }));
  expect(gssapi.count("gss_unwrap_iov")).toBe(0);
});

test("what is signed alone is refused where it should have been sealed", async () => {
  const { gssapi, client } = await fake();
  const context = await established(client());
  // The library takes it, and says that nothing was encrypted.
  const unseal = () => context.unseal(pduOf(repeat(0, 16)), repeat(0, wrapLength));
  expect(unseal).toThrow(expect.objectContaining({ code: "bad_signature" }));
  expect(gssapi.count("gss_unwrap_iov")).toBe(1);
});
