import { clusapi3, type KeyHandle, Status } from "@msrpc/ms-cmrp";
import { createClient, createRouter, handleKind, inMemoryTransport, RpcError } from "@msrpc/rpc";
import { expect, test } from "vitest";

const keys = handleKind<KeyHandle, null>("key");
const errors: unknown[] = [];
const router = createRouter({ onError: (error) => errors.push(error) }).serve(clusapi3, {
  getRootKey: (_, { handles }) => handles.open(keys, null),
  queryValue() {
    throw new RpcError(Status.ERROR_FILE_NOT_FOUND);
  },
});

test("an answer that is only a status is as large as its request asks", async () => {
  const client = createClient(clusapi3, inMemoryTransport(router));
  const key = await client.getRootKey({ samDesired: 1 });
  const call = client.queryValue({ key, valueName: "Name", dataSize: 100 });
  await expect(call).rejects.toMatchObject({ status: 2, response: { data: new Uint8Array(100) } });
});

test("a request can't make the server allocate what it merely asks for", async () => {
  const client = createClient(clusapi3, inMemoryTransport(router));
  const key = await client.getRootKey({ samDesired: 1 });
  const call = client.queryValue({ key, valueName: "Name", dataSize: 0xffff_ffff });
  await expect(call).rejects.toMatchObject({ statusName: "nca_s_fault_remote_no_memory" });
  expect(errors).toMatchObject([{ name: "NdrError", code: "count_too_large" }]);
});
