/** Context handles: scopes on the client, kinds and rundown on the server. */
import { ContextHandle } from "@msrpc/ndr";
import {
  type Association,
  createClient,
  createRouter,
  handleKind,
  type Handlers,
  type HandleTable,
  inMemoryTransport,
  type Transport,
} from "@msrpc/rpc";
import { expect, test } from "vitest";
import { type GroupHandle, type KeyHandle, sample } from "./sample.ts";

const runDown: string[] = [];
const groups = handleKind<GroupHandle, string>("group", (name) => {
  if (name === "broken") throw new Error("rundown");
  runDown.push(name);
});
const keys = handleKind<KeyHandle, string>("key");

let closes = 0;
const handlers: Handlers<(typeof sample)["operations"]> = {
  openGroup: ({ groupName }, { handles }) => handles.open(groups, groupName),
  openKey: ({ groupName }, { handles }) => ({
    grantedAccess: 0,
    key: handles.open(keys, groupName),
  }),
  closeGroup({ handle }, { handles }) {
    closes++;
    handles.close(groups, handle);
  },
  getGroupState: ({ group }, { handles }) => ({ state: 0, nodeName: handles.get(groups, group) }),
};

const errors: unknown[] = [];

function transport(): Transport {
  closes = 0;
  runDown.length = errors.length = 0;
  const router = createRouter({ onError: (error, { phase }) => errors.push([phase, error]) });
  return inMemoryTransport(router.serve(sample, handlers));
}

const mismatch = { status: 0x1c00001a, statusName: "nca_s_fault_context_mismatch" };

test("a handle closes at the end of its scope", async () => {
  const client = createClient(sample, transport());
  {
    await using group = await client.openGroup({ groupName: "SQL" });
    expect(group).toBeInstanceOf(ContextHandle);
    expect(closes).toBe(0);
  }
  expect(closes).toBe(1);
});

test("a handle that was closed, or disposed, is not closed again", async () => {
  const client = createClient(sample, transport());
  const group = await client.openGroup({ groupName: "SQL" });
  await client.closeGroup({ handle: group });
  await group[Symbol.asyncDispose]();
  const other = await client.openGroup({ groupName: "SQL" });
  await other[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
  expect(closes).toBe(2);
});

test("a handle may outlive its client", async () => {
  const client = createClient(sample, transport());
  const group = await client.openGroup({ groupName: "SQL" });
  await client[Symbol.asyncDispose]();
  await group[Symbol.asyncDispose]();
  expect(closes).toBe(0);
});

test("a closed handle is a context mismatch", async () => {
  const client = createClient(sample, transport());
  const group = await client.openGroup({ groupName: "SQL" });
  await client.closeGroup({ handle: group });
  await expect(client.getGroupState({ group })).rejects.toMatchObject(mismatch);
});

test("a handle of another kind is a context mismatch", async () => {
  const client = createClient(sample, transport());
  const { key } = await client.openKey({ groupName: "SQL" });
  const group = key as ContextHandle as GroupHandle;
  await expect(client.getGroupState({ group })).rejects.toMatchObject(mismatch);
});

test("a handle is nothing in another association", async () => {
  const shared = transport();
  const group = await createClient(sample, shared).openGroup({ groupName: "SQL" });
  const other = createClient(sample, shared);
  await expect(other.getGroupState({ group })).rejects.toMatchObject(mismatch);
});

test("handles left open are run down with their association, newest first", async () => {
  const client = createClient(sample, transport());
  for (const groupName of ["one", "broken", "two"]) await client.openGroup({ groupName });
  const closed = await client.openGroup({ groupName: "closed" });
  await client.closeGroup({ handle: closed });
  await client[Symbol.asyncDispose]();
  expect(runDown).toEqual(["two", "one"]);
  expect(errors).toEqual([["rundown", new Error("rundown")]]);
});

const disposed = {
  name: "TransportError",
  code: "disposed",
  message: "the client of sample was disposed",
};

test("a client that was disposed takes no calls, and makes no association for them", async () => {
  const shared = transport();
  let associations = 0;
  const client = createClient(sample, {
    associate(...parameters) {
      associations++;
      return shared.associate(...parameters);
    },
  });
  const group = await client.openGroup({ groupName: "one" });
  await client[Symbol.asyncDispose]();
  await client[Symbol.asyncDispose]();
  await expect(client.openGroup({ groupName: "two" })).rejects.toMatchObject(disposed);
  await expect(client.getGroupState({ group })).rejects.toMatchObject(disposed);
  await group[Symbol.asyncDispose]();
  expect([associations, closes]).toEqual([1, 0]);
});

test("a client that was never used can be disposed, and takes no calls either", async () => {
  const client = createClient(sample, transport());
  await client[Symbol.asyncDispose]();
  await expect(client.openGroup({ groupName: "one" })).rejects.toMatchObject(disposed);
});

test("a client that is disposed while it binds gives that up", async () => {
  const associated = Promise.withResolvers<Association>();
  const client = createClient(sample, {
    associate: (_target, { signal } = {}) => {
      signal?.addEventListener("abort", () => associated.reject(signal.reason as Error));
      return associated.promise;
    },
  });
  const failed = expect(client.openGroup({ groupName: "one" })).rejects.toMatchObject(disposed);
  await client[Symbol.asyncDispose]();
  await failed;
});

test("a handle of an association that broke off is harmless to dispose, also after the next was made", async () => {
  const shared = transport();
  const associations: Association[] = [];
  const client = createClient(sample, {
    async associate(...parameters) {
      const association = await shared.associate(...parameters);
      associations.push(association);
      return association;
    },
  });
  const group = await client.openGroup({ groupName: "one" });
  await associations[0]?.close();
  const next = await client.openGroup({ groupName: "two" });
  await group[Symbol.asyncDispose]();
  expect(closes).toBe(0);
  expect(await client.getGroupState({ group: next })).toMatchObject({ nodeName: "two" });
  expect(associations).toHaveLength(2);
});

test("a handle that is opened after its association has ended is run down at once", async () => {
  runDown.length = 0;
  const failures: unknown[] = [];
  const started = Promise.withResolvers<HandleTable>();
  const goOn = Promise.withResolvers<void>();
  const finished = Promise.withResolvers<void>();
  const router = createRouter({ onError: (error) => failures.push(error) }).serve(sample, {
    async openGroup({ groupName }, { handles: table }) {
      started.resolve(table);
      await goOn.promise;
      table.open(groups, "broken");
      const group = table.open(groups, groupName);
      finished.resolve();
      return group;
    },
  });
  const client = createClient(sample, inMemoryTransport(router));
  const failed = expect(client.openGroup({ groupName: "late" })).rejects.toThrow();
  const table = await started.promise;
  await client[Symbol.asyncDispose]();
  await failed;
  goOn.resolve();
  await finished.promise;
  expect(runDown).toEqual(["late"]);
  expect(table.size).toBe(0);
  await Promise.resolve();
  expect(failures).toEqual([new Error("rundown")]);
});
