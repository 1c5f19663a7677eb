/** Damaged requests to our mapper and management: each is answered, and what they leave is bounded. */
import { epm, type LookupHandle } from "@msrpc/dce-rpc/epm";
import { mgmt } from "@msrpc/dce-rpc/mgmt";
import { ContextHandle, NdrError, NdrWriter, nilUuid } from "@msrpc/ndr";
import { randomSource } from "@msrpc/ndr/testing";
import { type AnyOperation, createRouter, type ServerFailure, type ServerReply } from "@msrpc/rpc";
import { EndpointMap, serveEndpointMapper, serveManagement } from "@msrpc/services";
import { expect, test } from "vitest";
import { entryFor, objects, other, towerFor } from "./support/mapper.ts";

const localCaller = {
  principal: null,
  level: "none",
  transport: "unix",
  address: "",
  reached: "",
} as const;
const binding = "ncacn_ip_tcp:192.0.2.1[5001]";
const entries = [entryFor(other, binding, objects[0], "note"), entryFor(other, "ncalrpc:[X]")];
const handle = new ContextHandle(nilUuid.replace("0", "1")) as LookupHandle;
const requests: readonly (readonly [AnyOperation, object])[] = [
  [epm.operations.insert, { entries, replace: 1 }],
  [epm.operations.insert, { entries: [entryFor(other, binding)], replace: 0 }],
  [epm.operations.delete_, { entries }],
  [
    epm.operations.lookup,
    {
      inquiryType: 3,
      object: objects[0],
      interfaceId: { uuid: other.uuid, major: 1, minor: 3 },
      versionOption: 1,
      entryHandle: null,
      maxEntries: 1,
    },
  ],
  [
    epm.operations.map,
    { object: objects[0], tower: towerFor(other, binding), entryHandle: null, maxTowers: 1 },
  ],
  [epm.operations.lookupHandleFree, { entryHandle: handle }],
  [epm.operations.inqObject, {}],
  [epm.operations.mgmtDelete, { hasObject: 1, object: nilUuid, tower: towerFor(other, binding) }],
];
const managing: readonly (readonly [AnyOperation, object])[] = [
  [mgmt.operations.inqIfIds, {}],
  [mgmt.operations.inqStats, { count: 4 }],
  [mgmt.operations.isServerListening, {}],
  [mgmt.operations.stopServerListening, {}],
  [mgmt.operations.inqPrincName, { authenticationService: 10, maxSize: 100 }],
];

for (const [descriptor, calls] of [
  [epm, requests],
  [mgmt, managing],
] as const) {
  for (const syntax of ["ndr", "ndr64"] as const) {
    test(`damaged requests of ${descriptor.name} in ${syntax} are answered`, async () => {
      const failures: [unknown, ServerFailure][] = [];
      const router = createRouter({ onError: (...failure) => failures.push(failure) });
      const map = new EndpointMap();
      const policy = { mayChange: () => true, maxEntries: 200, maxHandles: 50 };
      serveEndpointMapper(router, map, policy);
      const statistics = { callsIn: 1, packetsIn: 2, packetsOut: 3 };
      const server = { isListening: true, statistics, close: () => Promise.resolve() };
      serveManagement(router, server, { mayStop: () => true, principalNames: { 10: "name" } });
      const association = router.open();
      const bound = association.bind(descriptor, { syntax, byteOrder: "little" });
      const next = randomSource(11);
      const call = {
        signal: new AbortController().signal,
        caller: localCaller,
      } as const;
      let answers = 0;
      for (let i = 0; i < 8000; i++) {
        const [operation, request] = calls[i % calls.length] ?? [epm.operations.inqObject, {}];
        const w = new NdrWriter({ syntax });
        operation.encodeRequest(w, request);
        const stub = w.finish().slice();
        for (let flips = next(5); flips > 0 && stub.length > 0; flips--) {
          stub[next(stub.length)] = next(4) === 0 ? next(256) : next(8);
        }
        const sent = stub.subarray(0, next(6) === 0 ? next(stub.length + 1) : stub.length);
        const reply = await new Promise<ServerReply>((resolve) => {
          bound?.call(operation.opnum, sent, call, resolve);
        });
        if (reply.fault === undefined) answers++;
      }
      expect(answers).toBeGreaterThan(2000);
      expect(failures.filter(([error]) => !(error instanceof NdrError))).toEqual([]);
      expect(failures.filter(([, { phase }]) => phase !== "decode")).toEqual([]);
      expect(map.size).toBeLessThanOrEqual(200);
      expect(association.handles.size).toBeLessThanOrEqual(50);
      await association.close();
    });
  }
}
