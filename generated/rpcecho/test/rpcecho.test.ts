import { createClient, createRouter, inMemoryTransport } from "@msrpc/rpc";
import { expect, test } from "vitest";
import { emptyInfo, rpcecho } from "../src/index.ts";

const router = createRouter({ onError: console.error }).serve(rpcecho, {
  echoData: ({ data }) => ({ data }),
  testCall2: ({ level }) => ({ info: emptyInfo(level) }),
});

test.each(["ndr", "ndr64"] as const)(
  "a client and a server exchange calls in %s",
  async (syntax) => {
    await using client = createClient(rpcecho, inMemoryTransport(router, { syntax }));
    const data = Uint8Array.of(1, 2, 3);
    expect(await client.echoData({ data })).toEqual({ data });
    const info = { type: 7, value: { v1: 0, info4: { v: 0n } } };
    expect(await client.testCall2({ level: 7 })).toEqual({ info });
  },
);
