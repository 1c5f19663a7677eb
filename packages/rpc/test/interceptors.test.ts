/** What stands around calls. */
import {
  type ClientInterceptor,
  createClient,
  createRouter,
  handleKind,
  type Handlers,
  type InterceptedCall,
  inMemoryTransport,
  isCallOf,
  type Next,
  RpcError,
  RpcFault,
  type ServerInterceptor,
  TransportError,
} from "@msrpc/rpc";
import { expect, expectTypeOf, test } from "vitest";
import { type GroupHandle, sample } from "./sample.ts";

type Operations = (typeof sample)["operations"];

const groups = handleKind<GroupHandle, string>("group");
const handlers: Handlers<Operations> = {
  openGroup({ groupName }, { handles }) {
    if (groupName === "none") throw new RpcError(5013);
    return handles.open(groups, groupName);
  },
  closeGroup({ handle }, { handles }) {
    handles.close(groups, handle);
  },
  getGroupState: ({ group }, { handles }) => ({ state: 3, nodeName: handles.get(groups, group) }),
  getVersion: () => ({ version: 11 }),
};

interface Around {
  readonly client?: readonly ClientInterceptor[];
  readonly router?: readonly ServerInterceptor[];
  readonly service?: readonly ServerInterceptor[];
}

function clientWith({ client = [], router = [], service = [] }: Around, timeout?: number) {
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const served = createRouter({ onError, interceptors: router }).serve(sample, handlers, {
    interceptors: service,
  });
  const options = { interceptors: client, ...(timeout !== undefined && { timeout }) };
  return { client: createClient(sample, inMemoryTransport(served), options), errors };
}

/** Notes when a call goes in and comes out. It fits both sides. */
function noting(name: string, notes: string[]) {
  return <Call extends InterceptedCall>(next: Next<Call>): Next<Call> =>
    async (call) => {
      notes.push(
        `${name} in: ${call.interface.name} ${call.operation.name} ${call.operation.opnum}`,
      );
      try {
        return await next(call);
      } finally {
        notes.push(`${name} out`);
      }
    };
}

test("the first interceptor is the outermost, the router's are around the service's", async () => {
  const notes: string[] = [];
  const { client } = clientWith({
    client: [noting("a", notes), noting("b", notes)],
    router: [noting("c", notes)],
    service: [noting("d", notes)],
  });
  expect(await client.getVersion()).toEqual({ version: 11 });
  const call = "sample ApiGetVersion 6";
  const ways = ["a", "b", "c", "d"];
  expect(notes).toEqual([
    ...ways.map((name) => `${name} in: ${call}`),
    ...ways.toReversed().map((name) => `${name} out`),
  ]);
});

test("an interceptor changes requests and results on both sides", async () => {
  const upper: ClientInterceptor = (next) => (call) => {
    if (!isCallOf(call, sample, "openGroup")) return next(call);
    expectTypeOf(call.request.groupName).toBeString();
    return next({ ...call, request: { groupName: call.request.groupName.toUpperCase() } });
  };
  const quoted: ServerInterceptor = (next) => async (call) => {
    if (isCallOf(call, sample, "openGroup")) {
      return await next({ ...call, request: { groupName: `'${call.request.groupName}'` } });
    }
    const result = await next(call);
    return call.operation.name === "ApiGetGroupState"
      ? { ...(result as object), state: 4 }
      : result;
  };
  const { client } = clientWith({ client: [upper], router: [quoted] });
  const group = await client.openGroup({ groupName: "disk" });
  expect(await client.getGroupState({ group })).toEqual({ state: 4, nodeName: "'DISK'" });
});

test("an interceptor answers by itself, and the transport is never asked", async () => {
  const cached: ClientInterceptor = () => () => Promise.resolve({ version: 12 });
  const unreachable = { associate: () => Promise.reject(new Error("no network")) };
  const client = createClient(sample, unreachable, { interceptors: [cached] });
  expect(await client.getVersion()).toEqual({ version: 12 });
});

test("a server's interceptor answers, refuses with a status and refuses with a fault", async () => {
  const guard: ServerInterceptor = (next) => (call) => {
    if (call.operation.name === "ApiGetVersion") return Promise.resolve({ version: 1 });
    if (isCallOf(call, sample, "openGroup") && call.request.groupName === "secret") {
      throw new RpcError(5);
    }
    if (call.context.caller.principal === null) throw new RpcFault(5);
    return next(call);
  };
  const { client, errors } = clientWith({ router: [guard] });
  expect(await client.getVersion()).toEqual({ version: 1 });
  const named = (groupName: string) => client.openGroup({ groupName });
  await expect(named("secret")).rejects.toMatchObject({ name: "RpcError", status: 5 });
  await expect(named("disk")).rejects.toMatchObject({ name: "RpcFault", status: 5 });
  expect(errors).toEqual([]);
});

test("what else a server's interceptor throws is a fault that says nothing, and onError hears of it", async () => {
  const bug = new Error("bug");
  const broken: ServerInterceptor = () => () => {
    throw bug;
  };
  const { client, errors } = clientWith({ service: [broken] });
  await expect(client.getVersion()).rejects.toMatchObject({ statusName: "nca_s_fault_unspec" });
  expect(errors).toEqual([bug]);
});

test("a client's interceptor sees errors as its caller does, and may try again", async () => {
  const thrown: unknown[] = [];
  let tries = 0;
  const retrying: ClientInterceptor = (next) => async (call) => {
    for (;;) {
      try {
        return await next(tries === 0 ? call : { ...call, request: { groupName: "disk" } });
      } catch (error) {
        thrown.push(error);
        if (++tries > 1) throw error;
      }
    }
  };
  const { client } = clientWith({ client: [retrying] });
  const group = await client.openGroup({ groupName: "none" });
  expect(group.uuid).toHaveLength(36);
  expect(thrown).toMatchObject([{ name: "RpcError", statusName: "ERROR_GROUP_NOT_FOUND" }]);
});

test("a further attempt binds anew where the connection is gone", async () => {
  const router = createRouter({ onError: () => {} }).serve(sample, handlers);
  const inner = inMemoryTransport(router);
  let associations = 0;
  const flaky = {
    associate(...args: Parameters<typeof inner.associate>) {
      if (++associations === 1) throw new TransportError("closed", "gone");
      return inner.associate(...args);
    },
  };
  const again: ClientInterceptor = (next) => (call) => next(call).catch(() => next(call));
  const client = createClient(sample, flaky, { interceptors: [again] });
  expect(await client.getVersion()).toEqual({ version: 11 });
  expect(associations).toBe(2);
});

test("a handle that closes itself goes through the interceptors", async () => {
  const notes: string[] = [];
  const { client } = clientWith({ client: [noting("a", notes)] });
  {
    await using group = await client.openGroup({ groupName: "disk" });
    expect(group.uuid).toHaveLength(36);
  }
  expect(notes.filter((note) => note.includes("in:"))).toEqual([
    "a in: sample ApiOpenGroup 0",
    "a in: sample ApiCloseGroup 2",
  ]);
});

test("an interceptor sees the caller's options, and a signal that ends with the call's timeout", async () => {
  const seen: unknown[] = [];
  const waiting: ClientInterceptor =
    () =>
    ({ options }) =>
      new Promise((_, reject) => {
        seen.push(options.deadline);
        const { signal } = options;
        signal?.addEventListener("abort", () => reject(signal.reason as Error));
      });
  const { client } = clientWith({ client: [waiting] }, 1);
  await expect(client.getVersion()).rejects.toMatchObject({ name: "TimeoutError" });
  const deadline = new Date();
  await expect(client.getVersion({}, { deadline })).rejects.toMatchObject({ name: "TimeoutError" });
  expect(seen).toEqual([undefined]);
});

test("an interceptor gives an attempt a signal of its own", async () => {
  const reason = new Error("this attempt is given up");
  const impatient: ClientInterceptor = (next) => (call) =>
    next({ ...call, options: { signal: AbortSignal.abort(reason) } });
  const { client } = clientWith({ client: [impatient] });
  await expect(client.getVersion()).rejects.toBe(reason);
});

test("an interceptor is asked once for what it wraps, not at every call", async () => {
  let made = 0;
  const counting = <Call extends InterceptedCall>(next: Next<Call>): Next<Call> => {
    made++;
    return next;
  };
  const { client } = clientWith({ client: [counting] });
  await client.getVersion();
  await client.getVersion();
  expect(made).toBe(1);
});
