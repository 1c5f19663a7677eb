/** Keys: predefined, opened, made, deleted, and what they say of themselves. */
import { expect, test } from "vitest";
import {
  app,
  create,
  failure,
  machine,
  MAXIMUM_ALLOWED,
  name,
  none,
  open,
  read,
  room,
  serve,
  subkeys,
  textOf,
} from "./support/served.ts";

const all = { serverName: null, samDesired: MAXIMUM_ALLOWED };

test("a path leads to a key in any case, with backslashes to spare", async () => {
  const client = serve({ tree: { [`${app}\\Tool`]: { A: 1 } } }).client();
  const key = await open(client, "software\\\\ACME\\tool\\");
  expect(await read(client, key, "A")).toMatchObject({ type: 4 });
  expect(await failure(open(client, "SOFTWARE\\None"))).toBe("ERROR_FILE_NOT_FOUND");
  expect(await failure(open(client, "\\SOFTWARE"))).toBe("ERROR_INVALID_PARAMETER");
  const nameless = client.openKey({ key, subKey: none, options: 0, samDesired: 1 });
  expect(await failure(nameless)).toBe("ERROR_INVALID_PARAMETER");
});

test("names differ that are the same only where letters become two", async () => {
  const client = serve({ tree: { [`${app}\\Straße`]: { A: 1 } } }).client();
  expect(await read(client, await open(client, "software\\acme\\STRAßE"), "A")).toMatchObject({
    type: 4,
  });
  expect(await failure(open(client, "SOFTWARE\\Acme\\STRASSE"))).toBe("ERROR_FILE_NOT_FOUND");
});

test("the empty name opens the same key again", async () => {
  const client = serve({ tree: { [app]: { A: 1 } } }).client();
  const key = await open(client, "SOFTWARE\\Acme");
  const again = await open(client, "", { from: key });
  await client.closeKey({ key });
  expect(await read(client, again, "A")).toMatchObject({ type: 4 });
});

test("a key is made with all that lead to it, and found the next time", async () => {
  const client = serve().client();
  const { key, disposition } = await create(client, "SOFTWARE\\A\\B\\C", { className: "Kind" });
  expect(disposition).toBe(1);
  expect(await client.queryInfoKey({ key, classIn: room(64) })).toMatchObject({ subKeyCount: 0 });
  const again = await create(client, "SOFTWARE\\a\\b\\c", { className: "Other" });
  expect(again.disposition).toBe(2);
  const { classOut } = await client.queryInfoKey({ key: again.key, classIn: room(64) });
  expect(textOf(classOut)).toBe("Kind");
  expect(await subkeys(client, await open(client, "SOFTWARE\\A"))).toEqual(["B"]);
});

test("where a key can't be made the disposition comes back as it was", async () => {
  const client = serve().client();
  await expect(create(client, "SOFTWARE\\A", { options: 3 })).rejects.toMatchObject({
    statusName: "ERROR_INVALID_PARAMETER",
    response: { disposition: 77, phkResult: null },
  });
});

test("nothing is made directly below HKEY_LOCAL_MACHINE and HKEY_USERS, unless the server lets it", async () => {
  const client = serve().client();
  expect(await failure(create(client, "New"))).toBe("ERROR_INVALID_PARAMETER");
  expect(await failure(create(client, "New\\Below"))).toBe("ERROR_INVALID_PARAMETER");
  const users = await client.openUsers(all);
  expect(await failure(create(client, "S-1-5-7", { from: users }))).toBe("ERROR_INVALID_PARAMETER");
  const open = serve({ policy: { rootSubkeys: true } }).client();
  expect(await create(open, "New")).toMatchObject({ disposition: 1 });
});

test("what is below a volatile key is volatile", async () => {
  const client = serve().client();
  const { key: from } = await create(client, "SOFTWARE\\A", { options: 1 });
  expect(await failure(create(client, "B", { from }))).toBe("ERROR_CHILD_MUST_BE_VOLATILE");
  expect(await create(client, "B", { from, options: 1 })).toMatchObject({ disposition: 1 });
});

test("a key with subkeys stays; one without goes, and handles to it say so", async () => {
  const client = serve({ tree: { [`${app}\\Tool`]: { A: 1 } } }).client();
  const key = await open(client, "SOFTWARE");
  const tool = await open(client, "SOFTWARE\\Acme\\Tool");
  const remove = (path: string): Promise<string> =>
    failure(client.deleteKey({ key, subKey: name(path) }));
  expect(await remove("Acme")).toBe("ERROR_ACCESS_DENIED");
  expect(await remove("Acme\\Tool")).toBe("none");
  expect(await remove("Acme\\Tool")).toBe("ERROR_FILE_NOT_FOUND");
  expect(await remove("")).toBe("ERROR_INVALID_PARAMETER");
  expect(await failure(read(client, tool, "A"))).toBe("ERROR_KEY_DELETED");
  expect(await failure(create(client, "B", { from: tool }))).toBe("ERROR_KEY_DELETED");
  await client.closeKey({ key: tool });
  expect(await remove("Acme")).toBe("none");
});

test("subkeys come one by one with class and time, where there is room for them", async () => {
  const now = Date.UTC(2026, 0, 2, 3, 4, 5);
  const client = serve({ now: () => now }).client();
  const { key } = await create(client, "SOFTWARE\\A");
  await create(client, "First", { from: key, className: "Kind" });
  await create(client, "Second", { from: key });
  const time = { lowDateTime: 0, highDateTime: 0 };
  const ask = (index: number, octets: number, octetsOfClass: number) =>
    client.enumKey({
      key,
      index,
      nameIn: room(octets),
      classIn: room(octetsOfClass),
      lastWriteTime: time,
    });
  const first = await ask(0, 12, 10);
  expect(first.nameOut).toEqual({ length: 12, maximumLength: 12, buffer: "First\0" });
  expect(first.lplpClassOut).toEqual({ length: 10, maximumLength: 10, buffer: "Kind\0" });
  const { lowDateTime = 0, highDateTime = 0 } = first.lastWriteTime ?? {};
  const ticks = (BigInt(highDateTime) << 32n) | BigInt(lowDateTime);
  expect(Number(ticks / 10_000n - 11_644_473_600_000n)).toBe(now);
  expect(await failure(ask(0, 10, 10))).toBe("ERROR_MORE_DATA");
  expect(await failure(ask(0, 12, 8))).toBe("ERROR_MORE_DATA");
  expect(textOf((await ask(1, 64, 0)).nameOut)).toBe("Second");
  expect(await failure(ask(2, 64, 64))).toBe("ERROR_NO_MORE_ITEMS");
});

test("a key says how many it has, and how much room the largest take", async () => {
  const tree = {
    [app]: { Long: "12345", A: 1 },
    [`${app}\\Tool`]: { x: 1 },
    [`${app}\\Longest`]: { x: 1 },
  };
  const client = serve({ tree }).client();
  const key = await open(client, "SOFTWARE\\Acme");
  expect(await client.queryInfoKey({ key, classIn: none })).toMatchObject({
    classOut: none,
    subKeyCount: 2,
    maxSubKeyLen: 14,
    maxClassLen: 0,
    valueCount: 2,
    maxValueNameLen: 8,
    maxValueLen: 12,
  });
  const { key: kind } = await create(client, "K", { from: key, className: "Kind" });
  const short = client.queryInfoKey({ key: kind, classIn: room(8) });
  expect(await failure(short)).toBe("ERROR_MORE_DATA");
  expect(await client.queryInfoKey({ key, classIn: none })).toMatchObject({ maxClassLen: 8 });
});

test("HKEY_CURRENT_USER is the caller's tree, or that of nobody in particular", async () => {
  const { client: connect, registry } = serve();
  registry.add({ "HKEY_USERS\\.DEFAULT\\Environment": { TEMP: "C:\\Temp" } });
  const client = connect();
  const key = await client.openCurrentUser(all);
  expect(await subkeys(client, key)).toEqual(["Software", "Environment"]);
});

test("HKEY_CLASSES_ROOT shows what users have over what the machine has, and writes where it is", async () => {
  const { client: connect, registry } = serve();
  registry.add({
    "HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes\\.txt": { "": "machine", Both: 1 },
    "HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes\\.doc": { "": "machine" },
    "HKEY_USERS\\.DEFAULT\\Software\\Classes\\.TXT": { "": "user" },
    "HKEY_USERS\\.DEFAULT\\Software\\Classes\\.own": { "": "user" },
  });
  const client = connect();
  const root = await client.openClassesRoot(all);
  expect(await subkeys(client, root)).toEqual([".TXT", ".own", "Wow6432Node", ".doc"]);
  const text = await open(client, ".txt", { from: root });
  const of = async (value: string): Promise<string> =>
    Buffer.from((await read(client, text, value)).data ?? []).toString("utf16le");
  expect(await of("")).toBe("user\0");
  expect(await read(client, text, "Both")).toMatchObject({ type: 4 });
  expect(await client.queryInfoKey({ key: text, classIn: none })).toMatchObject({ valueCount: 2 });
  await client.setValue({ key: text, valueName: name(""), type: 3, data: Uint8Array.of(1) });
  await client.setValue({ key: text, valueName: name("New"), type: 3, data: Uint8Array.of(2) });
  const key = (path: string) => registry.key(path);
  expect(key("HKEY_USERS\\.DEFAULT\\Software\\Classes\\.txt").value("")).toMatchObject({ type: 3 });
  expect(key("HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes\\.txt").value("New")).toMatchObject({
    type: 3,
  });
  await create(client, ".new", { from: root });
  expect(key("HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes").subkey(".new")).not.toBeNull();
  await client.deleteKey({ key: root, subKey: name(".own") });
  expect(await failure(open(client, ".own", { from: root }))).toBe("ERROR_FILE_NOT_FOUND");
});

test("HKEY_CURRENT_CONFIG and the keys of performance are opened, whatever is asked for of these", async () => {
  const client = serve().client();
  expect(await subkeys(client, await client.openCurrentConfig(all))).toEqual([]);
  for (const open of [
    "openPerformanceData",
    "openPerformanceText",
    "openPerformanceNlsText",
  ] as const) {
    const key = await client[open]({ serverName: null, samDesired: 0xffff_ffff });
    expect(await client.queryInfoKey({ key, classIn: none })).toMatchObject({ valueCount: 0 });
  }
});

test("rights that mean nothing are ERROR_INVALID_PARAMETER", async () => {
  const client = serve().client();
  expect(await failure(machine(client, 0x40))).toBe("ERROR_INVALID_PARAMETER");
  expect(await failure(open(client, "SOFTWARE", { samDesired: 0x0400_0000 }))).toBe(
    "ERROR_INVALID_PARAMETER",
  );
  expect(await failure(open(client, "SOFTWARE", { options: 0x20 }))).toBe(
    "ERROR_INVALID_PARAMETER",
  );
});

test("a key is 255 characters long at the most, and 512 deep", async () => {
  const client = serve().client();
  expect(await failure(create(client, `SOFTWARE\\${"k".repeat(255)}`))).toBe("none");
  expect(await failure(create(client, `SOFTWARE\\${"k".repeat(256)}`))).toBe(
    "ERROR_INVALID_PARAMETER",
  );
  const deep = (levels: number): string => `SOFTWARE${"\\d".repeat(levels)}`;
  expect(await failure(create(client, deep(510)))).toBe("none");
  expect(await failure(create(client, deep(511)))).toBe("ERROR_INVALID_PARAMETER");
});

test("a server that shuts down answers ERROR_WRITE_PROTECT, but to those that the document leaves out", async () => {
  let isShuttingDown = false;
  const client = serve({ policy: { isShuttingDown: () => isShuttingDown } }).client();
  const key = await open(client, "SOFTWARE");
  isShuttingDown = true;
  expect(await failure(client.getVersion({ key }))).toBe("ERROR_WRITE_PROTECT");
  expect(await failure(machine(client))).toBe("ERROR_WRITE_PROTECT");
  expect(await failure(open(client, "Classes", { from: key }))).toBe("none");
  await client.flushKey({ key });
});
