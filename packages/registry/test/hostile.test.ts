/** What no client should send: damaged requests, and handles that are closed, of somebody else, or of nobody. */
import { type KeyHandle, winreg } from "@msrpc/ms-rrp";
import { ContextHandle, NdrError, NdrWriter } from "@msrpc/ndr";
import { randomSource } from "@msrpc/ndr/testing";
import {
  type AnyOperation,
  createClient,
  createRouter,
  inMemoryTransport,
  RpcFault,
  type ServerFailure,
} from "@msrpc/rpc";
import { memoryRegistry, serveRegistry } from "@msrpc/registry";
import { wellKnownSids } from "@msrpc/auth";
import { expect, test } from "vitest";
import { openings, requestsFor } from "./support/requests.ts";
import { app, create, failure, name, open, serve } from "./support/served.ts";

const tree = { [app]: { A: 1, B: "two" }, [`${app}\\Tool`]: { A: 1 } };
const everything = {
  sids: [wellKnownSids.administrators],
  privileges: ["SeBackupPrivilege", "SeRestorePrivilege"],
};

test("every operation of the interface has a request here", () => {
  const here = [...openings, ...requestsFor(new ContextHandle(crypto.randomUUID()))];
  const opnums = here.map(([{ opnum }]) => opnum).toSorted((one, other) => one - other);
  const all = Object.values<AnyOperation>(winreg.operations).map(({ opnum }) => opnum);
  const unused = new Set([14, 24, 25, 28, 30]);
  expect(opnums).toEqual(all.filter((opnum) => !unused.has(opnum)).toSorted((a, b) => a - b));
});

test.each([14, 24, 25, 28, 30])(
  "opnum %i, which the document leaves out, is nca_s_op_rng_error",
  async (opnum) => {
    const { router } = serve();
    const association = await inMemoryTransport(router).associate(winreg);
    const reply = await association
      .call(opnum, new Uint8Array(), {})
      .catch((error: unknown) => error);
    expect(reply).toMatchObject({ statusName: "nca_s_op_rng_error" });
  },
);

test.each(
  requestsFor(new ContextHandle(crypto.randomUUID())).map(([{ name }], at) => [name, at] as const),
)("%s takes no handle that is closed, another client's or nobody's", async (_, at) => {
  const { client: connect, errors } = serve({ tree });
  const client = connect();
  const closed = await open(client, "SOFTWARE\\Acme");
  await client.closeKey({ key: closed });
  const others = await open(connect(), "SOFTWARE\\Acme");
  const nobodys = new ContextHandle(crypto.randomUUID()) as KeyHandle;
  for (const key of [closed, others, nobodys]) {
    const [operation, request] = requestsFor(key)[at] ?? [];
    const [method] = Object.entries(winreg.operations).find(([, one]) => one === operation) ?? [];
    const methods = client as unknown as Record<string, (request: object) => Promise<unknown>>;
    const call = methods[method ?? ""]?.(request ?? {}) ?? Promise.resolve();
    expect(await failure(call)).toBe("nca_s_fault_context_mismatch");
  }
  expect(errors).toEqual([]);
});

test("handles that nobody closed are let go of with their association", async () => {
  const { client: connect } = serve({ tree });
  {
    await using other = connect();
    await open(other, "SOFTWARE\\Acme");
  }
  const client = connect();
  const key = await open(client, "SOFTWARE\\Acme");
  const file = name("file");
  await client.saveKey({ key, file, securityAttributes: null });
  // It would be refused as long as somebody else has a handle to it.
  await client.restoreKey({ key, file, flags: 0 });
});

test.each(["ndr", "ndr64"] as const)(
  "damaged requests in %s are answered, and nothing else fails",
  async (syntax) => {
    const failures: [unknown, ServerFailure][] = [];
    const router = createRouter({ onError: (...failure) => failures.push(failure) });
    serveRegistry(router, memoryRegistry(tree), { token: () => everything });
    const association = await inMemoryTransport(router, { syntax }).associate(winreg);
    const client = createClient(winreg, { associate: () => Promise.resolve(association) });
    const next = randomSource(7);
    let answers = 0;
    let key: KeyHandle | null = null;
    for (let i = 0; i < 6000; i++) {
      // It may have been deleted, or lost its descriptor.
      if (i % 50 === 0) key = (await create(client, `SOFTWARE\\Acme${i}`)).key;
      const requests = [...requestsFor(key as KeyHandle).slice(0, -1), ...openings];
      const [operation, request] = requests[i % requests.length] as (typeof requests)[number];
      const w = new NdrWriter({ syntax });
      operation.encodeRequest(w, request);
      const stub = w.finish().slice();
      // Behind the handle, which is good.
      for (let flips = next(4); flips > 0 && stub.length > 20; flips--) {
        stub[20 + next(stub.length - 20)] = next(4) === 0 ? next(256) : next(8);
      }
      const sent = stub.subarray(0, next(8) === 0 ? next(stub.length + 1) : stub.length);
      const reply = await association
        .call(operation.opnum, sent, {})
        .catch((error: unknown) => error);
      if (!(reply instanceof RpcFault)) answers++;
    }
    expect(answers).toBeGreaterThan(2000);
    expect(failures.filter(([error]) => !(error instanceof NdrError))).toEqual([]);
    expect(failures.filter(([, { phase }]) => phase !== "decode")).toEqual([]);
  },
);
