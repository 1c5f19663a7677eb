/** The operations that read and change the registry ([MS-CMRP] 3.1.4.2.29 to 3.1.4.2.39). */
import { RegistryType } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { expect, test } from "vitest";
import { key, keyAt, most, startCluster, statusOf, utf16 } from "./registry-support.ts";

const none = { options: 0, samDesired: most, securityAttributes: null };

test("the root is opened with the rights asked for, and only with those that one has", async () => {
  const { client, allow } = startCluster();
  const root = await client.getRootKey({ samDesired: key.enumerate });
  expect(await client.enumKey({ key: root, index: 0 })).toMatchObject({ keyName: "Nodes" });
  expect(await statusOf(client.queryInfoKey({ key: root }))).toBe("ERROR_ACCESS_DENIED");
  allow("read");
  await client.getRootKey({ samDesired: key.read });
  expect(await statusOf(client.getRootKey({ samDesired: key.setValue }))).toBe(
    "ERROR_ACCESS_DENIED",
  );
  allow(null);
  expect(await statusOf(client.getRootKey({ samDesired: key.read }))).toBe("ERROR_ACCESS_DENIED");
});

test("rights to either view of a registry are rights to the only one", async () => {
  const { client } = startCluster();
  const root = await client.getRootKey({ samDesired: key.read | 0x100 });
  expect((await client.queryInfoKey({ key: root })).subKeyCount).toBeGreaterThan(0);
});

test("a key is made once and opened from then on, with all keys on the way to it", async () => {
  const { client } = startCluster();
  const root = await client.getRootKey({ samDesired: most });
  const made = await client.createKey({ key: root, subKey: "App\\Settings", ...none });
  expect(made.disposition).toBe(1);
  const again = await client.createKey({ key: root, subKey: "APP\\settings", ...none });
  expect(again.disposition).toBe(2);
  const app = await client.openKey({ key: root, subKey: "app", samDesired: most });
  expect(await client.enumKey({ key: app, index: 0 })).toEqual({
    keyName: "Settings",
    // 1 second after 1970 in tenths of a microsecond since 1601.
    lastWriteTime: { lowDateTime: 0xd5d7_1680, highDateTime: 27_111_902 },
  });
  expect(await statusOf(client.enumKey({ key: app, index: 1 }))).toBe("ERROR_NO_MORE_ITEMS");
  expect(await statusOf(client.enumKey({ key: app, index: 0xffff_ffff }))).toBe(
    "ERROR_NO_MORE_ITEMS",
  );
});

test("an empty name opens the key itself, with other rights", async () => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  const same = await client.openKey({ key: app, subKey: "", samDesired: key.queryValue });
  await client.setValue({ key: app, valueName: "v", type: RegistryType.Sz, data: utf16("x") });
  expect(await client.queryInfoKey({ key: same })).toMatchObject({ valueCount: 1 });
  const { disposition, returnValue } = await client.createKey({ key: app, subKey: "", ...none });
  expect(disposition).toBe(2);
  expect(await client.queryInfoKey({ key: returnValue })).toMatchObject({ valueCount: 1 });
  expect(
    await statusOf(
      client.setValue({ key: same, valueName: "v", type: 1, data: new Uint8Array(0) }),
    ),
  ).toBe("ERROR_ACCESS_DENIED");
});

test.each([
  ["a leading backslash", "\\App"],
  ["a name of 256 characters", "n".repeat(256)],
  ["513 keys below each other", Array(513).fill("a").join("\\")],
])("no key is made or opened by %s", async (_, subKey) => {
  const { client } = startCluster();
  const root = await client.getRootKey({ samDesired: most });
  const refused = "ERROR_INVALID_PARAMETER";
  expect(await statusOf(client.createKey({ key: root, subKey, ...none }))).toBe(refused);
  expect(await statusOf(client.openKey({ key: root, subKey, samDesired: most }))).toBe(refused);
  expect(await statusOf(client.deleteKey({ key: root, subKey }))).toBe(refused);
});

test("names of 255 characters and 512 keys below each other are as much as there may be", async () => {
  const { client } = startCluster();
  const deep = Array(512).fill("a").join("\\");
  const handle = await keyAt(client, deep);
  expect(await statusOf(client.createKey({ key: handle, subKey: "a", ...none }))).toBe(
    "ERROR_INVALID_PARAMETER",
  );
  await keyAt(client, "n".repeat(255));
  const root = await client.getRootKey({ samDesired: most });
  expect((await client.queryInfoKey({ key: root })).maxSubKeyLen).toBe(255);
});

test("a key that isn't there is not opened", async () => {
  const { client } = startCluster();
  const root = await client.getRootKey({ samDesired: most });
  expect(await statusOf(client.openKey({ key: root, subKey: "Nodes\\9", samDesired: most }))).toBe(
    "ERROR_FILE_NOT_FOUND",
  );
});

test.each([
  ["Sz", RegistryType.Sz],
  ["ExpandSz", RegistryType.ExpandSz],
  ["Binary", RegistryType.Binary],
  ["Dword", RegistryType.Dword],
  ["MultiSz", RegistryType.MultiSz],
  ["Qword", RegistryType.Qword],
])("a value of type %s is kept as it was set", async (_, type) => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  const data = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  await client.setValue({ key: app, valueName: "Value", type, data });
  expect(await client.queryValue({ key: app, valueName: "VALUE", dataSize: 8 })).toEqual({
    valueType: type,
    data,
    requiredSize: 8,
  });
});

test.each([0, 5, 6, 8, 9, 10, 12, 0xffff_ffff])("no value is of type %i", async (type) => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  const call = client.setValue({ key: app, valueName: "v", type, data: new Uint8Array(4) });
  expect(await statusOf(call)).toBe("ERROR_INVALID_PARAMETER");
});

test("a value with too little room says how much it takes", async () => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  const data = Uint8Array.of(1, 2, 3, 4, 5);
  await client.setValue({ key: app, valueName: "v", type: RegistryType.Binary, data });
  const queried = await client
    .queryValue({ key: app, valueName: "v", dataSize: 4 })
    .catch((error: unknown) => error);
  expect(queried).toBeInstanceOf(RpcError);
  expect(queried).toMatchObject({
    statusName: "ERROR_MORE_DATA",
    response: { requiredSize: 5, data: new Uint8Array(4) },
  });
  const enumerated = await client
    .enumValue({ key: app, index: 0, dataSize: 4 })
    .catch((error: unknown) => error);
  expect(enumerated).toMatchObject({ statusName: "ERROR_MORE_DATA", response: { totalSize: 5 } });
  const room = await client.queryValue({ key: app, valueName: "v", dataSize: 7 });
  expect(room).toEqual({
    valueType: RegistryType.Binary,
    data: Uint8Array.of(1, 2, 3, 4, 5, 0, 0),
    requiredSize: 5,
  });
});

test("values are enumerated in the order they were set in, then there are no more", async () => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  for (const valueName of ["b", "a", "", "b"]) {
    await client.setValue({ key: app, valueName, type: RegistryType.Sz, data: utf16(valueName) });
  }
  const names: unknown[] = [];
  for (let index = 0; index < 3; index++) {
    const value = await client.enumValue({ key: app, index, dataSize: 100 });
    names.push(value.valueName);
    expect(value).toMatchObject({ type: RegistryType.Sz, totalSize: value.data.length });
  }
  expect(names).toEqual(["b", "a", ""]);
  expect(await statusOf(client.enumValue({ key: app, index: 3, dataSize: 100 }))).toBe(
    "ERROR_NO_MORE_ITEMS",
  );
});

test("a value that was deleted is no more, and can't be deleted again", async () => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  await client.setValue({ key: app, valueName: "", type: RegistryType.Sz, data: utf16("x") });
  await client.deleteValue({ key: app, valueName: "" });
  expect(await statusOf(client.deleteValue({ key: app, valueName: "" }))).toBe(
    "ERROR_FILE_NOT_FOUND",
  );
  expect(await statusOf(client.queryValue({ key: app, valueName: "", dataSize: 9 }))).toBe(
    "ERROR_FILE_NOT_FOUND",
  );
});

test("a value's name has at most 16,383 characters", async () => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  const set = (length: number): Promise<void> => {
    const valueName = "v".repeat(length);
    return client.setValue({ key: app, valueName, type: 3, data: new Uint8Array(1) });
  };
  await set(16_383);
  expect(await statusOf(set(16_384))).toBe("ERROR_INVALID_PARAMETER");
});

test("the sizes of a key are those of its longest names and data", async () => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  await keyAt(client, "App\\ab");
  await keyAt(client, "App\\abcd");
  await client.setValue({ key: app, valueName: "abc", type: 3, data: new Uint8Array(2) });
  await client.setValue({ key: app, valueName: "a", type: 3, data: new Uint8Array(9) });
  expect(await client.queryInfoKey({ key: app })).toMatchObject({
    subKeyCount: 2,
    maxSubKeyLen: 4,
    valueCount: 2,
    maxValueNameLen: 3,
    maxValueLen: 9,
  });
});

test("a key with keys below it is not deleted, one without any is", async () => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  const below = await keyAt(client, "App\\Settings\\Deep");
  const root = await client.getRootKey({ samDesired: most });
  expect(await statusOf(client.deleteKey({ key: root, subKey: "App" }))).toBe(
    "ERROR_ACCESS_DENIED",
  );
  await client.deleteKey({ key: app, subKey: "Settings\\Deep" });
  expect(await statusOf(client.deleteKey({ key: app, subKey: "Settings\\Deep" }))).toBe(
    "ERROR_FILE_NOT_FOUND",
  );
  expect(await statusOf(client.deleteKey({ key: app, subKey: "" }))).toBe(
    "ERROR_INVALID_PARAMETER",
  );
  // A handle to what was deleted can only be closed.
  const gone = "ERROR_KEY_DELETED";
  expect(await statusOf(client.queryInfoKey({ key: below }))).toBe(gone);
  expect(await statusOf(client.createKey({ key: below, subKey: "x", ...none }))).toBe(gone);
  expect(
    await statusOf(
      client.setValue({ key: below, valueName: "x", type: 3, data: new Uint8Array(1) }),
    ),
  ).toBe(gone);
  await client.closeKey({ key: below });
});

test("each operation demands the right that the handle was opened with", async () => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  await keyAt(client, "App\\Below");
  await client.setValue({ key: app, valueName: "v", type: 3, data: new Uint8Array(1) });
  const can = async (samDesired: number): Promise<string[]> => {
    const handle = await client.openKey({ key: app, subKey: "", samDesired });
    const calls = {
      enumKey: client.enumKey({ key: handle, index: 0 }),
      enumValue: client.enumValue({ key: handle, index: 0, dataSize: 9 }),
      queryValue: client.queryValue({ key: handle, valueName: "v", dataSize: 9 }),
      queryInfoKey: client.queryInfoKey({ key: handle }),
      setValue: client.setValue({ key: handle, valueName: "v", type: 3, data: new Uint8Array(1) }),
      createKey: client.createKey({ key: handle, subKey: `New${samDesired}`, ...none }),
    };
    const done: string[] = [];
    for (const [name, call] of Object.entries(calls)) {
      if ((await statusOf(call)) !== "ERROR_ACCESS_DENIED") done.push(name);
    }
    return done;
  };
  expect(await can(key.enumerate)).toEqual(["enumKey"]);
  expect(await can(key.queryValue)).toEqual(["enumValue", "queryValue", "queryInfoKey"]);
  expect(await can(key.setValue)).toEqual(["setValue"]);
  expect(await can(key.createSubKey)).toEqual(["createKey"]);
});

test("whoever may only read changes nothing, whatever its handles were opened with", async () => {
  const { client, allow } = startCluster();
  const app = await keyAt(client, "App");
  await keyAt(client, "App\\Below");
  await client.setValue({ key: app, valueName: "v", type: 3, data: new Uint8Array(1) });
  allow("read");
  const denied = "ERROR_ACCESS_DENIED";
  expect(await statusOf(client.createKey({ key: app, subKey: "x", ...none }))).toBe(denied);
  expect(await statusOf(client.createKey({ key: app, subKey: "", ...none }))).toBe(denied);
  const set = { key: app, valueName: "v", type: 3, data: new Uint8Array(1) };
  expect(await statusOf(client.setValue(set))).toBe(denied);
  expect(await statusOf(client.deleteValue({ key: app, valueName: "v" }))).toBe(denied);
  expect(await statusOf(client.deleteKey({ key: app, subKey: "Below" }))).toBe(denied);
  await client.openKey({ key: app, subKey: "Below", samDesired: key.read });
});

test("version 2.0 has values of no type, and none of 64 bits; it takes no options for keys", async () => {
  const client = startCluster().connect2();
  const root = await client.getRootKey({ samDesired: most });
  const create = { key: root, subKey: "App", ...none };
  expect(await statusOf(client.createKey({ ...create, options: 1 }))).toBe(
    "ERROR_INVALID_PARAMETER",
  );
  const { returnValue: app } = await client.createKey(create);
  const set = (type: number): Promise<unknown> =>
    statusOf(client.setValue({ key: app, valueName: "v", type, data: new Uint8Array(8) }));
  expect(await set(RegistryType.None)).toBe("ERROR_SUCCESS");
  expect(await set(RegistryType.Dword)).toBe("ERROR_SUCCESS");
  expect(await set(RegistryType.Qword)).toBe("ERROR_INVALID_PARAMETER");
});

test("version 3.0 doesn't look at options for keys", async () => {
  const { client } = startCluster();
  const root = await client.getRootKey({ samDesired: most });
  const created = await client.createKey({ key: root, subKey: "App", ...none, options: 0xffff });
  expect(created.disposition).toBe(1);
});
