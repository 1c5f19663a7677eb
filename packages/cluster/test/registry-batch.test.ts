/** Batches of changes and reads, and the ports that tell of them ([MS-CMRP] 3.1.4.2.112 to .115, .141, .145). */
import { RegistryType, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import {
  type BatchCommand,
  BatchCommandType as Type,
  readBatch,
  writeBatch,
} from "@msrpc/cluster-data";
import { BatchPort } from "../src/service/batch-port.ts";
import {
  key,
  keyAt,
  most,
  startCluster,
  statusOf,
  type TestClient,
  utf16,
} from "./registry-support.ts";

const nothing = new Uint8Array(0);

function command(
  type: Type,
  name: string,
  data: Uint8Array = nothing,
  valueType: number = data === nothing ? 0 : RegistryType.Sz,
): BatchCommand {
  return { type, name, valueType, data };
}

const set = (name: string, text: string): BatchCommand => command(Type.SetValue, name, utf16(text));
const deleted = (name: string, text: string): BatchCommand =>
  command(Type.ValueDeleted, name, utf16(text));
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

// ---- octets --------------------------------------------------------------------------------------

test("a batch is a version and commands, each aligned to two octets", () => {
  const batch = [
    command(Type.CreateKey, "A"),
    { type: Type.SetValue, valueType: RegistryType.Binary, name: "", data: Uint8Array.of(9) },
  ];
  const octets = Uint8Array.of(
    1,
    0,
    0,
    0,
    2,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    4,
    0,
    0,
    0,
    0x41,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    3,
    0,
    0,
    0,
    2,
    0,
    0,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    9,
    0,
  );
  expect(writeBatch(batch)).toEqual(octets);
  expect(readBatch(octets)).toEqual(batch);
});

test.each([
  ["nothing", []],
  ["no command", [1, 0, 0, 0]],
  ["another version", [2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ["an unknown command", [1, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ["a name without a zero", [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0]],
  ["a name of no octets", [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ["a name of an odd size", [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  [
    "a zero within a name",
    [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  ],
  [
    "data that does not end",
    [1, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 255, 255, 255, 255],
  ],
  ["no padding", [1, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 9]],
])("octets with %s are no batch", async (_, octets) => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  const data = Uint8Array.from(octets);
  expect(await statusOf(client.executeBatch({ key: app, data }))).toBe("ERROR_INVALID_DATA");
  expect(await statusOf(client.executeReadBatch({ key: app, inData: data }))).toBe(
    "ERROR_INVALID_DATA",
  );
});

const someCommand: fc.Arbitrary<BatchCommand> = fc.record({
  type: fc.constantFrom(...Object.values(Type)),
  valueType: fc.nat(0xffff_ffff),
  name: fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", "x")),
  data: fc.uint8Array({ maxLength: 9 }),
});

test("what is written is read again, and any part of it is refused or another batch", () => {
  fc.assert(
    fc.property(fc.array(someCommand, { minLength: 1, maxLength: 4 }), fc.nat(), (batch, cut) => {
      const octets = writeBatch(batch);
      expect(readBatch(octets)).toEqual(batch);
      const part = octets.subarray(0, cut % octets.length);
      try {
        expect(writeBatch(readBatch(part))).toEqual(part);
      } catch (error) {
        expect(error).toMatchObject({ name: "BatchError" });
      }
    }),
  );
});

test("any octets are a batch or are refused", () => {
  fc.assert(
    fc.property(
      fc.array(someCommand, { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      (batch, changes) => {
        const octets = writeBatch(batch);
        for (const [at, octet] of changes) octets[at % octets.length] = octet;
        try {
          expect(writeBatch(readBatch(octets)).length).toBe(octets.length);
        } catch (error) {
          expect(error).toMatchObject({ name: "BatchError" });
        }
      },
    ),
  );
});

// ---- changes -------------------------------------------------------------------------------------

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

// ---- reads ---------------------------------------------------------------------------------------

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

// ---- ports ---------------------------------------------------------------------------------------

test("a port tells of a batch with the data that values had before each command", async () => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  const batchPort = await client.createBatchPort({ key: app });
  const waiting = client.getBatchNotification({ batchNotify: batchPort });
  const commands = [
    command(Type.DeleteValue, "NotifyTest"),
    set("NotifyTest", "hello world"),
    set("NotifyTest", "hello universe"),
    command(Type.DeleteValue, "NotifyTest"),
  ];
  await client.executeBatch({ key: app, data: writeBatch(commands) });
  const told = await waiting;
  expect(readBatch(told.data ?? nothing)).toEqual([
    commands[0],
    commands[1],
    deleted("NotifyTest", "hello world"),
    commands[2],
    deleted("NotifyTest", "hello universe"),
    commands[3],
  ]);
});

test("ports on a key and above it hear of its batches, in order; others and failed batches don't count", async () => {
  const { client, connect } = startCluster();
  const app = await keyAt(client, "App");
  const other = connect();
  const root = await other.getRootKey({ samDesired: most });
  const above = await other.createBatchPort({ key: root });
  const beside = await other.createBatchPort({ key: await keyAt(other, "Other") });
  const own = await client.createBatchPort({ key: app });
  const run = (commands: BatchCommand[]): Promise<unknown> =>
    statusOf(client.executeBatch({ key: app, data: writeBatch(commands) }));
  await run([set("v", "1")]);
  await run([set("v", "2"), command(Type.CreateKey, "\\")]);
  await run([command(Type.ConditionExists, "v")]);
  await client.setValue({ key: app, valueName: "w", type: 3, data: nothing });
  await run([set("w", "3")]);
  for (const [from, batchNotify] of [
    [client, own],
    [other, above],
  ] as const) {
    const next = async (): Promise<BatchCommand[]> =>
      readBatch((await from.getBatchNotification({ batchNotify })).data ?? nothing);
    expect(await next()).toEqual([set("v", "1")]);
    // An empty value has nothing that it was before.
    expect(await next()).toEqual([set("w", "3")]);
  }
  const silent = other.getBatchNotification({ batchNotify: beside });
  await other.closeBatchPort({ batchPort: beside });
  expect(await statusOf(silent)).toBe("ERROR_NO_MORE_ITEMS");
});

test("every call that waits at a port ends when it is closed", async () => {
  const { client } = startCluster();
  const batchPort = await client.createBatchPort({ key: await keyAt(client, "App") });
  const waiting = [1, 2, 3].map(() =>
    statusOf(client.getBatchNotification({ batchNotify: batchPort })),
  );
  await client.closeBatchPort({ batchPort });
  expect(await Promise.all(waiting)).toEqual(Array(3).fill("ERROR_NO_MORE_ITEMS"));
  expect(await statusOf(client.getBatchNotification({ batchNotify: batchPort }))).toBe(
    "nca_s_fault_context_mismatch",
  );
});

test("a call that is given up takes no batch with it", async () => {
  const { client } = startCluster();
  const app = await keyAt(client, "App");
  const batchNotify = await client.createBatchPort({ key: app });
  const giveUp = new AbortController();
  const waiting = client.getBatchNotification({ batchNotify }, { signal: giveUp.signal });
  giveUp.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  await client.executeBatch({ key: app, data: writeBatch([set("v", "1")]) });
  const told = await client.getBatchNotification({ batchNotify });
  expect(readBatch(told.data ?? nothing)).toEqual([set("v", "1")]);
});

test("a port ends with the client that opened it, and hears of nothing more", async () => {
  const close = vi.spyOn(BatchPort.prototype, "close");
  const push = vi.spyOn(BatchPort.prototype, "push");
  const { client, connect } = startCluster();
  const app = await keyAt(client, "App");
  const other = connect();
  const batchNotify = await other.createBatchPort({ key: await keyAt(other, "App") });
  const waiting = statusOf(other.getBatchNotification({ batchNotify }));
  await other[Symbol.asyncDispose]();
  expect(await waiting).not.toBe("ERROR_SUCCESS");
  expect(close).toHaveBeenCalledOnce();
  await client.executeBatch({ key: app, data: writeBatch([set("v", "1")]) });
  expect(push).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

test("a port takes the right to be notified", async () => {
  const { client } = startCluster();
  await keyAt(client, "App");
  const handle = await keyAt(client, "App", key.queryValue);
  expect(await statusOf(client.createBatchPort({ key: handle }))).toBe("ERROR_ACCESS_DENIED");
});

test("a port that nobody reads is closed before it holds too much", async () => {
  const port = new BatchPort();
  const batch = new Uint8Array(2 ** 22);
  for (let count = 0; count < 4; count++) port.push(batch);
  const { signal } = new AbortController();
  expect(await port.next(signal)).toBe(batch);
  port.push(batch);
  port.push(batch);
  await expect(port.next(signal)).rejects.toMatchObject({ status: Status.ERROR_NO_MORE_ITEMS });
});
