/** Batches of changes and of reads ([MS-CMRP] 3.1.4.2.112, .141, .145). */
import {
  type BatchCommand,
  BatchCommandType as Type,
  readBatch,
  writeBatch,
} from "@msrpc/cluster-data";
import { RegistryType, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { expect, test } from "vitest";
import { command, nothing, set } from "./registry-batch-support.ts";
import { key, keyAt, startCluster, statusOf, type TestClient, utf16 } from "./registry-support.ts";

const number = (value: number): Uint8Array => Uint8Array.of(value & 0xff, value >> 8, 0, 0);

async function failureOf(client: TestClient, commands: readonly BatchCommand[]): Promise<unknown> {
  const app = await keyAt(client, "App");
  const failure = await client
    .executeBatch({ key: app, data: writeBatch(commands) })
    .catch((error: unknown) => error);
  if (!(failure instanceof RpcError)) return failure;
  const { failedCommand } = failure.response as { failedCommand: number };
  return [failure.statusName, failedCommand];
}

test("a batch makes keys, sets and deletes values, and deletes keys", async () => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  await keyAt(client, "App\\Old");
  const data = writeBatch([
    set("top", "1"),
    command(Type.CreateKey, "A\\B"),
    set("", "default"),
    set("gone", "x"),
    command(Type.DeleteValue, "gone"),
    command(Type.DeleteValue, "never"),
    command(Type.DeleteKey, "Old"),
    command(Type.DeleteKey, "Never"),
    // From the batch's key again, whatever the current one was.
    command(Type.CreateKey, "A"),
    set("a", "2"),
    command(Type.ControlCommand, "", Uint8Array.of(2, 0, 0, 0), RegistryType.Dword),
  ]);
  expect(await client.executeBatch({ key: app, data })).toEqual({ failedCommand: 0 });
  const below = await keyAt(client, "App\\A\\B");
  expect(await client.queryInfoKey({ key: app })).toMatchObject({ subKeyCount: 1, valueCount: 1 });
  expect(await client.queryInfoKey({ key: below })).toMatchObject({ valueCount: 1 });
  const a = await keyAt(client, "App\\A");
  expect(await client.queryInfoKey({ key: a })).toMatchObject({ valueCount: 1 });
});

test("a batch that fails changes nothing, and says which command it was", async () => {
  const { client } = startCluster();
  const invalid = "ERROR_INVALID_PARAMETER";
  const before = [set("v", "x"), command(Type.CreateKey, "A")];
  const fails = (last: BatchCommand): Promise<unknown> => failureOf(client, [...before, last]);
  expect(await fails({ ...set("v", "x"), valueType: 0 })).toEqual([invalid, 3]);
  expect(await fails(command(Type.CreateKey, "\\A"))).toEqual([invalid, 3]);
  expect(await fails(command(Type.DeleteKey, ""))).toEqual([invalid, 3]);
  expect(await fails(command(Type.ReadValue, "v"))).toEqual([invalid, 3]);
  expect(await fails(command(Type.ValueDeleted, "v"))).toEqual([invalid, 3]);
  const app = await keyAt(client, "App");
  expect(await client.queryInfoKey({ key: app })).toMatchObject({ subKeyCount: 0, valueCount: 0 });
});

test("after a key was deleted, a batch has no current one until it makes one", async () => {
  const { client } = startCluster();
  const invalid = "ERROR_INVALID_PARAMETER";
  const remove = command(Type.DeleteKey, "A");
  expect(await failureOf(client, [remove, set("v", "x")])).toEqual([invalid, 2]);
  expect(await failureOf(client, [remove, command(Type.DeleteValue, "v")])).toEqual([invalid, 2]);
  expect(await failureOf(client, [remove, command(Type.CreateKey, ""), set("v", "x")])).toEqual({
    failedCommand: 0,
  });
});

test("a batch does not delete a key with keys below it", async () => {
  const { client } = startCluster();
  await keyAt(client, "App\\A\\B");
  expect(await failureOf(client, [command(Type.DeleteKey, "A")])).toEqual([
    "ERROR_ACCESS_DENIED",
    1,
  ]);
});

test.each([
  [Type.ConditionExists, "v", "ERROR_SUCCESS"],
  [Type.ConditionExists, "w", "ERROR_FILE_NOT_FOUND"],
  [Type.ConditionNotExists, "w", "ERROR_SUCCESS"],
  [Type.ConditionNotExists, "v", "ERROR_ALREADY_EXISTS"],
  [Type.ConditionKeyExists, "Key", "ERROR_SUCCESS"],
  [Type.ConditionKeyExists, "Other", "ERROR_FILE_NOT_FOUND"],
  [Type.ConditionKeyNotExists, "Other", "ERROR_SUCCESS"],
  [Type.ConditionKeyNotExists, "Key", "ERROR_ALREADY_EXISTS"],
])("condition %i about %s answers %s", async (type, name, status) => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  await keyAt(client, "App\\Key");
  await client.setValue({ key: app, valueName: "v", type: 3, data: Uint8Array.of(1) });
  const data = writeBatch([set("changed", "x"), command(type, name)]);
  expect(await statusOf(client.executeBatch({ key: app, data }))).toBe(status);
  const { valueCount } = await client.queryInfoKey({ key: app });
  expect(valueCount).toBe(status === "ERROR_SUCCESS" ? 2 : 1);
});

test.each([
  [Type.ConditionIsEqual, [0x100], [0x1ff, 1]],
  [Type.ConditionIsNotEqual, [0x1ff, 1], [0x100]],
  [Type.ConditionIsGreaterThan, [0xff, 1], [0x100, 0x101]],
  [Type.ConditionIsLessThan, [0x101, 0x1ff], [0x100, 0xff]],
])(
  "condition %i compares the number that is there with the one given",
  async (type, hold, fail) => {
    const { client } = startCluster();
    const app = await keyAt(client, "App");
    const dword = RegistryType.Dword;
    await client.setValue({ key: app, valueName: "v", type: dword, data: number(0x100) });
    const statusWith = (value: number, name = "v"): Promise<unknown> =>
      statusOf(
        client.executeBatch({
          key: app,
          data: writeBatch([command(type, name, number(value), dword)]),
        }),
      );
    for (const value of hold) expect(await statusWith(value)).toBe("ERROR_SUCCESS");
    for (const value of fail) expect(await statusWith(value)).toBe("ERROR_ASSERTION_FAILURE");
    const isNot = type === Type.ConditionIsNotEqual;
    expect(await statusWith(0x100, "w")).toBe(isNot ? "ERROR_SUCCESS" : "ERROR_ASSERTION_FAILURE");
  },
);

test("values that are no numbers are compared by their octets, of different types not at all", async () => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  await client.setValue({ key: app, valueName: "v", type: 3, data: Uint8Array.of(2, 1) });
  const greater = (data: number[], type: number): Promise<unknown> =>
    statusOf(
      client.executeBatch({
        key: app,
        data: writeBatch([command(Type.ConditionIsGreaterThan, "v", Uint8Array.from(data), type)]),
      }),
    );
  expect(await greater([1, 9], RegistryType.Binary)).toBe("ERROR_SUCCESS");
  expect(await greater([2], RegistryType.Binary)).toBe("ERROR_SUCCESS");
  expect(await greater([2, 2], RegistryType.Binary)).toBe("ERROR_ASSERTION_FAILURE");
  expect(await greater([1, 9], RegistryType.Sz)).toBe("ERROR_ASSERTION_FAILURE");
});

test("a batch takes all access, and the rights that its commands need", async () => {
  const { client, allow } = startCluster();
  const full = await keyAt(client, "App");
  const may = async (sam: number, commands: BatchCommand[]): Promise<unknown> => {
    const handle = await client.openKey({ key: full, subKey: "", samDesired: sam });
    return statusOf(client.executeBatch({ key: handle, data: writeBatch(commands) }));
  };
  const denied = "ERROR_ACCESS_DENIED";
  expect(await may(key.setValue, [set("v", "x")])).toBe("ERROR_SUCCESS");
  expect(await may(key.read, [set("v", "x")])).toBe(denied);
  expect(await may(key.setValue, [command(Type.CreateKey, "A")])).toBe(denied);
  expect(await may(key.createSubKey, [command(Type.CreateKey, "A"), set("v", "x")])).toBe(
    "ERROR_SUCCESS",
  );
  allow("read");
  expect(
    await statusOf(client.executeBatch({ key: full, data: writeBatch([set("v", "x")]) })),
  ).toBe(denied);
});

test("a batch reaches the objects whose values it changes, and each is told of once", async () => {
  const { client, cluster } = startCluster();
  const group = cluster.state.groups.find("Available Storage");
  const handle = await keyAt(client, `Groups\\${group?.id}`);
  const seen: string[] = [];
  cluster.listen((event) => {
    if (event.kind === "group" && event.what === "property") seen.push(event.name);
  });
  const data = writeBatch([set("Description", "a"), set("Description", "b")]);
  await client.executeBatch({ key: handle, data });
  expect(group?.description).toBe("b");
  expect(seen).toEqual(["Available Storage"]);
  const tied = client.executeBatch({ key: handle, data: writeBatch([set("Name", "x")]) });
  expect(await statusOf(tied)).toBe("ERROR_ACCESS_DENIED");
});

test("a read batch answers every command in its order, with what could not be read", async () => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  const below = await keyAt(client, "App\\A");
  await client.setValue({ key: app, valueName: "v", type: RegistryType.Sz, data: utf16("top") });
  await client.setValue({ key: below, valueName: "", type: RegistryType.Sz, data: utf16("low") });
  const inData = writeBatch([
    command(Type.ReadValue, "v"),
    command(Type.ReadKey, "A"),
    command(Type.ReadValue, ""),
    command(Type.ReadValue, "v"),
    command(Type.ReadKey, "Lost"),
    command(Type.ReadValue, "v"),
    command(Type.ReadKey, ""),
    command(Type.ReadValue, "v"),
  ]);
  const missing = Status.ERROR_FILE_NOT_FOUND;
  const expected = [
    command(Type.ReadValue, "v", utf16("top")),
    command(Type.ReadKey, "A"),
    command(Type.ReadValue, "", utf16("low")),
    command(Type.ReadError, "v", nothing, missing),
    command(Type.ReadError, "Lost", nothing, missing),
    command(Type.ReadError, "v", nothing, missing),
    command(Type.ReadKey, ""),
    command(Type.ReadValue, "v", utf16("top")),
  ];
  const read = await client.executeReadBatch({ key: app, inData });
  expect(readBatch(read.outData ?? nothing)).toEqual(expected);
  for (const flags of [0, 2]) {
    const apart = await client.executeReadBatchEx({ key: app, inData, flags });
    expect(readBatch(apart.outData ?? nothing)).toEqual(expected);
  }
});

test("a read batch has no more than 4 MiB of values, and says which ones didn't fit", async () => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  const large = new Uint8Array(1 << 20).fill(7);
  await client.setValue({ key: app, valueName: "v", type: RegistryType.Binary, data: large });
  await client.setValue({ key: app, valueName: "w", type: RegistryType.Sz, data: utf16("low") });
  const names = [...Array<string>(6).fill("v"), "w"];
  const inData = writeBatch(names.map((name) => command(Type.ReadValue, name)));
  const { outData } = await client.executeReadBatch({ key: app, inData });
  const answers = readBatch(outData ?? nothing);
  expect(answers.map(({ type, valueType, data }) => [type, valueType, data.length])).toEqual([
    ...Array.from({ length: 4 }, () => [Type.ReadValue, RegistryType.Binary, large.length]),
    ...Array.from({ length: 3 }, () => [Type.ReadError, Status.ERROR_MORE_DATA, 0]),
  ]);
  expect((outData ?? nothing).length).toBeLessThan(5 << 20);
});

test("a read batch with a command that writes is refused", async () => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  const inData = writeBatch([command(Type.ReadValue, "v"), set("v", "x")]);
  expect(await statusOf(client.executeReadBatch({ key: app, inData }))).toBe(
    "ERROR_INVALID_PARAMETER",
  );
  const call = client.executeReadBatchEx({ key: app, inData, flags: 2 });
  expect(await statusOf(call)).toBe("ERROR_INVALID_PARAMETER");
});

test("what a handle may not read stands in the answer as refused", async () => {
  const { client } = startCluster();
  await keyAt(client, "App");
  const handle = await keyAt(client, "App", key.enumerate);
  const inData = writeBatch([command(Type.ReadValue, "v")]);
  const read = await client.executeReadBatch({ key: handle, inData });
  expect(readBatch(read.outData ?? nothing)).toEqual([
    command(Type.ReadError, "v", nothing, Status.ERROR_ACCESS_DENIED),
  ]);
});
