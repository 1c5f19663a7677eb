/** Keys that are saved, restored, loaded and replaced. */
import { wellKnownSids } from "@msrpc/auth";
import type { KeyHandle } from "@msrpc/ms-rrp";
import { expect, test } from "vitest";
import {
  app,
  failure,
  machine,
  MAXIMUM_ALLOWED,
  name,
  none,
  open,
  read,
  type RegistryClient,
  serve,
  subkeys,
} from "./support/served.ts";

const tree = { [app]: { A: 1 }, [`${app}\\Tool`]: { B: "two" } };
const file = name("C:\\saved.hiv");

async function save(client: RegistryClient, key: KeyHandle): Promise<void> {
  await client.saveKey({ key, file, securityAttributes: null });
}

test("a key is saved with what is below it, once for each name", async () => {
  const client = serve({ tree }).client();
  const key = await open(client, "SOFTWARE\\Acme");
  await save(client, key);
  expect(await failure(save(client, key))).toBe("ERROR_ALREADY_EXISTS");
  const other = { key, file: name("c:\\SAVED.HIV"), securityAttributes: null };
  expect(await failure(client.saveKeyEx({ ...other, flags: 2 }))).toBe("ERROR_ALREADY_EXISTS");
  expect(await failure(client.saveKeyEx({ ...other, flags: 3 }))).toBe("ERROR_INVALID_PARAMETER");
  expect(await failure(client.saveKey({ ...other, file: none }))).toBe("ERROR_INVALID_PARAMETER");
});

test("roots aren't saved, nor is what is below the keys of performance", async () => {
  const client = serve().client();
  expect(await failure(save(client, await machine(client)))).toBe("ERROR_ACCESS_DENIED");
  const key = await client.openPerformanceData({ serverName: null, samDesired: 0 });
  expect(await failure(save(client, key))).toBe("ERROR_INVALID_HANDLE");
  const ex = client.saveKeyEx({ key, file, securityAttributes: null, flags: 1 });
  expect(await failure(ex)).toBe("ERROR_INVALID_PARAMETER");
});

test("a key is restored to what was saved, unless somebody has it open", async () => {
  const client = serve({ tree }).client();
  const key = await open(client, "SOFTWARE\\Acme");
  await save(client, key);
  await client.setValue({ key, valueName: name("A"), type: 3, data: Uint8Array.of(1) });
  await client.deleteKey({ key, subKey: name("Tool") });
  const other = await open(client, "SOFTWARE\\Acme");
  const restore = (flags: number): Promise<string> =>
    failure(client.restoreKey({ key, file, flags }));
  expect(await restore(0)).toBe("ERROR_ACCESS_DENIED");
  expect(await restore(8)).toBe("none");
  expect(await read(client, other, "A")).toMatchObject({ type: 4 });
  expect(await subkeys(client, other)).toEqual(["Tool"]);
  await client.closeKey({ key: other });
  expect(await restore(0)).toBe("none");
  expect(await restore(2)).toBe("ERROR_INVALID_PARAMETER");
  expect(await restore(16)).toBe("ERROR_INVALID_PARAMETER");
  const missing = client.restoreKey({ key, file: name("none"), flags: 0 });
  expect(await failure(missing)).toBe("ERROR_FILE_NOT_FOUND");
});

test("a file is loaded below a root, used, and unloaded when nobody has it open", async () => {
  const client = serve({ tree }).client();
  await save(client, await open(client, "SOFTWARE\\Acme"));
  const key = await machine(client);
  const subKey = name("Loaded");
  await client.loadKey({ key, subKey, file });
  expect(await failure(client.loadKey({ key, subKey, file }))).toBe("ERROR_ACCESS_DENIED");
  const loaded = await open(client, "Loaded\\Tool");
  expect(await read(client, loaded, "B")).toMatchObject({ type: 1 });
  const unload = (): Promise<string> => failure(client.unLoadKey({ key, subKey }));
  expect(await unload()).toBe("ERROR_ACCESS_DENIED");
  await client.closeKey({ key: loaded });
  expect(await unload()).toBe("none");
  expect(await unload()).toBe("ERROR_FILE_NOT_FOUND");
  const below = { key: await open(client, "SOFTWARE"), subKey, file };
  expect(await failure(client.loadKey(below))).toBe("ERROR_ACCESS_DENIED");
  const never = client.unLoadKey({ key, subKey: name("SOFTWARE") });
  expect(await failure(never)).toBe("ERROR_INVALID_PARAMETER");
});

test("a file that is not there is made by loading it", async () => {
  const client = serve().client();
  const key = await machine(client);
  const subKey = name("New");
  await client.loadKey({ key, subKey, file });
  await client.unLoadKey({ key, subKey });
  expect(
    await failure(client.restoreKey({ key: await open(client, "SYSTEM"), file, flags: 8 })),
  ).toBe("none");
});

test("a loaded key is replaced: the backup is kept, and the new contents come with the next loading", async () => {
  const client = serve({ tree }).client();
  const key = await machine(client);
  const acme = await open(client, "SOFTWARE\\Acme");
  const subKey = name("Loaded");
  await save(client, acme);
  await client.saveKey({
    key: await open(client, "SOFTWARE\\Acme\\Tool"),
    file: name("new"),
    securityAttributes: null,
  });
  const replace = (): Promise<string> =>
    failure(client.replaceKey({ key, subKey, newFile: name("new"), oldFile: name("old") }));
  expect(await replace()).toBe("ERROR_FILE_NOT_FOUND");
  await client.loadKey({ key, subKey, file });
  expect(await replace()).toBe("none");
  expect(await replace()).toBe("ERROR_ALREADY_EXISTS");
  expect(await subkeys(client, await open(client, "Loaded"))).toEqual(["Tool"]);
  await client.restoreKey({ key: acme, file: name("old"), flags: 8 });
  expect(await subkeys(client, acme)).toEqual(["Tool"]);
  await client.restoreKey({ key: acme, file, flags: 8 });
  expect(await subkeys(client, acme)).toEqual([]);
});

test("it takes a privilege to save, and another one to restore and load", async () => {
  const { client: connect, be } = serve({ tree });
  const client = connect();
  be();
  const key = await open(client, "SOFTWARE\\Acme", { samDesired: MAXIMUM_ALLOWED });
  expect(await failure(save(client, key))).toBe("ERROR_PRIVILEGE_NOT_HELD");
  expect(await failure(client.restoreKey({ key, file, flags: 0 }))).toBe(
    "ERROR_PRIVILEGE_NOT_HELD",
  );
  const load = client.loadKey({ key: await machine(client), subKey: name("X"), file });
  expect(await failure(load)).toBe("ERROR_PRIVILEGE_NOT_HELD");
  be(wellKnownSids.backupOperators);
  expect(await failure(save(client, key))).toBe("none");
});

test("where a server keeps no files nothing is saved, and there is nothing to restore", async () => {
  const client = serve({ tree, policy: { hives: null } }).client();
  const key = await open(client, "SOFTWARE\\Acme");
  expect(await failure(save(client, key))).toBe("ERROR_ACCESS_DENIED");
  expect(await failure(client.restoreKey({ key, file, flags: 0 }))).toBe("ERROR_FILE_NOT_FOUND");
});
