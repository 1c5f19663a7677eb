/** Who may do what with keys. */
import {
  readDescriptor,
  readSddl,
  securityParts,
  wellKnownSids,
  writeDescriptor,
  writeSddl,
} from "@msrpc/auth";
import type { KeyHandle } from "@msrpc/ms-rrp";
import { expect, test } from "vitest";
import {
  app,
  create,
  failure,
  machine,
  name,
  open,
  read,
  type RegistryClient,
  room,
  serve,
  user,
} from "./support/served.ts";

const { owner, group, dacl, sacl } = securityParts;
const tree = { [app]: { A: 1 }, [`${app}\\Tool`]: { A: 1 } };
const keyRead = 0x2_0019;
const keyWrite = 0x2_0006;

async function securityOf(client: RegistryClient, key: KeyHandle, parts: number): Promise<string> {
  const rpcSecurityDescriptorIn = {
    securityDescriptor: null,
    inSecurityDescriptorSize: 4096,
    outSecurityDescriptorSize: 0,
  };
  const { rpcSecurityDescriptorOut: out } = await client.getKeySecurity({
    key,
    securityInformation: parts,
    rpcSecurityDescriptorIn,
  });
  return writeSddl(readDescriptor(out.securityDescriptor ?? new Uint8Array()));
}

async function secure(
  client: RegistryClient,
  key: KeyHandle,
  sddl: string,
  parts: number = dacl,
): Promise<void> {
  const octets = writeDescriptor(readSddl(sddl));
  const sizes = {
    inSecurityDescriptorSize: octets.length,
    outSecurityDescriptorSize: octets.length,
  };
  const rpcSecurityDescriptor = { securityDescriptor: octets, ...sizes };
  await client.setKeySecurity({ key, securityInformation: parts, rpcSecurityDescriptor });
}

test("a handle does what it was opened for, and nothing else", async () => {
  const client = serve({ tree }).client();
  const reading = await open(client, "SOFTWARE\\Acme", { samDesired: keyRead });
  const writing = await open(client, "SOFTWARE\\Acme", { samDesired: keyWrite });
  const set = (key: KeyHandle): Promise<string> =>
    failure(client.setValue({ key, valueName: name("B"), type: 3, data: Uint8Array.of(1) }));
  const asked = { nameIn: room(64), classIn: null, lastWriteTime: null };
  expect(await set(reading)).toBe("ERROR_ACCESS_DENIED");
  expect(await set(writing)).toBe("none");
  expect(await failure(read(client, writing, "A"))).toBe("ERROR_ACCESS_DENIED");
  expect(await failure(client.enumKey({ key: writing, index: 0, ...asked }))).toBe(
    "ERROR_ACCESS_DENIED",
  );
  expect(await failure(client.flushKey({ key: writing }))).toBe("ERROR_ACCESS_DENIED");
  expect(await failure(client.queryInfoKey({ key: writing, classIn: room(0) }))).toBe(
    "ERROR_ACCESS_DENIED",
  );
  const remove = client.deleteValue({ key: reading, valueName: name("A") });
  expect(await failure(remove)).toBe("ERROR_ACCESS_DENIED");
  expect(await failure(secure(client, reading, "D:(A;;KA;;;WD)"))).toBe("ERROR_ACCESS_DENIED");
});

test("who may only read opens no key for more, makes none and deletes none", async () => {
  const { client: connect, be } = serve({ tree });
  const client = connect();
  be();
  const key = await open(client, "SOFTWARE\\Acme");
  expect(await read(client, key, "A")).toMatchObject({ type: 4 });
  const more = open(client, "SOFTWARE\\Acme", { samDesired: keyWrite });
  expect(await failure(more)).toBe("ERROR_ACCESS_DENIED");
  expect(await failure(machine(client, keyWrite))).toBe("ERROR_ACCESS_DENIED");
  expect(await failure(create(client, "New", { from: key }))).toBe("ERROR_ACCESS_DENIED");
  const remove = client.deleteKey({ key, subKey: name("Tool") });
  expect(await failure(remove)).toBe("ERROR_ACCESS_DENIED");
});

test("making a key is up to the descriptor of the key above it, deleting one to its own", async () => {
  const { client: connect, be } = serve({ tree });
  const client = connect();
  const key = await open(client, "SOFTWARE\\Acme");
  await secure(client, key, `D:(A;;KA;;;BA)(A;CI;KR;;;${user})(A;;0x4;;;${user})`);
  be();
  const reading = await open(client, "SOFTWARE\\Acme", { samDesired: keyRead });
  const { key: made } = await create(client, "New", { from: reading, samDesired: 0xf_003f });
  // Who makes a key may do with it what it asked for.
  await client.setValue({ key: made, valueName: name("A"), type: 3, data: Uint8Array.of(1) });
  const below = create(client, "Below", { from: made });
  expect(await failure(below)).toBe("ERROR_ACCESS_DENIED");
  const remove = client.deleteKey({ key: reading, subKey: name("New") });
  expect(await failure(remove)).toBe("ERROR_ACCESS_DENIED");
});

test("a new key inherits, and takes the parts that it was given", async () => {
  const client = serve({ tree }).client();
  const from = await open(client, "SOFTWARE\\Acme");
  await secure(client, from, "O:BAG:SYD:P(A;CI;KA;;;BA)(A;;KR;;;WD)", owner | group | dacl);
  const { key: plain } = await create(client, "Plain", { from });
  expect(await securityOf(client, plain, owner | group | dacl)).toBe(
    "O:BAG:SYD:AI(A;CIID;KA;;;BA)",
  );
  const security = writeDescriptor(readSddl("D:P(A;;KA;;;SY)(A;;KA;;;BA)"));
  const { key: own } = await create(client, "Own", { from, security });
  expect(await securityOf(client, own, owner | dacl)).toBe("O:BAD:P(A;;KA;;;SY)(A;;KA;;;BA)");
});

test("parts of a descriptor are set and read by themselves", async () => {
  const client = serve({ tree }).client();
  const key = await open(client, "SOFTWARE\\Acme", { samDesired: 0x010f_003f });
  await secure(client, key, "O:WDG:SYD:(D;;KA;;;AN)S:(AU;FA;KA;;;WD)", group | sacl);
  expect(await securityOf(client, key, group)).toBe("G:SY");
  expect(await securityOf(client, key, sacl)).toBe("S:(AU;FA;KA;;;WD)");
  expect(await securityOf(client, key, owner)).toBe("O:BA");
});

test("the SACL is for those who hold the privilege", async () => {
  const { client: connect, be } = serve({ tree });
  const client = connect();
  const key = await open(client, "SOFTWARE\\Acme");
  expect(await failure(securityOf(client, key, sacl))).toBe("ERROR_ACCESS_DENIED");
  be();
  const asking = open(client, "SOFTWARE\\Acme", { samDesired: 0x0102_0019 });
  expect(await failure(asking)).toBe("ERROR_ACCESS_DENIED");
  const performance = await client.openPerformanceData({ serverName: null, samDesired: 0 });
  expect(await failure(securityOf(client, performance, sacl))).toBe("ERROR_PRIVILEGE_NOT_HELD");
});

test("a buffer that is too small for a descriptor is answered with the room that it takes", async () => {
  const client = serve({ tree }).client();
  const key = await open(client, "SOFTWARE\\Acme");
  const ask = (inSecurityDescriptorSize: number) =>
    client.getKeySecurity({
      key,
      securityInformation: dacl,
      rpcSecurityDescriptorIn: {
        securityDescriptor: null,
        inSecurityDescriptorSize,
        outSecurityDescriptorSize: 0,
      },
    });
  const needed = (await ask(4096)).rpcSecurityDescriptorOut.outSecurityDescriptorSize;
  await expect(ask(needed - 1)).rejects.toMatchObject({
    statusName: "ERROR_INSUFFICIENT_BUFFER",
    response: {
      rpcSecurityDescriptorOut: {
        securityDescriptor: null,
        inSecurityDescriptorSize: needed,
        outSecurityDescriptorSize: 0,
      },
    },
  });
  expect(await failure(ask(needed))).toBe("none");
});

test("what is no descriptor is ERROR_INVALID_PARAMETER", async () => {
  const client = serve({ tree }).client();
  const key = await open(client, "SOFTWARE\\Acme");
  const octets = Uint8Array.of(1, 2, 3);
  const rpcSecurityDescriptor = {
    securityDescriptor: octets,
    inSecurityDescriptorSize: 3,
    outSecurityDescriptorSize: 3,
  };
  const set = client.setKeySecurity({ key, securityInformation: dacl, rpcSecurityDescriptor });
  expect(await failure(set)).toBe("ERROR_INVALID_PARAMETER");
  const made = create(client, "New", { from: key, security: octets });
  expect(await failure(made)).toBe("ERROR_INVALID_PARAMETER");
});

test("backup operators read keys that no descriptor lets them, if they say that they back up", async () => {
  const { client: connect, be } = serve({ tree });
  const client = connect();
  await secure(client, await open(client, "SOFTWARE\\Acme"), "D:P(A;;KA;;;BA)");
  const backup = { options: 4, samDesired: 0 };
  be();
  expect(await failure(open(client, "SOFTWARE\\Acme"))).toBe("ERROR_ACCESS_DENIED");
  expect(await failure(open(client, "SOFTWARE\\Acme", backup))).toBe("STATUS_ACCESS_DENIED");
  be(wellKnownSids.backupOperators);
  expect(await failure(open(client, "SOFTWARE\\Acme"))).toBe("ERROR_ACCESS_DENIED");
  const key = await open(client, "SOFTWARE\\Acme", backup);
  expect(await read(client, key, "A")).toMatchObject({ type: 4 });
  await client.setValue({ key, valueName: name("B"), type: 3, data: Uint8Array.of(1) });
});
