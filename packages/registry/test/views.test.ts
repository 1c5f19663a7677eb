/** What programs of 32 bits see, and symbolic links. */
import { expect, test } from "vitest";
import { utf16 } from "@msrpc/registry";
import {
  create,
  failure,
  machine,
  MAXIMUM_ALLOWED,
  name,
  open,
  read,
  type RegistryClient,
  serve,
  subkeys,
} from "./support/served.ts";

const as32 = MAXIMUM_ALLOWED | 0x200;
const as64 = MAXIMUM_ALLOWED | 0x100;
const software = "HKEY_LOCAL_MACHINE\\SOFTWARE";

test.each([
  ["SOFTWARE\\Acme", "SOFTWARE\\Wow6432Node\\Acme"],
  ["SOFTWARE\\Wow6432Node\\Acme", "SOFTWARE\\Wow6432Node\\Acme"],
  ["SOFTWARE\\Classes\\.txt", "SOFTWARE\\Classes\\Wow6432Node\\.txt"],
  ["SOFTWARE\\Wow6432Node\\Classes\\.txt", "SOFTWARE\\Classes\\Wow6432Node\\.txt"],
  ["SYSTEM\\Acme", "SYSTEM\\Acme"],
])("programs of 32 bits make %s at %s", async (asked, there) => {
  const { client: connect, registry } = serve();
  await create(connect(), asked, { samDesired: as32 });
  const [parent, last] = [
    there.slice(0, there.lastIndexOf("\\")),
    there.slice(there.lastIndexOf("\\") + 1),
  ];
  expect(registry.key(`HKEY_LOCAL_MACHINE\\${parent}`).subkey(last)).not.toBeNull();
});

test("both views of a key are apart, and a handle stays in the one that it was opened in", async () => {
  const client = serve({
    tree: {
      [`${software}\\Acme`]: { Bits: 64 },
      [`${software}\\Wow6432Node\\Acme`]: { Bits: 32 },
    },
  }).client();
  const bits = async (samDesired: number): Promise<number | undefined> =>
    (await read(client, await open(client, "SOFTWARE\\Acme", { samDesired }), "Bits")).data?.[0];
  expect(await bits(MAXIMUM_ALLOWED)).toBe(64);
  expect(await bits(as64)).toBe(64);
  expect(await bits(as32)).toBe(32);
  const from = await open(client, "SOFTWARE", { samDesired: as32 });
  expect((await read(client, await open(client, "Acme", { from }), "Bits")).data?.[0]).toBe(32);
});

test("keys are deleted in the view that is named", async () => {
  const { client: connect, registry } = serve({
    tree: { [`${software}\\Acme`]: { A: 1 }, [`${software}\\Wow6432Node\\Acme`]: { A: 1 } },
  });
  const client = connect();
  const key = await machine(client);
  const remove = (accessMask: number): Promise<string> =>
    failure(client.deleteKeyEx({ key, subKey: name("SOFTWARE\\Acme"), accessMask, reserved: 0 }));
  expect(await remove(0x200)).toBe("none");
  expect(registry.key(`${software}\\Wow6432Node`).subkey("Acme")).toBeNull();
  expect(registry.key(software).subkey("Acme")).not.toBeNull();
  expect(await remove(0x300)).toBe("ERROR_INVALID_PARAMETER");
  expect(await remove(0x100)).toBe("none");
});

test("users and classes have a view for 32 bits as well", async () => {
  const { client: connect, registry } = serve();
  const client = connect();
  const asked = { serverName: null, samDesired: MAXIMUM_ALLOWED };
  const from = await client.openCurrentUser(asked);
  await create(client, "Software\\Acme", { from, samDesired: as32 });
  expect(registry.key("HKEY_USERS\\.DEFAULT\\Software\\Wow6432Node").subkey("Acme")).not.toBeNull();
  registry.add({ [`${software}\\Classes\\Wow6432Node\\.txt`]: { A: 1 } });
  const classes = await client.openClassesRoot({ ...asked, samDesired: as32 });
  expect(await subkeys(client, classes)).toEqual([".txt"]);
});

test("paths that are shared are the same in both views", async () => {
  const { client: connect, registry } = serve({ policy: { shared: [`${software}\\Policies`] } });
  await create(connect(), "SOFTWARE\\policies\\Acme", { samDesired: as32 });
  expect(registry.key(`${software}\\Policies`).subkey("Acme")).not.toBeNull();
  await create(connect(), "SOFTWARE\\PoliciesOfAcme", { samDesired: as32 });
  expect(registry.key(`${software}\\Wow6432Node`).subkey("PoliciesOfAcme")).not.toBeNull();
});

test("both views at once are refused, and so is that of 64 bits where there is none", async () => {
  const client = serve().client();
  const both = MAXIMUM_ALLOWED | 0x300;
  expect(await failure(machine(client, both))).toBe("ERROR_INVALID_PARAMETER");
  expect(await failure(open(client, "SOFTWARE", { samDesired: both }))).toBe(
    "ERROR_INVALID_PARAMETER",
  );
  expect(await client.getVersion({ key: await machine(client) })).toEqual({ version: 6 });
  const { client: connect, registry } = serve({ policy: { wow64: false } });
  const old = connect();
  expect(await client.getVersion({ key: await machine(client) })).toEqual({ version: 6 });
  expect(await old.getVersion({ key: await machine(old) })).toEqual({ version: 5 });
  expect(await failure(machine(old, as64))).toBe("ERROR_ACCESS_DENIED");
  await create(old, "SOFTWARE\\Acme", { samDesired: as32 });
  expect(registry.key(software).subkey("Acme")).not.toBeNull();
});

async function link(client: RegistryClient, path: string, target: string): Promise<void> {
  const { key } = await create(client, path, { options: 2, samDesired: 0xf_003f });
  const valueName = name("SymbolicLinkValue");
  await client.setValue({ key, valueName, type: 6, data: utf16(target) });
}

const tree = { [`${software}\\Acme\\1.0`]: { Version: "1.0" } };

test("a link is the key that it leads to, on the way and at its end", async () => {
  const client = serve({ tree }).client();
  await link(client, "SOFTWARE\\Current", "\\Registry\\Machine\\SOFTWARE\\Acme");
  const key = await open(client, "SOFTWARE\\Current\\1.0");
  expect(await read(client, key, "Version")).toMatchObject({ type: 1 });
  expect(await subkeys(client, await open(client, "SOFTWARE\\Current"))).toEqual(["1.0"]);
  await create(client, "SOFTWARE\\Current\\2.0");
  expect(await subkeys(client, await open(client, "SOFTWARE\\Acme"))).toEqual(["1.0", "2.0"]);
});

test("a link itself is opened on demand: it has its value, nothing below it, and isn't deleted", async () => {
  const client = serve({ tree }).client();
  await link(client, "SOFTWARE\\Current", "\\REGISTRY\\MACHINE\\SOFTWARE\\Acme");
  const key = await open(client, "SOFTWARE\\Current", { options: 8 });
  expect(await read(client, key, "SymbolicLinkValue")).toMatchObject({ type: 6 });
  const other = { key, valueName: name("Other"), data: new Uint8Array() };
  expect(await failure(client.setValue({ ...other, type: 1 }))).toBe("ERROR_ACCESS_DENIED");
  expect(await failure(create(client, "Below", { from: key }))).toBe("ERROR_ACCESS_DENIED");
  const remove = client.deleteKey({
    key: await machine(client),
    subKey: name("SOFTWARE\\Current"),
  });
  expect(await failure(remove)).toBe("ERROR_FILE_NOT_FOUND");
  const again = create(client, "SOFTWARE\\Current", { options: 2 });
  expect(await failure(again)).toBe("ERROR_ALREADY_EXISTS");
});

test("a link that leads nowhere, on and on, or has no value is ERROR_INVALID_PARAMETER", async () => {
  const client = serve({ tree }).client();
  await create(client, "SOFTWARE\\Empty", { options: 2 });
  await link(client, "SOFTWARE\\Gone", "\\Registry\\Machine\\SOFTWARE\\None");
  await link(client, "SOFTWARE\\Odd", "SOFTWARE\\Acme");
  await link(client, "SOFTWARE\\A", "\\Registry\\Machine\\SOFTWARE\\B");
  await link(client, "SOFTWARE\\B", "\\Registry\\Machine\\SOFTWARE\\A");
  for (const path of ["Empty", "Gone", "Gone\\Below", "Odd", "A", "B\\Below"]) {
    expect(await failure(open(client, `SOFTWARE\\${path}`)), path).toBe("ERROR_INVALID_PARAMETER");
  }
  await link(client, "SOFTWARE\\First", "\\Registry\\Machine\\SOFTWARE\\Second\\1.0");
  await link(client, "SOFTWARE\\Second", "\\Registry\\Machine\\SOFTWARE\\Acme");
  expect(await failure(open(client, "SOFTWARE\\First"))).toBe("none");
  expect(await failure(open(client, "SOFTWARE\\First\\None"))).toBe("ERROR_FILE_NOT_FOUND");
});
