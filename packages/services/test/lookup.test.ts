/** ept_lookup: what our mapper lists, for the generated client. */
import {
  type LookupHandle,
  type LookupRequest,
  RPC_C_EP_ALL_ELTS,
  RPC_C_EP_MATCH_BY_BOTH,
  RPC_C_EP_MATCH_BY_IF,
  RPC_C_EP_MATCH_BY_OBJ,
  RPC_C_VERS_ALL,
  RPC_C_VERS_COMPATIBLE,
  RPC_C_VERS_EXACT,
  RPC_C_VERS_MAJOR_ONLY,
  RPC_C_VERS_UPTO,
  Status,
  epm,
} from "@msrpc/dce-rpc/epm";
import { ContextHandle, nilUuid } from "@msrpc/ndr";
import { createClient, RpcFault } from "@msrpc/rpc";
import { decodeTower } from "@msrpc/services";
import { expect, test } from "vitest";
import {
  bindingsOf,
  type Mapper,
  mgmt,
  objects,
  other,
  setUp,
  towerFor,
} from "./support/mapper.ts";

const all: LookupRequest = {
  inquiryType: RPC_C_EP_ALL_ELTS,
  object: null,
  interfaceId: null,
  versionOption: RPC_C_VERS_ALL,
  entryHandle: null,
  maxEntries: 100,
};
const notRegistered = { entryHandle: null, entries: [], status: Status.ept_s_not_registered };

/** Versions 0.9, 1.0 to 1.4 and 2.1 of an interface, some for objects, and another interface. */
function filled(): Mapper {
  const mapper = setUp();
  const versions = [
    [0, 9],
    [1, 0],
    [1, 3],
    [1, 4],
    [2, 1],
  ] as const;
  for (const [major, minor] of versions) {
    const target = { ...other, version: { major, minor } };
    const own = major === 1 && minor > 0 ? { objects } : {};
    mapper.map.register([target], ["ncacn_ip_tcp:192.0.2.1[5001]"], own);
  }
  mapper.map.register([mgmt], ["ncacn_ip_tcp:192.0.2.1[5002]"], { annotation: "Ménage" });
  return mapper;
}

async function versionsOf({ client }: Mapper, asked: Partial<LookupRequest>): Promise<string[]> {
  const { entries } = await client.lookup({ ...all, ...asked });
  const found = entries.map(({ tower }) => decodeTower(tower?.octets ?? new Uint8Array(0)));
  return found.map(({ interface: { uuid, version } }) => {
    return `${uuid === other.uuid ? "" : "mgmt "}${version.major}.${version.minor}`;
  });
}

test("everything is listed with object, tower and annotation, whatever else is asked", async () => {
  const mapper = filled();
  const { entries, status, entryHandle } = await mapper.client.lookup({
    ...all,
    versionOption: 99,
    object: objects[0],
    interfaceId: { uuid: nilUuid, major: 0, minor: 0 },
  });
  expect([entries.length, status, entryHandle]).toEqual([8, 0, null]);
  expect(entries.at(-1)).toEqual({
    object: nilUuid,
    tower: towerFor(mgmt, "ncacn_ip_tcp:192.0.2.1[5002]"),
    annotation: "Ménage",
  });
  expect(
    entries.map(({ object }) => object).filter((object) => object === objects[1]),
  ).toHaveLength(2);
  expect(bindingsOf(entries.map(({ tower }) => tower)).slice(-1)).toEqual([
    "ncacn_ip_tcp:192.0.2.1[5002]",
  ]);
});

test("an inquiry type that nobody knows lists everything, as with Windows", async () => {
  expect(await versionsOf(filled(), { inquiryType: 4 })).toHaveLength(8);
});

const interfaceId = { uuid: other.uuid, major: 1, minor: 3 };
const byVersion: readonly (readonly [string, number, readonly string[]])[] = [
  ["all", RPC_C_VERS_ALL, ["0.9", "1.0", "1.3", "1.3", "1.4", "1.4", "2.1"]],
  ["compatible", RPC_C_VERS_COMPATIBLE, ["1.3", "1.3", "1.4", "1.4"]],
  ["exact", RPC_C_VERS_EXACT, ["1.3", "1.3"]],
  ["of the major version", RPC_C_VERS_MAJOR_ONLY, ["1.0", "1.3", "1.3", "1.4", "1.4"]],
  ["up to this one", RPC_C_VERS_UPTO, ["0.9", "1.0", "1.3", "1.3"]],
];

for (const [name, versionOption, found] of byVersion) {
  test(`versions of an interface: ${name}`, async () => {
    const inquiryType = RPC_C_EP_MATCH_BY_IF;
    const mapper = filled();
    expect(await versionsOf(mapper, { inquiryType, interfaceId, versionOption })).toEqual(found);
  });

  test(`versions of an interface for an object: ${name}`, async () => {
    const inquiryType = RPC_C_EP_MATCH_BY_BOTH;
    const asked = { inquiryType, interfaceId, versionOption, object: objects[1] };
    const own = found.filter((version, i) => /1\.[34]/.test(version) && found[i + 1] === version);
    expect(await versionsOf(filled(), asked)).toEqual(own);
  });
}

test("by object, entries for any are not listed", async () => {
  const inquiryType = RPC_C_EP_MATCH_BY_OBJ;
  expect(await versionsOf(filled(), { inquiryType, object: objects[0] })).toEqual(["1.3", "1.4"]);
  expect(await versionsOf(filled(), { inquiryType, object: nilUuid })).toEqual([
    "0.9",
    "1.0",
    "2.1",
    "mgmt 1.0",
  ]);
});

const wrong: readonly (readonly [string, Partial<LookupRequest>])[] = [
  ["RPC_S_INVALID_VERS_OPTION", { inquiryType: 1, interfaceId, versionOption: 0 }],
  ["RPC_S_INVALID_VERS_OPTION", { inquiryType: 3, interfaceId, object: nilUuid, versionOption: 6 }],
  ["ERROR_INVALID_PARAMETER", { inquiryType: 1 }],
  ["ERROR_INVALID_PARAMETER", { inquiryType: 2 }],
  ["ERROR_INVALID_PARAMETER", { inquiryType: 3, interfaceId }],
  ["ERROR_INVALID_PARAMETER", { inquiryType: 3, object: nilUuid }],
];

test.each(wrong)("%s is the answer to %j", async (statusName, asked) => {
  const { client, errors } = filled();
  await expect(client.lookup({ ...all, ...asked })).rejects.toMatchObject({ statusName });
  expect(errors).toEqual([]);
});

test("a map without entries answers ept_s_not_registered", async () => {
  expect(await setUp().client.lookup(all)).toEqual(notRegistered);
});

for (const maxEntries of [1, 3, 4, 8, 9]) {
  test(`${maxEntries} entries at a call list all, and the handle is gone at the end`, async () => {
    const { client } = filled();
    let entryHandle: LookupHandle | null = null;
    const sizes: number[] = [];
    do {
      const answer: Awaited<ReturnType<typeof client.lookup>> = await client.lookup({
        ...all,
        // What a search is for is settled by its first call.
        inquiryType: entryHandle === null ? RPC_C_EP_ALL_ELTS : RPC_C_EP_MATCH_BY_OBJ,
        entryHandle,
        maxEntries,
      });
      sizes.push(answer.entries.length);
      expect(answer.status).toBe(answer.entries.length > 0 ? 0 : Status.ept_s_not_registered);
      ({ entryHandle } = answer);
    } while (entryHandle !== null);
    const full = Array.from({ length: Math.floor(8 / maxEntries) }, () => maxEntries);
    expect(sizes).toEqual([...full, 8 % maxEntries]);
  });
}

test("a search goes on behind what was removed or added meanwhile", async () => {
  const { map, client } = setUp();
  const ports = [1, 2, 3, 4].map((port) => `ncacn_ip_tcp:192.0.2.1[${port}]`);
  const [first, , third] = ports.map((port) => map.register([other], [port]));
  const one = await client.lookup({ ...all, maxEntries: 2 });
  first?.[Symbol.dispose]();
  third?.[Symbol.dispose]();
  map.register([other], ["ncacn_ip_tcp:192.0.2.1[5]"]);
  const two = await client.lookup({ ...all, entryHandle: one.entryHandle });
  expect(bindingsOf(two.entries.map(({ tower }) => tower))).toEqual([
    "ncacn_ip_tcp:192.0.2.1[4]",
    "ncacn_ip_tcp:192.0.2.1[5]",
  ]);
});

test("a handle that was freed, or is another method's or nobody's, is a context mismatch", async () => {
  const { client } = filled();
  const { entryHandle } = await client.lookup({ ...all, maxEntries: 1 });
  const map = { object: null, tower: towerFor(other, "ncacn_ip_tcp:[0]"), maxTowers: 1 };
  const mismatch = { name: "RpcFault", statusName: "nca_s_fault_context_mismatch" };
  await expect(client.map({ ...map, entryHandle })).rejects.toMatchObject(mismatch);
  expect(await client.lookupHandleFree({ entryHandle })).toEqual({ entryHandle: null });
  await expect(client.lookup({ ...all, entryHandle })).rejects.toMatchObject(mismatch);
  await expect(client.lookupHandleFree({ entryHandle })).rejects.toMatchObject(mismatch);
  const made = new ContextHandle(crypto.randomUUID()) as LookupHandle;
  await expect(client.lookup({ ...all, entryHandle: made })).rejects.toBeInstanceOf(RpcFault);
  expect(await client.lookupHandleFree({ entryHandle: null })).toEqual({ entryHandle: null });
});

test("a search ends with its association", async () => {
  const { client, transport } = filled();
  const { entryHandle } = await client.lookup({ ...all, maxEntries: 1 });
  await client[Symbol.asyncDispose]();
  await expect(createClient(epm, transport).lookup({ ...all, entryHandle })).rejects.toMatchObject({
    statusName: "nca_s_fault_context_mismatch",
  });
});

test("a client has a limited number of searches open, and may go on with those", async () => {
  const { map, client } = setUp({ maxHandles: 2 });
  map.register([other], ["ncacn_ip_tcp:[1]", "ncacn_ip_tcp:[2]"]);
  const one = await client.lookup({ ...all, maxEntries: 1 });
  const two = await client.lookup({ ...all, maxEntries: 1 });
  await expect(client.lookup(all)).rejects.toMatchObject({ statusName: "EPT_S_CANT_PERFORM_OP" });
  expect((await client.lookup({ ...all, entryHandle: one.entryHandle })).entries).toHaveLength(1);
  await client.lookupHandleFree({ entryHandle: two.entryHandle });
  expect((await client.lookup(all)).entries).toHaveLength(2);
});
