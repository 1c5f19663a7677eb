/** What a server withstands of its own handlers. */
import { ContextHandle } from "@msrpc/ndr";
import {
  createClient,
  createRouter,
  defineInterface,
  handleKind,
  inMemoryTransport,
} from "@msrpc/rpc";
import { expect, test } from "vitest";
import { ownProcess } from "../src/call-context.ts";
import { type GroupHandle, openGroup, sample } from "./sample.ts";
import { replyOf } from "./support/reply-of.ts";

const failing = handleKind<GroupHandle, string>("group", () => {
  throw new Error("rundown");
});
const format = { syntax: "ndr", byteOrder: "little" } as const;

test("what every object inherits is no handler", async () => {
  const operation = sample.operations.getVersion;
  const inherited = defineInterface({
    ...sample,
    operations: {
      constructor: { ...operation, opnum: 0 },
      toString: { ...operation, opnum: 1 },
      valueOf: { ...operation, opnum: 2 },
    },
  });
  const errors: unknown[] = [];
  const router = createRouter({ onError: (error) => errors.push(error) });
  const client = createClient(inherited, inMemoryTransport(router.serve(inherited, {})));
  const statusName = "nca_s_op_rng_error";
  await expect(client.constructor()).rejects.toMatchObject({ statusName });
  await expect(client.toString()).rejects.toMatchObject({ statusName });
  await expect(client.valueOf()).rejects.toMatchObject({ statusName });
  expect(errors).toEqual([]);
});

test("a call is answered though onError throws", async () => {
  const onError = (): never => {
    throw new Error("the log is full");
  };
  const router = createRouter({ onError }).serve(sample, {
    getVersion() {
      throw new Error("bug");
    },
    openGroup: ({ groupName }, { handles }) => handles.open(failing, groupName),
  });
  const server = router.open();
  const binding = server.bind(sample, format);
  const empty = new Uint8Array();
  expect(await replyOf(binding, openGroup.opnum, empty)).toEqual({ fault: 0x6f7 });
  expect(await replyOf(binding, 6, empty)).toEqual({ fault: 0x1c000012 });
  const stub = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0);
  expect(await replyOf(binding, openGroup.opnum, stub)).toHaveProperty("stub");
  await expect(server.close()).resolves.toBeUndefined();
});

test("an answer is made from a handler's result alone where nothing is missing from it", async () => {
  let made = 0;
  const { getGroupState, closeGroup } = sample.operations;
  const counted = defineInterface({
    ...sample,
    operations: {
      getGroupState: {
        ...getGroupState,
        empty(request: { group: GroupHandle }) {
          made++;
          return getGroupState.empty(request);
        },
      } satisfies typeof getGroupState,
      closeGroup: {
        ...closeGroup,
        empty(request: { handle: GroupHandle }) {
          made++;
          return closeGroup.empty(request);
        },
      } satisfies typeof closeGroup,
    },
  });
  let nodeName: string | undefined = "one";
  const router = createRouter({ onError: () => {} }).serve(counted, {
    getGroupState: () => ({ state: 1, ...(nodeName !== undefined && { nodeName }) }) as never,
    closeGroup: () => {},
  });
  const client = createClient(counted, inMemoryTransport(router));
  const group = new ContextHandle("00112233-4455-6677-8899-aabbccddeeff") as GroupHandle;
  await client.getGroupState({ group });
  await client.closeGroup({ handle: group });
  made = 0;
  expect(await client.getGroupState({ group })).toEqual({ state: 1, nodeName: "one" });
  expect(await client.closeGroup({ handle: group })).toBeUndefined();
  expect(made).toBe(0);
  nodeName = undefined;
  expect(await client.getGroupState({ group })).toEqual({ state: 1, nodeName: "" });
  expect(made).toBe(1);
});

test("a handler that ends because its caller gave up is no failure, and one that aborts itself is", async () => {
  const errors: unknown[] = [];
  const router = createRouter({ onError: (error) => errors.push(error) }).serve(sample, {
    getVersion() {
      throw new DOMException("The operation was aborted", "AbortError");
    },
  });
  const binding = router.open().bind(sample, format);
  const given = { signal: AbortSignal.abort(), caller: ownProcess };
  expect(await replyOf(binding, 6, new Uint8Array(), given)).toEqual({ fault: 0x1c00000d });
  expect(errors).toEqual([]);
  expect(await replyOf(binding, 6, new Uint8Array())).toEqual({ fault: 0x1c000012 });
  expect(errors).toHaveLength(1);
});
