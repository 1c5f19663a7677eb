// Seeded requests and responses of every operation of an interface, in every syntax and byte order.
import {
  encodeStub,
  type InterfacePlan,
  meaningful,
  type OperationPlan,
  type StructValue,
  type Syntax,
  type Value,
  type WirePlan,
} from "@msrpc/wire";
import * as fc from "fast-check";
import { calls } from "./call-values.ts";

export interface Form {
  readonly syntax: Syntax;
  readonly bigEndian: boolean;
}

export const forms: readonly Form[] = [
  { syntax: "ndr", bigEndian: false },
  { syntax: "ndr", bigEndian: true },
  { syntax: "ndr64", bigEndian: false },
];

export function formName({ syntax, bigEndian }: Form): string {
  return `${syntax === "ndr" ? "NDR" : "NDR64"}${bigEndian ? " big-endian" : ""}`;
}

/** A call's request and response, the response in the light of the request. */
export interface Call {
  readonly operation: OperationPlan;
  readonly form: Form;
  readonly request: Uint8Array;
  readonly response: Uint8Array;
  readonly requestValue: StructValue;
  readonly responseValue: StructValue;
}

/** What the documents fix: CLUSTER_OPERATIONAL_VERSION_INFO states its size and has a reserved field. */
const fixed: StructValue = { dwSize: 20, dwReserved: 0 };

/** The same values in every form, `rounds` sets of them for each operation that has a wire form. */
export function* callsOf(
  plan: WirePlan,
  { operations }: InterfacePlan,
  rounds: number,
  wanted: readonly Form[] = forms,
): Generator<Call> {
  for (const operation of operations) {
    if (operation.form === "absent") continue;
    for (const drawn of fc.sample(calls(plan, operation, { refine: meaningful }), {
      seed: operation.opnum,
      numRuns: rounds,
    })) {
      const requestValue = settle(drawn.request);
      const responseValue = settle(drawn.response);
      for (const form of wanted) {
        const request = encodeStub(plan, operation, "in", requestValue, form);
        const options = { ...form, request: requestValue };
        const response = encodeStub(plan, operation, "out", responseValue, options);
        yield { operation, form, request, response, requestValue, responseValue };
      }
    }
  }
}

/** The value with fixed fields as they must be, and text that every implementation can convert. */
function settle<T extends Value>(value: T): T;
function settle(value: Value): Value {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((item: Value) => settle(item));
  const members = Object.entries(value).map(([name, member]) => [
    name,
    fixed[name] ?? settle(member),
  ]);
  return Object.fromEntries(members) as StructValue;
}
