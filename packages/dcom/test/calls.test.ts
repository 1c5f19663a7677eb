/** Calls of an object's methods: what they begin with comes and goes as the parameters do. */
import { iRemUnknown2 } from "@msrpc/ms-dcom";
import { createClient, createRouter, inMemoryTransport } from "@msrpc/rpc";
import { expect, test } from "vitest";
import { comVersion, iidOf, newCall, readObjref, writeObjref } from "../src/index.ts";

const iid = "00000143-0000-0000-c000-000000000046";
const answered = { flags: 0, extensions: null };
const reference = writeObjref({
  iid,
  kind: "standard",
  std: { flags: 0, publicRefs: 5, oxid: 7n, oid: 8n, ipid: "00000000-0000-0000-0000-00000000000a" },
  bindings: { strings: [{ towerId: 7, networkAddress: "host" }], securities: [] },
});

test("a call of an object's method carries its identifier there and interface pointers back", async () => {
  const seen: unknown[] = [];
  const router = createRouter({ onError: (error) => expect.unreachable(String(error)) }).serve(
    iRemUnknown2,
    {
      remQueryInterface2: (request) => {
        seen.push(request.orpcThis, request.ipid, request.iids);
        return {
          orpcThat: answered,
          statuses: [0, 0x80004002 | 0],
          interfacePointers: [{ objref: reference }, null],
        };
      },
    },
  );
  await using client = createClient(iRemUnknown2, inMemoryTransport(router));
  const orpcThis = newCall();
  const ipid = "00000000-0000-0000-0000-00000000000b";
  const iids = [iid, "00000000-0000-0000-0000-00000000000c"];
  const result = await client.remQueryInterface2({ orpcThis, ipid, iids });
  expect(seen).toEqual([orpcThis, ipid, iids]);
  expect(result.orpcThat).toEqual(answered);
  expect(result.statuses).toEqual([0, 0x80004002 | 0]);
  const [pointer, missing] = result.interfacePointers;
  expect(missing).toBeNull();
  expect(iidOf(pointer!.objref)).toBe(iid);
  expect(readObjref(pointer!.objref)).toMatchObject({ std: { publicRefs: 5, oid: 8n } });
});

test("every call that is part of no other has an identifier of its own, and the newest version", () => {
  expect(newCall().cid).not.toBe(newCall().cid);
  expect(newCall().version).toEqual(comVersion);
  expect(newCall({ major: 5, minor: 6 }, iid)).toMatchObject({ version: { minor: 6 }, cid: iid });
});

test("IUnknown's opnums are never sent", () => {
  expect(iRemUnknown2.absent).toEqual([0, 1, 2]);
  const opnums = Object.values(iRemUnknown2.operations).map(({ opnum }) => opnum);
  expect(opnums.toSorted((a, b) => a - b)).toEqual([3, 4, 5, 6]);
});
