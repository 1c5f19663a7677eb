/** The ports that tell of batches ([MS-CMRP] 3.1.4.2.113 to .115). */
import {
  type BatchCommand,
  BatchCommandType as Type,
  readBatch,
  writeBatch,
} from "@msrpc/cluster-data";
import { Status } from "@msrpc/ms-cmrp";
import { expect, test, vi } from "vitest";
import { BatchPort } from "../src/service/batch-port.ts";
import { command, nothing, set } from "./registry-batch-support.ts";
import { key, keyAt, most, startCluster, statusOf, utf16 } from "./registry-support.ts";

const deleted = (name: string, text: string): BatchCommand =>
  command(Type.ValueDeleted, name, utf16(text));

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
