/**
 * MS-CMRP 2.0 beside 3.0, whose stubs Samba's codec has confirmed: but for three operations the requests are the same,
 * and the responses but for the rpc_status that 3.0 has before the return value.
 */
import { encodeStub, resultName, type OperationPlan, type StructValue } from "@msrpc/wire";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { calls, type Call } from "../support/call-values.ts";
import { planOf } from "../support/own-idl.ts";
import { formName, forms, type Form } from "../support/stubs.ts";

const old = planOf("ms-cmrp/clusapi2.idl");
const current = planOf("ms-cmrp/clusapi3.idl");

/** 3.0 adds `force` to 43, counts characters and not bytes in 54, and drops `Timeout` from 65. */
const changedRequests: ReadonlySet<number> = new Set([43, 54, 65]);
const callsPerOperation = 10;

/** Operations of both, by opnum. */
const pairs = old.interface.operations
  .filter(({ form }) => form === "call")
  .map((before) => {
    const after = current.interface.operations[before.opnum];
    if (after === undefined) throw new Error(`3.0 has no opnum ${before.opnum}`);
    return { before, after };
  });

type Direction = "in" | "out";

function membersOf({ params, result }: OperationPlan, direction: Direction): string[] {
  const sent = params.filter(({ isIn, isOut }) => (direction === "in" ? isIn : isOut));
  const names = sent.map(({ name }) => name);
  return direction === "out" && result !== null ? [...names, resultName] : names;
}

/** The value under the names that another version has for its members, in order. */
function renamed(value: StructValue, from: readonly string[], to: readonly string[]): StructValue {
  return Object.fromEntries(to.map((name, at) => [name, value[from[at] ?? ""] ?? null]));
}

function withoutStatus(names: readonly string[]): string[] {
  return names.filter((name) => name !== "rpc_status");
}

test("2.0 has no rpc_status, and 3.0 has what 2.0 has in the same order", () => {
  for (const { before, after } of pairs) {
    expect(membersOf(before, "out")).not.toContain("rpc_status");
    const left = withoutStatus(membersOf(after, "out")).length;
    expect(left, before.name).toBe(membersOf(before, "out").length);
    expect(after.name).toBe(before.name);
  }
  expect(pairs).toHaveLength(108);
});

for (const form of forms) {
  test(`${formName(form)}: requests of 2.0 are those of 3.0 but for opnums 43, 54 and 65`, () => {
    for (const { before, after } of pairs) {
      const isSame = callsOf(before).every(({ request }) => {
        const names = [membersOf(before, "in"), membersOf(after, "in")] as const;
        if (names[0].length !== names[1].length) return false;
        const ours = encodeStub(old.plan, before, "in", request, form);
        return encodes(after, renamed(request, ...names), ours, form);
      });
      expect(isSame, before.name).toBe(!changedRequests.has(before.opnum));
    }
  });

  test(`${formName(form)}: responses of 2.0 are those of 3.0 without its rpc_status`, () => {
    for (const { before, after } of pairs) {
      for (const { request, response } of callsOf(before)) {
        const ours = encodeStub(old.plan, before, "out", response, { ...form, request });
        const names = [membersOf(before, "out"), membersOf(after, "out")] as const;
        const value = renamed(response, names[0], withoutStatus(names[1]));
        const hasStatus = names[1].includes("rpc_status");
        if (hasStatus) value["rpc_status"] = 0;
        const asked = renamed(request, membersOf(before, "in"), membersOf(after, "in"));
        const theirs = encodeStub(current.plan, after, "out", value, { ...form, request: asked });
        const tail = ours.length - lengthOfResult(after);
        const cut = hasStatus ? [...theirs.slice(0, tail), ...theirs.slice(tail + 4)] : [...theirs];
        expect(cut, before.name).toEqual([...ours]);
      }
    }
  });
}

function callsOf(operation: OperationPlan): Call[] {
  const options = { seed: operation.opnum, numRuns: callsPerOperation };
  return fc.sample(calls(old.plan, operation), options);
}

/** Whether a value encodes to these bytes; one that can't be encoded doesn't. */
function encodes(
  operation: OperationPlan,
  value: StructValue,
  bytes: Uint8Array,
  form: Form,
): boolean {
  try {
    const stub = encodeStub(current.plan, operation, "in", value, form);
    return Buffer.compare(stub, bytes) === 0;
  } catch {
    return false;
  }
}

/** A status has 4 bytes, a context handle 20. */
function lengthOfResult({ result }: OperationPlan): number {
  return result?.kind === "named" ? 20 : 4;
}
