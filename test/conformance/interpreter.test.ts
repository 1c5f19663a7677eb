/** Every operation of our own IDL files, interpreted both ways over random values. */
import {
  type Direction,
  type OperationPlan,
  type WirePlan,
  decodeStub,
  decodeValue,
  encodeStub,
  encodeValue,
} from "@msrpc/wire";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { planOf, withInterfaces } from "../support/own-idl.ts";
import { calls, values } from "../support/call-values.ts";
import { forms } from "../support/stubs.ts";

const directions: readonly Direction[] = ["in", "out"];

/** Fails where a call does not come back as it was written. */
function roundTrip(plan: WirePlan, operation: OperationPlan, numRuns: number): void {
  const property = fc.property(calls(plan, operation), ({ request, response }) => {
    for (const form of forms) {
      for (const direction of directions) {
        const options = { ...form, request };
        const value = direction === "in" ? request : response;
        const bytes = encodeStub(plan, operation, direction, value, options);
        const decoded = decodeStub(plan, operation, direction, bytes, options);
        expect(decoded).toMatchObject({ fault: null, trailing: 0 });
        expect(decoded.value).toEqual(value);
      }
    }
  });
  fc.assert(property, { numRuns, seed: operation.opnum, endOnFailure: true });
}

test.each(withInterfaces())(
  "every operation of %s reads what it writes, in NDR of both byte orders and NDR64",
  (path) => {
    const { plan, interface: planned } = planOf(path);
    const sent = planned.operations.filter(({ form }) => form === "call");
    expect(sent.length).toBeGreaterThan(0);
    // Of what there are bindings of alone, fewer: it is several hundred operations.
    const numRuns = /^(?:ms-cmrp|dce-rpc|rpcecho)\//.test(path) ? 6 : 2;
    for (const operation of sent) roundTrip(plan, operation, numRuns);
  },
);

test("every structure of MS-CMRP reads what it writes where it stands by itself", () => {
  const { plan } = planOf("ms-cmrp/clusapi3.idl");
  const structures = Object.values(plan.types).filter(({ kind }) => kind === "struct");
  expect(structures.length).toBeGreaterThan(10);
  for (const { name } of structures) {
    const type = { kind: "named", name } as const;
    const property = fc.property(values(plan, type), (value) => {
      for (const form of forms) {
        const decoded = decodeValue(plan, type, encodeValue(plan, type, value, form), form);
        expect(decoded).toMatchObject({ fault: null, trailing: 0 });
        expect(decoded.value).toEqual(value);
      }
    });
    fc.assert(property, { numRuns: 6, seed: 1, endOnFailure: true });
  }
});
