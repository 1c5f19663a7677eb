/** What no client should send: damaged requests, and handles that are closed, of another kind, of somebody else, or of nobody. */
import { wellKnownSids } from "@msrpc/auth";
import { type NotifyHandle, type ServiceHandle, type ServiceLock, svcctl } from "@msrpc/ms-scmr";
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
import { ServiceManager, serveServiceControl } from "@msrpc/service-control";
import { expect, test } from "vitest";
import { closings, openings, requestsFor } from "./support/requests.ts";
import { failure, open, openManager, serve } from "./support/served.ts";

type Any = ServiceHandle & NotifyHandle & ServiceLock;
const unused = [10, 22, 34, 43, 46, 52, 53, 54, 55, 57, 58, 59, 61, 62, 63];
const nobodys = (): Any => new ContextHandle(crypto.randomUUID()) as Any;
/** All that take a handle, with one in every place. */
const withHandle = (handle: Any) => [
  ...requestsFor(handle, handle),
  ...closings(handle, handle, handle),
];

test("every operation of the interface has a request here", () => {
  const here = [...openings, ...withHandle(nobodys())].map(([{ opnum }]) => opnum);
  const all = Object.values<AnyOperation>(svcctl.operations).map(({ opnum }) => opnum);
  expect(here.toSorted((a, b) => a - b)).toEqual(all.toSorted((a, b) => a - b));
  expect([...here, ...unused].toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 65 }, (_, at) => at),
  );
});

test.each(unused)(
  "opnum %i, which isn't used on the wire, is nca_s_op_rng_error",
  async (opnum) => {
    const association = await inMemoryTransport(serve().router).associate(svcctl);
    const reply = await association
      .call(opnum, new Uint8Array(), {})
      .catch((error: unknown) => error);
    expect(reply).toMatchObject({ statusName: "nca_s_op_rng_error" });
  },
);

test.each(withHandle(nobodys()).map(([{ name }], at) => [name, at] as const))(
  "%s takes no handle that is closed, another client's, of another kind or nobody's",
  async (name, at) => {
    const { manager, client: connect, errors } = serve();
    manager.add({ name: "S" });
    const client = connect();
    const closed = await open(client, "S");
    await client.closeServiceHandle({ scObject: closed });
    const others = await open(connect(), "S");
    const scManager = await openManager(client);
    const lock = await client.lockServiceDatabase({ scManager });
    const otherKind = name.includes("Unlock") ? scManager : lock;
    for (const handle of [closed, others, otherKind, nobodys()]) {
      const [operation, request] = withHandle(handle as unknown as Any)[at] ?? [];
      const [method] = Object.entries(svcctl.operations).find(([, one]) => one === operation) ?? [];
      const methods = client as unknown as Record<string, (request: object) => Promise<unknown>>;
      const call = methods[method ?? ""]?.(request ?? {}) ?? Promise.resolve();
      expect(await failure(call)).toBe("nca_s_fault_context_mismatch");
    }
    expect(errors).toEqual([]);
  },
);

test.each(["ndr", "ndr64"] as const)(
  "damaged requests in %s are answered, and nothing else fails",
  async (syntax) => {
    const failures: [unknown, ServerFailure][] = [];
    const router = createRouter({ onError: (...failure) => failures.push(failure) });
    const manager = new ServiceManager();
    const token = { sids: [wellKnownSids.administrators], privileges: ["SeSecurityPrivilege"] };
    serveServiceControl(router, manager, { token: () => token });
    const association = await inMemoryTransport(router, { syntax }).associate(svcctl);
    const client = createClient(svcctl, { associate: () => Promise.resolve(association) });
    const next = randomSource(5);
    let answers = 0;
    let handles: readonly [ServiceHandle, ServiceHandle] | null = null;
    for (let i = 0; i < 6000; i++) {
      if (i % 60 === 0) {
        // The one before may be gone, locked or no more to be opened.
        manager.lock = null;
        const { name } = manager.add({ name: `S${i}` });
        const everything = 0xf_003f;
        const opening = { machineName: null, databaseName: null };
        const scManager = await client.openScManagerW({ ...opening, desiredAccess: everything });
        handles = [scManager, await open(client, name)];
      }
      const [scManager, service] = handles ?? [nobodys(), nobodys()];
      const requests = [...requestsFor(scManager, service), ...openings];
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
