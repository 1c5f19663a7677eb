/** Calls from a client through real stubs to handlers and back. */
import { NdrError } from "@msrpc/ndr";
import {
  createClient,
  createRouter,
  handleKind,
  inMemoryTransport,
  type InMemoryOptions,
  type Client,
  type Handlers,
  RpcError,
  RpcFault,
  type RouterOptions,
  type StubEvent,
} from "@msrpc/rpc";
import { expect, expectTypeOf, test } from "vitest";
import { type GroupHandle, type KeyHandle, openGroup, sample } from "./sample.ts";
import { replyOf } from "./support/reply-of.ts";

type Operations = (typeof sample)["operations"];

const groups = handleKind<GroupHandle, { name: string }>("group");
const keys = handleKind<KeyHandle, string>("key");

const handlers: Handlers<Operations> = {
  openGroup({ groupName }, { handles }) {
    if (groupName === "none") throw new RpcError(5013);
    return handles.open(groups, { name: groupName });
  },
  closeGroup({ handle }, { handles }) {
    handles.close(groups, handle);
  },
  openKey({ groupName }, { handles }) {
    return { grantedAccess: 0x20019, key: handles.open(keys, groupName) };
  },
  closeKey({ handle }, { handles }) {
    handles.close(keys, handle);
  },
  getGroupState({ group }, { handles }) {
    return { state: 3, nodeName: `node of ${handles.get(groups, group).name}` };
  },
  onlineGroup: () => ({ returnValue: 997 }),
  getVersion: () => ({ version: 11 }),
};

const format = { syntax: "ndr", byteOrder: "little" } as const;

interface Setup {
  client: Client<Operations>;
  events: StubEvent[];
  errors: unknown[];
}

function setUp(
  own: Handlers<Operations> = {},
  options: InMemoryOptions = {},
  routerOptions: Partial<RouterOptions> = {},
): Setup {
  const events: StubEvent[] = [];
  const errors: unknown[] = [];
  const router = createRouter({ onError: (error) => errors.push(error), ...routerOptions });
  router.serve(sample, { ...handlers, ...own });
  const transport = inMemoryTransport(router, {
    onStub: (event) => events.push(event),
    ...options,
  });
  return { client: createClient(sample, transport), events, errors };
}

for (const syntax of ["ndr", "ndr64"] as const) {
  for (const byteOrder of ["little", "big"] as const) {
    test(`a handle opened in ${syntax}, ${byteOrder}-endian, names its state in later calls`, async () => {
      const { client } = setUp({}, { syntax, byteOrder });
      const group = await client.openGroup({ groupName: "SQL" });
      expect(await client.getGroupState({ group })).toEqual({ state: 3, nodeName: "node of SQL" });
    });
  }
}

test("request and response go over as the octets that their types have", async () => {
  const { client, events } = setUp(
    {},
    {},
    { newUuid: () => "00112233-4455-6677-8899-aabbccddeeff" },
  );
  await client.openGroup({ groupName: "SQL" });
  const hex = events.map((event) => "stub" in event && Buffer.from(event.stub).toString("hex"));
  expect(hex).toEqual([
    "040000000000000004000000530051004c000000",
    "00000000 00000000 00000000 33221100554477668899aabbccddeeff".replaceAll(" ", ""),
  ]);
  expect(events.map(({ direction, opnum, call }) => [direction, opnum, call])).toEqual([
    ["request", 0, 1],
    ["response", 0, 1],
  ]);
});

test("a status that is no success is thrown with its name, the operation and the response", async () => {
  const { client } = setUp();
  const error = await client.openGroup({ groupName: "none" }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(RpcError);
  expect(error).toMatchObject({
    message: "ERROR_GROUP_NOT_FOUND (5013): ApiOpenGroup",
    status: 5013,
    statusName: "ERROR_GROUP_NOT_FOUND",
    operation: "ApiOpenGroup",
    response: { status: 5013, rpcStatus: 0, returnValue: null },
  });
});

test("a handler's RpcError brings members beside the status", async () => {
  const { client } = setUp({
    getGroupState() {
      throw new RpcError(234, { response: { state: 7, nodeName: "more" } });
    },
  });
  const group = await client.openGroup({ groupName: "SQL" });
  await expect(client.getGroupState({ group })).rejects.toMatchObject({
    status: 234,
    response: { state: 7, nodeName: "more", returnValue: 234 },
  });
});

test("an accepted status is no error and stays in the result", async () => {
  const { client } = setUp();
  const group = await client.openGroup({ groupName: "SQL" });
  expect(await client.onlineGroup({ group })).toEqual({ returnValue: 997 });
});

test("success without a handle is ERROR_INVALID_HANDLE", async () => {
  const answer = { stub: new Uint8Array(28), byteOrder: "little" } as const;
  const client = createClient(sample, {
    associate: async () => ({
      format: { syntax: "ndr", byteOrder: "little" },
      isClosed: false,
      call: async () => answer,
      close: async () => {},
    }),
  });
  await expect(client.openGroup({ groupName: "SQL" })).rejects.toMatchObject({ status: 6 });
});

test("a handler that opens nothing, or gives unknown members, is a fault and reported", async () => {
  const { client, errors } = setUp({
    openGroup: () => null as never,
    getVersion: () => ({ version: 1, edition: 2 }) as never,
  });
  await expect(client.openGroup({ groupName: "SQL" })).rejects.toBeInstanceOf(RpcFault);
  await expect(client.getVersion()).rejects.toBeInstanceOf(RpcFault);
  expect(errors).toEqual([
    new TypeError("ApiOpenGroup opens a handle, and its handler gave none"),
    new TypeError("ApiGetVersion has no edition, which its handler gave"),
  ]);
});

test("a handle opened beside other members is one of them", async () => {
  const { client } = setUp();
  await using opened = await client.openKey({ groupName: "k" }).then((result) => result.key);
  const { grantedAccess, key } = await client.openKey({ groupName: "k" });
  expect(grantedAccess).toBe(0x20019);
  expect(key.equals(opened)).toBe(false);
  expectTypeOf(key).toExtend<AsyncDisposable>();
});

test("an operation without a handler answers nca_s_op_rng_error, and the client goes on", async () => {
  const { client } = setUp({ getVersion: undefined as never });
  const error = await client.getVersion().catch((e: unknown) => e);
  expect(error).toBeInstanceOf(RpcFault);
  expect(error).toMatchObject({
    status: 0x1c010002,
    message: "nca_s_op_rng_error: ApiGetVersion",
  });
  await expect(client.openGroup({ groupName: "SQL" })).resolves.toBeDefined();
});

test("a handler's bug is a fault that tells nothing, and the server hears of it", async () => {
  const { client, errors } = setUp({
    getVersion() {
      throw new Error("secret");
    },
  });
  await expect(client.getVersion()).rejects.toMatchObject({ status: 0x1c000012 });
  expect(errors).toEqual([new Error("secret")]);
});

test("a result that has no representation is a fault and reported with its path", async () => {
  const { client, errors } = setUp({ getVersion: () => ({ version: -1 }) });
  await expect(client.getVersion()).rejects.toMatchObject({ status: 0x1c000012 });
  expect(errors).toMatchObject([{ code: "invalid_value", path: "version" }]);
});

test("an error for an operation without a status is a fault with that status", async () => {
  const { client } = setUp({
    getVersion() {
      throw new RpcError(5);
    },
  });
  await expect(client.getVersion()).rejects.toMatchObject({
    status: 5,
    statusName: "ERROR_ACCESS_DENIED",
  });
});

test("a request that cannot be encoded names operation and field, and nothing is sent", async () => {
  const { client, events } = setUp();
  const error = await client.openGroup({ groupName: 7 as never }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(NdrError);
  expect(error).toMatchObject({ operation: "ApiOpenGroup request", path: "lpszGroupName" });
  expect(events).toEqual([]);
  await expect(client.openGroup({ groupName: "SQL" })).resolves.toBeDefined();
});

test("a request without the members that generated code goes into is an NdrError too", async () => {
  const { client } = setUp();
  await expect(client.openGroup(null as never)).rejects.toMatchObject({
    name: "NdrError",
    code: "invalid_value",
    operation: "ApiOpenGroup request",
    cause: expect.any(TypeError) as unknown,
  });
});

test("malformed stubs are answered with RPC_X_BAD_STUB_DATA", async () => {
  const errors: unknown[] = [];
  const router = createRouter({ onError: (error) => errors.push(error) }).serve(sample, handlers);
  const server = router.open();
  const stub = Uint8Array.of(4, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0);
  const binding = server.bind(sample, format);
  expect(await replyOf(binding, openGroup.opnum, stub)).toEqual({ fault: 0x6f7 });
  expect(errors).toMatchObject([{ code: "length_exceeds_size", path: "lpszGroupName" }]);
});

test("absent opnums and unknown ones are out of range", async () => {
  const server = createRouter({ onError: () => {} })
    .serve(sample, handlers)
    .open();
  for (const opnum of [8, 9, 65535]) {
    const reply = await replyOf(server.bind(sample, format), opnum, new Uint8Array());
    expect(reply).toEqual({ fault: 0x1c010002 });
  }
});

test("an interface is served to its major version and up to its minor version", () => {
  const server = createRouter({ onError: () => {} })
    .serve(sample, handlers)
    .open();
  const offers = (major: number, minor: number): boolean =>
    server.offers({ uuid: sample.uuid, version: { major, minor } });
  expect([offers(3, 0), offers(3, 1), offers(2, 0)]).toEqual([true, false, false]);
});

test("octets behind the last parameter are ignored, or refused on demand", async () => {
  const stub = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 9, 9);
  const serve = (refuseTrailing: boolean): Promise<object> => {
    const router = createRouter({ onError: () => {}, refuseTrailing }).serve(sample, handlers);
    return replyOf(router.open().bind(sample, format), openGroup.opnum, stub);
  };
  expect(await serve(false)).toHaveProperty("stub");
  expect(await serve(true)).toEqual({ fault: 0x6f7 });
});

test("calls overlap and each gets its own answer", async () => {
  const held = Promise.withResolvers<void>();
  const { client, events } = setUp({
    async openGroup({ groupName }, { handles }) {
      if (groupName === "slow") await held.promise;
      return handles.open(groups, { name: groupName });
    },
  });
  const slow = client.openGroup({ groupName: "slow" });
  const quick = await client.openGroup({ groupName: "quick" });
  expect(await client.getGroupState({ group: quick })).toMatchObject({ nodeName: "node of quick" });
  held.resolve();
  expect(await client.getGroupState({ group: await slow })).toMatchObject({
    nodeName: "node of slow",
  });
  expect(events.filter(({ call }) => call === 1).map(({ direction }) => direction)).toEqual([
    "request",
    "response",
  ]);
});

test("methods are typed from the descriptor", () => {
  const { client } = setUp();
  expectTypeOf(client.openGroup).parameter(0).toEqualTypeOf<{ groupName: string }>();
  expectTypeOf(client.openGroup).returns.resolves.toExtend<GroupHandle & AsyncDisposable>();
  expectTypeOf(client.closeGroup).returns.resolves.toEqualTypeOf<void>();
  expectTypeOf<KeyHandle>().not.toExtend<GroupHandle>();
});

test("a status as large as those of Windows NT is shown as people write it", () => {
  expect(new RpcError(0xc0000022).message).toBe("status 0xc0000022");
  const named = new RpcError(0xc0000022, { statusName: "STATUS_ACCESS_DENIED", operation: "Open" });
  expect(named.message).toBe("STATUS_ACCESS_DENIED (0xc0000022): Open");
  expect(new RpcError(5013).message).toBe("status 5013");
});
