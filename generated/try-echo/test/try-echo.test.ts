import { createClient, createRouter, inMemoryTransport, RpcError } from "@msrpc/rpc";
import { expect, test } from "vitest";
import { tryEcho } from "../src/index.ts";

const router = createRouter({ onError: console.error }).serve(tryEcho, {
  lookup({ name }) {
    if (name !== "first") throw new RpcError(2);
    return { entry: { id: 1, name } };
  },
  sum: ({ values }) => ({ sum: values.reduce((sum, value) => sum + BigInt(value), 0n) }),
});

test.each(["ndr", "ndr64"] as const)("a client and a server exchange calls in %s", async (syntax) => {
  await using client = createClient(tryEcho, inMemoryTransport(router, { syntax }));
  expect(await client.lookup({ name: "first" })).toEqual({ entry: { id: 1, name: "first" } });
  expect(await client.sum({ values: [1, 2, 0xffffffff] })).toEqual({ sum: 4294967298n });
});

test("a status that is an error is thrown", async () => {
  await using client = createClient(tryEcho, inMemoryTransport(router));
  await expect(client.lookup({ name: "none" })).rejects.toMatchObject({ status: 2 });
});
