/** The example's rpcecho answers as Samba's does. */
import { echoHandlers } from "@msrpc/examples/echo/handlers";
import { type Client, createClient, createRouter, inMemoryTransport } from "@msrpc/rpc";
import { rpcecho } from "@msrpc/rpcecho";
import { expect, test } from "vitest";

const errors: unknown[] = [];
const router = createRouter({ onError: (error) => errors.push(error) }).serve(
  rpcecho,
  echoHandlers,
);
const echo: Client<(typeof rpcecho)["operations"]> = createClient(
  rpcecho,
  inMemoryTransport(router),
);

test("one is added, and the largest number is followed by 0", async () => {
  expect(await echo.addOne({ number: 41 })).toEqual({ sum: 42 });
  expect(await echo.addOne({ number: 0xffff_ffff })).toEqual({ sum: 0 });
});

test("octets come back, are taken, and are given", async () => {
  const data = Uint8Array.of(3, 2, 1);
  expect(await echo.echoData({ data })).toEqual({ data });
  expect(await echo.echoData({ data: new Uint8Array() })).toEqual({ data: new Uint8Array() });
  expect(await echo.sinkData({ data })).toBeUndefined();
  const { data: given } = await echo.sourceData({ length: 258 });
  expect(given).toEqual(Uint8Array.from({ length: 258 }, (_, at) => at % 256));
});

test("more octets than there is room for are a fault", async () => {
  await expect(echo.sourceData({ length: 0xffff_ffff })).rejects.toMatchObject({
    statusName: "nca_s_fault_remote_no_memory",
  });
});

test("text comes back", async () => {
  expect(await echo.testCall({ text: "Grüße" })).toEqual({ echo: "Grüße" });
});

test.each([
  { type: 1, value: { v: 10 } },
  { type: 2, value: { v: 20 } },
  { type: 3, value: { v: 30 } },
  { type: 4, value: { v: 40n } },
  { type: 5, value: { v1: 50, v2: 60n } },
  { type: 6, value: { v1: 70, info1: { v: 80 } } },
  { type: 7, value: { v1: 80, info4: { v: 90n } } },
])("level $type has its own structure", async (info) => {
  expect(await echo.testCall2({ level: info.type })).toEqual({ info });
});

test("a level that there isn't is a fault", async () => {
  await expect(echo.testCall2({ level: 8 })).rejects.toMatchObject({
    statusName: "nca_s_fault_invalid_tag",
  });
});

test("sleeping gives the seconds, and a caller who gives up ends it quietly", async () => {
  expect(await echo.testSleep({ seconds: 0 })).toEqual({ returnValue: 0 });
  const end = new AbortController();
  const asleep = echo.testSleep({ seconds: 0xffff_ffff }, { signal: end.signal });
  setTimeout(() => end.abort(new Error("enough")), 10);
  await expect(asleep).rejects.toThrow("enough");
  await new Promise(setImmediate);
  expect(errors).toEqual([]);
});

test("enumerations come back, the pair's first one as two", async () => {
  const choice = { type: 2, value: { e1: 1, e2: 2 } } as const;
  expect(await echo.testEnum({ pair: { e1: 76, e2: 1 }, choice })).toEqual({
    pair: { e1: 2, e2: 1 },
    choice,
  });
});

test("an array comes back twice as long, with zeros", async () => {
  expect(await echo.testSurrounding({ data: { values: [1, 2] } })).toEqual({
    data: { values: [0, 0, 0, 0] },
  });
});

test.each([
  [null, 0],
  [{ target: null }, 0],
  [{ target: 12 }, 12],
])("the pointers of %j lead to %i", async (data, returnValue) => {
  expect(await echo.testDoublePointer({ data })).toEqual({ returnValue });
});
