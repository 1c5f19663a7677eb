/** Values, as clients read and write them. */
import { valueTypes } from "@msrpc/registry";
import { expect, test } from "vitest";
import { app, failure, name, none, open, read, room, serve, textOf } from "./support/served.ts";

const tree = {
  [app]: { Version: "1.0", "": "default", Number: 7, Large: 2n ** 40n, Names: ["a", "b"] },
};
const octets = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf16le"));

test("values are read by name in any case, the default one by the empty name", async () => {
  const client = serve({ tree }).client();
  const key = await open(client, "software\\ACME");
  expect(await read(client, key, "VERSION")).toEqual({ type: 1, data: octets("1.0\0") });
  expect(await read(client, key, "")).toEqual({ type: 1, data: octets("default\0") });
  expect(await read(client, key, "number")).toEqual({ type: 4, data: Uint8Array.of(7, 0, 0, 0) });
  expect(await read(client, key, "Large")).toMatchObject({ type: valueTypes.qword });
  expect(await read(client, key, "Names")).toEqual({ type: 7, data: octets("a\0b\0\0") });
  expect(await failure(read(client, key, "none"))).toBe("ERROR_FILE_NOT_FOUND");
});

test("without a buffer a client learns how much room a value takes", async () => {
  const client = serve({ tree }).client();
  const key = await open(client, "SOFTWARE\\Acme");
  const asked = { type: 0, data: null, dataSize: 0, len: 0 };
  expect(await client.queryValue({ key, valueName: name("Version"), ...asked })).toEqual({
    type: 1,
    data: null,
    dataSize: 8,
    len: 0,
  });
});

test("a buffer that is too small is answered with ERROR_MORE_DATA and how much it takes", async () => {
  const client = serve({ tree }).client();
  const key = await open(client, "SOFTWARE\\Acme");
  const valueName = name("Version");
  const asked = { type: 0, data: new Uint8Array(), dataSize: 7, len: 0 };
  const short = client.queryValue({ key, valueName, ...asked });
  await expect(short).rejects.toMatchObject({
    statusName: "ERROR_MORE_DATA",
    response: { type: 1, data: null, dataSize: 8, len: 0 },
  });
  const enough = await client.queryValue({ key, valueName, ...asked, dataSize: 8 });
  expect(enough).toMatchObject({ data: octets("1.0\0"), dataSize: 8, len: 8 });
});

test.each([
  ["type", { type: null }],
  ["lpcbData", { data: null, dataSize: null }],
  ["lpcbLen", { len: null }],
  ["name", { valueName: none }],
])("reading a value without its %s is ERROR_INVALID_PARAMETER", async (_, missing) => {
  const client = serve({ tree }).client();
  const key = await open(client, "SOFTWARE\\Acme");
  const asked = { type: 0, data: new Uint8Array(), dataSize: 8, len: 0 };
  const call = client.queryValue({ key, valueName: name("Version"), ...asked, ...missing });
  expect(await failure(call)).toBe("ERROR_INVALID_PARAMETER");
});

test("values are enumerated with names that fit, and the end is ERROR_NO_MORE_ITEMS", async () => {
  const client = serve({ tree }).client();
  const key = await open(client, "SOFTWARE\\Acme");
  const asked = { type: 0, data: null, dataSize: 0, len: 0 };
  const names: string[] = [];
  for (let index = 0; index < 5; index++) {
    const { valueNameOut } = await client.enumValue({
      key,
      index,
      valueNameIn: room(64),
      ...asked,
    });
    names.push(textOf(valueNameOut));
  }
  expect(names).toEqual(["Version", "", "Number", "Large", "Names"]);
  const at = (index: number, octetsOfName: number): Promise<string> =>
    failure(client.enumValue({ key, index, valueNameIn: room(octetsOfName), ...asked }));
  expect(await at(5, 64)).toBe("ERROR_NO_MORE_ITEMS");
  expect(await at(0, 14)).toBe("ERROR_MORE_DATA");
  expect(await at(0, 16)).toBe("none");
});

test("a value that is set again keeps its place, and the name that it had", async () => {
  const client = serve({ tree }).client();
  const key = await open(client, "SOFTWARE\\Acme");
  await client.setValue({ key, valueName: name("VERSION"), type: 3, data: Uint8Array.of(9) });
  const asked = { type: 0, data: new Uint8Array(), dataSize: 64, len: 0 };
  const first = await client.enumValue({ key, index: 0, valueNameIn: room(64), ...asked });
  expect(first).toMatchObject({ type: 3, data: Uint8Array.of(9) });
  expect(textOf(first.valueNameOut)).toBe("Version");
});

test("a value that was deleted is not there any more", async () => {
  const client = serve({ tree }).client();
  const key = await open(client, "SOFTWARE\\Acme");
  await client.deleteValue({ key, valueName: name("version") });
  expect(await failure(read(client, key, "Version"))).toBe("ERROR_FILE_NOT_FOUND");
  const again = client.deleteValue({ key, valueName: name("Version") });
  expect(await failure(again)).toBe("ERROR_FILE_NOT_FOUND");
});

test("values can't be called what Windows has no room for, or with a zero inside", async () => {
  const client = serve({ tree }).client();
  const key = await open(client, "SOFTWARE\\Acme");
  const set = (text: string): Promise<string> =>
    failure(client.setValue({ key, valueName: name(text), type: 1, data: new Uint8Array() }));
  expect(await set("x".repeat(16_383))).toBe("none");
  expect(await set("x".repeat(16_384))).toBe("ERROR_INVALID_PARAMETER");
  expect(await set("a\0b")).toBe("ERROR_INVALID_PARAMETER");
  expect(await set("a\\b")).toBe("none");
});

test("several values come in one buffer, each at a multiple of four", async () => {
  const client = serve({
    tree: { [app]: { a: Uint8Array.of(1), b: Uint8Array.of(2, 3) } },
  }).client();
  const key = await open(client, "SOFTWARE\\Acme");
  const valListIn = ["a", "B"].map((text) => ({
    veValuename: name(text),
    veValuelen: 0,
    veValueptr: 0,
    veType: 0,
  }));
  const answer = [
    { veValuelen: 1, veValueptr: 0, veType: 3 },
    { veValuelen: 2, veValueptr: 4, veType: 3 },
  ];
  const lpvalueBuf = new Uint8Array(6);
  const first = await client.queryMultipleValues({ key, valListIn, lpvalueBuf });
  expect(first.valListOut).toMatchObject(answer);
  expect(first.lpvalueBuf).toEqual(Uint8Array.of(1, 0, 0, 0, 2, 3));
  const larger = { key, valListIn, lpvalueBuf: new Uint8Array(8) };
  const second = await client.queryMultipleValues2(larger);
  expect(second).toMatchObject({ valListOut: answer, ldwRequiredSize: 6 });
  expect(second.lpvalueBuf).toEqual(Uint8Array.of(1, 0, 0, 0, 2, 3, 0, 0));
  const short = { key, valListIn, lpvalueBuf: new Uint8Array(5) };
  await expect(client.queryMultipleValues(short)).rejects.toMatchObject({
    statusName: "ERROR_MORE_DATA",
    response: { lpvalueBuf: new Uint8Array(6) },
  });
  await expect(client.queryMultipleValues2(short)).rejects.toMatchObject({
    statusName: "ERROR_MORE_DATA",
    response: { ldwRequiredSize: 6 },
  });
});

test("several values may be the default one, by a name without a text", async () => {
  const client = serve({ tree: { [app]: { "": Uint8Array.of(7) } } }).client();
  const key = await open(client, "SOFTWARE\\Acme");
  const one = { veValuelen: 0, veValueptr: 0, veType: 0 };
  const ask = (veValuename: typeof none) =>
    client.queryMultipleValues({
      key,
      valListIn: [{ ...one, veValuename }],
      lpvalueBuf: new Uint8Array(1),
    });
  expect((await ask(none)).lpvalueBuf).toEqual(Uint8Array.of(7));
  expect(await failure(ask(name("none")))).toBe("ERROR_FILE_NOT_FOUND");
});

test("one call doesn't give the same large value over and over", async () => {
  const tree = { [app]: { large: new Uint8Array(1 << 20) } };
  const client = serve({ tree }).client();
  const key = await open(client, "SOFTWARE\\Acme");
  const one = { veValuename: name("large"), veValuelen: 0, veValueptr: 0, veType: 0 };
  const valListIn = Array.from({ length: 17 }, () => one);
  const call = client.queryMultipleValues2({ key, valListIn, lpvalueBuf: null });
  expect(await failure(call)).toBe("ERROR_OUTOFMEMORY");
});

test("where there is no value to read, a client gets back how much it asked for, and no type", async () => {
  const client = serve({ tree }).client();
  const key = await open(client, "SOFTWARE\\Acme");
  const asked = { type: 1, data: new Uint8Array(), dataSize: 8, len: 0 };
  const response = { type: 0, data: null, dataSize: 8, len: 0 };
  for (const valueName of [name("none"), none]) {
    await expect(client.queryValue({ key, valueName, ...asked })).rejects.toMatchObject({
      response,
    });
  }
  const end = client.enumValue({ key, index: 9, valueNameIn: room(64), ...asked });
  await expect(end).rejects.toMatchObject({ response });
});
