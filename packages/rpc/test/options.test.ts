/** What descriptors and clients are told about deadlines, strictness and octets left over. */
import { NdrError, NdrWriter, type Strictness } from "@msrpc/ndr";
import {
  createClient,
  createRouter,
  defineInterface,
  type InterfaceDescriptor,
  inMemoryTransport,
  type Operation,
  RpcFault,
  type Transport,
} from "@msrpc/rpc";
import { expect, test } from "vitest";

interface Count {
  count: number;
}

/** At level 6 its count is held to a range, as in generated code for [range] beside size_is. */
const put: Operation<Count, Count> = {
  name: "Put",
  opnum: 0,
  encodeRequest(w, q) {
    w.u32(q.count, "count");
  },
  decodeRequest(r) {
    const count = r.u32("count");
    r.countRange(count, 0, 4, "count");
    return { count };
  },
  encodeResponse(w, p) {
    w.u32(p.count, "count");
  },
  decodeResponse(r) {
    const count = r.u32("count");
    r.countRange(count, 0, 4, "count");
    return { count };
  },
  empty: () => ({ count: 0 }),
};

/** The same with an answer that may be long in coming. */
const wait: Operation<Count, Count> = { ...put, name: "Wait", opnum: 1, longWait: true };

const operations = { put, wait };

function described(strictness?: Strictness): InterfaceDescriptor<typeof operations> {
  return defineInterface({
    name: "ranged",
    uuid: "5c1a3f0e-9c55-4d5b-8a36-6a8d2f0f7b01",
    version: { major: 1, minor: 0 },
    operations,
    ...(strictness !== undefined && { strictness }),
  });
}

/** Answers every call with the same octets. */
function answering(stub: Uint8Array): Transport {
  return {
    associate: () =>
      Promise.resolve({
        format: { syntax: "ndr", byteOrder: "little" },
        isClosed: false,
        call: () => Promise.resolve({ stub, byteOrder: "little" }),
        close: () => Promise.resolve(),
      }),
  };
}

function octets(count: number): Uint8Array {
  const w = new NdrWriter();
  w.u32(count, "count");
  return w.finish();
}

test("a client's timeout is not for an operation that waits long", async () => {
  const answer = Promise.withResolvers<Count>();
  const router = createRouter({ onError: () => {} }).serve(described(), {
    put: () => new Promise(() => {}),
    wait: () => answer.promise,
  });
  const client = createClient(described(), inMemoryTransport(router), { timeout: 1 });
  const long = client.wait({ count: 1 });
  await expect(client.put({ count: 1 })).rejects.toMatchObject({ name: "TimeoutError" });
  answer.resolve({ count: 2 });
  expect(await long).toEqual({ count: 2 });
});

test("a client holds responses to level 6 where the descriptor says nothing", async () => {
  const client = createClient(described(), answering(octets(5)));
  await expect(client.put({ count: 1 })).rejects.toMatchObject({ code: "out_of_range" });
});

test("a client holds responses to the descriptor's level", async () => {
  const client = createClient(described(5), answering(octets(5)));
  expect(await client.put({ count: 1 })).toEqual({ count: 5 });
});

test("a server holds requests to level 6 where the descriptor says nothing", async () => {
  const router = createRouter({ onError: () => {} }).serve(described(), { put: (q) => q });
  const client = createClient(described(), inMemoryTransport(router));
  await expect(client.put({ count: 5 })).rejects.toEqual(new RpcFault(0x6f7, "Put"));
});

test("a server holds requests to the descriptor's level", async () => {
  const router = createRouter({ onError: () => {} }).serve(described(5), { put: (q) => q });
  const client = createClient(described(5), inMemoryTransport(router));
  expect(await client.put({ count: 5 })).toEqual({ count: 5 });
});

test("octets behind the last parameter are ignored by a client that wasn't told otherwise", async () => {
  const stub = Uint8Array.of(1, 0, 0, 0, 9);
  expect(await createClient(described(), answering(stub)).put({ count: 1 })).toEqual({ count: 1 });
});

test("octets behind the last parameter are an error to a client that refuses them", async () => {
  const stub = Uint8Array.of(1, 0, 0, 0, 9);
  const client = createClient(described(), answering(stub), { refuseTrailing: true });
  const error = await client.put({ count: 1 }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NdrError);
  expect(error).toMatchObject({ code: "trailing_data" });
});

test("a client may use the buffer of a request again while the call is under way", async () => {
  const started = Promise.withResolvers<void>();
  const late: Operation<{ count: () => number }, Count> = {
    name: "Late",
    opnum: 0,
    encodeRequest(w, q) {
      w.u32(q.count(), "count");
    },
    decodeRequest: (r) => ({ count: () => r.u32("count") }),
    encodeResponse(w, p) {
      w.u32(p.count, "count");
    },
    decodeResponse: (r) => ({ count: r.u32("count") }),
    empty: () => ({ count: 0 }),
  };
  const service = defineInterface({ ...described(), operations: { late } });
  const router = createRouter({ onError: () => {} }).serve(service, {
    async late({ count }) {
      await started.promise;
      return { count: count() };
    },
  });
  const stub = octets(3);
  const association = await inMemoryTransport(router).associate(service);
  const reply = association.call(0, stub);
  stub.fill(0xff);
  started.resolve();
  expect((await reply).stub).toEqual(octets(3));
});
